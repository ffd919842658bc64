//! One run seen in other ways is the same run; odd starts and shapes.

use super::{all, setting, trap, watch};
use implicit_bias::prelude::*;

fn new(monitors: &[Monitor], start: &Network, data: &Dataset) -> Monitors {
    let svm = MaxMargin::fit(data).unwrap();
    Monitors::new(monitors, &Loss::Logistic.on(data), start, &svm).unwrap()
}

#[test]
fn a_probe_that_sees_every_step_finds_the_same() {
    let (data, _, start) = setting(&[2, 3, 2, 1], 1);
    for rule in [StepRule::JiTelgarsky, StepRule::Constant(2.0), StepRule::Normalized { eta: 0.02, power: 1.0 }] {
        let watched = watch(&all(), rule, &start, &data, 500);
        let mut seen = new(&all(), &start, &data);
        let mut descent = Descent::new(&Loss::Logistic.on(&data), &start, rule).unwrap();
        descent.run(500, Record::Every(1), |at| seen.see(at)).unwrap();
        for (a, b) in watched.watched().iter().zip(seen.watched()) {
            assert_eq!((a.seen, a.applied, a.violations), (b.seen, b.applied, b.violations), "{rule:?} {a:?}");
            for (a, b) in [(a.first, b.first), (a.worst, b.worst)] {
                let Some((a, b)) = a.zip(b) else { continue };
                // η/R goes through one logarithm more in a probe.
                assert!(a.step == b.step && (a.slack - b.slack).abs() < 1e-13, "{rule:?} {a:?} {b:?}");
            }
        }
    }
}

#[test]
fn watching_changes_neither_the_run_nor_its_rows() {
    let (data, _, start) = setting(&[2, 2, 2, 1], 2);
    for rule in [StepRule::JiTelgarsky, StepRule::Armijo { cap: f64::INFINITY }] {
        let descend = || Descent::new(&Loss::Logistic.on(&data), &start, rule).unwrap();
        let row = |at: &At| Ok((at.step, at.log_risk(), at.network.clone()));
        let bare = descend().run(700, Record::LogSpaced(7), row).unwrap();
        let mut monitors = new(&all(), &start, &data);
        let watched = descend().run_watched(700, Record::LogSpaced(7), &mut monitors, row).unwrap();
        assert_eq!((bare.rows, bare.steps, bare.stopped), (watched.rows, watched.steps, watched.stopped));
    }
}

#[test]
fn a_run_that_goes_on_is_one_run_and_a_new_watch_begins_where_it_is() {
    let (data, _, start) = setting(&[2, 2, 1], 3);
    let whole = watch(Monitor::DESCENT, StepRule::JiTelgarsky, &start, &data, 600);
    let mut parts = new(Monitor::DESCENT, &start, &data);
    let mut descent = Descent::new(&Loss::Logistic.on(&data), &start, StepRule::JiTelgarsky).unwrap();
    for _ in 0..3 {
        descent.run_watched(200, Record::Every(100), &mut parts, |_| Ok(())).unwrap();
    }
    for (a, b) in whole.watched().iter().zip(parts.watched()) {
        let found = |w: &Watched| (w.monitor, w.seen, w.applied, w.violations, w.first, w.worst);
        assert_eq!(found(a), found(b));
        // Kept where the records of the parts were due, each state once.
        assert!(b.kept.windows(2).all(|pair| pair[0].step < pair[1].step) && b.kept.len() <= 7);
    }

    // From step 600 on, W(600) is the W(0) of a watch of its own, and time counts from there.
    let middle = descent.network().clone();
    let mut late = new(Monitor::DESCENT, &middle, &data);
    descent.run_watched(200, Record::Every(100), &mut late, |_| Ok(())).unwrap();
    let fresh = watch(Monitor::DESCENT, StepRule::JiTelgarsky, &middle, &data, 200);
    assert!(late.hold(), "{late}");
    for (a, b) in late.watched().iter().zip(fresh.watched()) {
        assert_eq!((a.seen, a.applied), (b.seen, b.applied));
        if let Some((a, b)) = a.worst.zip(b.worst) {
            assert_eq!(a.step, b.step + 600);
            assert!((a.slack - b.slack).abs() < 1e-12 && (a.log_time - b.log_time).abs() < 1e-12 || b.step == 0);
        }
    }
}

#[test]
fn a_diverging_run_ends_with_what_was_seen() {
    let (data, start) = trap();
    let mut watch = new(&all(), &start, &data);
    let mut descent = Descent::new(&Loss::Logistic.on(&data), &start, StepRule::Constant(1e60)).unwrap();
    let run = descent.run_watched(50, Record::Every(1), &mut watch, |at| Ok(at.step)).unwrap();
    assert!(run.stopped == Stopped::Diverged && *run.last() > 0);
    assert_eq!(watch.get(Monitor::Eq4).unwrap().seen, run.last() + 1);
    assert!(!watch.get(Monitor::Eq4).unwrap().holds(), "{watch}");
    // The state before the step that failed was kept: the run may go on from there.
    descent.set_rule(StepRule::Constant(1e-100)).unwrap();
    descent.run_watched(1, Record::Every(1), &mut watch, |_| Ok(())).unwrap();
}

#[test]
fn a_first_layer_of_zeros_is_a_start_like_any_other() {
    let data = Separable { n: 30, d: 2, margin: 0.2, next_margin: 0.4 }.sample(5).unwrap();
    for widths in [&[2, 2, 1][..], &[2, 3, 3, 1]] {
        let start = Network::linear(widths, Init::ZeroFirst(1.0), 5).unwrap();
        let watch = watch(Monitor::DESCENT, StepRule::JiTelgarsky, &start, &data, 2000);
        assert!(watch.hold(), "{watch}");
    }
}

#[test]
fn weights_of_unusual_size_are_seen_as_they_are() {
    let (data, _, start) = setting(&[2, 2, 2, 1], 6);
    let start = start.scaled(1e-60).unwrap();
    let watch = watch(&all(), StepRule::Normalized { eta: 0.01, power: 1.0 }, &start, &data, 2000);
    for found in watch.watched() {
        assert!(found.worst.is_none_or(|w| !w.slack.is_nan()), "{watch}");
    }
}
