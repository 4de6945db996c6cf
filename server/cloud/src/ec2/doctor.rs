//! The doctor's look at an AWS account: keys, reading, the right to start, and each node's machine.

use super::Ec2;
use super::api::Api;
use crate::fault::{Fault, Finding, machines};
use crate::trouble::{Refusal, Trouble};
use domain::target::Target;

/// Looks it over; no call changes anything.
pub async fn examine(cloud: &Ec2, api: &Api, nodes: &[Target]) -> Vec<Finding> {
    let origin = match api.origin().await {
        Ok(origin) => origin,
        Err(trouble) => return vec![Finding::Failed(fault(&trouble))],
    };
    let page = match api.instances(&[("MaxResults", "5")]).await {
        Ok(page) => page,
        Err(trouble) => return vec![Finding::Failed(fault(&trouble))],
    };
    let who = match api.who().await {
        Ok((arn, _)) => format!("signed in as {arn} with the keys from {origin}"),
        Err(_) => format!("signed in with the keys from {origin}"),
    };
    let region = api.region();
    let mut found = vec![Finding::Well(format!(
        "{who}, machines of {region} can be read"
    ))];
    let Some(one) = page.instances.first() else {
        let what = format!("there is no machine in {region}");
        let way_out = "check region and account: nothing can be started here";
        found.push(Finding::Failed(Fault::new(what, way_out)));
        return found;
    };
    found.push(start(api, &one.id).await);
    if let Err(trouble) = api.status(&one.id).await {
        let way_out =
            "allow ec2:DescribeInstanceStatus; until then AWS's own checks and plans are not shown";
        found.push(Finding::Lacking(Fault::new(trouble.to_string(), way_out)));
    }
    found.extend(machines(cloud, nodes).await);
    found
}

/// A dry run changes nothing and says whether the real call would be allowed.
async fn start(api: &Api, id: &str) -> Finding {
    match api.may_start(id).await {
        Err(Trouble::Status(refusal)) => match refusal.name() {
            // The one says so, the other found nothing else to object to.
            "DryRunOperation" | "IncorrectInstanceState" => allowed(),
            _ => Finding::Failed(fault(&Trouble::Status(refusal))),
        },
        Ok(_) => allowed(),
        Err(trouble) => Finding::Failed(fault(&trouble)),
    }
}

fn allowed() -> Finding {
    Finding::Well("a start would be allowed (dry run)".to_owned())
}

fn fault(trouble: &Trouble) -> Fault {
    Fault::new(trouble.to_string(), way_out(trouble))
}

fn way_out(trouble: &Trouble) -> &'static str {
    match trouble {
        Trouble::Status(refusal) => refused(refusal),
        Trouble::SignIn { trouble, .. } => match trouble.as_ref() {
            Trouble::Setup(_) | Trouble::Secret(_) => {
                "set credentials and the keys that go with it, or give the instance or pod a role"
            }
            Trouble::Status(refusal) => refused(refusal),
            _ => "check that the service that hands out keys can be reached from here",
        },
        Trouble::NotSent { .. } => {
            "check region, endpoint, the network and, for https, the ca file"
        }
        Trouble::Lost { .. } => {
            "check that endpoint is EC2's and that no firewall swallows the answer"
        }
        Trouble::Garbled { .. } => "endpoint is probably not EC2's",
        Trouble::Blind(_) => "give the nodes their provider id",
        Trouble::Held { .. } => "wait a minute; raise calls_per_second if it stays so",
        Trouble::Secret(_) => "make the file readable for the server, or set the variable",
        Trouble::Setup(_) => "mend that key of the config",
    }
}

fn refused(refusal: &Refusal) -> &'static str {
    match refusal.name() {
        "UnauthorizedOperation" | "AccessDenied" | "AccessDeniedException" => {
            "allow ec2:DescribeInstances, ec2:DescribeInstanceStatus, ec2:GetConsoleOutput and ec2:StartInstances in the policy of this user or role"
        }
        "AuthFailure" | "InvalidClientTokenId" | "SignatureDoesNotMatch" => {
            "the keys are wrong, were taken back, or belong to another partition: put the right ones in place"
        }
        "ExpiredToken" | "ExpiredTokenException" | "InvalidIdentityToken" => {
            "the session has ended: renew it where the keys come from"
        }
        "RequestExpired" => "set the clock of this machine, best by NTP",
        "OptInRequired" => "switch the region on for this account, or choose another",
        "InvalidInstanceID.NotFound" => "run the check again: the machine went away meanwhile",
        _ if refusal.code == 404 => "endpoint is probably not EC2's",
        _ => "try again; if it stays so, look at AWS's health page",
    }
}
