//! A controller with sessions, as the standard has it.

use crate::bench::{Maker, Next, Power, Stage, Wall, echo, throttled};
use crate::relay::{Fate, Request, answer};
use cloud::redfish::{Redfish, Settings, SignIn};
use cloud::secret::SecretSource;
use cloud::{Adapter, Budget};
use std::path::PathBuf;
use std::sync::Arc;

pub const MAKER: Maker = Maker {
    name: "redfish",
    provider_id: None,
    handler,
    cloud,
    machine: |url| format!("{url}/redfish/v1/Systems/1"),
};

fn cloud(url: &str, secret: PathBuf) -> Arc<dyn Adapter> {
    let settings = Settings {
        name: "bench".into(),
        controller: Some(url.replace("127.0.0.1", "{ip}")),
        system: None,
        machines: std::collections::BTreeMap::new(),
        username: "ops".into(),
        password: SecretSource::File(secret),
        sign_in: SignIn::Auto,
        ca: None,
        budget: Budget::default(),
    };
    Arc::new(Redfish::new(settings, Arc::new(Wall)).unwrap())
}

fn said(id: &str, message: &str) -> String {
    serde_json::json!({"error": {"code": "Base.1.8.GeneralError", "message": "See ExtendedInfo", "@Message.ExtendedInfo": [
        {"MessageId": format!("Base.1.8.{id}"), "Message": message, "Resolution": "None"}]}})
    .to_string()
}

fn handler(request: &Request, stage: &mut Stage, _base: &str) -> Fate {
    if stage.echo {
        return answer(
            403,
            said("InsufficientPrivilege", &format!("echo {}", echo(request))),
        );
    }
    match request.call.as_str() {
        "GET /redfish/v1/" => {
            return answer(
                200,
                r#"{"Links": {"Sessions": {"@odata.id": "/redfish/v1/SessionService/Sessions"}}, "SessionService": {"@odata.id": "/redfish/v1/SessionService"}}"#,
            );
        }
        "POST /redfish/v1/SessionService/Sessions" => {
            if !request
                .body
                .contains(&format!("\"Password\":\"{}\"", stage.secret))
            {
                return answer(
                    401,
                    said("ResourceAtUriUnauthorized", "Wrong user or password"),
                );
            }
            let token = format!("canary-session-{}", stage.secret);
            return Fate::Answer(
                201,
                vec![
                    ("x-auth-token".into(), token),
                    (
                        "location".into(),
                        "/redfish/v1/SessionService/Sessions/9".into(),
                    ),
                ],
                "{}".into(),
            );
        }
        _ => {}
    }
    if request.header("x-auth-token") != format!("canary-session-{}", stage.secret) {
        return answer(
            401,
            said("NoValidSession", "There is no valid session established."),
        );
    }
    match request.call.as_str() {
        "POST /redfish/v1/Systems/1/Actions/ComputerSystem.Reset" => start(stage),
        _ if stage.silent => Fate::Silence,
        _ if stage.nonsense => answer(200, "<html>welcome</html>"),
        "GET /redfish/v1/Systems" => answer(
            200,
            r#"{"Members": [{"@odata.id": "/redfish/v1/Systems/1"}]}"#,
        ),
        "GET /redfish/v1/Systems/1" => match power(stage.power) {
            Some(power) => answer(200, system(power)),
            None => answer(
                404,
                said("ResourceMissingAtURI", "The resource is missing."),
            ),
        },
        _ => answer(
            404,
            said("ResourceMissingAtURI", "The resource is missing."),
        ),
    }
}

fn power(power: Power) -> Option<&'static str> {
    match power {
        Power::Off => Some("Off"),
        Power::Starting => Some("PoweringOn"),
        Power::On => Some("On"),
        Power::Stopping => Some("PoweringOff"),
        Power::Gone => None,
    }
}

fn system(power: &str) -> String {
    serde_json::json!({"Id": "1", "Name": "node-12", "PowerState": power, "Status": {"State": "Enabled", "Health": "OK"},
        "Actions": {"#ComputerSystem.Reset": {"target": "/redfish/v1/Systems/1/Actions/ComputerSystem.Reset",
        "ResetType@Redfish.AllowableValues": ["On", "ForceOff"]}}})
    .to_string()
}

fn start(stage: &mut Stage) -> Fate {
    stage.starts += 1;
    match stage.next {
        Next::Accept => answer(204, ""),
        Next::Throttle(after) => throttled(
            503,
            after,
            &said("ServiceTemporarilyUnavailable", "Try later."),
        ),
        Next::Capacity => answer(
            507,
            said("ResourceExhaustion", "The resource is exhausted."),
        ),
        Next::Denied => answer(403, said("InsufficientPrivilege", "Not enough rights.")),
        Next::NotFound => answer(
            404,
            said("ResourceMissingAtURI", "The resource is missing."),
        ),
        Next::Conflict => answer(409, said("ResourceInUse", "The resource is in use.")),
        Next::Broken => answer(500, said("InternalError", "The service is broken.")),
        Next::HangUp => Fate::HangUp,
        Next::Silence => Fate::Silence,
    }
}
