//! A source that only sends: there is nobody to tell that an alarm is over.

use async_trait::async_trait;
use domain::alarm::Alarm;
use domain::step::Answer;
use engine::ports::AlarmSource;
use jiff::Timestamp;

/// Text or JSON without a way back.
#[derive(Debug, Clone, Copy, Default)]
pub struct Silent;

#[async_trait]
impl AlarmSource for Silent {
    async fn close(&self, _alarm: &Alarm, _now: Timestamp) -> Answer {
        Answer::AlreadyThere("this source has no way to be told".into())
    }
}
