//! The site inside the binary: scripts, wasm and icons with their cache rules, and the one style sheet.

mod answer;

use app::Site;
use axum::Router;
use axum::http::{HeaderMap, Method, Uri};
use axum::response::Response;
use axum::routing::any;

/// How long a browser may keep a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Keep {
    /// Its name holds its hash: for ever.
    Forever,
    /// Its name stays while its content changes: ask every time.
    Checked,
}

/// One embedded file, with the packed copies that are smaller.
#[derive(Debug)]
struct Asset {
    path: &'static str,
    mime: &'static str,
    tag: &'static str,
    keep: Keep,
    raw: &'static [u8],
    br: Option<&'static [u8]>,
    gz: Option<&'static [u8]>,
}

include!(concat!(env!("OUT_DIR"), "/site.rs"));

/// The text of the one inlined style sheet, exactly as it must stand between the tags.
#[must_use]
pub fn css() -> &'static str {
    SITE.css
}

/// Base64 of the sheet's SHA-256, for `style-src 'sha256-..'`.
#[must_use]
pub fn css_hash() -> &'static str {
    CSS_HASH
}

/// The word that tells this build from every other.
#[must_use]
pub fn build() -> &'static str {
    SITE.build
}

/// Names of the islands the embedded wasm can wake, as pages write them; none when the site was not built.
#[must_use]
pub fn islands() -> &'static [&'static str] {
    ISLANDS
}

/// Routes for every embedded file, and for `/pkg/*` in whole, so that a name of an older build is a plain 404.
pub fn router<S: Clone + Send + Sync + 'static>() -> Router<S> {
    ASSETS
        .iter()
        .filter(|asset| asset.keep == Keep::Checked)
        .fold(Router::new(), |router, asset| {
            router.route(asset.path, any(serve))
        })
        .route("/pkg/{*file}", any(serve))
}

async fn serve(method: Method, uri: Uri, headers: HeaderMap) -> Response {
    let asset = ASSETS.iter().find(|asset| asset.path == uri.path());
    answer::answer(asset, &method, &headers)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_address_a_page_may_name_is_an_embedded_file() {
        let named = [SITE.loader, SITE.js, SITE.wasm];
        if named.iter().all(Option::is_none) {
            println!("NOT RUN: embedded files are complete (the site is not built)");
            return;
        }
        for address in named {
            let address = address.expect("a built site has all three");
            assert!(
                ASSETS.iter().any(|asset| asset.path == address),
                "{address} is not embedded"
            );
        }
        assert!(!islands().is_empty(), "the wasm has no islands");
    }

    #[test]
    fn the_worker_knows_its_build_and_keeps_only_files_that_are_embedded() {
        let Some(worker) = ASSETS.iter().find(|asset| asset.path == "/sw.js") else {
            println!("NOT RUN: the worker is complete (the site is not built)");
            return;
        };
        assert_eq!(worker.keep, Keep::Checked);
        let text = std::str::from_utf8(worker.raw).expect("a script is text");
        assert!(text.contains(build()) && !text.contains("@BUILD@"));
        let list = text
            .split("SHELL = [")
            .nth(1)
            .and_then(|rest| rest.split(']').next());
        let names: Vec<&str> = list
            .expect("it has a list")
            .split('"')
            .skip(1)
            .step_by(2)
            .collect();
        assert!(names.len() > 5, "{names:?}");
        for name in names {
            let page = name == "/offline" || name == "/unconfirmed";
            assert!(
                page || ASSETS.iter().any(|asset| asset.path == name),
                "{name} is not embedded"
            );
        }
    }

    #[test]
    fn parts_of_scripts_are_not_served_under_their_own_names() {
        for part in ["/loader.js", "/page/", "/modules/", "/sw/"] {
            assert!(
                !ASSETS.iter().any(|asset| asset.path.starts_with(part)),
                "{part}"
            );
        }
    }
}
