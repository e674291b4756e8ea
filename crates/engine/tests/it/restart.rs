//! What a restart finds.

use decurion_core::incident::Command;
use decurion_core::intake::IntegrationKind;

use crate::house::House;

#[tokio::test(flavor = "multi_thread")]
async fn a_restart_goes_on_where_it_was() {
    let house = House::new().await;
    let integration = house.integration(IntegrationKind::Pagerduty).await;
    house.pagerduty(&integration, "trigger", "disk").await;
    house.until("L1 is paged", |house| !house.sent().is_empty()).await;
    let house = house.restart().await;
    let row = house.incidents().await.remove(0);
    assert_eq!(row.number, 1);
    house.clock.forward_s(301);
    house.until("the next step is paged after the restart", |house| !house.sent().is_empty()).await;
    house.act("leila", &row, Command::Acknowledge { via: "console" }).await;
    house.pagerduty(&integration, "trigger", "other").await;
    assert_eq!(house.incidents().await.iter().map(|row| row.number).max(), Some(2));
    assert!(house.engine.store().verify().await.unwrap().head.seq > 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_restart_forgets_no_reminder_and_repeats_none() {
    use decurion_core::notify::MessageKind;
    let house = House::new().await;
    let mut files = crate::house::ten();
    let own = |text: &str| {
        text.split_inclusive('\n').filter(|line| !line.starts_with("notices:")).collect::<String>()
    };
    for path in ["schedules/l1.yaml", "schedules/l1-second.yaml"] {
        let schedule = files.get_mut(path).unwrap();
        *schedule = own(schedule);
    }
    let l1 = files.get_mut("schedules/l1.yaml").unwrap();
    l1.push_str("\nnotices: {before: [1d], handoff: false}\n");
    house.engine.pack_apply(&crate::house::admin(), files, "reminders", None).await.unwrap();
    let notices = |house: &House| {
        let sent = house.sent();
        sent.into_iter().filter(|message| message.kind == MessageKind::Notice).count()
    };
    assert_eq!(notices(&house), 0, "what was due before anybody looked is not said");
    // Nothing runs for a week, in which every night has somebody who is told the day before.
    let clock = house.clock.clone();
    let house = house.restart_after(|| clock.forward_s(7 * 86_400)).await;
    house.until("whoever is next is told", |house| notices(house) > 0).await;
    tokio::time::sleep(std::time::Duration::from_millis(300)).await;
    let told = notices(&house);
    assert!(told <= 3, "only what still matters is said: {told}");
    let house = house.restart().await;
    tokio::time::sleep(std::time::Duration::from_millis(500)).await;
    assert_eq!(notices(&house), 0, "nothing is said twice");
}

#[tokio::test(flavor = "multi_thread")]
async fn absences_and_swaps_outlive_a_restart() {
    use decurion_core::escalation::{Target, targets};
    use decurion_core::id::PersonId;
    use decurion_core::journal::StreamId;
    use decurion_core::roster::{Absence, Command, Span, TakeOver};
    let house = House::new().await;
    let now_us = house.engine.now_us();
    let at = |us: i64| jiff::Timestamp::from_microsecond(us).unwrap();
    let absence = Absence {
        id: "abs_1".into(),
        person: "leila".into(),
        start: at(now_us),
        end: at(now_us + 86_400_000_000),
        reason: "sick".into(),
        author: "ingrid".into(),
    };
    let stream = StreamId::person(&"leila".into());
    let add = Command::AddAbsence(Box::new(absence));
    house.engine.submit(&crate::house::admin(), stream, add, None).await.unwrap();
    let config = house.engine.config();
    let schedule = &config.schedules[&"l1".into()];
    let on_call = decurion_core::oncall::on_call(schedule, &[], at(now_us)).people.remove(0);
    let by = if on_call == PersonId::from("yuki") { "arjun" } else { "yuki" };
    let over = TakeOver {
        id: "swp_1".into(),
        person: on_call,
        by: by.into(),
        span: Span { start_us: now_us, end_us: now_us + 60_000_000 },
        reason: "sick".into(),
    };
    let take = Command::TakeOver(Box::new(over));
    house.engine.submit(&crate::house::admin(), StreamId::schedule(&"l1".into()), take, None).await.unwrap();
    let house = house.restart().await;
    let config = house.engine.config();
    let reached = |target| targets::resolve(&config, &[target], house.engine.now_us()).people;
    assert_eq!(reached(Target::Role("soc".into())), [PersonId::from("yuki")], "the deputy of Leila");
    assert_eq!(reached(Target::Schedule("l1".into())), [PersonId::from(by)], "whoever took the shift over");
}

#[tokio::test(flavor = "multi_thread")]
async fn accepted_findings_outlive_a_restart_and_revoked_or_ended_ones_do_not() {
    use decurion_core::coverage::Accepted;
    use decurion_core::journal::StreamId;
    use decurion_core::roster::{Acceptance, Command};
    let house = House::new().await;
    let now_us = house.engine.now_us();
    let accept = async |id: &str, key: &str, seconds: i64| {
        let until = jiff::Timestamp::from_microsecond(now_us + seconds * 1_000_000).unwrap();
        let finding = Accepted { key: key.into(), author: "ingrid".into(), reason: "a drill".into(), until };
        let command = Command::AcceptFinding(Box::new(Acceptance { id: id.into(), finding }));
        house.engine.submit(&crate::house::admin(), StreamId::config(), command, None).await.unwrap();
    };
    accept("cov_1", "COV-8/leila", 600).await;
    accept("cov_2", "COV-8/yuki", 30).await;
    accept("cov_3", "COV-8/arjun", 600).await;
    accept("cov_4", "COV-8/soren", 600).await;
    let revoke = Command::RevokeAcceptance { id: "cov_3".into(), by: "ingrid".into() };
    house.engine.submit(&crate::house::admin(), StreamId::config(), revoke, None).await.unwrap();
    let clock = house.clock.clone();
    let house = house.restart_after(|| clock.forward_s(60)).await;
    let config = house.engine.config();
    let ids: Vec<&str> = config.acceptances.iter().map(|entered| entered.id.as_str()).collect();
    assert_eq!(ids, ["cov_1", "cov_4"], "in the order of entry");
    // A key is still accepted once only, after the state was read from the records.
    let again = Acceptance { id: "cov_5".into(), finding: config.acceptances[0].finding.clone() };
    let again = Command::AcceptFinding(Box::new(again));
    let refused = house.engine.submit(&crate::house::admin(), StreamId::config(), again, None).await;
    assert!(refused.is_err_and(|error| error.to_string().contains("cov_1")));
}

fn silence(id: &str, house: &House, seconds: i64) -> decurion_core::silence::Silence {
    use decurion_core::silence::{Matcher, Operator, Silence};
    let matcher = |name: &str, operator, value: &str| Matcher {
        name: name.to_owned(),
        operator,
        value: value.to_owned(),
    };
    let now_us = house.engine.now_us();
    Silence {
        id: id.into(),
        matchers: vec![matcher("dedup_key", Operator::Fits, "disk.*")],
        start_us: now_us,
        end_us: now_us + seconds * 1_000_000,
        repeat: None,
        author: "leila".into(),
        reason: "the disks are being replaced".to_owned(),
        said_by: None,
    }
}

async fn silenced(house: &House, id: &str, command: decurion_core::silence::Command) {
    let stream = decurion_core::journal::StreamId::silence(&id.into());
    house.engine.submit(&crate::house::person("leila"), stream, command, None).await.unwrap();
}

/// The alerts that are held back now.
async fn held(house: &House) -> Vec<decurion_store::AlertRow> {
    use decurion_store::{AlertFilter, AlertStatus, Window};
    let filter = AlertFilter { status: AlertStatus::Open, suppressed: true, ..AlertFilter::default() };
    let listed = house.engine.store().alert_list(&filter, &Window::first(10), &crate::house::admin()).await;
    listed.unwrap().rows
}

#[tokio::test(flavor = "multi_thread")]
async fn what_a_silence_holds_back_is_raised_at_its_end_though_nothing_ran_then() {
    use decurion_core::silence::Command;
    let house = House::new().await;
    let integration = house.integration(IntegrationKind::Pagerduty).await;
    silenced(&house, "sil_1", Command::Add(Box::new(silence("sil_1", &house, 600)))).await;
    house.pagerduty(&integration, "trigger", "disk-1").await;
    house.pagerduty(&integration, "trigger", "disk-1").await;
    let house = house.restart().await;
    house.pagerduty(&integration, "trigger", "disk-2").await;
    let rows = held(&house).await;
    assert_eq!(rows.len(), 2, "a restart knows the silence: {rows:?}");
    assert!(
        rows.iter().all(|row| row.suppressed_by.as_deref() == Some("sil_1") && row.incident_id.is_none())
    );
    assert_eq!(rows[1].count, 2, "counted as always");
    assert!(house.incidents().await.is_empty() && house.sent().is_empty());
    let clock = house.clock.clone();
    let house = house.restart_after(|| clock.forward_s(700)).await;
    house.until("both are paged", |house| house.sent().len() >= 2).await;
    assert_eq!(house.incidents().await.len(), 2);
    assert!(held(&house).await.is_empty());
    assert!(house.engine.store().verify().await.unwrap().head.seq > 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_a_silence_holds_back_is_raised_when_somebody_ends_it() {
    use decurion_core::silence::Command;
    let house = House::new().await;
    let integration = house.integration(IntegrationKind::Pagerduty).await;
    silenced(&house, "sil_1", Command::Add(Box::new(silence("sil_1", &house, 86_400)))).await;
    silenced(&house, "sil_2", Command::Add(Box::new(silence("sil_2", &house, 600)))).await;
    house.pagerduty(&integration, "trigger", "disk-1").await;
    silenced(&house, "sil_1", Command::Expire { by: "leila".into() }).await;
    house
        .until("the other silence goes on", |house| {
            let due = holds_first(house);
            due.as_deref() == Some("sil_2")
        })
        .await;
    assert!(house.incidents().await.is_empty());
    let house = house.restart().await;
    silenced(&house, "sil_2", Command::Expire { by: "leila".into() }).await;
    house.until("it is paged", |house| !house.sent().is_empty()).await;
    house.pagerduty(&integration, "trigger", "disk-3").await;
    assert_eq!(house.incidents().await.len(), 2, "nothing is silenced any more");
}

/// The silence of the first held alert, read from the thread that waits.
fn holds_first(house: &House) -> Option<String> {
    tokio::task::block_in_place(|| {
        tokio::runtime::Handle::current().block_on(async { held(house).await.first()?.suppressed_by.clone() })
    })
}

/// Signals and the end of their silence arrive at once: whichever is decided first, nothing stays held back.
#[tokio::test(flavor = "multi_thread")]
async fn an_alert_that_arrives_while_its_silence_is_ended_is_raised() {
    use decurion_core::silence::Command;
    let house = House::new().await;
    let integration = house.integration(IntegrationKind::Pagerduty).await;
    for round in 0..10 {
        let id = format!("sil_{round}");
        silenced(&house, &id, Command::Add(Box::new(silence(&id, &house, 86_400)))).await;
        let signals = async {
            for alert in 0..8 {
                house.pagerduty(&integration, "trigger", &format!("disk-{round}-{alert}")).await;
            }
        };
        let over = async {
            tokio::time::sleep(std::time::Duration::from_millis(round)).await;
            silenced(&house, &id, Command::Expire { by: "leila".into() }).await;
        };
        tokio::join!(signals, over);
    }
    house.until("every alert is raised", |house| incidents(house) == 80).await;
    assert!(held(&house).await.is_empty());
}

fn incidents(house: &House) -> usize {
    tokio::task::block_in_place(|| {
        tokio::runtime::Handle::current().block_on(async { house.incidents().await.len() })
    })
}
