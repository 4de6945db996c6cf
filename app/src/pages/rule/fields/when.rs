//! When a rule takes an alarm: name, pattern with its switches and keys, cluster, labels.

use crate::door::TypedRule;
use crate::islands::{Key, KeyStrip};
use crate::parts::form::{Line, choice, line};
use crate::parts::raw::{Area, area};
use domain::rule::flags::split;
use leptos::prelude::*;

/// The first part of the form.
pub fn when(typed: &TypedRule, clusters: Vec<String>, wrong: bool) -> AnyView {
    let clusters = std::iter::once((String::new(), "All clusters".to_owned()))
        .chain(clusters.into_iter().map(|name| (name.clone(), name)))
        .collect();
    view! {
        <section class="card">
            <h2>"When"</h2>
            {line(Line {
                name: "name",
                label: "Name".to_owned(),
                value: typed.name.clone(),
                required: true,
                ..Line::default()
            })}
            {pattern(&typed.pattern, wrong)}
            {choice("cluster", "Cluster", clusters, &typed.cluster)}
            <div class="field">
                <label for="labels">"Labels that must be equal"</label>
                <p class="hint" id="labels-hint">"name=value, one a line; may stay empty."</p>
                {area(&Area {
                    name: "labels",
                    text: typed.labels.clone(),
                    rows: 2,
                    code: true,
                    described_by: "labels-hint",
                    wrong: false,
                })}
            </div>
        </section>
    }
    .into_any()
}

fn pattern(whole: &str, wrong: bool) -> AnyView {
    let (flags, body) = split(whole);
    view! {
        <div class="field">
            <label for="pattern">"Pattern"</label>
            <p class="hint" id="pattern-hint">"A regular expression on the alarm's text."</p>
            {area(&Area {
                name: "pattern",
                text: body.to_owned(),
                rows: 3,
                code: true,
                described_by: "pattern-hint",
                wrong,
            })}
            <KeyStrip field="pattern".to_owned() label="Keys".to_owned() keys=keys()/>
        </div>
        <div class="switches">
            <input type="hidden" id="flags" name="flags" value="on"/>
            {tick("ignore_case", "Ignore case", flags.ignore_case)}
            {tick("multi_line", "Multi-line", flags.multi_line)}
        </div>
        <details>
            <summary>"How the node is named"</summary>
            <p class="hint">
                "Put the part that names the node into a named group: "
                <code class="mono">"(?P<node>..)"</code> ", " <code class="mono">"(?P<ip>..)"</code> " or "
                <code class="mono">"(?P<host>..)"</code> "; the cluster into "
                <code class="mono">"(?P<cluster>..)"</code>
                ". All groups must agree on one node, or nothing is touched. Multi-line lets ^ and $ stand at the ends of lines."
            </p>
        </details>
    }
    .into_any()
}

fn tick(name: &'static str, label: &'static str, on: bool) -> AnyView {
    view! {
        <label class="check">
            <input type="checkbox" id=name name=name value="yes" checked=on/>
            {label}
        </label>
    }
    .into_any()
}

fn keys() -> Vec<Key> {
    let sign = |text: &str, name: &str, back: u32| Key {
        text: text.to_owned(),
        name: name.to_owned(),
        back,
        word: false,
    };
    vec![
        sign(r"\d", "digit", 0),
        sign(".", "any character", 0),
        sign("*", "any number of times", 0),
        sign("+", "once or more", 0),
        sign("?", "perhaps", 0),
        sign("()", "group", 1),
        sign("[]", "one of these", 1),
        sign("|", "or", 0),
        sign("^", "beginning", 0),
        sign("$", "end", 0),
        sign("\\", "backslash", 0),
        sign("(?P<node>)", "group that names the node", 1),
    ]
}
