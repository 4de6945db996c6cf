//! Page tokens.

use super::Page;
use crate::store::Key;

#[test]
fn a_page_token_survives_the_wire_and_nonsense_does_not() {
    let page = Page {
        version: 7,
        key: Key::new("default", "web-1"),
    };
    let back = Page::read(&page.write()).expect("readable");
    assert_eq!((back.version, back.key), (page.version, page.key));
    assert!(Page::read("zz").is_none());
}
