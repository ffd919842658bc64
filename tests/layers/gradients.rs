//! Outputs by plain loops, gradients by differences and by hand, steps of batches and of chosen layers.

use super::{LOSSES, gradient, moved, networks, numbers, risk};
use implicit_bias::diagnose::hessian_vector;
use implicit_bias::prelude::*;

/// N(x) by plain loops, at any parameters that lie as the network's.
fn sums(net: &Network, params: &[f64], x: &[f64]) -> f64 {
    let (mut h, mut rest) = (x.to_vec(), params);
    for (k, layer) in (1..).zip(net.architecture()) {
        let (w, others) = rest.split_at(h.len() * layer.width());
        let (b, others) = others.split_at(if layer.bias { layer.width() } else { 0 });
        rest = others;
        h = (0..layer.width())
            .map(|u| {
                let sum: f64 = h.iter().zip(&w[u * h.len()..]).map(|(h, w)| h * w).sum();
                net.activation(k).at(sum + b.get(u).copied().unwrap_or(0.0))
            })
            .collect();
    }
    h[0]
}

/// The risk at these outputs.
fn risk_of(risk: &Risk, f: &[f64]) -> f64 {
    let n = f.len() as f64;
    match risk.loss() {
        Some(loss) => {
            let y = risk.data().unwrap().y();
            f.iter().zip(y).map(|(f, y)| loss.log_value(y * f).exp()).sum::<f64>() / n
        }
        None => f.iter().zip(risk.regression().unwrap().y()).map(|(f, y)| (f - y).powi(2)).sum::<f64>() / (2.0 * n),
    }
}

fn inputs(risk: &Risk) -> Array2<f64> {
    match risk.loss() {
        Some(_) => risk.data().unwrap().x().to_owned(),
        None => risk.regression().unwrap().x().to_owned(),
    }
}

#[test]
fn gradients_of_every_network_and_loss_are_those_of_differences() {
    for loss in LOSSES {
        let risk = risk(loss, 19, 3);
        let x = inputs(&risk);
        for net in networks(3) {
            let at = risk.at(&net).unwrap();
            let value = |net: &Network| risk_of(&risk, net.outputs(x.view()).unwrap().as_slice().unwrap());
            assert!((at.risk() / value(&net) - 1.0).abs() < 1e-12, "{net:?}, {loss:?}");
            let found = gradient(&net, &at);
            let largest = found.iter().fold(0.0_f64, |m, g| m.max(g.abs()));
            let (mut worst, mut compared) = (0.0_f64, 0);
            for (i, g) in found.iter().enumerate() {
                let moved = |by: f64| {
                    let mut net = net.clone();
                    net.params_mut()[i] += by;
                    value(&net)
                };
                // A unit whose input changes sign within the step makes a kink: skip where the sides disagree.
                let (right, left) = (moved(1e-6) - moved(0.0), moved(0.0) - moved(-1e-6));
                if (right - left).abs() < 1e-9 * largest {
                    worst = worst.max(((right + left) / 2e-6 - g).abs());
                    compared += 1;
                }
            }
            assert!(worst <= 1e-7 * largest, "{net:?}, {loss:?}: {worst:e} of {largest:e}");
            assert!(compared * 10 >= 9 * found.len(), "{net:?}: {compared} of {} compared", found.len());
        }
    }
}

/// Negative control of the tolerance above: the gradient without the scale, of the network not centred, of another slope.
#[test]
fn another_model_has_another_gradient() {
    let risk = risk(Some(Loss::Logistic), 19, 3);
    let of = |net: &Network| gradient(net, &risk.at(net).unwrap());
    let net = moved(Network::bottleneck(3, 1, 6, Init::PyTorch, 3).unwrap().with_scale(1.5).unwrap().centred(), 1);
    let found = of(&net);
    let largest = found.iter().fold(0.0_f64, |m, g| m.max(g.abs()));
    let plain = Network::bottleneck(3, 1, 6, Init::PyTorch, 3).unwrap().with_scale(1.5).unwrap();
    let others = [
        net.clone().with_scale(1.50001).unwrap(),
        moved(plain, 1),
        net.clone().with_activation(Activation::Rectified(1e-4)).unwrap(),
    ];
    for other in others {
        assert_eq!(other.params(), net.params());
        assert!(of(&other).iter().zip(&found).any(|(a, b)| (a - b).abs() > 1e-7 * largest), "{other:?}");
    }
}

#[test]
fn outputs_are_those_of_plain_loops_and_of_the_kernels() {
    for net in networks(3) {
        let (squares, margins) = (risk(None, 43, 3), risk(Some(Loss::Logistic), 43, 3));
        let x = inputs(&squares);
        let (f, residuals) = (net.outputs(x.view()).unwrap(), squares.at(&net).unwrap().residuals().unwrap());
        let (q, y) = (margins.at(&net).unwrap(), margins.data().unwrap().y());
        for (i, x) in x.rows().into_iter().enumerate() {
            let expected = net.scale() * sums(&net, net.params(), &x.to_vec());
            let close = |a: f64, b: f64| (a - b).abs() < 1e-13 * (1.0 + b.abs());
            assert!(net.is_centred() || close(f[i], expected), "{net:?}");
            assert!(close(net.output(x).unwrap(), f[i]));
            assert!(close(residuals[[i, 0]] + squares.regression().unwrap().y()[[i, 0]], f[i]));
            assert!(close(q.margins()[i] * y[i], f[i]));
        }
        let hidden = net.hidden(1, x.view()).unwrap();
        let by_hand = x.dot(&net.layer(1).t()) + &net.bias(1).map_or(Array1::zeros(hidden.ncols()), |b| b.to_owned());
        assert!((hidden - by_hand.mapv(|z| net.activation(1).at(z))).iter().all(|e| e.abs() < 1e-14));
    }
}

#[test]
fn a_centred_network_starts_at_zero_and_keeps_its_centre() {
    let (squares, margins) = (risk(None, 29, 3), risk(Some(Loss::Exponential), 29, 3));
    for net in networks(3) {
        let start = net.clone().centred();
        let x = inputs(&squares);
        assert!(start.outputs(x.view()).unwrap().iter().all(|f| *f == 0.0));
        assert!(margins.at(&start).unwrap().margins().iter().all(|q| *q == 0.0), "{start:?}: exactly");
        let residuals = squares.at(&start).unwrap().residuals().unwrap();
        assert_eq!(residuals, -&squares.regression().unwrap().y());
        let plain = Network::of(3, net.architecture(), Init::Zeros, 0).unwrap();
        let (s, after) = (net.scale(), moved(start.clone(), 9));
        for x in x.rows() {
            let x = x.to_vec();
            let expected = s * (sums(&plain, after.params(), &x) - sums(&plain, start.params(), &x));
            assert!((after.output(&x).unwrap() - expected).abs() < 1e-13 * (1.0 + expected.abs()));
        }
    }
}

/// ∂f/∂w = s aᵢxᵢ, ∂f/∂u_j = s v_jD_ijzᵢ, ∂f/∂b_j = s v_jD_ij, ∂f/∂v_j = s h_ij, aᵢ = Σ_j v_ju_jD_ij.
#[test]
fn the_bottleneck_has_the_gradient_that_was_derived_by_hand() {
    let (d, m, s) = (4, 25, 0.5);
    let net = moved(Network::bottleneck(d, 1, m, Init::LeCun, 5).unwrap().with_scale(s).unwrap(), 2);
    let squares = risk(None, 33, d);
    let data = squares.regression().unwrap();
    let mut expected = vec![0.0; net.parameter_count()];
    let (u, b, v) = (net.layer(2), net.bias(2).unwrap(), net.layer(3));
    for (x, y) in data.x().rows().into_iter().zip(data.y()) {
        let z = net.layer(1).row(0).dot(&x);
        let h: Vec<f64> = (0..m).map(|j| (u[[j, 0]] * z + b[j]).max(0.0)).collect();
        let r = (s * (0..m).map(|j| v[[0, j]] * h[j]).sum::<f64>() - y) / 33.0;
        for j in 0..m {
            let active = f64::from(h[j] > 0.0);
            for c in 0..d {
                expected[c] += r * s * v[[0, j]] * u[[j, 0]] * active * x[c];
            }
            expected[d + j] += r * s * v[[0, j]] * active * z;
            expected[d + m + j] += r * s * v[[0, j]] * active;
            expected[d + 2 * m + j] += r * s * h[j];
        }
    }
    let found = gradient(&net, &squares.at(&net).unwrap());
    assert!(found.iter().zip(&expected).all(|(a, b)| (a - b).abs() < 1e-15), "{found:?}\n{expected:?}");
}

#[test]
fn chosen_layers_and_batches_take_the_steps_of_their_gradients() {
    for loss in LOSSES {
        let all = risk(loss, 24, 3);
        for net in networks(3) {
            let eta = 0.01;
            let moves = |d: &Descent| -> Vec<f64> {
                d.network().params().iter().zip(net.params()).map(|(a, b)| (b - a) / eta).collect()
            };
            let close = |a: &[f64], b: &[f64]| {
                let largest = b.iter().fold(1e-3_f64, |m, g| m.max(g.abs()));
                a.iter().zip(b).all(|(a, b)| (a - b).abs() < 1e-12 * largest)
            };
            let whole = gradient(&net, &all.at(&net).unwrap());
            let mut chosen = Descent::new(&all, &net, StepRule::Constant(eta)).unwrap();
            chosen.train_only(&[2]).unwrap();
            chosen.step().unwrap();
            let first = net.layer(1).len() + net.bias(1).map_or(0, |b| b.len());
            let last = first + net.layer(2).len() + net.bias(2).map_or(0, |b| b.len());
            let mut masked = vec![0.0; whole.len()];
            masked[first..last].copy_from_slice(&whole[first..last]);
            assert!(close(&moves(&chosen), &masked), "{net:?}, {loss:?}");
            assert!(!close(&moves(&chosen), &whole) || net.depth() == 1, "negative control");

            let mut batches = Descent::new(&all, &net, StepRule::Constant(eta)).unwrap();
            batches.set_batches(Batches { size: 10, order: Order::Cyclic }).unwrap();
            batches.step().unwrap();
            let x = inputs(&all).slice(ndarray::s![..10, ..]).to_owned();
            let first_ten = match all.loss() {
                Some(loss) => {
                    loss.on(&Dataset::new(x, all.data().unwrap().y().iter().take(10).copied().collect()).unwrap())
                }
                None => Risk::squares(
                    &Regression::new(x, all.regression().unwrap().y().iter().take(10).copied().collect()).unwrap(),
                ),
            };
            assert!(close(&moves(&batches), &gradient(&net, &first_ten.at(&net).unwrap())), "{net:?}, {loss:?}");
        }
    }
}

/// ∇²R·v against differences of gradients: mixed layers, powers among them, scaled and centred.
#[test]
fn second_derivatives_are_those_of_differences() {
    for loss in LOSSES {
        let risk = risk(loss, 19, 3);
        for net in networks(3) {
            let mut uniform = numbers(4);
            let v: Vec<f64> = net.params().iter().map(|_| uniform()).collect();
            let moved = |by: f64| {
                let mut net = net.clone();
                net.params_mut().iter_mut().zip(&v).for_each(|(w, v)| *w += by * v);
                gradient(&net, &risk.at(&net).unwrap())
            };
            let expected: Vec<f64> = moved(1e-6).iter().zip(moved(-1e-6)).map(|(a, b)| (a - b) / 2e-6).collect();
            let largest = expected.iter().fold(0.0_f64, |m, g| m.max(g.abs()));
            let found = hessian_vector(&net, &risk, &v).unwrap();
            assert!(found.iter().zip(&expected).all(|(a, b)| (a - b).abs() < 1e-6 * largest), "{net:?}, {loss:?}");
        }
    }
}
