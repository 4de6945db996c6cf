//! Profiles as people write them.

use super::*;

const FILE: &str = "# ours\n[default]\naws_access_key_id=AKIDEFAULT\naws_secret_access_key = s/e+c=ret\n\n\
    [ops]\n  aws_access_key_id = ASIAOPS\n  aws_secret_access_key = other\n  aws_session_token = tok==\n\
    [sso]\nsso_session = corp\n[profile deep]\naws_access_key_id = AKIDEEP\naws_secret_access_key = d\n[empty]\n";

#[test]
fn a_profile_gives_its_own_keys() {
    let one = keys(FILE, "default", "here").expect("is valid");
    assert_eq!(
        (one.id.as_str(), one.secret.reveal(), one.session),
        ("AKIDEFAULT", "s/e+c=ret", None)
    );
    let ops = keys(FILE, "ops", "here").expect("is valid");
    assert_eq!(
        (ops.id.as_str(), ops.session.expect("is there").reveal()),
        ("ASIAOPS", "tok==")
    );
    assert_eq!(keys(FILE, "deep", "here").expect("is valid").id, "AKIDEEP");
}

#[test]
fn what_is_missing_or_not_supported_is_named() {
    let why = |name: &str| keys(FILE, name, "profile x").expect_err("must fail");
    assert_eq!(why("nobody"), "profile x is not there");
    assert!(why("empty").contains("has no aws_access_key_id"));
    assert!(why("sso").contains("sso_session, which is not supported"));
}
