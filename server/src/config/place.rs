//! Where a key stands in the file, for the line of a fault.

/// Where a key such as `chat.name` stands in the table of this number, from 0; where it is missing, where that table begins.
pub(super) fn place(text: &str, path: &str, index: usize) -> usize {
    let (table, key) = path.rsplit_once('.').unwrap_or(("", path));
    let Some(begin) = header(text, path, index).or_else(|| header(text, table, index)) else {
        return text.find(key).unwrap_or(0);
    };
    let inside = lines(text).skip_while(|(at, _)| *at <= begin);
    let mut inside = inside.take_while(|(_, line)| !line.starts_with('['));
    let is = |line: &str| {
        let rest = line.strip_prefix(key);
        rest.is_some_and(|rest| rest.trim_start().starts_with('='))
    };
    inside
        .find(|(_, line)| is(line))
        .map_or(begin, |(at, _)| at)
}

fn header(text: &str, table: &str, index: usize) -> Option<usize> {
    let named = |line: &str| {
        let line = line.split('#').next().unwrap_or_default().trim();
        line.starts_with('[') && line.trim_matches(['[', ']', ' ']) == table
    };
    let mut found = lines(text).filter(|(_, line)| named(line));
    found.nth(index).map(|(at, _)| at)
}

/// Each line without the blanks around it, and where it begins.
fn lines(text: &str) -> impl Iterator<Item = (usize, &str)> {
    text.split_inclusive('\n').scan(0, |at, line| {
        let begin = *at;
        *at += line.len();
        Some((begin, line.trim()))
    })
}
