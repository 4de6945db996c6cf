//! Devices and letters: each letter once, to whom it concerns, and nothing of a device that is gone.

use crate::make::{Place, at, person, place};
use domain::id::RecoveryId;
use domain::message::{About, Channel, Message, Stage};
use engine::ports::{Fate, Letter, Outbox, Recipient, StoreError, Subscription, Way};
use store::devices::NewDevice;
use store::letters::Receipt;

fn device(of: &str, endpoint: &str) -> NewDevice {
    NewDevice {
        person: person(of),
        name: format!("{of}'s phone"),
        platform: "Chrome on Android".to_owned(),
        subscription: Subscription {
            endpoint: endpoint.to_owned(),
            p256dh: "key".to_owned(),
            auth: "secret".to_owned(),
            hide_details: false,
        },
        before: None,
    }
}

fn message(stage: Stage, channel: Channel, round: u64) -> Message {
    Message {
        about: About::Recovery(RecoveryId(7)),
        stage,
        round,
        channel,
        title: "node-12 needs you".to_owned(),
        body: "prod: why".to_owned(),
        path: "/recoveries/7".to_owned(),
        until: at(3600),
        not_to: None,
        clusters: Vec::new(),
    }
}

async fn due(place: &Place, when: i64) -> Vec<Letter> {
    place.store.due(at(when), 100).await.unwrap()
}

#[tokio::test]
async fn a_letter_is_written_once_per_thing_state_round_and_recipient_across_restarts() {
    let place = place().await;
    let phone = device("Kato", "https://push.test/1");
    let id = place.store.add_device(&phone, at(0)).await.unwrap();
    let hooks = [Recipient::Webhook("pager".to_owned())];
    let asked = message(Stage::NeedsHuman, Channel::Important, 0);
    assert_eq!(place.store.post(&asked, &hooks, at(1)).await, Ok(2));
    let place = place.reopened().await;
    assert_eq!(place.store.post(&asked, &hooks, at(2)).await, Ok(0));
    let repeat = message(Stage::NeedsHuman, Channel::Important, 1);
    assert_eq!(place.store.post(&repeat, &[], at(3)).await, Ok(1));
    let letters = due(&place, 5).await;
    assert_eq!(letters.len(), 3);
    assert_eq!(letters[0].to, Recipient::Device(id));
    assert!(matches!(&letters[0].way, Way::Push(to) if to.endpoint == "https://push.test/1"));
    assert_eq!(letters[1].way, Way::Webhook("pager".to_owned()));
    assert!(letters.iter().all(|one| one.id.len() == 32));
    place.assert_sound().await;
}

#[tokio::test]
async fn a_device_hears_only_the_channels_it_wants_and_not_what_its_person_did() {
    let place = place().await;
    let store = &place.store;
    let kato = store
        .add_device(&device("Kato", "https://push.test/1"), at(0))
        .await
        .unwrap();
    let ito = store
        .add_device(&device("Ito", "https://push.test/2"), at(0))
        .await
        .unwrap();
    store
        .change_device(ito, "Tablet", &[Channel::Info], true)
        .await
        .unwrap();
    for (channel, stage, new) in [
        (Channel::Important, Stage::NeedsHuman, 1),
        (Channel::Default, Stage::Began, 1),
        (Channel::Info, Stage::Ended, 1),
    ] {
        assert_eq!(
            store.post(&message(stage, channel, 0), &[], at(1)).await,
            Ok(new)
        );
    }
    let own = Message {
        not_to: Some(person("Kato")),
        ..message(Stage::Recovered, Channel::Default, 0)
    };
    assert_eq!(store.post(&own, &[], at(1)).await, Ok(0));
    let letters = due(&place, 2).await;
    let loudest: Vec<_> = letters
        .iter()
        .map(|one| (one.channel, one.to.clone()))
        .collect();
    assert_eq!(
        loudest,
        [
            (Channel::Important, Recipient::Device(kato)),
            (Channel::Default, Recipient::Device(kato)),
            (Channel::Info, Recipient::Device(ito)),
        ]
    );
    let row = &store.devices(Some(&person("Ito"))).await.unwrap()[0];
    assert_eq!((row.name.as_str(), row.hide_details), ("Tablet", true));
}

#[tokio::test]
async fn what_came_of_a_letter_is_kept_and_shown_on_its_device() {
    let place = place().await;
    let store = &place.store;
    let id = store
        .add_device(&device("Kato", "https://push.test/1"), at(0))
        .await
        .unwrap();
    store
        .post(&message(Stage::Began, Channel::Default, 0), &[], at(1))
        .await
        .unwrap();
    let mut letter = due(&place, 1).await.remove(0);
    letter.tries = 1;
    store.begin(&letter, at(6)).await.unwrap();
    assert_eq!(due(&place, 5).await, [], "it is in somebody's hands");
    let lost = &due(&place, 6).await[0];
    assert!(lost.in_doubt && lost.tries == 1, "{lost:?}");
    let why = "push.test answered 400 wrong key".to_owned();
    store
        .settle(&letter, &Fate::Failed(why.clone()), at(2))
        .await
        .unwrap();
    let row = store.devices(None).await.unwrap().remove(0);
    assert_eq!(row.failed, Some((at(2), why)));
    assert_eq!(store.next_due().await, Ok(None));
    let test = domain::message::test(Channel::Important, at(3));
    store
        .post_to(&Recipient::Device(id), &test, at(3))
        .await
        .unwrap();
    let letter = due(&place, 3).await.remove(0);
    store.settle(&letter, &Fate::Sent, at(4)).await.unwrap();
    assert_eq!(
        store
            .letter_receipt(&letter.id, Receipt::Received, at(5))
            .await,
        Ok(true)
    );
    assert_eq!(
        store
            .letter_receipt(&letter.id, Receipt::Clicked, at(9))
            .await,
        Ok(true)
    );
    assert_eq!(
        store
            .letter_receipt("guessed", Receipt::Received, at(5))
            .await,
        Ok(false)
    );
    let row = store.devices(None).await.unwrap().remove(0);
    assert_eq!(
        (row.failed, row.last_ok, row.last_seen),
        (None, Some(at(4)), at(9))
    );
    let test = row.test.unwrap();
    assert_eq!(
        (test.received_at, test.clicked_at),
        (Some(at(5)), Some(at(9)))
    );
}

#[tokio::test]
async fn a_device_that_is_gone_or_silent_is_forgotten_with_its_letters() {
    let place = place().await;
    let store = &place.store;
    let gone = store
        .add_device(&device("Kato", "https://push.test/1"), at(0))
        .await
        .unwrap();
    let quiet = store
        .add_device(&device("Kato", "https://push.test/2"), at(10))
        .await
        .unwrap();
    store
        .post(&message(Stage::Began, Channel::Default, 0), &[], at(11))
        .await
        .unwrap();
    let letter = due(&place, 11).await.remove(0);
    assert_eq!(letter.to, Recipient::Device(gone));
    store
        .settle(&letter, &Fate::Gone("410".to_owned()), at(12))
        .await
        .unwrap();
    let left: Vec<u64> = store
        .devices(None)
        .await
        .unwrap()
        .iter()
        .map(|one| one.id)
        .collect();
    assert_eq!(left, [quiet]);
    assert_eq!(store.silent(at(11)).await, Ok(vec![(quiet, at(10))]));
    store
        .device_seen("https://push.test/2", at(20))
        .await
        .unwrap();
    assert_eq!(store.silent(at(11)).await, Ok(Vec::new()));
    assert_eq!(store.forget(at(21), at(0)).await, Ok(1));
    assert_eq!(due(&place, 100).await, [], "no letter without its device");
    let absent = store.remove_device(quiet).await;
    assert_eq!(absent, Err(StoreError::Absent(format!("device {quiet}"))));
    place.assert_sound().await;
}

#[tokio::test]
async fn a_browser_that_subscribes_again_is_the_same_device_and_follows_its_person() {
    let place = place().await;
    let store = &place.store;
    let first = store
        .add_device(&device("Kato", "https://push.test/1"), at(0))
        .await
        .unwrap();
    store
        .change_device(first, "Mine", &[], false)
        .await
        .unwrap();
    let again = store
        .add_device(&device("Kato", "https://push.test/1"), at(1))
        .await
        .unwrap();
    assert_eq!(first, again);
    assert_eq!(store.devices(None).await.unwrap()[0].name, "Mine");
    let moved = NewDevice {
        before: Some("https://push.test/1".to_owned()),
        ..device("Kato", "https://push.test/9")
    };
    assert_eq!(store.add_device(&moved, at(2)).await, Ok(first));
    let other = store
        .add_device(&device("Ito", "https://push.test/9"), at(3))
        .await
        .unwrap();
    assert_eq!(other, first);
    let row = store.devices(None).await.unwrap().remove(0);
    assert_eq!(
        (row.person, row.name),
        (person("Ito"), "Ito's phone".to_owned())
    );
    assert_eq!(row.channels, [Channel::Important, Channel::Default]);
    for n in 0..25 {
        let endpoint = format!("https://push.test/many-{n}");
        store
            .add_device(&device("Kato", &endpoint), at(10 + n))
            .await
            .unwrap();
    }
    assert_eq!(
        store.devices(Some(&person("Kato"))).await.unwrap().len(),
        20
    );
}
