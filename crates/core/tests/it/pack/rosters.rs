//! Holidays, shadows, alternating and fair turns and roster versions, as a pack writes them.

use decurion_core::config::Config;
use decurion_core::oncall::{self, Rollout};
use decurion_core::pack::{self, Files, diff};

use super::{autumn, edit, shipped};

const L1: &str = "schedules/l1.yaml";
const SWEDEN: &str = "kind: holidays\nid: se\nname: Sweden\ndays:\n  - {date: 2026-12-24, name: Christmas Eve}\n  - {date: 2026-12-25, name: Christmas Day}\n";
const RICH: &str = "
  - name: holidays
    priority: 7
    holidays: only
    calendar: se
    rotation: {participants: [zanele]}
  - name: newcomers
    shadow: true
    rotation: {turns: [4d, 3d], advance: fair, start: 2026-01-05T09:00, participants: [arjun, eszter]}

versions:
  - effective_from: 2026-11-02T08:00
    rollout: after_full_turn
    layers:
      - name: everybody
        rotation: {unit: daily, start: 2026-11-02T08:00, participants: [leila, yuki]}
";

/// The pack of ten with everything that a roster can have.
fn rich() -> Files {
    let mut files = shipped("ten");
    files.insert("holidays.yaml".to_owned(), SWEDEN.to_owned());
    files.get_mut(L1).unwrap().push_str(RICH);
    edit(&mut files, "organisation.yaml", "name: Leila Rahimi\n", "name: Leila Rahimi\n    holidays: se\n");
    files
}

fn config(files: &Files) -> Config {
    let report = pack::check(files, autumn());
    let errors: Vec<String> = report.errors().map(ToString::to_string).collect();
    report.config.unwrap_or_else(|| panic!("{errors:#?}"))
}

#[test]
fn a_pack_holds_rosters_in_full() {
    let config = config(&rich());
    assert_eq!(config.organisation.people[&"leila".into()].holidays, Some("se".into()));
    assert_eq!(config.holidays[&"se".into()].days.len(), 2);
    let schedule = &config.schedules[&"l1".into()];
    assert_eq!(schedule.versions[0].rollout, Rollout::AfterFullTurn);
    let who = |instant: &str| {
        let answer = oncall::on_call(schedule, &[], instant.parse().unwrap());
        (answer.people[0].to_string(), answer.shadows.iter().map(ToString::to_string).collect::<Vec<_>>())
    };
    assert_eq!(who("2026-10-01T09:00:00Z").1, ["arjun"]);
    assert_eq!(who("2026-10-02T09:00:00Z").1, ["eszter"]);
    let cut_over = oncall::cut_overs(schedule)[0].at;
    assert_eq!(who(&(cut_over + jiff::SignedDuration::from_hours(30)).to_string()).1, [""; 0]);
}

#[test]
fn what_changes_in_a_roster_is_said_in_words() {
    let old = rich();
    let changed = |file: &str, from: &str, to: &str| {
        let mut new = old.clone();
        edit(&mut new, file, from, to);
        diff(&config(&old), &config(&new)).iter().map(ToString::to_string).collect::<Vec<_>>()
    };
    assert_eq!(
        changed("holidays.yaml", "name: Christmas Eve", "name: Yule"),
        ["holidays se day 2026-12-24 Christmas Eve -> Yule"]
    );
    assert_eq!(
        changed(L1, "turns: [4d, 3d]", "turns: [5d, 2d]"),
        ["schedule l1 layer \"newcomers\" turns 4d, 3d -> 5d, 2d"]
    );
    assert_eq!(
        changed(L1, "rollout: after_full_turn", "rollout: at_once"),
        ["schedule l1 version 2026-11-02T08:00:00 rollout after_full_turn -> at_once"]
    );
    assert_eq!(
        changed(L1, "holidays: only", "holidays: skip"),
        ["schedule l1 layer \"holidays\" holidays only -> skip"]
    );
    assert_eq!(
        changed("organisation.yaml", "    holidays: se\n", ""),
        ["person leila holidays se -> nothing"]
    );
}

#[test]
fn what_is_wrong_in_a_roster_is_found_where_it_is() {
    let cases = [
        (L1, "calendar: se", "calendar: so", "no holiday calendar is named `so`"),
        (L1, "participants: [leila, yuki]}", "participants: [leila, yuky]}", "no person is named `yuky`"),
        (L1, "turns: [4d, 3d]", "turns: [4d, 1m]", "at least 15"),
        (L1, "effective_from: 2026-11-02T08:00", "effective_from: 1920-11-02T08:00", "1970 to 2199"),
        (L1, "rollout: after_full_turn", "rollout: some_day", "not a word that is known"),
        ("holidays.yaml", "2026-12-25", "2026-12-24", "stands in the calendar twice"),
        ("holidays.yaml", "2026-12-25", "2026-02-30", "is not a day of the calendar"),
        ("holidays.yaml", "name: Sweden", "name: ''", "the name is empty"),
        ("organisation.yaml", "holidays: se", "holidays: su", "no holiday calendar is named `su`"),
    ];
    for (file, from, to, says) in cases {
        let mut files = rich();
        edit(&mut files, file, from, to);
        let with = |(_, line): &(usize, &str)| line.contains(to);
        let line = files[file].lines().enumerate().filter(with).last().unwrap().0 + 1;
        let report = pack::check(&files, autumn());
        let errors: Vec<String> = report.errors().map(ToString::to_string).collect();
        assert_eq!(errors.len(), 1, "{to}: {errors:#?}");
        assert!(errors[0].contains(says), "{errors:#?}");
        let found = report.errors().next().unwrap();
        assert_eq!((found.file.as_str(), found.line), (file, line), "{errors:#?}");
    }
}

#[test]
fn a_step_goes_round_where_the_pack_says_so() {
    const ESCALATION: &str = "escalation/escalation.yaml";
    let step = "- page: [{schedule: l1}]\n        timeout: 5m";
    let old = shipped("ten");
    let mut new = old.clone();
    edit(&mut new, ESCALATION, step, &format!("{step}\n        round_robin: true"));
    let (before, after) = (config(&old), config(&new));
    assert!(!before.policies["escalation"].takes_turns() && after.policies["escalation"].takes_turns());
    let said: Vec<String> = diff(&before, &after).iter().map(ToString::to_string).collect();
    assert_eq!(said, ["escalation L1 step 1 round_robin nothing -> yes"]);
    let weak = pack::check(&new, autumn()).findings;
    assert!(
        weak.iter()
            .any(|finding| finding.rule == "PACK-WEAK" && finding.message.contains("goes round among one"))
    );
}
