//! `[[cluster.check]]` and `[cluster.impact]`: each fault names its line, its key and what was expected.

use domain::check::{CheckKind, When};
use server::config::Config;
use std::path::Path;

const HEAD: &str = "[server]\ndata = \"data\"\ncheck_commands = [\"/opt/smoke\"]\n\n[[cluster]]\nname = \"prod\"\nkubeconfig = \"k\"\n\n";

fn read(checks: &str) -> Result<Config, String> {
    let text = format!("{HEAD}{checks}");
    Config::parse(&text, Path::new("/etc/uncordon/uncordon.toml"))
        .map_err(|error| error.to_string())
}

#[test]
fn each_kind_has_its_own_usual_times() {
    let config = read(
        r#"
[[cluster.check]]
name = "a"
kind = "http"
url = "http://{ip}:8080/healthz"

[[cluster.check]]
name = "b"
kind = "job"
when = "node"
template_file = "job.yaml"
"#,
    );
    let config = config.expect("valid");
    let checks = &config.clusters[0].checks;
    let planned = checks[0].planned();
    assert_eq!(
        (planned.kind, planned.when),
        (CheckKind::Http, When::Workload)
    );
    assert_eq!(
        (
            planned.limit_s,
            planned.every_s,
            checks[0].timeout().as_secs()
        ),
        (120, 5, 10)
    );
    let planned = checks[1].planned();
    assert_eq!((planned.kind, planned.when), (CheckKind::Job, When::Node));
    assert_eq!(
        (
            planned.limit_s,
            planned.every_s,
            checks[1].timeout().as_secs()
        ),
        (600, 10, 300)
    );
    let file = checks[1].template_file.as_deref();
    assert_eq!(file, Some(Path::new("/etc/uncordon/job.yaml")));
}

#[test]
fn faults_name_line_key_and_what_was_expected() {
    for (block, words) in [
        (
            "name = \"a\"\nkind = \"moon\"",
            vec!["moon", "promql", "line"],
        ),
        (
            "name = \"A b\"\nkind = \"tcp\"",
            vec!["A b", "lower-case", "line"],
        ),
        (
            "name = \"a\"\nkind = \"http\"",
            vec!["line 10", "cluster.check.url", "kind http", "check a"],
        ),
        (
            "name = \"a\"\nkind = \"http\"\nurl = \"ftp://x\"",
            vec!["line 12", "cluster.check.url", "http(s)://"],
        ),
        (
            "name = \"a\"\nkind = \"http\"\nurl = \"http://user:pw@x\"",
            vec!["line 12", "without user and password"],
        ),
        (
            "name = \"a\"\nkind = \"http\"\nurl = \"http://x\"\nquery = \"up\"",
            vec!["line 13", "cluster.check.query", "promql"],
        ),
        (
            "name = \"a\"\nkind = \"http\"\nurl = \"http://x\"\ntoken_file = \"a\"\ntoken_env = \"B\"",
            vec!["line 13", "at most one"],
        ),
        (
            "name = \"a\"\nkind = \"promql\"\nquery = \"up\"",
            vec!["cluster.check.prometheus", "promql"],
        ),
        (
            "name = \"a\"\nkind = \"tcp\"\naddress = \"{ip}\"",
            vec!["line 12", "cluster.check.address", "host:port"],
        ),
        (
            "name = \"a\"\nkind = \"command\"\npath = \"/bin/sh\"",
            vec!["line 12", "cluster.check.path", "server.check_commands"],
        ),
        (
            "name = \"a\"\nkind = \"command\"\npath = \"smoke\"",
            vec!["line 12", "absolute"],
        ),
        (
            "name = \"a\"\nkind = \"command\"\npath = \"/opt/../opt/smoke\"",
            vec!["line 12", "server.check_commands"],
        ),
        (
            "name = \"a\"\nkind = \"job\"",
            vec!["cluster.check.template_file"],
        ),
        (
            "name = \"a\"\nkind = \"tcp\"\naddress = \"x:1\"\ntimeout_s = 0",
            vec!["line 13", "cluster.check.timeout_s", "1 to 3600"],
        ),
        (
            "name = \"a\"\nkind = \"tcp\"\naddress = \"x:1\"\nlimit_s = 5",
            vec!["line 13", "cluster.check.limit_s", "10"],
        ),
        (
            "name = \"a\"\nkind = \"tcp\"\naddress = \"x:1\"\nwait_s = 5",
            vec!["wait_s", "line"],
        ),
        (
            "name = \"a\"\nkind = \"tcp\"\naddress = \"x:1\"\nwhen = \"later\"",
            vec!["later", "workload", "line"],
        ),
        (
            "name = \"a\"\nkind = \"tcp\"\naddress = \"x:1\"\n[[cluster.check]]\nname = \"a\"\nkind = \"tcp\"\naddress = \"x:1\"",
            vec!["line 14", "twice"],
        ),
    ] {
        let block = format!("[[cluster.check]]\n{block}\n\n[guards]\nsoak_s = 1\n");
        let message = read(&block).expect_err(&block);
        for word in words {
            assert!(
                message.contains(word),
                "{block}\nshould name {word:?}:\n{message}"
            );
        }
    }
}

#[test]
fn an_impact_needs_an_address_a_query_and_a_word_for_it() {
    let good = "[cluster.impact]\nprometheus = \"http://p\"\npromql = \"up\"\nwhat = \"x\"\n";
    assert!(read(good).is_ok());
    for (from, to, word) in [
        ("http://p", "p:9090", "cluster.impact.prometheus"),
        ("what = ", "wat = ", "wat"),
        (
            "what = \"x\"",
            "what = \"x\"\ntoken_file = \"a\"\ntoken_env = \"B\"",
            "at most one",
        ),
    ] {
        let message = read(&good.replace(from, to)).expect_err(to);
        assert!(
            message.contains(word) && message.contains("line"),
            "{message}"
        );
    }
}
