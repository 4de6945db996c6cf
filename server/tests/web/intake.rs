//! An intake that remembers what it took, or is full.

use async_trait::async_trait;
use domain::alarm::{Disposition, NewAlarm};
use domain::id::AlarmId;
use engine::ports::StoreError;
use server::web::hooks::Intake;
use std::sync::Mutex;

#[derive(Default)]
pub struct FakeIntake {
    pub taken: Mutex<Vec<NewAlarm>>,
    pub full: Mutex<bool>,
}

#[async_trait]
impl Intake for FakeIntake {
    async fn accept(
        &self,
        alarms: Vec<NewAlarm>,
    ) -> Result<Vec<(AlarmId, Disposition)>, StoreError> {
        if *self.full.lock().expect("no panic inside") {
            return Err(StoreError::Failed("disk full".to_owned()));
        }
        let ids = (1..)
            .map(AlarmId)
            .zip(std::iter::repeat(Disposition::Accepted));
        let answer = ids.take(alarms.len()).collect();
        self.taken.lock().expect("no panic inside").extend(alarms);
        Ok(answer)
    }
}
