//! Leases over what must be sent, and timers that are due.

use decurion_store::Batch;

use crate::bed::{Bed, on_both};
use crate::rows::{T0, outbox, timer};

on_both!(
    a_lease_keeps_others_away_until_it_ends,
    what_is_due_first_is_claimed_first,
    a_settled_row_is_gone_and_a_postponed_one_waits,
    timers_fire_in_the_order_in_which_they_are_due,
);

async fn claimed(bed: &Bed, owner: &str, now_us: i64, limit: u32) -> Vec<String> {
    let rows = bed.store.outbox_claim(owner, now_us, now_us + 10, limit).await.unwrap();
    assert!(rows.iter().all(|row| row.owner.as_deref() == Some(owner) && row.lease_until_us == now_us + 10));
    rows.into_iter().map(|row| row.notification_id).collect()
}

async fn a_lease_keeps_others_away_until_it_ends(bed: Bed) {
    bed.commit(Batch { outbox: vec![outbox("ntf_1", T0)], ..Batch::default() }).await;
    assert_eq!(claimed(&bed, "a", T0 - 1, 9).await, Vec::<String>::new());
    assert_eq!(claimed(&bed, "a", T0, 9).await, ["ntf_1"]);
    assert_eq!(claimed(&bed, "b", T0 + 9, 9).await, Vec::<String>::new());
    assert_eq!(claimed(&bed, "b", T0 + 10, 9).await, ["ntf_1"]);
}

async fn what_is_due_first_is_claimed_first(bed: Bed) {
    let rows = vec![outbox("ntf_1", T0 + 2), outbox("ntf_2", T0), outbox("ntf_3", T0 + 1)];
    bed.commit(Batch { outbox: rows, ..Batch::default() }).await;
    assert_eq!(claimed(&bed, "a", T0 + 5, 2).await, ["ntf_2", "ntf_3"]);
    assert_eq!(claimed(&bed, "a", T0 + 5, 2).await, ["ntf_1"]);
    assert_eq!(bed.store.outbox_oldest_due().await.unwrap(), Some(T0));
}

async fn a_settled_row_is_gone_and_a_postponed_one_waits(bed: Bed) {
    bed.commit(Batch { outbox: vec![outbox("ntf_1", T0), outbox("ntf_2", T0)], ..Batch::default() }).await;
    assert_eq!(claimed(&bed, "a", T0, 9).await.len(), 2);
    let postponed = outbox("ntf_2", T0 + 30);
    bed.commit(Batch { outbox_done: vec!["ntf_1".into()], outbox: vec![postponed], ..Batch::default() })
        .await;
    assert_eq!(claimed(&bed, "a", T0 + 29, 9).await, Vec::<String>::new());
    assert_eq!(claimed(&bed, "a", T0 + 30, 9).await, ["ntf_2"]);
    bed.commit(Batch { outbox_done: vec!["ntf_2".into()], ..Batch::default() }).await;
    assert_eq!(bed.store.outbox_oldest_due().await.unwrap(), None);
}

async fn timers_fire_in_the_order_in_which_they_are_due(bed: Bed) {
    let timers = vec![timer("a", "x", T0 + 2), timer("b", "x", T0), timer("c", "x", T0 + 1)];
    bed.commit(Batch { timers, ..Batch::default() }).await;
    let due = async |now_us, limit| {
        let due = bed.store.timers_due(now_us, limit).await.unwrap();
        due.into_iter().map(|timer| timer.stream).collect::<Vec<_>>()
    };
    assert_eq!(due(T0 - 1, 9).await, Vec::<String>::new());
    assert_eq!(due(T0 + 1, 9).await, ["b", "c"]);
    assert_eq!(due(T0 + 9, 1).await, ["b"]);
    assert_eq!(bed.store.timer_oldest_due().await.unwrap(), Some(T0));
}
