//! Balancedness: the independent check of an integration (Ji & Telgarsky, eq. (2), (3)).

use super::{arrive, setting};
use implicit_bias::prelude::*;

#[test]
fn at_the_tight_setting_the_whole_flow_to_ten_thousand_keeps_twelve_digits() {
    let tight = Solver::dormand_prince(Clock::Time).within(1e-13, 1e-13);
    for depth in [2, 4, 6] {
        for seed in 1..=3 {
            let (data, start) = setting(depth, seed);
            let (net, run) = arrive(Loss::Logistic, tight, &start, &data, Stop::time(1e4));
            assert!(run.drift.unwrap() <= 1e-12, "depth {depth}, seed {seed}: {run:?}");
            // The run's own number against the public diagnostics.
            let norms = frobenius_norms(&net).unwrap();
            let largest = norms.iter().copied().fold(0.0, f64::max).powi(2);
            let drift = balance_drift(&start, &net).unwrap().into_iter().fold(0.0, f64::max) / largest;
            assert!(drift <= 1e-12 && run.drift.unwrap() >= 0.5 * drift);
        }
    }
    // Control: a loose one does not.
    let (data, start) = setting(4, 1);
    let (_, run) =
        arrive(Loss::Logistic, Solver::dormand_prince(Clock::Time).within(1e-6, 1e-6), &start, &data, Stop::time(1e4));
    assert!(run.drift.unwrap() > 1e-10, "{run:?}");
}

#[test]
fn it_is_the_largest_over_the_run() {
    let (data, start) = setting(3, 4);
    let mut flow = Flow::new(&Loss::Logistic.on(&data), &start, Solver::dormand_prince(Clock::Time)).unwrap();
    let run = flow
        .run(Stop::time(100.0), SaveAt::Steps, |at| {
            let largest = frobenius_norms(at.network)?.into_iter().fold(0.0, f64::max).powi(2);
            Ok(balance_drift(&start, at.network)?.into_iter().fold(0.0, f64::max) / largest)
        })
        .unwrap();
    let worst = run.rows.iter().copied().fold(0.0, f64::max);
    assert!((run.drift.unwrap() - worst).abs() <= 1e-15 + 0.1 * worst, "{:?} {worst:e}", run.drift);
}

#[test]
fn rectified_layers_keep_the_diagonal_and_one_layer_keeps_nothing() {
    let data = TwoMoons { n: 40, noise: 0.1, constant: Some(1.0) }.sample(1).unwrap();
    let start = Network::rectified(&[3, 6, 5, 1], 0.3, Init::He, 2).unwrap();
    let (net, run) = arrive(Loss::Logistic, Solver::dormand_prince(Clock::Time), &start, &data, Stop::time(5.0));
    assert!(run.drift.unwrap() < 1e-9, "{run:?}");
    // Control: what it need not keep, the full matrices, moves.
    assert!(balance_drift(&start, &net).unwrap().iter().any(|d| *d > 1e-3));
    let (data, start) = setting(1, 1);
    let (_, run) = arrive(Loss::Logistic, Solver::dormand_prince(Clock::Time), &start, &data, Stop::time(5.0));
    assert_eq!(run.drift, None);
}
