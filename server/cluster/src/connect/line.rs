//! The stack below a client: TCP, a proxy if there is one, TLS, HTTP.

use crate::ask::LIMIT;
use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use http::{HeaderValue, Uri};
use hyper::rt::{Read, Write};
use hyper_util::client::legacy::Client as Hyper;
use hyper_util::client::legacy::connect::proxy::{SocksV5, Tunnel};
use hyper_util::client::legacy::connect::{Connection, HttpConnector};
use hyper_util::rt::{TokioExecutor, TokioTimer};
use kube::client::{Body, ClientBuilder, ConfigExt};
use kube::{Client, Config};
use std::time::Duration;
use tower::{BoxError, Service, ServiceBuilder};

/// kube's own stack with three differences: no retries, no Nagle delay, and connections that stay warm and whose silent death
/// is noticed by the kernel.
pub fn client(config: &Config) -> Result<Client, kube::Error> {
    let mut tcp = HttpConnector::new();
    tcp.enforce_http(false);
    tcp.set_nodelay(true);
    tcp.set_connect_timeout(Some(LIMIT / 2));
    tcp.set_keepalive(Some(Duration::from_secs(15)));
    tcp.set_keepalive_interval(Some(Duration::from_secs(5)));
    tcp.set_keepalive_retries(Some(3));
    match &config.proxy_url {
        None => over(config, tcp),
        Some(proxy) if proxy.scheme_str() == Some("socks5") => {
            let socks = SocksV5::new(bare(proxy), tcp);
            match user(proxy) {
                Some((name, password)) => over(config, socks.with_auth(name, password)),
                None => over(config, socks),
            }
        }
        Some(proxy) => {
            let tunnel = Tunnel::new(bare(proxy), tcp);
            let header = user(proxy).and_then(|(name, password)| {
                let both = BASE64_STANDARD.encode(format!("{name}:{password}"));
                HeaderValue::from_str(&format!("Basic {both}")).ok()
            });
            match header {
                Some(header) => over(config, tunnel.with_auth(header)),
                None => over(config, tunnel),
            }
        }
    }
}

fn over<C>(config: &Config, connector: C) -> Result<Client, kube::Error>
where
    C: Service<Uri> + Clone + Send + Sync + 'static,
    C::Response: Connection + Read + Write + Send + Unpin,
    C::Future: Send,
    C::Error: Into<BoxError>,
{
    let https = config.rustls_https_connector_with_connector(connector)?;
    let hyper: Hyper<_, Body> = Hyper::builder(TokioExecutor::new())
        .pool_timer(TokioTimer::new())
        .pool_idle_timeout(Duration::from_secs(90))
        .pool_max_idle_per_host(16)
        .build(https);
    let service = ServiceBuilder::new()
        .layer(config.base_uri_layer())
        .option_layer(config.auth_layer()?)
        .layer(config.extra_headers_layer()?)
        .map_err(BoxError::from)
        .service(hyper);
    Ok(ClientBuilder::new(service, config.default_namespace.clone()).build())
}

/// The name and password in a proxy's address, which no URI type takes apart.
fn user(proxy: &Uri) -> Option<(String, String)> {
    let (both, _) = proxy.authority()?.as_str().rsplit_once('@')?;
    let (name, password) = both.split_once(':').unwrap_or((both, ""));
    let plain = |text: &str| {
        percent_encoding::percent_decode_str(text)
            .decode_utf8_lossy()
            .into_owned()
    };
    Some((plain(name), plain(password)))
}

fn bare(proxy: &Uri) -> Uri {
    plain(proxy).parse().unwrap_or_else(|_| proxy.clone())
}

/// The address of a proxy without who we are to it.
pub fn plain(proxy: &Uri) -> String {
    let place = proxy.authority().map_or("", |all| {
        all.as_str()
            .rsplit_once('@')
            .map_or(all.as_str(), |one| one.1)
    });
    format!("{}://{place}", proxy.scheme_str().unwrap_or("http"))
}

#[cfg(test)]
mod tests;
