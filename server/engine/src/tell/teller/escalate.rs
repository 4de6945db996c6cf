//! Carries a call for help that nobody acknowledged to the next person.

use super::Teller;
use crate::ports::StoreError;
use domain::event::What;
use domain::id::{PersonName, RecoveryId};
use domain::message::{About, Ladder, Message};

impl Teller {
    /// To each person whose turn has come, whatever that person's devices want to hear, and to all others who hear of
    /// such things. Answers how many letters are new.
    pub(super) async fn escalate(&self, about: About) -> Result<u32, StoreError> {
        let Some(ladder) = &self.inner.ladder else {
            return Ok(0);
        };
        let due = match about {
            About::Recovery(id) => self.alone(ladder, id).await?,
            About::Incident(id) => self.together(ladder, id).await?,
            About::Storm(_) | About::Alarm(_) | About::Device(_) | About::Test => Vec::new(),
        };
        let (outbox, now) = (&self.inner.outbox, self.inner.engine.now());
        let mut new = 0;
        for (person, message) in due {
            new += outbox.post_person(&person, &message, now).await?;
            let standing = self.inner.standing.iter();
            for one in standing.filter(|one| one.wants.takes(&message)) {
                new += outbox.post_to(&one.to, &message, now).await?;
            }
        }
        Ok(new)
    }

    async fn alone(
        &self,
        ladder: &Ladder,
        id: RecoveryId,
    ) -> Result<Vec<(PersonName, Message)>, StoreError> {
        let engine = &self.inner.engine;
        let events = engine.store().events(id).await?;
        if self.told_together(&events, id).await? {
            return Ok(Vec::new());
        }
        ladder
            .due(&events, engine.now())
            .map_err(|illegal| StoreError::Failed(illegal.to_string()))
    }

    /// The nodes of a host are one call for help, as old as the oldest of them that nobody acknowledged.
    async fn together(
        &self,
        ladder: &Ladder,
        id: u64,
    ) -> Result<Vec<(PersonName, Message)>, StoreError> {
        let engine = &self.inner.engine;
        let (Some(help), Some(incident)) =
            (self.incident(id).await?, engine.store().incident(id).await?)
        else {
            return Ok(Vec::new());
        };
        let needs = engine.live_ids(|one| one.human.is_some() && incident.holds(one.id));
        let logs = engine.store().logs(&needs).await?;
        let events = logs.iter().flat_map(|(_, events)| events);
        let asked = events
            .filter(|event| matches!(event.what, What::NeedsHuman { .. }))
            .map(|event| event.at)
            .min();
        Ok(asked.map_or_else(Vec::new, |asked| ladder.called(&help, asked, engine.now())))
    }
}
