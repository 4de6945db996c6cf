//! What the sources of the app never say, because Leptos would write it as it is or the browser would refuse it.

use std::fs;
use std::path::{Path, PathBuf};

/// The word, and the one file that may say it.
const FORBIDDEN: [(&str, &str); 9] = [
    // Also said by islands/swap.rs, for what our own server drew.
    (" inner_html", "parts/raw.rs"),
    ("set_inner_html", "islands/swap.rs"),
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

/// What the scripts and the sheet never say: a queue that the browser repeats by itself days later, the script of the
/// platform that would hold a page open, and a unit that iOS measures without its insets.
const NEVER: [(&str, &[&str]); 2] = [
    (
        "public",
        &[
            "sync.register",
            "periodicSync",
            "BackgroundSync",
            "onunload",
            "\"unload\"",
            "\"beforeunload\"",
        ],
    ),
    ("style", &["dvh", "svh", "lvh"]),
];

#[test]
fn no_script_leaves_an_act_to_the_browser_and_no_sheet_measures_the_moving_window() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    for (folder, words) in NEVER {
        let all = files(&root.join(folder));
        assert!(!all.is_empty(), "{folder} was not found");
        for path in all {
            let Ok(text) = fs::read_to_string(&path) else {
                continue;
            };
            for word in words {
                assert!(!text.contains(word), "{} says {word}", path.display());
            }
        }
    }
}
