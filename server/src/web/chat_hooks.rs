//! What chats tell by requests: each shows what its kind asks for, and is answered after what it said is stored.

use super::hooks::{overloaded, room, whole};
use super::input::BODY_TIME;
use crate::chatops::Hook;
use crate::web::AppState;
use crate::web::problem::Problem;
use crate::web::routes::Doors;
use axum::extract::{Path, Request, State};
use axum::http::StatusCode;
use axum::http::header::CONTENT_TYPE;
use axum::response::{IntoResponse, Response};
use engine::ports::{HookRequest, Hooked, Turned};
use jiff::Timestamp;

/// Opens the door.
pub fn doors(doors: Doors) -> Doors {
    doors.post("/hooks/chat/{chat}", hook)
}

async fn hook(
    State(state): State<AppState>,
    Path(chat): Path<String>,
    request: Request,
) -> Result<Response, Problem> {
    let (parts, body) = request.into_parts();
    let _room = room(&parts.headers).await?;
    let bytes = whole(body, BODY_TIME).await?;
    let header = |name: &str| parts.headers.get(name)?.to_str().ok();
    let request = HookRequest {
        header: &header,
        body: &bytes,
        now: Timestamp::now(),
    };
    let taken = match &state.chats {
        Some(chats) => chats.hook(&chat, &request).await,
        None => None,
    };
    match taken {
        Some(Hook::Taken(hooked)) => Ok(answer(hooked)),
        // A stranger does not learn which chats there are: only our log says that there is none of this name.
        Some(Hook::Turned(Turned::NoHook)) | None => {
            tracing::warn!(chat, "No chat of this name is told by requests");
            let why = "the request does not show what this chat must show";
            Err(Problem::plain(StatusCode::UNAUTHORIZED, why))
        }
        Some(Hook::Turned(Turned::Forged(why))) => {
            tracing::warn!(chat, "A request of a chat was turned away: {why}");
            Err(Problem::plain(StatusCode::UNAUTHORIZED, &why))
        }
        Some(Hook::Turned(Turned::Unreadable(why))) => {
            tracing::warn!(chat, "A request of a chat cannot be read: {why}");
            Err(Problem::plain(StatusCode::BAD_REQUEST, &why))
        }
        Some(Hook::Turned(Turned::Later(why))) => {
            tracing::error!(chat, "No request of this chat can be checked: {why}");
            Err(overloaded(
                "the secret of this chat cannot be read at the moment; send it again",
            ))
        }
        Some(Hook::NotStored(error)) => {
            tracing::error!(chat, "What was said could not be stored: {error}");
            Err(overloaded(
                "what was said could not be stored; send it again",
            ))
        }
    }
}

fn answer(hooked: Hooked) -> Response {
    match hooked.answer {
        Some((kind, text)) => ([(CONTENT_TYPE, kind)], text).into_response(),
        None => StatusCode::OK.into_response(),
    }
}
