//! A source that is told at several places that an alarm is over: all of them must take it.

use async_trait::async_trait;
use domain::alarm::Alarm;
use domain::step::Answer;
use engine::ports::AlarmSource;
use jiff::Timestamp;
use std::sync::Arc;

/// The places, told one after the other; a place that is told twice does no harm.
pub struct Every(pub Vec<Arc<dyn AlarmSource>>);

#[async_trait]
impl AlarmSource for Every {
    async fn close(&self, alarm: &Alarm, now: Timestamp) -> Answer {
        let mut words = Vec::new();
        let mut done = false;
        for place in &self.0 {
            match place.close(alarm, now).await {
                Answer::Done(text) => {
                    done = true;
                    words.push(text);
                }
                Answer::AlreadyThere(text) => words.push(text),
                // The first that does not take it speaks for all: the engine asks again, or a person is told.
                other => return other,
            }
        }
        let text = words.join("; ");
        if done {
            Answer::Done(text)
        } else {
            Answer::AlreadyThere(text)
        }
    }
}
