//! Text on its way to Mattermost: what looks like Markdown, a mention or an emoji is shown as it is.

use crate::words;

/// Longest message, in characters.
pub const MAX: usize = 16_383;
/// Takes the meaning from what it stands beside, and is not seen.
const BREAK: char = '\u{200b}';

/// The text as Mattermost has to get it, cut to what it takes.
pub fn shown(text: &str) -> String {
    escape(&words::cut_for(text, MAX, escape))
}

fn escape(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + text.len() / 4);
    for line in text.split_inclusive('\n') {
        if is_block(line) {
            out.push(BREAK);
        }
        for word in line.split_inclusive(char::is_whitespace) {
            let address = address(word);
            escape_into(&mut out, &word[..address.start]);
            out.push_str(&word[address.clone()]);
            escape_into(&mut out, &word[address.end..]);
        }
    }
    out
}

/// Whether the start of the line would make a list, a quote, a heading or code of it.
fn is_block(line: &str) -> bool {
    let start = line.trim_start();
    let after_digits = start.trim_start_matches(|one: char| one.is_ascii_digit());
    line.starts_with("    ")
        || line.starts_with('\t')
        || start.starts_with(['-', '+', '=', '>'])
        || (after_digits.len() < start.len() && after_digits.starts_with(['.', ')']))
}

/// Where a web address stands in the word: Mattermost takes it as it is, an escape would break it.
fn address(word: &str) -> std::ops::Range<usize> {
    let start = ["https://", "http://"]
        .iter()
        .find_map(|scheme| word.find(scheme))
        .filter(|start| !word[..*start].ends_with(char::is_alphanumeric));
    let Some(start) = start else {
        return 0..0;
    };
    let usual = |one: char| one.is_ascii_alphanumeric() || "-._/?#=&%+,;:".contains(one);
    let end = word[start..]
        .find(|one| !usual(one))
        .map_or(word.len(), |at| start + at);
    start..end
}

fn escape_into(out: &mut String, part: &str) {
    for (at, letter) in part.char_indices() {
        let rest = &part[at + letter.len_utf8()..];
        let before = out.ends_with(|one: char| one.is_ascii_alphanumeric());
        let behind = rest.starts_with(|one: char| one.is_ascii_alphanumeric());
        match letter {
            // Plain where it means nothing to Mattermost: within a word, before a letter.
            '_' if before && behind => out.push(letter),
            '\\' if behind => out.push(letter),
            '\\' | '`' | '*' | '_' | '[' | ']' | '|' => out.extend(['\\', letter]),
            // Escaped they would still begin a hashtag and the name of a channel.
            '#' | '~' => out.extend(['\\', letter, BREAK]),
            // Neither `@all` nor any name rings, no angle bracket hides an address, no `&lt;` is read.
            '@' | '<' | '&' => out.extend([letter, BREAK]),
            ':' if at == 0 || is_emoji(rest) => out.extend([letter, BREAK]),
            other => out.push(other),
        }
    }
}

/// Whether a colon before it would make an emoji of it; a time of day is none.
fn is_emoji(rest: &str) -> bool {
    rest.split_once(':').is_some_and(|(name, _)| {
        let letter = |one: char| one.is_ascii_alphanumeric() || "+-_".contains(one);
        name.chars().all(letter) && name.chars().any(|one| !one.is_ascii_digit())
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hostile_text_loses_its_meaning_and_addresses_keep_theirs() {
        for (text, meant) in [
            ("**bold** `code`", r"\*\*bold\*\* \`code\`"),
            ("[x](http://evil.test)", r"\[x\](http://evil.test)"),
            ("# big\n- item", "\\#\u{200b} big\n\u{200b}- item"),
            ("#tag ~town", "\\#\u{200b}tag \\~\u{200b}town"),
            ("_it_ my_node ż_a_", r"\_it\_ my_node ż\_a\_"),
            (r"C:\temp \* \", r"C:\temp \\\* \\"),
            ("a | b\n--|--", "a \\| b\n\u{200b}--\\|--"),
            ("1. one\n\tcode", "\u{200b}1. one\n\u{200b}\tcode"),
            ("@all @here.", "@\u{200b}all @\u{200b}here."),
            ("<http://x.test>", "<\u{200b}http://x.test>"),
            (
                ":smile: a:+1: 10:41:07",
                ":\u{200b}smile: a:\u{200b}+1: 10:41:07",
            ),
            ("a &lt; b", "a &\u{200b}lt; b"),
            ("https://x.test/a_b?c=1&d=2", "https://x.test/a_b?c=1&d=2"),
            ("xhttp://a*b", r"xhttp://a\*b"),
            ("node-12 is up. Done!", "node-12 is up. Done!"),
        ] {
            assert_eq!(escape(text), meant);
        }
    }

    #[test]
    fn no_text_is_longer_than_mattermost_takes() {
        for text in ["*".repeat(40_000), "plain ".repeat(9_000), "*".repeat(MAX)] {
            let long = shown(&text).chars().count();
            assert!((MAX / 2..=MAX).contains(&long), "{long}");
        }
        assert_eq!(shown("short"), "short");
    }
}
