//! Entries of the roster: what an upsert keeps, and by which handles they are found.

use decurion_store::{Batch, RosterEntryFilter, RosterEntryRow, Window};

use crate::bed::{Bed, anybody, on_both};
use crate::rows::T0;

on_both!(
    an_entry_is_written_over_but_keeps_who_made_it_and_when,
    entries_are_found_by_kind_schedule_person_state_and_span,
    entries_are_listed_newest_first_in_windows,
);

fn entry(id: &str, kind: &str) -> RosterEntryRow {
    RosterEntryRow {
        id: id.into(),
        kind: kind.into(),
        schedule_id: Some("l1".into()),
        person_id: Some("elif".into()),
        state: "open".into(),
        start_us: Some(T0),
        end_us: Some(T0 + 100),
        body_json: r#"{"reason":"a wedding"}"#.into(),
        created_us: T0,
        updated_us: T0,
        actor: "person:elif".into(),
    }
}

async fn write(bed: &Bed, roster_entries: Vec<RosterEntryRow>) {
    bed.commit(Batch { roster_entries, ..Batch::default() }).await;
}

async fn found(bed: &Bed, filter: RosterEntryFilter) -> Vec<String> {
    let rows = bed.store.roster_entry_all(&filter, &anybody()).await.unwrap();
    rows.into_iter().map(|row| row.id).collect()
}

fn swaps() -> RosterEntryFilter {
    RosterEntryFilter { kind: "swap".into(), ..RosterEntryFilter::default() }
}

async fn an_entry_is_written_over_but_keeps_who_made_it_and_when(bed: Bed) {
    let first = entry("swp_1", "swap");
    write(&bed, vec![first.clone()]).await;
    let later = RosterEntryRow {
        state: "taken".into(),
        schedule_id: None,
        end_us: None,
        body_json: "{}".into(),
        created_us: T0 + 9,
        updated_us: T0 + 9,
        actor: "person:mallory".into(),
        ..first.clone()
    };
    write(&bed, vec![first.clone(), later.clone()]).await;
    let read = bed.store.roster_entry_get("swp_1", &anybody()).await.unwrap();
    assert_eq!(read, Some(RosterEntryRow { created_us: T0, actor: first.actor, ..later }));
    assert_eq!(bed.store.roster_entry_get("swp_2", &anybody()).await.unwrap(), None);
}

async fn entries_are_found_by_kind_schedule_person_state_and_span(bed: Bed) {
    let other = RosterEntryRow {
        schedule_id: Some("l2".into()),
        person_id: Some("bo".into()),
        state: "taken".into(),
        start_us: Some(T0 + 100),
        end_us: Some(T0 + 200),
        created_us: T0 + 1,
        ..entry("swp_2", "swap")
    };
    let endless = RosterEntryRow {
        schedule_id: None,
        person_id: None,
        start_us: None,
        end_us: None,
        created_us: T0 + 2,
        state: "withdrawn".into(),
        ..entry("swp_3", "swap")
    };
    write(&bed, vec![entry("swp_1", "swap"), other, endless, entry("abs_1", "absence")]).await;
    assert_eq!(found(&bed, swaps()).await, ["swp_3", "swp_2", "swp_1"]);
    let of = |schedule: &str| RosterEntryFilter { schedule_id: Some(schedule.into()), ..swaps() };
    assert_eq!(found(&bed, of("l2")).await, ["swp_2"]);
    let by = |person: &str| RosterEntryFilter { person_id: Some(person.into()), ..swaps() };
    assert_eq!(found(&bed, by("elif")).await, ["swp_1"]);
    let states = vec!["open".to_owned(), "taken".to_owned()];
    assert_eq!(found(&bed, RosterEntryFilter { states, ..swaps() }).await, ["swp_2", "swp_1"]);
    let span = |from_us, to_us| RosterEntryFilter { from_us, to_us, ..swaps() };
    assert_eq!(found(&bed, span(Some(T0 + 99), None)).await, ["swp_3", "swp_2", "swp_1"]);
    assert_eq!(found(&bed, span(Some(T0 + 100), None)).await, ["swp_3", "swp_2"], "an end is not part of it");
    assert_eq!(found(&bed, span(None, Some(T0 + 100))).await, ["swp_3", "swp_1"]);
    assert_eq!(found(&bed, span(Some(T0 + 100), Some(T0 + 100))).await, ["swp_3"]);
}

async fn entries_are_listed_newest_first_in_windows(bed: Bed) {
    let given = |n: i64| RosterEntryRow { created_us: T0 + n / 2, ..entry(&format!("swp_{n}"), "swap") };
    write(&bed, (0..5).map(given).collect()).await;
    let (mut seen, mut window) = (Vec::new(), Window::first(2));
    loop {
        let listed = bed.store.roster_entry_list(&swaps(), &window, &anybody()).await.unwrap();
        seen.extend(listed.rows.into_iter().map(|row| row.id));
        match listed.next {
            Some(next) => window = Window::after(2, Some(next)),
            None => break,
        }
    }
    assert_eq!(seen, ["swp_4", "swp_3", "swp_2", "swp_1", "swp_0"]);
}
