//! Lists: their order, their filters, and going through them in windows.

use decurion_store::{
    AlertFilter, AlertRow, AlertStatus, Batch, ChangeRow, Cursor, IncidentFilter, IncidentRow, Listed,
    NotificationRow, PackRow, PageRow, SignalRow, Window,
};

use crate::bed::{Bed, anybody, on_both};
use crate::rows::{T0, alert, incident, notification, page, signal};

on_both!(
    open_incidents_stand_in_the_order_in_which_they_are_due,
    incidents_of_a_state_stand_newest_first,
    alerts_are_listed_by_state_source_severity_and_incident,
    a_list_is_gone_through_in_windows_without_gap_or_repetition,
    a_change_of_the_list_moves_no_row_between_windows,
    signals_are_listed_by_outcome_and_by_alert,
    pages_and_notifications_are_listed_by_incident_and_by_person,
    the_mailbox_holds_what_was_put_into_it,
    incidents_are_marked_by_number_and_severity,
    signals_are_listed_by_integration,
    changes_are_listed_by_arrival_once_and_until_they_are_old,
    the_strip_of_the_day_has_the_alerts_that_opened_in_it,
    packs_are_listed_newest_first_without_their_files,
);

async fn changes_are_listed_by_arrival_once_and_until_they_are_old(bed: Bed) {
    let (store, permit) = (&bed.store, anybody());
    let change = |id: &str, received_us| ChangeRow {
        id: id.to_owned(),
        integration_id: "int_1".to_owned(),
        received_us,
        at_us: 1,
        summary: "Deploy".to_owned(),
        source: String::new(),
        details_json: "{}".to_owned(),
        links_json: "[]".to_owned(),
    };
    for row in [change("chg_a", 10), change("chg_b", 20), change("chg_c", 30), change("chg_b", 99)] {
        store.change_add(&row, 5, &permit).await.unwrap();
    }
    let first = store.change_list((10, 30), &Window::first(2), &permit).await.unwrap();
    assert_eq!(ids(&first, |row| &row.id), ["chg_c", "chg_b"]);
    let second = store.change_list((10, 30), &Window::after(2, first.next), &permit).await.unwrap();
    assert_eq!((ids(&second, |row| &row.id), &second.next), (vec!["chg_a"], &None));
    let between = store.change_list((11, 29), &Window::first(9), &permit).await.unwrap();
    assert_eq!(ids(&between, |row| &row.id), ["chg_b"]);
    store.change_add(&change("chg_d", 40), 21, &permit).await.unwrap();
    let left = store.change_list((0, 100), &Window::first(9), &permit).await.unwrap();
    assert_eq!(ids(&left, |row| &row.id), ["chg_d", "chg_c"]);
}

fn ids<T>(listed: &Listed<T>, id: impl Fn(&T) -> &str) -> Vec<&str> {
    listed.rows.iter().map(id).collect()
}

async fn open_incidents_stand_in_the_order_in_which_they_are_due(bed: Bed) {
    let due = |id: &str, next_due_us| IncidentRow { next_due_us, ..incident(id) };
    let resolved = IncidentRow { status: "resolved".into(), ..due("inc_e", Some(1)) };
    let incidents = vec![
        due("inc_a", None),
        due("inc_b", Some(9)),
        due("inc_c", Some(5)),
        due("inc_d", Some(9)),
        resolved,
    ];
    bed.commit(Batch { incidents, ..Batch::default() }).await;
    let window = |after| Window::after(2, after);
    let (store, permit) = (&bed.store, anybody());
    let first = store.incident_list(&IncidentFilter::Open, &window(None), &permit).await.unwrap();
    assert_eq!(ids(&first, |row| &row.id), ["inc_c", "inc_b"]);
    let second = store.incident_list(&IncidentFilter::Open, &window(first.next), &permit).await.unwrap();
    assert_eq!(ids(&second, |row| &row.id), ["inc_d", "inc_a"]);
    assert_eq!(second.next, None);
}

async fn incidents_of_a_state_stand_newest_first(bed: Bed) {
    let given = |id: &str, status: &str, after_us| IncidentRow {
        status: status.into(),
        opened_us: T0 + after_us,
        ..incident(id)
    };
    let incidents =
        vec![given("inc_a", "resolved", 1), given("inc_b", "contained", 2), given("inc_c", "resolved", 3)];
    bed.commit(Batch { incidents, ..Batch::default() }).await;
    let listed = async |filter: IncidentFilter| {
        let listed = bed.store.incident_list(&filter, &Window::first(10), &anybody()).await.unwrap();
        listed.rows.into_iter().map(|row| row.id).collect::<Vec<_>>()
    };
    assert_eq!(listed(IncidentFilter::Status("resolved".into())).await, ["inc_c", "inc_a"]);
    assert_eq!(listed(IncidentFilter::All).await, ["inc_c", "inc_b", "inc_a"]);
    assert_eq!(listed(IncidentFilter::Status("triggered".into())).await, Vec::<String>::new());
}

async fn alerts_are_listed_by_state_source_severity_and_incident(bed: Bed) {
    let given = |id: &str, status: &str, integration: &str, severity: &str, incident: &str| AlertRow {
        status: status.into(),
        integration_id: integration.into(),
        severity: severity.into(),
        incident_id: Some(incident.into()),
        ..alert(id)
    };
    let alerts = vec![
        given("alr_a", "open", "int_1", "critical", "inc_1"),
        given("alr_b", "resolved", "int_1", "warning", "inc_1"),
        given("alr_c", "acknowledged", "int_2", "critical", "inc_2"),
    ];
    bed.commit(Batch { alerts, ..Batch::default() }).await;
    let listed = async |filter: AlertFilter| {
        let listed = bed.store.alert_list(&filter, &Window::first(10), &anybody()).await.unwrap();
        listed.rows.into_iter().map(|row| row.id).collect::<Vec<_>>()
    };
    let all = AlertFilter::default;
    assert_eq!(listed(all()).await, ["alr_c", "alr_b", "alr_a"]);
    assert_eq!(listed(AlertFilter { status: AlertStatus::Open, ..all() }).await, ["alr_c", "alr_a"]);
    assert_eq!(
        listed(AlertFilter { integration_id: Some("int_1".into()), ..all() }).await,
        ["alr_b", "alr_a"]
    );
    assert_eq!(listed(AlertFilter { severity: Some("critical".into()), ..all() }).await, ["alr_c", "alr_a"]);
    assert_eq!(listed(AlertFilter { incident_id: Some("inc_1".into()), ..all() }).await, ["alr_b", "alr_a"]);
}

async fn a_list_is_gone_through_in_windows_without_gap_or_repetition(bed: Bed) {
    // Every three alerts share an instant, so windows end between equal instants.
    let opened = |number: i64| AlertRow { opened_us: T0 + number / 3, ..alert(&format!("alr_{number:03}")) };
    bed.commit(Batch { alerts: (0..100).map(opened).collect(), ..Batch::default() }).await;
    let mut after: Option<Cursor> = None;
    let mut seen = Vec::new();
    loop {
        let window = Window::after(7, after);
        let listed = bed.store.alert_list(&AlertFilter::default(), &window, &anybody()).await.unwrap();
        seen.extend(listed.rows.into_iter().map(|row| row.id));
        // The cursor goes out as text and comes back.
        after = listed.next.map(|next| next.to_string().parse().unwrap());
        if after.is_none() {
            break;
        }
    }
    let expected: Vec<String> = (0..100).rev().map(|number| format!("alr_{number:03}")).collect();
    assert_eq!(seen, expected);
}

async fn a_change_of_the_list_moves_no_row_between_windows(bed: Bed) {
    let opened = |number: i64| AlertRow { opened_us: T0 + number, ..alert(&format!("alr_{number}")) };
    bed.commit(Batch { alerts: (0..4).map(opened).collect(), ..Batch::default() }).await;
    let filter = AlertFilter::default();
    let first = bed.store.alert_list(&filter, &Window::first(2), &anybody()).await.unwrap();
    bed.commit(Batch { alerts: vec![opened(9)], ..Batch::default() }).await;
    let second = bed.store.alert_list(&filter, &Window::after(2, first.next), &anybody()).await.unwrap();
    assert_eq!(ids(&second, |row| &row.id), ["alr_1", "alr_0"]);
}

async fn signals_are_listed_by_outcome_and_by_alert(bed: Bed) {
    let given = |id: &str, outcome: &str, after_us, alerts: &[&str]| SignalRow {
        outcome: outcome.into(),
        received_us: T0 + after_us,
        ..signal(id, alerts)
    };
    let signals = vec![
        given("sig_a", "interpreted", 1, &["alr_1", "alr_2"]),
        given("sig_b", "uninterpretable", 2, &[]),
        given("sig_c", "interpreted", 3, &["alr_1"]),
        given("sig_d", "ignored", 4, &[]),
    ];
    bed.commit(Batch { signals, ..Batch::default() }).await;
    let (store, permit, window) = (&bed.store, anybody(), Window::first(10));
    let listed = async |outcome: Option<&str>| {
        let listed = store.signal_list(outcome, &window, &permit).await.unwrap();
        listed.rows.into_iter().map(|row| row.id).collect::<Vec<_>>()
    };
    assert_eq!(listed(None).await, ["sig_d", "sig_c", "sig_b", "sig_a"]);
    assert_eq!(listed(Some("interpreted")).await, ["sig_c", "sig_a"]);
    assert_eq!(listed(Some("uninterpretable")).await, ["sig_b"]);
    let first = store.alert_signals("alr_1", &Window::first(1), &permit).await.unwrap();
    assert_eq!(ids(&first, |row| &row.id), ["sig_c"]);
    let second = store.alert_signals("alr_1", &Window::after(1, first.next), &permit).await.unwrap();
    assert_eq!((ids(&second, |row| &row.id), second.next.clone()), (vec!["sig_a"], None));
}

async fn pages_and_notifications_are_listed_by_incident_and_by_person(bed: Bed) {
    let paged = |id: &str, person: &str, status: &str| PageRow {
        person_id: person.into(),
        status: status.into(),
        ..page(id)
    };
    let sent = |id: &str, person: &str, incident: &str| NotificationRow {
        person_id: person.into(),
        incident_id: incident.into(),
        ..notification(id)
    };
    bed.commit(Batch {
        pages: vec![
            paged("pag_1", "elif", "open"),
            paged("pag_2", "elif", "answered"),
            paged("pag_3", "tom", "open"),
        ],
        notifications: vec![
            sent("ntf_1", "elif", "inc_1"),
            sent("ntf_2", "tom", "inc_1"),
            sent("ntf_3", "elif", "inc_2"),
        ],
        ..Batch::default()
    })
    .await;
    let (store, permit, window) = (&bed.store, anybody(), Window::first(10));
    let all = store.page_list("inc_1", &window, &permit).await.unwrap();
    assert_eq!(ids(&all, |row| &row.id), ["pag_1", "pag_2", "pag_3"]);
    let open = store.page_list_open("elif", &window, &permit).await.unwrap();
    assert_eq!(ids(&open, |row| &row.id), ["pag_1"]);
    let sent = store.notification_list("inc_1", &window, &permit).await.unwrap();
    assert_eq!(ids(&sent, |row| &row.id), ["ntf_1", "ntf_2"]);
    let mailbox = store.notification_list_person("elif", &window, &permit).await.unwrap();
    assert_eq!(ids(&mailbox, |row| &row.id), ["ntf_3", "ntf_1"]);
}

async fn the_mailbox_holds_what_was_put_into_it(bed: Bed) {
    let sent = |id: &str, person: &str, channel: &str, status: &str| NotificationRow {
        person_id: person.into(),
        channel: channel.into(),
        status: status.into(),
        ..notification(id)
    };
    let notifications = vec![
        sent("ntf_1", "elif", "mailbox", "delivered"),
        sent("ntf_2", "elif", "email", "delivered"),
        sent("ntf_3", "tom", "mailbox", "delivered"),
        sent("ntf_4", "tom", "mailbox", "due"),
    ];
    let pages = vec![page("pag_1"), PageRow { status: "answered".into(), ..page("pag_2") }];
    bed.commit(Batch { notifications, pages, ..Batch::default() }).await;
    let (store, permit, window) = (&bed.store, anybody(), Window::first(10));
    let everybody = store.mailbox_list(None, &window, &permit).await.unwrap();
    assert_eq!(ids(&everybody, |row| &row.id), ["ntf_3", "ntf_1"]);
    let own = store.mailbox_list(Some("elif"), &window, &permit).await.unwrap();
    assert_eq!(ids(&own, |row| &row.id), ["ntf_1"]);
    let statuses = store.page_statuses(&["pag_1", "pag_2", "pag_9"], &permit).await.unwrap();
    let statuses: Vec<_> = statuses.iter().map(|(id, status)| (id.as_str(), status.as_str())).collect();
    assert_eq!(statuses, [("pag_1", "open"), ("pag_2", "answered")]);
}

async fn incidents_are_marked_by_number_and_severity(bed: Bed) {
    let later = IncidentRow { opened_us: T0 + 1, severity: "sev1".into(), ..incident("inc_2") };
    bed.commit(Batch { incidents: vec![incident("inc_1"), later], ..Batch::default() }).await;
    let marks = bed.store.incident_marks(&["inc_2", "inc_1", "inc_9"], &anybody()).await.unwrap();
    let marks: Vec<_> = marks.values().map(|mark| (mark.number, mark.severity.as_str())).collect();
    assert_eq!(marks, [(1, "sev2"), (2, "sev1")]);
}

async fn signals_are_listed_by_integration(bed: Bed) {
    let from =
        |id: &str, integration: &str| SignalRow { integration_id: integration.into(), ..signal(id, &[]) };
    let signals = vec![from("sig_a", "int_1"), from("sig_b", "int_2"), from("sig_c", "int_1")];
    bed.commit(Batch { signals, ..Batch::default() }).await;
    let listed = bed.store.signal_list_integration("int_1", &Window::first(10), &anybody()).await.unwrap();
    assert_eq!(ids(&listed, |row| &row.id), ["sig_c", "sig_a"]);
}

async fn the_strip_of_the_day_has_the_alerts_that_opened_in_it(bed: Bed) {
    let opened = |number: i64| AlertRow { opened_us: T0 + number, ..alert(&format!("alr_{number}")) };
    bed.commit(Batch { alerts: (0..5).map(opened).collect(), ..Batch::default() }).await;
    let points = bed.store.alerts_today(T0 + 1, T0 + 4, &anybody()).await.unwrap();
    let instants: Vec<i64> = points.iter().map(|point| point.at_us - T0).collect();
    assert_eq!(instants, [3, 2, 1]);
    assert_eq!((points[0].severity.as_str(), points[0].count), ("critical", 1));
}

async fn packs_are_listed_newest_first_without_their_files(bed: Bed) {
    let pack =
        |version| PackRow { version, files_json: "{}".into(), reason: "r".into(), ..PackRow::default() };
    bed.commit(Batch { packs: vec![pack(1), pack(2), pack(3)], ..Batch::default() }).await;
    let listed = bed.store.pack_list(3, 10, &anybody()).await.unwrap();
    let found: Vec<(i64, &str)> =
        listed.iter().map(|pack| (pack.version, pack.files_json.as_str())).collect();
    assert_eq!(found, [(2, ""), (1, "")]);
    assert_eq!(bed.store.pack_latest(&anybody()).await.unwrap().unwrap().version, 3);
}
