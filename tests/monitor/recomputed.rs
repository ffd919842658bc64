//! What the monitors keep is what plain algebra finds at every state.

use super::oracle::Sides;
use super::path::Path;
use super::{all, setting, watch};
use implicit_bias::prelude::*;

fn close(a: f64, b: f64) -> bool {
    a == b || (a - b).abs() <= 1e-9 * (1.0 + a.abs().max(b.abs()))
}

/// Compares applied, first and worst of every monitor with the oracle's.
fn compare(monitors: &[Monitor], rule: StepRule, start: &Network, data: &Dataset, steps: usize) -> Monitors {
    let path = Path::of(rule, start, data, steps);
    // A run that cannot move any further ends early.
    let steps = path.states.len() - 1;
    let watch = watch(monitors, rule, start, data, steps as u64);
    for found in watch.watched() {
        let sides: Vec<(u64, Sides)> =
            (0..=steps).filter_map(|t| path.sides(found.monitor, t).map(|sides| (t as u64, sides))).collect();
        let label = format!("{rule:?}, {:?}: {found:?}", start.widths());
        assert_eq!((found.seen, found.applied), (steps as u64 + 1, sides.len() as u64), "{label}");
        let Some(kept) = found.worst else { continue };
        let worst = sides.iter().map(|(_, s)| s.2).fold(f64::INFINITY, f64::min);
        assert!(close(kept.slack, worst), "{label} and {worst}");
        let plain = sides.iter().find(|(t, _)| *t == kept.step).unwrap().1;
        for (ours, plain) in [(kept.left, plain.0), (kept.right, plain.1), (kept.slack, plain.2)] {
            assert!(close(ours, plain), "{label} and {plain:?}");
        }
        // Where rounding does not decide.
        let violated = sides.iter().find(|(_, s)| s.2 < -1e-9);
        if worst.abs() > 1e-9 {
            assert_eq!(found.first.map(|f| f.step), violated.map(|(t, _)| *t), "{label}");
        }
    }
    watch
}

fn applied(watch: &Monitors, monitor: Monitor) -> u64 {
    watch.get(monitor).unwrap().applied
}

#[test]
fn the_papers_step_on_several_shapes() {
    for (widths, seed) in
        [(&[2, 2, 2, 2, 1][..], 1), (&[2, 2, 1], 2), (&[3, 4, 3, 1], 3), (&[2, 5, 1], 4), (&[2, 1], 5)]
    {
        let (data, _, start) = setting(widths, seed);
        compare(&all(), StepRule::JiTelgarsky, &start, &data, 40);
        compare(&all(), StepRule::Armijo { cap: 1.0 }, &start, &data, 40);
    }
}

#[test]
fn steps_that_break_things() {
    for (widths, eta) in [(&[2, 2, 2, 1][..], 3.0), (&[2, 3, 1], 30.0), (&[2, 1], 30.0)] {
        let (data, _, start) = setting(widths, 6);
        compare(&all(), StepRule::Constant(eta), &start, &data, 25);
    }
}

#[test]
fn late_enough_for_the_product() {
    // Part (iii) of Lemmas 2 and 8 says something once the norms have outgrown D.
    for widths in [&[2, 2, 1][..], &[2, 2, 2, 1], &[3, 2, 3, 1]] {
        let (data, _, start) = setting(widths, 7);
        let watch = compare(&all(), StepRule::Normalized { eta: 0.3, power: 1.0 }, &start, &data, 60);
        assert!(applied(&watch, Monitor::Lemma2Product) > 0 && applied(&watch, Monitor::Lemma8Product) > 0, "{watch}");
    }
}

#[test]
fn far_enough_aside_for_lemma_4() {
    let (data, svm, _) = setting(&[2, 2, 1], 8);
    let u = svm.direction();
    let aside = Network::from_layers(&[array![[20.0 * u[1], -20.0 * u[0]], [1.0, 1.0]], array![[10.0, 0.5]]]).unwrap();
    let monitors = [Monitor::Lemma4, Monitor::Lemma7Time, Monitor::Lemma8Traces];
    let watch = compare(&monitors, StepRule::Normalized { eta: 0.5, power: 1.0 }, &aside, &data, 60);
    let applied = applied(&watch, Monitor::Lemma4);
    assert!((5..60).contains(&applied), "{watch}");
}

#[test]
fn the_comparison_sees_a_step_that_is_off_by_a_millionth() {
    let (data, _, start) = setting(&[2, 2, 2, 1], 1);
    let path = Path::of(StepRule::Constant(0.5), &start, &data, 30);
    let off = watch(&all(), StepRule::Constant(0.5 * (1.0 + 1e-6)), &start, &data, 30);
    let told = off.watched().iter().filter(|found| {
        let plain = (0..=30).filter_map(|t| path.sides(found.monitor, t)).map(|s| s.2).fold(f64::INFINITY, f64::min);
        found.worst.is_some_and(|worst| !close(worst.slack, plain))
    });
    assert!(told.count() >= 12);
}
