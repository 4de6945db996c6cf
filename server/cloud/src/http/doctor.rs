//! The doctor's look at a cloud by template: it is read, and each node's machine with it.

use super::Http;
use super::fill::Values;
use crate::fault::{Fault, Finding, machines};
use crate::pace::Kind;
use crate::trouble::Trouble;
use domain::target::Target;

/// Looks it over; no call changes anything. Whether a start would be allowed cannot be asked by template.
pub async fn examine(cloud: &Http, nodes: &[Target]) -> Vec<Finding> {
    let mut found = Vec::new();
    if let Some(find) = &cloud.template().find {
        let values = Values {
            page: "1",
            name: "uncordon-check",
            ip: "192.0.2.1",
            ..Values::default()
        };
        let seen = cloud.call(&find.request, &values, None, Kind::Read).await;
        let seen = seen.map(|reply| format!("machines can be listed at {}", reply.host));
        found.push(Finding::from(seen.map_err(|trouble| fault(&trouble))));
    }
    if !matches!(found.first(), Some(Finding::Failed(_))) {
        found.extend(machines(cloud, nodes).await);
        let what = "whether a start is allowed cannot be asked without starting";
        let way_out = "make sure that the token may write, not only read";
        found.push(Finding::Lacking(Fault::new(what, way_out)));
    }
    found
}

fn fault(trouble: &Trouble) -> Fault {
    let way_out = match trouble {
        Trouble::Status(refusal) => match refusal.code {
            401 => "the token is wrong or was taken back: put the right one in place",
            403 => "the token may not list machines: give it that right",
            404 => "check base and the address of find: nothing is there",
            _ => "try again; if it stays so, look at the provider's status page",
        },
        Trouble::NotSent { .. } => "check base, the network and, for https, the ca file",
        Trouble::Lost { .. } => {
            "check that base is the API's and that no firewall swallows the answer"
        }
        Trouble::Garbled { .. } => "base or the template is not this API's",
        Trouble::Held { .. } => "wait a minute; raise calls_per_second if it stays so",
        Trouble::Secret(_) => "set the secret's file to one the server can read, or its variable",
        Trouble::Blind(_) | Trouble::SignIn { .. } | Trouble::Setup(_) => "mend the template",
    };
    Fault::new(trouble.to_string(), way_out)
}
