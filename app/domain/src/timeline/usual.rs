//! How long a step usually takes: the median over past recoveries of the same cluster.

use super::Listing;
use crate::step::StepKind;
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};

/// From so many recoveries on a median is called usual; below it the newest one is told as the last time.
const ENOUGH: usize = 3;

/// What past recoveries of a cluster took.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Usual {
    /// Per step.
    pub steps: BTreeMap<StepKind, Took>,
    /// From the first event to the end.
    pub whole: Option<Took>,
}

/// One figure, and how much stands behind it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Took {
    /// The median, or the newest while there are fewer than three.
    pub seconds: u32,
    /// Recoveries it is made of.
    pub of: u32,
}

impl Took {
    /// `usually 0:40`, or `last time 0:40` while that would say too much.
    pub fn words(self) -> String {
        let figure = figure(self.seconds);
        if self.of as usize >= ENOUGH {
            format!("usually {figure}")
        } else {
            format!("last time {figure}")
        }
    }
}

impl Usual {
    /// `usually 0:40` for a step, if anything is known.
    pub fn words(&self, step: StepKind) -> Option<String> {
        self.steps.get(&step).map(|took| took.words())
    }
}

/// The medians over recoveries that went well, newest first: their listings and how many seconds each took in all.
pub fn usual(past: &[(Listing, u32)]) -> Usual {
    let known: BTreeSet<StepKind> = past
        .iter()
        .flat_map(|(listing, _)| listing.took.keys().copied())
        .collect();
    let steps = known
        .into_iter()
        .filter_map(|step| {
            let of: Vec<u32> = past
                .iter()
                .filter_map(|(listing, _)| listing.took.get(&step).copied())
                .collect();
            median(of).map(|took| (step, took))
        })
        .collect();
    Usual {
        steps,
        whole: median(past.iter().map(|(_, whole)| *whole).collect()),
    }
}

fn median(mut newest_first: Vec<u32>) -> Option<Took> {
    let of = u32::try_from(newest_first.len()).unwrap_or(u32::MAX);
    let newest = *newest_first.first()?;
    if newest_first.len() < ENOUGH {
        return Some(Took {
            seconds: newest,
            of,
        });
    }
    newest_first.sort_unstable();
    let middle = newest_first.len() / 2;
    let seconds = if newest_first.len() % 2 == 1 {
        newest_first[middle]
    } else {
        newest_first[middle - 1].midpoint(newest_first[middle])
    };
    Some(Took { seconds, of })
}

/// `2:41`, or `1:02:03` from an hour on.
pub fn figure(seconds: u32) -> String {
    let (hours, minutes, seconds) = (seconds / 3600, seconds / 60 % 60, seconds % 60);
    if hours > 0 {
        format!("{hours}:{minutes:02}:{seconds:02}")
    } else {
        format!("{minutes}:{seconds:02}")
    }
}

#[cfg(test)]
mod tests {
    use super::{Took, figure, median};

    #[test]
    fn one_or_two_are_the_last_time_and_three_are_usual() {
        let said = |of: &[u32]| median(of.to_vec()).map(Took::words);
        assert_eq!(said(&[]), None);
        assert_eq!(said(&[40]).as_deref(), Some("last time 0:40"));
        assert_eq!(said(&[40, 90]).as_deref(), Some("last time 0:40"));
        assert_eq!(said(&[10, 90, 40]).as_deref(), Some("usually 0:40"));
        assert_eq!(said(&[10, 90, 40, 60]).as_deref(), Some("usually 0:50"));
    }

    #[test]
    fn hours_are_written_only_where_there_are_any() {
        assert_eq!(figure(0), "0:00");
        assert_eq!(figure(161), "2:41");
        assert_eq!(figure(3723), "1:02:03");
    }
}
