//! Which system of which controller belongs to a node: by an own entry, else by a template.

use super::Settings;
use super::controller::{Controllers, join, origin};
use super::system::{Members, System};
use crate::settings::{BadSettings, address};
use crate::trouble::Trouble;
use domain::target::Target;
use domain::world::{MachineFacts, Reading};
use reqwest::Url;
use std::collections::{BTreeMap, HashMap};
use std::sync::Mutex;

/// Most systems behind one controller that are looked through for a name.
const SYSTEMS_MAX: usize = 100;
const HOLDERS: [&str; 3] = ["{node}", "{short}", "{ip}"];

/// From nodes to controllers.
pub struct Map {
    own: BTreeMap<String, Url>,
    template: Option<String>,
    /// Systems that were found by name, by controller and name.
    found: Mutex<HashMap<(String, String), Url>>,
}

impl Map {
    /// Checks template and entries.
    pub fn new(settings: &Settings) -> Result<Self, BadSettings> {
        if let Some(template) = &settings.controller {
            let sample = HOLDERS
                .iter()
                .fold(template.clone(), |text, one| text.replace(one, "x"));
            address("controller", &sample)?;
            if sample.contains(['{', '}']) || sample == *template {
                let expected = "an address with {node}, {short} or {ip} in it";
                return Err(BadSettings::value("controller", template, expected));
            }
        }
        let own = settings
            .machines
            .iter()
            .map(|(node, text)| Ok((node.clone(), address("machines", text)?)));
        let own: BTreeMap<String, Url> = own.collect::<Result<_, BadSettings>>()?;
        if settings.controller.is_none() && own.is_empty() {
            return Err(BadSettings::Together {
                key: "controller",
                expected: "expected controller, or machines with an address for each node"
                    .to_owned(),
            });
        }
        Ok(Self {
            own,
            template: settings.controller.clone(),
            found: Mutex::default(),
        })
    }

    /// The address of a node's controller or system.
    pub fn place(&self, target: &Target) -> Result<Url, String> {
        let node = target.node.as_str();
        if let Some(url) = self.own.get(node) {
            return Ok(url.clone());
        }
        let Some(template) = &self.template else {
            return Err(format!("{node} has no entry in machines"));
        };
        let ip = match target.ip.as_deref() {
            Some(ip) if ip.contains(':') => format!("[{ip}]"),
            Some(ip) => ip.to_owned(),
            None if template.contains("{ip}") => return Err(format!("{node} has no address")),
            None => String::new(),
        };
        let short = node.split('.').next().unwrap_or(node);
        let text = template
            .replace("{node}", node)
            .replace("{short}", short)
            .replace("{ip}", &ip);
        address("controller", &text).map_err(|error| error.to_string())
    }

    /// A system's address that we gave out ourselves: the password goes nowhere else.
    pub fn known(&self, machine: &str) -> Result<Url, String> {
        let unknown = || format!("{machine:?} is not a system of these controllers");
        let url = Url::parse(machine).map_err(|_| unknown())?;
        let own = self.own.values().any(|one| origin(one) == origin(&url));
        let fits = self
            .template
            .as_deref()
            .is_some_and(|template| fits(template, &url));
        if own || fits { Ok(url) } else { Err(unknown()) }
    }

    fn remembered(&self, key: &(String, String)) -> Option<Url> {
        let found = self
            .found
            .lock()
            .unwrap_or_else(std::sync::PoisonError::into_inner);
        found.get(key).cloned()
    }

    fn remember(&self, key: (String, String), url: Option<&Url>) {
        let mut found = self
            .found
            .lock()
            .unwrap_or_else(std::sync::PoisonError::into_inner);
        match url {
            Some(url) => found.insert(key, url.clone()),
            None => found.remove(&key),
        };
    }
}

/// Whether an address can have come from a template: what stands before its first and behind its last placeholder, up to
/// the path, is the same.
fn fits(template: &str, url: &Url) -> bool {
    let here = origin(url);
    let (scheme, rest) = template.split_once("://").unwrap_or_default();
    let host = rest.split('/').next().unwrap_or_default();
    let head = host.split('{').next().unwrap_or_default();
    let tail = host.rsplit('}').next().unwrap_or_default();
    here.strip_prefix(&format!("{scheme}://{head}"))
        .is_some_and(|rest| rest.ends_with(tail) && rest.len() > tail.len())
}

/// Reads the machine of a node.
pub async fn machine(all: &Controllers, map: &Map, target: &Target) -> Reading<MachineFacts> {
    let place = match map.place(target) {
        Ok(place) => place,
        Err(why) => return Reading::Unreadable(why),
    };
    match system(all, map, &place, target).await {
        Ok(Some((url, system))) => match system.facts(url.to_string()) {
            Some(machine) => Reading::Seen(machine),
            None => Reading::Unreadable(format!("{url} does not tell its power state")),
        },
        Ok(None) => Reading::Absent,
        Err(trouble) if trouble.code() == Some(404) => Reading::Absent,
        Err(trouble) => Reading::Unreadable(trouble.to_string()),
    }
}

/// The system of a node with its address.
pub async fn system(
    all: &Controllers,
    map: &Map,
    place: &Url,
    target: &Target,
) -> Result<Option<(Url, System)>, Trouble> {
    if place.path().contains("/Systems/") {
        let system = all.read(place).await?;
        return Ok(Some((place.clone(), system)));
    }
    let name = all.system().unwrap_or_else(|| target.node.as_str());
    let key = (origin(place), name.to_owned());
    if let Some(url) = map.remembered(&key) {
        match all.read(&url).await {
            Ok(system) => return Ok(Some((url, system))),
            Err(trouble) if trouble.code() == Some(404) => map.remember(key.clone(), None),
            Err(trouble) => return Err(trouble),
        }
    }
    let found = search(all, place, name).await?;
    if let Some((url, _)) = &found {
        map.remember(key, Some(url));
    }
    Ok(found)
}

/// The only system of a controller, or the one that is called so.
async fn search(
    all: &Controllers,
    place: &Url,
    name: &str,
) -> Result<Option<(Url, System)>, Trouble> {
    let mut links = Vec::new();
    let mut next = Some("/redfish/v1/Systems".to_owned());
    while let Some(path) = next.take().filter(|_| links.len() <= SYSTEMS_MAX) {
        let page: Members = all.read(&join(place, &path)?).await?;
        links.extend(page.members.into_iter().map(|link| link.path));
        next = page.next;
    }
    if links.len() > SYSTEMS_MAX {
        return Err(Trouble::Blind(format!(
            "the controller has more than {SYSTEMS_MAX} systems: name them in machines"
        )));
    }
    let only = links.len() == 1 && all.system().is_none();
    let last = |path: &str| path.trim_end_matches('/').rsplit('/').next() == Some(name);
    if let Some(path) = links.iter().find(|path| only || last(path)) {
        let url = join(place, path)?;
        let system = all.read(&url).await?;
        return Ok(Some((url, system)));
    }
    let mut found = Vec::new();
    for path in &links {
        let url = join(place, path)?;
        let system: System = all.read(&url).await?;
        if system.called(name) {
            found.push((url, system));
        }
    }
    match (found.pop(), found.is_empty()) {
        (one, true) => Ok(one),
        (_, false) => Err(Trouble::Blind(format!(
            "several systems of the controller are called {name}: name them in machines"
        ))),
    }
}

#[cfg(test)]
mod tests;
