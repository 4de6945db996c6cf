//! The browser door: wakes the islands of the page.
