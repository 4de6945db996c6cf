//! Keystone and Nova, as they were seen to speak.

use crate::bench::{Maker, Next, Power, Stage, Wall, echo, throttled};
use crate::relay::{Fate, Request, answer};
use cloud::openstack::{OpenStack, Settings, UserStop, Who};
use cloud::secret::SecretSource;
use cloud::{Adapter, Budget};
use std::path::PathBuf;
use std::sync::Arc;

const ID: &str = "e1607007-1345-4ac9-b7b7-6c4c370953a7";

pub const MAKER: Maker = Maker {
    name: "openstack",
    provider_id: Some("openstack:///e1607007-1345-4ac9-b7b7-6c4c370953a7"),
    handler,
    cloud,
    machine: |_| ID.to_owned(),
};

fn cloud(url: &str, secret: PathBuf) -> Arc<dyn Adapter> {
    let settings = Settings {
        name: "bench".into(),
        auth_url: format!("{url}/v3"),
        who: Who::User {
            name: "uncordon".into(),
            password: SecretSource::File(secret),
            domain: "Default".into(),
            project: "prod".into(),
            project_domain: "Default".into(),
        },
        region: None,
        interface: None,
        ca: None,
        user_stop: UserStop::Offer,
        budget: Budget::default(),
    };
    Arc::new(OpenStack::new(settings, Arc::new(Wall)).unwrap())
}

fn said(kind: &str, message: &str) -> String {
    serde_json::json!({kind: {"code": 0, "message": message}}).to_string()
}

fn handler(request: &Request, stage: &mut Stage, base: &str) -> Fate {
    if stage.echo {
        return answer(403, said("forbidden", &format!("echo {}", echo(request))));
    }
    if request.call == "POST /v3/auth/tokens" {
        if !request
            .body
            .contains(&format!("\"password\":\"{}\"", stage.secret))
        {
            return answer(
                401,
                said(
                    "error",
                    "The request you have made requires authentication.",
                ),
            );
        }
        let token = format!("canary-token-{}", stage.secret);
        let catalog = serde_json::json!({"token": {"expires_at": "2026-11-22T21:10:49.000000Z", "issued_at": "2026-11-22T20:10:49.000000Z",
            "roles": [{"id": "1", "name": "member"}], "catalog": [{"type": "compute", "name": "nova", "endpoints": [
            {"interface": "public", "region_id": "RegionOne", "region": "RegionOne", "url": format!("{base}/v2.1")}]}]}});
        return Fate::Answer(
            201,
            vec![("x-subject-token".into(), token)],
            catalog.to_string(),
        );
    }
    if request.header("x-auth-token") != format!("canary-token-{}", stage.secret) {
        return answer(401, said("error", "Unauthorized"));
    }
    let call = request.call.replace(ID, "ID");
    match call.as_str() {
        "POST /v2.1/servers/ID/action" if request.body.contains("os-start") => start(stage),
        "POST /v2.1/servers/ID/action" => answer(200, r#"{"output": "login:"}"#),
        _ if stage.silent => Fate::Silence,
        _ if stage.nonsense => answer(200, "<html>welcome</html>"),
        "GET /v2.1/servers/ID/os-instance-actions" => answer(200, r#"{"instanceActions": []}"#),
        "GET /v2.1/servers/ID" => match server(stage.power) {
            Some(server) => answer(200, format!(r#"{{"server": {server}}}"#)),
            None => answer(404, said("itemNotFound", "Instance could not be found.")),
        },
        _ => answer(200, r#"{"servers": []}"#),
    }
}

fn server(power: Power) -> Option<String> {
    let (status, task, code) = match power {
        Power::Off => ("SHUTOFF", "null", 4),
        Power::Starting => ("SHUTOFF", "\"powering-on\"", 4),
        Power::On => ("ACTIVE", "null", 1),
        Power::Stopping => ("ACTIVE", "\"powering-off\"", 1),
        Power::Gone => return None,
    };
    Some(format!(
        r#"{{"id": "{ID}", "status": "{status}", "OS-EXT-STS:task_state": {task}, "OS-EXT-STS:power_state": {code},
            "addresses": {{"private": [{{"addr": "127.0.0.1"}}]}}}}"#
    ))
}

fn start(stage: &mut Stage) -> Fate {
    stage.starts += 1;
    match stage.next {
        Next::Accept => Fate::Answer(
            202,
            vec![("x-openstack-request-id".into(), "req-1".into())],
            String::new(),
        ),
        Next::Throttle(after) => throttled(429, after, &said("overLimit", "slow down")),
        Next::Capacity => answer(500, said("computeFault", "No valid host was found.")),
        Next::Denied => answer(
            403,
            said(
                "forbidden",
                "Policy doesn't allow servers:start to be performed.",
            ),
        ),
        Next::NotFound => answer(404, said("itemNotFound", "Instance could not be found.")),
        Next::Conflict => answer(
            409,
            said(
                "conflictingRequest",
                "Cannot 'start' instance while it is in vm_state active",
            ),
        ),
        Next::Broken => answer(500, said("computeFault", "Unexpected API Error.")),
        Next::HangUp => Fate::HangUp,
        Next::Silence => Fate::Silence,
    }
}
