//! Hosts that took several nodes down at once, for people: what each of them is like, and the note for whoever runs the host.

use super::{TheDesk, errors, needs};
use app::desk::views::{IncidentView, MemberState, MemberView};
use app::error::AppError;
use domain::access::{Person, Role};
use domain::id::RecoveryId;
use domain::incident::{Form, Incident, Member};
use domain::moment::clock;
use domain::recovery::{Recovery, State};

/// Incidents shown, open and over.
const SHOWN: u32 = 50;

impl TheDesk {
    pub(super) async fn read_incidents(
        &self,
        who: &Person,
        only_open: bool,
    ) -> Result<Vec<IncidentView>, AppError> {
        needs(who, Role::Viewer)?;
        let all = self.store().incidents(SHOWN).await.map_err(errors::store)?;
        let running = self.house.engine.running();
        Ok(all
            .into_iter()
            .filter(|one| !only_open || one.closed_at.is_none())
            .map(|one| self.incident_view(one, &running))
            .collect())
    }

    pub(super) async fn read_incident(
        &self,
        who: &Person,
        id: u64,
    ) -> Result<IncidentView, AppError> {
        needs(who, Role::Viewer)?;
        let one = self.store().incident(id).await.map_err(errors::store)?;
        let one = one.ok_or_else(|| AppError::NotFound {
            what: format!("incident {id}"),
        })?;
        Ok(self.incident_view(one, &self.house.engine.running()))
    }

    /// The incident a recovery belongs to.
    pub(super) async fn read_incident_of(
        &self,
        who: &Person,
        recovery: RecoveryId,
    ) -> Result<Option<u64>, AppError> {
        needs(who, Role::Viewer)?;
        let all = self.store().incidents(SHOWN).await.map_err(errors::store)?;
        Ok(all.iter().find(|one| one.holds(recovery)).map(|one| one.id))
    }

    fn incident_view(&self, one: Incident, running: &[Recovery]) -> IncidentView {
        let now = self.house.engine.now();
        IncidentView {
            headline: one.headline(),
            refused: one.refused.as_ref().map(|refused| {
                format!(
                    "It refused the start of {} at {}: {}",
                    refused.node,
                    clock(refused.at),
                    refused.why
                )
            }),
            note: one.note(Form::Plain, now),
            note_md: one.note(Form::Markdown, now),
            members: one
                .members
                .into_iter()
                .map(|member| view(member, running))
                .collect(),
            id: one.id,
            place: one.place,
            host: one.host,
            opened_at: one.opened_at,
            closed_at: one.closed_at,
        }
    }
}

fn view(member: Member, running: &[Recovery]) -> MemberView {
    let at_work = running.iter().find(|one| {
        one.plan.target.cluster == member.cluster && one.plan.target.node == member.node
    });
    let (state, text) = match (at_work, member.up_at) {
        (Some(one), _) => match one.state() {
            State::NeedsHuman => (
                MemberState::NeedsHuman,
                one.human.clone().unwrap_or_default(),
            ),
            State::Waiting if one.takes_yes() => {
                (MemberState::Waiting, "It waits for your yes.".to_owned())
            }
            State::Waiting => {
                let why = one.hold.as_ref().map_or("", |hold| hold.words());
                (MemberState::Waiting, format!("It waits: {why}"))
            }
            State::Running | State::Recovered | State::Cancelled | State::Refused => (
                MemberState::Recovering,
                format!("Recovery {} is at work.", one.id),
            ),
        },
        (None, Some(at)) => (
            MemberState::Back,
            format!("Well again since {}.", clock(at)),
        ),
        (None, None) => (
            MemberState::Down,
            format!(
                "Down since {}; nobody is at work on it.",
                clock(member.down_at)
            ),
        ),
    };
    MemberView {
        cluster: member.cluster,
        node: member.node,
        machine: member.machine,
        address: member.address,
        state,
        text,
        down_at: member.down_at,
        up_at: member.up_at,
        recoveries: member.recoveries,
    }
}
