//! The limits of each cluster for people: what each is set to, and how close it is now.

mod near;

use super::{TheDesk, errors};
use app::desk::views::{ClusterGuards, GuardLine};
use app::error::AppError;
use domain::guard::{Closes, Guards, Scene, Window};
use domain::id::NodeName;
use domain::world::{Cordon, Ready};
use engine::Site;
use near::Near;

impl TheDesk {
    pub(super) async fn read_guards(&self) -> Result<Vec<ClusterGuards>, AppError> {
        let mut all = Vec::new();
        for site in self.house.engine.sites().iter() {
            all.push(ClusterGuards {
                cluster: site.cluster.name().clone(),
                lines: self.guard_lines(site).await?,
            });
        }
        Ok(all)
    }

    async fn guard_lines(&self, site: &Site) -> Result<Vec<GuardLine>, AppError> {
        // A node that does not exist: counts everything that is under way on others.
        let nobody = NodeName::parse("-").or_else(|_| NodeName::parse("none"));
        let nobody = nobody.expect("a plain name is valid");
        let scene = self
            .house
            .engine
            .scene(site, &nobody, None)
            .await
            .map_err(errors::store)?;
        let nodes = site.cluster.nodes();
        let sick = nodes.iter().filter(|one| one.ready != Ready::True).count();
        let ours = nodes
            .iter()
            .filter(|one| matches!(one.cordon, Cordon::Ours(_)))
            .count();
        let near = self.near(site).await?;
        let mut lines = counted(&scene, &near, ours.max(scene.cordoned as usize), sick);
        lines.extend(states(&scene));
        lines.extend(times(&site.guards));
        Ok(lines)
    }
}

fn counted(scene: &Scene, near: &Near, cordoned: usize, sick: usize) -> Vec<GuardLine> {
    let guards = &scene.guards;
    let cap = guards.cordon_cap(scene.nodes);
    let unhealthy = guards.unhealthy_cap(scene.nodes);
    let of = |now: u32, most: u32| match most {
        0 => (Some(now.to_string()), false),
        most => (Some(format!("{now} of {most}")), now >= most),
    };
    let count = |of: usize| u32::try_from(of).unwrap_or(u32::MAX);
    let limit = |most: u32, unit: &str| match most {
        0 => "no limit".to_owned(),
        most => format!("{most}{unit}"),
    };
    let line = |key: &str, title: &str, set_to: String, (now, reached): (Option<String>, bool)| {
        GuardLine {
            key: key.to_owned(),
            title: title.to_owned(),
            set_to,
            now,
            reached,
        }
    };
    let few = match guards.storm_nodes {
        0 => 0,
        _ if scene.nodes <= 3 => 2,
        most => most,
    };
    let storm = match few {
        0 => "off".to_owned(),
        few => format!("{few} within {} min", guards.storm_window_s / 60),
    };
    vec![
        line(
            "acting_per_cluster",
            "Automatic starts at a time in this cluster",
            guards.acting_per_cluster.to_string(),
            of(scene.acting_cluster, guards.acting_per_cluster),
        ),
        line(
            "acting_per_zone",
            "Automatic starts at a time in one zone",
            guards.acting_per_zone.to_string(),
            named(near.zone.as_ref(), guards.acting_per_zone),
        ),
        line(
            "acting_total",
            "Automatic starts at a time in all clusters",
            guards.acting_total.to_string(),
            of(scene.acting_total, guards.acting_total),
        ),
        line(
            "starts_per_hour",
            "Starts in an hour in this cluster",
            limit(guards.starts_per_hour, ""),
            of(scene.starts_cluster, guards.starts_per_hour),
        ),
        line(
            "starts_per_hour_account",
            "Starts in an hour of its cloud account",
            limit(guards.starts_per_hour_account, ""),
            of(scene.starts_account, guards.starts_per_hour_account),
        ),
        line(
            "cordon_percent",
            "Nodes we keep cordoned",
            format!(
                "{cap} ({} %, at most {})",
                guards.cordon_percent, guards.cordon_max
            ),
            of(count(cordoned), cap),
        ),
        line(
            "storm_nodes",
            "Nodes newly unhealthy before the breaker trips",
            storm,
            (of(near.fresh, few).0, scene.breaker.is_some()),
        ),
        line(
            "storm_percent",
            "Nodes unhealthy before the breaker trips",
            if guards.storm_nodes == 0 {
                "off".to_owned()
            } else {
                format!("more than {unhealthy} ({} %)", guards.storm_percent)
            },
            (
                Some(format!("{sick} of {}", scene.nodes)),
                scene.breaker.is_some(),
            ),
        ),
        line(
            "flap_max",
            "Recoveries of one node in a day",
            limit(
                guards.flap_max,
                &format!(" within {} h", guards.flap_window_s / 3600),
            ),
            named(near.node.as_ref(), guards.flap_max),
        ),
    ]
}

/// What is nearest to a limit, with its name.
fn named<T: std::fmt::Display>(nearest: Option<&(T, u32)>, most: u32) -> (Option<String>, bool) {
    let Some((name, now)) = nearest else {
        return (Some(format!("0 of {most}")), false);
    };
    match most {
        0 => (Some(format!("{now} ({name})")), false),
        most => (Some(format!("{now} of {most} ({name})")), *now >= most),
    }
}

fn states(scene: &Scene) -> Vec<GuardLine> {
    let guards = &scene.guards;
    let list = |items: &[String]| {
        if items.is_empty() {
            "none".to_owned()
        } else {
            items.join(", ")
        }
    };
    let windows: Vec<String> = guards.maintenance.iter().map(Window::to_string).collect();
    let open = scene.maintenance();
    let line = |key: &str, title: &str, set_to: String, now: Option<String>| GuardLine {
        key: key.to_owned(),
        title: title.to_owned(),
        set_to,
        reached: now.is_some(),
        now,
    };
    vec![
        line(
            "maintenance",
            "Maintenance windows, in UTC",
            list(&windows),
            open.map(|until| format!("open until {}", domain::moment::clock(until))),
        ),
        line(
            "blocking_alarms",
            "Alarms that stop automatic starts",
            list(&guards.blocking_alarms),
            scene.blocking.clone(),
        ),
        line(
            "shutdown_taints",
            "Taints that mean \"stopped on purpose\"",
            list(&guards.shutdown_taints),
            None,
        ),
    ]
}

fn times(guards: &Guards) -> Vec<GuardLine> {
    let line = |key: &str, title: &str, set_to: String| GuardLine {
        key: key.to_owned(),
        title: title.to_owned(),
        set_to,
        now: None,
        reached: false,
    };
    let time = |key: &str, title: &str, seconds: u32| line(key, title, span(seconds));
    let closes = match guards.storm_closes {
        Closes::Hand => "a person",
        Closes::Calm => "by itself",
    };
    vec![
        time(
            "storm_zones_s",
            "Nodes of two zones this close together trip the breaker",
            guards.storm_zones_s,
        ),
        time(
            "storm_calm_s",
            "Calm before the breaker may close",
            guards.storm_calm_s,
        ),
        line("storm_closes", "Who closes the breaker", closes.to_owned()),
        time(
            "cool_down_s",
            "Cool-down of a node after a recovery",
            guards.cool_down_s,
        ),
        time("new_node_s", "Grace of a new node", guards.new_node_s),
        time(
            "alarm_ttl_s",
            "Alarms older than this start nothing",
            guards.alarm_ttl_s,
        ),
        time(
            "confirm_s",
            "Wait for two signals that agree",
            guards.confirm_s,
        ),
        time(
            "start_s",
            "Start accepted until the machine runs",
            guards.start_s,
        ),
        time(
            "capacity_s",
            "A cloud without room is asked again for",
            guards.capacity_s,
        ),
        time(
            "ready_s",
            "Machine runs until the node is Ready",
            guards.ready_s,
        ),
        time("soak_s", "Ready must hold without a break", guards.soak_s),
        line(
            "soak_flaps",
            "Breaks of Ready allowed",
            guards.soak_flaps.to_string(),
        ),
        time(
            "check_node_s",
            "Time for the check of the node",
            guards.check_node_s,
        ),
        time(
            "check_workload_s",
            "Time for the check of the workload",
            guards.check_workload_s,
        ),
        time(
            "small_step_s",
            "Time for cordon, uncordon and closing, each",
            guards.small_step_s,
        ),
        time(
            "approval_s",
            "A question to a person ends after",
            guards.approval_s,
        ),
        time(
            "refire_s",
            "The same alarm this soon after our close goes to a person",
            guards.refire_s,
        ),
    ]
}

fn span(seconds: u32) -> String {
    match seconds {
        0 => "none".to_owned(),
        s if s % 3600 == 0 => format!("{} h", s / 3600),
        s if s % 60 == 0 => format!("{} min", s / 60),
        s => format!("{s} s"),
    }
}
