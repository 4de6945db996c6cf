//! The switches of a pattern: kept inside it, in one form only, so that text and switches are never at odds.

/// What the switches say. Rules ignore case unless a pattern says otherwise.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Flags {
    /// Capital and small letters are the same.
    pub ignore_case: bool,
    /// `^` and `$` also stand at the ends of lines.
    pub multi_line: bool,
}

impl Default for Flags {
    fn default() -> Self {
        Self {
            ignore_case: true,
            multi_line: false,
        }
    }
}

impl Flags {
    /// What stands in front of the pattern.
    pub const fn prefix(self) -> &'static str {
        match (self.multi_line, self.ignore_case) {
            (false, true) => "",
            (true, true) => "(?m)",
            (false, false) => "(?-i)",
            (true, false) => "(?m-i)",
        }
    }
}

/// The switches and the rest of a pattern; only our own form is taken off, so that `join` gives back the same pattern.
pub fn split(pattern: &str) -> (Flags, &str) {
    for (multi_line, ignore_case) in [(true, false), (true, true), (false, false)] {
        let flags = Flags {
            ignore_case,
            multi_line,
        };
        if let Some(body) = pattern.strip_prefix(flags.prefix()) {
            return (flags, body);
        }
    }
    (Flags::default(), pattern)
}

/// The whole pattern.
pub fn join(flags: Flags, body: &str) -> String {
    format!("{}{body}", flags.prefix())
}
