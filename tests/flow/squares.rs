//! The squared loss: closed forms, both methods, powers, rest.

use crate::distance;
use implicit_bias::prelude::*;

fn regression(n: usize, d: usize, outputs: usize, seed: u64) -> Regression {
    Regression::with_outputs(gaussian_matrix(n, d, seed).unwrap(), gaussian_matrix(n, outputs, seed + 1).unwrap())
        .unwrap()
}

fn end(risk: &Risk, start: &Network, solver: Solver, time: f64) -> (Network, FlowRun<f64>) {
    let mut flow = Flow::new(risk, start, solver).unwrap();
    let run = flow.run(Stop::time(time), SaveAt::At(vec![]), |at| Ok(at.risk())).unwrap();
    (flow.network().clone(), run)
}

#[test]
fn one_layer_follows_its_exponentials_in_every_clock() {
    // x = 2 and 1 along the axes: w_j(t) = (1 − e^{−x_j² t/2}) y_j/x_j from 0.
    let risk = Risk::squares(&Regression::new(array![[2.0, 0.0], [0.0, 1.0]], array![3.0, -1.0]).unwrap());
    let start = Network::linear(&[2, 1], Init::Zeros, 0).unwrap();
    let exact = |t: f64| [1.5 * (1.0 - (-2.0 * t).exp()), -(1.0 - (-0.5 * t).exp())];
    for clock in [Clock::Time, Clock::LogTime, Clock::LogRisk] {
        for (solver, tolerance) in [
            (Solver::dormand_prince(clock).within(1e-12, 1e-12), 1e-9),
            (Solver::radau(clock).within(1e-10, 1e-10), 1e-6),
        ] {
            let (net, _) = end(&risk, &start, solver, 1.7);
            let off = net.params().iter().zip(exact(1.7)).map(|(a, b)| (a - b).abs()).fold(0.0, f64::max);
            assert!(off < tolerance, "{solver:?}: {off:e}");
            // A control: a hundredth of a unit of time is seen.
            assert!(net.params().iter().zip(exact(1.71)).map(|(a, b)| (a - b).abs()).fold(0.0, f64::max) > 1e-3);
        }
    }
}

#[test]
fn two_layers_of_one_mode_follow_the_logistic_curve() {
    // Saxe, McClelland & Ganguli (2014), eq. (8): balanced scalars on x = 1 with target s, a = w₂w₁.
    let (s, a0) = (2.0, 0.01);
    let risk = Risk::squares(&Regression::new(array![[1.0]], array![s]).unwrap());
    let start = Network::from_layers(&[array![[f64::sqrt(a0)]], array![[f64::sqrt(a0)]]]).unwrap();
    for t in [0.5, 1.5, 4.0] {
        let (net, run) = end(&risk, &start, Solver::dormand_prince(Clock::Time).within(1e-13, 1e-13), t);
        let grown = (2.0 * s * t).exp();
        let exact = s * grown / (grown - 1.0 + s / a0);
        assert!((net.params()[0] * net.params()[1] - exact).abs() < 1e-11, "{t}");
        assert!(run.drift < Some(1e-12));
    }
}

#[test]
fn explicit_and_implicit_methods_agree_on_deep_power_and_bent_networks() {
    let data = regression(6, 2, 2, 5);
    let risk = Risk::squares(&data);
    let layers = [Layer::dense(3).then(Activation::Power(2)), Layer::dense(2)];
    let starts = [
        Network::linear(&[2, 3, 2], Init::Gaussian(0.5), 1).unwrap(),
        Network::of(2, &layers, Init::Gaussian(0.3), 2).unwrap(),
        Network::of(2, &layers, Init::Gaussian(0.3), 3).unwrap().with_scale(0.5).unwrap().centred(),
    ];
    for start in &starts {
        let (explicit, run) = end(&risk, start, Solver::dormand_prince(Clock::Time).within(1e-12, 1e-12), 3.0);
        let (implicit, _) = end(&risk, start, Solver::radau(Clock::Time).within(1e-11, 1e-11), 3.0);
        assert!(distance(&explicit, &implicit) < 1e-7, "{start:?}: {:e}", distance(&explicit, &implicit));
        assert!(run.drift < Some(1e-10), "{start:?}: {:?}", run.drift);
    }
    // A control: what a power conserves is not what a linear layer does.
    let (moved, _) = end(&risk, &starts[1], Solver::dormand_prince(Clock::Time), 3.0);
    let plain = |net: &Network| {
        net.layer(2).column(0).dot(&net.layer(2).column(0)) - net.layer(1).row(0).dot(&net.layer(1).row(0))
    };
    assert!((plain(&moved) - plain(&starts[1])).abs() > 1e-3);
}

#[test]
fn a_flow_that_cannot_fit_comes_to_rest_at_least_squares() {
    let data = regression(20, 3, 1, 11);
    let risk = Risk::squares(&data);
    let start = Network::linear(&[3, 1], Init::Zeros, 0).unwrap();
    let mut flow = Flow::new(&risk, &start, Solver::dormand_prince(Clock::Time)).unwrap();
    let run = flow.run(Stop::time(1e6), SaveAt::At(vec![]), |at| Ok(at.risk())).unwrap();
    assert_eq!(run.stopped, Stopped::Stationary);
    let least = MinNorm::fit(&data).unwrap();
    let w = flow.network().predictor().unwrap();
    assert!((&w - &least.weights().row(0)).iter().all(|off| off.abs() < 1e-8));
}
