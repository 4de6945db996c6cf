//! Which machine belongs to a node: by provider id, else by exactly its address or name in the list of machines.

use super::Http;
use super::fill::Values;
use super::pointer;
use super::template::{By, Find, Template};
use crate::key::{Key, key};
use crate::pace::Kind;
use crate::trouble::Trouble;
use domain::target::Target;
use domain::world::{MachineFacts, MachineState, Reading};
use reqwest::Url;
use serde_json::Value;

/// Most pages of machines that are looked through.
const PAGES_MAX: usize = 40;

/// Reads the machine of a node.
pub async fn machine(cloud: &Http, target: &Target) -> Reading<MachineFacts> {
    let template = cloud.template();
    let id = match id(template, target) {
        Ok(id) => id,
        Err(why) => return Reading::Unreadable(why),
    };
    let found = match (id, &template.find) {
        (Some(id), _) => by_id(cloud, &id).await.map(|one| one.into_iter().collect()),
        (None, Some(find)) => search(cloud, find, target).await,
        (None, None) => {
            return Reading::Unreadable(format!("{} has no provider id", target.node));
        }
    };
    let mut found: Vec<MachineFacts> = match found {
        Ok(found) => found,
        Err(trouble) if trouble.code() == Some(404) => return Reading::Absent,
        Err(trouble) => return Reading::Unreadable(trouble.to_string()),
    };
    match (found.pop(), found.as_slice()) {
        (None, _) => Reading::Absent,
        (Some(one), []) => Reading::Seen(one),
        (Some(last), others) => {
            let ids: Vec<&str> = others
                .iter()
                .chain([&last])
                .map(|one| one.id.as_str())
                .collect();
            Reading::Unreadable(format!(
                "several machines fit {}: {}",
                target.node,
                ids.join(", ")
            ))
        }
    }
}

/// The id inside a provider id; `None` where the node names no cloud; an error where it names another.
fn id(template: &Template, target: &Target) -> Result<Option<String>, String> {
    let whole = target.provider_id.as_deref().unwrap_or_default();
    for pattern in &template.provider_id {
        let (head, tail) = pattern.split_once("{machine}").unwrap_or_default();
        let inner = whole
            .strip_prefix(head)
            .and_then(|rest| rest.strip_suffix(tail));
        if let Some(id) = inner.filter(|id| !id.is_empty() && !id.contains('/')) {
            return Ok(Some(id.to_owned()));
        }
    }
    // No kind fits any more: only an id of a distribution without a cloud, or none at all, leaves the address.
    match key(target, "") {
        Ok(Key::Address(_) | Key::Provider(_)) => Ok(None),
        Err(_)
            if whole.is_empty()
                && template
                    .find
                    .as_ref()
                    .is_some_and(|find| find.by == By::Name) =>
        {
            Ok(None)
        }
        Err(why) => Err(why),
    }
}

/// One machine by its id.
pub async fn by_id(cloud: &Http, id: &str) -> Result<Option<MachineFacts>, Trouble> {
    let values = Values {
        machine: id,
        ..Values::default()
    };
    let request = &cloud.template().read;
    let reply = cloud.call(request, &values, None, Kind::Read).await?;
    let answer: Value = reply.json()?;
    let records = pointer::all(&answer, &request.record);
    let Some(record) = records.first() else {
        return Err(reply.garbled(format!("nothing stands at {:?}", request.record)));
    };
    let machine = facts(cloud.template(), record).map_err(|why| reply.garbled(why))?;
    if machine.id == id {
        Ok(Some(machine))
    } else {
        Err(reply.garbled(format!("it shows the machine {}, not {id}", machine.id)))
    }
}

async fn search(cloud: &Http, find: &Find, target: &Target) -> Result<Vec<MachineFacts>, Trouble> {
    let ip = target.ip.as_deref().unwrap_or_default();
    let mut page = "1".to_owned();
    let mut url: Option<Url> = None;
    let mut found = Vec::new();
    for _ in 0..PAGES_MAX {
        let values = Values {
            name: target.node.as_str(),
            ip,
            page: &page,
            ..Values::default()
        };
        let reply = cloud
            .call(&find.request, &values, url.take(), Kind::Read)
            .await?;
        let answer: Value = reply.json()?;
        let records = pointer::all(&answer, &find.request.record);
        let Some(records) = records.first().and_then(|list| list.as_array()) else {
            return Err(reply.garbled(format!("there is no list at {:?}", find.request.record)));
        };
        for record in records
            .iter()
            .filter(|record| fits(cloud.template(), find.by, record, target))
        {
            found.push(facts(cloud.template(), record).map_err(|why| reply.garbled(why))?);
        }
        let Some(next) = find
            .next
            .as_deref()
            .and_then(|next| pointer::first(&answer, next))
        else {
            return Ok(found);
        };
        if next.contains("://") {
            url = Some(same_host(cloud, &next)?);
        }
        page = next;
    }
    Err(Trouble::Blind(format!(
        "there are more than {PAGES_MAX} pages of machines: give the nodes their provider id"
    )))
}

/// A next page is on the same host, or our secret would go elsewhere.
fn same_host(cloud: &Http, next: &str) -> Result<Url, Trouble> {
    let base = Url::parse(&cloud.base).ok();
    let url = Url::parse(next).ok();
    match (base, url) {
        (Some(base), Some(url)) if base.origin() == url.origin() => Ok(url),
        _ => Err(Trouble::Setup(format!(
            "the next page is on another host: {next}"
        ))),
    }
}

fn fits(template: &Template, by: By, record: &Value, target: &Target) -> bool {
    match by {
        By::Name => {
            let name = template
                .machine
                .name
                .as_deref()
                .and_then(|name| pointer::first(record, name));
            name.is_some_and(|name| name.eq_ignore_ascii_case(target.node.as_str()))
        }
        By::Address => {
            let Some(wanted) = target
                .ip
                .as_deref()
                .and_then(|ip| ip.parse::<std::net::IpAddr>().ok())
            else {
                return false;
            };
            let all = template.machine.addresses.iter();
            let mut all = all
                .flat_map(|path| pointer::all(record, path))
                .filter_map(pointer::text);
            all.any(|one| one.parse() == Ok(wanted))
        }
    }
}

/// A record in our words.
fn facts(template: &Template, record: &Value) -> Result<MachineFacts, String> {
    let fields = &template.machine;
    let of = |path: &Option<String>| pointer::first(record, path.as_deref()?);
    let id = pointer::first(record, &fields.id)
        .ok_or_else(|| format!("a machine has no {}", fields.id))?;
    let word = pointer::first(record, &fields.state)
        .ok_or_else(|| format!("machine {id} has no {}", fields.state))?;
    let mut machine = MachineFacts::new(id, state(template, &word), word);
    for (words, path) in &fields.notes {
        let values = pointer::all(record, path);
        let told: Vec<String> = values.into_iter().filter_map(note).collect();
        match told.as_slice() {
            [] => {}
            [empty] if empty.is_empty() => machine.detail = format!("{}, {words}", machine.detail),
            some => machine.detail = format!("{}, {words} {}", machine.detail, some.join(", ")),
        }
    }
    machine.host = of(&fields.host);
    machine.zone = of(&fields.zone);
    machine.since = of(&fields.since).and_then(|time| time.parse().ok());
    Ok(machine)
}

/// What a note says: nothing when it is false, no words of its own when it is true.
fn note(value: &Value) -> Option<String> {
    match value {
        Value::Bool(true) => Some(String::new()),
        Value::Bool(false) | Value::Null | Value::Array(_) | Value::Object(_) => None,
        Value::Number(_) | Value::String(_) => pointer::text(value),
    }
}

fn state(template: &Template, word: &str) -> MachineState {
    let states = &template.states;
    let is = |words: &[String]| words.iter().any(|one| one.eq_ignore_ascii_case(word));
    match () {
        () if is(&states.on) => MachineState::On,
        () if is(&states.off) => MachineState::Off,
        () if is(&states.starting) => MachineState::Starting,
        () if is(&states.stopping) => MachineState::Stopping,
        () if is(&states.error) => MachineState::Error,
        () => MachineState::Other,
    }
}
