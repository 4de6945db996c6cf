//! The Kubernetes API of the world: paths, tokens and verbs, and the rooms that answer them.

mod access;
mod admit;
mod create;
mod discovery;
mod evict;
mod failure;
mod json_patch;
mod log;
mod ownership;
mod page;
mod patch;
mod path;
mod read;
mod removal;
mod strategic;
mod tidy;
mod validate;
mod wanted;
mod watch;
mod write;

use crate::realm::Shared;
use access::{Caller, authorize, identify};
use axum::Router;
use axum::body::to_bytes;
use axum::extract::{Request, State};
use axum::http::{HeaderMap, Method};
use axum::response::{IntoResponse, Response};
use bytes::Bytes;
use failure::Failure;
use path::{Sub, Target};
use std::sync::Arc;

const BODY_LIMIT: usize = 3 * 1024 * 1024;

/// The routes of this face.
pub fn router(shared: Arc<Shared>) -> Router {
    Router::new().fallback(answer).with_state(shared)
}

/// A call on an object or a list, ready to be carried out.
struct Call {
    shared: Arc<Shared>,
    caller: Caller,
    target: Target,
    query: Query,
    headers: HeaderMap,
    body: Bytes,
    path: String,
    cut: Option<std::time::Duration>,
}

/// The decoded pairs of a query.
#[derive(Debug, Default)]
struct Query(Vec<(String, String)>);

impl Query {
    fn read(query: &str) -> Query {
        let uri = format!("/?{query}").parse().unwrap_or_default();
        Query(axum::extract::Query::try_from_uri(&uri).map_or_else(|_| Vec::new(), |pairs| pairs.0))
    }

    fn get(&self, key: &str) -> &str {
        self.0
            .iter()
            .find(|(name, _)| name == key)
            .map_or("", |(_, value)| value)
    }

    fn is_on(&self, key: &str) -> bool {
        ["1", "true"].contains(&self.get(key))
    }
}

async fn answer(State(shared): State<Arc<Shared>>, request: Request) -> Response {
    match dispatch(shared, request).await {
        Ok(response) => response,
        Err(failure) => failure.into_response(),
    }
}

async fn dispatch(shared: Arc<Shared>, request: Request) -> Result<Response, Failure> {
    let (parts, body) = request.into_parts();
    let path = parts.uri.path().to_owned();
    if let Some(response) = discovery::open(&path) {
        return Ok(response);
    }
    let caller = identify(&shared, &parts.headers)?;
    if let Some(response) = discovery::described(&path, &shared) {
        return Ok(response);
    }
    let body = to_bytes(body, BODY_LIMIT)
        .await
        .map_err(|_| Failure::too_large())?;
    if path == access::REVIEW_PATH && parts.method == Method::POST {
        return access::review(&caller, &body);
    }
    let target = Target::read(&path)
        .filter(|target| discovery::serves(&shared, target.kind))
        .ok_or_else(Failure::no_such_path)?;
    let query = Query::read(parts.uri.query().unwrap_or(""));
    let cut = parts
        .extensions
        .get::<super::meddle::CutAfter>()
        .map(|cut| cut.0);
    let call = Call {
        shared,
        caller,
        target,
        query,
        headers: parts.headers,
        body,
        path,
        cut,
    };
    authorize(&call, &parts.method)?;
    match (&parts.method, &call.target.name, call.target.sub) {
        (&Method::GET, None, _) if call.query.is_on("watch") => watch::open(&call),
        (&Method::GET, None, _) => read::list(&call),
        (&Method::GET, Some(name), Some(Sub::Log)) => log::log(&call, name),
        (&Method::GET, Some(name), _) => read::get(&call, name),
        (&Method::POST, None, _) => create::create(&call),
        (&Method::POST, Some(name), Some(Sub::Eviction)) => evict::evict(&call, name),
        (&Method::PUT, Some(name), _) => write::replace(&call, name),
        (&Method::PATCH, Some(name), _) => write::patch(&call, name),
        (&Method::DELETE, Some(name), None) => removal::delete(&call, name),
        _ => Err(Failure::no_such_verb(&parts.method)),
    }
}
