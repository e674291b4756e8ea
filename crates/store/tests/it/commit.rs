//! One transaction for all that a batch changes.

use decurion_core::journal::StreamId;
use decurion_store::{
    AlertFilter, AlertRepeat, Batch, CommitError, IdempotencyRow, LastSignalRow, OverrideRow, PackRow,
    SignalBody, SignalRow, Window,
};

use crate::bed::{Bed, anybody, on_both, salts};
use crate::rows::{T0, alert, draft, incident, integration, notification, outbox, page, signal, timer};

on_both!(
    a_whole_batch_is_read_back_as_it_was_written,
    a_conflict_on_a_stream_writes_nothing,
    a_key_used_twice_is_a_conflict_and_writes_nothing,
    an_answer_kept_beside_a_commit_is_the_first_one,
    an_empty_batch_changes_nothing,
    repeats_add_up_and_an_upsert_never_lowers_them,
    numbers_are_given_once_and_follow_the_order_of_opening,
    resolving_an_incident_resolves_its_open_alerts,
    the_last_row_of_a_key_in_a_batch_counts,
    a_nul_in_a_text_becomes_a_replacement_character,
    bodies_come_back_as_they_were_sent,
    a_signal_tried_again_keeps_its_body_and_says_what_became_of_it,
    of_a_storm_the_newest_body_is_kept,
    an_open_alert_is_found_by_its_stream,
    timers_and_overrides_go_when_they_are_cleared,
    what_one_batch_takes_out_and_writes_is_there,
    of_what_decisions_of_one_batch_put_in_and_take_out_the_last_word_counts,
    a_caller_that_goes_away_leaves_all_or_nothing,
    an_integration_is_known_by_its_key_and_when_it_was_heard_of,
);

async fn a_whole_batch_is_read_back_as_it_was_written(bed: Bed) {
    let permit = anybody();
    let key =
        IdempotencyRow { scope: "s".into(), key: "k".into(), created_us: T0, ..IdempotencyRow::default() };
    let pack = PackRow { version: 1, files_json: r#"{"a.yaml":"x"}"#.into(), ..PackRow::default() };
    let change = OverrideRow { id: "ovr_1".into(), schedule_id: "l1".into(), ..OverrideRow::default() };
    let committed = bed
        .commit(Batch {
            drafts: vec![draft("alert:a", 1), draft("incident:inc_1", 1), draft("alert:a", 2)],
            signals: vec![signal("sig_1", &["alr_1"])],
            alerts: vec![alert("alr_1")],
            incidents: vec![incident("inc_1")],
            pages: vec![page("pag_1")],
            notifications: vec![notification("ntf_1")],
            outbox: vec![outbox("ntf_1", T0)],
            timers: vec![timer("incident:inc_1", "escalate", T0 + 5)],
            idempotency: vec![key.clone()],
            overrides: vec![change.clone()],
            packs: vec![pack.clone()],
            integrations: vec![integration("int_9")],
            ..Batch::default()
        })
        .await;
    assert_eq!((committed.first_seq, committed.head.seq), (1, 3));
    assert_eq!(committed.numbers.get(&"inc_1".into()), Some(&1));

    let store = &bed.store;
    let incident = decurion_store::IncidentRow { number: 1, ..incident("inc_1") };
    assert_eq!(store.signal_get("sig_1", &permit).await.unwrap(), Some(signal("sig_1", &["alr_1"])));
    assert_eq!(store.alert_get("alr_1", &permit).await.unwrap(), Some(alert("alr_1")));
    for reference in ["inc_1", "1", "INC-1"] {
        assert_eq!(store.incident_get(reference, &permit).await.unwrap(), Some(incident.clone()));
    }
    assert_eq!(store.page_get("pag_1", &permit).await.unwrap(), Some(page("pag_1")));
    assert_eq!(store.notification_get("ntf_1", &permit).await.unwrap(), Some(notification("ntf_1")));
    assert_eq!(store.outbox_oldest_due().await.unwrap(), Some(T0));
    assert_eq!(store.timer_next().await.unwrap(), Some(T0 + 5));
    assert_eq!(store.idempotency_get("s", "k").await.unwrap(), Some(key));
    assert_eq!(store.override_list(Some("l1"), &permit).await.unwrap(), [change]);
    assert_eq!(store.pack_latest(&permit).await.unwrap(), Some(pack.clone()));
    assert_eq!(store.pack_files(1, &permit).await.unwrap(), Some(pack.files_json));
    assert_eq!(store.integration_list(&permit).await.unwrap(), [integration("int_9")]);
    let counts = store.counts().await.unwrap();
    assert_eq!((counts.alerts_open, counts.incidents_open, counts.incidents_triggered), (1, 1, 1));
    assert_eq!((counts.outbox, counts.timers, counts.journal), (1, 1, 3));
}

async fn a_conflict_on_a_stream_writes_nothing(bed: Bed) {
    bed.commit(Batch { drafts: vec![draft("alert:a", 1)], ..Batch::default() }).await;
    let batch = Batch {
        drafts: vec![draft("alert:b", 1), draft("alert:a", 1)],
        alerts: vec![alert("alr_1")],
        timers: vec![timer("alert:b", "silence", T0)],
        ..Batch::default()
    };
    let refused = bed.store.commit(batch, salts()).await;
    assert!(matches!(refused, Err(CommitError::Conflict)), "{refused:?}");
    assert_eq!(bed.store.head().await.unwrap().seq, 1);
    assert_eq!(bed.store.alert_get("alr_1", &anybody()).await.unwrap(), None);
    assert_eq!(bed.store.timer_next().await.unwrap(), None);
    let next = bed.commit(Batch { drafts: vec![draft("alert:a", 2)], ..Batch::default() }).await;
    assert_eq!(next.head.seq, 2);
}

async fn a_key_used_twice_is_a_conflict_and_writes_nothing(bed: Bed) {
    let batch = |stream: &str| Batch {
        drafts: vec![draft(stream, 1)],
        idempotency: vec![IdempotencyRow { scope: "s".into(), key: "k".into(), ..IdempotencyRow::default() }],
        ..Batch::default()
    };
    bed.commit(batch("alert:a")).await;
    let refused = bed.store.commit(batch("alert:b"), salts()).await;
    assert!(matches!(refused, Err(CommitError::Conflict)), "{refused:?}");
    assert_eq!(bed.store.head().await.unwrap().seq, 1);
    assert_eq!(bed.store.idempotency_prune(T0).await.unwrap(), 1);
    assert_eq!(bed.store.idempotency_get("s", "k").await.unwrap(), None);
}

async fn an_answer_kept_beside_a_commit_is_the_first_one(bed: Bed) {
    let row = |response_json: &str| IdempotencyRow {
        scope: "s".into(),
        key: "k".into(),
        response_json: response_json.into(),
        created_us: T0,
        ..IdempotencyRow::default()
    };
    bed.store.idempotency_keep(&row("1")).await.unwrap();
    bed.store.idempotency_keep(&row("2")).await.unwrap();
    let kept = bed.store.idempotency_get("s", "k").await.unwrap().unwrap();
    assert_eq!(kept.response_json, "1");
    assert_eq!(bed.store.idempotency_prune(T0).await.unwrap(), 0);
    assert_eq!(bed.store.idempotency_prune(T0 + 1).await.unwrap(), 1);
}

async fn an_empty_batch_changes_nothing(bed: Bed) {
    let committed = bed.commit(Batch::default()).await;
    assert_eq!((committed.first_seq, committed.head.seq, committed.numbers.len()), (1, 0, 0));
}

async fn repeats_add_up_and_an_upsert_never_lowers_them(bed: Bed) {
    let repeat = |count, last_us, signal: &str, expires_at_us| AlertRepeat {
        alert_id: "alr_1".into(),
        count,
        last_us,
        last_signal_id: signal.into(),
        expires_at_us,
    };
    bed.commit(Batch {
        alerts: vec![alert("alr_1"), alert("alr_2")],
        repeats: vec![repeat(2, T0 + 9, "sig_9", Some(T0 + 90)), repeat(3, T0 + 5, "sig_5", None)],
        ..Batch::default()
    })
    .await;
    bed.commit(Batch { repeats: vec![repeat(1, T0 + 1, "sig_0", None)], ..Batch::default() }).await;
    let renamed =
        decurion_store::AlertRow { title: "renamed".into(), expires_at_us: Some(T0 + 90), ..alert("alr_1") };
    bed.commit(Batch { alerts: vec![renamed], ..Batch::default() }).await;
    let found = bed.store.alert_get("alr_1", &anybody()).await.unwrap().unwrap();
    assert_eq!((found.count, found.last_us, found.title.as_str()), (7, T0 + 9, "renamed"));
    assert_eq!((found.last_signal_id.as_deref(), found.expires_at_us), (Some("sig_9"), Some(T0 + 90)));
    assert_eq!(bed.store.alert_get("alr_2", &anybody()).await.unwrap().unwrap().count, 1);
}

async fn numbers_are_given_once_and_follow_the_order_of_opening(bed: Bed) {
    let opened =
        |id: &str, after_us| decurion_store::IncidentRow { opened_us: T0 + after_us, ..incident(id) };
    let numbers = |committed: decurion_store::Committed| committed.numbers.into_values().collect::<Vec<_>>();
    let first =
        bed.commit(Batch { incidents: vec![opened("inc_a", 2), opened("inc_b", 1)], ..Batch::default() });
    assert_eq!(numbers(first.await), [2, 1]);
    let next =
        bed.commit(Batch { incidents: vec![opened("inc_a", 2), opened("inc_c", 3)], ..Batch::default() });
    assert_eq!(numbers(next.await), [2, 3]);
}

async fn resolving_an_incident_resolves_its_open_alerts(bed: Bed) {
    let permit = anybody();
    let closed = decurion_store::AlertRow {
        status: "resolved".into(),
        resolved_us: Some(T0 - 1),
        resolved_by: Some("source".into()),
        ..alert("alr_2")
    };
    let other = decurion_store::AlertRow { incident_id: Some("inc_2".into()), ..alert("alr_3") };
    bed.commit(Batch {
        alerts: vec![alert("alr_1"), closed.clone(), other.clone()],
        resolved_incidents: vec![("inc_1".into(), T0 + 7)],
        ..Batch::default()
    })
    .await;
    let found = bed.store.alert_get("alr_1", &permit).await.unwrap().unwrap();
    assert_eq!((found.status.as_str(), found.resolved_us), ("resolved", Some(T0 + 7)));
    assert_eq!((found.resolved_by.as_deref(), found.expires_at_us), (Some("inc_1"), None));
    assert_eq!(bed.store.alert_get("alr_2", &permit).await.unwrap(), Some(closed));
    assert_eq!(bed.store.alert_get("alr_3", &permit).await.unwrap(), Some(other));
}

async fn the_last_row_of_a_key_in_a_batch_counts(bed: Bed) {
    let acknowledged = decurion_store::IncidentRow { status: "acknowledged".into(), ..incident("inc_1") };
    let answered = decurion_store::PageRow { status: "answered".into(), ..page("pag_1") };
    let sent = decurion_store::NotificationRow {
        status: "delivered".into(),
        message_json: None,
        ..notification("ntf_1")
    };
    bed.commit(Batch {
        incidents: vec![incident("inc_1"), acknowledged],
        pages: vec![page("pag_1"), answered],
        notifications: vec![notification("ntf_1")],
        outbox: vec![outbox("ntf_1", T0), outbox("ntf_1", T0 + 3)],
        timers: vec![timer("a", "x", 5), timer("a", "x", 9)],
        ..Batch::default()
    })
    .await;
    bed.commit(Batch { notifications: vec![sent], ..Batch::default() }).await;
    let permit = anybody();
    assert_eq!(bed.store.incident_get("1", &permit).await.unwrap().unwrap().status, "acknowledged");
    assert_eq!(bed.store.page_get("pag_1", &permit).await.unwrap().unwrap().status, "answered");
    assert_eq!(bed.store.timer_next().await.unwrap(), Some(9));
    assert_eq!(bed.store.outbox_oldest_due().await.unwrap(), Some(T0 + 3));
    let notification = bed.store.notification_get("ntf_1", &permit).await.unwrap().unwrap();
    assert_eq!(
        (notification.status.as_str(), notification.message_json.as_deref()),
        ("delivered", Some("{}"))
    );
}

async fn a_nul_in_a_text_becomes_a_replacement_character(bed: Bed) {
    let strange = decurion_store::AlertRow { title: "a\0b\\u0000".into(), ..alert("alr_1") };
    let entry =
        decurion_core::journal::Draft { actor: "a\0b".into(), payload: "\0".into(), ..draft("alert:\0", 1) };
    bed.commit(Batch { drafts: vec![entry], alerts: vec![strange], ..Batch::default() }).await;
    let found = bed.store.alert_get("alr_1", &anybody()).await.unwrap().unwrap();
    assert_eq!(found.title, "a\u{fffd}b\\u0000");
    let entries = bed.store.load(&[StreamId::from("alert:\u{fffd}")]).await.unwrap();
    assert_eq!(entries[0].actor, "a\u{fffd}b");
    bed.store.verify().await.unwrap();
}

async fn bodies_come_back_as_they_were_sent(bed: Bed) {
    let long = "x".repeat(70_000);
    let bodies: [&[u8]; 4] = [b"", b"caf\xc3\xa9", b"\xff\xfe\0", long.as_bytes()];
    for (number, bytes) in bodies.into_iter().enumerate() {
        let SignalBody { body, body_base64, body_bytes } = SignalBody::from(bytes);
        let id = format!("sig_{number}");
        let row = decurion_store::SignalRow { body, body_base64, body_bytes, ..signal(&id, &[]) };
        bed.commit(Batch { signals: vec![row], ..Batch::default() }).await;
        let found = bed.store.signal_get(&id, &anybody()).await.unwrap().unwrap();
        assert_eq!(found.body_as_sent(), bytes);
        assert_eq!(found.body_bytes, i64::try_from(bytes.len()).unwrap());
    }
    let listed = bed.store.signal_list(None, &Window::first(9), &anybody()).await.unwrap();
    assert_eq!(listed.rows[0].body.len(), 2_000);
}

async fn a_signal_tried_again_keeps_its_body_and_says_what_became_of_it(bed: Bed) {
    let failed = SignalRow {
        outcome: "uninterpretable".into(),
        reason: Some("no title".into()),
        ..signal("sig_1", &[])
    };
    bed.commit(Batch { signals: vec![failed], ..Batch::default() }).await;
    let again = SignalRow { body: "another".into(), ..signal("sig_1", &["alr_1"]) };
    bed.commit(Batch { signals: vec![again], ..Batch::default() }).await;
    let found = bed.store.signal_get("sig_1", &anybody()).await.unwrap();
    assert_eq!(found, Some(signal("sig_1", &["alr_1"])));
}

async fn of_a_storm_the_newest_body_is_kept(bed: Bed) {
    let last = |id: &str, after_us| LastSignalRow {
        alert_id: "alr_1".into(),
        id: id.into(),
        integration_id: "int_1".into(),
        received_us: T0 + after_us,
        body: format!("body of {id}"),
        ..LastSignalRow::default()
    };
    let integrations = vec![integration("int_1")];
    let signals = vec![signal("sig_1", &["alr_1"])];
    bed.commit(Batch { signals, integrations, ..Batch::default() }).await;
    bed.commit(Batch { last_signals: vec![last("sig_8", 8), last("sig_9", 9)], ..Batch::default() }).await;
    bed.commit(Batch { last_signals: vec![last("sig_5", 5)], ..Batch::default() }).await;
    let listed = bed.store.alert_signals("alr_1", &Window::first(5), &anybody()).await.unwrap();
    let found: Vec<(&str, &str)> =
        listed.rows.iter().map(|row| (row.id.as_str(), row.body.as_str())).collect();
    assert_eq!(found, [("sig_9", "body of sig_9"), ("sig_1", signal("sig_1", &[]).body.as_str())]);
    let heard = bed.store.integration_get("int_1", &anybody()).await.unwrap().unwrap();
    assert_eq!(heard.last_signal_us, Some(T0 + 9));
}

async fn an_open_alert_is_found_by_its_stream(bed: Bed) {
    let resolved = decurion_store::AlertRow { status: "resolved".into(), ..alert("alr_1") };
    let reopened = decurion_store::AlertRow { stream: resolved.stream.clone(), ..alert("alr_2") };
    bed.commit(Batch { alerts: vec![resolved.clone()], ..Batch::default() }).await;
    assert_eq!(bed.store.alert_open_of_stream(&resolved.stream, &anybody()).await.unwrap(), None);
    bed.commit(Batch { alerts: vec![reopened.clone()], ..Batch::default() }).await;
    assert_eq!(bed.store.alert_open_of_stream(&resolved.stream, &anybody()).await.unwrap(), Some(reopened));
}

async fn timers_and_overrides_go_when_they_are_cleared(bed: Bed) {
    let change = |id: &str| OverrideRow { id: id.into(), schedule_id: "l1".into(), ..OverrideRow::default() };
    bed.commit(Batch {
        timers: vec![timer("a", "x", 1), timer("a", "y", 2), timer("b", "x", 3)],
        overrides: vec![change("ovr_1"), change("ovr_2")],
        ..Batch::default()
    })
    .await;
    bed.commit(Batch {
        timers_cleared: vec![("a".into(), "x".into()), ("b".into(), "x".into())],
        overrides_removed: vec!["ovr_1".into()],
        ..Batch::default()
    })
    .await;
    assert_eq!(bed.store.timers_due(9, 10).await.unwrap(), [timer("a", "y", 2)]);
    assert_eq!(bed.store.override_list(None, &anybody()).await.unwrap(), [change("ovr_2")]);
}

async fn what_one_batch_takes_out_and_writes_is_there(bed: Bed) {
    let change = OverrideRow { id: "ovr_1".into(), schedule_id: "l1".into(), ..OverrideRow::default() };
    bed.commit(Batch {
        timers: vec![timer("a", "x", 1)],
        timers_cleared: vec![("a".into(), "x".into())],
        outbox: vec![outbox("ntf_1", T0)],
        outbox_done: vec!["ntf_1".into()],
        overrides: vec![change.clone()],
        overrides_removed: vec!["ovr_1".into()],
        ..Batch::default()
    })
    .await;
    assert_eq!(bed.store.timer_next().await.unwrap(), Some(1));
    assert_eq!(bed.store.outbox_oldest_due().await.unwrap(), Some(T0));
    assert_eq!(bed.store.override_list(None, &anybody()).await.unwrap(), [change]);
}

async fn of_what_decisions_of_one_batch_put_in_and_take_out_the_last_word_counts(bed: Bed) {
    bed.commit(Batch { timers: vec![timer("a", "x", 1)], ..Batch::default() }).await;
    let mut batch = Batch::default();
    batch.clear_timer("a".into(), "x".into());
    batch.set_timer(timer("a", "x", 5));
    batch.set_timer(timer("a", "y", 6));
    batch.clear_timer("a".into(), "y".into());
    batch.send_no_more("ntf_1".into());
    batch.send(outbox("ntf_1", T0));
    batch.send(outbox("ntf_2", T0));
    batch.send_no_more("ntf_2".into());
    bed.commit(batch).await;
    assert_eq!(bed.store.timers_due(9, 9).await.unwrap(), [timer("a", "x", 5)]);
    let rows = bed.store.outbox_claim("a", T0, T0, 9).await.unwrap();
    assert_eq!(rows.iter().map(|row| row.notification_id.as_str()).collect::<Vec<_>>(), ["ntf_1"]);
}

async fn a_caller_that_goes_away_leaves_all_or_nothing(bed: Bed) {
    for wait_us in (0..40).map(|step| step * 150) {
        let number = bed.store.head().await.unwrap().seq;
        let batch = Batch {
            drafts: vec![draft(&format!("alert:{number}"), 1)],
            timers: vec![timer(&format!("alert:{number}"), "x", T0)],
            ..Batch::default()
        };
        let patience = std::time::Duration::from_micros(wait_us);
        drop(tokio::time::timeout(patience, bed.store.commit(batch, salts())).await);
    }
    // The next commit waits until the one given up is rolled back or done.
    bed.commit(Batch { drafts: vec![draft("config", 1)], ..Batch::default() }).await;
    let counts = bed.store.counts().await.unwrap();
    assert_eq!(counts.journal, counts.timers + 1);
    bed.store.verify().await.unwrap();
}

async fn an_integration_is_known_by_its_key_and_when_it_was_heard_of(bed: Bed) {
    let without_key =
        |id: &str| decurion_store::IntegrationRow { key_digest: String::new(), ..integration(id) };
    let rows = vec![integration("int_1"), without_key("int_2"), without_key("int_3")];
    bed.commit(Batch { integrations: rows, ..Batch::default() }).await;
    bed.commit(Batch { signals: vec![signal("sig_1", &[])], ..Batch::default() }).await;
    let renamed = decurion_store::IntegrationRow { name: "renamed".into(), ..integration("int_1") };
    bed.commit(Batch { integrations: vec![renamed], ..Batch::default() }).await;
    let found = bed.store.integration_by_key_digest("digest of int_1").await.unwrap().unwrap();
    assert_eq!((found.name.as_str(), found.last_signal_us), ("renamed", Some(T0)));
    assert_eq!(bed.store.integration_by_key_digest("").await.unwrap(), None);
    assert_eq!(
        bed.store.alert_list(&AlertFilter::default(), &Window::first(1), &anybody()).await.unwrap().rows,
        []
    );
}
