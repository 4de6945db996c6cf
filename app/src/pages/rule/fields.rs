//! The form of a rule in reading order: when, then, guards, test.

mod when;

use super::place;
use crate::door::TypedRule;
use crate::islands::RuleTester;
use crate::islands::trial::{Trial, draw, draw_fault, verdict};
use crate::links::{self, acts};
use crate::pages::arm::veto;
use crate::parts::form::{Line, Weight, action, choice, hidden, line, link};
use crate::parts::raw::{Area, area};
use domain::id::RuleId;
use domain::rule::{Mode, pin};
use leptos::prelude::*;
use when::when;

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
    /// Somebody else's version beside what was typed.
    pub overtaken: AnyView,
}

/// Draws it.
pub fn editor(of: Editor) -> AnyView {
    let mut keys = Vec::new();
    if let Some((id, version)) = of.rule {
        keys.push(("id", id.0.to_string()));
        keys.push(("version", version.to_string()));
    }
    let place = place(of.rule);
    let number = of.rule.map_or_else(String::new, |(id, _)| id.0.to_string());
    let wrong = of.tried.fault.is_some();
    let sticky = verdict(&of.tried);
    let save = of
        .may
        .then(|| save(of.rule, of.typed.version, of.overtaken));
    let arm = of
        .rule
        .filter(|_| of.may && !of.armed)
        .map(|(id, _)| link(links::arm(id), "Arm this rule\u{2026}", Weight::Plain));
    // Whoever may not save gets a form that only asks for this page again.
    let (method, goal, keep) = if of.may {
        ("post", action(acts::SAVE_RULE), Some(place.clone()))
    } else {
        ("get", format!("{place}#test"), None)
    };
    view! {
        <form method=method action=goal class="stack editor" data-keep=keep>
            {hidden(keys)}
            <input type="hidden" id="pins" name="pins" value=pin::write(&of.typed.pins)/>
            {when(&of.typed, of.clusters, wrong)}
            {then(&of.typed, of.armed, arm)}
            {guards(&of.typed, of.armed)}
            <section class="card" id="test">
                <h2>"Test"</h2>
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
                <button class="button" formmethod="get" formaction=format!("{place}#test") formnovalidate>"Test"</button>
                <RuleTester rule=number good=!wrong/>
                <div id="fault">{of.tried.fault.clone().map(draw_fault)}</div>
                <p class="meta" id="last-good"></p>
                <div id="tried" class="tried">{draw(of.tried)}</div>
            </section>
            <p class="verdict">
                <a href="#test"><span id="verdict-text" role="status">{sticky}</span></a>
            </p>
            {save}
        </form>
    }
    .into_any()
}

/// The button; it says so when somebody else's version would be replaced unseen.
fn save(rule: Option<(RuleId, u32)>, typed_over: Option<u32>, overtaken: AnyView) -> AnyView {
    let newer = rule
        .zip(typed_over)
        .filter(|((_, newest), open)| newest != open);
    let Some(((_, newest), open)) = newer else {
        return view! { <button class="button main">"Save rule"</button> }.into_any();
    };
    view! {
        <section class="card wrong" id="newer">
            {overtaken}
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

fn then(typed: &TypedRule, armed: bool, arm: Option<AnyView>) -> AnyView {
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
            {arm}
        </section>
    }
    .into_any()
}

fn guards(typed: &TypedRule, armed: bool) -> AnyView {
    view! {
        <section class="card">
            <h2>"Guards"</h2>
            {line(Line {
                name: "position",
                label: "Position".to_owned(),
                hint: "Lower comes first. The first rule that matches takes the alarm, and no other sees it.",
                value: typed.position.clone(),
                required: true,
                ..Line::default()
            })}
            {armed.then(|| veto(&typed.veto_s, &typed.silence))}
            <p class="hint">
                "The limits of each cluster hold every rule back: cool-down, starts per hour, nodes at once, storms. "
                <a class="tap" href=links::SETTINGS>"See them in Settings"</a>
            </p>
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
