//! Sessions as tower-sessions uses them.

use crate::make::{person, place};
use domain::id::PersonName;
use serde_json::json;
use std::collections::HashMap;
use store::accounts::PERSON;
use time::{Duration, OffsetDateTime};
use tower_sessions::session::{Id, Record};
use tower_sessions::session_store::{ExpiredDeletion, SessionStore};

fn record(name: &PersonName, days: i64) -> Record {
    let end = OffsetDateTime::now_utc() + Duration::days(days);
    Record {
        id: Id::default(),
        data: HashMap::from([(PERSON.to_owned(), json!({"name": name, "role": "admin"}))]),
        // columns know microseconds.
        expiry_date: end.replace_nanosecond(0).unwrap(),
    }
}

#[tokio::test]
async fn a_session_is_kept_over_a_restart_and_slides() {
    let place = place().await;
    let mut record = record(&person("ada"), 30);
    place.store.create(&mut record).await.unwrap();
    let place = place.reopened().await;
    assert_eq!(
        place.store.load(&record.id).await.unwrap(),
        Some(record.clone())
    );
    record.expiry_date += Duration::days(1);
    record.data.insert("flash".to_owned(), json!("started"));
    place.store.save(&record).await.unwrap();
    assert_eq!(
        place.store.load(&record.id).await.unwrap(),
        Some(record.clone())
    );
    place.store.delete(&record.id).await.unwrap();
    assert_eq!(place.store.load(&record.id).await.unwrap(), None);
}

#[tokio::test]
async fn an_id_that_is_in_use_is_replaced() {
    let place = place().await;
    let mut one = record(&person("ada"), 1);
    place.store.create(&mut one).await.unwrap();
    let mut two = Record {
        id: one.id,
        ..record(&person("bob"), 1)
    };
    place.store.create(&mut two).await.unwrap();
    assert_ne!(one.id, two.id);
    assert_eq!(place.store.load(&one.id).await.unwrap(), Some(one));
}

#[tokio::test]
async fn an_ended_session_is_not_brought_back_by_a_request_under_way() {
    let place = place().await;
    let (ada, bob) = (person("ada"), person("bob"));
    let mut records = [record(&ada, 1), record(&ada, 2), record(&bob, 1)];
    for record in &mut records {
        place.store.create(record).await.unwrap();
    }
    let mine = place.store.sessions(&ada).await.unwrap();
    assert_eq!(mine.len(), 2);
    assert!(place.store.end_session(&bob, &mine[0].key).await.is_err());
    place.store.end_session(&ada, &mine[0].key).await.unwrap();
    assert_eq!(place.store.load(&records[1].id).await.unwrap(), None);
    assert_eq!(place.store.end_sessions(&ada).await, Ok(1));
    place.store.save(&records[0]).await.unwrap();
    assert_eq!(place.store.load(&records[0].id).await.unwrap(), None);
    assert!(place.store.load(&records[2].id).await.unwrap().is_some());
}

#[tokio::test]
async fn expired_sessions_do_not_load_and_are_removed() {
    let place = place().await;
    let (ada, bob) = (person("ada"), person("bob"));
    for (name, days) in [(&ada, -1), (&bob, 1)] {
        place.store.create(&mut record(name, days)).await.unwrap();
    }
    assert_eq!(place.store.sessions(&ada).await.unwrap().len(), 1);
    place.store.delete_expired().await.unwrap();
    assert_eq!(place.store.sessions(&ada).await.unwrap().len(), 0);
    assert_eq!(place.store.sessions(&bob).await.unwrap().len(), 1);
}

#[tokio::test]
async fn the_file_holds_no_session_id() {
    let place = place().await;
    let mut record = record(&person("ada"), 1);
    place.store.create(&mut record).await.unwrap();
    place.store.close().await;
    let bytes = std::fs::read(place.file()).unwrap();
    for secret in [
        record.id.to_string().into_bytes(),
        record.id.0.to_le_bytes().to_vec(),
    ] {
        assert!(!bytes.windows(secret.len()).any(|window| window == secret));
    }
}
