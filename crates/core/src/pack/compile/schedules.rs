//! Schedules, and whether everybody in them exists.

use std::collections::BTreeMap;

use super::{Names, Places, define};
use crate::id::{HolidaysId, ScheduleId};
use crate::oncall::{Holidays, Layer, Schedule};
use crate::pack::findings::Findings;
use crate::pack::names::closest;
use crate::pack::read::{Document, Documents};
use crate::pack::rules;
use crate::pack::yaml::At;

pub(super) fn compile<'a>(
    documents: &Documents<'a>,
    names: &Names<'_>,
    holidays: &BTreeMap<HolidaysId, Holidays>,
    places: &mut Places<'a>,
    findings: &mut Findings,
) -> BTreeMap<ScheduleId, Schedule> {
    let mut schedules = BTreeMap::new();
    for document in &documents.schedules {
        let place = document.node.along("id").place;
        let id = At::new(place, document.body.id.as_str().to_owned());
        if define(document.file, &id, "schedule", &mut places.schedules, findings) {
            check(document, names, findings);
            schedules.insert(document.body.id.clone(), document.body.clone().with_calendars(holidays));
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
    for (index, certificate) in document.body.requires.iter().enumerate() {
        if !names.certificates.contains(&certificate.as_str()) {
            let message = format!("nobody is certified `{certificate}`");
            let finding = findings.error(spot(&format!("requires[{index}]")), rules::REFERENCE, message);
            finding.suggestion = closest(certificate, names.certificates.iter().copied())
                .map(|near| format!("did you mean `{near}`?"))
                .or_else(|| Some(format!("write `certified: [{certificate}]` at the people who are")));
        }
    }
    check_layers(document, "", &document.body.layers, names, findings);
    for (index, version) in document.body.versions.iter().enumerate() {
        check_layers(document, &format!("versions[{index}]."), &version.layers, names, findings);
    }
}

/// Whether what the layers of one roster name exists; `at` is the path to the roster.
fn check_layers(
    document: &Document<'_, Schedule>,
    at: &str,
    layers: &[Layer],
    names: &Names<'_>,
    findings: &mut Findings,
) {
    let spot = |path: &str| document.file.at(document.node.along(path).place);
    let mut known = |path: &str, what: &str, name: &str, among: &[&str]| {
        if !among.contains(&name) {
            let message = format!("no {what} is named `{name}`");
            findings.error(spot(path), rules::REFERENCE, message).suggestion =
                closest(name, among.iter().copied()).map(|near| format!("did you mean `{near}`?"));
        }
    };
    for (index, layer) in layers.iter().enumerate() {
        if let Some(calendar) = &layer.calendar {
            let path = format!("{at}layers[{index}].calendar");
            known(&path, "holiday calendar", calendar.as_str(), &names.holidays);
        }
        for (slot, participants) in layer.rotation.participants.iter().enumerate() {
            for (place, person) in participants.people().iter().enumerate() {
                let path = format!("{at}layers[{index}].rotation.participants[{slot}][{place}]");
                known(&path, "person", person.as_str(), &names.people);
            }
        }
    }
    for (index, layer) in layers.iter().enumerate() {
        if let Some(zone) = &layer.zone {
            super::known_zone(spot(&format!("{at}layers[{index}].zone")), zone, findings);
        }
    }
}
