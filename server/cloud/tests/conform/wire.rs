//! What each provider does beyond the list, by recorded and documented shapes.

mod aws;
mod droplet;
mod nova;
mod rack;

use crate::relay::Relay;
use cloud::secret::SecretSource;
use domain::world::{MachineFacts, Reading};
use std::path::Path;

fn secret(folder: &Path, text: &str) -> SecretSource {
    let path = folder.join("secret");
    std::fs::write(&path, text).unwrap();
    SecretSource::File(path)
}

fn seen(reading: Reading<MachineFacts>) -> MachineFacts {
    match reading {
        Reading::Seen(machine) => machine,
        other => panic!("{other:?}"),
    }
}

fn count(relay: &Relay, words: &str) -> usize {
    relay
        .seen()
        .iter()
        .filter(|one| one.call.contains(words))
        .count()
}
