//! `[[cluster.check]]`, the checks of the team, and `[cluster.impact]`, what people feel of a failure.

use super::{Config, ConfigError, secret};
use checks::Way;
use checks::prometheus::Prometheus;
use cloud::secret::SecretSource;
use domain::check::{CheckKind, CheckName, TeamCheck, When};
use serde::Deserialize;
use std::path::PathBuf;
use std::time::Duration;
use toml::Spanned;

/// Longest time for one try or one pause, in seconds.
const TRY_MAX: u32 = 3600;
/// Longest time for all tries, in seconds.
const LIMIT_MAX: u32 = 86_400;

/// `[[cluster.check]]`.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CheckKeys {
    /// Its name, unique in the cluster.
    pub name: Spanned<CheckName>,
    /// What it does; the keys below the common ones belong to one kind each.
    pub kind: CheckKind,
    /// Before the uncordon or after it.
    #[serde(default = "default_when")]
    pub when: When,
    /// It must pass within so many seconds.
    pub limit_s: Option<u32>,
    /// Pause between two tries, in seconds.
    pub every_s: Option<u32>,
    /// One try may take so many seconds.
    pub timeout_s: Option<u32>,
    /// `http`: address.
    pub url: Option<String>,
    /// `http`: expected status.
    pub status: Option<u16>,
    /// `http`: text the body must hold.
    pub contains: Option<String>,
    /// `promql`: address of Prometheus.
    pub prometheus: Option<String>,
    /// `promql`: the query.
    pub query: Option<String>,
    /// `promql`: no value may be less.
    pub min: Option<f64>,
    /// `promql`: no value may be more.
    pub max: Option<f64>,
    /// `http`, `promql`: file with a bearer token.
    pub token_file: Option<PathBuf>,
    /// `http`, `promql`: environment variable with it.
    pub token_env: Option<String>,
    /// `http`, `promql`: authorities besides the system's.
    pub ca_file: Option<PathBuf>,
    /// `tcp`: `host:port`.
    pub address: Option<String>,
    /// `command`: absolute path, one of `server.check_commands`.
    pub path: Option<PathBuf>,
    /// `job`: file with a Job.
    pub template_file: Option<PathBuf>,
    /// `job`: its pods run on the node that came back.
    pub on_node: Option<bool>,
}

/// `[cluster.impact]`.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ImpactKeys {
    /// Address of Prometheus.
    pub prometheus: Spanned<String>,
    /// A query that answers one value.
    pub promql: String,
    /// What that value is, in a few words.
    pub what: String,
    /// File with a bearer token.
    pub token_file: Option<PathBuf>,
    /// Environment variable with it.
    pub token_env: Option<String>,
    /// Authorities besides the system's.
    pub ca_file: Option<PathBuf>,
}

const fn default_when() -> When {
    When::Workload
}

fn within(what: Option<u32>, usual: u32) -> Duration {
    Duration::from_secs(what.unwrap_or(usual).into())
}

impl CheckKeys {
    /// What plans know of it.
    pub fn planned(&self) -> TeamCheck {
        let (limit, every) = match self.kind {
            CheckKind::Http | CheckKind::Promql | CheckKind::Tcp => (120, 5),
            CheckKind::Command => (120, 10),
            CheckKind::Job => (600, 10),
        };
        TeamCheck {
            name: *self.name.get_ref(),
            kind: self.kind,
            when: self.when,
            limit_s: self.limit_s.unwrap_or(limit),
            every_s: self.every_s.unwrap_or(every),
        }
    }

    /// How long one try may take.
    pub fn timeout(&self) -> Duration {
        let usual = match self.kind {
            CheckKind::Http | CheckKind::Promql | CheckKind::Tcp => 10,
            CheckKind::Command => 30,
            CheckKind::Job => 300,
        };
        within(self.timeout_s, usual)
    }

    /// How its address is asked.
    pub fn way(&self) -> Way {
        Way {
            token: secret(self.token_file.as_ref(), self.token_env.as_ref()),
            ca_file: self.ca_file.clone(),
            timeout: self.timeout(),
        }
    }

    /// All files it names that may be relative.
    pub(super) fn files(&mut self) -> impl Iterator<Item = &mut PathBuf> {
        [
            self.token_file.as_mut(),
            self.ca_file.as_mut(),
            self.template_file.as_mut(),
        ]
        .into_iter()
        .flatten()
    }

    /// Keys that are given, each with the kinds it belongs to.
    fn given(&self) -> [(&'static str, bool, &'static [CheckKind]); 14] {
        use CheckKind::{Command, Http, Job, Promql, Tcp};
        [
            ("url", self.url.is_some(), &[Http]),
            ("status", self.status.is_some(), &[Http]),
            ("contains", self.contains.is_some(), &[Http]),
            ("prometheus", self.prometheus.is_some(), &[Promql]),
            ("query", self.query.is_some(), &[Promql]),
            ("min", self.min.is_some(), &[Promql]),
            ("max", self.max.is_some(), &[Promql]),
            ("token_file", self.token_file.is_some(), &[Http, Promql]),
            ("token_env", self.token_env.is_some(), &[Http, Promql]),
            ("ca_file", self.ca_file.is_some(), &[Http, Promql]),
            ("address", self.address.is_some(), &[Tcp]),
            ("path", self.path.is_some(), &[Command]),
            ("template_file", self.template_file.is_some(), &[Job]),
            ("on_node", self.on_node.is_some(), &[Job]),
        ]
    }

    /// The first key that does not fit, and what was expected.
    fn fault(&self, allowed: &[PathBuf]) -> Result<(), (&'static str, String)> {
        let kind = self.kind.word();
        for (key, given, kinds) in self.given() {
            if given && !kinds.contains(&self.kind) {
                let fits: Vec<&str> = kinds.iter().map(|one| one.word()).collect();
                let fits = fits.join(" or ");
                return Err((key, format!("belongs to checks of kind {fits}, not {kind}")));
            }
        }
        let needed: &[(&'static str, bool)] = match self.kind {
            CheckKind::Http => &[("url", self.url.is_some())],
            CheckKind::Promql => &[
                ("prometheus", self.prometheus.is_some()),
                ("query", self.query.is_some()),
            ],
            CheckKind::Tcp => &[("address", self.address.is_some())],
            CheckKind::Command => &[("path", self.path.is_some())],
            CheckKind::Job => &[("template_file", self.template_file.is_some())],
        };
        if let Some((key, _)) = needed.iter().find(|(_, given)| !given) {
            return Err((key, format!("expected it for a check of kind {kind}")));
        }
        if self.token_file.is_some() && self.token_env.is_some() {
            return Err((
                "token_file",
                "expected at most one of token_file and token_env".to_owned(),
            ));
        }
        for (key, address) in [("url", &self.url), ("prometheus", &self.prometheus)] {
            if let Some(text) = address {
                http_address(text).map_err(|why| (key, why))?;
            }
        }
        if let Some(address) = &self.address
            && address
                .rsplit_once(':')
                .is_none_or(|(host, port)| host.is_empty() || port.parse::<u16>().is_err())
        {
            return Err(("address", format!("expected host:port, not {address:?}")));
        }
        if let Some(path) = &self.path {
            checks::command::may_run(path, allowed).map_err(|why| ("path", why))?;
        }
        self.times()
    }

    fn times(&self) -> Result<(), (&'static str, String)> {
        let planned = self.planned();
        let timeout = u32::try_from(self.timeout().as_secs()).unwrap_or(u32::MAX);
        for (key, value) in [("timeout_s", timeout), ("every_s", planned.every_s)] {
            if !(1..=TRY_MAX).contains(&value) {
                return Err((key, format!("expected 1 to {TRY_MAX} seconds")));
            }
        }
        if !(timeout..=LIMIT_MAX).contains(&planned.limit_s) {
            let least = format!("expected {timeout} (timeout_s) to {LIMIT_MAX} seconds");
            return Err(("limit_s", least));
        }
        Ok(())
    }
}

impl ImpactKeys {
    /// All files it names.
    pub(super) fn files(&mut self) -> impl Iterator<Item = &mut PathBuf> {
        [self.token_file.as_mut(), self.ca_file.as_mut()]
            .into_iter()
            .flatten()
    }

    /// Where the bearer token is kept.
    pub fn token(&self) -> Option<SecretSource> {
        secret(self.token_file.as_ref(), self.token_env.as_ref())
    }
}

/// An address as Prometheus is asked at.
pub fn prometheus(url: &str, way: Way) -> anyhow::Result<Prometheus> {
    let url = cloud::address("prometheus", url)?;
    Ok(Prometheus { url, way })
}

fn http_address(text: &str) -> Result<(), String> {
    // What stands for the node is filled in later; any name will do to see the rest.
    let filled = text
        .replace("{node}", "node")
        .replace("{ip}", "192.0.2.1")
        .replace("{cluster}", "cluster");
    cloud::address("url", &filled)
        .map(drop)
        .map_err(|_| format!("expected http(s)://host/.. without user and password, not {text:?}"))
}

impl Config {
    /// `wrong` makes a fault of a place, a key and a sentence.
    pub(super) fn check_team(
        &self,
        text: &str,
        wrong: &impl Fn(usize, &str, String) -> ConfigError,
    ) -> Result<(), ConfigError> {
        for cluster in &self.clusters {
            for (index, check) in cluster.checks.iter().enumerate() {
                let (name, at) = (check.name.get_ref(), check.name.span().start);
                if cluster.checks[..index]
                    .iter()
                    .any(|other| other.name.get_ref() == name)
                {
                    let message = format!("{name} is given twice; expected a name of its own");
                    return Err(wrong(at, "cluster.check.name", message));
                }
                if let Err((key, message)) = check.fault(&self.server.check_commands) {
                    let place = within_block(text, at, key);
                    return Err(wrong(
                        place,
                        &format!("cluster.check.{key}"),
                        format!("{message} (check {name})"),
                    ));
                }
            }
            if let Some(impact) = &cluster.impact {
                let at = impact.prometheus.span().start;
                http_address(impact.prometheus.get_ref())
                    .map_err(|why| wrong(at, "cluster.impact.prometheus", why))?;
                if impact.token_file.is_some() && impact.token_env.is_some() {
                    let message = "expected at most one of token_file and token_env".to_owned();
                    return Err(wrong(at, "cluster.impact.token_file", message));
                }
            }
        }
        Ok(())
    }
}

/// Where a key stands in the block around a place; the place itself if it is not there.
fn within_block(text: &str, at: usize, key: &str) -> usize {
    let from = text[..at].rfind("[[").unwrap_or(0);
    let block = text[from..]
        .get(2..)
        .and_then(|rest| rest.find("\n["))
        .map_or(&text[from..], |end| &text[from..from + 2 + end]);
    block
        .match_indices(key)
        .find(|(place, _)| {
            block[..*place]
                .trim_end_matches([' ', '\t'])
                .ends_with('\n')
        })
        .map_or(at, |(place, _)| from + place)
}
