//! Placeholders stay what they are, whatever stands for them.

use super::json as fill_json;
use super::*;
use serde_json::json;

const HOSTILE: &str = "../x?y=1#z\"},{\"a\":\"b";

fn values() -> Values<'static> {
    Values {
        machine: HOSTILE,
        ..Values::default()
    }
}

#[test]
fn a_value_cannot_leave_its_place_in_an_address() {
    let whole = url(
        "{base}/servers/{machine}/on?id={machine}",
        "http://c.example/v1",
        &values(),
    );
    let whole = whole.expect("is valid");
    assert_eq!(whole.path_segments().expect("is a path").count(), 4);
    assert_eq!(
        whole.query_pairs().collect::<Vec<_>>(),
        [("id".into(), HOSTILE.into())]
    );
    let dots = Values {
        machine: "..",
        ..Values::default()
    };
    assert!(url("{base}/servers/{machine}", "http://c.example", &dots).is_err());
}

#[test]
fn a_value_cannot_leave_its_text_in_a_body() {
    let body =
        json!({"type": "on", "ids": ["{machine}", 7], "note": "for {machine}, {not a holder}"});
    let filled = fill_json(&body, &values(), &BTreeMap::new()).expect("is valid");
    assert_eq!(filled["ids"], json!([HOSTILE, 7]));
    assert_eq!(
        filled["note"],
        json!(format!("for {HOSTILE}, {{not a holder}}"))
    );
}

#[test]
fn secrets_are_named_and_what_is_missing_is_said() {
    let secrets = BTreeMap::from([
        ("token".to_owned(), Secret::new("t")),
        ("user".to_owned(), Secret::new("u")),
    ]);
    let text = plain("{secret:user}/{secret}", &values(), &secrets);
    assert_eq!(text.as_deref(), Ok("u/t"));
    let missing = plain("{secret:other}", &values(), &secrets);
    assert_eq!(missing, Err("nothing stands for {secret:other}".to_owned()));
    assert_eq!(holders("a{b}{c:d}e{f g}{}"), ["b", "c:d"]);
}
