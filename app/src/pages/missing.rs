//! The page for an address that leads nowhere.

use super::visit::{Content, answer, missing, show};
use crate::parts::error;
use crate::parts::frame::{Live, Tab};
use http::StatusCode;
use leptos::prelude::*;

/// Says so, with status 404.
pub fn page() -> AnyView {
    answer(StatusCode::NOT_FOUND);
    show(Tab::None, "Not found", |_| async {
        Ok(Content {
            title: None,
            live: Live::No,
            body: error::card(&missing("This page".to_owned())),
        })
    })
}
