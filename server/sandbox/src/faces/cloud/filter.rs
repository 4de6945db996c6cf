//! Which servers a list shows.

use super::CloudError;
use super::server::state;
use crate::machine::Machine;
use regex::Regex;

const PAGE: usize = 1000;

/// The filters of a list; `ip` and `name` are unanchored regular expressions, as in Nova.
pub struct Filter {
    ip: Option<Regex>,
    name: Option<Regex>,
    status: Option<String>,
    host: Option<String>,
    /// The server the page before ended with.
    pub marker: Option<String>,
    /// The size of a page.
    pub limit: usize,
}

impl Filter {
    /// Reads a query.
    pub fn read(query: &[(String, String)]) -> Result<Filter, CloudError> {
        let find = |key: &str| {
            query
                .iter()
                .find(|(name, _)| name == key)
                .map(|(_, value)| value.clone())
        };
        let pattern = |key: &str| {
            find(key)
                .map(|text| Regex::new(&text))
                .transpose()
                .map_err(|error| {
                    CloudError::new(
                        400,
                        "badRequest",
                        format!("Invalid regular expression for {key}: {error}"),
                    )
                })
        };
        let limit = match find("limit") {
            None => PAGE,
            Some(text) => text.parse().map_err(|_| {
                CloudError::new(
                    400,
                    "badRequest",
                    format!("limit param must be an integer, not {text:?}"),
                )
            })?,
        };
        let (ip, name) = (pattern("ip")?, pattern("name")?);
        let limit = if limit == 0 { PAGE } else { limit.min(PAGE) };
        Ok(Filter {
            ip,
            name,
            status: find("status"),
            host: find("host"),
            marker: find("marker"),
            limit,
        })
    }

    /// Whether a machine is wanted.
    pub fn fits(&self, machine: &Machine) -> bool {
        self.ip.as_ref().is_none_or(|ip| ip.is_match(&machine.ip))
            && self
                .name
                .as_ref()
                .is_none_or(|name| name.is_match(&machine.name))
            && self
                .status
                .as_deref()
                .is_none_or(|status| status.eq_ignore_ascii_case(state(&machine.power).status))
            && self.host.as_deref().is_none_or(|host| host == machine.host)
    }
}
