//! What a template says, and what must hold for it before the first call.

use super::fill::holders;
use crate::secret::SecretSource;
use crate::settings::BadSettings;
use reqwest::Method;
use serde::Deserialize;
use serde_json::Value;
use std::collections::BTreeMap;

/// How one kind of cloud is spoken to.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Template {
    /// Where its API is; stands for `{base}`.
    pub base: String,
    /// How provider ids of its nodes look, with `{machine}` in them: `hcloud://{machine}`.
    #[serde(default)]
    pub provider_id: Vec<String>,
    /// Headers of every request.
    #[serde(default)]
    pub headers: BTreeMap<String, String>,
    /// Reads one machine.
    pub read: Request,
    /// Lists machines, to find one by its address or name; without it only provider ids work.
    pub find: Option<Find>,
    /// Where things stand in a machine's record.
    pub machine: Fields,
    /// What its states mean; any other is one that a start does not answer.
    pub states: States,
    /// Starts one machine.
    pub start: Start,
    /// Where the name and the sentence of an error stand.
    #[serde(default)]
    pub error: ErrorFields,
    /// What errors of a start mean, by name or by status.
    #[serde(default)]
    pub classes: Classes,
}

/// One request.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Request {
    /// Method.
    #[serde(default = "get")]
    pub method: String,
    /// Address: placeholders are escaped.
    pub url: String,
    /// Headers of this request only.
    #[serde(default)]
    pub headers: BTreeMap<String, String>,
    /// A body in JSON; placeholders stand inside its texts.
    pub json: Option<Value>,
    /// A body as a form.
    #[serde(default)]
    pub form: BTreeMap<String, String>,
    /// Where the record, or the list of records, stands in the answer.
    #[serde(default)]
    pub record: String,
}

fn get() -> String {
    "GET".to_owned()
}

/// A list of machines.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Find {
    /// By what a node's machine is known there.
    #[serde(default)]
    pub by: By,
    /// Its request; `{page}` counts from 1, or is what `next` gave.
    pub request: Request,
    /// Where the next page, as a number, a text or an address, stands in the answer.
    pub next: Option<String>,
}

/// By what a node's machine is known.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum By {
    /// Its InternalIP.
    #[default]
    Address,
    /// The node's name.
    Name,
}

/// Where things stand in a machine's record: JSON pointers in which `*` is every element.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Fields {
    /// Id.
    pub id: String,
    /// State.
    pub state: String,
    /// Name.
    pub name: Option<String>,
    /// Addresses.
    #[serde(default)]
    pub addresses: Vec<String>,
    /// Physical host.
    pub host: Option<String>,
    /// Zone.
    pub zone: Option<String>,
    /// Since when it is in its state.
    pub since: Option<String>,
    /// Facts that are shown beside the state when they are true or not empty.
    #[serde(default)]
    pub notes: BTreeMap<String, String>,
}

/// What states mean.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct States {
    /// Running.
    pub on: Vec<String>,
    /// Off, and a start is possible.
    pub off: Vec<String>,
    /// On its way up.
    pub starting: Vec<String>,
    /// On its way down.
    pub stopping: Vec<String>,
    /// Broken.
    pub error: Vec<String>,
}

/// The start.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Start {
    /// Its request.
    pub request: Request,
    /// Where the id of the order stands in the answer.
    pub order: Option<String>,
}

/// Where an error stands.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct ErrorFields {
    /// Its name.
    pub name: Option<String>,
    /// Its sentence.
    pub message: Option<String>,
}

/// What errors of a start mean: names, or statuses as text.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Classes {
    /// It was on already.
    pub already_there: Vec<String>,
    /// It passes.
    pub retryable: Vec<String>,
    /// Too many calls.
    pub throttled: Vec<String>,
    /// No room.
    pub capacity: Vec<String>,
    /// In between states: the machine is read again.
    pub conflict: Vec<String>,
    /// No right.
    pub denied: Vec<String>,
    /// No such machine.
    pub not_found: Vec<String>,
    /// Refused for good.
    pub refused: Vec<String>,
    /// It may have happened.
    pub unknown: Vec<String>,
}

/// A template that comes with Uncordon.
pub fn shipped(name: &str) -> Option<&'static str> {
    match name {
        "hetzner" => Some(include_str!("../../templates/hetzner.toml")),
        "digitalocean" => Some(include_str!("../../templates/digitalocean.toml")),
        _ => None,
    }
}

impl Template {
    /// Placeholders and pointers that can work, and a secret behind each `{secret}`.
    pub fn check(&self, secrets: &BTreeMap<String, SecretSource>) -> Result<(), BadSettings> {
        if self.provider_id.is_empty() && self.find.is_none() {
            return Err(together(
                "provider_id",
                "expected provider_id or find: else no machine can be found",
            ));
        }
        for id in &self.provider_id {
            if !id.contains("{machine}") || !id.contains("://") {
                return Err(BadSettings::value("provider_id", id, "kind://..{machine}"));
            }
        }
        let known = ["base", "machine", "name", "ip", "page", "key"];
        for request in self.requests() {
            for holder in holders(&request.url) {
                if !known.contains(&holder) {
                    let expected = format!(
                        "one of {}; a secret belongs into a header or a body",
                        known.join(", ")
                    );
                    return Err(BadSettings::value("url", holder, &expected));
                }
            }
            if Method::from_bytes(request.method.as_bytes()).is_err() {
                return Err(BadSettings::value(
                    "method",
                    &request.method,
                    "a method such as POST",
                ));
            }
        }
        for text in self.texts() {
            for holder in holders(&text) {
                let secret = holder
                    .strip_prefix("secret")
                    .map(|rest| rest.trim_start_matches(':'));
                let name = secret.map(|name| if name.is_empty() { "token" } else { name });
                match name {
                    Some(name) if !secrets.contains_key(name) => {
                        let expected = format!(
                            "the template needs the secret {name}: set {name}_file or {name}_env, or add it to secrets"
                        );
                        return Err(together("secrets", &expected));
                    }
                    Some(_) => {}
                    None if known.contains(&holder) => {}
                    None => {
                        let expected = format!("one of {}, secret", known.join(", "));
                        return Err(BadSettings::value("placeholder", holder, &expected));
                    }
                }
            }
        }
        Ok(())
    }

    fn requests(&self) -> impl Iterator<Item = &Request> {
        [
            Some(&self.read),
            Some(&self.start.request),
            self.find.as_ref().map(|find| &find.request),
        ]
        .into_iter()
        .flatten()
    }

    /// Every text of headers and bodies.
    fn texts(&self) -> Vec<String> {
        let mut texts: Vec<String> = self.headers.values().cloned().collect();
        for request in self.requests() {
            texts.extend(request.headers.values().cloned());
            texts.extend(request.form.values().cloned());
            texts.extend(request.json.iter().flat_map(inner));
        }
        texts
    }
}

fn together(key: &'static str, expected: &str) -> BadSettings {
    BadSettings::Together {
        key,
        expected: expected.to_owned(),
    }
}

/// The texts inside a body.
fn inner(value: &Value) -> Vec<String> {
    match value {
        Value::String(text) => vec![text.clone()],
        Value::Array(all) => all.iter().flat_map(inner).collect(),
        Value::Object(all) => all.values().flat_map(inner).collect(),
        Value::Null | Value::Bool(_) | Value::Number(_) => Vec::new(),
    }
}
