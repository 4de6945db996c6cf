//! Keeps the walls of the house standing: who may import whom, how big a room is, and what never stands in one.

#[path = "rooms/arrows.rs"]
mod arrows;
#[path = "rooms/house.rs"]
mod house;

use arrows::{APP, CRATES, DOMAIN};
use house::{dependencies, house, is_test, root, sources};
use std::collections::BTreeSet;

/// Longest file, in lines, and the most the middle one may have.
const LINES_MAX: usize = 400;
const MEDIAN_MAX: usize = 100;

fn none(wrong: &[String]) {
    assert!(wrong.is_empty(), "\n{}", wrong.join("\n"));
}

#[test]
fn crates_name_only_whom_they_may() {
    let ours: Vec<&str> = CRATES
        .iter()
        .map(|(folder, ..)| folder.rsplit('/').next().unwrap_or(folder))
        .collect();
    let mut wrong = Vec::new();
    for (folder, may, never) in CRATES {
        for name in dependencies(folder) {
            if ours.contains(&name.as_str()) && !may.contains(&name.as_str()) {
                wrong.push(format!(
                    "{folder} names {name}, one of ours it must not know"
                ));
            }
            if never.contains(&name.as_str())
                || (never.contains(&"leptos") && name.starts_with("leptos"))
            {
                wrong.push(format!("{folder} names {name} from outside"));
            }
        }
    }
    none(&wrong);
}

#[test]
fn every_crate_of_the_house_has_a_row() {
    let manifest =
        std::fs::read_to_string(root().join("Cargo.toml")).expect("the workspace has a manifest");
    let members = manifest
        .split_once("members = [")
        .and_then(|(_, rest)| rest.split_once(']'));
    let (members, _) = members.expect("the workspace lists its members");
    let listed: BTreeSet<&str> = members
        .split('"')
        .filter(|part| part.starts_with("app") || part.starts_with("server"))
        .collect();
    let rows: BTreeSet<&str> = CRATES.iter().map(|(folder, ..)| *folder).collect();
    assert_eq!(listed, rows);
}

#[test]
fn inside_domain_arrows_point_the_way_they_were_drawn() {
    let mut wrong = Vec::new();
    for (path, text) in sources("app/domain/src") {
        let room = path
            .trim_start_matches("app/domain/src/")
            .trim_end_matches(".rs");
        let room = room.split('/').next().unwrap_or_default();
        if room == "lib" {
            continue;
        }
        let Some((_, may)) = DOMAIN.iter().find(|(name, _)| *name == room) else {
            wrong.push(format!("{path}: the room {room} has no row"));
            continue;
        };
        for named in named_rooms(&text) {
            if named != room && !may.contains(&named.as_str()) {
                wrong.push(format!("{path} names {named}"));
            }
        }
    }
    none(&wrong);
}

#[test]
fn domain_is_pure() {
    let never = [
        "std::fs",
        "std::env",
        "std::process",
        "std::thread",
        "SystemTime",
        "Instant::",
        "Timestamp::now",
        "Zoned::now",
        "async fn",
        "tokio",
        "TcpStream",
        "println!",
        "HashMap",
        "RandomState",
    ];
    let mut wrong = Vec::new();
    for (path, text) in sources("app/domain/src") {
        for word in never.iter().filter(|word| text.contains(**word)) {
            wrong.push(format!("{path}: {word}"));
        }
    }
    none(&wrong);
}

#[test]
fn inside_app_pages_use_parts_and_calls_and_nothing_points_back() {
    let mut wrong = Vec::new();
    for (path, text) in sources("app/src") {
        let room = path.trim_start_matches("app/src/").trim_end_matches(".rs");
        let room = room.split('/').next().unwrap_or_default();
        let Some((_, never)) = APP.iter().find(|(name, _)| *name == room) else {
            continue;
        };
        for named in named_rooms(&text)
            .iter()
            .filter(|named| never.contains(&named.as_str()))
        {
            wrong.push(format!("{path} names {named}"));
        }
    }
    none(&wrong);
}

/// The rooms of its own crate that a file names, also in `use crate::{a, b::c}`.
fn named_rooms(text: &str) -> BTreeSet<String> {
    let mut names = BTreeSet::new();
    for part in text.split("crate::").skip(1) {
        let inner = match part.strip_prefix('{') {
            Some(list) => list.split('}').next().unwrap_or_default(),
            None => part
                .split([':', ';', ',', ' ', '}'])
                .next()
                .unwrap_or_default(),
        };
        for name in inner.split(',') {
            let word: String = name
                .trim()
                .chars()
                .take_while(|c| c.is_ascii_lowercase() || *c == '_')
                .collect();
            names.insert(word);
        }
    }
    names.remove("");
    names
}

#[test]
fn sql_lives_in_the_store_alone() {
    let words = [
        "\"select ",
        "\"insert into ",
        "\"delete from ",
        "\"update ",
        "\"create table ",
        "\"pragma ",
    ];
    let mut wrong = Vec::new();
    for (path, text) in house() {
        if path.starts_with("server/store/") || is_test(&path) {
            continue;
        }
        let text = text.to_lowercase();
        for word in words.iter().filter(|word| text.contains(**word)) {
            wrong.push(format!("{path}: {word}"));
        }
    }
    none(&wrong);
}

#[test]
fn rooms_are_small() {
    let mut wrong = Vec::new();
    let mut sizes = Vec::new();
    for (path, text) in house() {
        let lines = text.lines().count();
        if lines > LINES_MAX {
            wrong.push(format!("{path} has {lines} lines"));
        }
        if !is_test(&path) {
            sizes.push(lines);
        }
    }
    sizes.sort_unstable();
    let median = sizes[sizes.len() / 2];
    if median > MEDIAN_MAX {
        wrong.push(format!(
            "the median of {} files is {median} lines",
            sizes.len()
        ));
    }
    none(&wrong);
}

#[test]
fn every_file_says_first_what_it_is_for() {
    let mut wrong = Vec::new();
    for (path, text) in house() {
        if !text.starts_with("//! ") {
            wrong.push(format!("{path} does not begin with //! and a sentence"));
        }
        let name = path
            .rsplit('/')
            .next()
            .unwrap_or_default()
            .trim_end_matches(".rs");
        if ["mod", "utils", "helpers", "common", "manager", "service"].contains(&name) {
            wrong.push(format!("{path}: no room has this name"));
        }
    }
    none(&wrong);
}

#[test]
fn nothing_is_left_open_or_silenced() {
    let banned = [
        concat!("to", "do!("),
        concat!("unimple", "mented!("),
        concat!("#[ig", "nore"),
        concat!("#[al", "low("),
        concat!("#![al", "low("),
        concat!("un", "safe {"),
        concat!("db", "g!("),
    ];
    let mut wrong = Vec::new();
    for (path, text) in house() {
        for word in banned.iter().filter(|word| text.contains(**word)) {
            wrong.push(format!("{path}: {word}"));
        }
    }
    none(&wrong);
}

#[test]
fn raw_markup_lives_in_one_room_on_each_side() {
    let banned = [
        "<textarea",
        "<noscript",
        "<script",
        "<style",
        "inner_html",
        "style=",
    ];
    let mut wrong = Vec::new();
    for (path, text) in sources("app/src") {
        if ["app/src/parts/raw.rs", "app/src/islands/swap.rs"].contains(&path.as_str()) {
            continue;
        }
        for (n, line) in text.lines().enumerate() {
            // A script that is loaded and has no children carries no text of anybody.
            let empty =
                line.contains("<script") && line.contains("src=") && line.contains("></script>");
            for word in banned.iter().filter(|word| line.contains(**word) && !empty) {
                wrong.push(format!("{path}:{}: {word}", n + 1));
            }
        }
    }
    none(&wrong);
}
