//! What long polls confirm, and when.

use crate::strict::{Calls, ok, pending, press, refused, strict, words};
use crate::{adapter, batch, heard};
use engine::ports::{Batch, Chat};
use serde_json::Value;
use tokio::sync::mpsc::channel;

fn offsets(calls: &Calls) -> Vec<i64> {
    let calls = calls.lock().unwrap();
    let polls = calls.iter().filter(|(method, _)| method == "getUpdates");
    polls
        .map(|(_, body)| body["offset"].as_i64().unwrap())
        .collect()
}

fn answered(calls: &Calls) -> Vec<Value> {
    let calls = calls.lock().unwrap();
    let answers = calls
        .iter()
        .filter(|(method, _)| method == "answerCallbackQuery");
    answers
        .map(|(_, body)| body["callback_query_id"].clone())
        .collect()
}

#[tokio::test]
async fn the_first_start_skips_what_is_old_and_a_restart_goes_on_at_the_cursor() {
    let (base, calls) = strict(|method, body| {
        assert_eq!(method, "getUpdates");
        pending(&[words(7, "freeze"), words(8, "freeze too")], body)
    })
    .await;
    let (ear, mut batches) = channel(8);
    let telegram = adapter(&base, None);
    tokio::spawn(async move { telegram.listen(None, ear).await });
    let stands = Batch {
        heard: Vec::new(),
        cursor: Some("9".to_owned()),
    };
    assert_eq!(batch(&mut batches).await, stands);
    assert_eq!(offsets(&calls)[..2], [-1, 9]);

    let (ear, mut batches) = channel(8);
    let again = adapter(&base, None);
    tokio::spawn(async move { again.listen(Some("8".to_owned()), ear).await });
    let first = batch(&mut batches).await;
    assert_eq!(first.cursor.as_deref(), Some("9"));
    assert_eq!(first.heard[0].text, "freeze too");
    assert_eq!(first.heard.len(), 1);
}

#[tokio::test]
async fn where_nothing_was_ever_said_the_first_word_counts() {
    let (base, _) = strict(|_, body| match body["timeout"].as_i64() {
        Some(0) => ok(Vec::<Value>::new()),
        _ => pending(&[words(500, "status")], body),
    })
    .await;
    let (ear, mut batches) = channel(8);
    let telegram = adapter(&base, None);
    tokio::spawn(async move { telegram.listen(None, ear).await });
    assert_eq!(batch(&mut batches).await.cursor.as_deref(), Some("0"));
    let next = batch(&mut batches).await;
    assert_eq!((next.heard.len(), next.cursor.as_deref()), (1, Some("501")));
}

#[tokio::test]
async fn what_could_not_be_handed_over_is_not_confirmed() {
    let (base, calls) = strict(|_, body| pending(&[words(7, "status")], body)).await;
    let (ear, batches) = channel(8);
    drop(batches);
    let ended = adapter(&base, None).listen(Some("7".to_owned()), ear).await;
    assert_eq!(ended, "nobody listens to team at 127.0.0.1 any more");
    assert_eq!(offsets(&calls), [7]);
}

#[tokio::test]
async fn a_button_is_answered_after_its_line_was_handed_over() {
    let (base, calls) = strict(|method, body| match method {
        "getUpdates" if body["timeout"] == 0 => ok(Vec::<Value>::new()),
        "getUpdates" => pending(&[press(7, "approve 7")], body),
        _ => ok(true),
    })
    .await;
    // There is room for one batch only, so the second waits until the first is taken.
    let (ear, mut batches) = channel(1);
    let telegram = adapter(&base, None);
    tokio::spawn(async move { telegram.listen(Some("7".to_owned()), ear).await });
    assert_eq!(batch(&mut batches).await.heard, Vec::new());
    let said = heard(&mut batches, 1).await.remove(0);
    assert_eq!(
        (said.id.as_str(), said.text.as_str()),
        ("cb:q7", "approve 7")
    );
    let waiting = async {
        while offsets(&calls).last() != Some(&8) {
            tokio::task::yield_now().await;
        }
    };
    let waited = tokio::time::timeout(crate::PATIENCE, waiting).await;
    waited.expect("no further poll came");
    assert_eq!(answered(&calls), ["q7"]);
}

#[tokio::test]
async fn a_press_from_before_a_pause_acts_only_while_telegram_still_waits_for_its_answer() {
    let (base, calls) = strict(|method, body| match method {
        "getUpdates" => {
            let all = [
                press(7, "approve 7"),
                press(8, "approve 8"),
                words(9, "status"),
            ];
            pending(&all, body)
        }
        _ if body["callback_query_id"] == "q7" => refused(400, "Bad Request: query is too old"),
        _ => ok(true),
    })
    .await;
    let (ear, mut batches) = channel(8);
    let telegram = adapter(&base, None);
    tokio::spawn(async move { telegram.listen(Some("7".to_owned()), ear).await });
    let first = batch(&mut batches).await;
    let texts: Vec<&str> = first.heard.iter().map(|one| one.text.as_str()).collect();
    assert_eq!(texts, ["approve 8", "status"]);
    assert_eq!(first.cursor.as_deref(), Some("10"));
    assert_eq!(answered(&calls), ["q7", "q8"]);
}
