//! A config file that was read and not taken.

use super::status::{Shape, tag};
use crate::desk::views::ConfigTrouble;
use leptos::prelude::*;

/// Why the newer file is not in force.
pub fn trouble(of: &ConfigTrouble) -> AnyView {
    let when = format!(
        "The file was read again at {:.0} by {} and not taken; the config before it stays in force:",
        of.at, of.by
    );
    view! {
        <div id="config-trouble">
            <p>{tag(Shape::Down, "Not taken")} " " {when}</p>
            <pre class="mono text">{of.error.clone()}</pre>
        </div>
    }
    .into_any()
}
