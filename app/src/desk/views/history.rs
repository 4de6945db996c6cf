//! Looking back: which recoveries, what they add up to, and in which form one is handed out.

pub use domain::timeline::{RecoveryFilter, Totals};

use domain::report::{Format, Options};

/// In which form a recovery is handed out.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct ReportOrder {
    /// Markdown, CSV or JSON.
    pub format: Format,
    /// Zone, choice of events, names.
    pub options: Options,
}
