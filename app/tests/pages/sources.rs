//! What the sources of the app never say, because Leptos would write it as it is or the browser would refuse it.

use std::fs;
use std::path::{Path, PathBuf};

/// The word, and the one file that may say it.
const FORBIDDEN: [(&str, &str); 9] = [
    // Also said by islands/ask.rs, for what our own server drew.
    (" inner_html", "parts/raw.rs"),
    ("set_inner_html", "islands/ask.rs"),
    ("<textarea", "parts/raw.rs"),
    ("<style", "parts/raw.rs"),
    ("<script", "shell.rs"),
    ("<noscript", ""),
    ("style=", ""),
    ("style:", ""),
    ("javascript:", ""),
];

fn files(folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder).expect("the sources are there") {
        let path = entry.expect("it can be read").path();
        if path.is_dir() {
            found.extend(files(&path));
        } else {
            found.push(path);
        }
    }
    found
}

#[test]
fn raw_text_is_written_in_one_place_only() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let all = files(&root);
    assert!(all.len() > 40, "the sources were not found");
    for path in all {
        let text = fs::read_to_string(&path).expect("sources are text");
        for (word, home) in FORBIDDEN {
            let allowed = !home.is_empty() && path.ends_with(home);
            assert!(
                allowed || !text.contains(word),
                "{} says {word}",
                path.display()
            );
        }
    }
}
