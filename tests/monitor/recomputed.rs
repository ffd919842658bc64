//! What the monitors keep is what plain algebra finds at every state.

use super::oracle::{Path, Sides};
use super::{all, setting, watch};
use implicit_bias::prelude::*;

fn close(a: f64, b: f64, tolerance: f64) -> bool {
    a == b || (a - b).abs() <= tolerance * (1.0 + a.abs().max(b.abs()))
}

/// Compares applied, violations, first and worst of every monitor with the oracle's.
fn compare(rule: StepRule, start: &Network, data: &Dataset, steps: usize) {
    let path = Path::of(rule, start, data, steps);
    // A run that cannot move any further ends early.
    let steps = path.states.len() - 1;
    let watch = watch(&all(), rule, start, data, steps as u64);
    for monitor in all() {
        let found = watch.get(monitor).unwrap();
        let sides: Vec<(usize, Sides)> =
            (0..=steps).filter_map(|t| path.sides(monitor, t).map(|sides| (t, sides))).collect();
        let label = format!("{monitor}, {rule:?}, {:?}: {found:?}", start.widths());
        assert_eq!((found.seen, found.applied), (steps as u64 + 1, sides.len() as u64), "{label}");
        // Identities are rounding here and there; what is not is compared to 1e-9.
        let worst = sides.iter().map(|(_, s)| s.2).fold(f64::INFINITY, f64::min);
        if let Some(kept) = found.worst {
            assert!(close(kept.slack, worst, 1e-9), "{label} and {worst}");
            let at_step = sides.iter().find(|(t, _)| *t as u64 == kept.step).unwrap().1;
            for (ours, plain) in [(kept.left, at_step.0), (kept.right, at_step.1), (kept.slack, at_step.2)] {
                assert!(close(ours, plain, 1e-9), "{label} and {at_step:?}");
            }
        }
        // Far from the tolerance, so that rounding cannot decide.
        let violated: Vec<usize> = sides.iter().filter(|(_, s)| s.2 < -1e-9).map(|(t, _)| *t).collect();
        if worst < -1e-9 || worst > 1e-9 {
            assert_eq!(found.first.map(|f| f.step), violated.first().map(|t| *t as u64), "{label}");
        }
    }
}

#[test]
fn the_papers_step_on_several_shapes() {
    for (widths, seed) in
        [(&[2, 2, 2, 2, 1][..], 1), (&[2, 2, 1], 2), (&[3, 4, 3, 1], 3), (&[2, 5, 1], 4), (&[2, 1], 5)]
    {
        let (data, _, start) = setting(widths, seed);
        compare(StepRule::JiTelgarsky, &start, &data, 40);
        compare(StepRule::Armijo { cap: 1.0 }, &start, &data, 40);
    }
}

#[test]
fn steps_that_break_things() {
    for (widths, eta) in [(&[2, 2, 2, 1][..], 3.0), (&[2, 3, 1], 30.0), (&[2, 1], 30.0)] {
        let (data, _, start) = setting(widths, 6);
        compare(StepRule::Constant(eta), &start, &data, 25);
    }
}

#[test]
fn long_enough_for_the_product() {
    // Lemma 2 (iii) says something once the norms have outgrown D.
    for widths in [&[2, 2, 1][..], &[2, 2, 2, 1], &[3, 2, 3, 1]] {
        let (data, _, start) = setting(widths, 7);
        compare(StepRule::Normalized { eta: 0.3, power: 1.0 }, &start, &data, 60);
    }
}
