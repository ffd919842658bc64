//! Records, stops, continuation, and what is left when a run cannot go on.

use super::{descent, setting};
use implicit_bias::prelude::*;

fn steps(descent: &mut Descent, stop: impl Into<Stop>, record: Record) -> (Vec<u64>, Stopped) {
    let run = descent.run(stop, record, |at| Ok(at.step)).unwrap();
    (run.rows, run.stopped)
}

#[test]
fn records_keep_the_steps_they_name_and_both_ends() {
    let mut d = descent(StepRule::Constant(0.1), 0);
    assert_eq!(steps(&mut d, 10, Record::Every(4)), (vec![0, 4, 8, 10], Stopped::Steps));
    assert_eq!(steps(&mut d, 10, Record::Every(4)), (vec![10, 12, 16, 20], Stopped::Steps));
    assert_eq!(steps(&mut d, 10, Record::At(vec![25, 22, 1000])), (vec![20, 22, 25, 30], Stopped::Steps));
    let mut d = descent(StepRule::Constant(0.1), 0);
    let (rows, _) = steps(&mut d, 1000, Record::LogSpaced(3));
    assert_eq!(rows, [0, 1, 2, 5, 10, 22, 46, 100, 215, 464, 1000]);
    let mut d = descent(StepRule::Constant(0.1), 0);
    assert_eq!(steps(&mut d, 0, Record::Every(1)), (vec![0], Stopped::Steps));
}

#[test]
fn every_stop_rule_stops_and_says_so() {
    let run = |stop: Stop| {
        let mut d = descent(StepRule::Constant(0.5), 1);
        d.run(stop, Record::LogSpaced(5), |at| Ok((at.risk(), at.log_risk(), at.grad_norm()))).unwrap()
    };
    let far = Stop::steps(10_000_000);
    let by_risk = run(Stop { risk: 1e-2, ..far });
    assert_eq!(by_risk.stopped, Stopped::Risk);
    assert!(by_risk.last().0 <= 1e-2 && by_risk.last().0 > 0.99e-2, "it stops at the first step below");
    assert_eq!(run(Stop { log_risk: 1e-2_f64.ln(), ..far }).steps, by_risk.steps);
    let mut d = descent(StepRule::Constant(0.5), 1);
    d.run(Stop { risk: 0.1, ..far }, Record::At(vec![]), |_| Ok(())).unwrap(); // past the plateau, where gradients are small
    let half = 0.5 * d.at().grad_norm();
    let by_gradient = d.run(Stop { grad_norm: half, ..far }, Record::Every(1), |at| Ok(at.grad_norm())).unwrap();
    assert_eq!(by_gradient.stopped, Stopped::Gradient);
    let (last, all_but_last) = by_gradient.rows.split_last().unwrap();
    assert!(*last <= half && all_but_last.iter().all(|g| *g > half) && !all_but_last.is_empty());
    assert_eq!(run(Stop { seconds: 0.0, ..far }).stopped, Stopped::Seconds);
    let mut d = descent(StepRule::Constant(0.5), 1);
    let run = d.run_until(far, Record::Every(10), |at| Ok(at.risk()), |risk| *risk < 0.1).unwrap();
    assert_eq!(run.stopped, Stopped::Row);
    assert!(*run.last() < 0.1 && run.rows[run.rows.len() - 2] >= 0.1);
}

#[test]
fn stops_never_change_the_path() {
    let mut plain = descent(StepRule::Constant(0.2), 3);
    plain.run(5000, Record::At(vec![]), |_| Ok(())).unwrap();
    let mut watched = descent(StepRule::Constant(0.2), 3);
    let stop = Stop { risk: 1e-30, grad_norm: 1e-30, seconds: 1e6, ..Stop::steps(5000) };
    watched.run(stop, Record::Every(1), |at| Ok(at.margins()[0])).unwrap();
    let mut by_hand = descent(StepRule::Constant(0.2), 3);
    for _ in 0..5000 {
        by_hand.step().unwrap();
    }
    assert_eq!(plain.network(), watched.network());
    assert_eq!(plain.network(), by_hand.network());
    assert_eq!((by_hand.steps(), by_hand.at().step), (5000, 5000));
}

#[test]
fn a_run_can_be_continued_and_joined() {
    for rule in
        [StepRule::Constant(0.2), StepRule::Armijo { cap: 1.0 }, StepRule::JiTelgarsky, StepRule::LossScaled(0.1)]
    {
        let probe = |at: &At| Ok((at.step, at.time(), at.risk()));
        let whole = descent(rule, 5).run(700, Record::Every(100), probe).unwrap();
        let mut d = descent(rule, 5);
        let first = d.run(300, Record::Every(100), probe).unwrap();
        let joined = first.then(d.run(400, Record::Every(100), probe).unwrap());
        assert_eq!(whole.rows, joined.rows, "{rule:?}");
        assert_eq!((joined.steps, joined.stopped), (700, Stopped::Steps));
    }
}

#[test]
fn time_is_the_sum_of_the_steps_taken() {
    let mut d = descent(StepRule::Armijo { cap: 4.0 }, 2);
    let run = d.run(200, Record::Every(1), |at| Ok((at.step_size(), at.time(), at.log_time()))).unwrap();
    let mut sum = 0.0;
    for (eta, time, log_time) in &run.rows[1..] {
        sum += eta;
        assert!((time - sum).abs() <= 1e-12 * sum && (log_time - sum.ln()).abs() < 1e-12);
    }
    assert!(run.first().0.is_nan() && run.first().2 == f64::NEG_INFINITY);
}

#[test]
fn divergence_keeps_rows_and_the_last_finite_state() {
    // Two points of opposite demands: a huge step throws the weights out of range.
    let data = Dataset::new(array![[1.0], [-0.5]], array![1.0, 1.0]).unwrap();
    let start = Network::from_layers(&[array![[1.0]], array![[1.0]]]).unwrap();
    let mut d = Descent::new(&Loss::Exponential.on(&data), &start, StepRule::Constant(1e3)).unwrap();
    let run = d.run(1000, Record::Every(1), |at| Ok((at.step, at.log_risk()))).unwrap();
    assert_eq!(run.stopped, Stopped::Diverged);
    assert!(run.rows.iter().all(|r| r.1.is_finite()) && run.steps < 1000);
    let steps: Vec<u64> = (0..=run.steps).collect();
    assert_eq!(run.rows.iter().map(|r| r.0).collect::<Vec<_>>(), steps, "one row a state");
    // The step that diverges may be the last one allowed, and need not be recorded.
    let mut last = Descent::new(&Loss::Exponential.on(&data), &start, StepRule::Constant(1e3)).unwrap();
    let short = last.run(run.steps + 1, Record::At(vec![]), |at| Ok(at.step)).unwrap();
    assert_eq!((short.stopped, short.steps, *short.last()), (Stopped::Diverged, run.steps, run.steps));
    let mut by_hand = Descent::new(&Loss::Exponential.on(&data), &start, StepRule::Constant(1e3)).unwrap();
    for _ in 0..run.steps {
        by_hand.step().unwrap();
    }
    assert!(by_hand.step().is_err() && by_hand.steps() == run.steps);
    assert_eq!(by_hand.run(5, Record::Every(1), |_| Ok(())).unwrap().steps, 0);
    assert!(d.network().params().iter().all(|w| w.is_finite()));
    assert_eq!(d.at().step, d.steps());
    let message = d.step().unwrap_err().to_string();
    assert!(message.contains("diverged at step") && message.contains("smaller steps"), "{message}");
    d.set_rule(StepRule::Armijo { cap: 1.0 }).unwrap();
    let after = d.run(50, Record::Every(1), |at| Ok(at.log_risk())).unwrap();
    assert!(after.last() < after.first(), "the kept state can be continued with another rule");
}

#[test]
fn descent_that_cannot_move_says_why() {
    let (data, _) = setting(0);
    let zero = Network::from_layers(&[array![[0.0, 0.0], [0.0, 0.0]], array![[0.0, 0.0]]]).unwrap();
    let mut d = Descent::new(&Loss::Logistic.on(&data), &zero, StepRule::Constant(0.1)).unwrap();
    assert_eq!(steps(&mut d, 10, Record::Every(1)), (vec![0], Stopped::Stationary));
    d.step().unwrap();
    assert_eq!((d.stopped(), d.steps()), (Some(Stopped::Stationary), 0));
    let big = Network::from_layers(&[array![[400.0, 0.0]]]).unwrap();
    let one = Dataset::new(array![[1.0, 0.0]], array![1.0]).unwrap();
    let mut d = Descent::new(&Loss::Exponential.on(&one), &big, StepRule::Constant(0.1)).unwrap();
    assert_eq!(steps(&mut d, 10, Record::Every(1)).1, Stopped::Underflow, "400 + 0.1 e^−400 = 400");
}

#[test]
fn at_offers_what_the_diagnostics_compute() {
    let mut d = descent(StepRule::Constant(0.3), 6);
    d.run(500, Record::At(vec![]), |_| Ok(())).unwrap();
    let network = d.network().clone();
    let at = d.at();
    let w = network.predictor().unwrap();
    for (a, b) in at.predictor().unwrap().iter().zip(&w) {
        assert!((a - b).abs() < 1e-14);
    }
    for (q, z) in at.margins().iter().zip(at.data().unwrap().mirrored().rows()) {
        assert!((q - z.dot(&w)).abs() < 1e-13);
    }
    let fresh = Loss::Logistic.on(at.data().unwrap()).at(&network).unwrap();
    assert_eq!((fresh.log_risk(), fresh.log_grad_norm()), (at.log_risk(), at.log_grad_norm()));
}
