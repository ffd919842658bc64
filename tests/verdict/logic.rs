//! What follows from comparisons.

use super::*;
use implicit_bias::verdict::{Measured, Relation};
use proptest::prelude::*;

proptest! {
    #[test]
    fn a_number_that_is_none_never_becomes_a_verdict(
        values in prop::collection::vec(-1e300..1e300f64, 1..20), place in any::<prop::sample::Index>(),
        bad in prop::sample::select(vec![f64::NAN, f64::INFINITY, f64::NEG_INFINITY]),
    ) {
        let mut spoilt = values.clone();
        spoilt[place.index(values.len())] = bad;
        let (fine, spoilt) = (Measured::from(&values), Measured::from(&spoilt));
        prop_assert!(r1().below("q", fine.clone(), 0.0).is_ok());
        prop_assert!(r1().below("q", spoilt.clone(), 0.0).is_err());
        prop_assert!(r1().above("q", spoilt.clone(), 0.0).is_err());
        prop_assert!(r1().within("q", spoilt.clone(), 0.0, 1.0).is_err());
        prop_assert!(r1().share_below("q", spoilt.clone(), 0.0, 0.5).is_err());
        prop_assert!(r1().share_above("q", spoilt, 0.0, 0.5).is_err());
        prop_assert!(r1().below("q", fine.clone(), bad).is_err());
        prop_assert!(r1().within("q", fine.clone(), bad, 1.0).is_err());
        prop_assert!(r1().share_below("q", fine.clone(), bad, 0.5).is_err());
        prop_assert!(r1().share_below("q", fine, 0.0, bad).is_err());
    }

    #[test]
    fn comparisons_are_what_they_say(values in prop::collection::vec(-10.0..10.0f64, 1..20), a in -10.0..10.0f64, b in -10.0..10.0f64) {
        let (low, high) = (a.min(b), a.max(b));
        let holds = |v: Verdict| v.outcome() == Outcome::Holds;
        prop_assert_eq!(holds(r1().below("q", &values, a).unwrap()), values.iter().all(|v| *v < a));
        prop_assert_eq!(holds(r1().above("q", &values, a).unwrap()), values.iter().all(|v| *v > a));
        let within = r1().within("q", &values, low, high).unwrap();
        prop_assert_eq!(holds(within.clone()), values.iter().all(|v| (low..=high).contains(v)));
        let worst = within.evidence().next().unwrap().value;
        let outside = |v: f64| (low - v).max(v - high);
        prop_assert!(values.iter().all(|v| outside(*v) <= outside(worst)) && values.contains(&worst));
    }
}

#[test]
fn thresholds_are_strict_and_intervals_closed() {
    let outcome = |v: Result<Verdict>| v.unwrap().outcome();
    assert_eq!(outcome(r1().below("q", 1.0, 1.0)), Outcome::Fails);
    assert_eq!(outcome(r1().below("q", 1.0_f64.next_down(), 1.0)), Outcome::Holds);
    assert_eq!(outcome(r1().above("q", 1.0, 1.0)), Outcome::Fails);
    assert_eq!(outcome(r1().above("q", 1.0_f64.next_up(), 1.0)), Outcome::Holds);
    assert_eq!(outcome(r1().within("q", [1.0, 2.0], 1.0, 2.0)), Outcome::Holds);
    assert_eq!(outcome(r1().within("q", [1.0, 2.1], 1.0, 2.0)), Outcome::Fails);
    assert!(r1().within("q", 1.0, 2.0, 1.0).is_err());
    assert!(r1().below("q", Vec::new(), 1.0).is_err());
    assert!(r1().share_below("q", [1.0], 1.0, 0.0).is_err() && r1().share_below("q", [1.0], 1.0, 1.1).is_err());
}

#[test]
fn shares_hold_fail_or_stay_open_by_their_interval() {
    let share = |good: usize, n: usize| {
        let values: Vec<f64> = (0..n).map(|i| if i < good { 0.0 } else { 2.0 }).collect();
        let below = r1().share_below("q", &values, 1.0, 0.9).unwrap();
        let flipped: Vec<f64> = values.iter().map(|v| -v).collect();
        assert_eq!(below.outcome(), r1().share_above("q", flipped, -1.0, 0.9).unwrap().outcome());
        below
    };
    assert_eq!(share(40, 40).outcome(), Outcome::Holds); // lower end .912
    assert_eq!(share(34, 34).outcome(), Outcome::Open); // lower end .898
    assert_eq!(share(10, 10).outcome(), Outcome::Open); // ten of ten are not enough for 90 %
    assert_eq!(share(5, 10).outcome(), Outcome::Fails); // upper end .763
    assert_eq!(share(0, 1).outcome(), Outcome::Fails); // upper end .793
    let nine = share(9, 10);
    let comparison = nine.deciding().unwrap();
    assert_eq!((comparison.passed, comparison.seeds, comparison.value), (Some(9), Some(10), 0.9));
    assert_eq!((comparison.relation, comparison.interval), (Relation::ShareBelow, Some(wilson(9, 10).unwrap())));
}

#[test]
fn a_failure_outweighs_an_open_one_and_that_a_success() {
    let good = || r1().below("good", 0.0, 1.0).unwrap();
    assert_eq!(r1().outcome(), Outcome::Open);
    assert_eq!(good().outcome(), Outcome::Holds);
    let open = || good().share_below("open", [0.0; 10], 1.0, 0.9).unwrap();
    assert_eq!(open().outcome(), Outcome::Open);
    assert_eq!(open().deciding().unwrap().quantity, "open");
    let fails = open().above("bad", 0.0, 1.0).unwrap();
    assert_eq!(fails.outcome(), Outcome::Fails);
    assert_eq!(fails.deciding().unwrap().quantity, "bad");
    assert_eq!(fails.below("good again", 0.0, 1.0).unwrap().outcome(), Outcome::Fails);
}

#[test]
fn clustered_runs_ask_for_clusters() {
    // Forty of forty independent runs are enough for nine of ten; from ten starts they are not.
    let gaps = [0.0; 40];
    let starts: Vec<u64> = (0..40).map(|i| i / 4).collect();
    let of = |starts: &[u64]| r1().share_below("gap", Measured::clustered(gaps, starts), 1.0, 0.9).unwrap();
    assert_eq!(r1().share_below("gap", gaps, 1.0, 0.9).unwrap().outcome(), Outcome::Holds);
    assert_eq!(of(&starts).outcome(), Outcome::Open);
    assert_eq!(of(&(0..40).collect::<Vec<_>>()).outcome(), Outcome::Holds);
    let open = of(&starts);
    let comparison = open.deciding().unwrap();
    assert_eq!((comparison.passed, comparison.seeds, comparison.clusters), (Some(40), Some(40), Some(10)));
    assert_eq!(comparison.interval, Some(wilson(10, 10).unwrap()));
    // The value is the mean of the clusters' shares: one start of a run that fails, one of three that pass.
    let values = Measured::clustered([2.0, 0.0, 0.0, 0.0], &[1, 2, 2, 2]);
    let verdict = r1().share_below("gap", values, 1.0, 0.9).unwrap();
    assert_eq!((verdict.deciding().unwrap().value, verdict.deciding().unwrap().passed), (0.5, Some(3)));
    // Where all must pass, clusters change the words alone.
    let worst = r1().below("gap", Measured::clustered([0.5, 0.25], &[3, 3]), 1.0).unwrap();
    assert_eq!(worst.to_string(), "R1 HOLDS: gap = 0.5 < 1 (worst of 2 runs in 1 cluster)");
    for verdict in [
        r1().below("gap", Measured::clustered([0.5, 0.25], &[3]), 1.0),
        r1().share_below("gap", Measured::clustered(vec![0.5], &[3, 4]), 1.0, 0.5),
    ] {
        assert!(verdict.unwrap_err().to_string().contains("clusters"));
    }
}
