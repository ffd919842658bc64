//! The squared loss: gradients, X⁺y, the null space, divergence; power networks.

use super::plain::{gradient, regression, relative};
use implicit_bias::diagnose::{activation_pattern, network_margin};
use implicit_bias::prelude::*;

fn networks(d: usize, outputs: usize) -> Vec<Network> {
    let init = Init::Gaussian(0.6);
    let linear = |widths: &[usize]| Network::linear(widths, init, 3).unwrap();
    vec![
        linear(&[d, outputs]),
        linear(&[d, 4, outputs]),
        linear(&[d, 3, 9, outputs]),
        linear(&[d, 5, outputs]).with_slope(0.0).unwrap().with_biases().unwrap(),
        linear(&[d, 5, 4, outputs]).with_slope(0.3).unwrap(),
        linear(&[d, 5, outputs]).with_power(2).unwrap(),
        linear(&[d, 4, 3, outputs]).with_power(3).unwrap().with_biases().unwrap(),
    ]
}

#[test]
fn gradients_are_those_of_central_differences() {
    for (n, d, outputs) in [(1, 1, 1), (7, 3, 1), (8, 2, 2), (21, 4, 3)] {
        let data = regression(n, d, outputs, 1);
        for net in networks(d, outputs) {
            let found = gradient(&Risk::squares(&data).at(&net).unwrap(), &net);
            let risk = |net: &Network| Risk::squares(&data).at(net).unwrap().risk();
            let expected = Array1::from_shape_fn(net.parameter_count(), |i| {
                let (mut more, mut less) = (net.clone(), net.clone());
                more.params_mut()[i] += 1e-5;
                less.params_mut()[i] -= 1e-5;
                (risk(&more) - risk(&less)) / 2e-5
            });
            assert!(relative(&found, &expected) < 1e-7, "{net:?}, n = {n}: {found} against {expected}");
            // Negative control: the gradient of the sum instead of the mean, where the two differ.
            assert!(n == 1 || relative(&(&found * n as f64), &expected) > 0.5);
        }
    }
}

#[test]
fn risk_and_residuals_are_those_of_the_outputs() {
    let data = regression(13, 3, 2, 2);
    for net in networks(3, 2) {
        let at = Risk::squares(&data).at(&net).unwrap();
        let residuals = net.hidden(net.depth(), data.x()).unwrap() - data.y();
        let close = |a: f64, b: f64| (a - b).abs() <= 1e-13 * b.abs().max(1.0);
        assert!(at.residuals().unwrap().iter().zip(&residuals).all(|(a, b)| close(*a, *b)), "{net:?}");
        assert!(close(at.risk(), residuals.mapv(|e| e * e).sum() / 26.0), "{net:?}");
        assert!(at.margins().is_empty() && at.scaled_slopes().is_empty() && at.shift() == 0.0);
    }
}

#[test]
fn power_networks_descend_margin_losses_as_well() {
    let data = TwoMoons { n: 30, noise: 0.1, constant: Some(1.0) }.sample(1).unwrap();
    let net = Network::power(&[3, 4, 1], 2, Init::Gaussian(0.5), 1).unwrap();
    let found = gradient(&Loss::Logistic.on(&data).at(&net).unwrap(), &net);
    let risk = |net: &Network| Loss::Logistic.on(&data).at(net).unwrap().risk();
    for i in 0..net.parameter_count() {
        let (mut more, mut less) = (net.clone(), net.clone());
        more.params_mut()[i] += 1e-5;
        less.params_mut()[i] -= 1e-5;
        assert!((found[i] - (risk(&more) - risk(&less)) / 2e-5).abs() < 1e-8);
    }
}

#[test]
fn power_one_is_the_linear_network() {
    let (data, linear) = (regression(9, 3, 2, 1), Network::linear(&[3, 4, 2], Init::LeCun, 1).unwrap());
    let one = linear.clone().with_power(2).unwrap().with_power(1).unwrap();
    assert!(one == linear && one.is_linear());
    let outputs = |net: &Network| net.hidden(2, data.x()).unwrap();
    assert_ne!(outputs(&linear), outputs(&linear.clone().with_power(2).unwrap()));
}

/// The part of v that no row of X reaches, by nalgebra's SVD.
fn null_part(data: &Regression, v: &[f64]) -> f64 {
    let x = nalgebra::DMatrix::from_row_iterator(data.n(), data.d(), data.x().iter().copied());
    let svd = x.svd(false, true);
    let rows = svd.v_t.unwrap();
    let v = nalgebra::DVector::from_column_slice(v);
    (&v - rows.transpose() * (&rows * &v)).norm()
}

#[test]
fn a_hundred_thousand_steps_leave_the_null_space_alone() {
    let data = regression(6, 15, 1, 4);
    let start = Network::linear(&[15, 1], Init::Gaussian(1.0), 5).unwrap();
    let eta = 1.0 / risk_smoothness(&Risk::squares(&data)).unwrap();
    let moved = |net: &Network| {
        let moved: Vec<f64> = net.params().iter().zip(start.params()).map(|(a, b)| a - b).collect();
        null_part(&data, &moved)
    };
    let run = |batches: Option<Batches>, momentum: f64, eta: f64| {
        let mut descent = Descent::new(&Risk::squares(&data), &start, StepRule::Constant(eta)).unwrap();
        descent.set_momentum(momentum).unwrap();
        if let Some(batches) = batches {
            descent.set_batches(batches).unwrap();
        }
        descent.run(100_000, Record::At(vec![]), |_| Ok(())).unwrap();
        moved(descent.network())
    };
    for (momentum, eta) in [(0.0, eta), (0.9, 0.2 * eta)] {
        let drift = run(None, momentum, eta);
        assert!(drift < 1e-14, "momentum {momentum}: {drift:e}");
    }
    for size in [1, 4] {
        let drift = run(Some(Batches { size, order: Order::Shuffled(1) }), 0.0, 0.1 * eta);
        assert!(drift < 1e-14, "batches of {size}: {drift:e}");
    }
    // Negative control: a start moved by 1e-13 along the null space is seen.
    let mut shifted = start.clone();
    shifted.params_mut()[0] += 1e-13;
    assert!(moved(&shifted) > 1e-14);
}

#[test]
fn from_zero_descent_reaches_the_least_norm() {
    for (n, d, seed) in [(6, 15, 1), (10, 10, 2), (30, 8, 3)] {
        let data = regression(n, d, 1, seed);
        let x = nalgebra::DMatrix::from_row_iterator(n, d, data.x().iter().copied());
        let y = nalgebra::DVector::from_iterator(n, data.y().iter().copied());
        let least = x.svd(true, true).solve(&y, 1e-12).unwrap();
        let start = Network::linear(&[d, 1], Init::Zeros, 0).unwrap();
        let eta = 1.0 / risk_smoothness(&Risk::squares(&data)).unwrap();
        let mut descent = Descent::new(&Risk::squares(&data), &start, StepRule::Constant(eta)).unwrap();
        descent.set_momentum(0.9).unwrap();
        let relative = |net: &Network| {
            let found = nalgebra::DVector::from_column_slice(net.params());
            (found - &least).norm() / least.norm()
        };
        descent.run(20, Record::At(vec![]), |_| Ok(())).unwrap();
        let early = relative(descent.network());
        descent.run(1_000_000, Record::At(vec![]), |_| Ok(())).unwrap();
        let late = relative(descent.network());
        assert!(late < 1e-12, "({n}, {d}): {late:e}");
        assert!(early > 1e-12, "negative control ({n}, {d}): {early:e}");
    }
}

#[test]
fn beyond_the_bound_it_diverges_and_says_so() {
    let data = regression(6, 4, 1, 7);
    let start = Network::linear(&[4, 1], Init::Gaussian(1.0), 1).unwrap();
    for momentum in [0.0, 0.5] {
        let mut descent = Descent::new(&Risk::squares(&data), &start, StepRule::Constant(1.0)).unwrap();
        descent.set_momentum(momentum).unwrap();
        let bound = descent.step_bound().unwrap().unwrap();
        let run = |factor: f64| {
            let mut descent = Descent::new(&Risk::squares(&data), &start, StepRule::Constant(factor * bound)).unwrap();
            descent.set_momentum(momentum).unwrap();
            let run = descent.run(200_000, Record::LogSpaced(5), |at| Ok(at.risk())).unwrap();
            (run, descent)
        };
        let (stable, _) = run(0.98);
        assert!(stable.diverged.is_none() && stable.last() < stable.first());
        let (broken, mut descent) = run(1.02);
        assert_eq!(broken.stopped, Stopped::Diverged);
        let divergence = broken.diverged.unwrap();
        assert_eq!((divergence.bound, divergence.step), (Some(bound), broken.steps + 1));
        assert!(broken.last().is_finite() && descent.network().params().iter().all(|w| w.is_finite()));
        assert!(format!("{broken:?}").contains("which is not below the stability bound"));
        // It goes on from the last finite state with a smaller step.
        descent.set_rule(StepRule::Constant(0.5 * bound)).unwrap();
        let after = descent.run(1000, Record::LogSpaced(5), |at| Ok(at.risk())).unwrap();
        assert!(after.diverged.is_none() && after.last() < after.first());
    }
}

#[test]
fn bad_input_is_refused() {
    let data = regression(6, 4, 2, 7);
    let start = |widths: &[usize]| Network::linear(widths, Init::LeCun, 1).unwrap();
    let refuse = |rule, net: &Network| Descent::new(&Risk::squares(&data), net, rule).unwrap_err().to_string();
    assert!(refuse(StepRule::Constant(0.1), &start(&[4, 1])).contains("expected shape 4 → 2"));
    assert!(refuse(StepRule::JiTelgarsky, &start(&[4, 2])).contains("found squared loss"));
    assert!(refuse(StepRule::Constant(0.1), &start(&[4, 2]).scaled(1e200).unwrap()).contains("mean square"));
    assert!(
        Network::power(&[2, 1], 0, Init::LeCun, 0).is_err() && Network::power(&[2, 1], 65, Init::LeCun, 0).is_err()
    );
    let power = Network::power(&[4, 3, 1], 2, Init::LeCun, 0).unwrap();
    let labelled = GaussianClouds { n: 6, d: 4, distance: 3.0, std: 0.1 }.sample(1);
    let labelled = labelled.unwrap();
    assert!(activation_pattern(&power, &labelled).is_err() && network_margin(&power, &labelled).is_err());
    assert!(Loss::Logistic.on(&labelled).at(&power).unwrap().residuals().is_err());
    let at = Risk::squares(&data).at(&start(&[4, 2])).unwrap();
    assert!(at.predictor().unwrap_err().to_string().contains("squared loss"));
}

#[test]
fn noisy_targets_of_low_rank_leave_the_null_space_alone_as_well() {
    // Entries of X are multiples of 2⁻¹⁰, so that its rank is 3 exactly; nothing fits the targets.
    let round = |a: Array2<f64>| a.mapv(|v| (v * 32.0).round() / 32.0);
    let factor = |n: usize, d: usize, seed: u64| round(regression(n, d, 1, seed).x().to_owned());
    let x = factor(12, 3, 1).dot(&factor(3, 9, 2));
    let data = Regression::new(x, regression(12, 1, 1, 3).y().column(0).to_owned()).unwrap();
    let start = Network::linear(&[9, 1], Init::Gaussian(1.0), 5).unwrap();
    let eta = 1.0 / risk_smoothness(&Risk::squares(&data)).unwrap();
    let fit = MinNorm::fit(&data).unwrap();
    assert_eq!(fit.rank(), 3);
    for momentum in [0.0, 0.9] {
        let mut descent = Descent::new(&Risk::squares(&data), &start, StepRule::Constant(0.5 * eta)).unwrap();
        descent.set_momentum(momentum).unwrap();
        let run = descent.run(300_000, Record::At(vec![]), |_| Ok(())).unwrap();
        let moved = &descent.network().product().unwrap() - &start.product().unwrap();
        let drift = fit.null_part(&moved).unwrap().mapv(|v| v * v).sum().sqrt();
        assert!(drift < 1e-14, "momentum {momentum}, {} steps: {drift:e}", run.steps);
    }
}

#[test]
fn small_steps_that_no_rounded_weight_shows_still_add_up() {
    // Eigenvalues 1/2 and 5e-6: the last digits of the slow direction take millions of steps, each below one unit of them.
    let data = Regression::new(array![[1.0, 0.0], [0.0, 10_f64.powf(-2.5)]], array![1.0, 10_f64.powf(-2.5)]).unwrap();
    let start = Network::linear(&[2, 1], Init::Zeros, 0).unwrap();
    let mut descent = Descent::new(&Risk::squares(&data), &start, StepRule::Constant(2.0)).unwrap();
    let early = descent.run(2_500_000, Record::At(vec![]), |_| Ok(())).unwrap();
    let off = |descent: &Descent| descent.network().params().iter().map(|w| (w - 1.0).abs()).fold(0.0, f64::max);
    assert!(early.steps == 2_500_000 && off(&descent) > 1e-12, "negative control");
    descent.run(2_500_000, Record::At(vec![]), |_| Ok(())).unwrap();
    assert!(off(&descent) < 1e-15, "{:e}", off(&descent));
}

#[test]
fn the_step_bound_is_that_of_the_largest_singular_value() {
    let data = regression(9, 4, 1, 3);
    let labelled =
        Dataset::new(data.x().to_owned(), Array1::from_shape_fn(9, |i| if i < 4 { 1.0 } else { -1.0 })).unwrap();
    let x = nalgebra::DMatrix::from_row_iterator(9, 4, data.x().iter().copied());
    let square = x.singular_values().max().powi(2) / 9.0;
    let close = |a: f64, b: f64| assert!((a / b - 1.0).abs() < 1e-12, "{a} and {b}");
    close(risk_smoothness(&Risk::squares(&data)).unwrap(), square);
    close(risk_smoothness(&Loss::Logistic.on(&labelled)).unwrap(), square / 4.0);
    assert!(risk_smoothness(&Loss::Exponential.on(&labelled)).is_err());
    let net = |widths: &[usize]| Network::linear(widths, Init::LeCun, 1).unwrap();
    let bound = |loss: Loss, net: &Network| {
        Descent::new(&loss.on(&labelled), net, StepRule::Constant(0.1)).unwrap().step_bound().unwrap()
    };
    close(bound(Loss::Logistic, &net(&[4, 1])).unwrap(), 8.0 / square);
    assert_eq!(bound(Loss::Exponential, &net(&[4, 1])), None);
    assert_eq!(bound(Loss::Logistic, &net(&[4, 2, 1])), None);
    let mut sgd = Descent::new(&Risk::squares(&data), &net(&[4, 1]), StepRule::Constant(0.1)).unwrap();
    close(sgd.step_bound().unwrap().unwrap(), 2.0 / square);
    sgd.set_batches(Batches { size: 1, order: Order::Cyclic }).unwrap();
    assert_eq!(sgd.step_bound().unwrap(), None);
}
