//! Rows between steps, stops, continuation, bits.

use super::{SOLVERS, arrive, distance, setting};
use implicit_bias::prelude::*;

#[test]
fn rows_are_what_a_run_to_that_point_gives() {
    let (data, start) = setting(3, 3);
    for solver in SOLVERS {
        let mut flow = Flow::new(&Loss::Logistic.on(&data), &start, solver).unwrap();
        let run = flow.run(Stop::time(50.0), SaveAt::LogSpaced(3), |at| Ok((at.time(), at.network.clone()))).unwrap();
        assert!(run.rows.len() > 4, "{run:?}");
        for (time, net) in &run.rows[1..] {
            let (there, _) = arrive(Loss::Logistic, solver, &start, &data, Stop::time(*time));
            assert!(distance(net, &there) < 1e-6, "{solver:?} at {time}: {:e}", distance(net, &there));
        }
    }
}

#[test]
fn marks_stand_where_they_were_asked_for() {
    let (data, start) = setting(2, 3);
    let times = |save| {
        let mut flow = Flow::new(&Loss::Logistic.on(&data), &start, Solver::dormand_prince(Clock::Time)).unwrap();
        flow.run(Stop::time(10.0), save, |at| Ok(at.time())).unwrap().run.rows
    };
    let close = |a: &[f64], b: &[f64]| a.len() == b.len() && a.iter().zip(b).all(|(a, b)| (a - b).abs() < 1e-9);
    assert!(close(&times(SaveAt::Every(2.5)), &[0.0, 2.5, 5.0, 7.5, 10.0]));
    assert!(close(&times(SaveAt::At(vec![7.0, 0.5, -1.0, 99.0])), &[0.0, 0.5, 7.0, 10.0]));
    assert!(close(&times(SaveAt::LogSpaced(1)), &[0.0, 1e-3, 1e-2, 0.1, 1.0, 10.0]));
    let steps = times(SaveAt::Steps);
    assert!(steps.len() > 5 && steps.windows(2).all(|pair| pair[0] < pair[1]) && steps[steps.len() - 1] == 10.0);
    let mut flow = Flow::new(&Loss::Logistic.on(&data), &start, Solver::radau(Clock::LogRisk)).unwrap();
    let run = flow.run(Stop::log_risk(-1000.0), SaveAt::LogSpaced(2), |at| Ok(-at.log_risk())).unwrap();
    let expected = [1.0, 10_f64.sqrt(), 10.0, 1000_f64.sqrt(), 100.0, 1e5_f64.sqrt(), 1000.0];
    assert_eq!(run.rows.len(), 1 + expected.len());
    assert!(run.rows[1..].iter().zip(expected).all(|(row, e)| (row / e - 1.0).abs() < 1e-6), "{:?}", run.rows);
}

#[test]
fn looking_does_not_change_the_flow_and_repeats_have_the_same_bits() {
    let (data, start) = setting(4, 7);
    for solver in SOLVERS {
        let run = |save: SaveAt| {
            let mut flow = Flow::new(&Loss::Logistic.on(&data), &start, solver).unwrap();
            flow.run(Stop::log_risk(-30.0), save, |at| Ok(at.log_time())).unwrap();
            flow.network().clone()
        };
        let plain = run(SaveAt::At(vec![]));
        assert!(plain == run(SaveAt::At(vec![])) && plain == run(SaveAt::LogSpaced(50)) && plain == run(SaveAt::Steps));
    }
}

#[test]
fn stops_and_continuation() {
    let (data, start) = setting(3, 9);
    let mut flow = Flow::new(&Loss::Logistic.on(&data), &start, Solver::dormand_prince(Clock::Time)).unwrap();
    let row = |at: &At| Ok((at.time(), at.log_risk()));
    let first = flow.run(3, SaveAt::Steps, row).unwrap();
    assert_eq!((first.stopped, first.steps, first.rows.len(), flow.steps()), (Stopped::Steps, 3, 4, 3));
    let second = flow.run(Stop::log_risk(-2.0), SaveAt::Steps, row).unwrap();
    assert_eq!(second.stopped, Stopped::Risk);
    assert!((second.last().1 + 2.0).abs() < 1e-12, "the stop lies between two steps: {:?}", second.last());
    let third = flow.run(Stop::time(100.0), SaveAt::Steps, row).unwrap();
    let whole = first.then(second).then(third);
    assert_eq!((whole.stopped, whole.last().0), (Stopped::Time, 100.0));
    assert!(whole.rows.windows(2).all(|pair| pair[0].0 < pair[1].0 && pair[0].1 > pair[1].1));
    let (straight, _) = arrive(Loss::Logistic, Solver::dormand_prince(Clock::Time), &start, &data, Stop::time(100.0));
    assert!(distance(flow.network(), &straight) < 1e-8);
    // Standing at the stop already, it stays.
    let again = flow.run(Stop::time(100.0), SaveAt::Steps, row).unwrap();
    assert_eq!((again.stopped, again.steps, again.rows.len()), (Stopped::Time, 0, 1));
    assert_eq!(
        flow.run(Stop { seconds: 0.0, ..Stop::time(1e9) }, SaveAt::Steps, row).unwrap().stopped,
        Stopped::Seconds
    );
    let gradient = flow.run(Stop { grad_norm: 1e-4, ..Stop::time(1e9) }, SaveAt::Steps, row).unwrap();
    assert_eq!(gradient.stopped, Stopped::Gradient);
    flow.step().unwrap();
    assert_eq!(flow.steps(), whole.steps + gradient.steps + 1);
}

#[test]
fn a_stop_that_is_met_already_does_no_harm() {
    let (data, start) = setting(3, 2);
    for solver in SOLVERS {
        for time in [777.0, 12345.678] {
            let mut flow = Flow::new(&Loss::Logistic.on(&data), &start, solver).unwrap();
            flow.run(Stop::time(time), SaveAt::Steps, |_| Ok(())).unwrap();
            flow.set_solver(solver).unwrap();
            let met = flow.run(Stop::time(time), SaveAt::Steps, |_| Ok(())).unwrap();
            assert_eq!((met.stopped, met.steps), (Stopped::Time, 0));
            let on = flow.run(Stop::time(2.0 * time), SaveAt::Steps, |at| Ok(at.time())).unwrap();
            assert!(on.stopped == Stopped::Time && (on.last() / (2.0 * time) - 1.0).abs() < 1e-12, "{solver:?} {on:?}");
        }
    }
}

#[test]
fn a_mark_at_the_end_makes_one_row() {
    let (data, start) = setting(2, 2);
    for (solver, stop) in [
        (Solver::dormand_prince(Clock::Time), Stop::time(1000.0)),
        (Solver::dormand_prince(Clock::LogTime), Stop::time(1000.0)),
        (Solver::radau(Clock::LogRisk), Stop::log_risk(-1e6)),
    ] {
        let mut flow = Flow::new(&Loss::Logistic.on(&data), &start, solver).unwrap();
        let read = |at: &At| Ok(if solver.clock == Clock::LogRisk { -at.log_risk() } else { at.time() });
        for per_decade in [1, 7, 20] {
            let run = flow.run(stop, SaveAt::LogSpaced(per_decade), read).unwrap();
            assert!(run.rows.windows(2).all(|pair| pair[1] / pair[0] > 1.0 + 1e-6), "{:?}", &run.rows);
            flow = Flow::new(&Loss::Logistic.on(&data), &start, solver).unwrap();
        }
    }
}

#[test]
fn descent_stops_at_a_time_too() {
    let (data, start) = setting(2, 1);
    let mut descent = Descent::new(&Loss::Logistic.on(&data), &start, StepRule::Constant(0.125)).unwrap();
    let run = descent.run(Stop::time(10.0), Record::Every(1000), |at| Ok(at.time())).unwrap();
    assert_eq!((run.stopped, run.steps, *run.last()), (Stopped::Time, 80, 10.0));
    let mut fast = Descent::new(&Loss::Logistic.on(&data), &start, StepRule::Armijo { cap: f64::INFINITY }).unwrap();
    let run = fast.run(Stop::log_time(1000.0), Record::Every(1_000_000), |at| Ok(at.log_time())).unwrap();
    assert!(run.stopped == Stopped::Time && *run.last() >= 1000.0);
}
