//! The doctor's look at an OpenStack project: what works, or what to do about it.

use super::nova::Nova;
use crate::fault::Fault;
use crate::trouble::Trouble;

/// Signs in, lists one machine, and says so.
pub async fn check(nova: &Nova) -> Result<String, Fault> {
    let session = nova.session().await.map_err(|trouble| fault(&trouble))?;
    let seen = nova
        .servers(&[("limit", "1")])
        .await
        .map_err(|trouble| fault(&trouble))?;
    let roles = session.roles.join(", ");
    if !session.roles.is_empty() && session.roles.iter().all(|role| role == "reader") {
        let what = format!("signed in with the role {roles}, which may look but not start");
        return Err(Fault {
            what,
            way_out: "give the user the member role, or a policy that allows servers:start".into(),
        });
    }
    let found = if seen.servers.is_empty() {
        "no machine in the project"
    } else {
        "machines can be read"
    };
    Ok(format!(
        "signed in (roles: {roles}), compute at {}, {found}",
        session.compute
    ))
}

fn fault(trouble: &Trouble) -> Fault {
    let way_out = match trouble {
        Trouble::SignIn { trouble: inner, .. } => {
            return Fault {
                what: trouble.to_string(),
                way_out: sign_in(inner).into(),
            };
        }
        Trouble::Status(refusal) => match refusal.code {
            401 => "Nova does not take Keystone's token: check that both belong to the same cloud",
            403 => "the user may not list machines: give it the member role in the project",
            404 => "the compute endpoint of the catalog is not Nova's: check region and interface",
            _ => "try again; if it stays so, ask those who run the cloud",
        },
        Trouble::NotSent { .. } => {
            "the compute endpoint of the catalog cannot be reached from here: check interface and firewall"
        }
        Trouble::Lost { .. } | Trouble::Garbled { .. } | Trouble::Blind(_) => {
            "try again; if it stays so, ask those who run the cloud"
        }
        Trouble::Secret(_) | Trouble::Setup(_) => sign_in(trouble),
        Trouble::Held { .. } => "wait a minute; raise calls_per_second if it stays so",
    };
    Fault {
        what: trouble.to_string(),
        way_out: way_out.into(),
    }
}

fn sign_in(trouble: &Trouble) -> &'static str {
    match trouble {
        Trouble::Status(refusal) => match refusal.code {
            401 => {
                "check username, password, project and both domains, or the application credential, which may have ended: Keystone does not say which one is wrong"
            }
            403 => "the user has no role in the project: give it member",
            300..=399 | 404 => "auth_url is not Keystone's: it ends in /v3",
            _ => "Keystone has trouble: try again later",
        },
        Trouble::NotSent { .. } => "check auth_url, the network and, for https, the ca file",
        Trouble::Lost { .. } => {
            "check that auth_url is Keystone's and that no firewall swallows the answer"
        }
        Trouble::Garbled { .. } | Trouble::Blind(_) => {
            "auth_url is probably not Keystone's: it ends in /v3"
        }
        Trouble::Secret(_) => {
            "set password_file (or application_credential_secret_file) to a file the server can read, or the key that ends in _env to a variable it has"
        }
        Trouble::Held { .. } => "wait a minute and try again",
        Trouble::Setup(_) => {
            "set region and interface to what the catalog has (openstack catalog show compute)"
        }
        Trouble::SignIn { trouble: inner, .. } => sign_in(inner),
    }
}
