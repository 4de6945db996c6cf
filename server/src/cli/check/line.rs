//! A line of the doctor's table.

/// One line of the table.
pub struct Line {
    /// What was looked at.
    pub what: String,
    /// What was found.
    pub found: Found,
}

/// What was found, in words; what is wrong comes with the way out.
pub enum Found {
    /// As it should be.
    Well(String),
    /// It works, but something is left out for want of it, or is not as safe as it could be.
    Lacking(String),
    /// It does not work.
    Failed(String),
}

impl Line {
    /// A line.
    pub fn new(what: impl Into<String>, found: Found) -> Self {
        Self {
            what: what.into(),
            found,
        }
    }
}

impl Found {
    /// Whether it does not work.
    pub const fn failed(&self) -> bool {
        matches!(self, Self::Failed(_))
    }

    /// In one word and in a sentence.
    pub fn told(&self) -> (&'static str, &str) {
        match self {
            Self::Well(text) => ("ok", text),
            Self::Lacking(text) => ("warn", text),
            Self::Failed(text) => ("FAIL", text),
        }
    }
}

impl From<cluster::Finding> for Found {
    fn from(finding: cluster::Finding) -> Self {
        match finding {
            cluster::Finding::Well(text) => Self::Well(text),
            cluster::Finding::Lacking(text) => Self::Lacking(text),
            cluster::Finding::Failed(text) => Self::Failed(text),
        }
    }
}
