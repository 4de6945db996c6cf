//! `/api/v1/chats`: how each chat is doing, and what its rooms were told last.

use crate::web::AppState;
use crate::web::api::List;
use crate::web::api::moment::written;
use crate::web::guard::Signed;
use crate::web::problem::Problem;
use app::desk::views::{ChatRoomView, ChatView};
use axum::Json;
use axum::extract::State;
use serde::Serialize;
use utoipa::ToSchema;

/// One chat.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct Chat {
    /// Its name in the config.
    pub name: String,
    /// Its kind, in a word.
    pub kind: String,
    /// Since when it is listened to; null while it is not.
    pub listening_since: Option<String>,
    /// When somebody was last heard there.
    pub last_heard: Option<String>,
    /// When an answer was last said there.
    pub last_answer: Option<String>,
    /// The last thing that went wrong.
    pub trouble: Option<String>,
    /// When that was.
    pub trouble_at: Option<String>,
    /// Rooms that are told.
    pub rooms: Vec<Room>,
}

/// A room of a chat.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[schema(as = ChatRoom)]
pub struct Room {
    /// Its id there.
    pub id: String,
    /// When the last message for it was written.
    pub last_told: Option<String>,
    /// What became of that: `waiting`, `trying`, `sent`, `failed`, `unknown` or `over`.
    pub state: Option<String>,
}

impl From<ChatView> for Chat {
    fn from(view: ChatView) -> Self {
        let (at, trouble) = view.trouble.unzip();
        Self {
            name: view.name,
            kind: view.kind,
            listening_since: view.listening_since.map(written),
            last_heard: view.last_heard.map(written),
            last_answer: view.last_answer.map(written),
            trouble,
            trouble_at: at.map(written),
            rooms: view.rooms.into_iter().map(Room::from).collect(),
        }
    }
}

impl From<ChatRoomView> for Room {
    fn from(view: ChatRoomView) -> Self {
        Self {
            id: view.id,
            last_told: view.last.as_ref().map(|last| written(last.written_at)),
            state: view.last.map(|last| last.state),
        }
    }
}

/// The chats, by name.
#[utoipa::path(get, path = "/api/v1/chats", tag = "chats", responses((status = 200, body = List<Chat>)))]
pub async fn list(
    State(state): State<AppState>,
    signed: Signed,
) -> Result<Json<List<Chat>>, Problem> {
    let view = state.desk.chats(&signed.person).await?;
    let items = view.chats.into_iter().map(Chat::from).collect();
    Ok(Json(List { items, next: None }))
}
