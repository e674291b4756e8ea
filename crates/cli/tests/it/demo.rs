//! The demo plays its whole day without a step that fails.

use crate::bed::{Bed, stderr, stdout};

#[test]
fn the_day_of_the_demo_succeeds() {
    let bed = Bed::new();
    let data = bed.text("demo");
    let done = bed.run(&["demo", "--listen", "127.0.0.1:0", "--speed", "60", "--data", &data, "--once"]);
    let said = stdout(&done);
    assert!(done.status.success() && !said.contains("FAILED"), "{said}\n{}", stderr(&done));
    assert!(said.contains("300 signals, 60 alerts, 1 page"), "{said}");
    assert!(said.contains("at executive"), "{said}");
    assert!(said.contains("INC-4: triggered, sev3, at L2"), "a silence climbs by itself: {said}");
    bed.ok(&["journal", "verify", "--data", &data]);
}
