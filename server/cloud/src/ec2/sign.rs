//! Signature version 4, by AWS's own crate.

use super::keys::Keys;
use crate::trouble::Trouble;
use aws_credential_types::Credentials;
use aws_sigv4::http_request::{SignableBody, SignableRequest, SigningSettings, sign};
use aws_sigv4::sign::v4;
use reqwest::Url;
use reqwest::header::{HeaderMap, HeaderName, HeaderValue};
use std::time::SystemTime;
use tracing::subscriber::NoSubscriber;

/// The type of every body we send.
pub const FORM: &str = "application/x-www-form-urlencoded; charset=utf-8";

/// The headers that sign a POST of a form; all are marked as sensitive.
pub fn headers(
    keys: &Keys,
    (service, region): (&str, &str),
    url: &Url,
    body: &str,
) -> Result<HeaderMap, Trouble> {
    let session = keys.session.as_ref().map(|token| token.reveal().to_owned());
    let identity = Credentials::new(&keys.id, keys.secret.reveal(), session, None, "uncordon");
    let identity = identity.into();
    let params = v4::SigningParams::builder()
        .identity(&identity)
        .region(region)
        .name(service)
        .time(SystemTime::now())
        .settings(SigningSettings::default())
        .build()
        .map_err(cannot)?
        .into();
    let known = [("content-type", FORM)].into_iter();
    let body = SignableBody::Bytes(body.as_bytes());
    let request = SignableRequest::new("POST", url.as_str(), known, body).map_err(cannot)?;
    // Its crate logs what it signs, session token and all.
    let signed =
        tracing::subscriber::with_default(NoSubscriber::default(), || sign(request, &params));
    let (instructions, _) = signed.map_err(cannot)?.into_parts();
    let mut headers = HeaderMap::new();
    for (name, value) in instructions.headers() {
        let name = HeaderName::from_bytes(name.as_bytes()).map_err(cannot)?;
        let mut value = HeaderValue::from_str(value).map_err(cannot)?;
        value.set_sensitive(true);
        headers.insert(name, value);
    }
    Ok(headers)
}

fn cannot(why: impl std::error::Error) -> Trouble {
    Trouble::Setup(format!("the call cannot be signed: {why}"))
}
