//! One trajectory, three clocks, two methods.

use super::{SOLVERS, arrive, distance, setting};
use implicit_bias::prelude::*;

#[test]
fn all_solvers_meet_at_a_time() {
    for depth in [1, 2, 4] {
        let (data, start) = setting(depth, 5);
        let tight = Solver::dormand_prince(Clock::Time).within(1e-13, 1e-13);
        for loss in [Loss::Logistic, Loss::Exponential] {
            let (reference, _) = arrive(loss, tight, &start, &data, Stop::time(1e4));
            for solver in SOLVERS {
                let (net, run) = arrive(loss, solver, &start, &data, Stop::time(1e4));
                assert_eq!(run.stopped, Stopped::Time);
                assert!(distance(&net, &reference) < 2e-7, "{depth} {solver:?}: {:e}", distance(&net, &reference));
            }
        }
        // Control: another time is another place.
        let (later, _) = arrive(Loss::Logistic, tight, &start, &data, Stop::time(1.001e4));
        let (then, _) = arrive(Loss::Logistic, tight, &start, &data, Stop::time(1e4));
        assert!(distance(&later, &then) > 1e-6);
    }
}

#[test]
fn all_solvers_meet_at_a_risk() {
    let (data, start) = setting(3, 6);
    let stop = Stop::log_risk(-50.0);
    let (reference, _) =
        arrive(Loss::Logistic, Solver::dormand_prince(Clock::LogRisk).within(1e-13, 1e-13), &start, &data, stop);
    for solver in SOLVERS {
        let (net, run) = arrive(Loss::Logistic, solver, &start, &data, stop);
        let risk = Loss::Logistic.on(&data).at(&net).unwrap().log_risk();
        assert_eq!(run.stopped, Stopped::Risk);
        assert!((risk + 50.0).abs() < 1e-6 && distance(&net, &reference) < 1e-6, "{solver:?}: {risk} {run:?}");
    }
}

#[test]
fn tolerance_governs_the_error() {
    let (data, start) = setting(4, 1);
    for (loose, tight) in [
        (Solver::dormand_prince(Clock::Time).within(1e-5, 1e-5), Solver::dormand_prince(Clock::Time)),
        (Solver::radau(Clock::LogRisk).within(1e-5, 1e-5), Solver::radau(Clock::LogRisk)),
    ] {
        let exact = arrive(Loss::Logistic, tight.within(1e-13, 1e-13), &start, &data, Stop::time(100.0)).0;
        let error = |solver| distance(&arrive(Loss::Logistic, solver, &start, &data, Stop::time(100.0)).0, &exact);
        let (coarse, fine) = (error(loose), error(tight));
        assert!(fine < 1e-7 && coarse > 10.0 * fine && coarse < 1e-2, "{coarse:e} {fine:e}");
    }
}

#[test]
fn going_on_with_another_solver() {
    let (data, start) = setting(3, 8);
    let mut flow = Flow::new(&Loss::Logistic.on(&data), &start, Solver::dormand_prince(Clock::Time)).unwrap();
    flow.run(Stop::time(10.0), SaveAt::Steps, |_| Ok(())).unwrap();
    flow.set_solver(Solver::radau(Clock::LogRisk).within(1e-10, 1e-10)).unwrap();
    let run = flow.run(Stop::time(1000.0), SaveAt::Steps, |at| Ok(at.time())).unwrap();
    assert!((run.first() - 10.0).abs() < 1e-9 && (run.last() / 1000.0 - 1.0).abs() < 1e-9);
    let (whole, _) = arrive(Loss::Logistic, Solver::dormand_prince(Clock::Time), &start, &data, Stop::time(1000.0));
    assert!(distance(flow.network(), &whole) < 1e-6);
    assert!(run.work.hessians > 0 && run.work.gradients > 100);
}

#[test]
fn a_stop_in_risk_is_met_however_loose_the_tolerance() {
    let (data, start) = setting(2, 3);
    for size in [1e-2, 1e-4, 1e-6] {
        for solver in [Solver::dormand_prince(Clock::LogRisk), Solver::radau(Clock::LogRisk)] {
            let (net, run) = arrive(Loss::Logistic, solver.within(size, size), &start, &data, Stop::log_risk(-1000.0));
            let log_risk = Loss::Logistic.on(&data).at(&net).unwrap().log_risk();
            assert_eq!(run.stopped, Stopped::Risk);
            assert!((log_risk + 1000.0).abs() < 1e-9 || log_risk < -1000.0 && log_risk > -1100.0, "{size}: {log_risk}");
        }
    }
}

#[test]
fn tiny_starts_and_tiny_data_leave_in_every_clock_but_lambda() {
    let (data, start) = setting(3, 1);
    let tiny = start.scaled(1e-5 / frobenius_norms(&start).unwrap()[0]).unwrap();
    for solver in &SOLVERS[..2] {
        let (_, run) = arrive(Loss::Logistic, *solver, &tiny, &data, Stop { steps: 3000, ..Stop::log_risk(-2.0) });
        assert_eq!(run.stopped, Stopped::Risk, "{solver:?}: {run:?}");
    }
    let small = Dataset::new(data.x().mapv(|v| v * 1e-6), data.y().to_owned()).unwrap();
    for solver in [SOLVERS[1], SOLVERS[4]] {
        let (_, run) = arrive(Loss::Logistic, solver, &start, &small, Stop { steps: 3000, ..Stop::log_risk(-2.0) });
        assert_eq!(run.stopped, Stopped::Risk, "{solver:?}: {run:?}");
    }
}
