//! The acts that exist, and the paths that forms send to.

use std::collections::BTreeSet;

#[test]
fn forms_send_to_acts_that_exist() {
    use app::links::acts;
    let known: BTreeSet<&str> = server_fn::axum::server_fn_paths()
        .map(|(path, _)| path)
        .collect();
    let sent = [
        acts::START_NODE,
        acts::APPROVE,
        acts::CANCEL,
        acts::STOP,
        acts::RETRY,
        acts::ACKNOWLEDGE,
        acts::ADD_NOTE,
        acts::STAR_EVENT,
        acts::MOVE_NOTE,
        acts::ACKNOWLEDGE_ALARM,
        acts::RUN_COMMAND,
        acts::SAVE_RULE,
        acts::REMOVE_RULE,
        acts::RESTORE_RULE,
        acts::ARM_RULE,
        acts::CLOSE_STORM,
        acts::DO_CORDON,
        acts::THROW_SWITCH,
        acts::BREAK_NODE,
        acts::SET_PREFERENCE,
        acts::CHANGE_DEVICE,
        acts::REMOVE_DEVICE,
        acts::TEST_DEVICE,
        acts::TEST_WEBHOOK,
        acts::SHOW_LINK_CODE,
        acts::UNLINK_CHAT,
    ];
    let read = [
        "/do/cluster_health",
        "/do/check_state",
        "/do/try_rule",
        acts::READ_COMMAND,
    ];
    let all: BTreeSet<&str> = sent.into_iter().chain(read).collect();
    assert_eq!(known, all);
}
