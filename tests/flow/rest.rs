//! Where a flow comes to rest: data that is not separable, saddles, dead networks.

use super::{SOLVERS, arrive, one_point};
use implicit_bias::diagnose::network_error;
use implicit_bias::prelude::*;

/// Points of both labels on either side: the risk has a minimiser.
fn mixed() -> Dataset {
    Dataset::new(
        array![[1.0, 0.2], [-0.7, 0.5], [0.4, -0.9], [-0.3, -0.8], [0.6, 0.7], [0.1, 0.3]],
        array![1.0, 1.0, -1.0, 1.0, -1.0, 1.0],
    )
    .unwrap()
}

#[test]
fn data_that_is_not_separable_is_reported_at_the_minimiser() {
    let data = mixed();
    assert!(MaxMargin::fit(&data).is_err());
    for layers in [vec![array![[0.3, -0.2]]], vec![array![[0.5, 0.1], [-0.2, 0.4]], array![[0.6, 0.3]]]] {
        let start = Network::from_layers(&layers).unwrap();
        for solver in SOLVERS {
            let (net, run) = arrive(Loss::Logistic, solver, &start, &data, Stop::time(1e12));
            let at = Loss::Logistic.on(&data).at(&net).unwrap();
            assert_eq!(run.stopped, Stopped::Stationary, "{solver:?}: {run:?}");
            // In λ the flow ends where λ does, which f64 resolves to half the digits of W only.
            assert!(at.grad_norm() < 1e-6, "{solver:?}: {:e} {run:?}", at.grad_norm());
            // The minimiser over all predictors, by Newton's method on depth 1.
            let w = minimiser(&data);
            let distance = (&net.predictor().unwrap() - &w).mapv(|v| v * v).sum().sqrt();
            assert!(distance < 1e-5, "{solver:?}: {distance:e}");
        }
    }
}

/// argmin of the logistic risk over w, by Newton's method.
fn minimiser(data: &Dataset) -> Array1<f64> {
    let z = data.mirrored();
    let mut w = Array1::<f64>::zeros(2);
    for _ in 0..50 {
        let q = z.dot(&w);
        let slope = q.mapv(|q: f64| -1.0 / (1.0 + q.exp()));
        let bend = slope.mapv(|s| -s * (1.0 + s));
        let g = slope.dot(&z);
        let h = |i: usize, j: usize| (0..q.len()).map(|k| bend[k] * z[[k, i]] * z[[k, j]]).sum::<f64>();
        let (a, b, d) = (h(0, 0), h(0, 1), h(1, 1));
        let det = a * d - b * b;
        w[0] -= (d * g[0] - b * g[1]) / det;
        w[1] -= (a * g[1] - b * g[0]) / det;
    }
    w
}

#[test]
fn separable_data_never_rests() {
    let (data, start) = super::setting(2, 2);
    for solver in SOLVERS {
        assert_eq!(arrive(Loss::Logistic, solver, &start, &data, Stop::time(1e6)).1.stopped, Stopped::Time);
    }
}

#[test]
fn appendix_a_s_trap_and_a_start_at_a_saddle() {
    // w₁ = −w₂ runs into the saddle at zero (Ji & Telgarsky, Appendix A): R → ℓ(0) = 1 and no further.
    let trap = Network::from_layers(&[array![[0.5]], array![[-0.5]]]).unwrap();
    let (net, run) =
        arrive(Loss::Exponential, Solver::dormand_prince(Clock::Time), &trap, &one_point(), Stop::time(1000.0));
    assert!(net.params().iter().all(|w| w.abs() < 1e-9), "{:?} {run:?}", net.params());
    // In λ that end is 0, which the clock never passes: no minimiser, and not called one.
    for solver in [Solver::dormand_prince(Clock::LogRisk), Solver::radau(Clock::LogRisk)] {
        let (net, run) = arrive(Loss::Exponential, solver, &trap, &one_point(), Stop::log_risk(-1.0));
        assert_eq!(run.stopped, Stopped::Underflow);
        assert!(net.params().iter().all(|w| w.abs() < 1e-5), "{:?}", net.params());
    }
    let saddle = Network::from_layers(&[array![[0.0]], array![[0.0]]]).unwrap();
    for solver in SOLVERS {
        let (_, run) = arrive(Loss::Logistic, solver, &saddle, &one_point(), Stop::time(10.0));
        assert_eq!((run.stopped, run.steps), (Stopped::Stationary, 0));
    }
}

#[test]
fn a_dead_network_is_told_apart() {
    let dead = Network::from_layers(&[array![[-1.0]], array![[1.0]]]).unwrap().with_slope(0.0).unwrap();
    let (_, run) = arrive(Loss::Logistic, Solver::dormand_prince(Clock::Time), &dead, &one_point(), Stop::time(1.0));
    assert_eq!(run.stopped, Stopped::Dead);
}

#[test]
fn small_starts_leave_the_saddle() {
    // Weights of 1e-3 at depth 3: κ of the rest test stays of order one, though ‖∇R‖ ~ 1e-6.
    let (data, start) = super::setting(3, 1);
    let tiny = start.scaled(1e-3 / frobenius_norms(&start).unwrap()[0]).unwrap();
    let (net, run) = arrive(Loss::Logistic, Solver::dormand_prince(Clock::Time), &tiny, &data, Stop::time(1e7));
    assert_eq!(run.stopped, Stopped::Time);
    assert!(network_error(&net, &data).unwrap() == 0.0, "{run:?}");
}

#[test]
fn zero_is_no_rest_for_a_single_layer() {
    // The usual start of logistic regression: w = 0, ∇R(0) ≠ 0.
    let (data, _) = super::setting(1, 3);
    let zero = Network::from_layers(&[Array2::zeros((1, 2))]).unwrap();
    for solver in SOLVERS {
        let (net, run) = arrive(Loss::Logistic, solver, &zero, &data, Stop::time(100.0));
        assert_eq!(run.stopped, Stopped::Time, "{solver:?}: {run:?}");
        assert!(network_error(&net, &data).unwrap() == 0.0);
    }
}

#[test]
fn weights_that_shrink_to_zero_have_a_drift() {
    let saddle = Network::from_layers(&[array![[0.0]], array![[0.0]]]).unwrap();
    let (_, run) = arrive(Loss::Logistic, SOLVERS[0], &saddle, &one_point(), Stop::time(1.0));
    assert_eq!(run.drift, Some(0.0));
    let trap = Network::from_layers(&[array![[0.5]], array![[-0.5]]]).unwrap();
    let (_, run) = arrive(Loss::Exponential, SOLVERS[0], &trap, &one_point(), Stop::time(100.0));
    assert!(run.drift.unwrap() < 1e-9, "{run:?}");
}
