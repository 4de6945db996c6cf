//! Hetzner Cloud by the template that is shipped.

use crate::bench::{Maker, Next, Power, Stage, Wall, echo, throttled};
use crate::relay::{Fate, Request, answer};
use cloud::http::{Http, Settings, shipped};
use cloud::secret::SecretSource;
use cloud::{Adapter, Budget};
use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::Arc;

pub const MAKER: Maker = Maker {
    name: "http",
    provider_id: Some("hcloud://42"),
    handler,
    cloud,
    machine: |_| "42".to_owned(),
};

fn cloud(url: &str, secret: PathBuf) -> Arc<dyn Adapter> {
    let settings = Settings {
        name: "bench".into(),
        template: toml::from_str(shipped("hetzner").unwrap()).unwrap(),
        base: Some(format!("{url}/v1")),
        secrets: BTreeMap::from([("token".into(), SecretSource::File(secret))]),
        ca: None,
        budget: Budget::default(),
    };
    Arc::new(Http::new(settings, Arc::new(Wall)).unwrap())
}

fn said(code: &str, message: &str) -> String {
    serde_json::json!({"error": {"code": code, "message": message, "details": null}}).to_string()
}

fn handler(request: &Request, stage: &mut Stage, _base: &str) -> Fate {
    if stage.echo {
        return answer(403, said("forbidden", &format!("echo {}", echo(request))));
    }
    if request.header("authorization") != format!("Bearer {}", stage.secret) {
        return answer(401, said("unauthorized", "unable to authenticate"));
    }
    match request.call.as_str() {
        "POST /v1/servers/42/actions/poweron" => start(stage),
        _ if stage.silent => Fate::Silence,
        _ if stage.nonsense => answer(200, "<html>welcome</html>"),
        "GET /v1/servers/42" => match server(stage.power) {
            Some(server) => answer(200, format!(r#"{{"server": {server}}}"#)),
            None => answer(404, said("not_found", "server with ID '42' not found")),
        },
        _ => answer(
            200,
            r#"{"servers": [], "meta": {"pagination": {"next_page": null}}}"#,
        ),
    }
}

fn server(power: Power) -> Option<String> {
    let status = match power {
        Power::Off => "off",
        Power::Starting => "starting",
        Power::On => "running",
        Power::Stopping => "stopping",
        Power::Gone => return None,
    };
    Some(format!(
        r#"{{"id": 42, "name": "node-12", "status": "{status}", "locked": false, "rescue_enabled": false,
            "public_net": {{"ipv4": {{"ip": "203.0.113.12"}}}}, "private_net": [{{"network": 7, "ip": "127.0.0.1"}}],
            "datacenter": {{"id": 1, "name": "fsn1-dc8"}}}}"#
    ))
}

fn start(stage: &mut Stage) -> Fate {
    stage.starts += 1;
    match stage.next {
        Next::Accept => answer(
            201,
            r#"{"action": {"id": 13, "command": "start_server", "status": "running", "progress": 0}}"#,
        ),
        Next::Throttle(after) => throttled(
            429,
            after,
            &said(
                "rate_limit_exceeded",
                "limit of 3600 requests per hour reached",
            ),
        ),
        Next::Capacity => answer(412, said("resource_unavailable", "error during placement")),
        Next::Denied => answer(403, said("token_readonly", "token is read only")),
        Next::NotFound => answer(404, said("not_found", "server with ID '42' not found")),
        Next::Conflict => answer(423, said("locked", "server is locked")),
        Next::Broken => answer(500, said("server_error", "an error occurred")),
        Next::HangUp => Fate::HangUp,
        Next::Silence => Fate::Silence,
    }
}
