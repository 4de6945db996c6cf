//! Which addresses may be called for a device: the known push services and no others, so that a subscription cannot
//! make us call somebody else.

use reqwest::Url;

/// The push services of the browsers.
pub const KNOWN: [&str; 6] = [
    "fcm.googleapis.com",
    "jmt17.google.com",
    "*.push.services.mozilla.com",
    "*.push.apple.com",
    "*.notify.windows.com",
    "push.services.mozilla.com",
];

/// Why an address is not called.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum BadEndpoint {
    /// Not an address.
    #[error("the push address is not an address")]
    Unreadable,
    /// Not over TLS, or with a name and password in it.
    #[error("the push address must begin with https:// and hold no name or password")]
    Unsafe,
    /// A host that is not on the list.
    #[error("{0} is not a known push service; an admin can add it to notify.push_hosts")]
    Foreign(String),
}

/// The list.
#[derive(Debug, Clone)]
pub struct Hosts {
    names: Vec<String>,
    loopback: bool,
}

impl Hosts {
    /// These names; `*.` in front stands for any one or more labels. `loopback`: plain http to this machine too, for a
    /// push service that a test brings along.
    pub fn new(names: &[String], loopback: bool) -> Self {
        Self {
            names: names.iter().map(|name| name.to_ascii_lowercase()).collect(),
            loopback,
        }
    }

    /// The address, if it may be called.
    pub fn check(&self, endpoint: &str) -> Result<Url, BadEndpoint> {
        let url = Url::parse(endpoint).map_err(|_| BadEndpoint::Unreadable)?;
        let host = url.host_str().ok_or(BadEndpoint::Unreadable)?;
        if !url.username().is_empty() || url.password().is_some() {
            return Err(BadEndpoint::Unsafe);
        }
        if self.loopback && matches!(host, "127.0.0.1" | "localhost" | "[::1]") {
            return Ok(url);
        }
        if url.scheme() != "https" || url.port().is_some() {
            return Err(BadEndpoint::Unsafe);
        }
        if self.names.iter().any(|name| fits(name, host)) {
            Ok(url)
        } else {
            Err(BadEndpoint::Foreign(host.to_owned()))
        }
    }
}

fn fits(name: &str, host: &str) -> bool {
    match name.strip_prefix("*.") {
        Some(parent) => host
            .strip_suffix(parent)
            .is_some_and(|rest| rest.len() > 1 && rest.ends_with('.')),
        None => name == host,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn known(loopback: bool) -> Hosts {
        Hosts::new(&KNOWN.map(str::to_owned), loopback)
    }

    #[test]
    fn only_known_push_services_are_called_and_only_over_tls() {
        let hosts = known(false);
        for good in [
            "https://fcm.googleapis.com/fcm/send/abc",
            "https://updates.push.services.mozilla.com/wpush/v2/abc",
            "https://web.push.apple.com/abc",
            "https://wns2-par02p.notify.windows.com/w/?token=abc",
        ] {
            assert!(hosts.check(good).is_ok(), "{good}");
        }
        for bad in [
            "http://fcm.googleapis.com/x",
            "https://fcm.googleapis.com:8443/x",
            "https://user@fcm.googleapis.com/x",
            "https://fcm.googleapis.com.evil.test/x",
            "https://evil.test/?fcm.googleapis.com",
            "https://push.apple.com.evil.test/x",
            "https://evilpush.apple.com.test/x",
            "https://evilpush.apple.com/x",
            "https://.push.apple.com/x",
            "https://10.0.0.1/x",
            "http://127.0.0.1:1/x",
            "file:///etc/passwd",
            "not an address",
        ] {
            assert!(hosts.check(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn this_machine_is_called_only_where_a_test_says_so() {
        assert!(
            known(true)
                .check("http://127.0.0.1:18092/fcm/send/x")
                .is_ok()
        );
        assert!(known(true).check("http://10.0.0.1:18092/x").is_err());
        assert!(known(false).check("https://localhost/x").is_err());
    }
}
