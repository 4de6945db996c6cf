//! What pages say of guards: the switch, storms, cordons, arming, the veto window, the evidence and receipts.

use crate::PAGES;
use crate::desk::Fake;
use crate::draw::{Asked, draw};
use domain::access::Role;
use domain::guard::Switch;

#[tokio::test]
async fn a_storm_is_one_card_that_lets_single_nodes_through() {
    let storm = Fake {
        storm: true,
        ..Fake::default()
    };
    let (_, html) = draw(storm, Asked::new("/")).await;
    assert_eq!(html.matches("data-storm=").count(), 1);
    assert_eq!(html.matches("Let just this one through").count(), 1);
    assert!(html.contains("Calm since 09:34. A person may close it now."));
    assert!(html.contains("action=\"/do/close_storm?intent=key"));
    let (_, html) = draw(Fake::default(), Asked::new("/storms")).await;
    assert!(html.contains("Past storms"));
    let none = Fake {
        empty: true,
        ..Fake::default()
    };
    let (_, html) = draw(none, Asked::new("/storms")).await;
    assert!(html.contains("No breaker is open. Rules may act."));
}

#[tokio::test]
async fn an_incident_is_one_card_one_row_and_one_page_with_a_note_to_copy() {
    let (_, html) = draw(Fake::default(), Asked::new("/")).await;
    assert_eq!(html.matches("data-incident=").count(), 1);
    assert!(html.contains("href=\"/incidents/5\""));
    let (_, html) = draw(Fake::default(), Asked::new("/timeline")).await;
    assert_eq!(html.matches("data-incident=").count(), 2);
    assert!(
        html.contains("href=\"/recoveries/12\""),
        "it leads to its recoveries"
    );
    let (_, html) = draw(Fake::default(), Asked::new("/incidents/5")).await;
    for state in ["down", "waiting", "recovering", "needs_human"] {
        assert!(html.contains(&format!("data-state=\"{state}\"")), "{state}");
    }
    for copy in ["note-text", "note-md"] {
        assert!(html.contains(&format!("data-text=\"{copy}\"")));
        assert!(html.contains(&format!("id=\"{copy}\"")));
    }
    let (_, html) = draw(Fake::default(), Asked::new("/recoveries/12")).await;
    assert!(html.contains("Part of incident 5"));
}

#[tokio::test]
async fn what_a_rule_will_leave_alone_is_shown_before_it_is_armed() {
    let (_, html) = draw(Fake::default(), Asked::new("/rules/3/arm")).await;
    assert!(html.contains("What it leaves alone"));
}

#[tokio::test]
async fn every_cordon_has_the_buttons_that_fit_it() {
    for page in ["/cordons", "/"] {
        let (_, html) = draw(Fake::default(), Asked::new(page)).await;
        for verb in ["take_over", "hand_back", "lift"] {
            assert!(html.contains(&format!("value=\"{verb}\"")), "{page} {verb}");
        }
        assert!(html.contains("action=\"/do/do_cordon?intent=key"), "{page}");
    }
    let viewer = Asked {
        role: Some(Role::Viewer),
        ..Asked::new("/cordons")
    };
    let (_, html) = draw(Fake::default(), viewer).await;
    assert!(!html.contains("/do/do_cordon"));
}

#[tokio::test]
async fn a_cordon_in_a_cluster_nobody_can_see_says_so_and_claims_nothing() {
    for page in ["/cordons", "/"] {
        let (_, html) = draw(Fake::default(), Asked::new(page)).await;
        let (_, unseen) = html.rsplit_once("data-cordon=").expect("a cordon");
        assert!(unseen.contains("Cannot see cluster prod since "), "{page}");
        assert!(unseen.contains("Not seen"), "{page}");
        let item = unseen.split("</li>").next().unwrap_or_default();
        assert!(
            !item.contains("do_cordon") && !item.contains("Ready"),
            "{item}"
        );
    }
}

#[tokio::test]
async fn a_veto_window_counts_down_with_stop_and_go_now() {
    let veto = Fake {
        veto: true,
        can: vec![domain::timeline::Can::Approve, domain::timeline::Can::Stop],
        ..Fake::default()
    };
    for page in ["/", "/recoveries/12"] {
        let (_, html) = draw(veto.clone(), Asked::new(page)).await;
        assert!(html.contains(">STOP</button>"), "{page}");
        assert!(html.contains(">GO NOW</button>"), "{page}");
        assert!(
            html.contains("40 s</span>"),
            "{page}: the seconds that are left"
        );
        assert!(
            html.contains("then it is started"),
            "{page}: what silence means"
        );
    }
}

#[tokio::test]
async fn arming_shows_the_hits_and_carries_what_was_shown() {
    let admin = || Asked {
        role: Some(Role::Admin),
        ..Asked::new("/rules/3/arm")
    };
    let (_, html) = draw(Fake::default(), admin()).await;
    assert!(html.contains("of the last 1204 alarms it matches 37"));
    assert!(html.contains("name=\"look\" value=\"2.37.7\""));
    assert!(html.contains("Would touch nothing"));
    assert!(html.contains(">Arm this rule</button>"));
    let none = Fake {
        empty: true,
        ..Fake::default()
    };
    let (_, html) = draw(none, admin()).await;
    assert!(html.contains("It has never matched an alarm."));
    assert!(html.contains("Nobody has seen it work."));
    assert!(!html.contains("Arm this rule"));
    let (_, html) = draw(
        Fake::default(),
        Asked {
            role: Some(Role::Admin),
            ..Asked::new("/rules/3")
        },
    )
    .await;
    assert!(html.contains("href=\"/rules/3/arm\""));
    assert!(!html.contains("value=\"auto\""), "saving must not arm");
    assert!(html.contains("Set back to ask"));
}

#[tokio::test]
async fn what_a_start_destroys_can_be_read_on_the_recovery() {
    let (_, html) = draw(Fake::default(), Asked::new("/recoveries/12")).await;
    assert!(html.contains("Kept before power was used"));
    for part in [
        "Conditions",
        "Events",
        "Pods",
        "Console log",
        "Could not be read",
    ] {
        assert!(html.contains(part), "{part}");
    }
}

#[tokio::test]
async fn settings_show_what_each_guard_is_set_to_and_which_is_reached() {
    let (_, html) = draw(Fake::default(), Asked::new("/settings")).await;
    assert!(html.contains("data-guards=\"prod\""));
    assert_eq!(html.matches(", reached").count(), 1);
    assert!(html.contains("href=\"/storms\""));
    assert!(html.contains("href=\"/cordons\""));
}

#[tokio::test]
async fn the_config_page_says_what_is_in_force_what_is_not_and_shows_of_a_secret_only_its_place() {
    let (_, html) = draw(Fake::default(), Asked::new("/settings/config")).await;
    for part in [
        "/etc/uncordon/uncordon.toml",
        "In force since",
        "Not taken",
        "by SIGHUP",
        "line 3: guards.soak_s",
        "server.listen",
        "kept until the recovery at work there has ended: prod",
        "file /etc/uncordon/prod.yaml",
        "value hidden",
    ] {
        assert!(html.contains(part), "{part} is not on the page: {html}");
    }
    let (_, html) = draw(Fake::default(), Asked::new("/settings")).await;
    assert!(html.contains("line 3: guards.soak_s") && html.contains("/settings/config"));
}

/// What the one button in the header would set the switch of all clusters to.
fn thrown(html: &str) -> Option<&str> {
    let (_, rest) = html.split_once("<div id=\"throw\"").expect("its place");
    let (part, _) = rest.split_once("</header>").expect("its end");
    let (_, mode) = part.split_once("name=\"mode\" value=\"")?;
    mode.split('"').next()
}

#[tokio::test]
async fn every_page_throws_the_switch_one_notch_further_with_one_tap() {
    for page in PAGES {
        for (switch, next) in [
            (Switch::Run, Some("pause")),
            (Switch::Pause, Some("freeze")),
            (Switch::Freeze, None),
        ] {
            let desk = || Fake {
                switch,
                ..Fake::default()
            };
            let (_, html) = draw(desk(), Asked::new(page)).await;
            assert_eq!(thrown(&html), next, "{page} on {}", switch.word());
            let viewer = Asked {
                role: Some(Role::Viewer),
                ..Asked::new(page)
            };
            let (_, html) = draw(desk(), viewer).await;
            assert_eq!(thrown(&html), None, "{page} for a viewer");
        }
    }
}
