use super::super::{Imported, MatchedBy, import};
use super::{LAYERS, at, config};

const FROM: &str = "2026-06-01T00:00:00Z";
const TO: &str = "2026-12-01T00:00:00Z";

fn read(body: &str) -> Result<Imported, super::super::IcalError> {
    let config = config(LAYERS);
    let text = format!("BEGIN:VCALENDAR\r\nVERSION:2.0\r\n{}END:VCALENDAR\r\n", body.replace('\n', "\r\n"));
    import(&config, &config.schedules[&"l1".into()], &text, at(FROM), at(TO))
}

fn event(lines: &str) -> String {
    format!("BEGIN:VEVENT\nUID:1\n{lines}\nEND:VEVENT\n")
}

/// The shifts as `start end people`, one a line.
fn shifts(body: &str) -> Vec<String> {
    let imported = read(body).unwrap();
    assert!(imported.skipped.is_empty(), "{:?}", imported.skipped);
    imported
        .shifts
        .iter()
        .map(|shift| {
            let people: Vec<&str> = shift.people.iter().map(crate::id::PersonId::as_str).collect();
            format!("{} {} {}", shift.start, shift.end, people.join("+"))
        })
        .collect()
}

const WEEK: &str = "DTSTART:20260608T060000Z\nDTEND:20260615T060000Z";

#[test]
fn people_are_found_the_way_other_tools_name_them() {
    let found = [
        // PagerDuty
        (
            "SUMMARY:On Call - Elif Yıldız - First line\nATTENDEE:mailto:ELIF@ten.example",
            MatchedBy::Attendee,
            "elif",
        ),
        // Opsgenie
        ("SUMMARY:elif@ten.example", MatchedBy::Email, "elif"),
        // Grafana OnCall
        ("SUMMARY:[L1] bo\\, elif", MatchedBy::Id, "bo elif"),
        ("SUMMARY:[L0] ELIF YıLDıZ (First line)", MatchedBy::Name, "elif"),
        // A full name is no part of a longer one.
        ("SUMMARY:Zoë Bo Ekman is on call", MatchedBy::Name, "zoe"),
        ("SUMMARY:Shift\nORGANIZER;CN=Bo:MAILTO:bo@ten.example", MatchedBy::Organizer, "bo"),
        (
            "SUMMARY:x\nATTENDEE;CUTYPE=ROOM:mailto:room@x.org\nATTENDEE;PARTSTAT=DECLINED:mailto:bo@ten.example\n\
          ATTENDEE;EMAIL=zoe@ten.example:urn:uuid:1",
            MatchedBy::Attendee,
            "zoe",
        ),
    ];
    for (lines, by, people) in found {
        let imported = read(&event(&format!("{WEEK}\n{lines}"))).unwrap();
        assert_eq!(imported.shifts.len(), 1, "{lines}: {:?}", imported.skipped);
        let shift = &imported.shifts[0];
        let ids: Vec<&str> = shift.people.iter().map(crate::id::PersonId::as_str).collect();
        assert_eq!((shift.matched_by, ids.join(" ").as_str()), (by, people), "{lines}");
    }
}

#[test]
fn an_event_that_names_nobody_is_listed_with_its_line_and_why() {
    let body = event(&format!("{WEEK}\nSUMMARY:On call: somebody"))
        + &event(&format!("{WEEK}\nSUMMARY:x\nATTENDEE:mailto:gone@ten.example"));
    let imported = read(&body).unwrap();
    assert!(imported.shifts.is_empty());
    assert_eq!(imported.skipped[0].line, 3);
    assert!(imported.skipped[0].why.contains("names nobody"));
    assert_eq!(imported.skipped[1].line, 9);
    assert!(imported.skipped[1].why.contains("gone@ten.example"));
}

#[test]
fn wall_times_are_read_in_their_zone_and_weeks_keep_them_when_clocks_change() {
    let body = event(
        "SUMMARY:elif\nDTSTART;TZID=America/New_York:20261025T080000\nDTEND;TZID=America/New_York:20261026T080000\n\
         RRULE:FREQ=WEEKLY;COUNT=2",
    );
    assert_eq!(
        shifts(&body),
        ["2026-10-25T12:00:00Z 2026-10-26T12:00:00Z elif", "2026-11-01T13:00:00Z 2026-11-02T13:00:00Z elif"]
    );
}

#[test]
fn a_shift_over_a_clock_change_ends_on_the_wall_clock() {
    let body = event("SUMMARY:elif\nDTSTART;TZID=/x.org/1/Europe/Stockholm:20261024T080000\nDURATION:P1D");
    assert_eq!(shifts(&body), ["2026-10-24T06:00:00Z 2026-10-25T07:00:00Z elif"]);
}

#[test]
fn whole_days_and_floating_times_are_the_schedules() {
    let body = event("SUMMARY:elif\nDTSTART;VALUE=DATE:20260608\nDTEND;VALUE=DATE:20260610")
        + &event("SUMMARY:bo\nDTSTART;VALUE=DATE:20260610")
        + &event("SUMMARY:zoe\nDTSTART:20260611T080000\nDTEND:20260611T200000");
    assert_eq!(
        shifts(&body),
        [
            "2026-06-07T22:00:00Z 2026-06-09T22:00:00Z elif",
            "2026-06-09T22:00:00Z 2026-06-10T22:00:00Z bo",
            "2026-06-11T06:00:00Z 2026-06-11T18:00:00Z zoe",
        ]
    );
}

const OUTLOOK_ZONE: &str = "BEGIN:VTIMEZONE\nTZID:Custom Zone\n\
    BEGIN:STANDARD\nDTSTART:16010101T030000\nTZOFFSETFROM:+0200\nTZOFFSETTO:+0100\n\
    RRULE:FREQ=YEARLY;INTERVAL=1;BYDAY=-1SU;BYMONTH=10\nEND:STANDARD\n\
    BEGIN:DAYLIGHT\nDTSTART:16010101T020000\nTZOFFSETFROM:+0100\nTZOFFSETTO:+0200\n\
    RRULE:FREQ=YEARLY;INTERVAL=1;BYDAY=-1SU;BYMONTH=3\nEND:DAYLIGHT\nEND:VTIMEZONE\n";

#[test]
fn a_zone_of_no_known_name_is_read_from_the_calendar() {
    let day = |date: &str| {
        let zoned = |time: &str| format!("TZID=\"Custom Zone\":{date}T{time}");
        event(&format!("SUMMARY:elif\nDTSTART;{}\nDTEND;{}", zoned("080000"), zoned("200000")))
    };
    let body = format!("{OUTLOOK_ZONE}{}{}", day("20261024"), day("20261025"));
    assert_eq!(
        shifts(&body),
        ["2026-10-24T06:00:00Z 2026-10-24T18:00:00Z elif", "2026-10-25T07:00:00Z 2026-10-25T19:00:00Z elif"]
    );
}

#[test]
fn repetitions_are_expanded_with_their_exceptions() {
    let body = event(
        "SUMMARY:elif\nDTSTART:20260601T080000Z\nDTEND:20260601T200000Z\n\
         RRULE:FREQ=MONTHLY;BYDAY=MO,TU;BYSETPOS=1,-1;UNTIL=20260801T000000Z\n\
         EXDATE:20260630T080000Z\nRDATE:20260704T080000Z",
    ) + "BEGIN:VEVENT\nUID:1\nSUMMARY:bo\nRECURRENCE-ID:20260728T080000Z\n\
         DTSTART:20260729T080000Z\nDTEND:20260729T200000Z\nEND:VEVENT\n";
    assert_eq!(
        shifts(&body),
        [
            "2026-06-01T08:00:00Z 2026-06-01T20:00:00Z elif",
            "2026-07-04T08:00:00Z 2026-07-04T20:00:00Z elif",
            "2026-07-06T08:00:00Z 2026-07-06T20:00:00Z elif",
            "2026-07-29T08:00:00Z 2026-07-29T20:00:00Z bo",
        ]
    );
}

#[test]
fn the_past_the_far_future_and_what_was_cancelled_are_passed_over() {
    let body = event("SUMMARY:elif\nDTSTART:20260101T080000Z\nDTEND:20260102T080000Z")
        + &event("SUMMARY:elif\nDTSTART:20270101T080000Z\nDTEND:20270102T080000Z")
        + &event(&format!("SUMMARY:elif\nSTATUS:CANCELLED\n{WEEK}"));
    let imported = read(&body).unwrap();
    assert_eq!((imported.shifts.len(), imported.skipped.len(), imported.passed_over), (0, 0, 3));
}

#[test]
fn the_same_calendar_gives_the_same_overrides_again() {
    let body = event(&format!("SUMMARY:elif\n{WEEK}"));
    let overrides = || read(&body).unwrap().overrides(&"l1".into(), &"bo".into(), "import");
    assert_eq!(overrides(), overrides());
    assert_eq!(overrides()[0].start, at("2026-06-08T06:00:00Z"));
}

#[test]
fn what_cannot_be_read_for_certain_is_refused_with_line_and_property() {
    let refused = [
        (event("SUMMARY:elif"), 3, "VEVENT"),
        (event("DTSTART:20260608T060000Z"), 3, "VEVENT"),
        (event("DTSTART:2026-06-08\nDTEND:20260609"), 5, "DTSTART"),
        (event("DTSTART:20260608T060000Z\nDTEND:20260608T060000Z"), 6, "DTEND"),
        (event("DTSTART:20260608T060000Z\nDTEND;VALUE=DATE:20260609"), 6, "DTEND"),
        (event("DTSTART;TZID=Mars/Olympus:20260608T060000\nDURATION:PT1H"), 5, "DTSTART"),
        (event(&format!("{WEEK}\nRRULE:FREQ=HOURLY")), 7, "RRULE"),
        (event(&format!("{WEEK}\nRRULE:FREQ=WEEKLY;BYWEEKNO=3")), 7, "RRULE"),
        (event(&format!("{WEEK}\nRRULE:FREQ=DAILY;BYDAY=2MO")), 7, "RRULE"),
        (event(&format!("{WEEK}\nRRULE:FREQ=DAILY;COUNT=0")), 7, "RRULE"),
        (event(&format!("{WEEK}\nRRULE:INTERVAL=2")), 7, "RRULE"),
        (event(&format!("{WEEK}\nRDATE;VALUE=PERIOD:20260608T060000Z/PT1H")), 7, "RDATE"),
        (event(&format!("{WEEK}\nEXRULE:FREQ=DAILY")), 7, "EXRULE"),
        (event(&format!("{WEEK}\nRECURRENCE-ID;RANGE=THISANDFUTURE:20260608T060000Z")), 7, "RECURRENCE-ID"),
        ("BEGIN:VEVENT\nUID:1\n".to_owned(), 5, "END"),
        ("BEGIN:VTIMEZONE\nTZID:Odd\nEND:VTIMEZONE\n".to_owned(), 3, "VTIMEZONE"),
    ];
    for (body, line, property) in refused {
        let error = read(&body).expect_err(&body);
        assert_eq!((error.line, error.property.as_str()), (line, property), "{body}\n{error}");
    }
    let config = config(LAYERS);
    let whole = |text: &str| import(&config, &config.schedules[&"l1".into()], text, at(FROM), at(TO));
    for text in ["", "hello", "BEGIN:VCALENDAR\r\n", "BEGIN:VCARD\r\nEND:VCARD\r\n", "END:VCALENDAR"] {
        whole(text).expect_err(text);
    }
}

#[test]
fn a_rule_without_end_is_bounded() {
    let body = event("SUMMARY:elif\nDTSTART:19700101T000000Z\nDURATION:PT30M\nRRULE:FREQ=DAILY");
    assert_eq!(read(&body).unwrap().shifts.len(), 183);
    let many: String = (0..10).map(|_| body.clone()).collect();
    assert!(read(&many).unwrap_err().message.contains("more than 1000 shifts"));
}
