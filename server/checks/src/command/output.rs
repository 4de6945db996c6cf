//! The end of an output that may be endless.

use domain::check::OUTPUT_MAX;

/// The last bytes, and how many there were before them.
#[derive(Default)]
pub struct End {
    /// What is kept; a little more than will be shown.
    pub kept: Vec<u8>,
    /// Bytes that were let go.
    pub before: usize,
}

impl End {
    /// Takes more in and lets the oldest go.
    pub fn push(&mut self, more: &[u8]) {
        self.kept.extend_from_slice(more);
        if self.kept.len() > 4 * OUTPUT_MAX {
            let gone = self.kept.len() - OUTPUT_MAX;
            self.kept.drain(..gone);
            self.before += gone;
        }
    }
}
