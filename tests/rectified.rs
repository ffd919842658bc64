//! Rectified networks: gradients, patterns, chosen layers, dead networks, the last layer's margin.

use implicit_bias::diagnose::{activation_pattern, dead_units, homogeneous_margin, network_error, network_margin};
use implicit_bias::prelude::*;
use proptest::prelude::*;

/// A network with random weights, and random biases where it is to have some.
fn network(widths: &[usize], slope: f64, biases: bool, seed: u64) -> Network {
    let net = Network::rectified(widths, slope, Init::Gaussian(0.8), seed).unwrap();
    if !biases {
        return net;
    }
    let mut net = net.with_biases().unwrap();
    let noise = Network::linear(&[net.parameter_count(), 1], Init::Gaussian(0.5), seed + 1000).unwrap();
    let weights: Vec<_> = net.layers().map(|w| w.len()).collect();
    let mut at = 0;
    for (k, count) in weights.iter().enumerate() {
        let (first, rows) = (at + count, widths[k + 1]);
        net.params_mut()[first..first + rows].copy_from_slice(&noise.params()[first..first + rows]);
        at = first + rows;
    }
    net
}

fn clouds(n: usize, d: usize, seed: u64) -> Dataset {
    Separable { n, d, margin: 0.05, next_margin: 0.1 }.sample(seed).unwrap()
}

/// f(x) by plain loops.
fn output(net: &Network, x: &[f64]) -> f64 {
    let mut h = x.to_vec();
    for k in 1..=net.depth() {
        let w = net.layer(k);
        let z: Vec<f64> = (0..w.nrows())
            .map(|u| net.bias(k).map_or(0.0, |b| b[u]) + h.iter().enumerate().map(|(s, h)| w[[u, s]] * h).sum::<f64>())
            .collect();
        h = z.into_iter().map(|z| net.activation(k).at(z)).collect();
    }
    h[0]
}

fn risk(net: &Network, data: &Dataset, loss: Loss) -> f64 {
    let value = |(x, y): (ndarray::ArrayView1<f64>, &f64)| loss.log_value(y * output(net, &x.to_vec())).exp();
    data.x().rows().into_iter().zip(data.y()).map(value).sum::<f64>() / data.n() as f64
}

/// The whole gradient as one vector, laid out as the parameters.
fn gradient(net: &Network, at: &Evaluation) -> Vec<f64> {
    let mut all = vec![];
    for k in 1..=net.depth() {
        all.extend(at.scaled_gradient(k).unwrap());
        if net.bias(k).is_some() {
            all.extend(at.scaled_bias_gradient(k).unwrap());
        }
    }
    all.iter().map(|g| g * (-at.shift()).exp()).collect()
}

const SHAPES: [&[usize]; 6] =
    [&[2, 2, 2, 2, 1], &[3, 5, 4, 1], &[2, 1], &[1, 1, 1], &[2, 20, 17, 1], &[7, 33, 9, 40, 1]];

#[test]
fn gradients_agree_with_finite_differences() {
    for (i, widths) in SHAPES.iter().enumerate() {
        for (slope, biases) in [(0.0, false), (0.0, true), (0.3, false), (0.7, true), (1.0, true)] {
            for loss in [Loss::Logistic, Loss::Exponential] {
                let net = network(widths, slope, biases, 3 + i as u64);
                let data = clouds(19, widths[0], 5);
                let at = loss.on(&data).at(&net).unwrap();
                assert!((at.risk() / risk(&net, &data, loss) - 1.0).abs() < 1e-13, "{widths:?} {slope} {loss:?}");
                let gradient = gradient(&net, &at);
                let largest = gradient.iter().fold(0.0_f64, |m, g| m.max(g.abs()));
                let step = 1e-6;
                let (mut worst, mut compared): (f64, usize) = (0.0, 0);
                for (j, derivative) in gradient.iter().enumerate() {
                    let moved = |by: f64| {
                        let mut net = net.clone();
                        net.params_mut()[j] += by;
                        risk(&net, &data, loss)
                    };
                    // A unit whose input changes sign within the step makes a kink: skip where the sides disagree.
                    let (right, left) = (moved(step) - moved(0.0), moved(0.0) - moved(-step));
                    if (right - left).abs() < 1e-3 * step * largest.max(1e-2) {
                        worst = worst.max(((right + left) / (2.0 * step) - derivative).abs());
                        compared += 1;
                    }
                }
                assert!(worst <= 1e-7 * largest.max(1e-2), "{widths:?} {slope} {biases} {loss:?}: {worst:e}");
                assert!(compared * 10 >= 9 * gradient.len(), "{compared} of {} compared", gradient.len());
                let norm = gradient.iter().map(|g| g * g).sum::<f64>().sqrt();
                assert!((at.grad_norm() - norm).abs() <= 1e-13 * norm);
            }
        }
    }
}

/// Negative control: the tolerance above sees the gradient of another slope.
#[test]
fn another_slope_has_another_gradient() {
    let data = clouds(19, 2, 5);
    let [a, b] = [0.3, 0.300001].map(|m| {
        let net = network(SHAPES[0], m, false, 3);
        gradient(&net, &Loss::Logistic.on(&data).at(&net).unwrap())
    });
    let largest = a.iter().fold(0.0_f64, |m, g| m.max(g.abs()));
    assert!(a.iter().zip(&b).any(|(a, b)| (a - b).abs() > 1e-7 * largest));
}

#[test]
fn slope_one_is_the_linear_network_to_the_bit() {
    let data = clouds(40, 2, 1);
    let linear = Network::linear(&[2, 2, 2, 2, 1], Init::Gaussian(0.5), 1).unwrap();
    let same = Network::rectified(&[2, 2, 2, 2, 1], 1.0, Init::Gaussian(0.5), 1).unwrap();
    let after = |start: &Network| {
        let mut d = Descent::new(&Loss::Logistic.on(&data), start, StepRule::Constant(0.1)).unwrap();
        let run = d.run(1000, Record::Every(100), |at| Ok(at.log_risk().to_bits())).unwrap();
        (run.rows, d.network().params().to_vec())
    };
    assert!(same.is_linear() && after(&linear) == after(&same));
    assert!(after(&linear) != after(&same.with_slope(1.0 - 1e-12).unwrap()), "negative control");
}

/// The kernel of rectified networks at slope 1, with biases that stay untrained zeros, against the linear kernel.
#[test]
fn the_rectified_kernel_at_slope_one_is_the_linear_one_to_rounding() {
    for widths in SHAPES {
        let data = clouds(21, widths[0], 2);
        let linear = Network::linear(widths, Init::Gaussian(0.6), 4).unwrap();
        let affine = linear.clone().with_biases().unwrap();
        let (a, b) = (Loss::Logistic.on(&data).at(&linear).unwrap(), Loss::Logistic.on(&data).at(&affine).unwrap());
        for k in 1..=linear.depth() {
            // The two kernels may take different factors out.
            let plain = |at: &Evaluation| at.scaled_gradient(k).unwrap() * (-at.shift()).exp();
            let (a, b) = (plain(&a), plain(&b));
            let largest = a.iter().fold(0.0_f64, |m, g| m.max(g.abs()));
            assert!((&a - &b).iter().all(|d| d.abs() <= 1e-13 * largest), "{widths:?}, layer {k}");
        }
        assert!((a.log_risk() - b.log_risk()).abs() < 1e-13);
    }
}

#[test]
fn a_run_is_followed_by_plain_loops() {
    let (data, eta) = (clouds(13, 2, 3), 0.3);
    for biases in [false, true] {
        let mut net = network(&[2, 3, 2, 1], 0.2, biases, 8);
        let mut d = Descent::new(&Loss::Logistic.on(&data), &net, StepRule::Constant(eta)).unwrap();
        d.run(500, Record::Every(500), |_| Ok(())).unwrap();
        for _ in 0..500 {
            let at = Loss::Logistic.on(&data).at(&net).unwrap();
            let gradient = gradient(&net, &at);
            net.params_mut().iter_mut().zip(&gradient).for_each(|(w, g)| *w -= eta * g);
        }
        for (a, b) in d.network().params().iter().zip(net.params()) {
            assert!((a - b).abs() < 1e-12, "{a} {b}");
        }
    }
}

#[test]
fn every_rule_lowers_the_risk_and_far_risks_go_on() {
    let data = TwoMoons { n: 60, noise: 0.05, constant: Some(1.0) }.sample(1).unwrap().scaled_to_unit().unwrap();
    let start = Network::rectified(&[3, 12, 12, 1], 0.0, Init::He, 2).unwrap();
    let rules = [
        StepRule::Constant(0.1),
        StepRule::JiTelgarsky,
        StepRule::Armijo { cap: 1.0 },
        StepRule::Armijo { cap: f64::INFINITY },
        StepRule::LossScaled(1e-3),
        StepRule::Normalized { eta: 0.01, power: 1.0 },
    ];
    for rule in rules {
        let mut d = Descent::new(&Loss::Logistic.on(&data), &start, rule).unwrap();
        let run = d.run(3000, Record::Every(500), |at| Ok(at.log_risk())).unwrap();
        assert!(run.last() < run.first(), "{rule:?}");
    }
    let mut d =
        Descent::new(&Loss::Logistic.on(&data), &start, StepRule::Normalized { eta: 0.01, power: 1.0 }).unwrap();
    let stop = Stop { log_risk: -2000.0, ..Stop::steps(200_000) };
    let run = d.run(stop, Record::LogSpaced(5), |at| Ok(at.log_risk())).unwrap();
    assert_eq!(run.stopped, Stopped::Risk, "{run:?} {:?}", run.last());
}

#[test]
fn frozen_layers_stay_and_the_last_layer_alone_is_a_linear_problem() {
    let data = TwoMoons { n: 40, noise: 0.1, constant: Some(1.0) }.sample(2).unwrap();
    let start = Network::rectified(&[3, 9, 7, 1], 0.0, Init::He, 5).unwrap();
    let features = layer_features(&start, &data, 3).unwrap();
    let last = Network::from_layers(&[start.layer(3).to_owned()]).unwrap();
    for rule in [StepRule::Constant(0.2), StepRule::Armijo { cap: 4.0 }, StepRule::Normalized { eta: 1e-3, power: 1.0 }]
    {
        let mut deep = Descent::new(&Loss::Logistic.on(&data), &start, rule).unwrap();
        deep.train_only(&[3]).unwrap();
        let mut flat = Descent::new(&Loss::Logistic.on(&features), &last, rule).unwrap();
        let row = |at: &At| Ok((at.log_risk(), at.log_grad_norm()));
        let (deep_run, flat_run) =
            (deep.run(500, Record::Every(50), row).unwrap(), flat.run(500, Record::Every(50), row).unwrap());
        for (a, b) in deep_run.rows.iter().zip(&flat_run.rows) {
            assert!((a.0 - b.0).abs() < 1e-10 && (a.1 - b.1).abs() < 1e-8, "{rule:?} {a:?} {b:?}");
        }
        assert!((1..3).all(|k| deep.network().layer(k) == start.layer(k)));
        assert_eq!(deep.last_switch(), None, "hidden layers that stand still keep their pattern");
    }
    // A linear network's layers are chosen the same way.
    let linear = start.with_slope(1.0).unwrap();
    let mut some = Descent::new(&Loss::Logistic.on(&data), &linear, StepRule::Constant(0.1)).unwrap();
    some.train_only(&[2]).unwrap();
    let norm = some.at().scaled_gradient(2).unwrap().iter().map(|g| g * g).sum::<f64>().sqrt();
    assert!((some.at().grad_norm() / norm - 1.0).abs() < 1e-13);
    some.run(10, Record::Every(5), |_| Ok(())).unwrap();
    assert!(some.network().layer(1) == linear.layer(1) && some.network().layer(3) == linear.layer(3));
    assert!(some.network().layer(2) != linear.layer(2));
}

#[test]
fn the_last_switch_is_where_patterns_say_it_is() {
    let data = TwoMoons { n: 30, noise: 0.1, constant: Some(1.0) }.sample(4).unwrap();
    // A line search may land on a kink, where rounding decides the sign: not here.
    for rule in [StepRule::Constant(0.5), StepRule::Normalized { eta: 0.05, power: 1.0 }] {
        let start = Network::rectified(&[3, 6, 5, 1], 0.1, Init::He, 6).unwrap().with_biases().unwrap();
        let mut d = Descent::new(&Loss::Logistic.on(&data), &start, rule).unwrap();
        let (mut before, mut last) = (activation_pattern(&start, &data).unwrap(), None);
        let mut seen = vec![];
        for step in 1..=400 {
            d.step().unwrap();
            let now = activation_pattern(d.network(), &data).unwrap();
            if now != before {
                last = Some(step);
                seen.push(step);
            }
            assert_eq!(d.at().last_switch(), last, "{rule:?}, step {step}");
            before = now;
        }
        assert!(seen.len() > 3 && seen.len() < 400, "both cases occur: {}", seen.len());
    }
}

#[test]
fn dead_networks_are_told_from_stationary_ones() {
    let data = Dataset::new(array![[1.0, 0.5], [0.3, 1.0], [0.5, 0.5]], array![1.0, -1.0, 1.0]).unwrap();
    let rule = StepRule::Constant(0.1);
    let run = |net: &Network| {
        let mut d = Descent::new(&Loss::Logistic.on(&data), net, rule).unwrap();
        (d.run(100, Record::Every(10), |at| Ok(at.risk())).unwrap().stopped, d.steps())
    };
    // All first-layer inputs are negative on these data.
    let dead = Network::from_layers(&[array![[-1.0, -1.0], [-0.5, -2.0]], array![[1.0, 1.0]]]).unwrap();
    let dead = dead.with_slope(0.0).unwrap();
    assert_eq!(run(&dead), (Stopped::Dead, 0));
    assert_eq!(fate(&dead, &data).unwrap(), Fate::Dead);
    assert_eq!(dead_units(&dead, &data).unwrap(), [2]);
    // A slope above 0 revives it; zero weights are stationary without being dead.
    assert_eq!(run(&dead.clone().with_slope(0.1).unwrap()).0, Stopped::Steps);
    let zero = Network::from_layers(&[array![[0.0, 0.0]], array![[0.0]]]).unwrap();
    assert_eq!(run(&zero).0, Stopped::Stationary);
    // One point dies in the first layer, the others in the second: no unit is dead everywhere, yet nothing comes through.
    let cut = Dataset::new(array![[1.0], [-1.0]], array![1.0, -1.0]).unwrap();
    let net = Network::from_layers(&[array![[1.0]], array![[-1.0]], array![[1.0]]]).unwrap().with_slope(0.0).unwrap();
    assert!(is_dead(&net, &cut).unwrap() && dead_units(&net, &cut).unwrap() == [0, 1]);
    // With biases a layer above may be active where the one below is not: nothing is dead then.
    let layers = [array![[1.0]], array![[-1.0]], array![[1.0]]];
    let mut alive = Network::from_layers(&layers).unwrap().with_slope(0.0).unwrap().with_biases().unwrap();
    alive.params_mut()[3] = 1.0;
    alive.params_mut()[5] = -0.5;
    let two = Dataset::new(array![[-1.0], [1.05]], array![1.0, -1.0]).unwrap();
    assert_eq!((is_dead(&alive, &two).unwrap(), fate(&alive, &two).unwrap()), (false, Fate::Separated));
    // The bound on the gradient does not hide that a network is dead.
    let mut d = Descent::new(&Loss::Logistic.on(&data), &dead, rule).unwrap();
    let stop = Stop { grad_norm: 1e-9, ..Stop::steps(10) };
    assert_eq!(d.run(stop, Record::Every(1), |_| Ok(())).unwrap().stopped, Stopped::Dead);
    // With biases in a dead network the output still moves, the network stays dead.
    let mut d = Descent::new(&Loss::Logistic.on(&data), &dead.clone().with_biases().unwrap(), rule).unwrap();
    assert_eq!(d.run(50, Record::Every(50), |_| Ok(())).unwrap().stopped, Stopped::Steps);
    assert_eq!(fate(d.network(), &data).unwrap(), Fate::Dead);
    let message = MaxMargin::fit_layer(&dead, &data, 2).unwrap_err();
    assert!(matches!(message, Error::DeadNetwork { layer: 2, n: 3 }), "{message}");
}

#[test]
fn layer_features_are_derivatives_and_give_back_the_output() {
    for slope in [0.0, 0.4, 1.0] {
        let net = network(&[3, 5, 4, 1], slope, false, 11);
        let data = clouds(9, 3, 2);
        for k in 1..=3 {
            let features = layer_features(&net, &data, k).unwrap();
            let weights: Vec<f64> = net.layer(k).iter().copied().collect();
            for (row, x) in features.x().rows().into_iter().zip(data.x().rows()) {
                let (x, f) = (x.to_vec(), output(&net, &x.to_vec()));
                assert!((row.iter().zip(&weights).map(|(a, w)| a * w).sum::<f64>() - f).abs() < 1e-13);
                assert!((net.output(&x).unwrap() - f).abs() < 1e-13);
                let first: usize = net.layers().take(k - 1).map(|w| w.len()).sum();
                for (j, v) in row.iter().enumerate() {
                    let moved = |by: f64| {
                        let mut net = net.clone();
                        net.params_mut()[first + j] += by;
                        output(&net, &x)
                    };
                    assert!(((moved(1e-7) - moved(-1e-7)) / 2e-7 - v).abs() < 1e-6);
                }
            }
        }
        assert!(
            (net.hidden(2, data.x()).unwrap() - layer_features(&net, &data, 3).unwrap().x()).iter().all(|d| *d == 0.0)
        );
    }
}

#[test]
fn features_that_are_not_separable_are_counted() {
    // Two equal points of both classes: no network separates them.
    let data = Dataset::new(array![[1.0, 1.0], [1.0, 1.0], [2.0, 0.0]], array![1.0, -1.0, 1.0]).unwrap();
    let net =
        Network::from_layers(&[array![[1.0, 0.0], [0.0, 1.0]], array![[1.0, 1.0]]]).unwrap().with_slope(0.0).unwrap();
    let error = MaxMargin::fit_layer(&net, &data, 2).unwrap_err();
    assert!(matches!(error, Error::FeaturesNotSeparable { layer: 2, errors: 1, n: 3 }), "{error}");
    // A linear network's features cannot separate the moons, and they are too many to prove it.
    let moons = TwoMoons { n: 200, noise: 0.1, constant: Some(1.0) }.sample(1).unwrap();
    let linear = Network::linear(&[3, 8, 8, 1], Init::He, 1).unwrap();
    let wrong = (network_error(&linear, &moons).unwrap() * 200.0).round() as usize;
    let error = MaxMargin::fit_layer(&linear, &moons, 3).unwrap_err();
    assert!(matches!(error, Error::FeaturesNotSeparable { layer: 3, errors, n: 200 } if errors == wrong), "{error}");
    // A last layer of zeros is not dead, it errs everywhere.
    let zero = Network::from_layers(&[array![[1.0, 0.0], [0.0, 1.0]], array![[0.0, 0.0]]]).unwrap();
    let error = MaxMargin::fit_layer(&zero, &data, 1).unwrap_err();
    assert!(matches!(error, Error::FeaturesNotSeparable { layer: 1, errors: 3, n: 3 }), "{error}");
}

#[test]
fn wide_features_are_certified() {
    let data = TwoMoons { n: 200, noise: 0.1, constant: Some(1.0) }.sample(1).unwrap();
    let net = Network::rectified(&[3, 256, 256, 256, 1], 0.0, Init::He, 1).unwrap();
    let svm = MaxMargin::fit_layer(&net, &data, 4).unwrap();
    assert!(svm.gap() < 1e-10 * svm.margin() && svm.angle_bound() < 1e-8, "{svm:?}");
}

/// Chosen layers in narrow and wide networks, chosen again and again: each step against a fresh evaluation of everything.
#[test]
fn chosen_layers_follow_a_fresh_evaluation() {
    for widths in [&[2, 2, 2, 2, 1][..], &[3, 5, 4, 6, 1], &[3, 9, 7, 8, 1]] {
        let data = clouds(21, widths[0], 4);
        for (biases, rule) in [(false, StepRule::Constant(0.2)), (true, StepRule::Armijo { cap: 0.3 })] {
            let start = network(widths, 0.2, biases, 12);
            let mut d = Descent::new(&Loss::Logistic.on(&data), &start, rule).unwrap();
            for chosen in [&[3][..], &[1], &[2, 4], &[1, 2], &[4]] {
                d.train_only(chosen).unwrap();
                let frozen = d.network().clone();
                for _ in 0..20 {
                    let at = d.at();
                    let fresh = Loss::Logistic.on(&data).at(at.network).unwrap();
                    assert_eq!((at.margins(), at.log_risk()), (fresh.margins(), fresh.log_risk()));
                    let mut squares = 0.0;
                    for k in chosen {
                        let gradient = at.scaled_gradient(*k).unwrap();
                        assert_eq!(gradient, fresh.scaled_gradient(*k).unwrap(), "{widths:?} {chosen:?} layer {k}");
                        squares += gradient.iter().map(|g| g * g).sum::<f64>();
                        if biases {
                            let gradient = at.scaled_bias_gradient(*k).unwrap();
                            assert_eq!(gradient, fresh.scaled_bias_gradient(*k).unwrap());
                            squares += gradient.iter().map(|g| g * g).sum::<f64>();
                        }
                    }
                    let norm = squares.sqrt() * (-at.shift()).exp();
                    assert!((at.grad_norm() / norm - 1.0).abs() < 1e-12, "{widths:?} {chosen:?}");
                    d.step().unwrap();
                }
                for k in 1..=4 {
                    let moved = d.network().layer(k) != frozen.layer(k);
                    assert_eq!(moved, chosen.contains(&k), "{widths:?} {chosen:?} layer {k}");
                }
            }
        }
    }
}

#[test]
fn margins_of_networks_do_not_feel_the_layers_scales() {
    let data = clouds(15, 2, 7);
    let net = network(&[2, 6, 5, 1], 0.3, false, 2);
    let mut larger = net.clone();
    larger.params_mut()[..12].iter_mut().for_each(|w| *w *= 7.0);
    let [a, b] = [&net, &larger].map(|n| network_margin(n, &data).unwrap());
    assert!((a / b - 1.0).abs() < 1e-12);
    let margins: Vec<f64> = (0..15).map(|i| data.y()[i] * output(&net, &data.x().row(i).to_vec())).collect();
    let norms: f64 = frobenius_norms(&net).unwrap().iter().product();
    assert!((a - margins.into_iter().fold(f64::INFINITY, f64::min) / norms).abs() < 1e-14);
    let [a, b] = [&net, &net.scaled(3.0).unwrap()].map(|n| homogeneous_margin(n, &data).unwrap());
    assert!((a / b - 1.0).abs() < 1e-12);
}

#[test]
fn bad_input_is_refused_with_its_name() {
    let data = clouds(10, 2, 1);
    for slope in [-0.1, 1.1, f64::NAN, f64::INFINITY] {
        let error = Network::rectified(&[2, 3, 1], slope, Init::He, 1).unwrap_err().to_string();
        assert_eq!(error, format!("Network slope m of f(z) = max(mz, z): expected a number in [0, 1], found {slope}"));
    }
    assert!(Network::rectified(&[2, 0, 1], 0.5, Init::He, 1).unwrap_err().to_string().contains("widths[1]"));
    let net = Network::rectified(&[2, 3, 1], 0.5, Init::He, 1).unwrap();
    let mut d = Descent::new(&Loss::Logistic.on(&data), &net, StepRule::Constant(0.1)).unwrap();
    for layers in [&[][..], &[0], &[3], &[1, 7]] {
        let error = d.train_only(layers).unwrap_err().to_string();
        assert!(error.starts_with("Descent::train_only(layers): expected"), "{error}");
    }
    assert!(d.run(5, Record::Every(5), |_| Ok(())).unwrap().stopped == Stopped::Steps, "still usable");
    let linear_only: [Result<()>; 4] = [
        net.predictor().map(drop),
        product_alignment(&net).map(drop),
        normalized_predictor(&net).map(drop),
        d.at().predictor().map(drop),
    ];
    for result in linear_only {
        let error = result.unwrap_err().to_string();
        assert!(error.contains("expected a linear network"), "{error}");
    }
    let biased = net.clone().with_biases().unwrap();
    for result in [network_margin(&biased, &data).map(drop), layer_features(&biased, &data, 1).map(drop)] {
        assert!(result.unwrap_err().to_string().contains("without biases"));
    }
    assert!(layer_features(&net, &data, 3).is_err() && net.hidden(3, data.x()).is_err());
    assert!(net.output(&[1.0]).is_err() && net.outputs(array![[1.0, 2.0, 3.0]].view()).is_err());
    assert!(Loss::Logistic.on(&data).at(&net).unwrap().scaled_bias_gradient(1).is_err());
    let mut broken = net;
    broken.params_mut()[3] = f64::NAN;
    assert!(Loss::Logistic.on(&data).at(&broken).is_err());
}

proptest! {
    #[test]
    fn any_weights_give_a_finite_run_or_an_error(
        weights in prop::collection::vec(prop_oneof![any::<f64>(), -3.0..3.0f64, -1e160..1e160f64], 10), slope in 0.0..=1.0f64, eta in 1e-3..1e3f64,
    ) {
        let layers = [
            Array2::from_shape_vec((2, 2), weights[..4].to_vec()).unwrap(),
            Array2::from_shape_vec((2, 2), weights[4..8].to_vec()).unwrap(),
            Array2::from_shape_vec((1, 2), weights[8..].to_vec()).unwrap(),
        ];
        let data = clouds(10, 2, 1);
        if let Ok(net) = Network::from_layers(&layers).and_then(|net| net.with_slope(slope))
            && let Ok(mut d) = Descent::new(&Loss::Logistic.on(&data), &net, StepRule::Constant(eta))
        {
            let row = |at: &At| Ok((at.log_risk(), at.margins().iter().all(|q| q.is_finite())));
            let run = d.run(20, Record::Every(5), row).unwrap();
            prop_assert!(run.rows.iter().all(|r| !r.0.is_nan() && r.1) && d.network().params().iter().all(|w| w.is_finite()));
        }
    }
}
