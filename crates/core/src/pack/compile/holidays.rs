//! Calendars of holidays.

use std::collections::BTreeMap;

use jiff::civil::Date;

use super::{Places, define};
use crate::id::HolidaysId;
use crate::oncall::{Holiday, Holidays};
use crate::pack::document::HolidaysDocument;
use crate::pack::findings::{File, Findings};
use crate::pack::read::{Document, Documents};
use crate::pack::rules;

pub(super) fn compile<'a>(
    documents: &Documents<'a>,
    places: &mut Places<'a>,
    findings: &mut Findings,
) -> BTreeMap<HolidaysId, Holidays> {
    let mut calendars = BTreeMap::new();
    for document in &documents.holidays {
        let id = &document.body.id;
        if define(document.file, id, "holiday calendar", &mut places.holidays, findings) {
            let id = HolidaysId::new(&id.value);
            calendars.insert(id.clone(), calendar(id, document, findings));
        }
    }
    calendars
}

fn calendar(id: HolidaysId, document: &Document<'_, HolidaysDocument>, findings: &mut Findings) -> Holidays {
    let (file, body) = (document.file, &document.body);
    super::organisation::named(file, &body.name, findings);
    let mut days = BTreeMap::new();
    for text in body.days.iter() {
        let at = &text.value.date;
        super::organisation::named(file, &text.value.name, findings);
        if let Some(date) = date(file, at, findings)
            && let Some(first) = days.insert(date, text.value.name.value.clone())
        {
            let message = format!("{date} stands in the calendar twice; first as {first:?}");
            findings.error(file.at(at.place()), rules::DUPLICATE, message);
        }
    }
    let days = days.into_iter().map(|(date, name)| Holiday { date, name }).collect();
    Holidays { id, name: body.name.value.clone(), days }
}

fn date(file: File<'_>, at: &crate::pack::yaml::At<String>, findings: &mut Findings) -> Option<Date> {
    let date = at.value.parse::<Date>().ok().filter(|date| date.to_string() == at.value);
    if date.is_none() {
        let message = format!("`{}` is not a day of the calendar", at.value);
        findings.error(file.at(at.place()), rules::VALUE, message).suggestion =
            Some("write for example 2026-12-25".to_owned());
    }
    date
}
