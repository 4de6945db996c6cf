//! `uncordon token create` and `uncordon user invite`: secrets are shown once and kept as hashes.

use super::Named;
use crate::config::Config;
use crate::{secrets, web, wiring};
use anyhow::Context;
use domain::access::Role;
use domain::id::PersonName;
use jiff::{SignedDuration, Timestamp};
use store::Sqlite;
use store::accounts::{Hash, Invite, Uses};

/// How long a sign-in link of `user invite` works.
const INVITE_HOURS: i64 = 24;

/// Makes an API token and prints it.
pub async fn token(named: &Named) -> anyhow::Result<()> {
    let store = wiring::open_store(&Config::read(&named.config)?).await?;
    let token = new_token(&store, &name(&named.name)?, named.role).await?;
    println!("{token}");
    eprintln!(
        "Keep it: it is not shown again. Use it as: Authorization: Bearer {}..",
        &token[..8]
    );
    Ok(())
}

/// Makes a one-time sign-in link and prints it.
pub async fn invite(named: &Named) -> anyhow::Result<()> {
    let config = Config::read(&named.config)?;
    let store = wiring::open_store(&config).await?;
    let until = Timestamp::now() + SignedDuration::from_hours(INVITE_HOURS);
    let link = new_link(
        &store,
        &config.server.public_url,
        &name(&named.name)?,
        named.role,
        Uses::Once,
        until,
    )
    .await?;
    println!("{link}");
    eprintln!("It works once, within {INVITE_HOURS} hours.");
    Ok(())
}

fn name(text: &str) -> anyhow::Result<PersonName> {
    PersonName::parse(text).with_context(|| "--name is not taken")
}

/// A new API token.
pub async fn new_token(store: &Sqlite, name: &PersonName, role: Role) -> anyhow::Result<String> {
    let token = format!("unc_{}", secrets::secret()?);
    store
        .add_token(name, role, Hash::of(&token), Timestamp::now())
        .await?;
    Ok(token)
}

/// A new sign-in link.
pub async fn new_link(
    store: &Sqlite,
    url: &str,
    name: &PersonName,
    role: Role,
    uses: Uses,
    until: Timestamp,
) -> anyhow::Result<String> {
    let secret = secrets::secret()?;
    let invite = Invite {
        name: name.clone(),
        role,
        uses,
        expires_at: until,
    };
    store
        .add_invite(Hash::of(&secret), &invite, Timestamp::now())
        .await?;
    Ok(web::sign_in_link(url, &secret))
}
