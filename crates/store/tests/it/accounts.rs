//! Accounts and sessions.

use decurion_store::{AccountRow, Error, SessionRow};

use crate::bed::{Bed, anybody, on_both};
use crate::rows::T0;

on_both!(
    an_address_is_one_account_however_it_is_written,
    an_account_can_be_changed_and_deleted,
    a_session_is_good_until_it_ends,
    a_disabled_account_has_no_good_session,
    sessions_go_with_their_account,
);

fn account(id: &str, email: &str) -> AccountRow {
    AccountRow {
        id: id.into(),
        email: email.into(),
        password_hash: "$argon2id$x".into(),
        person_id: Some("elif".into()),
        role: "admin".into(),
        created_us: T0,
        disabled: false,
    }
}

fn session(token: &str, account_id: &str) -> SessionRow {
    SessionRow {
        token_digest: token.into(),
        account_id: account_id.into(),
        created_us: T0,
        expires_us: T0 + 100,
        last_seen_us: T0,
        user_agent: "test".into(),
    }
}

async fn an_address_is_one_account_however_it_is_written(bed: Bed) {
    let (store, permit) = (&bed.store, anybody());
    let made = store.account_create(account("acc_1", "Elif@Example.com"), &permit).await.unwrap();
    assert_eq!(made.email, "elif@example.com");
    let refused = store.account_create(account("acc_2", "ELIF@example.com"), &permit).await;
    assert!(matches!(refused, Err(Error::AccountExists { email }) if email == "elif@example.com"));
    assert_eq!(store.account_find("eLIF@example.com").await.unwrap(), Some(made));
}

async fn an_account_can_be_changed_and_deleted(bed: Bed) {
    let (store, permit) = (&bed.store, anybody());
    store.account_create(account("acc_1", "a@example.com"), &permit).await.unwrap();
    store.account_create(account("acc_2", "b@example.com"), &permit).await.unwrap();
    let changed =
        AccountRow { role: "responder".into(), person_id: None, ..account("acc_1", "c@example.com") };
    assert!(store.account_update(&changed, &permit).await.unwrap());
    assert_eq!(store.account_get("acc_1", &permit).await.unwrap(), Some(changed));
    let taken = store.account_update(&account("acc_1", "b@example.com"), &permit).await;
    assert!(matches!(taken, Err(Error::AccountExists { .. })));
    assert!(!store.account_update(&account("acc_9", "z@example.com"), &permit).await.unwrap());
    assert!(store.account_delete("acc_1", &permit).await.unwrap());
    assert!(!store.account_delete("acc_1", &permit).await.unwrap());
    assert_eq!(store.account_list(&permit).await.unwrap(), [account("acc_2", "b@example.com")]);
}

async fn a_session_is_good_until_it_ends(bed: Bed) {
    let store = &bed.store;
    store.account_create(account("acc_1", "a@example.com"), &anybody()).await.unwrap();
    store.session_create(&session("t1", "acc_1")).await.unwrap();
    store.session_create(&session("t2", "acc_1")).await.unwrap();
    let signed_in = store.session_find("t1", T0 + 99).await.unwrap().unwrap();
    assert_eq!((signed_in.session, signed_in.account.id.as_str()), (session("t1", "acc_1"), "acc_1"));
    assert_eq!(store.session_find("t1", T0 + 100).await.unwrap(), None);
    assert_eq!(store.session_find("t0", T0).await.unwrap(), None);

    store.session_seen("t2", T0 + 50).await.unwrap();
    let listed = store.session_list("acc_1", T0 + 60).await.unwrap();
    assert_eq!(listed.iter().map(|row| row.token_digest.as_str()).collect::<Vec<_>>(), ["t2", "t1"]);
    store.session_delete("t1").await.unwrap();
    assert_eq!(store.session_find("t1", T0).await.unwrap(), None);
    assert_eq!(store.session_prune(T0 + 100).await.unwrap(), 1);
}

async fn a_disabled_account_has_no_good_session(bed: Bed) {
    let (store, permit) = (&bed.store, anybody());
    store.account_create(account("acc_1", "a@example.com"), &permit).await.unwrap();
    store.session_create(&session("t1", "acc_1")).await.unwrap();
    let disabled = AccountRow { disabled: true, ..account("acc_1", "a@example.com") };
    store.account_update(&disabled, &permit).await.unwrap();
    assert_eq!(store.session_find("t1", T0).await.unwrap(), None);
    assert_eq!(store.session_delete_all("acc_1").await.unwrap(), 1);
}

async fn sessions_go_with_their_account(bed: Bed) {
    let store = &bed.store;
    store.account_create(account("acc_1", "a@example.com"), &anybody()).await.unwrap();
    store.session_create(&session("t1", "acc_1")).await.unwrap();
    store.account_delete("acc_1", &anybody()).await.unwrap();
    assert_eq!(store.session_list("acc_1", T0).await.unwrap(), []);
    assert!(store.session_create(&session("t2", "acc_1")).await.is_err());
}
