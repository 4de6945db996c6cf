//! The config file: the example is whole and true, and each fault names its line, its key and what was expected.

#[path = "config/chats.rs"]
mod chats;
#[path = "config/team.rs"]
mod team;

use domain::guard::Guards;
use domain::world::Healer;
use server::config::{Config, ConfigError};
use std::path::Path;

const EXAMPLE: &str = include_str!("../uncordon.example.toml");

fn fault(text: &str) -> String {
    match Config::parse(text, Path::new("/etc/uncordon/uncordon.toml")) {
        Ok(_) => panic!("this was taken:\n{text}"),
        Err(error) => error.to_string(),
    }
}

/// The example with one line replaced by another.
fn with(line: &str, other: &str) -> String {
    assert!(EXAMPLE.contains(line), "the example no longer says {line}");
    // Both ways of reaching a cluster stand in the example for show.
    EXAMPLE.replacen(line, other, 1)
}

#[test]
fn the_example_is_a_valid_config_and_shows_every_default() {
    let config = Config::parse(EXAMPLE, Path::new("/etc/uncordon/uncordon.toml"));
    let config = config.expect("the example is valid");
    assert_eq!(
        config.guards,
        Guards::default(),
        "the example shows other limits than the defaults"
    );
    assert_eq!(config.server.listen.to_string(), "127.0.0.1:3000");
}

#[test]
fn every_key_of_the_guards_is_in_the_example() {
    let guards = serde_json::to_value(Guards::default()).expect("limits can be written");
    for key in guards.as_object().expect("limits are keys").keys() {
        assert!(
            EXAMPLE.contains(&format!("\n{key} = ")),
            "{key} is not in the example"
        );
    }
}

#[test]
fn whose_nodes_and_which_hosts_a_cluster_has_is_read() {
    let own = "# own_recovery = [\"gke\"]";
    let text = with(
        own,
        "own_recovery = [\"gke\", \"cluster-api\"]\nhosts = { rack-7 = [\"node-11\"] }",
    );
    let config = Config::parse(&text, Path::new("/etc/uncordon/uncordon.toml")).expect("valid");
    let cluster = &config.clusters[0];
    assert_eq!(cluster.own_recovery, [Healer::Gke, Healer::ClusterApi]);
    assert_eq!(cluster.host_label, "topology.uncordon.dev/host");
    let hosts: Vec<_> = cluster.hosts().into_values().collect();
    assert_eq!(hosts, ["rack-7"]);
    let wrong = fault(&with(own, "own_recovery = [\"me\"]"));
    assert!(
        wrong.contains("own_recovery") && wrong.contains("autoscaling-group"),
        "{wrong}"
    );
}

#[test]
fn relative_paths_are_relative_to_the_file() {
    let text = with(
        "kubeconfig = \"/etc/uncordon/kubeconfig\"",
        "kubeconfig = \"here/kubeconfig\"",
    );
    let config = Config::parse(&text, Path::new("/etc/uncordon/uncordon.toml")).expect("valid");
    let path = config.clusters[0].kubeconfig.clone().expect("it is set");
    assert_eq!(path, Path::new("/etc/uncordon/here/kubeconfig"));
}

#[test]
fn faults_name_line_key_and_what_was_expected() {
    let cases = [
        (
            "public_url = \"http://127.0.0.1:3000\"",
            "public_url = \"127.0.0.1\"",
            vec!["public_url", "http://"],
        ),
        (
            "public_url = \"http://127.0.0.1:3000\"",
            "publik_url = \"x\"",
            vec!["publik_url", "line", "public_url"],
        ),
        (
            "listen = \"127.0.0.1:3000\"",
            "listen = \"everywhere\"",
            vec!["listen", "line"],
        ),
        (
            "cloud = \"region-one\"",
            "cloud = \"region-two\"",
            vec!["cluster.cloud", "line", "region-one"],
        ),
        (
            "in_cluster = false",
            "in_cluster = true",
            vec!["in_cluster", "prod"],
        ),
        (
            "kind = \"openstack\"",
            "kind = \"moon\"",
            vec!["moon", "openstack"],
        ),
        ("soak_s = 120", "soak_s = -1", vec!["soak_s", "line"]),
        ("soak_s = 120", "soack_s = 120", vec!["soack_s", "soak_s"]),
        (
            "password_file = \"/etc/uncordon/cloud-password\"",
            "",
            vec!["password_file", "password_env"],
        ),
        (
            "token_file = \"/etc/uncordon/hook-token\"",
            "",
            vec!["token_file", "alertmanager"],
        ),
        ("name = \"prod\"", "name = \"pr od\"", vec!["pr od", "line"]),
    ];
    for (line, other, words) in cases {
        let message = fault(&with(line, other));
        for word in words {
            assert!(
                message.contains(word),
                "{other:?} should name {word:?}:\n{message}"
            );
        }
        assert!(message.contains("/etc/uncordon/uncordon.toml"), "{message}");
    }
}

#[test]
fn what_is_commented_out_in_the_example_is_valid_too() {
    let text: String = EXAMPLE
        .lines()
        .map(|line| match line.strip_prefix("# ") {
            // Where there is a choice, the other one stands in the example already.
            Some(key) if key.starts_with("password_env") || key.starts_with("token_env") => line,
            Some(key)
                if key.contains(" = ") && key.starts_with(|c: char| c.is_ascii_lowercase()) =>
            {
                key
            }
            Some(key) if key.starts_with("[alarm_source.heartbeat]") => key,
            Some(_) | None => line,
        })
        .take_while(|line| *line != "# [alarm_source.fields]")
        .map(|line| format!("{line}\n"))
        .collect();
    let config = Config::parse(&text, Path::new("/etc/uncordon/uncordon.toml")).expect("valid");
    assert!(config.sources[0].heartbeat.is_some());
    assert_eq!(
        config.clusters[0]
            .node_watch_s
            .as_ref()
            .map(|of| *of.get_ref()),
        Some(60)
    );
}

/// A source of these lines behind the example.
fn source(lines: &str) -> String {
    let source = "\n[[alarm_source]]\nname = \"other\"\ntoken_file = \"t\"\n";
    format!("{EXAMPLE}{source}{lines}\n")
}

#[test]
fn a_source_of_any_json_is_read_by_its_fields() {
    let text = source(
        "kind = \"json\"\n[alarm_source.fields]\ntext = \"HOST {/h} down\"\nlabels = { a = \"{/b}\" }",
    );
    let config = Config::parse(&text, Path::new("/etc/uncordon/uncordon.toml")).expect("valid");
    assert!(config.sources[1].fields.is_some());
}

#[test]
fn faults_of_sources_name_the_key_and_what_was_expected() {
    let cases = [
        (
            source("kind = \"json\""),
            vec!["alarm_source.fields", "json", "other"],
        ),
        (
            source("kind = \"text\"\n[alarm_source.fields]\ntext = \"x\""),
            vec!["alarm_source.fields", "json"],
        ),
        (
            source("kind = \"json\"\n[alarm_source.fields]\ntext = \"{host}\""),
            vec!["slash", "line"],
        ),
        (
            source("kind = \"text\"\n[alarm_source.heartbeat]\npattern = \"(\"\nsilent_s = 60"),
            vec!["alarm_source.heartbeat.pattern", "line"],
        ),
        (
            source("kind = \"text\"\n[alarm_source.heartbeat]\npattern = \"x\"\nsilent_s = 1"),
            vec!["alarm_source.heartbeat.silent_s", "10"],
        ),
        (
            source("kind = \"text\"").replace("\"other\"", "\"node-watch\""),
            vec!["alarm_source.name", "node-watch", "another name"],
        ),
        (
            with("alarm_ttl_s = 900", "alarm_ttl_s = 1801"),
            vec!["guards.alarm_ttl_s", "1800", "line"],
        ),
        (
            with("# node_watch_s = 60", "node_watch_s = 900"),
            vec!["cluster.node_watch_s", "alarm_ttl_s"],
        ),
    ];
    for (text, words) in cases {
        let message = fault(&text);
        for word in words {
            assert!(message.contains(word), "{word:?} is not in {message}");
        }
    }
}

#[test]
fn a_file_that_is_not_there_is_named() {
    let error = Config::read(Path::new("/no/such/uncordon.toml")).expect_err("it is not there");
    assert!(matches!(error, ConfigError::File { .. }));
    assert!(error.to_string().contains("/no/such/uncordon.toml"));
}

#[tokio::test]
async fn a_cloud_that_may_not_start_refuses_without_a_call() {
    let config = |allow: &str| {
        let text = with("allow = [\"start\"]", allow);
        Config::parse(&text, Path::new("/etc/uncordon/uncordon.toml")).expect("valid")
    };
    let clock = server::wiring::clock(&config("allow = []"));
    for (allow, denied) in [("allow = []", true), ("allow = [\"start\"]", false)] {
        let clouds =
            server::wiring::clouds(&config(allow), &clock, None).expect("clouds can be made");
        let answer = clouds["region-one"].start("machine", "key").await;
        let refused = matches!(&answer, domain::step::Answer::Denied(why) if why.contains("allow"));
        assert_eq!(refused, denied, "{allow}: {answer:?}");
    }
}

/// The commented blocks of the example, each alone in a config.
fn block(kind: &str) -> String {
    let shown = EXAMPLE
        .split("\n\n")
        .find(|part| part.contains(&format!("#   kind = \"{kind}\"")));
    let lines = shown.expect("the example shows it").lines();
    let code = lines
        .filter_map(|line| line.strip_prefix("#   "))
        .filter(|line| !line.starts_with('#'));
    let code = code.skip_while(|line| !line.starts_with("[["));
    format!(
        "[server]\ndata = \"/tmp\"\n{}\n",
        code.collect::<Vec<_>>().join("\n")
    )
}

#[test]
fn the_other_kinds_of_cloud_in_the_example_are_valid_and_can_be_made() {
    let path = Path::new("/etc/uncordon/uncordon.toml");
    for kind in ["ec2", "redfish", "http"] {
        let mut text = block(kind);
        if kind == "ec2" {
            // The example shows the keys of every way; one of them is what a config has.
            for (of, word) in [("# keys", ""), ("# profile", ""), ("# instance", "")] {
                text = text
                    .lines()
                    .filter(|line| !line.contains(of))
                    .map(|line| format!("{line}{word}\n"))
                    .collect();
            }
            text = text.replace("credentials = \"auto\"", "credentials = \"web-identity\"");
        }
        let config = Config::parse(&text, path).unwrap_or_else(|error| panic!("{error}\n{text}"));
        let clock = server::wiring::clock(&config);
        let made = server::wiring::clouds(&config, &clock, None);
        assert_eq!(
            made.map_err(|error| format!("{error:#}"))
                .expect("it can be made")
                .len(),
            1,
            "{kind}"
        );
    }
}

#[test]
fn faults_of_clouds_name_the_cloud_the_key_and_what_was_expected() {
    let server = "[server]\ndata = \"/tmp\"\n[[cloud]]\nname = \"c\"\n";
    for (block, words) in [
        ("kind = \"ec2\"", vec!["\"c\"", "region"]),
        (
            "kind = \"ec2\"\nregion = \"r\"\nregoin = \"r\"",
            vec!["regoin", "role_arn"],
        ),
        (
            "kind = \"ec2\"\nregion = \"r\"\nprofile = \"p\"",
            vec!["line 7", "profile", "credentials = \"profile\""],
        ),
        (
            "kind = \"ec2\"\nregion = \"r\"\ncredentials = \"keys\"",
            vec!["access_key_id_file", "access_key_id_env"],
        ),
        (
            "kind = \"ec2\"\nregion = \"r\"\ncredentials = \"web-identity\"",
            vec!["role_arn"],
        ),
        (
            "kind = \"redfish\"\nusername = \"u\"\npassword_env = \"P\"",
            vec!["controller", "machines"],
        ),
        (
            "kind = \"redfish\"\nusername = \"u\"\ncontroller = \"https://{node}\"",
            vec!["password_file", "password_env"],
        ),
        (
            "kind = \"redfish\"\npassword = \"inline\"",
            vec!["password", "password_file"],
        ),
        (
            "kind = \"http\"\ntemplate = \"moon\"",
            vec!["moon", "hetzner", "digitalocean"],
        ),
        ("kind = \"http\"", vec!["template", "template_file"]),
        (
            "kind = \"http\"\ntemplate = \"hetzner\"\n[cloud.secrets]\na = {}",
            vec!["exactly one of file and env"],
        ),
        (
            "kind = \"openstack\"\nauth_url = \"x\"",
            vec!["username", "application_credential_id"],
        ),
        (
            "kind = \"openstack\"\nauth_url = \"x\"\napplication_credential_id = \"i\"",
            vec!["application_credential_secret_file"],
        ),
        (
            "kind = \"openstack\"\nauth_url = \"x\"\nusername = \"u\"\npassword_env = \"P\"",
            vec!["project"],
        ),
        (
            "kind = \"moon\"",
            vec!["moon", "openstack, ec2, redfish or http"],
        ),
        (
            "kind = \"http\"\ntemplate = \"hetzner\"\ncalls_per_second = 0.0",
            vec!["calls_per_second", "more than 0"],
        ),
    ] {
        let message = fault(&format!("{server}{block}\n"));
        for word in words {
            assert!(message.contains(word), "{word:?} is not in: {message}");
        }
    }
}

#[test]
fn a_template_that_needs_a_secret_or_holds_a_wrong_placeholder_is_named() {
    let folder = std::env::temp_dir().join(format!("uncordon-templates-{}", std::process::id()));
    std::fs::create_dir_all(&folder).expect("a folder can be made");
    let shipped = cloud::http::shipped("hetzner").expect("it is shipped");
    for (template, words) in [
        (shipped.to_owned(), "the template needs the secret token"),
        (
            shipped.replace("Bearer {secret}", "Bearer {password}"),
            "password",
        ),
        (
            shipped.replace("servers/{machine}", "servers/{secret}"),
            "a secret belongs into a header",
        ),
        (shipped.replace("[read]", "[red]"), "red"),
    ] {
        std::fs::write(folder.join("ours.toml"), template).expect("it can be written");
        let text = "[server]\ndata = \"/tmp\"\n[[cloud]]\nname = \"c\"\nkind = \"http\"\ntemplate_file = \"ours.toml\"\n";
        let config = Config::parse(text, &folder.join("uncordon.toml")).expect("valid");
        let clock = server::wiring::clock(&config);
        let error = match server::wiring::clouds(&config, &clock, None) {
            Ok(_) => panic!("it was taken"),
            Err(error) => format!("{error:#}"),
        };
        assert!(
            error.contains("cloud c") && error.contains(words),
            "{error}"
        );
    }
    std::fs::remove_dir_all(&folder).ok();
}
