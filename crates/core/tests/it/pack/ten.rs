//! The organisation of ten people.

use decurion_core::pack;

use super::{autumn, shipped};

#[test]
fn the_ten_check_without_errors() {
    let report = pack::check(&shipped("ten"), autumn());
    let findings: Vec<String> = report.findings.iter().map(ToString::to_string).collect();
    assert_eq!(report.errors().count(), 0, "{findings:#?}");
    assert!(report.config.is_some());
}
