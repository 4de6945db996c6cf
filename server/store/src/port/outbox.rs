//! Letters as the teller's port.

use crate::fault::Fault;
use crate::{Sqlite, letters};
use async_trait::async_trait;
use domain::id::PersonName;
use domain::message::Message;
use engine::ports::{Fate, Letter, Outbox, Recipient, StoreError};
use jiff::Timestamp;

#[async_trait]
impl Outbox for Sqlite {
    async fn post(
        &self,
        message: &Message,
        others: &[Recipient],
        now: Timestamp,
    ) -> Result<u32, StoreError> {
        let (message, others) = (message.clone(), others.to_vec());
        write!(self, |connection| letters::post(
            connection, &message, &others, now
        ))
    }

    async fn post_to(
        &self,
        to: &Recipient,
        message: &Message,
        now: Timestamp,
    ) -> Result<u32, StoreError> {
        let (to, message) = (to.clone(), message.clone());
        write!(self, |connection| letters::post_to(
            connection, &to, &message, now
        ))
    }

    async fn post_person(
        &self,
        person: &PersonName,
        message: &Message,
        now: Timestamp,
    ) -> Result<u32, StoreError> {
        let (person, message) = (person.clone(), message.clone());
        write!(self, |connection| letters::post_person(
            connection, &person, &message, now
        ))
    }

    async fn due(&self, now: Timestamp, limit: u32) -> Result<Vec<Letter>, StoreError> {
        read!(self, letters::due, now, limit)
    }

    async fn next_due(&self) -> Result<Option<Timestamp>, StoreError> {
        read!(self, letters::next_due)
    }

    async fn begin(&self, letter: &Letter, again: Timestamp) -> Result<(), StoreError> {
        let letter = letter.clone();
        write_one!(self, |connection| letters::begin(
            connection, &letter, again
        ))
    }

    async fn settle(&self, letter: &Letter, fate: &Fate, now: Timestamp) -> Result<(), StoreError> {
        let (letter, fate) = (letter.clone(), fate.clone());
        write!(self, |connection| letters::settle(
            connection, &letter, &fate, now
        ))
    }

    async fn silent(&self, since: Timestamp) -> Result<Vec<(u64, Timestamp)>, StoreError> {
        read!(self, letters::silent, since)
    }

    async fn forget(&self, devices: Timestamp, letters: Timestamp) -> Result<u32, StoreError> {
        write!(self, |connection| letters::forget(
            connection, devices, letters
        ))
    }
}
