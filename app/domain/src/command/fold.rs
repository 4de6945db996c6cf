//! Makes what people and phones type plain: blanks, quotes, dashes and case.

/// A word of a line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Word {
    /// Folded: lower case, quotes around it taken off.
    pub text: String,
    /// Character offset in the line as typed.
    pub at: usize,
}

/// Cuts a line into folded words, without the leading slash and the trailing full stop.
pub(super) fn words(line: &str) -> Vec<Word> {
    let mut found: Vec<Word> = Vec::new();
    let mut open = false;
    for (at, c) in line.chars().map(plain).enumerate() {
        if c == ' ' {
            open = false;
        } else if open && let Some(word) = found.last_mut() {
            word.text.push(lower(c));
        } else {
            open = true;
            found.push(Word {
                text: lower(c).to_string(),
                at,
            });
        }
    }
    if let Some(first) = found.first_mut() {
        cut_front(first, "/");
    }
    if let Some(last) = found.last_mut() {
        let kept = last.text.trim_end_matches('.').len();
        last.text.truncate(kept);
    }
    for word in &mut found {
        unquote(word);
    }
    found.retain(|word| !word.text.is_empty());
    found
}

/// The rest of a line from a character on, folded but in the case it was typed.
pub(super) fn rest(line: &str, from: usize) -> String {
    let plain: String = line.chars().skip(from).map(plain).collect();
    let text = plain.split(' ').filter(|part| !part.is_empty());
    let text = text.collect::<Vec<_>>().join(" ");
    text.trim_end_matches('.')
        .trim_matches(['"', '\'', '`'])
        .trim()
        .to_owned()
}

fn cut_front(word: &mut Word, what: &str) {
    if let Some(kept) = word.text.strip_prefix(what) {
        word.text = kept.to_owned();
        word.at += 1;
    }
}

fn unquote(word: &mut Word) {
    for quote in ["\"", "'", "`"] {
        if word.text.starts_with(quote) {
            cut_front(word, quote);
        }
        if let Some(kept) = word.text.strip_suffix(quote) {
            word.text = kept.to_owned();
        }
    }
}

/// One character for one, so that offsets stay true.
fn plain(c: char) -> char {
    match c {
        '\u{2018}' | '\u{2019}' | '\u{201A}' | '\u{201B}' | '\u{2032}' => '\'',
        '\u{201C}' | '\u{201D}' | '\u{201E}' | '\u{201F}' | '\u{2033}' | '\u{00AB}'
        | '\u{00BB}' => '"',
        '\u{2010}'..='\u{2015}' | '\u{2212}' | '\u{FE58}' | '\u{FE63}' | '\u{FF0D}' => '-',
        '\u{200B}'..='\u{200D}' | '\u{2060}' | '\u{FEFF}' => ' ',
        c if c.is_whitespace() || c.is_control() => ' ',
        c => c,
    }
}

fn lower(c: char) -> char {
    c.to_lowercase().next().unwrap_or(c)
}
