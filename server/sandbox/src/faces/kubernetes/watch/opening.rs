//! How a watch begins: from now, from a version, or with everything there is.

use super::Phase;
use super::lines::{bookmark, line};
use crate::faces::kubernetes::Call;
use crate::faces::kubernetes::failure::Failure;
use crate::faces::kubernetes::wanted::{Filter, Shape};
use crate::realm::Realm;

/// From which version the watch goes on, what it says first, and whether it ends with that.
pub fn begin(
    realm: &Realm,
    call: &Call,
    filter: &Filter,
    shape: Shape,
) -> Result<(u64, Vec<u8>, Phase), Failure> {
    let initial = call.query.is_on("sendInitialEvents");
    if initial && call.query.get("resourceVersionMatch") != "NotOlderThan" {
        let why = "sendInitialEvents requires setting resourceVersionMatch to NotOlderThan";
        return Err(Failure::new(
            422,
            "Invalid",
            format!(
                "ListOptions.meta.k8s.io \"\" is invalid: resourceVersionMatch: Forbidden: {why}"
            ),
        ));
    }
    let kind = call.target.kind;
    let present = realm.store.version();
    let from: u64 = match call.query.get("resourceVersion") {
        "" => 0,
        text => text
            .parse()
            .map_err(|_| Failure::bad_request(format!("invalid resource version {text:?}")))?,
    };
    let mut opening = Vec::new();
    if initial || from == 0 {
        let all = realm
            .store
            .iter(kind, &call.target.namespace, None)
            .map(|(_, object)| object);
        for object in all.filter(|object| filter.fits(object)) {
            line(&mut opening, "ADDED", &shape.write(object));
        }
        if initial {
            line(
                &mut opening,
                "BOOKMARK",
                &bookmark(kind, shape, present, true),
            );
        }
        return Ok((present, opening, Phase::Running));
    }
    if from > present || !realm.store.remembers(from) {
        let failure = Failure::expired(format!("too old resource version: {from} ({present})"));
        line(
            &mut opening,
            "ERROR",
            failure.to_status().to_string().as_bytes(),
        );
        return Ok((from, opening, Phase::Over));
    }
    Ok((from, opening, Phase::Running))
}
