//! Reads a calendar: its components, and of each event what says when it is and whom it names.

use super::error::IcalError;
use super::instant::{self, Length, When};
use super::line::{Line, lines, unescape};
use super::recurrence::Rule;

/// Events of a calendar at most.
const MOST_EVENTS: usize = 2_000;
/// Components within components at most.
const DEEPEST: usize = 8;

/// A calendar as far as an import needs it.
#[derive(Debug, Default)]
pub(super) struct Source {
    pub events: Vec<SourceEvent>,
    pub zones: Vec<Component>,
}

/// Something between BEGIN and END.
#[derive(Debug)]
pub(super) struct Component {
    pub name: String,
    /// Where it begins.
    pub line: usize,
    pub lines: Vec<Line>,
    pub parts: Vec<Self>,
}

/// One VEVENT.
#[derive(Debug)]
pub(super) struct SourceEvent {
    pub line: usize,
    pub uid: String,
    pub summary: String,
    pub cancelled: bool,
    pub start: (When, Line),
    pub end: End,
    pub rule: Option<(Rule, Line)>,
    pub more: Vec<(When, Line)>,
    pub except: Vec<(When, Line)>,
    /// The instance of the event with the same UID that this one stands for.
    pub instead_of: Option<(When, Line)>,
    pub attendees: Vec<String>,
    pub organizer: Option<String>,
}

/// How an event's end is given.
#[derive(Debug)]
pub(super) enum End {
    At(Box<(When, Line)>),
    After(Length),
    /// The end of its day.
    Day,
}

/// Reads the text of a calendar.
pub(super) fn read(text: &str) -> Result<Source, IcalError> {
    let mut source = Source::default();
    for calendar in components(text)? {
        if calendar.name != "VCALENDAR" {
            let message = "a calendar begins with BEGIN:VCALENDAR";
            return Err(IcalError::new(calendar.line, &calendar.name, message));
        }
        for part in calendar.parts {
            match part.name.as_str() {
                "VEVENT" => source.events.push(event(&part)?),
                "VTIMEZONE" => source.zones.push(part),
                _ => {}
            }
            if source.events.len() > MOST_EVENTS {
                let message = format!("a calendar of more than {MOST_EVENTS} events is not taken at once");
                return Err(IcalError::new(1, "VCALENDAR", message));
            }
        }
    }
    Ok(source)
}

fn components(text: &str) -> Result<Vec<Component>, IcalError> {
    let mut whole = Vec::new();
    let mut open: Vec<Component> = Vec::new();
    for line in lines(text)? {
        match line.name.as_str() {
            "BEGIN" if open.len() >= DEEPEST => return Err(line.error("components are nested too deep")),
            "BEGIN" => {
                let name = line.value.trim().to_ascii_uppercase();
                open.push(Component { name, line: line.number, lines: Vec::new(), parts: Vec::new() });
            }
            "END" => {
                let closed = open.pop().ok_or_else(|| line.error("nothing is open here"))?;
                if !closed.name.eq_ignore_ascii_case(line.value.trim()) {
                    let message = format!("{} of line {} is still open", closed.name, closed.line);
                    return Err(line.error(message));
                }
                open.last_mut().map_or(&mut whole, |outer| &mut outer.parts).push(closed);
            }
            _ => {
                let message = "this stands outside of BEGIN:VCALENDAR and END:VCALENDAR";
                let inner = open.last_mut().ok_or_else(|| line.error(message))?;
                inner.lines.push(line);
            }
        }
    }
    if let Some(open) = open.last() {
        return Err(IcalError::new(open.line, &open.name, "its END is missing: the file is cut off"));
    }
    if whole.is_empty() {
        return Err(IcalError::new(1, "VCALENDAR", "the file has no BEGIN:VCALENDAR: it is no calendar"));
    }
    Ok(whole)
}

impl Component {
    pub(super) fn first(&self, name: &str) -> Option<&Line> {
        self.lines.iter().find(|line| line.name == name)
    }

    pub(super) fn all<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a Line> {
        self.lines.iter().filter(move |line| line.name == name)
    }

    fn text(&self, name: &str) -> Option<String> {
        self.first(name).map(|line| unescape(&line.value).trim().to_owned()).filter(|text| !text.is_empty())
    }

    pub(super) fn error(&self, message: impl Into<String>) -> IcalError {
        IcalError::new(self.line, &self.name, message)
    }
}

fn event(part: &Component) -> Result<SourceEvent, IcalError> {
    let start_line = part.first("DTSTART").ok_or_else(|| part.error("it has no DTSTART"))?;
    let start = instant::when(start_line)?;
    let instead_of = part.first("RECURRENCE-ID").map(single).transpose()?;
    if let Some(line) = part.first("EXRULE") {
        return Err(line.error("EXRULE was taken out of iCalendar; list the dates in EXDATE"));
    }
    let end = end(part, &start)?;
    Ok(SourceEvent {
        line: part.line,
        uid: part.text("UID").unwrap_or_else(|| format!("line-{}", part.line)),
        summary: part.text("SUMMARY").unwrap_or_default(),
        cancelled: part.text("STATUS").is_some_and(|status| status.eq_ignore_ascii_case("CANCELLED")),
        start: (start, start_line.clone()),
        end,
        rule: rule(part)?,
        more: dates(part, "RDATE")?,
        except: dates(part, "EXDATE")?,
        instead_of,
        attendees: part.all("ATTENDEE").filter(|line| comes(line)).filter_map(mail_address).collect(),
        organizer: part.first("ORGANIZER").and_then(mail_address),
    })
}

fn single(line: &Line) -> Result<(When, Line), IcalError> {
    if line.param("RANGE").is_some() {
        return Err(line.error("RANGE (this and all that follow) is not taken; give the events one by one"));
    }
    Ok((instant::when(line)?, line.clone()))
}

fn end(part: &Component, start: &When) -> Result<End, IcalError> {
    if let Some(line) = part.first("DTEND") {
        return Ok(End::At(Box::new((instant::when(line)?, line.clone()))));
    }
    if let Some(line) = part.first("DURATION") {
        let length = instant::duration(&line.value);
        return length
            .map(End::After)
            .ok_or_else(|| line.error("this is no length of time such as PT12H or P7D"));
    }
    if start.all_day {
        return Ok(End::Day);
    }
    Err(part.error("it has neither DTEND nor DURATION, so nobody knows how long it is"))
}

fn rule(part: &Component) -> Result<Option<(Rule, Line)>, IcalError> {
    let mut rules = part.all("RRULE");
    let Some(line) = rules.next() else { return Ok(None) };
    if let Some(second) = rules.next() {
        return Err(second.error("an event has one RRULE"));
    }
    Ok(Some((Rule::parse(line)?, line.clone())))
}

fn dates(part: &Component, name: &str) -> Result<Vec<(When, Line)>, IcalError> {
    let mut dates = Vec::new();
    for line in part.all(name) {
        dates.extend(instant::many(line)?.into_iter().map(|when| (when, line.clone())));
    }
    Ok(dates)
}

/// Rooms and people who declined are nobody's shift.
fn comes(attendee: &Line) -> bool {
    let is = |name, value: &str| attendee.param(name).is_some_and(|given| given.eq_ignore_ascii_case(value));
    !is("PARTSTAT", "DECLINED") && !["RESOURCE", "ROOM", "GROUP"].into_iter().any(|kind| is("CUTYPE", kind))
}

/// The mail address of a calendar user: the value after `mailto:`, or the EMAIL parameter.
fn mail_address(line: &Line) -> Option<String> {
    let value = line.value.trim();
    let scheme = value.get(..7).filter(|scheme| scheme.eq_ignore_ascii_case("mailto:"));
    let address = scheme.map(|_| &value[7..]).or_else(|| line.param("EMAIL")).unwrap_or(value);
    address.contains('@').then(|| address.trim().to_lowercase())
}
