//! Runs that satisfy the theorems' assumptions violate nothing.

use super::{all, setting, watch};
use implicit_bias::prelude::*;

const SHAPES: [&[usize]; 7] =
    [&[2, 1], &[2, 2, 1], &[3, 4, 1], &[2, 2, 2, 1], &[2, 3, 2, 1], &[2, 2, 2, 2, 1], &[3, 3, 3, 3, 3, 1]];

#[test]
fn descent_by_the_papers_step() {
    for widths in SHAPES {
        for seed in 0..4 {
            let (data, _, start) = setting(widths, seed);
            for rule in [StepRule::JiTelgarsky, StepRule::JiTelgarskyTight] {
                let watch = watch(Monitor::DESCENT, rule, &start, &data, 3000);
                assert!(watch.hold(), "{widths:?}, seed {seed}, {rule:?}\n{watch}");
                let pairs = [Monitor::Lemma6, Monitor::Lemma8Alignment, Monitor::Lemma8Identity, Monitor::Eq37];
                for found in watch.watched() {
                    let m = found.monitor;
                    // Lemma 4 and Lemma 8 (iii) speak of late states only.
                    let may_wait = matches!(m, Monitor::Lemma4 | Monitor::Lemma8Product);
                    let empty = widths.len() == 2 && pairs.contains(&m);
                    assert!(found.applied > 0 || may_wait || empty, "{widths:?}, seed {seed}, {rule:?}\n{watch}");
                }
            }
        }
    }
}

#[test]
fn descent_by_line_search_keeps_all_but_the_assumption_on_the_step() {
    for widths in SHAPES {
        let (data, _, start) = setting(widths, 9);
        let watch = watch(Monitor::DESCENT, StepRule::Armijo { cap: 1.0 }, &start, &data, 3000);
        for found in watch.watched() {
            let broken = found.monitor == Monitor::Assumption5;
            assert_eq!(!found.holds(), broken, "{widths:?}\n{watch}");
        }
    }
}

#[test]
fn fine_steps_stand_in_for_flow() {
    for widths in SHAPES {
        let (data, svm, start) = setting(widths, 3);
        let eta = 2e-3;
        // What eq. (2) is off by, Σ η²‖∇R‖² ≤ 2ηR(W(0)), in units of M² ≥ 0.2.
        let watch = Monitors::new(Monitor::FLOW, &Loss::Logistic.on(&data), &start, &svm).unwrap();
        let mut watch = watch.with_tolerance(10.0 * eta).unwrap();
        let mut descent = Descent::new(&Loss::Logistic.on(&data), &start, StepRule::Constant(eta)).unwrap();
        descent.run_watched(40_000, Record::At(vec![]), &mut watch, |_| Ok(())).unwrap();
        assert!(watch.hold(), "{widths:?}\n{watch}");
        assert!(watch.get(Monitor::Lemma1).unwrap().applied == 40_000);
    }
}

#[test]
fn at_a_balanced_start_the_slack_is_what_the_steps_used_up() {
    // D = 0: Lemma 2 has no room at all, Lemma 8 has 2R(W(0)).
    let data = Separable { n: 30, d: 2, margin: 0.2, next_margin: 0.4 }.sample(2).unwrap();
    let u = MaxMargin::fit(&data).unwrap().direction().to_owned();
    let first = array![[u[0], u[1]], [0.0, 0.0]];
    let start = Network::from_layers(&[first, array![[1.0, 0.0], [0.0, 0.0]], array![[1.0, 0.0]]]).unwrap();
    assert!(imbalance_constant(&start).unwrap() < 1e-15);
    let watch = watch(&all(), StepRule::JiTelgarsky, &start, &data, 3000);
    let slack = |m| watch.get(m).unwrap().least_slack().unwrap();
    assert!(slack(Monitor::Lemma8Rank) > 0.05, "{watch}");
    assert!(slack(Monitor::Lemma8Identity) > -1e-13, "{watch}");
    assert!(slack(Monitor::Eq2) < -1e-9, "{watch}");
}
