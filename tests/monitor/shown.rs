//! What a cell shows of monitors.

use super::{setting, watch};
use implicit_bias::prelude::*;

#[test]
fn the_table_says_what_holds_what_is_violated_and_what_never_applied() {
    let (data, _, start) = setting(&[2, 1], 1);
    let monitors = [Monitor::Assumption2, Monitor::Eq2, Monitor::Assumption5];
    let watch = watch(&monitors, StepRule::Constant(3.0), &start, &data, 10);
    let shown = watch.to_string();
    let lines: Vec<&str> = shown.lines().collect();
    assert_eq!(lines.len(), 4);
    assert!(lines[0].contains("monitor") && lines[0].contains("verdict"));
    assert!(lines[1].contains("Assumption2") && lines[1].contains("Assumption 2") && lines[1].ends_with("holds"));
    assert!(lines[2].contains("eq. (2)") && lines[2].ends_with("never applied"));
    assert!(lines[3].contains("violated at step 1, by") && lines[3].contains("at 10 of 10 states"), "{shown}");
    assert_eq!(format!("{watch:?}"), shown);
}

#[test]
fn every_monitor_has_a_place_of_its_own() {
    let all = super::all();
    let places: std::collections::HashSet<&str> = all.iter().map(|m| m.place()).collect();
    assert_eq!(places.len(), all.len());
}
