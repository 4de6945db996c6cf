//! The islands: the few places of a page that run in the browser.
