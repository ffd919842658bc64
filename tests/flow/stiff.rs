//! The far horizon, and what the explicit method says to it.

use super::setting;
use implicit_bias::prelude::*;

#[test]
fn the_explicit_method_names_the_stiff_one_instead_of_going_on() {
    let (data, start) = setting(4, 1);
    let mut flow = Flow::new(&Loss::Logistic.on(&data), &start, Solver::dormand_prince(Clock::LogRisk)).unwrap();
    let stop = Stop { steps: 10_000, ..Stop::log_risk(-1e6) };
    let error = flow.run(stop, SaveAt::At(vec![]), |_| Ok(())).unwrap_err();
    assert!(matches!(error, Error::Stiff { forecast, .. } if forecast > 1e5), "{error}");
    assert!(error.to_string().contains("Solver::radau(Clock::LogRisk)"), "{error}");
    assert!(flow.steps() < 5_000, "told long before the steps were used up: {}", flow.steps());
    // The state is kept, and the stiff method goes on from it.
    let reached = flow.at().log_risk();
    assert!(reached < -1.0);
    flow.set_solver(Solver::radau(Clock::LogRisk)).unwrap();
    let run = flow.run(stop, SaveAt::At(vec![]), |at| Ok(at.log_risk())).unwrap();
    assert_eq!((run.stopped, *run.first()), (Stopped::Risk, reached));
    assert!((run.last() + 1e6).abs() < 1e-2);
    // Control: where it would arrive, it goes on though the problem is as stiff.
    let mut flow = Flow::new(&Loss::Logistic.on(&data), &start, Solver::dormand_prince(Clock::LogRisk)).unwrap();
    assert_eq!(flow.run(Stop::log_risk(-1000.0), SaveAt::At(vec![]), |_| Ok(())).unwrap().stopped, Stopped::Risk);
}

#[test]
fn a_million_e_folds_at_every_depth_reach_the_predicted_offset() {
    for depth in 1..=6 {
        let (data, start) = setting(depth, 7);
        let svm = MaxMargin::fit(&data).unwrap();
        let mut flow = Flow::new(&Loss::Logistic.on(&data), &start, Solver::radau(Clock::LogRisk)).unwrap();
        let run = flow
            .run(Stop::log_risk(-1e6), SaveAt::At(vec![]), |at| {
                let w = Array1::from(at.predictor()?.to_vec());
                Ok((at.log_time(), at.log_risk(), angle(&w, svm.direction())? * w.dot(&w).sqrt()))
            })
            .unwrap();
        let (log_time, log_risk, product) = *run.last();
        assert_eq!(run.stopped, Stopped::Risk);
        assert!((log_risk + 1e6).abs() < 1e-2 && run.steps < 2000, "{run:?}");
        let offset = late_offset(&data, &svm).unwrap();
        let predicted = offset.dot(&offset).sqrt();
        assert!((product / predicted - 1.0).abs() < 0.01, "depth {depth}: {product} {predicted}");
        // dt/dλ = 1/(R‖∇ ln R‖²), with ‖∇ ln R‖ = √L γ ‖w‖^(1 − 1/L) once all layers agree.
        let norm = flow.network().predictor().unwrap().mapv(|v| v * v).sum().sqrt();
        let l = depth as f64;
        let steep = l.sqrt() * svm.margin() * norm.powf(1.0 - 1.0 / l);
        assert!((log_time - (-log_risk - 2.0 * steep.ln())).abs() < 0.05, "depth {depth}: {log_time} {steep}");
    }
}

#[test]
fn so_many_steps_are_so_many_steps_also_of_a_stiff_flow() {
    let (data, start) = setting(4, 1);
    let mut flow = Flow::new(&Loss::Logistic.on(&data), &start, Solver::dormand_prince(Clock::LogRisk)).unwrap();
    let run = flow.run(2000, SaveAt::Steps, |_| Ok(())).unwrap();
    assert_eq!((run.stopped, run.steps), (Stopped::Steps, 2000));
}

#[test]
fn rectified_networks_in_the_implicit_method_stop_honestly() {
    let data = TwoMoons { n: 40, noise: 0.1, constant: Some(1.0) }.sample(1).unwrap();
    for seed in 1..=2 {
        let start = Network::rectified(&[3, 6, 5, 1], 0.0, Init::He, seed).unwrap();
        let mut flow = Flow::new(&Loss::Logistic.on(&data), &start, Solver::radau(Clock::LogRisk)).unwrap();
        let run = flow.run(Stop { steps: 60, ..Stop::log_risk(-20.0) }, SaveAt::Steps, |at| Ok(at.log_risk())).unwrap();
        // A unit that slides along its kink ends it; that is no minimiser.
        assert_ne!(run.stopped, Stopped::Stationary, "seed {seed}: {run:?}");
    }
}
