//! EC2, as it is documented and moto was seen to speak.

use crate::bench::{Maker, Next, Power, Stage, Wall, echo, throttled};
use crate::relay::{Fate, Request, answer};
use cloud::ec2::{Ec2, KeySource, Settings, UserStop};
use cloud::secret::SecretSource;
use cloud::{Adapter, Budget};
use std::path::PathBuf;
use std::sync::Arc;

const ID: &str = "i-24519b9d6af0a1cb5";

pub const MAKER: Maker = Maker {
    name: "ec2",
    provider_id: Some("aws:///eu-central-1a/i-24519b9d6af0a1cb5"),
    handler,
    cloud,
    machine: |_| ID.to_owned(),
};

fn cloud(url: &str, secret: PathBuf) -> Arc<dyn Adapter> {
    let settings = Settings {
        name: "bench".into(),
        region: "eu-central-1".into(),
        endpoint: Some(url.into()),
        sts_endpoint: Some(url.into()),
        // The stand-in knows a caller by the session token; moto checks signatures.
        keys: KeySource::Pair {
            id: SecretSource::Env("PATH".into()),
            secret: SecretSource::File(secret.clone()),
            session: Some(SecretSource::File(secret)),
        },
        vpc: None,
        host_tag: None,
        ca: None,
        user_stop: UserStop::Offer,
        budget: Budget::default(),
    };
    Arc::new(Ec2::new(settings, Arc::new(Wall)).unwrap())
}

/// EC2's own wrapper of an error.
pub fn error(code: &str, message: &str) -> String {
    let message = message.replace('&', "&amp;").replace('<', "&lt;");
    format!(
        "<Response><Errors><Error><Code>{code}</Code><Message>{message}</Message></Error></Errors><RequestID>r-1</RequestID></Response>"
    )
}

/// Everybody else's.
fn other_error(code: &str, message: &str) -> String {
    format!(
        "<ErrorResponse><Errors><Error><Code>{code}</Code><Message>{message}</Message><Type>Sender</Type></Error></Errors></ErrorResponse>"
    )
}

fn handler(request: &Request, stage: &mut Stage, _base: &str) -> Fate {
    if stage.echo {
        return answer(
            400,
            error(
                "SignatureDoesNotMatch",
                &format!("echo {}\nThe canonical string was ..", echo(request)),
            ),
        );
    }
    let is = |action: &str| request.body.contains(&format!("Action={action}&"));
    let signed = request.header("x-amz-security-token") == stage.secret
        && request
            .header("authorization")
            .starts_with("AWS4-HMAC-SHA256 ");
    if !signed {
        return answer(
            401,
            other_error(
                "AuthFailure",
                "AWS was not able to validate the provided access credentials",
            ),
        );
    }
    match () {
        () if is("StartInstances") && request.body.contains("DryRun=true") => answer(
            412,
            error(
                "DryRunOperation",
                "Request would have succeeded, but DryRun flag is set.",
            ),
        ),
        () if is("StartInstances") => start(stage),
        () if is("GetConsoleOutput") => answer(
            200,
            "<GetConsoleOutputResponse><output>bG9naW46</output></GetConsoleOutputResponse>",
        ),
        () if is("GetCallerIdentity") => answer(
            200,
            "<GetCallerIdentityResponse><GetCallerIdentityResult><Arn>arn:aws:iam::1:user/ops</Arn></GetCallerIdentityResult></GetCallerIdentityResponse>",
        ),
        () if stage.silent => Fate::Silence,
        () if stage.nonsense => answer(200, "<html>welcome</html"),
        () if is("DescribeInstanceStatus") => answer(
            200,
            "<DescribeInstanceStatusResponse><instanceStatusSet/></DescribeInstanceStatusResponse>",
        ),
        () => match instance(stage.power) {
            Some(item) => answer(
                200,
                format!(
                    "<DescribeInstancesResponse><reservationSet><item><instancesSet>{item}</instancesSet></item></reservationSet></DescribeInstancesResponse>"
                ),
            ),
            None => answer(
                400,
                error(
                    "InvalidInstanceID.NotFound",
                    "The instance ID does not exist",
                ),
            ),
        },
    }
}

fn instance(power: Power) -> Option<String> {
    let state = match power {
        Power::Off => "stopped",
        Power::Starting => "pending",
        Power::On => "running",
        Power::Stopping => "stopping",
        Power::Gone => return None,
    };
    Some(format!(
        "<item><instanceId>{ID}</instanceId><instanceState><name>{state}</name></instanceState><privateIpAddress>127.0.0.1</privateIpAddress></item>"
    ))
}

fn start(stage: &mut Stage) -> Fate {
    stage.starts += 1;
    match stage.next {
        Next::Accept => answer(
            200,
            format!(
                "<StartInstancesResponse><instancesSet><item><instanceId>{ID}</instanceId><currentState><name>pending</name></currentState><previousState><name>stopped</name></previousState></item></instancesSet><requestId>r-7</requestId></StartInstancesResponse>"
            ),
        ),
        Next::Throttle(after) => throttled(
            503,
            after,
            &error("RequestLimitExceeded", "Request limit exceeded."),
        ),
        Next::Capacity => answer(
            500,
            error(
                "InsufficientInstanceCapacity",
                "We currently do not have sufficient capacity.",
            ),
        ),
        Next::Denied => answer(
            403,
            error(
                "UnauthorizedOperation",
                "You are not authorized. Encoded authorization failure message: 4GBvq",
            ),
        ),
        Next::NotFound => answer(
            400,
            error(
                "InvalidInstanceID.NotFound",
                "The instance ID does not exist",
            ),
        ),
        Next::Conflict => answer(
            400,
            error(
                "IncorrectInstanceState",
                "The instance is not in a state from which it can be started.",
            ),
        ),
        Next::Broken => answer(
            500,
            error("InternalError", "An internal error has occurred"),
        ),
        Next::HangUp => Fate::HangUp,
        Next::Silence => Fate::Silence,
    }
}
