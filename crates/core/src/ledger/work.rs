//! Pages, wake-ups, work and short notice, from the record.

use std::collections::BTreeMap;

use super::day::{Part, slices, zone_of};
use super::{Load, MOST_WORK_US, ONE_WAKE_UP_US, Record, SHORT_NOTICE_US};
use crate::config::Config;
use crate::id::PersonId;

/// Adds what the record says to the people's loads; who only worked and had no duty is added too.
pub(super) fn add(people: &mut BTreeMap<PersonId, Load>, record: &Record, config: &Config) {
    let mut paged_us: BTreeMap<&PersonId, Vec<i64>> = BTreeMap::new();
    for page in &record.paged {
        paged_us.entry(&page.person).or_default().push(page.at_us);
    }
    for (person, instants) in paged_us {
        let load = people.entry(person.clone()).or_default();
        load.pages += u32::try_from(instants.len()).unwrap_or(u32::MAX);
        load.wake_ups += wake_ups(config, person, instants);
    }
    for held in &record.held {
        let to_us = held.to_us.min(held.from_us.saturating_add(MOST_WORK_US));
        let load = people.entry(held.person.clone()).or_default();
        for slice in slices(&zone_of(config, &held.person), held.from_us, to_us) {
            let part = match slice.part {
                Part::Day => &mut load.work_day_s,
                Part::Late => &mut load.work_late_s,
                Part::Sleep => &mut load.work_sleep_s,
            };
            *part += slice.seconds();
        }
    }
    for taken in &record.taken {
        let ahead_us = taken.start_us - taken.entered_us;
        people.entry(taken.person.clone()).or_default().short_notice += u32::from(ahead_us < SHORT_NOTICE_US);
    }
}

/// How often pages woke somebody: those in the time of sleep that do not follow another one closely.
fn wake_ups(config: &Config, person: &PersonId, mut instants: Vec<i64>) -> u32 {
    let zone = zone_of(config, person);
    let asleep = |at_us: &i64| {
        slices(&zone, *at_us, *at_us + 1).first().is_some_and(|slice| slice.part == Part::Sleep)
    };
    instants.retain(asleep);
    instants.sort_unstable();
    let mut last_us = None;
    let mut count = 0;
    for at_us in instants {
        count += u32::from(last_us.is_none_or(|last_us| at_us - last_us >= ONE_WAKE_UP_US));
        last_us = Some(at_us);
    }
    count
}
