//! `uncordon rule try`: the same function as the live path, on standard input.

use anyhow::Context;
use domain::rule::pattern::Pattern;
use std::io::BufRead;
use std::process::ExitCode;

/// Says for each line whether the pattern matches and what it catches; exit code 1 when nothing matched.
pub fn attempt(pattern: &str) -> anyhow::Result<ExitCode> {
    let pattern = match Pattern::parse(pattern) {
        Ok(pattern) => pattern,
        Err(error) => {
            eprintln!("uncordon: {error}");
            if let Some(at) = error.position {
                eprintln!("  {pattern}\n  {}^", " ".repeat(at));
            }
            return Ok(ExitCode::from(2));
        }
    };
    let (mut lines, mut matched) = (0_u32, 0_u32);
    for line in std::io::stdin().lock().lines() {
        let line = line.context("standard input is not text")?;
        lines += 1;
        match pattern.find(&line) {
            Some(found) => {
                matched += 1;
                let caught = found.captures;
                let groups = [
                    ("host", caught.host),
                    ("ip", caught.ip),
                    ("node", caught.node),
                    ("cluster", caught.cluster),
                ];
                let words: Vec<String> = groups
                    .into_iter()
                    .filter_map(|(name, value)| value.map(|value| format!("{name}={value}")))
                    .collect();
                println!("match     {}  [{}]", line, words.join(" "));
            }
            None => println!("no match  {line}"),
        }
    }
    println!("{matched} of {lines} lines match");
    Ok(if matched > 0 {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    })
}
