//! The way to an API server, and what to do where it is blocked.

use crate::ask::Trouble;

/// The way to an API server, to say where it ends.
pub struct Way {
    /// Address.
    pub server: String,
    /// Through which proxy.
    pub proxy: Option<String>,
}

impl Way {
    /// A trouble, and what to do about it.
    pub fn out_of(&self, trouble: &Trouble) -> String {
        let server = &self.server;
        let advice = match trouble {
            Trouble::Unusable(_) => return trouble.to_string(),
            Trouble::NotSent(why) | Trouble::Lost(why) if why.contains("certificate") => {
                "its certificate is not one we trust: set certificate-authority in the kubeconfig, or cluster.ca_file, to the authority that signed it".to_owned()
            }
            Trouble::NotSent(why) | Trouble::Lost(why) if why.contains("fatal alert") => {
                "it does not take our certificate: renew client-certificate in the kubeconfig".to_owned()
            }
            Trouble::NotSent(_) | Trouble::Lost(_) | Trouble::Silent(_) => match &self.proxy {
                Some(proxy) => format!(
                    "is the proxy {proxy} running, and does it let us through? Check cluster.proxy_url, or proxy-url in the kubeconfig"
                ),
                None => "is it running, and does the network let us through? Check the address of the server in the kubeconfig, and whether cluster.proxy_url is needed".to_owned(),
            },
            Trouble::Status { code: 401, .. } => {
                "it does not know our user: the token or the certificate is wrong or has expired; renew it in the kubeconfig or its token file".to_owned()
            }
            Trouble::Status { .. } | Trouble::Garbled { .. } => {
                "look at the API server itself".to_owned()
            }
        };
        format!("{trouble} ({server}): {advice}")
    }

    /// Whether what we say can be read by others: a name that leads to this machine cannot.
    pub fn in_clear(&self) -> bool {
        let Some(rest) = self.server.strip_prefix("http://") else {
            return false;
        };
        let host = rest.split(['/', '?']).next().unwrap_or_default();
        let host = host.rsplit_once(':').map_or(host, |(host, _)| host);
        let host = host.trim_matches(['[', ']']);
        let here = host.parse::<std::net::IpAddr>();
        !(host == "localhost" || here.is_ok_and(|ip| ip.is_loopback()))
    }
}
