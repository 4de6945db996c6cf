//! The history of the command page.

use crate::make::{at, person, place};
use domain::id::RecoveryId;
use store::{LINES_KEPT, NewLine};

fn line(who: &str, n: u32) -> NewLine {
    NewLine {
        person: person(who),
        at: at(n.into()),
        line: format!("status {n}"),
        reply: "all is well".to_owned(),
        refused: n % 2 == 1,
        recovery: (n == 3).then_some(RecoveryId(12)),
    }
}

#[tokio::test]
async fn each_person_has_the_last_fifty_lines_newest_first_also_after_a_restart() {
    let place = place().await;
    place.store.keep_line(&line("ben", 3)).await.unwrap();
    for n in 0..LINES_KEPT + 3 {
        place.store.keep_line(&line("ada", n)).await.unwrap();
    }
    let place = place.reopened().await;
    let lines = place.store.lines(&person("ada")).await.unwrap();
    assert_eq!(lines.len(), 50);
    assert_eq!(lines[0].what, line("ada", 52));
    assert_eq!(lines[49].what, line("ada", 3));
    let other = place.store.lines(&person("ben")).await.unwrap();
    assert_eq!(other.len(), 1, "nobody's lines push out another's");
    assert_eq!(place.store.lines(&person("eve")).await, Ok(Vec::new()));
}
