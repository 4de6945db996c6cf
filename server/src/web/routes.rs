//! The list of all doors: every route is opened here, so that none can exist without being listed.

use crate::web::AppState;
use axum::Router;
use axum::handler::Handler;
use axum::http::Method;
use axum::routing::{MethodFilter, on};

/// Routes, and the list of them that the policy test compares with the table.
#[derive(Default)]
pub struct Doors {
    router: Router<AppState>,
    list: Vec<(Method, String)>,
}

impl Doors {
    /// No door yet.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Opens one door.
    #[must_use]
    pub fn open<H, T>(mut self, method: Method, path: &str, handler: H) -> Self
    where
        H: Handler<T, AppState>,
        T: 'static,
    {
        let filter = MethodFilter::try_from(method.clone()).expect("only plain methods are used");
        self.list.push((method, path.to_owned()));
        self.router = self.router.route(path, on(filter, handler));
        self
    }

    /// Opens a door for reading.
    #[must_use]
    pub fn get<H, T>(self, path: &str, handler: H) -> Self
    where
        H: Handler<T, AppState>,
        T: 'static,
    {
        self.open(Method::GET, path, handler)
    }

    /// Opens a door for acting.
    #[must_use]
    pub fn post<H, T>(self, path: &str, handler: H) -> Self
    where
        H: Handler<T, AppState>,
        T: 'static,
    {
        self.open(Method::POST, path, handler)
    }

    /// The doors as (method, path pattern).
    #[must_use]
    pub fn list(&self) -> &[(Method, String)] {
        &self.list
    }

    /// The routes.
    pub fn into_router(self) -> Router<AppState> {
        self.router
    }
}
