//! The register in our own store. Times here are of the wall: sessions and codes do not run on the product's clock.

use crate::web::accounts::{Accounts, Begun, Entry, Holder};
use async_trait::async_trait;
use domain::access::{Door, Role};
use domain::id::PersonName;
use engine::ports::StoreError;
use jiff::{SignedDuration, Timestamp};
use store::Sqlite;
use store::accounts::{Account, Attempt, Begun as Known, Hash, Kept, NewAudit};

/// How long a six-digit code lives.
const CODE_LIFE: SignedDuration = SignedDuration::from_mins(5);

impl From<Account> for Holder {
    fn from(account: Account) -> Self {
        Self {
            name: account.name,
            role: account.role,
        }
    }
}

#[async_trait]
impl Accounts for Sqlite {
    async fn invited(&self, secret: &str) -> Result<Option<Holder>, StoreError> {
        let invite = self.invite(Hash::of(secret), Timestamp::now()).await?;
        Ok(invite.map(|invite| Holder {
            name: invite.name,
            role: invite.role,
        }))
    }

    async fn redeem_invite(&self, secret: &str) -> Result<Option<Holder>, StoreError> {
        Ok(self
            .use_invite(Hash::of(secret), Timestamp::now())
            .await?
            .map(Holder::from))
    }

    async fn role(&self, name: &PersonName) -> Result<Option<Role>, StoreError> {
        Ok(self.person(name).await?.map(|account| account.role))
    }

    async fn token(&self, secret: &str) -> Result<Option<Holder>, StoreError> {
        let Some(token) = Sqlite::token(self, Hash::of(secret)).await? else {
            return Ok(None);
        };
        if token.revoked_at.is_some() {
            return Ok(None);
        }
        self.token_used(&token, Timestamp::now()).await?;
        Ok(Some(Holder {
            name: token.name,
            role: token.role,
        }))
    }

    async fn new_code(&self, name: &PersonName) -> Result<String, StoreError> {
        loop {
            let code = format!("{:06}", rand::random_range(0..1_000_000));
            let now = Timestamp::now();
            match self
                .show_code(name, Hash::of(&code), now + CODE_LIFE, now)
                .await
            {
                Ok(()) => return Ok(code),
                // Somebody else is shown the same six digits right now.
                Err(StoreError::Taken(_)) => {}
                Err(error) => return Err(error),
            }
        }
    }

    async fn redeem_code(&self, code: &str) -> Result<Option<Holder>, StoreError> {
        Ok(self
            .use_code(Hash::of(code), Timestamp::now())
            .await?
            .map(Holder::from))
    }

    async fn may_try(&self, address: &str) -> Result<bool, StoreError> {
        match self.attempt(address, Timestamp::now()).await? {
            Attempt::Allowed => Ok(true),
            Attempt::RetryAfter(_) => Ok(false),
        }
    }

    async fn forgive(&self, address: &str) -> Result<(), StoreError> {
        self.forget_attempts(address).await
    }

    async fn begin(
        &self,
        name: &PersonName,
        key: &str,
        request: &[u8],
    ) -> Result<Begun, StoreError> {
        let known = self
            .begin_request(name, key, Hash::of(request), Timestamp::now())
            .await?;
        Ok(match known {
            Known::Fresh => Begun::Fresh,
            Known::InProgress => Begun::UnderWay,
            Known::OtherBody => Begun::OtherBody,
            Known::Done(status, body) => Begun::Done { status, body },
        })
    }

    async fn finish(
        &self,
        name: &PersonName,
        key: &str,
        status: u16,
        body: &str,
    ) -> Result<(), StoreError> {
        self.finish_request(name, key, status, body).await
    }

    async fn abandon(&self, name: &PersonName, key: &str) -> Result<(), StoreError> {
        self.drop_request(name, key).await
    }

    async fn peek(&self, name: &PersonName, key: &str) -> Result<Option<Kept>, StoreError> {
        self.peek_request(name, key).await
    }

    async fn void(
        &self,
        name: &PersonName,
        key: &str,
        status: u16,
        body: &str,
    ) -> Result<(), StoreError> {
        self.void_request(name, key, status, body, Timestamp::now())
            .await
    }

    async fn audit(&self, entry: Entry) -> Result<(), StoreError> {
        let door = match entry.door {
            Door::Page => "page",
            Door::Api => "api",
            Door::Command => "command",
            Door::Chat => "chat",
        };
        let row = NewAudit {
            at: Timestamp::now(),
            actor: entry.actor,
            door: door.to_owned(),
            action: entry.action.to_owned(),
            target: entry.target,
            detail: entry.detail,
        };
        Sqlite::audit(self, &row).await
    }

    async fn ready(&self) -> Result<(), StoreError> {
        self.newest_seq().await.map(|_| ())
    }
}
