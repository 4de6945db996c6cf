//! The password of a proxy goes to the proxy and nowhere else.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on must stop")]

use super::{plain, user};

#[test]
fn who_we_are_to_a_proxy_is_taken_out_of_its_address() {
    let proxy = "http://uncordon:pa%40ss%3Aword@proxy.example:3128"
        .parse()
        .unwrap();
    let known = user(&proxy).unwrap();
    assert_eq!(known, ("uncordon".to_owned(), "pa@ss:word".to_owned()));
    assert_eq!(plain(&proxy), "http://proxy.example:3128");
    let open = "socks5://10.0.0.1:1080".parse().unwrap();
    assert_eq!(user(&open), None);
    assert_eq!(plain(&open), "socks5://10.0.0.1:1080");
}
