//! Every page, drawn from a hostile world: it must show it, escape it, and offer what the contract says.

mod acts;
mod chats;
mod desk;
mod devices;
mod draw;
mod fake;
mod guarded;
mod guards;
mod past;
mod rules;
mod sources;
mod tokens;
mod typing;
mod world;

use app::desk::views::Offer;
use app::error::AppError;
use app::{FlashKind, TypedRule};
use desk::Fake;
use domain::access::Role;
use domain::guard::{Switch, Warning};
use domain::recovery::State;
use domain::rule::PatternError;
use domain::timeline::Can;
use draw::{Asked, draw};
use world::{HOSTILE, rule};

const PAGES: [&str; 19] = [
    "/",
    "/clusters",
    "/clusters/prod",
    "/clusters/prod/nodes/node-12",
    "/clusters/prod/nodes/node-12/start",
    "/command",
    "/timeline",
    "/recoveries/12",
    "/rules",
    "/rules/3",
    "/rules/new",
    "/settings",
    "/rules/3/arm",
    "/incidents/5",
    "/storms",
    "/cordons",
    "/settings/devices",
    "/settings/config",
    "/rules/new?from=7",
];

/// What stands in tags, without the values of attributes.
fn tags(html: &str) -> Vec<String> {
    let mut found = Vec::new();
    let mut rest = html;
    while let Some(begin) = rest.find('<') {
        let mut tag = String::new();
        let mut quoted = false;
        let mut end = rest.len();
        for (at, c) in rest[begin + 1..].char_indices() {
            match c {
                '"' => quoted = !quoted,
                '>' if !quoted => {
                    end = begin + 2 + at;
                    break;
                }
                c if !quoted => tag.push(c),
                _ => {}
            }
        }
        found.push(tag);
        rest = &rest[end..];
    }
    found
}

fn quiet(html: &str, place: &str) {
    assert!(
        !html.contains("<script>alert"),
        "{place}: a script came through"
    );
    for tag in tags(html) {
        assert!(
            !tag.contains("onload"),
            "{place}: an attribute came through: {tag}"
        );
    }
    assert!(!html.contains(" style="), "{place}: a style attribute");
    assert!(!html.contains("<script>"), "{place}: an inline script");
    assert_eq!(
        html.matches("<textarea").count(),
        html.matches("</textarea>").count(),
        "{place}"
    );
    assert_eq!(html.matches("</style>").count(), 1, "{place}");
    assert_eq!(html.matches("</title>").count(), 1, "{place}");
}

#[tokio::test]
async fn every_page_escapes_what_others_wrote() {
    for state in [
        State::Waiting,
        State::NeedsHuman,
        State::Running,
        State::Recovered,
    ] {
        for page in PAGES {
            let desk = Fake {
                state,
                storm: true,
                veto: state == State::Waiting,
                ..Fake::default()
            };
            let (status, html) = draw(desk, Asked::new(page)).await;
            assert_eq!(status, 200, "{page}");
            assert_eq!(html.matches("<h1").count(), 1, "{page}");
            quiet(&html, page);
        }
    }
}

#[tokio::test]
async fn every_page_says_when_there_is_nothing_yet() {
    for page in PAGES {
        let desk = Fake {
            empty: true,
            ..Fake::default()
        };
        let (status, html) = draw(desk, Asked::new(page)).await;
        assert_eq!(status, 200, "{page}");
        quiet(&html, page);
    }
}

#[tokio::test]
async fn every_page_shows_a_refusal_in_words_and_keeps_its_frame() {
    for page in PAGES
        .into_iter()
        .filter(|page| !matches!(*page, "/command" | "/rules/new" | "/rules/new?from=7"))
    {
        let refused = Some(AppError::Unavailable {
            text: "The store does not answer.".to_owned(),
        });
        let desk = Fake {
            refused,
            ..Fake::default()
        };
        let (status, html) = draw(desk, Asked::new(page)).await;
        assert_eq!(status, 503, "{page}");
        assert!(html.contains("The store does not answer."), "{page}");
        assert!(html.contains("aria-label=\"Main\""), "{page}");
    }
}

#[tokio::test]
async fn without_a_session_every_page_is_the_way_to_one() {
    for page in PAGES {
        let (status, html) = draw(
            Fake::default(),
            Asked {
                role: None,
                ..Asked::new(page)
            },
        )
        .await;
        assert_eq!(status, 401, "{page}");
        assert!(html.contains("Nobody is signed in here"), "{page}");
        assert!(!html.to_lowercase().contains("prod"), "{page} tells names");
    }
}

#[tokio::test]
async fn an_unknown_address_is_not_found() {
    for page in ["/nowhere", "/recoveries/x", "/clusters/a%20b"] {
        let (status, _) = draw(Fake::default(), Asked::new(page)).await;
        assert_eq!(status, 404, "{page}");
    }
}

#[tokio::test]
async fn a_waiting_card_has_one_tap_and_a_running_grace_has_cancel() {
    let (_, html) = draw(Fake::default(), Asked::new("/")).await;
    assert!(html.contains("action=\"/do/approve?intent=key"), "{html}");
    assert!(html.contains(">Start node</button>"));
    let grace = Fake {
        can: vec![Can::Cancel],
        ..Fake::default()
    };
    let (_, html) = draw(grace, Asked::new("/recoveries/12")).await;
    assert!(html.contains(">Cancel</button>"));
    assert!(html.contains("4 s</span>"), "the seconds that are left");
}

#[tokio::test]
async fn warnings_lead_to_the_page_that_asks_for_the_name() {
    let warned = Fake {
        warnings: vec![Warning::ControlPlane],
        offer: Offer::Confirm {
            warnings: vec![Warning::ControlPlane],
        },
        ..Fake::default()
    };
    let (_, html) = draw(warned.clone(), Asked::new("/")).await;
    assert!(html.contains("href=\"/clusters/prod/nodes/node-12/start\""));
    assert!(!html.contains("action=\"/do/approve"));
    let (_, html) = draw(warned, Asked::new("/clusters/prod/nodes/node-12/start")).await;
    assert!(html.contains("Type node-12 to confirm"));
    assert!(html.contains("This node carries the control plane."));
}

/// What everybody may do: with the own devices, links and choices.
const OWN: [&str; 6] = [
    "change_device",
    "remove_device",
    "test_device",
    "set_preference",
    "show_link_code",
    "unlink_chat",
];

#[tokio::test]
async fn a_viewer_sees_everything_and_can_do_nothing_but_with_what_is_the_viewers_own() {
    for page in PAGES {
        let viewer = Asked {
            role: Some(Role::Viewer),
            ..Asked::new(page)
        };
        let (status, html) = draw(Fake::default(), viewer).await;
        assert_eq!(status, 200, "{page}");
        let acts: Vec<&str> = html
            .split("action=\"/do/")
            .skip(1)
            .filter_map(|rest| rest.split(['?', '"']).next())
            .filter(|act| !OWN.contains(act))
            .collect();
        // A line may be one that reads, which is everybody's; the desk refuses one that acts.
        let lines = acts.iter().filter(|act| **act == "run_command").count();
        assert_eq!(lines, acts.len(), "{page}: {acts:?}");
        assert!(lines == 0 || page == "/command", "{page}");
    }
}

#[tokio::test]
async fn what_was_typed_into_a_rule_survives_a_refusal() {
    let typed = TypedRule {
        pattern: format!("(?P<ip>x){HOSTILE}"),
        name: "mine".to_owned(),
        ..TypedRule::default()
    };
    let error = AppError::Conflict {
        text: "Kato saved version 3 while you edited.".to_owned(),
    };
    let flash = Some(FlashKind::Unsaved {
        error,
        typed: Box::new(typed),
    });
    let (_, html) = draw(
        Fake::default(),
        Asked {
            flash,
            ..Asked::new("/rules/3")
        },
    )
    .await;
    assert!(html.contains("Kato saved version 3 while you edited."));
    assert!(html.contains("(?P&lt;ip&gt;x)&lt;/textarea&gt;"), "{html}");
    assert!(html.contains("value=\"mine\""));
    quiet(&html, "/rules/3");
}

#[tokio::test]
async fn a_save_that_would_replace_a_newer_version_says_so_first() {
    let newest = rule().version;
    let offer = format!("Save again to replace version {newest}");
    for (open, replaces) in [(newest - 1, true), (newest, false)] {
        let typed = TypedRule {
            version: Some(open),
            ..TypedRule::default()
        };
        let error = AppError::Conflict {
            text: "Refused.".to_owned(),
        };
        let asked = Asked {
            flash: Some(FlashKind::Unsaved {
                error,
                typed: Box::new(typed),
            }),
            ..Asked::new("/rules/3")
        };
        let (_, html) = draw(Fake::default(), asked).await;
        assert_eq!(html.contains(&offer), replaces, "{open}: {html}");
        assert_eq!(html.contains(">Save rule</button>"), !replaces, "{open}");
        assert_eq!(html.contains("href=\"#versions\""), replaces, "{open}");
        assert!(html.contains("id=\"versions\""), "{open}");
    }
    let page = "/rules/3?mode=ask&name=n&position=1&pattern=x&version=1";
    let (_, html) = draw(Fake::default(), Asked::new(page)).await;
    assert_eq!(html.contains(&offer), newest != 1, "after a test");
}

#[tokio::test]
async fn the_title_of_a_recovery_stays_true_when_it_ends() {
    let mut titles = Vec::new();
    for state in [State::Running, State::Recovered] {
        let desk = Fake {
            state,
            ..Fake::default()
        };
        let (_, html) = draw(desk, Asked::new("/recoveries/12")).await;
        let (_, rest) = html.split_once("<title>").expect("a title");
        titles.push(rest.split('<').next().unwrap_or_default().to_owned());
    }
    assert_eq!(titles[0], titles[1]);
    assert!(
        titles[0].starts_with("node-12 in prod, recovery #"),
        "{titles:?}"
    );
}

#[tokio::test]
async fn a_bad_pattern_is_shown_with_its_place() {
    let fault = Some(PatternError {
        message: "unclosed group at position 2".to_owned(),
        position: Some(2),
    });
    let page = "/rules/3?mode=ask&name=n&position=1&pattern=ab(c&sample=x";
    let (status, html) = draw(
        Fake {
            fault,
            ..Fake::default()
        },
        Asked::new(page),
    )
    .await;
    assert_eq!(status, 200);
    assert!(html.contains("unclosed group at position 2"));
    assert!(html.contains("<mark class=\"fault\">(</mark>"), "{html}");
    assert!(html.contains("aria-invalid=\"true\""));
}

#[tokio::test]
async fn a_thrown_switch_stands_on_every_page() {
    for page in PAGES {
        let desk = Fake {
            switch: Switch::Pause,
            ..Fake::default()
        };
        let (_, html) = draw(desk, Asked::new(page)).await;
        assert!(html.contains("Paused: All clusters"), "{page}");
        assert!(html.contains("href=\"/settings#switch\""), "{page}");
    }
}

#[tokio::test]
async fn the_answer_to_a_command_is_shown_once_as_text() {
    let flash = Some(FlashKind::Said {
        command: "status".to_owned(),
        reply: HOSTILE.to_owned(),
        recovery_id: Some(domain::id::RecoveryId(12)),
    });
    let (_, html) = draw(
        Fake::default(),
        Asked {
            flash,
            ..Asked::new("/command")
        },
    )
    .await;
    assert!(html.contains("href=\"/recoveries/12\""));
    quiet(&html, "/command");
}

#[tokio::test]
async fn no_id_stands_twice_on_a_page() {
    for page in PAGES {
        let (_, html) = draw(Fake::default(), Asked::new(page)).await;
        let mut ids: Vec<&str> = html
            .split(" id=\"")
            .skip(1)
            .filter_map(|rest| rest.split('"').next())
            .collect();
        let all = ids.len();
        ids.sort_unstable();
        ids.dedup();
        assert_eq!(ids.len(), all, "{page}: {ids:?}");
    }
}
