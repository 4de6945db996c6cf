//! Counts the seconds down that a tap may still be taken back.

use leptos::prelude::*;
use std::time::Duration;

/// So many seconds from the moment it wakes; without script it keeps the number the server wrote.
#[island]
pub fn Countdown(
    /// Where it begins.
    seconds: u32,
) -> impl IntoView {
    let left = RwSignal::new(seconds);
    Effect::new(move |_| {
        // One timer for each second, so that nothing goes on when the part is swapped for a new one.
        if left.get() > 0 {
            set_timeout(
                move || {
                    let _ = left.try_update(|left| *left = left.saturating_sub(1));
                },
                Duration::from_secs(1),
            );
        }
    });
    view! { <span>{move || words(left.get())}</span> }
}

/// `42 s`, `7:26`.
fn words(seconds: u32) -> String {
    if seconds < 60 {
        format!("{seconds} s")
    } else {
        format!("{}:{:02}", seconds / 60, seconds % 60)
    }
}

#[cfg(test)]
mod tests {
    use super::words;

    #[test]
    fn a_minute_and_more_is_told_like_every_other_time() {
        assert_eq!([0, 59, 60, 446].map(words), ["0 s", "59 s", "1:00", "7:26"]);
    }
}
