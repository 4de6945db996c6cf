//! What is asked back before an act: the facts as they are, and four digits.

use super::ChatOps;
use super::answer::Reply;
use super::ask::Asked;
use crate::desk::orders::short;
use app::desk::views::{Basis, ReadingKind};
use app::desk::{Desk, Typing};
use app::error::AppError;
use domain::access::Person;
use domain::command::{self, Command};
use domain::guard::Warning;
use engine::ports::{Button, Heard};
use jiff::Timestamp;

impl ChatOps {
    /// Tells the facts and asks for four digits.
    pub(super) async fn ask(
        &self,
        name: &str,
        heard: &Heard,
        who: &Person,
        warnings: &[Warning],
    ) -> Result<Reply, AppError> {
        let desk = &self.inner.desk;
        let reading = desk.read_command(who, &heard.text).await?;
        if matches!(reading.kind, ReadingKind::Held | ReadingKind::Wrong) {
            return Ok(Reply::plain(reading.text));
        }
        let needed = reading.kind == ReadingKind::Confirm || !warnings.is_empty();
        let mut asked = Asked {
            line: heard.text.clone(),
            confirm: None,
            basis: Basis::default(),
        };
        let mut target = reading.target;
        if target.is_none()
            && let Ok(Command::Approve { id }) = command::parse(&heard.text)
        {
            let told = desk.recovery(who, id).await?;
            target = Some((told.cluster, told.node));
        } else if let Some((cluster, node)) = &target {
            asked.line = format!("{cluster}/{node} startup");
            asked.basis.facts = Some(desk.node(who, cluster, node).await?.facts);
        }
        if needed && let Some((_, node)) = &target {
            asked.confirm = Some(short(node).to_owned());
        }
        let mut lines = vec![reading.text];
        if reading.kind != ReadingKind::Confirm {
            lines.extend(warnings.iter().map(Warning::text));
        }
        let now = Timestamp::now();
        let code = self.inner.questions.ask(name, &heard.user, asked, now);
        lines.push(format!("To go on, say within 2 minutes: confirm {code}"));
        Ok(Reply {
            text: lines.join("\n"),
            buttons: vec![Button {
                label: "Confirm".to_owned(),
                line: format!("confirm {code}"),
            }],
            whisper: true,
            about: None,
        })
    }
}
