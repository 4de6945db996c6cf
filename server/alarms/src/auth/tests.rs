//! Who is let in and who is turned away.

use super::*;

#[test]
fn bearer_and_basic_are_taken_and_everything_else_is_turned_away_with_its_reason() {
    let both = Expected::new()
        .bearer("old")
        .bearer("new")
        .basic("am", "pw");
    for (header, answer) in [
        (Some("Bearer old"), Ok(())),
        (Some("bearer new"), Ok(())),
        (Some("Basic YW06cHc="), Ok(())),
        (None, Err(Denied::Missing)),
        (Some(""), Err(Denied::Missing)),
        (Some("Bearer"), Err(Denied::Missing)),
        (Some("Bearer ne"), Err(Denied::Wrong)),
        (Some("Bearer newer"), Err(Denied::Wrong)),
        (Some("Basic YW06cHg="), Err(Denied::Wrong)),
        (Some("Basic ???"), Err(Denied::Wrong)),
        (Some("Digest x"), Err(Denied::Scheme)),
    ] {
        assert_eq!(both.check(header), answer, "{header:?}");
    }
}

#[test]
fn a_source_without_a_secret_takes_nobody_not_even_an_empty_one() {
    let none = Expected::new().bearer("").basic("am", "");
    assert_eq!(none.check(Some("Bearer ")), Err(Denied::NoneSet));
    assert_eq!(
        Expected::new().bearer("t").check(Some("Basic YW06cHc=")),
        Err(Denied::Scheme)
    );
}

#[test]
fn a_hash_stands_for_its_token_and_debug_shows_neither() {
    let one = Expected::new().bearer_hash(hash(&["t0ken"]));
    assert_eq!(one.check(Some("Bearer t0ken")), Ok(()));
    assert_eq!(format!("{one:?}"), "Expected(1 bearer, 0 basic)");
}
