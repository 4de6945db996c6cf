//! What names and labels may look like.

/// A lowercase RFC 1123 subdomain.
pub fn is_subdomain(name: &str) -> bool {
    let edge = |part: &str, end: Option<char>| {
        !part.is_empty() && end.is_some_and(|c| c.is_ascii_lowercase() || c.is_ascii_digit())
    };
    name.len() <= 253
        && name.split('.').all(|part| {
            edge(part, part.chars().next())
                && edge(part, part.chars().last())
                && part
                    .chars()
                    .all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-')
        })
}

/// The value of a label.
pub fn is_label(value: &str) -> bool {
    let edge = |end: Option<char>| end.is_none_or(|c| c.is_ascii_alphanumeric());
    value.len() <= 63
        && edge(value.chars().next())
        && edge(value.chars().last())
        && value
            .chars()
            .all(|c| c.is_ascii_alphanumeric() || "-_.".contains(c))
}

/// The key of a label or taint.
pub fn is_label_key(key: &str) -> bool {
    match key.split_once('/') {
        Some((prefix, name)) => is_subdomain(prefix) && !name.is_empty() && is_label(name),
        None => !key.is_empty() && is_label(key),
    }
}
