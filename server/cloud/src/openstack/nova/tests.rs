//! How addresses of calls are built.

use super::*;

#[test]
fn an_id_cannot_leave_its_place_in_the_path() {
    let base = Url::parse("http://nova.example/compute/v2.1").expect("is valid");
    let url = address(&base, &["servers", "../flavors?x#y", "action"], &[]);
    assert_eq!(
        url.as_str(),
        "http://nova.example/compute/v2.1/servers/..%2Fflavors%3Fx%23y/action"
    );
    let url = address(&base, &["servers", "detail"], &[("ip6", "fd00::1")]);
    assert_eq!(
        url.as_str(),
        "http://nova.example/compute/v2.1/servers/detail?ip6=fd00%3A%3A1"
    );
}

#[test]
fn the_newest_microversion_is_read_out_of_the_refusal() {
    let said = "Version 2.84 is not supported by the API. Minimum is 2.1 and maximum is 2.53.";
    assert_eq!(newest(said), Some(53));
    assert_eq!(newest("Not Acceptable"), None);
}
