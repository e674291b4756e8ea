"""Calendars as other programs see them: feeds opened, and calendars written, by PyPI's icalendar."""

from __future__ import annotations

import datetime as dt
import pathlib
import zoneinfo

import httpx
import icalendar
from dateutil import rrule

from harness import Decurion

UTC = dt.timezone.utc
STOCKHOLM = zoneinfo.ZoneInfo("Europe/Stockholm")
MICROSECOND = dt.timedelta(microseconds=1)
EPOCH = dt.datetime(1970, 1, 1, tzinfo=UTC)


def us(at: dt.datetime) -> int:
    return (at - EPOCH) // MICROSECOND


def opened(url: str, **headers: str) -> httpx.Response:
    answer = httpx.get(url, headers=headers)
    assert answer.status_code == 200, f"{answer.status_code} {answer.text}"
    assert answer.headers["content-type"] == "text/calendar; charset=utf-8"
    return answer


def test_a_schedules_feed_is_read_by_icalendar_as_the_calendar_of_the_api(decurion: Decurion) -> None:
    decurion.login()
    made = decurion.json("feed", "create", "--schedule", "l1")
    body = opened(made["url"]).content
    assert all(len(line) <= 75 for line in body.split(b"\r\n")) and b"\n" not in body.replace(b"\r\n", b"")
    calendar = icalendar.Calendar.from_ical(body)
    assert not calendar.errors and calendar["VERSION"] == "2.0"
    events = calendar.walk("VEVENT")
    assert not any(event.errors for event in events)
    assert len({event["UID"] for event in events}) == len(events)
    for event in events:
        assert event["DTSTAMP"].dt == event["LAST-MODIFIED"].dt
        assert event["SEQUENCE"] >= 1

    now = dt.datetime.now(UTC)
    span = {"from_us": us(now), "to_us": us(now + dt.timedelta(days=90))}
    schedules = {schedule["id"]: schedule for schedule in decurion.get("/oncall", **span)["schedules"]}
    shifts = [(s["start_us"], s["end_us"]) for s in schedules["l1"]["shifts"] if s["people"]]
    inside = shifts[1:-1]
    shown = {(us(event["DTSTART"].dt), us(event["DTEND"].dt)) for event in events}
    assert inside and set(inside) <= shown
    back, ahead = min(event["DTEND"].dt for event in events), max(event["DTSTART"].dt for event in events)
    assert now - dt.timedelta(days=31) < back and ahead < now + dt.timedelta(days=181)
    assert ahead - back > dt.timedelta(days=200)


def test_an_override_changes_the_event_and_not_its_uid(decurion: Decurion) -> None:
    decurion.login()
    made = decurion.json("feed", "create", "--schedule", "l1")
    first = opened(made["url"])
    assert httpx.get(made["url"], headers={"If-None-Match": first.headers["etag"]}).status_code == 304
    before = {event["UID"]: event for event in icalendar.Calendar.from_ical(first.content).walk("VEVENT")}
    now = dt.datetime.now(UTC)
    future = min((e for e in before.values() if e["DTSTART"].dt > now), key=lambda e: e["DTSTART"].dt)
    middle = future["DTSTART"].dt + (future["DTEND"].dt - future["DTSTART"].dt) / 2
    body = {"kind": "fixed", "people": ["arjun"], "start_us": us(middle), "end_us": us(future["DTEND"].dt)}
    decurion.post("/schedules/l1/overrides", {**body, "reason": "dentist, 2 h; back later"})
    changed = opened(made["url"], **{"If-None-Match": first.headers["etag"]})
    after = {event["UID"]: event for event in icalendar.Calendar.from_ical(changed.content).walk("VEVENT")}
    moved = after[future["UID"]]
    assert moved["DTEND"].dt == middle and moved["SEQUENCE"] > future["SEQUENCE"]
    marked = [event for event in after.values() if event["SUMMARY"].endswith("[override]")]
    assert len(marked) == 1 and "dentist, 2 h; back later" in marked[0]["DESCRIPTION"]
    assert "Override" in marked[0]["CATEGORIES"].cats


def test_a_revoked_or_replaced_address_opens_nothing_and_stands_nowhere(decurion: Decurion) -> None:
    decurion.login()
    old = decurion.json("feed", "create", "--schedule", "l1")
    new = decurion.json("feed", "replace", old["feed"]["id"])
    assert httpx.get(old["url"]).status_code == 404
    opened(new["url"])
    decurion.restart_after_kill()
    opened(new["url"])
    decurion.run("feed", "revoke", new["feed"]["id"])
    assert httpx.get(new["url"]).status_code == 404
    assert decurion.json("feed", "list") == []
    kinds = [record["kind"] for record in decurion.export() if record["kind"].startswith("feed.")]
    assert kinds == ["feed.created", "feed.revoked", "feed.created", "feed.revoked"]
    written = "".join(str(record) for record in decurion.export()) + decurion.log.read_text(errors="replace")
    for made in (old, new):
        secret = made["url"].rpartition("/")[2].removesuffix(".ics")
        assert len(secret) >= 40 and secret not in written
        assert not any(secret.encode() in file.read_bytes() for file in decurion.data.rglob("*") if file.is_file())


RULES = [
    "FREQ=DAILY;INTERVAL=3",
    "FREQ=DAILY;BYDAY=MO,WE,FR;COUNT=40",
    "FREQ=DAILY;BYMONTHDAY=1,15,-1",
    "FREQ=WEEKLY;BYDAY=SA,SU",
    "FREQ=WEEKLY;INTERVAL=2;WKST=SU;BYDAY=SU,MO,WE",
    "FREQ=WEEKLY;INTERVAL=3;WKST=MO;BYDAY=SU,TU;COUNT=17",
    "FREQ=MONTHLY",
    "FREQ=MONTHLY;BYDAY=2MO,-1FR",
    "FREQ=MONTHLY;BYDAY=MO,TU,WE,TH,FR;BYSETPOS=1,-1",
    "FREQ=MONTHLY;INTERVAL=2;BYMONTHDAY=31,-2",
    "FREQ=MONTHLY;BYDAY=FR;BYMONTHDAY=13",
    "FREQ=YEARLY",
    "FREQ=YEARLY;BYMONTH=3,9;BYDAY=1SU,-1SU",
    "FREQ=YEARLY;BYDAY=20MO,-3TH",
    "FREQ=YEARLY;BYMONTHDAY=1;BYMONTH=1,5,12",
    "FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=29",
    "FREQ=YEARLY;BYDAY=TU;BYSETPOS=-1,5",
]


def calendar_of(rule: str, start: dt.datetime) -> bytes:
    calendar, event = icalendar.Calendar(), icalendar.Event()
    calendar.add("version", "2.0")
    calendar.add("prodid", "-//test//test//")
    event.add("uid", rule)
    event.add("summary", "yuki@ten.example, a long way to write one name: " + "æøå " * 20)
    event.add("dtstart", start)
    event.add("dtend", start + dt.timedelta(hours=12))
    event.add("rrule", icalendar.vRecur.from_ical(rule))
    calendar.add_component(event)
    return calendar.to_ical()


def imported(decurion: Decurion, body: bytes, **query: object) -> httpx.Response:
    headers = {"Content-Type": "text/calendar"}
    return decurion.request("POST", "/schedules/l1/import", content=body, params=query, headers=headers)


def test_repetitions_are_those_of_dateutil(decurion: Decurion) -> None:
    # A leap year, both changes of the clocks, and a start that lies years back.
    from_, to = dt.datetime(2028, 1, 1, tzinfo=UTC), dt.datetime(2029, 1, 10, tzinfo=UTC)
    for start in (dt.datetime(2027, 12, 31, 8), dt.datetime(2024, 2, 29, 2, 30), dt.datetime(2028, 3, 5, 20)):
        for rule in RULES:
            body = calendar_of(rule, start.replace(tzinfo=STOCKHOLM))
            answer = imported(decurion, body, from_us=us(from_), to_us=us(to))
            assert answer.status_code == 200, f"{rule}: {answer.text}"
            walls = rrule.rrulestr(rule, dtstart=start).between(
                from_.replace(tzinfo=None) - dt.timedelta(days=2), to.replace(tzinfo=None) + dt.timedelta(days=2)
            )
            spans = [tuple(us(wall.replace(tzinfo=STOCKHOLM)) for wall in (w, w + dt.timedelta(hours=12))) for w in walls]
            wanted = [span for span in spans if span[0] < us(to) and us(from_) < span[1]]
            got = [(shift["start_us"], shift["end_us"]) for shift in answer.json()["shifts"]]
            assert got == wanted, f"{rule} from {start}"


def test_a_calendar_is_entered_by_the_command_line_after_it_was_shown(decurion: Decurion, tmp_path: pathlib.Path) -> None:
    decurion.login()
    tomorrow = (dt.datetime.now(UTC) + dt.timedelta(days=1)).replace(hour=8, minute=0, second=0, microsecond=0)
    file = tmp_path / "oncall.ics"
    file.write_bytes(calendar_of("FREQ=DAILY;COUNT=3", tomorrow))
    shown = decurion.run("import", "ical", str(file), "--schedule", "l1").stdout
    assert "Would enter 3 shifts" in shown and decurion.json("override", "list", "l1") == []
    assert decurion.json("import", "ical", str(file), "--schedule", "l1", "--enter")["entered"] == 3
    assert [entry["people"] for entry in decurion.json("override", "list", "l1")] == [["yuki"]] * 3
    assert decurion.json("import", "ical", str(file), "--schedule", "l1", "--enter")["entered"] == 0

    file.write_bytes(calendar_of("FREQ=DAILY", tomorrow).replace(b"DAILY", b"MINUTELY"))
    refused = decurion.run("import", "ical", str(file), "--schedule", "l1", check=False)
    assert refused.returncode == 1 and "RRULE: FREQ=MINUTELY is not taken" in refused.stderr
