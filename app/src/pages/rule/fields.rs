//! The form of a rule, with the test right below the pattern.

use super::place;
use crate::door::TypedRule;
use crate::islands::RuleTester;
use crate::islands::trial::Trial;
use crate::links::acts;
use crate::pages::arm::veto;
use crate::parts::form::{Line, action, choice, hidden, line};
use crate::parts::raw::{Area, area};
use domain::id::RuleId;
use domain::rule::Mode;
use leptos::prelude::*;

/// What the editor shows.
pub struct Editor {
    /// Which rule and version; `None` for a new one.
    pub rule: Option<(RuleId, u32)>,
    /// What stands in the fields.
    pub typed: TypedRule,
    /// The text to test on.
    pub sample: String,
    /// What the pattern makes of it.
    pub tried: Trial,
    /// Clusters to choose from.
    pub clusters: Vec<String>,
    /// Whether the rule acts alone now.
    pub armed: bool,
    /// Whether the person may save.
    pub may: bool,
}

/// Draws it.
pub fn editor(of: Editor) -> AnyView {
    let mut keys = Vec::new();
    if let Some((id, version)) = of.rule {
        keys.push(("id", id.0.to_string()));
        keys.push(("version", version.to_string()));
    }
    let place = place(of.rule);
    let wrong = of.tried.fault.is_some();
    let save = of.may.then(|| save(of.rule, of.typed.version));
    let look = (!of.may).then(|| view! { <p class="hint">"Only an admin may save rules."</p> });
    view! {
        <form method="post" action=action(acts::SAVE_RULE) class="stack">
            {hidden(keys)}
            <section class="card">
                <h2>"When"</h2>
                {pattern(of.typed.pattern.clone(), wrong)}
                <div class="field">
                    <label for="sample">"Text to test on"</label>
                    <p class="hint" id="sample-hint">"Paste an alarm; it is not stored."</p>
                    {area(&Area {
                        name: "sample",
                        text: of.sample,
                        rows: 3,
                        code: true,
                        described_by: "sample-hint",
                        wrong: false,
                    })}
                </div>
                <button class="button" formmethod="get" formaction=place formnovalidate>"Test"</button>
                <RuleTester trial=of.tried/>
            </section>
            {conditions(&of.typed, of.clusters, of.armed)}
            {look}
            {save}
        </form>
    }
    .into_any()
}

/// The button; it says so when somebody else's version would be replaced unseen.
fn save(rule: Option<(RuleId, u32)>, typed_over: Option<u32>) -> AnyView {
    let newer = rule
        .zip(typed_over)
        .filter(|((_, newest), open)| newest != open);
    let Some(((_, newest), open)) = newer else {
        return view! { <button class="button main">"Save rule"</button> }.into_any();
    };
    view! {
        <section class="card wrong" id="newer">
            <p>
                {format!("You typed this over version {open}; version {newest} is the newest by now. ")}
                "Saving again replaces it by what stands above; it stays among the "
                <a href="#versions">"versions"</a> "."
            </p>
            <button class="button danger">{format!("Save again to replace version {newest}")}</button>
        </section>
    }
    .into_any()
}

fn pattern(text: String, wrong: bool) -> AnyView {
    view! {
        <div class="field">
            <label for="pattern">"Pattern"</label>
            <p class="hint" id="pattern-hint">
                "A regular expression on the alarm's text; case does not matter. Name the node with "
                <code class="mono">"(?P<ip>..)"</code> ", " <code class="mono">"(?P<node>..)"</code> " or "
                <code class="mono">"(?P<host>..)"</code> ", the cluster with "
                <code class="mono">"(?P<cluster>..)"</code> "."
            </p>
            {area(&Area {
                name: "pattern",
                text,
                rows: 4,
                code: true,
                described_by: "pattern-hint",
                wrong,
            })}
        </div>
    }
    .into_any()
}

fn conditions(typed: &TypedRule, clusters: Vec<String>, armed: bool) -> AnyView {
    let clusters = std::iter::once((String::new(), "All clusters".to_owned()))
        .chain(clusters.into_iter().map(|name| (name.clone(), name)))
        .collect();
    // Only arming leads to auto; what is armed may stay so.
    let modes = Mode::ALL
        .into_iter()
        .filter(|mode| armed || *mode != Mode::Auto)
        .map(|mode| (mode.word().to_owned(), shown(mode).to_owned()))
        .collect();
    view! {
        <section class="card">
            <h2>"Then"</h2>
            {choice("mode", "Mode", modes, &typed.mode)}
            <label class="check">
                <input type="checkbox" name="enabled" value="yes" checked=typed.enabled/>
                "Enabled"
            </label>
            {armed.then(|| veto(&typed.veto_s, &typed.silence))}
        </section>
        <section class="card">
            <h2>"Name, order and limits"</h2>
            {line(Line {
                name: "name",
                label: "Name".to_owned(),
                value: typed.name.clone(),
                required: true,
                ..Line::default()
            })}
            {line(Line {
                name: "position",
                label: "Position".to_owned(),
                hint: "Lower comes first; the first match wins.",
                value: typed.position.clone(),
                required: true,
                ..Line::default()
            })}
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

const fn shown(mode: Mode) -> &'static str {
    match mode {
        Mode::Observe => "observe: only record what it would do",
        Mode::Ask => "ask: cordon, then ask a person",
        Mode::Auto => "auto: go all the way alone",
    }
}
