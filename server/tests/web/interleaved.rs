//! Keys of taps under repeats and interleavings: whatever the order, each key acts at most once, and never after it
//! was taken back or after its time.

use super::house::{House, get, post};
use domain::access::Role;
use futures::future::join_all;
use jiff::{SignedDuration, Timestamp};
use proptest::prelude::*;

/// What may happen to one of the keys.
#[derive(Debug, Clone)]
enum Op {
    /// So many copies at the same time, with one of two bodies.
    Send {
        key: usize,
        body: usize,
        copies: usize,
    },
    /// It is taken back.
    Void { key: usize },
}

/// What a key may be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Model {
    Unknown,
    Acted { body: usize },
    Refused { body: usize },
    Void,
}

const BODIES: [&str; 2] = [
    "cluster=prod&node=node-12&facts=nab.moff",
    "cluster=prod&node=node-13&facts=nab.moff",
];
/// The last key is past its time.
const KEYS: usize = 4;

fn op() -> impl Strategy<Value = Op> {
    prop_oneof![
        3 => (0..KEYS, 0..BODIES.len(), 1..5_usize)
            .prop_map(|(key, body, copies)| Op::Send { key, body, copies }),
        1 => (0..KEYS).prop_map(|key| Op::Void { key }),
    ]
}

async fn send(house: &House, cookie: &str, key: &str, body: usize) -> String {
    let request = post(&format!("/do/start_node?intent={key}"))
        .cookie(cookie)
        .on_page()
        .form(BODIES[body]);
    let answer = house.send(request.build()).await;
    let refused = answer.cookie("flash").is_some();
    let to = answer.header("location").unwrap_or_default();
    format!("{} {}", if refused { "refused" } else { "taken" }, to)
}

async fn state(house: &House, cookie: &str, key: &str) -> String {
    let request = get(&format!("/intents/{key}"))
        .cookie(cookie)
        .header("accept", "application/json");
    let told = house.send(request.build()).await.json();
    told["state"].as_str().unwrap_or_default().to_owned()
}

async fn void(house: &House, cookie: &str, key: &str) {
    let request = post("/do/void_intent").cookie(cookie).on_page();
    let answer = house
        .send(request.form(&format!("key={key}")).build())
        .await;
    assert_eq!(answer.status, 303, "{}", answer.body);
}

async fn play(ops: &[Op]) {
    let house = House::new().await;
    let cookie = house.sign_in("rosa", Role::Responder).await;
    let mut keys: Vec<String> = (1..KEYS).map(|_| house.state.taps.key()).collect();
    let past = Timestamp::now() - SignedDuration::from_secs(1);
    keys.push(house.state.taps.key_until(past));
    let mut models = [Model::Unknown; KEYS];
    let mut acted = 0;
    for op in ops {
        match *op {
            Op::Send { key, body, copies } => {
                let sent = (0..copies).map(|_| send(&house, &cookie, &keys[key], body));
                let answers = join_all(sent).await;
                if models[key] == Model::Unknown {
                    let late = key + 1 == KEYS;
                    acted += usize::from(!late);
                    models[key] = if late {
                        Model::Refused { body }
                    } else {
                        Model::Acted { body }
                    };
                }
                let taken = models[key] == Model::Acted { body };
                for answer in answers {
                    let word = if taken { "taken" } else { "refused" };
                    assert!(answer.starts_with(word), "{op:?} on {models:?}: {answer}");
                }
            }
            Op::Void { key } => {
                void(&house, &cookie, &keys[key]).await;
                if models[key] == Model::Unknown {
                    models[key] = Model::Void;
                }
            }
        }
        assert_eq!(house.desk.orders().len(), acted, "{op:?} on {models:?}");
    }
    for (key, model) in keys.iter().zip(models) {
        let word = match model {
            Model::Unknown => "never",
            Model::Acted { .. } => "arrived",
            Model::Refused { .. } => "refused",
            Model::Void => "void",
        };
        assert_eq!(state(&house, &cookie, key).await, word, "{model:?}");
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 24, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn a_key_acts_at_most_once_and_never_after_it_was_taken_back(ops in prop::collection::vec(op(), 1..14)) {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
        runtime.expect("a runtime").block_on(play(&ops));
    }
}
