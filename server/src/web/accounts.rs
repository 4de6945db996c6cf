//! What the doors ask of the people's register: invites, tokens, codes, attempts, repeated requests, audit.

use async_trait::async_trait;
use domain::access::{Door, Role};
use domain::id::PersonName;
use engine::ports::StoreError;

pub use store::accounts::Kept;

/// Somebody with a role.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Holder {
    /// Name.
    pub name: PersonName,
    /// Role.
    pub role: Role,
}

/// What is known of a request with an idempotency key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Begun {
    /// Never seen: go on, then `finish` or `abandon`.
    Fresh,
    /// The first one is still under way.
    UnderWay,
    /// The key came with another body.
    OtherBody,
    /// The first answer.
    Done {
        /// Status.
        status: u16,
        /// Body.
        body: String,
    },
}

/// One line of the audit.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    /// Who, or the address of a stranger.
    pub actor: String,
    /// By which door.
    pub door: Door,
    /// What: `signed_in`, `sign_in_refused`, ..
    pub action: &'static str,
    /// To what.
    pub target: String,
    /// The rest in words.
    pub detail: String,
}

/// The register. Secrets come in as shown; only their hashes are kept.
#[async_trait]
pub trait Accounts: Send + Sync {
    /// Whom an invite would sign in, without using it up.
    async fn invited(&self, secret: &str) -> Result<Option<Holder>, StoreError>;
    /// Uses an invite; `None` when it is wrong, used or too old.
    async fn redeem_invite(&self, secret: &str) -> Result<Option<Holder>, StoreError>;
    /// The role of a person; `None` when there is no such person any more.
    async fn role(&self, name: &PersonName) -> Result<Option<Role>, StoreError>;
    /// The holder of an API token; `None` when it is wrong or revoked.
    async fn token(&self, secret: &str) -> Result<Option<Holder>, StoreError>;
    /// A six-digit code that signs the person's next device in, for five minutes.
    async fn new_code(&self, name: &PersonName) -> Result<String, StoreError>;
    /// Uses a code; `None` when it is wrong, used or too old.
    async fn redeem_code(&self, code: &str) -> Result<Option<Holder>, StoreError>;
    /// Counts a try at signing in; tells whether it is within the limit of 5 in 15 minutes.
    async fn may_try(&self, address: &str) -> Result<bool, StoreError>;
    /// Forgets the tries of an address after one that went well.
    async fn forgive(&self, address: &str) -> Result<(), StoreError>;
    /// Begins a request with an idempotency key; `request` is all that makes it another one.
    async fn begin(
        &self,
        name: &PersonName,
        key: &str,
        request: &[u8],
    ) -> Result<Begun, StoreError>;
    /// Keeps its answer for 24 hours.
    async fn finish(
        &self,
        name: &PersonName,
        key: &str,
        status: u16,
        body: &str,
    ) -> Result<(), StoreError>;
    /// Forgets it, so that it can be sent again.
    async fn abandon(&self, name: &PersonName, key: &str) -> Result<(), StoreError>;
    /// What is kept of a key, without beginning anything.
    async fn peek(&self, name: &PersonName, key: &str) -> Result<Option<Kept>, StoreError>;
    /// Takes a key back that has not arrived: a late copy gets this answer.
    async fn void(
        &self,
        name: &PersonName,
        key: &str,
        status: u16,
        body: &str,
    ) -> Result<(), StoreError>;
    /// Writes a line of the audit.
    async fn audit(&self, entry: Entry) -> Result<(), StoreError>;
    /// Whether the register can be read.
    async fn ready(&self) -> Result<(), StoreError>;
}

mod sqlite;
