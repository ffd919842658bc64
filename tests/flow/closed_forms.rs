//! Flows with a solution on paper, and the limit of descent with small steps.

use super::{SOLVERS, arrive, distance, one_point, setting};
use implicit_bias::prelude::*;

#[test]
fn one_weight_under_the_exponential_loss() {
    // ẇ = e^−w from w₀: w = ln(t + e^w₀), and R = 1/(t + e^w₀).
    let start = Network::from_layers(&[array![[-1.5]]]).unwrap();
    for solver in SOLVERS {
        let mut flow = Flow::new(&Loss::Exponential.on(&one_point()), &start, solver).unwrap();
        let run = flow
            .run(Stop::time(1e6), SaveAt::LogSpaced(5), |at| Ok((at.time(), at.log_time(), at.log_risk())))
            .unwrap();
        assert_eq!(run.stopped, Stopped::Time);
        assert!(run.rows.len() > 10);
        for (time, log_time, log_risk) in &run.rows {
            let expected = -(time + (-1.5_f64).exp()).ln();
            assert!((log_risk - expected).abs() < 3e-8, "{solver:?} at t = {time}: {log_risk} {expected}");
            assert!(*time == 0.0 || (time.ln() - log_time).abs() < 1e-12);
        }
        assert!((run.last().0 / 1e6 - 1.0).abs() < 1e-12);
    }
}

#[test]
fn far_beyond_the_range_of_time_and_risk() {
    // The same weight at ln t = 1e6: ln R = −ln(t + e^w₀) = −1e6.
    let start = Network::from_layers(&[array![[-1.5]]]).unwrap();
    for solver in [Solver::radau(Clock::LogTime), Solver::radau(Clock::LogRisk)] {
        let mut flow = Flow::new(&Loss::Exponential.on(&one_point()), &start, solver).unwrap();
        let run = flow
            .run(Stop::log_time(1e6), SaveAt::LogSpaced(1), |at| Ok((at.time(), at.log_time(), at.log_risk())))
            .unwrap();
        let (time, log_time, log_risk) = *run.last();
        assert_eq!((run.stopped, time), (Stopped::Time, f64::INFINITY));
        assert!((log_time - 1e6).abs() < 1e-6 && (log_risk + 1e6).abs() < 1e-4, "{solver:?}: {log_time} {log_risk}");
    }
    // In the clock `Time`, t overflows on the way and ln t goes on.
    let (net, run) =
        arrive(Loss::Exponential, Solver::radau(Clock::Time), &start, &one_point(), Stop::log_time(2000.0));
    assert_eq!(run.stopped, Stopped::Time);
    assert!((net.params()[0] - 2000.0).abs() < 1e-4, "{}", net.params()[0]);
}

#[test]
fn two_balanced_weights() {
    // ẇ = w e^−w² for both: with q = w², q̇ = 2q e^−q, hence t = (Ei(q) − Ei(q₀))/2; Ei by its own series.
    let ei = |x: f64| {
        let (mut term, mut sum) = (1.0, 0.577_215_664_901_532_9 + x.ln());
        for k in 1..200 {
            term *= x / f64::from(k);
            sum += term / f64::from(k);
        }
        sum
    };
    let start = Network::from_layers(&[array![[0.5]], array![[0.5]]]).unwrap();
    for solver in SOLVERS {
        let (net, _) = arrive(Loss::Exponential, solver, &start, &one_point(), Stop::time(1e4));
        let [a, b] = net.params() else { panic!() };
        let time = 0.5 * (ei(a * a) - ei(0.25));
        assert!((a - b).abs() < 1e-9 && (time / 1e4 - 1.0).abs() < 1e-6, "{solver:?}: {a} {b} {time}");
    }
}

#[test]
fn descent_with_small_steps_tends_to_it_at_first_order() {
    let (data, start) = setting(3, 2);
    let (flow, _) = arrive(Loss::Logistic, Solver::dormand_prince(Clock::Time), &start, &data, Stop::time(10.0));
    let euler = |eta: f64| {
        let mut descent = Descent::new(&Loss::Logistic.on(&data), &start, StepRule::Constant(eta)).unwrap();
        descent.run((10.0 / eta).round() as u64, Record::At(vec![]), |_| Ok(())).unwrap();
        distance(descent.network(), &flow)
    };
    let (coarse, fine) = (euler(1e-2), euler(1e-3));
    assert!(fine < 1e-3 && (9.0..11.0).contains(&(coarse / fine)), "{coarse:e} {fine:e}");
}

#[test]
fn rectified_networks_with_biases_too() {
    let data = TwoMoons { n: 40, noise: 0.1, constant: None }.sample(3).unwrap();
    for slope in [0.2, 1.0] {
        let start = Network::rectified(&[2, 5, 4, 1], slope, Init::He, 1).unwrap().with_biases().unwrap();
        let (flow, run) = arrive(Loss::Logistic, Solver::dormand_prince(Clock::Time), &start, &data, Stop::time(2.0));
        let mut descent = Descent::new(&Loss::Logistic.on(&data), &start, StepRule::Constant(1e-4)).unwrap();
        descent.run(20_000, Record::At(vec![]), |_| Ok(())).unwrap();
        assert!(distance(descent.network(), &flow) < 1e-3, "slope {slope}: {:e}", distance(descent.network(), &flow));
        assert!(run.drift.unwrap() < 1e-8, "slope {slope}: {run:?}");
    }
}
