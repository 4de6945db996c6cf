//! Text short enough for a lock screen.

/// Longest body, in characters.
const MAX: usize = 220;

/// One line, cut at a word where it is too long.
pub fn short(text: &str) -> String {
    let line = text.split_whitespace().collect::<Vec<_>>().join(" ");
    if line.chars().count() <= MAX {
        return line;
    }
    let cut: String = line.chars().take(MAX).collect();
    let end = cut.rfind(' ').unwrap_or(cut.len());
    format!("{} ..", cut[..end].trim_end_matches([',', ';', ':', '.']))
}

#[cfg(test)]
mod tests {
    use super::{MAX, short};

    #[test]
    fn a_long_text_is_cut_at_a_word_and_says_so() {
        assert_eq!(short("one\n two"), "one two");
        let long = "węzeł ".repeat(80);
        let cut = short(&long);
        assert!(cut.chars().count() <= MAX + 3, "{cut}");
        assert!(cut.ends_with("węzeł .."), "{cut}");
        assert!(short(&"ż".repeat(500)).ends_with(" .."));
    }
}
