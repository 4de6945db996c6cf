//! `command`: the list, the environment, the exit status, the limit with all it began, the output.

use super::{ask, output, said};
use checks::command::Command;
use domain::check::Tried;
use engine::ports::Check;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::time::Duration;

/// A script that is on the list.
fn script(folder: &Path, text: &str) -> Command {
    let path = folder.join("check");
    std::fs::write(&path, format!("#!/bin/sh\n{text}\n")).unwrap();
    std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o755)).unwrap();
    Command {
        allowed: vec![path.clone()],
        path,
        timeout: Duration::from_secs(20),
    }
}

async fn run(text: &str) -> Tried {
    let folder = tempfile::tempdir().unwrap();
    script(folder.path(), text).try_once(&ask()).await
}

#[tokio::test]
async fn it_is_told_by_its_environment_and_by_nothing_else() {
    let tried = run("/usr/bin/env | sort; echo \"args: $#\"; pwd; cat").await;
    assert!(
        said(&tried).contains(": exit status 0 in "),
        "{}",
        said(&tried)
    );
    let names: Vec<String> = output(&tried)
        .lines()
        .filter_map(|line| line.split_once('=').map(|(name, _)| name.to_owned()))
        .collect();
    let shells = ["PWD", "OLDPWD", "SHLVL", "_"];
    let unknown: Vec<&String> = names
        .iter()
        .filter(|name| !name.starts_with("UNCORDON_") && !shells.contains(&name.as_str()))
        .collect();
    assert_eq!(unknown, ["LANG", "PATH"]);
    for line in [
        "UNCORDON_CHECK=smoke",
        "UNCORDON_RECOVERY=42",
        "UNCORDON_ATTEMPT=3",
        "UNCORDON_KEY=0123456789abcdef",
        "UNCORDON_CLUSTER=prod",
        "UNCORDON_NODE=node-12",
        "UNCORDON_NODE_UID=uid-12",
        "UNCORDON_NODE_IP=127.0.0.1",
        "UNCORDON_PROVIDER_ID=openstack:///vm-12",
        "args: 0",
        "/",
    ] {
        assert!(
            output(&tried).lines().any(|one| one == line),
            "{line}: {}",
            output(&tried)
        );
    }
}

#[tokio::test]
async fn what_the_recovery_says_is_never_read_by_a_shell() {
    let folder = tempfile::tempdir().unwrap();
    let mark = folder.path().join("mark");
    let mut odd = ask();
    odd.target.provider_id = Some(format!("$(touch {0}); `touch {0}`", mark.display()));
    let tried = script(folder.path(), "echo \"$UNCORDON_PROVIDER_ID\"")
        .try_once(&odd)
        .await;
    assert!(output(&tried).contains("$(touch"), "{}", output(&tried));
    assert!(!mark.exists());
}

#[tokio::test]
async fn the_exit_status_decides_and_both_outputs_are_kept_in_order() {
    let tried = run("echo one; echo two >&2; echo three; exit 7").await;
    assert!(said(&tried).starts_with("not yet: "), "{}", said(&tried));
    assert!(
        said(&tried).contains(": exit status 7 after "),
        "{}",
        said(&tried)
    );
    assert_eq!(output(&tried), "one\ntwo\nthree");
    let killed = run("kill -9 $$").await;
    assert!(
        said(&killed).contains("ended by signal 9"),
        "{}",
        said(&killed)
    );
}

#[tokio::test]
async fn a_program_that_is_not_on_the_list_is_not_run() {
    let folder = tempfile::tempdir().unwrap();
    let mark = folder.path().join("mark");
    let mut check = script(folder.path(), &format!("touch {}", mark.display()));
    check.allowed = vec![PathBuf::from("/usr/bin/true")];
    let text = said(&check.try_once(&ask()).await);
    assert!(
        text.ends_with("is not among the programs in server.check_commands"),
        "{text}"
    );
    assert!(!mark.exists());
    // Another way to write the same place is another path.
    let around = folder.path().join(".").join("check");
    check.allowed = vec![check.path.clone()];
    check.path = around;
    assert!(said(&check.try_once(&ask()).await).starts_with("refused: "));
    check.path = PathBuf::from("check");
    assert!(said(&check.try_once(&ask()).await).ends_with("is not an absolute path"));
    assert!(!mark.exists());
}

/// Whether a process of this id lives; a zombie does not.
fn lives(pid: &str) -> bool {
    let stat = std::fs::read_to_string(format!("/proc/{pid}/stat")).unwrap_or_default();
    stat.rsplit_once(')')
        .is_some_and(|(_, rest)| !rest.trim_start().starts_with('Z'))
}

async fn gone(pid: &str) {
    let mut beat = tokio::time::interval(Duration::from_millis(10));
    let waiting = async {
        while lives(pid) {
            beat.tick().await;
        }
    };
    tokio::time::timeout(Duration::from_secs(20), waiting)
        .await
        .expect("it was killed");
}

/// Both process ids a script wrote.
async fn pids(file: &Path) -> Vec<String> {
    let mut beat = tokio::time::interval(Duration::from_millis(10));
    loop {
        let text = std::fs::read_to_string(file).unwrap_or_default();
        if text.lines().count() == 2 && text.ends_with('\n') {
            return text.lines().map(str::to_owned).collect();
        }
        beat.tick().await;
    }
}

fn family(folder: &Path) -> (Command, PathBuf) {
    let file = folder.join("pids");
    let text = format!(
        "sleep 600 & echo $! > {0}; echo $$ >> {0}; echo begun; wait",
        file.display()
    );
    (script(folder, &text), file)
}

#[tokio::test]
async fn at_its_limit_it_is_killed_with_all_it_began() {
    let folder = tempfile::tempdir().unwrap();
    let (mut check, file) = family(folder.path());
    check.timeout = Duration::from_secs(1);
    let tried = tokio::time::timeout(Duration::from_secs(30), check.try_once(&ask()))
        .await
        .expect("the try ends by itself");
    assert!(
        said(&tried).ends_with("did not end within 1 s and was killed"),
        "{}",
        said(&tried)
    );
    assert_eq!(output(&tried), "begun");
    for pid in pids(&file).await {
        gone(&pid).await;
    }
}

#[tokio::test]
async fn a_try_that_is_dropped_leaves_nothing_running() {
    let folder = tempfile::tempdir().unwrap();
    let (check, file) = family(folder.path());
    let ask = ask();
    let found = tokio::select! {
        _ = check.try_once(&ask) => panic!("it waits for ever"),
        found = pids(&file) => found,
    };
    for pid in found {
        gone(&pid).await;
    }
}

#[tokio::test]
async fn what_it_leaves_behind_does_not_keep_the_try_open() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("pids");
    let text = format!(
        "sleep 600 & echo $! > {0}; echo $$ >> {0}; echo done",
        file.display()
    );
    let (check, ask) = (script(folder.path(), &text), ask());
    let tried = tokio::time::timeout(Duration::from_secs(30), check.try_once(&ask));
    let tried = tried.await.expect("the try ends with the program");
    assert!(said(&tried).starts_with("passed: "), "{}", said(&tried));
    for pid in pids(&file).await {
        gone(&pid).await;
    }
}

#[tokio::test]
async fn an_endless_output_is_cut_to_its_end() {
    let tried = run(
        "i=0; while [ $i -lt 40000 ]; do echo 'a line of words'; i=$((i+1)); done; echo the end",
    )
    .await;
    let output = output(&tried);
    assert!(output.len() < 4200, "{}", output.len());
    assert!(output.starts_with('('), "{output}");
    assert!(output.ends_with("the end"), "{output}");
}

#[tokio::test]
async fn beyond_its_time_nothing_is_begun_after_a_restart() {
    let folder = tempfile::tempdir().unwrap();
    let mark = folder.path().join("mark");
    let check = script(folder.path(), &format!("touch {}", mark.display()));
    let mut late = ask();
    late.begin = false;
    assert!(said(&check.try_once(&late).await).starts_with("not yet: "));
    assert!(!mark.exists());
}

#[tokio::test]
async fn the_doctor_sees_whether_it_is_a_program() {
    let folder = tempfile::tempdir().unwrap();
    let check = script(folder.path(), "true");
    assert_eq!(check.ready().await, Ok(()));
    std::fs::set_permissions(&check.path, std::fs::Permissions::from_mode(0o644)).unwrap();
    assert!(check.ready().await.is_err());
    std::fs::remove_file(&check.path).unwrap();
    assert!(check.ready().await.is_err());
}
