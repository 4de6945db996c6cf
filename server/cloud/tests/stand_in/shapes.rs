//! Machines, tokens and the catalog as they were recorded, and as they should never be.

use crate::openstack::{ID, SERVER, Scripted, StandIn, TOKEN, Wall, by_address, by_id, server};
use cloud::openstack::{OpenStack, Settings};
use cloud::secret::SecretSource;
use domain::world::{MachineState, Reading};
use engine::ports::Cloud;
use std::sync::Arc;

const SHOW: &str = "GET /v2.1/servers/e1607007-1345-4ac9-b7b7-6c4c370953a7";
const LIST: &str = "GET /v2.1/servers/detail";
const TOKENS: &str = "POST /v3/auth/tokens";

#[tokio::test]
async fn a_recorded_server_is_read() {
    let nova = StandIn::new(&[(SHOW, 200, &[], SERVER)]).await;
    let Reading::Seen(machine) = nova.cloud.machine(&by_id()).await else {
        panic!("not seen")
    };
    assert_eq!(
        (machine.id.as_str(), machine.state, machine.detail.as_str()),
        (ID, MachineState::On, "ACTIVE")
    );
    assert_eq!(
        machine.since.unwrap().to_string(),
        "2026-11-22T20:10:55.61333Z"
    );
    assert_eq!(
        machine.host.as_deref(),
        Some("15693362e5e4554d72fbb153796bfda56c1a0f331161e202e1868382")
    );
    let seen = nova.seen();
    assert_eq!(seen[1].token, "tok-1");
    assert_eq!(seen[1].version, "compute 2.84");
    assert_eq!(
        seen[0].body["auth"]["scope"]["project"]["domain"]["name"],
        "Default"
    );
}

#[tokio::test]
async fn only_exactly_the_address_counts() {
    let page = format!(
        r#"{{"servers": [{}, {}]}}"#,
        server("near", "192.168.1.110"),
        server("right", "192.168.1.11")
    );
    let nova = StandIn::new(&[(LIST, 200, &[], &page)]).await;
    let Reading::Seen(machine) = nova.cloud.machine(&by_address()).await else {
        panic!("not seen")
    };
    assert_eq!(machine.id, "right");
    assert_eq!(nova.seen()[1].query, "ip=192.168.1.11");
}

#[tokio::test]
async fn an_address_of_several_machines_is_nobodys() {
    let page = format!(
        r#"{{"servers": [{}, {}]}}"#,
        server("a", "192.168.1.11"),
        server("b", "192.168.1.11")
    );
    let nova = StandIn::new(&[(LIST, 200, &[], &page)]).await;
    let reading = nova.cloud.machine(&by_address()).await;
    assert_eq!(
        reading,
        Reading::Unreadable("several machines have the address 192.168.1.11: a, b".into())
    );
}

#[tokio::test]
async fn when_the_filter_finds_nobody_all_pages_are_looked_through() {
    let first = format!(
        r#"{{"servers": [{}], "servers_links": [{{"rel": "next", "href": "x"}}]}}"#,
        server("a", "192.168.1.9")
    );
    let second = format!(r#"{{"servers": [{}]}}"#, server("b", "192.168.1.11"));
    let empty = r#"{"servers": []}"#;
    let nova = StandIn::new(&[
        (LIST, 200, &[], empty),
        (LIST, 200, &[], &first),
        (LIST, 200, &[], &second),
    ])
    .await;
    let Reading::Seen(machine) = nova.cloud.machine(&by_address()).await else {
        panic!("not seen")
    };
    assert_eq!(machine.id, "b");
    let queries: Vec<String> = nova
        .seen()
        .into_iter()
        .skip(1)
        .map(|one| one.query)
        .collect();
    assert_eq!(queries, ["ip=192.168.1.11", "", "marker=a"]);
    let nova = StandIn::new(&[(LIST, 200, &[], empty)]).await;
    assert_eq!(nova.cloud.machine(&by_address()).await, Reading::Absent);
}

#[tokio::test]
async fn nobody_is_absent_while_a_cell_is_down() {
    let page = r#"{"servers": [{"id": "hidden", "status": "UNKNOWN"}]}"#;
    let nova = StandIn::new(&[
        (LIST, 200, &[], r#"{"servers": []}"#),
        (LIST, 200, &[], page),
    ])
    .await;
    let why = "Nova cannot see machine hidden: its cell is down";
    assert_eq!(
        nova.cloud.machine(&by_address()).await,
        Reading::Unreadable(why.into())
    );
}

#[tokio::test]
async fn a_machine_in_a_cell_that_is_down_and_nonsense_are_unreadable() {
    for (status, body, why) in [
        (
            200,
            format!(r#"{{"server": {{"id": "{ID}", "status": "UNKNOWN"}}}}"#),
            "its cell is down",
        ),
        (
            200,
            "<html>".into(),
            "makes no sense: expected value at line 1 column 1",
        ),
        (200, r#"{"server": {}}"#.into(), "missing field `id`"),
        (302, String::new(), "302 Found"),
    ] {
        let nova = StandIn::new(&[(SHOW, status, &[("location", "/elsewhere")], &body)]).await;
        let reading = nova.cloud.machine(&by_id()).await;
        assert!(
            matches!(&reading, Reading::Unreadable(said) if said.contains(why)),
            "{reading:?}"
        );
    }
}

#[tokio::test]
async fn a_nova_that_is_too_old_for_the_microversion_is_spoken_to_plainly() {
    let nova = StandIn::new(&[(SHOW, 406, &[], ""), (SHOW, 200, &[], SERVER)]).await;
    for _ in 0..2 {
        assert!(matches!(
            nova.cloud.machine(&by_id()).await,
            Reading::Seen(_)
        ));
    }
    let versions: Vec<String> = nova
        .seen()
        .into_iter()
        .skip(1)
        .map(|one| one.version)
        .collect();
    assert_eq!(versions, ["compute 2.84", "", ""]);
}

#[tokio::test]
async fn a_token_is_kept_while_it_lasts_and_the_password_is_read_for_each_new_one() {
    let nova = StandIn::new(&[(SHOW, 200, &[], SERVER)]).await;
    nova.cloud.machine(&by_id()).await;
    nova.cloud.machine(&by_id()).await;
    assert_eq!(nova.count(TOKENS), 1);
    let short = TOKEN.replace("21:10:49", "20:10:49");
    let nova = StandIn::new(&[
        (TOKENS, 201, &[("x-subject-token", "t")], &short),
        (SHOW, 200, &[], SERVER),
    ])
    .await;
    nova.cloud.machine(&by_id()).await;
    std::fs::write(nova.folder.path().join("password"), "second\n").unwrap();
    nova.cloud.machine(&by_id()).await;
    let sent: Vec<String> = nova
        .seen()
        .iter()
        .filter(|one| one.call == TOKENS)
        .map(|one| one.password())
        .collect();
    assert_eq!(sent, ["first", "second"]);
}

#[tokio::test]
async fn the_catalog_is_searched_by_region_and_interface_and_says_what_it_has() {
    let two = TOKEN.replace(
        r#"{"interface": "public", "region_id": "RegionOne", "region": "RegionOne", "url": "{base}/v2.1"}"#,
        r#"{"interface": "public", "region_id": "A", "url": "{base}/a"}, {"interface": "public", "region_id": "B", "url": "{base}/v2.1/"}"#,
    );
    let subject = [("x-subject-token", "t")];
    let answers: [Scripted<'_>; 2] = [(TOKENS, 201, &subject, &two), (SHOW, 200, &[], SERVER)];
    let seen = |region: Option<&'static str>, interface: Option<&'static str>| {
        let answers = &answers;
        async move {
            let change = move |settings: &mut Settings| {
                settings.region = region.map(Into::into);
                settings.interface = interface.map(Into::into);
            };
            StandIn::with(answers, change)
                .await
                .cloud
                .machine(&by_id())
                .await
        }
    };
    assert!(matches!(seen(Some("B"), None).await, Reading::Seen(_)));
    for (region, interface, why) in [
        (None, None, "the catalog has compute in A, B: set region"),
        (
            Some("C"),
            None,
            "the catalog has compute in A, B, not in region C",
        ),
        (
            Some("A"),
            Some("internal"),
            "the catalog has no internal compute endpoint",
        ),
    ] {
        let said = Reading::Unreadable(format!("sign-in to Keystone failed: {why}"));
        assert_eq!(seen(region, interface).await, said);
    }
}

#[tokio::test]
async fn the_doctor_names_the_way_out() {
    for (call, status, way_out) in [
        (TOKENS, 404, "auth_url is not Keystone's: it ends in /v3"),
        (
            TOKENS,
            403,
            "the user has no role in the project: give it member",
        ),
        (TOKENS, 500, "Keystone has trouble: try again later"),
        (
            TOKENS,
            200,
            "auth_url is probably not Keystone's: it ends in /v3",
        ),
        (
            LIST,
            403,
            "the user may not list machines: give it the member role in the project",
        ),
        (
            LIST,
            404,
            "the compute endpoint of the catalog is not Nova's: check region and interface",
        ),
    ] {
        let nova = StandIn::new(&[(call, status, &[], "no")]).await;
        assert_eq!(nova.cloud.check().await.unwrap_err().way_out, way_out);
    }
    let way_out = StandIn::nowhere()
        .await
        .cloud
        .check()
        .await
        .unwrap_err()
        .way_out;
    assert_eq!(
        way_out,
        "check auth_url, the network and, for https, the ca file"
    );
}

#[test]
fn settings_that_cannot_work_are_named() {
    let folder = tempfile::tempdir().unwrap();
    let pem = folder.path().join("ca.pem");
    std::fs::write(&pem, "nothing").unwrap();
    type Change<'a> = Box<dyn Fn(&mut Settings) + 'a>;
    let table: Vec<(Change<'_>, &str)> = vec![
        (
            Box::new(|s| s.auth_url = "keystone:5000".into()),
            "auth_url \"keystone:5000\" is not valid",
        ),
        (
            Box::new(|s| s.auth_url = "http://k/v2.0".into()),
            "expected http(s)://host/.../v3",
        ),
        (
            Box::new(|s| s.interface = Some("open".into())),
            "interface \"open\" is not valid: expected public, internal",
        ),
        (
            Box::new(|s| s.ca = Some(folder.path().join("none"))),
            "none cannot be used: No such file",
        ),
        (
            Box::new(|s| s.ca = Some(pem.clone())),
            "ca.pem cannot be used: it holds no PEM certificate",
        ),
    ];
    for (change, sentence) in table {
        let mut settings =
            crate::openstack::settings("http://127.0.0.1:1", SecretSource::Env("X".into()));
        change(&mut settings);
        let error = OpenStack::new(settings, Arc::new(Wall))
            .err()
            .unwrap()
            .to_string();
        assert!(error.contains(sentence), "{error}");
    }
}

#[test]
fn plain_http_works_where_the_system_has_no_authorities() {
    let again = std::process::Command::new(std::env::current_exe().unwrap())
        .args(["--exact", "shapes::a_recorded_server_is_read"])
        .env("SSL_CERT_FILE", "/nonexistent")
        .env("SSL_CERT_DIR", "/nonexistent")
        .output()
        .unwrap();
    let said = String::from_utf8_lossy(&again.stdout);
    assert!(
        again.status.success() && said.contains("1 passed"),
        "{said}"
    );
}
