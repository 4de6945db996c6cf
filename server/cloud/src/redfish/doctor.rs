//! The doctor's look at controllers: each node's is signed in to, read, and asked what it can do.

use super::answer::{allowed, wanted};
use super::controller::Controllers;
use super::find::{Map, system};
use crate::fault::{Fault, Finding};
use crate::trouble::Trouble;
use domain::target::Target;

/// Looks them over; no call changes anything but that a session begins.
pub async fn examine(all: &Controllers, map: &Map, nodes: &[Target]) -> Vec<Finding> {
    if nodes.is_empty() {
        let what = "no node of a cluster with this cloud is known, so no controller was asked";
        let way_out = "make the cluster readable, then run the check again";
        return vec![Finding::Lacking(Fault::new(what, way_out))];
    }
    let mut found = Vec::new();
    for node in nodes {
        found.push(Finding::from(one(all, map, node).await));
    }
    found
}

async fn one(all: &Controllers, map: &Map, node: &Target) -> Result<String, Fault> {
    let name = format!("{}/{}", node.cluster, node.node);
    let place = map.place(node).map_err(|why| {
        Fault::new(
            why,
            "add the node to machines, or set controller to a template with {node} or {ip}",
        )
    })?;
    let fault = |trouble: Trouble| Fault::new(format!("{name}: {trouble}"), way_out(&trouble));
    let Some((url, system)) = system(all, map, &place, node).await.map_err(fault)? else {
        let what = format!("no system of {place} is called {name}");
        return Err(Fault::new(
            what,
            "set system, or give the system's whole address in machines",
        ));
    };
    let power = system.power_state.as_deref().unwrap_or("silent");
    let Some(reset) = &system.actions.reset else {
        let what = format!("{name}: the controller offers no power action");
        return Err(Fault::new(
            what,
            "give the user the role Operator, or update the controller",
        ));
    };
    let kinds = allowed(all, &url, reset).await.map_err(fault)?;
    let way_out = "this machine can only be switched on by hand";
    wanted(&kinds).map_err(|why| Fault::new(format!("{name}: {why}"), way_out))?;
    Ok(format!(
        "{name} is {url} ({power}), signed in {}",
        all.way(&url).await
    ))
}

fn way_out(trouble: &Trouble) -> &'static str {
    match trouble {
        Trouble::Status(refusal) => match refusal.code {
            _ if refusal.name() == "PasswordChangeRequired" => {
                "the controller wants a new password first: set it there, then in the secret"
            }
            401 => "check username and password: the controller does not take them",
            403 => "give the user the role Operator on the controller",
            404 => "this is no Redfish service: check the address",
            _ => "try again; if it stays so, restart the controller",
        },
        Trouble::SignIn { trouble, .. } => way_out(trouble),
        Trouble::NotSent { .. } => {
            "check the address, the network to the controllers and, for https, that ca_file holds the authority of their certificates"
        }
        Trouble::Lost { .. } => "the controller hangs: look at it, or restart it",
        Trouble::Garbled { .. } => "this is no Redfish service: check the address",
        Trouble::Blind(_) => "give each node its system's whole address in machines",
        Trouble::Held { .. } => "wait a minute; raise calls_per_second if it stays so",
        Trouble::Secret(_) => {
            "set password_file to a file the server can read, or password_env to a variable it has"
        }
        Trouble::Setup(_) => "set sign_in to auto or basic, or update the controller",
    }
}
