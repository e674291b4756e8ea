//! Writing an organisation down and reading it again gives the same organisation, whoever wrote it: people in
//! files, the console object by object, or the export.

use decurion_core::config::Config;
use decurion_core::pack::{self, Document, Files, ObjectKey, objects, put, put_at};
use proptest::prelude::*;
use proptest::sample::{select, subsequence};
use serde_json::{Value, json};

use super::{autumn, shipped};

const PEOPLE: [&str; 5] = ["ada", "ben", "eva", "ida", "no"];

/// Names that people give: words that YAML could take for something else among them.
fn name() -> impl Strategy<Value = String> {
    let odd = [
        "no",
        "Null",
        "7",
        "1e3",
        "2026-01-05",
        "08:30",
        "- a",
        "a: b",
        "# x",
        "Åsa \"Ö\" 🔑",
        "'q'",
        "~",
        "*a",
    ];
    prop_oneof![select(odd.to_vec()).prop_map(str::to_owned), "[A-Za-z][A-Za-z0-9 :#'\"&-]{0,20}[a-z]"]
}

fn duration() -> impl Strategy<Value = String> {
    (1..90_u32, select(vec!["s", "m", "h"])).prop_map(|(count, unit)| format!("{count}{unit}"))
}

fn some<T: std::fmt::Debug>(one: impl Strategy<Value = T>) -> impl Strategy<Value = Option<T>> {
    prop::option::of(one)
}

/// Some of the people, at least one, in a random order.
fn people() -> impl Strategy<Value = Vec<&'static str>> {
    subsequence(PEOPLE.to_vec(), 1..=PEOPLE.len()).prop_shuffle()
}

/// A map of fields, without those that are null.
fn object(fields: &Value) -> Value {
    let fields = fields.as_object().into_iter().flatten().filter(|(_, value)| !value.is_null());
    Value::Object(fields.map(|(key, value)| (key.clone(), value.clone())).collect())
}

fn person(id: &'static str) -> BoxedStrategy<Value> {
    let zone = some(select(vec!["Europe/Lisbon", "America/New_York", "Asia/Kolkata"]));
    let until = some(select(vec!["2030-01-31", "2028-02-29"]));
    let contacts = subsequence(vec!["mailbox", "email", "ntfy", "webhook"], 1..=4);
    (name(), some(name()), zone, any::<bool>(), until, contacts, duration(), any::<bool>()).prop_map(
        move |(name, title, zone, learned, until, channels, delay, enabled)| {
            let address = |channel: &str| match channel {
                "mailbox" => Value::Null,
                "email" => json!(format!("{id}@ten.example")),
                "ntfy" => json!(format!("{id}-pages")),
                _ => json!(format!("https://hooks.ten.example/{id}?a=b#c")),
            };
            let contact = |channel: &&str| {
                object(&json!({"id": channel, "channel": channel, "address": address(channel), "enabled": enabled || *channel == "mailbox"}))
            };
            let contacts: Vec<Value> = channels.iter().map(contact).collect();
            let certificate = until.map_or_else(|| json!("l1"), |day| json!({"id": "l1", "until": day}));
            let certified = if learned { json!([certificate]) } else { json!([]) };
            object(&json!({"id": id, "name": name, "title": title, "zone": zone, "certified": certified,
                "contacts": contacts, "rules": [{"contact": channels[0], "delay": delay}]}))
        },
    ).boxed()
}

fn layer(index: usize) -> BoxedStrategy<Value> {
    let days = subsequence(vec!["mon", "tue", "wed", "thu", "fri", "sat", "sun"], 1..=7);
    let slots = people().prop_map(|people| {
        let pair = json!([people[0], people[people.len() - 1]]);
        let mut slots: Vec<Value> = people.iter().map(|id| json!(id)).collect();
        if people.len() > 1 {
            slots.push(pair);
        }
        slots.push(json!("NOBODY"));
        slots
    });
    let turns = prop_oneof![
        (1..9_u32).prop_map(|every| json!({"unit": "weekly", "every": every})),
        (1..9_u32).prop_map(|every| json!({"unit": "daily", "every": every, "advance": "fair"})),
        (1..4_u32).prop_map(|every| json!({"unit": "monthly", "every": every, "month_end": "skip"})),
        Just(json!({"unit": "custom", "turn": "90m"})),
        Just(json!({"turns": ["4d", "3d"]})),
    ];
    let holidays = some(select(vec!["only", "skip"]));
    (name(), -3..9_i32, days, slots, turns, holidays, any::<bool>())
        .prop_map(move |(name, priority, days, slots, turns, holidays, windows)| {
            let mut rotation = turns;
            rotation["start"] = json!("2026-01-05T08:00:00");
            rotation["participants"] = json!(slots);
            let active = windows.then(|| json!([{"days": days, "start": "08:00", "end": "24:00"}]));
            object(&json!({"name": format!("{name} {index}"), "priority": priority, "holidays": holidays,
                "calendar": holidays.map(|_| "se"), "active": active, "rotation": rotation}))
        })
        .boxed()
}

fn schedule(id: &'static str) -> BoxedStrategy<Value> {
    let layers = || (layer(0), layer(1), 1..3_usize).prop_map(|(a, b, count)| vec![a, b][..count].to_vec());
    let rollout = select(vec!["at_once", "after_this_shift", "after_full_turn"]);
    (name(), layers(), some((rollout, layers())), any::<bool>())
        .prop_map(move |(name, layers, version, handoff)| {
            let versions = version.map(|(rollout, layers)| {
            json!([{"effective_from": "2027-01-04T08:00:00", "rollout": rollout, "layers": layers}])
        });
            object(&json!({"kind": "schedule", "id": id, "name": name, "zone": "Europe/Stockholm",
            "layers": layers, "versions": versions, "notices": {"before": ["2d"], "handoff": handoff}}))
        })
        .boxed()
}

fn target() -> impl Strategy<Value = Value> {
    prop_oneof![
        select(PEOPLE.to_vec()).prop_map(|id| json!({"person": id})),
        Just(json!({"role": "lead"})),
        Just(json!({"deputy": "lead", "place": 2})),
        select(vec!["watch", "second"]).prop_map(|id| json!({"schedule": id})),
    ]
}

fn level() -> BoxedStrategy<Value> {
    let targets = || prop::collection::vec(target(), 1..4);
    let step = (targets(), duration(), some(any::<bool>())).prop_map(|(page, timeout, turn)| {
        object(&json!({"page": page, "timeout": timeout, "round_robin": turn}))
    });
    let when = some(select(vec!["severity == 'sev1'", "facts.records > 0 && facts.place != \"here\""]));
    let time_box = some(
        duration()
            .prop_map(|after| json!({"after": after, "by_severity": {"sev1": "30m"}, "until": "contained"})),
    );
    (prop::collection::vec(step, 1..3), when, targets(), duration(), time_box, select(vec!["any", "each"])).prop_map(
        |(steps, when, tell, ack_timeout, time_box, answer)| {
            object(&json!({"owner": [{"role": "lead"}], "when": when.into_iter().collect::<Vec<_>>(), "steps": steps,
                "tell": tell, "answer": answer, "ack_timeout": ack_timeout, "time_box": time_box}))
        },
    ).boxed()
}

fn escalation() -> BoxedStrategy<Value> {
    ((level(), level(), level(), level()), duration(), name())
        .prop_map(|((l1, l2, l3, executive), repeat, place)| {
            json!({"kind": "escalation", "name": "escalation", "repeat_after": repeat, "lower_within": "30m",
            "facts": {"records": 0, "place": place, "loss": 0.5, "ransom": false},
            "levels": {"L1": l1, "L2": l2, "L3": l3, "executive": executive}})
        })
        .boxed()
}

fn integrations() -> BoxedStrategy<Vec<Value>> {
    let severity = some(select(vec!["critical", "info"]));
    (name(), name(), any::<bool>(), severity).prop_map(|(probe, pager, flag, severity)| {
        vec![
            object(&json!({"id": "probe", "name": probe, "kind": "generic", "default_severity": severity,
                "mapping": {"title": "body.title + ': ' + body.text", "labels": {"site": "body.site", "no": "body.no"}}})),
            json!({"id": "cloud", "name": "Cloud", "kind": "aws_sns", "topics": ["arn:aws:sns:eu-west-1:111122223333:a"]}),
            json!({"id": "pager", "name": pager, "kind": "pagerduty", "enabled": flag, "auto_resolve": !flag, "quiet_after": "1h"}),
        ]
    }).boxed()
}

/// An organisation as its documents. Entries of lists stand in documents of one entry each.
fn organisation() -> BoxedStrategy<Vec<Value>> {
    let staff = (person("ada"), person("ben"), person("eva"), person("ida"), person("no"));
    let holders = subsequence(vec!["ada", "ida", "no"], 1..=3).prop_shuffle();
    (name(), staff, holders, name(), schedule("watch"), schedule("second"), escalation(), integrations()).prop_map(
        |(name, staff, holders, role, watch, second, escalation, integrations)| {
            let staff = [staff.0, staff.1, staff.2, staff.3, staff.4];
            let role = json!({"id": "lead", "name": role, "holders": holders, "deputies": ["ben", "eva"]});
            let route = json!({"name": "here", "when": "integration == 'probe'", "severity": "sev2", "group_by": ["labels.site"]});
            let mut documents = vec![
                json!({"kind": "organisation", "name": name, "zone": "Europe/Stockholm", "teams": [name]}),
                json!({"kind": "holidays", "id": "se", "name": name, "days": [{"date": "2026-12-25", "name": name}]}),
                watch,
                second,
                escalation,
                json!({"kind": "routing", "severity": {"critical": "sev2"}, "rules": [route]}),
                json!({"kind": "roles", "roles": [role]}),
            ];
            documents.extend(staff.map(|person| json!({"kind": "people", "people": [person]})));
            documents.extend(integrations.into_iter().map(|one| json!({"kind": "integrations", "integrations": [one]})));
            documents
        },
    ).boxed()
}

fn config(files: &Files) -> Config {
    let said = || pack::check(files, autumn()).errors().map(ToString::to_string).collect::<Vec<_>>();
    pack::config(files).unwrap_or_else(|| panic!("{:#?}", said()))
}

/// Whether two configurations are equal in everything, and not only in what a difference names.
fn same(one: &Config, other: &Config) -> bool {
    format!("{one:?}") == format!("{other:?}")
}

/// The documents in one file, as JSON.
fn one_file(documents: &[Value]) -> Files {
    let text: Vec<String> = documents.iter().map(ToString::to_string).collect();
    Files::from([("all.yaml".to_owned(), text.join("\n---\n"))])
}

/// The pack written anew, object by object, as the console writes what it is given.
fn written_anew(files: &Files) -> Files {
    objects(files).iter().fold(Files::new(), |written, object| {
        let value = object.value().expect("the text of an object is YAML");
        put(&written, &object.key, &Document::Value(value))
            .unwrap_or_else(|error| panic!("{}: {error}", object.key))
    })
}

/// The pack as the texts of its objects, each brought back to where it stood, in another order.
fn brought_back(files: &Files) -> Files {
    objects(files)
        .iter()
        .rev()
        .fold(Files::new(), |written, object| put_at(&written, object).expect("it fits"))
}

#[test]
fn the_packs_that_ship_are_the_same_written_anew() {
    for name in ["ten", "ten-b"] {
        let files = shipped(name);
        let before = config(&files);
        for after in [written_anew(&files), brought_back(&files)] {
            assert!(same(&before, &config(&after)), "{name}");
            assert_eq!(pack::diff(&before, &config(&after)), []);
        }
    }
}

#[test]
fn the_whole_pack_is_the_same_written_anew() {
    let files = Files::from([("all.yaml".to_owned(), super::schemas::WHOLE.to_owned())]);
    let before = config(&files);
    assert!(same(&before, &config(&written_anew(&files))), "every field of every document is written");
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(32))]

    #[test]
    fn a_random_organisation_is_the_same_written_anew(documents in organisation()) {
        let files = one_file(&documents);
        let before = config(&files);
        for after in [written_anew(&files), brought_back(&files)] {
            let after = config(&after);
            prop_assert_eq!(pack::diff(&before, &after), []);
            prop_assert!(same(&before, &after), "equal in what the difference does not name, too");
        }
    }

    /// Two organisations with the same names: whatever is put over the other in any order is what was put.
    #[test]
    fn an_organisation_put_over_another_is_that_organisation(old in organisation(), new in organisation(), seed in any::<prop::sample::Index>()) {
        let new = one_file(&new);
        let mut puts = objects(&new);
        let turn = seed.index(puts.len());
        puts.rotate_left(turn);
        let files = puts.iter().fold(one_file(&old), |files, object| {
            let value = object.value().expect("the text of an object is YAML");
            put(&files, &object.key, &Document::Value(value)).expect("it fits")
        });
        prop_assert_eq!(pack::diff(&config(&new), &config(&files)), []);
        prop_assert!(same(&config(&new), &config(&files)));
        prop_assert!(pack::object(&files, &ObjectKey::new("person", "no")).is_some());
    }
}
