//! Asks the server for a part of the page: a form goes out, HTML drawn by the server comes back. What a question costs in
//! the bundle is paid once, here; nothing of what is drawn is in it.

use leptos::prelude::*;
use serde::{Deserialize, Serialize};

/// A part of a page, drawn by the server with everything others wrote escaped.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Drawn {
    /// Its HTML.
    pub html: String,
    /// The same in one sentence.
    pub sentence: String,
    /// HTML of why there is nothing new to see; then `html` is empty.
    pub fault: String,
}

/// Sends the fields of a form to a function that only reads. Dropped before the answer, it takes the question back.
#[cfg(not(feature = "ssr"))]
pub async fn ask(path: &'static str, fields: Vec<(&'static str, String)>) -> Result<Drawn, String> {
    use super::refusal::Refusal;
    use leptos::server_fn::client::Client;
    use leptos::server_fn::client::browser::BrowserClient;
    use leptos::server_fn::request::ClientReq;
    use leptos::server_fn::request::browser::BrowserRequest;
    use leptos::server_fn::response::ClientRes;

    let pairs: Vec<String> = fields
        .into_iter()
        .map(|(name, value)| format!("{name}={}", in_form(&value)))
        .collect();
    let words = |refusal: Refusal| refusal.to_string();
    let request = <BrowserRequest as ClientReq<Refusal>>::try_new_post(
        path,
        "application/x-www-form-urlencoded",
        "application/json",
        pairs.join("&"),
    );
    let answer =
        <BrowserClient as Client<Refusal, Refusal, Refusal>>::send(request.map_err(words)?).await;
    let answer = answer.map_err(words)?;
    let well = ClientRes::<Refusal>::status(&answer) == 200;
    let body = ClientRes::<Refusal>::try_into_string(answer)
        .await
        .map_err(words)?;
    if well {
        leptos::serde_json::from_str(&body).map_err(|_| Refusal::default().to_string())
    } else {
        let refusal: Refusal = leptos::serde_json::from_str(&body).unwrap_or_default();
        Err(refusal.to_string())
    }
}

/// On the server nobody asks.
#[cfg(feature = "ssr")]
pub async fn ask(_: &'static str, _: Vec<(&'static str, String)>) -> Result<Drawn, String> {
    Err("only a browser asks".to_owned())
}

/// A value as forms are sent.
#[cfg(any(test, not(feature = "ssr")))]
fn in_form(text: &str) -> String {
    const HEX: &[u8; 16] = b"0123456789ABCDEF";
    let mut out = String::with_capacity(text.len() + 8);
    for byte in text.bytes() {
        match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'.' | b'_' => {
                out.push(char::from(byte));
            }
            b' ' => out.push('+'),
            other => {
                out.push('%');
                out.push(char::from(HEX[usize::from(other >> 4)]));
                out.push(char::from(HEX[usize::from(other & 15)]));
            }
        }
    }
    out
}

/// Puts a sentence into the element with this id.
pub fn tell(id: &str, text: &str) {
    if let Some(place) = document().get_element_by_id(id) {
        place.set_text_content(Some(text));
    }
}

/// Gives the element with this id another class.
pub fn dress(id: &str, class: &str) {
    if let Some(place) = document().get_element_by_id(id) {
        place.set_class_name(class);
    }
}

#[cfg(test)]
mod tests {
    use super::in_form;

    #[test]
    fn a_pattern_survives_the_way_through_a_form() {
        assert_eq!(in_form("a b+(\\d)\u{e9}\n"), "a+b%2B%28%5Cd%29%C3%A9%0A");
    }
}
