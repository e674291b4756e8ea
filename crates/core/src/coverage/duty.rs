//! Whether those on call may be: certified for the duty, and not away.

use std::collections::BTreeMap;

use jiff::Timestamp;

use super::finding::{ABSENT, CERTIFIED, CoverageFinding, CoverageSeverity, Span};
use super::people::{P, People};
use super::reach::union;
use super::scope::Scope;
use super::timelines::{Timeline, Timelines};

/// Duties held by people without the certificate that the schedule asks for.
pub(super) fn certified(
    timelines: &Timelines<'_>,
    people: &People<'_>,
    scope: &Scope<'_>,
) -> Vec<CoverageFinding> {
    let mut findings = Vec::new();
    for line in &timelines.all {
        for certificate in &line.schedule.requires {
            for (person, spans) in uncertified(line, certificate, people, scope) {
                findings.push(not_certified(line, certificate, person, &spans, (people, scope)));
            }
        }
    }
    findings
}

/// When each person holds the duty without the certificate.
fn uncertified(
    line: &Timeline<'_>,
    certificate: &str,
    people: &People<'_>,
    scope: &Scope<'_>,
) -> BTreeMap<P, Vec<Span>> {
    let ends = |person: &P| {
        people.person(*person).map_or(Timestamp::MIN, |known| known.certified_until(certificate))
    };
    let ends: BTreeMap<P, Timestamp> = line.pool.iter().map(|person| (*person, ends(person))).collect();
    let mut found: BTreeMap<P, Vec<Span>> = BTreeMap::new();
    for piece in &line.pieces {
        for person in &line.state(piece).people {
            let end = ends.get(person).copied().unwrap_or(Timestamp::MIN);
            let span = Span { start: piece.start.max(end), end: piece.end };
            if span.start < span.end && scope.ahead(span) {
                found.entry(*person).or_default().push(span);
            }
        }
    }
    found.into_iter().map(|(person, spans)| (person, union(spans))).collect()
}

fn not_certified(
    line: &Timeline<'_>,
    certificate: &str,
    person: P,
    spans: &[Span],
    (people, scope): (&People<'_>, &Scope<'_>),
) -> CoverageFinding {
    let (id, name, schedule) = (people.id(person), people.name(person), line.id);
    let ends = people.person(person).map_or(Timestamp::MIN, |known| known.certified_until(certificate));
    let why = if ends == Timestamp::MIN {
        format!("is not certified `{certificate}`")
    } else {
        format!("is certified `{certificate}` only until {}", scope.wall(ends))
    };
    let subject = format!("{schedule}/{id}/{certificate}");
    CoverageFinding {
        schedule: Some(schedule.clone()),
        person: Some(id.clone()),
        people: vec![id.clone()],
        message: format!("{name} {why} and holds `{schedule}`{}", scope.when(spans)),
        mend: format!(
            "write `certified: [{certificate}]` at {name} once they have learned it, or give the duty to somebody who has"
        ),
        ..scope.standing(CERTIFIED, CoverageSeverity::Fail, &subject, spans)
    }
}

/// Duties of people who have said that they are away.
pub(super) fn absent(
    timelines: &Timelines<'_>,
    absences: &[(P, Timestamp, Timestamp)],
    people: &People<'_>,
    scope: &Scope<'_>,
) -> Vec<CoverageFinding> {
    let mut findings = Vec::new();
    for line in &timelines.all {
        for (person, start, end) in absences.iter().filter(|(person, ..)| line.pool.contains(person)) {
            let on_call = line.pieces.iter().filter(|piece| line.state(piece).people.contains(person));
            let both = on_call.map(|piece| Span { start: piece.start.max(*start), end: piece.end.min(*end) });
            let both = union(both.filter(|span| span.start < span.end && scope.ahead(*span)).collect());
            findings.extend(both.iter().map(|span| away(line, *person, *span, (people, scope))));
        }
    }
    findings
}

fn away(
    line: &Timeline<'_>,
    person: P,
    span: Span,
    (people, scope): (&People<'_>, &Scope<'_>),
) -> CoverageFinding {
    let (id, name, schedule) = (people.id(person), people.name(person), line.id);
    CoverageFinding {
        schedule: Some(schedule.clone()),
        person: Some(id.clone()),
        people: vec![id.clone()],
        message: format!("{name} is away and on call for `{schedule}`{}", scope.when(&[span])),
        mend: "let somebody take the shift, or put somebody on call by an override".to_owned(),
        ..scope.timed(ABSENT, CoverageSeverity::Fail, &format!("{schedule}/{id}"), span)
    }
}
