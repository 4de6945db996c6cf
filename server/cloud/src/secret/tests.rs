//! Secrets: read anew, named when missing, never shown.

use super::*;

#[test]
fn a_secret_is_read_anew_each_time_and_its_last_line_break_is_dropped() {
    let folder = tempfile::tempdir().expect("is valid");
    let source = SecretSource::File(folder.path().join("password"));
    std::fs::write(folder.path().join("password"), "first \r\n").expect("is valid");
    assert_eq!(source.read().expect("is valid").reveal(), "first ");
    std::fs::write(folder.path().join("password"), "second").expect("is valid");
    assert_eq!(source.read().expect("is valid").reveal(), "second");
}

#[test]
fn what_is_missing_or_empty_is_named_without_the_secret() {
    let folder = tempfile::tempdir().expect("is valid");
    let source = SecretSource::File(folder.path().join("password"));
    assert!(
        source
            .read()
            .expect_err("must fail")
            .to_string()
            .contains("password cannot be read: No such file")
    );
    std::fs::write(folder.path().join("password"), "\n").expect("is valid");
    assert!(
        source
            .read()
            .expect_err("must fail")
            .to_string()
            .ends_with("password is empty")
    );
    let missing = SecretSource::Env("UNCORDON_TEST_NOT_SET".into());
    assert_eq!(
        missing.read().expect_err("must fail").to_string(),
        "the environment variable UNCORDON_TEST_NOT_SET is not set to a text"
    );
}

#[test]
fn debug_hides_a_secret() {
    assert_eq!(format!("{:?}", Secret::new("s3cret")), "Secret(hidden)");
}
