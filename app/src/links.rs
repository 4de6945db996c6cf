//! All paths that pages and parts lead to, built from checked names and numbers only.

use domain::id::{AlarmId, ClusterName, NodeName, RecoveryId, RuleId};

/// The first page.
pub const NOW: &str = "/";
/// All clusters.
pub const CLUSTERS: &str = "/clusters";
/// The command page.
pub const COMMAND: &str = "/command";
/// Past recoveries.
pub const TIMELINE: &str = "/timeline";
/// Rules.
pub const RULES: &str = "/rules";
/// The editor for a rule that does not exist yet.
pub const NEW_RULE: &str = "/rules/new";
/// Switches, limits and the account.
pub const SETTINGS: &str = "/settings";
/// Storm breakers, open and past.
pub const STORMS: &str = "/storms";
/// The cordon ledger.
pub const CORDONS: &str = "/cordons";
/// Devices that are told, and the second channel.
pub const DEVICES: &str = "/settings/devices";
/// The config file.
pub const CONFIG: &str = "/settings/config";
/// Where a session begins.
pub const SIGN_IN: &str = "/sign-in";
/// Where a signed-in device shows a code for another one.
pub const NEW_CODE: &str = "/sign-in/new-code";
/// Where it ends.
pub const SIGN_OUT: &str = "/sign-out";
/// Where the appearance is chosen.
pub const THEME: &str = "/settings/theme";
/// A tap whose answer was lost.
pub const UNCONFIRMED: &str = "/unconfirmed";
/// News for live pages.
pub const LIVE: &str = "/live";

/// Paths of the acts; `calls` declares them, and a test compares.
pub mod acts {
    /// Starts a node.
    pub const START_NODE: &str = "/do/start_node";
    /// Says yes.
    pub const APPROVE: &str = "/do/approve";
    /// Takes a tap back that has not arrived.
    pub const VOID_INTENT: &str = "/do/void_intent";
    /// Saves choices of a person.
    pub const SET_PREFERENCE: &str = "/do/set_preference";
    /// Takes a tap back.
    pub const CANCEL: &str = "/do/cancel";
    /// Stops a recovery.
    pub const STOP: &str = "/do/stop";
    /// Begins anew.
    pub const RETRY: &str = "/do/retry";
    /// Says that help was seen.
    pub const ACKNOWLEDGE: &str = "/do/acknowledge";
    /// Adds a note.
    pub const ADD_NOTE: &str = "/do/add_note";
    /// Puts an event into the story, or takes it out.
    pub const STAR_EVENT: &str = "/do/star_event";
    /// Says when a note happened.
    pub const MOVE_NOTE: &str = "/do/move_note";
    /// Says that an alarm was seen.
    pub const ACKNOWLEDGE_ALARM: &str = "/do/acknowledge_alarm";
    /// Runs a line.
    pub const RUN_COMMAND: &str = "/do/run_command";
    /// Reads a line without running it.
    pub const READ_COMMAND: &str = "/do/read_command";
    /// Saves a rule.
    pub const SAVE_RULE: &str = "/do/save_rule";
    /// Removes a rule.
    pub const REMOVE_RULE: &str = "/do/remove_rule";
    /// Brings an old version back.
    pub const RESTORE_RULE: &str = "/do/restore_rule";
    /// Throws or lifts a switch.
    pub const THROW_SWITCH: &str = "/do/throw_switch";
    /// Arms a rule.
    pub const ARM_RULE: &str = "/do/arm_rule";
    /// Closes a storm breaker.
    pub const CLOSE_STORM: &str = "/do/close_storm";
    /// Takes a cordon over, hands it back or lifts it.
    pub const DO_CORDON: &str = "/do/do_cordon";
    /// Changes what a device hears.
    pub const CHANGE_DEVICE: &str = "/do/change_device";
    /// Forgets a device.
    pub const REMOVE_DEVICE: &str = "/do/remove_device";
    /// Sends a device a test.
    pub const TEST_DEVICE: &str = "/do/test_device";
    /// Sends a second channel a test.
    pub const TEST_WEBHOOK: &str = "/do/test_webhook";
    /// Shows a code to say in a chat.
    pub const SHOW_LINK_CODE: &str = "/do/show_link_code";
    /// Takes a link to a chat back.
    pub const UNLINK_CHAT: &str = "/do/unlink_chat";
    /// Breaks a node of the sandbox.
    pub const BREAK_NODE: &str = "/do/break_node";
}

/// One cluster's health.
pub fn cluster(name: &ClusterName) -> String {
    format!("/clusters/{name}")
}

/// One node.
pub fn node(cluster: &ClusterName, node: &NodeName) -> String {
    format!("/clusters/{cluster}/nodes/{node}")
}

/// The page that asks once more before a node is started.
pub fn start(cluster: &ClusterName, node: &NodeName) -> String {
    format!("/clusters/{cluster}/nodes/{node}/start")
}

/// One recovery.
pub fn recovery(id: RecoveryId) -> String {
    format!("/recoveries/{}", id.0)
}

/// One view of a recovery: `waterfall`, `story` or `everything`.
pub fn view(id: RecoveryId, view: &str) -> String {
    format!("/recoveries/{}?view={view}#views", id.0)
}

/// One event in a view; a view that does not exist is the story.
pub fn event(id: RecoveryId, view: Option<&str>, n: u32) -> String {
    let view = match view {
        Some("everything") => "everything",
        Some(_) | None => "story",
    };
    format!("/recoveries/{}?view={view}#event-{n}", id.0)
}

/// The list of past recoveries with some of its fields filled; empty ones are left out.
pub fn timeline(fields: &[(&str, &str)]) -> String {
    let query: Vec<String> = fields
        .iter()
        .filter(|(_, value)| !value.is_empty())
        .map(|(name, value)| format!("{name}={}", encoded(value)))
        .collect();
    if query.is_empty() {
        TIMELINE.to_owned()
    } else {
        format!("{TIMELINE}?{}", query.join("&"))
    }
}

/// A value of a query: everything but letters, digits and `-._~` as `%XX`.
pub fn encoded(value: &str) -> String {
    value.bytes().fold(String::new(), |mut out, byte| {
        if byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'.' | b'_' | b'~') {
            out.push(char::from(byte));
        } else {
            out.push_str(&format!("%{byte:02X}"));
        }
        out
    })
}

/// Its events, as `csv` or `json`.
pub fn events(id: RecoveryId, form: &str) -> String {
    format!("/recoveries/{}/report.{form}", id.0)
}

/// Its report in Markdown.
pub fn report(id: RecoveryId) -> String {
    format!("/recoveries/{}/report.md", id.0)
}

/// A host that took several nodes down.
pub fn incident(id: u64) -> String {
    format!("/incidents/{id}")
}

/// One rule.
pub fn rule(id: RuleId) -> String {
    format!("/rules/{}", id.0)
}

/// The page on which a rule is armed.
pub fn arm(id: RuleId) -> String {
    format!("/rules/{}/arm", id.0)
}

/// A new rule that begins with the text of an alarm.
pub fn rule_from(alarm: AlarmId) -> String {
    format!("{NEW_RULE}?from={}", alarm.0)
}

/// What became of a tap; the key is one of ours, or the path leads nowhere.
pub fn intent(key: &str) -> String {
    format!("/intents/{key}")
}

/// The part of the settings where a person says how to confirm.
pub fn confirming() -> String {
    format!("{SETTINGS}#confirm")
}

/// The command page with a line in its field.
pub fn command(line: &str) -> String {
    format!("{COMMAND}?text={}", in_query(line))
}

/// A text as the value of a query field.
fn in_query(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 8);
    for byte in text.bytes() {
        match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' => {
                out.push(char::from(byte));
            }
            b' ' => out.push('+'),
            other => out.push_str(&format!("%{other:02X}")),
        }
    }
    out
}

/// The part of the settings where a switch is thrown and lifted.
pub fn switch() -> String {
    format!("{SETTINGS}#switch")
}
