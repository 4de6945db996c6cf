//! What a try saw: one sentence and an output, both cut to size and stripped of what could deceive a reader.

/// Longest output that is kept, in bytes: its end, where programs say what went wrong.
pub const OUTPUT_MAX: usize = 4096;
/// Longest sentence, in characters.
const TEXT_MAX: usize = 300;

/// What was seen. Made from text of others, so it can only be made clean.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Seen {
    text: String,
    output: Option<String>,
}

impl Seen {
    /// One sentence.
    pub fn new(text: &str) -> Self {
        let one_line = text.split_whitespace().collect::<Vec<_>>().join(" ");
        Self {
            text: clean(&one_line).chars().take(TEXT_MAX).collect(),
            output: None,
        }
    }

    /// The same with what a counterpart wrote; nothing if it wrote nothing.
    #[must_use]
    pub fn with_output(self, output: &[u8]) -> Self {
        self.with_end(output, 0)
    }

    /// The same where so many bytes before it were let go already.
    #[must_use]
    pub fn with_end(mut self, output: &[u8], before: usize) -> Self {
        let kept = tail(output, before);
        self.output = (!kept.trim().is_empty()).then_some(kept);
        self
    }

    /// The sentence.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// The output.
    pub fn output(&self) -> Option<&str> {
        self.output.as_deref()
    }
}

/// The end of an output, readable, with a word about what was left out.
fn tail(output: &[u8], before: usize) -> String {
    let from = output.len().saturating_sub(OUTPUT_MAX);
    // A character cut in two at the front would only be shown as garbage.
    let cut = |byte: &u8| byte & 0b1100_0000 == 0b1000_0000;
    let skipped = output[from..]
        .iter()
        .take(3)
        .take_while(|byte| from > 0 && cut(byte));
    let from = from + skipped.count();
    let text = clean(&String::from_utf8_lossy(&output[from..]));
    let mut kept = text.trim_end();
    // What could not be read takes more room than it had.
    while kept.len() > OUTPUT_MAX {
        let start = kept.len() - OUTPUT_MAX;
        let start = (start..kept.len()).find(|at| kept.is_char_boundary(*at));
        kept = &kept[start.unwrap_or(kept.len())..];
    }
    let before = before + from;
    if before == 0 {
        kept.to_owned()
    } else {
        format!("({before} bytes before this are left out)\n{kept}")
    }
}

/// Without control characters (but line breaks and tabs) and without marks that turn or hide text.
fn clean(text: &str) -> String {
    text.chars()
        .filter(|c| *c != '\r')
        .map(|c| if deceives(c) { '\u{FFFD}' } else { c })
        .collect()
}

const fn deceives(c: char) -> bool {
    matches!(
        c,
        '\0'..='\u{8}'
            | '\u{B}'..='\u{1F}'
            | '\u{7F}'..='\u{9F}'
            | '\u{AD}'
            | '\u{61C}'
            | '\u{200B}'..='\u{200F}'
            | '\u{2028}'..='\u{202E}'
            | '\u{2060}'..='\u{206F}'
            | '\u{FEFF}'
    )
}

#[cfg(test)]
mod tests {
    use super::{OUTPUT_MAX, Seen};

    fn kept(output: &[u8]) -> String {
        let seen = Seen::new("x").with_output(output);
        seen.output().unwrap_or_default().to_owned()
    }

    #[test]
    fn a_sentence_is_one_line_without_tricks() {
        let seen = Seen::new("all\nwell \u{1b}[31mred\u{202E}desrever");
        assert_eq!(seen.text(), "all well \u{FFFD}[31mred\u{FFFD}desrever");
        assert_eq!(Seen::new(&"x".repeat(4000)).text().len(), 300);
    }

    #[test]
    fn of_a_long_output_the_end_is_kept_and_said_so() {
        let mut long = vec![b'a'; 10_000];
        long.extend_from_slice(b"\nthe last line");
        let kept = kept(&long);
        assert!(
            kept.starts_with("(5918 bytes before this are left out)\naaa"),
            "{kept}"
        );
        assert!(kept.ends_with("\nthe last line"));
        assert!(kept.len() < OUTPUT_MAX + 60);
    }

    #[test]
    fn bytes_that_are_no_text_neither_grow_nor_pass() {
        assert!(kept(&[0xFF; 10_000]).len() < OUTPUT_MAX + 60);
        assert_eq!(
            kept(b"a\0b\x1b]0;title\x07\r\nc\td"),
            "a\u{FFFD}b\u{FFFD}]0;title\u{FFFD}\nc\td"
        );
        assert_eq!(Seen::new("x").with_output(b" \n").output(), None);
    }

    #[test]
    fn a_letter_cut_in_two_at_the_front_is_left_out_whole() {
        let text = "ä".repeat(3000);
        let mut odd = b"x".to_vec();
        odd.extend_from_slice(text.as_bytes());
        for output in [text.as_bytes(), &odd] {
            let kept = kept(output);
            let (_, rest) = kept.split_once('\n').expect("it was cut");
            assert!(rest.chars().all(|c| c == 'ä'), "{rest}");
        }
    }
}
