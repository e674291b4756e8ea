//! Whom steps reach, as written.

use super::Names;
use crate::escalation::Target;
use crate::id::{PersonId, RoleId, ScheduleId};
use crate::pack::document::TargetText;
use crate::pack::findings::{File, Findings};
use crate::pack::rules;
use crate::pack::yaml::{At, Each};

pub(super) fn compile(
    file: File<'_>,
    texts: &Each<At<TargetText>>,
    names: &Names<'_>,
    findings: &mut Findings,
) -> Vec<Target> {
    texts.iter().filter_map(|text| target(file, text, names, findings)).collect()
}

fn target(file: File<'_>, at: &At<TargetText>, names: &Names<'_>, findings: &mut Findings) -> Option<Target> {
    let text = &at.value;
    let given = [&text.person, &text.role, &text.deputy, &text.schedule].into_iter().flatten().count();
    if given != 1 || (text.place.is_some() && text.deputy.is_none()) {
        let message = "a target names one of `person`, `role`, `deputy` (with `place`) and `schedule`";
        findings.error(file.at(at.place()), rules::TARGET, message);
        return None;
    }
    if let Some(person) = &text.person {
        let id = findings.reference(file, person, "person", &names.people)?;
        return Some(Target::Person(PersonId::new(id)));
    }
    if let Some(role) = &text.role {
        let id = findings.reference(file, role, "role", &names.roles)?;
        return Some(Target::Role(RoleId::new(id)));
    }
    if let Some(schedule) = &text.schedule {
        let id = findings.reference(file, schedule, "schedule", &names.schedules)?;
        return Some(Target::Schedule(ScheduleId::new(id)));
    }
    text.deputy.as_ref().and_then(|role| deputy(file, role, text.place.as_ref(), names, findings))
}

fn deputy(
    file: File<'_>,
    role: &At<String>,
    place: Option<&At<usize>>,
    names: &Names<'_>,
    findings: &mut Findings,
) -> Option<Target> {
    let id = findings.reference(file, role, "role", &names.roles)?;
    let wanted = place.map_or(1, |place| place.value);
    let spot = file.at(place.map_or(role.place(), At::place));
    let deputies = names.deputies.get(id).copied().unwrap_or_default();
    if wanted == 0 || wanted > deputies {
        let message = format!("the role `{id}` has {deputies} deputies, so there is no deputy {wanted}");
        findings.error(spot, rules::REFERENCE, message);
        return None;
    }
    Some(Target::Deputy { role: RoleId::new(id), place: wanted })
}
