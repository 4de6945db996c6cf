//! The colours of both themes, read from the style sheet: a token that is changed badly turns this red.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

const STATUS: [&str; 6] = [
    "ready",
    "degraded",
    "down",
    "recovering",
    "unknown",
    "maintenance",
];
const GROUNDS: [&str; 3] = ["bg", "surface", "raised"];

/// Name to colour, one table per theme.
type Tokens = BTreeMap<String, [u8; 3]>;

fn style() -> std::path::PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../style")
}

fn main_sheet() -> String {
    fs::read_to_string(style().join("main.css")).expect("the token file is there")
}

/// All sheets as (name, text without comments).
fn sheets() -> Vec<(String, String)> {
    let parts = fs::read_dir(style().join("parts")).expect("the parts are there");
    let mut paths: Vec<_> = parts
        .map(|one| one.expect("it can be read").path())
        .collect();
    paths.push(style().join("main.css"));
    let plain = |text: String| -> String {
        text.split("/*")
            .enumerate()
            .map(|(n, part)| match part.split_once("*/") {
                Some((_, after)) if n > 0 => after.to_owned(),
                _ => part.to_owned(),
            })
            .collect()
    };
    paths
        .into_iter()
        .map(|path| {
            let text = fs::read_to_string(&path).expect("a sheet is UTF-8");
            (path.display().to_string(), plain(text))
        })
        .collect()
}

fn colour(hex: &str) -> Option<[u8; 3]> {
    let hex = hex.trim().strip_prefix('#').filter(|hex| hex.len() == 6)?;
    let part = |at: usize| u8::from_str_radix(&hex[at..at + 2], 16).ok();
    Some([part(0)?, part(2)?, part(4)?])
}

/// `[light, dark]`.
fn themes() -> [Tokens; 2] {
    let mut both = [Tokens::new(), Tokens::new()];
    for line in main_sheet().lines() {
        let Some((name, value)) = line
            .trim()
            .strip_prefix("--")
            .and_then(|l| l.split_once(": "))
        else {
            continue;
        };
        let value = value.trim_end_matches(';');
        let pair = value
            .strip_prefix("light-dark(")
            .and_then(|rest| rest.strip_suffix(')'))
            .and_then(|rest| rest.split_once(','));
        let (light, dark) = pair.unwrap_or((value, value));
        if let (Some(light), Some(dark)) = (colour(light), colour(dark)) {
            both[0].insert(name.to_owned(), light);
            both[1].insert(name.to_owned(), dark);
        }
    }
    both
}

/// Relative luminance of WCAG.
fn luminance(colour: [u8; 3]) -> f64 {
    let [r, g, b] = colour.map(|part| {
        let part = f64::from(part) / 255.0;
        if part <= 0.04045 {
            part / 12.92
        } else {
            ((part + 0.055) / 1.055).powf(2.4)
        }
    });
    0.2126 * r + 0.7152 * g + 0.0722 * b
}

fn contrast(one: [u8; 3], other: [u8; 3]) -> f64 {
    let (one, other) = (luminance(one), luminance(other));
    (one.max(other) + 0.05) / (one.min(other) + 0.05)
}

/// Every pair that stands on a page: (above, below, at least).
fn pairs() -> Vec<(String, String, f64)> {
    let mut all = Vec::new();
    let mut add = |above: &str, below: &str, least: f64| {
        all.push((above.to_owned(), below.to_owned(), least));
    };
    for ground in GROUNDS {
        for text in ["text", "muted", "accent"] {
            add(text, ground, 4.5);
        }
        for glyph in ["control", "focus"] {
            add(glyph, ground, 3.0);
        }
    }
    for fill in ["primary", "danger"] {
        add("on-fill", fill, 4.5);
        add(fill, "surface", 3.0);
    }
    for status in STATUS {
        let tint = format!("{status}-tint");
        add(status, &tint, 4.5);
        add(status, "surface", 4.5);
        add(status, "bg", 4.5);
        add("text", &tint, 4.5);
    }
    // What stands on the tint of a banner, of a refusal, of a grace and of a warning.
    for tint in [
        "maintenance-tint",
        "down-tint",
        "recovering-tint",
        "degraded-tint",
    ] {
        add("muted", tint, 4.5);
        add("accent", tint, 4.5);
    }
    all
}

#[test]
fn text_and_glyphs_have_contrast_in_both_themes() {
    let mut bad = Vec::new();
    for (theme, tokens) in ["light", "dark"].into_iter().zip(themes()) {
        let of = |name: &str| {
            *tokens
                .get(name)
                .unwrap_or_else(|| panic!("no token {name}"))
        };
        for (above, below, least) in pairs() {
            let found = contrast(of(&above), of(&below));
            if found < least {
                bad.push(format!(
                    "{theme}: {above} on {below} is {found:.2}, needs {least}"
                ));
            }
        }
    }
    assert!(bad.is_empty(), "{}", bad.join("\n"));
}

#[test]
fn colours_are_written_once_and_used_by_name() {
    for (name, text) in sheets() {
        let ours = name.ends_with("main.css");
        let written = text
            .lines()
            .filter(|line| !(ours && line.trim().starts_with("--")));
        for line in written {
            let bare = line.split('#').skip(1).any(|rest| {
                let hex = rest.chars().take_while(char::is_ascii_hexdigit).count();
                matches!(hex, 3 | 4 | 6 | 8)
                    && line.contains(": ")
                    && !line.trim_end().ends_with('{')
            });
            assert!(!bare, "{name}: a colour of its own: {line}");
        }
    }
}

#[test]
fn the_sheet_asks_for_nothing_and_leaves_the_height_to_the_document() {
    for (name, text) in sheets() {
        for word in ["url(", "@import", "@font-face", "dvh"] {
            assert!(!text.contains(word), "{name} holds {word}");
        }
        for line in text.lines().filter(|line| line.contains("font-size:")) {
            assert!(
                !line.contains("px"),
                "{name}: letters that do not grow: {line}"
            );
        }
    }
}

#[test]
fn letters_are_of_the_six_sizes_of_the_scale() {
    let scale = [
        ".8125rem", ".9375rem", "1rem", "1.125rem", "1.375rem", "1.75rem",
    ];
    // The tabs' words, and code that stands in a sentence.
    let more = [".75rem", ".9375em", "inherit"];
    for (name, text) in sheets() {
        for piece in text.split("font-size:").skip(1) {
            let size = piece.split([';', '}']).next().unwrap_or_default().trim();
            assert!(
                scale.contains(&size) || more.contains(&size),
                "{name}: {size} is not of the scale"
            );
        }
    }
}

#[test]
fn the_bars_around_the_page_have_the_colour_of_the_page() {
    let shell = include_str!("../../src/shell.rs").to_lowercase();
    for tokens in themes() {
        let [r, g, b] = tokens["bg"];
        let hex = format!("#{r:02x}{g:02x}{b:02x}");
        assert!(shell.contains(&hex), "{hex} is not told to the browser");
    }
}
