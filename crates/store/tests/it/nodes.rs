//! Several nodes on one database.

use std::collections::BTreeSet;

use decurion_store::{Batch, CommitError, Store};

use crate::bed::{Bed, commit, on_both, salts};
use crate::rows::{T0, draft, incident, outbox};

on_both!(
    of_two_nodes_that_decide_on_one_stream_one_must_decide_again,
    places_have_no_gaps_and_numbers_no_doubles_however_nodes_interleave,
    two_nodes_never_claim_the_same_row,
);

async fn of_two_nodes_that_decide_on_one_stream_one_must_decide_again(bed: Bed) {
    let other = bed.second_node().await;
    for version in 1..=20 {
        let batch = || Batch { drafts: vec![draft("alert:a", version)], ..Batch::default() };
        let (one, two) = tokio::join!(bed.store.commit(batch(), salts()), other.commit(batch(), salts()));
        let refused =
            [&one, &two].into_iter().filter(|done| matches!(done, Err(CommitError::Conflict))).count();
        assert_eq!(refused, 1, "version {version}: {one:?} {two:?}");
        assert!(one.is_ok() || two.is_ok());
    }
    assert_eq!(bed.store.verify().await.unwrap().head.seq, 20);
}

async fn open_many(store: Store, node: char) -> Vec<i64> {
    let mut numbers = Vec::new();
    for count in 0..25 {
        let name = format!("{node}{count}");
        let drafts = vec![draft(&format!("alert:{name}"), 1), draft(&format!("incident:{name}"), 1)];
        let incidents = vec![incident(&format!("inc_{name}"))];
        let committed = commit(&store, Batch { drafts, incidents, ..Batch::default() }).await;
        numbers.extend(committed.numbers.into_values());
    }
    numbers
}

async fn places_have_no_gaps_and_numbers_no_doubles_however_nodes_interleave(bed: Bed) {
    let nodes = ['a', 'b', 'c'].map(|node| (bed.second_node(), node));
    let mut running = tokio::task::JoinSet::new();
    for (store, node) in nodes {
        running.spawn(open_many(store.await, node));
    }
    let numbers: Vec<i64> = running.join_all().await.into_iter().flatten().collect();
    let distinct: BTreeSet<i64> = numbers.iter().copied().collect();
    assert_eq!(distinct, (1..=75).collect());
    assert_eq!(numbers.len(), 75);
    assert_eq!(bed.store.verify().await.unwrap().head.seq, 150);
}

async fn two_nodes_never_claim_the_same_row(bed: Bed) {
    let rows = (0..60).map(|number| outbox(&format!("ntf_{number}"), T0)).collect();
    bed.commit(Batch { outbox: rows, ..Batch::default() }).await;
    let other = bed.second_node().await;
    let mut claimed = Vec::new();
    for _ in 0..10 {
        let claim = |store: Store, owner: &'static str| async move {
            store.outbox_claim(owner, T0, T0 + 10, 4).await.unwrap()
        };
        let (one, two) = tokio::join!(claim(bed.store.clone(), "a"), claim(other.clone(), "b"));
        claimed.extend(one.into_iter().chain(two).map(|row| row.notification_id));
    }
    let distinct: BTreeSet<&String> = claimed.iter().collect();
    assert_eq!((claimed.len(), distinct.len()), (60, 60));
}
