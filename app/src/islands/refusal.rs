//! What the browser keeps of a refusal: its words. The whole error would bring times and rules into the bundle.

use leptos::server_fn::codec::JsonEncoding;
use leptos::server_fn::error::{FromServerFnError, ServerFnErrorErr};
use serde::{Deserialize, Serialize};

/// A refusal as an island reads it from the answer.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Refusal {
    /// Words of most refusals.
    #[serde(default)]
    text: Option<String>,
    /// Words of a refused field.
    #[serde(default)]
    message: Option<String>,
}

impl std::fmt::Display for Refusal {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let words = self.text.as_deref().or(self.message.as_deref());
        f.write_str(words.unwrap_or(
            "this needs a connection; what you typed is kept, and is tried again as you type",
        ))
    }
}

impl FromServerFnError for Refusal {
    type Encoder = JsonEncoding;

    fn from_server_fn_error(_: ServerFnErrorErr) -> Self {
        Self::default()
    }
}
