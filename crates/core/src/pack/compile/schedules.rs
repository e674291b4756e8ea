//! Schedules, and whether everybody in them exists.

use std::collections::BTreeMap;

use super::{Names, Places, define};
use crate::id::ScheduleId;
use crate::oncall::Schedule;
use crate::pack::findings::Findings;
use crate::pack::names::closest;
use crate::pack::read::{Document, Documents};
use crate::pack::rules;
use crate::pack::yaml::At;

pub(super) fn compile<'a>(
    documents: &Documents<'a>,
    names: &Names<'_>,
    places: &mut Places<'a>,
    findings: &mut Findings,
) -> BTreeMap<ScheduleId, Schedule> {
    let mut schedules = BTreeMap::new();
    for document in &documents.schedules {
        let place = document.node.along("id").place;
        let id = At::new(place, document.body.id.as_str().to_owned());
        if define(document.file, &id, "schedule", &mut places.schedules, findings) {
            check(document, names, findings);
            schedules.insert(document.body.id.clone(), document.body.clone());
        }
    }
    schedules
}

fn check(document: &Document<'_, Schedule>, names: &Names<'_>, findings: &mut Findings) {
    let spot = |path: &str| document.file.at(document.node.along(path).place);
    for problem in document.body.validate() {
        // Zones are checked below, with a guess at what was meant.
        if problem.path.rsplit('.').next() != Some("zone") {
            findings.error(spot(&problem.path), rules::SCHEDULE, problem.message);
        }
    }
    super::known_zone(spot("zone"), &document.body.zone, findings);
    for (index, layer) in document.body.layers.iter().enumerate() {
        if let Some(zone) = &layer.zone {
            super::known_zone(spot(&format!("layers[{index}].zone")), zone, findings);
        }
        for (slot, participants) in layer.rotation.participants.iter().enumerate() {
            for (place, person) in participants.people().iter().enumerate() {
                let path = format!("layers[{index}].rotation.participants[{slot}][{place}]");
                if !names.people.contains(&person.as_str()) {
                    let message = format!("no person is named `{person}`");
                    findings.error(spot(&path), rules::REFERENCE, message).suggestion =
                        closest(person.as_str(), names.people.iter().copied())
                            .map(|near| format!("did you mean `{near}`?"));
                }
            }
        }
    }
}
