//! Second derivatives of rectified networks and of networks with biases.

use super::bad_input::number;
use super::{Draw, close};
use implicit_bias::diagnose::{activation_pattern, hessian_vector, log_sharpness};
use implicit_bias::prelude::*;
use proptest::prelude::*;

const KINDS: [(f64, bool); 5] = [(0.0, false), (0.0, true), (0.3, false), (0.3, true), (1.0, true)];

fn network(draw: &mut Draw, widths: &[usize], (slope, biases): (f64, bool)) -> Network {
    let mut net = draw.network(widths).with_slope(slope).unwrap();
    if biases {
        net = net.with_biases().unwrap();
        net.params_mut().iter_mut().for_each(|p| *p = draw.next());
    }
    net
}

fn sample(draw: &mut Draw, n: usize, d: usize) -> Dataset {
    let y = Array1::from_shape_fn(n, |i| if i % 2 == 0 { -1.0 } else { 1.0 });
    Dataset::new(draw.matrix(n, d), y).unwrap()
}

fn moved(net: &Network, v: &[f64], by: f64) -> Network {
    let mut net = net.clone();
    net.params_mut().iter_mut().zip(v).for_each(|(p, v)| *p += by * v);
    net
}

/// The whole gradient as one vector, laid out as the parameters.
fn gradient(net: &Network, data: &Dataset, loss: Loss) -> Array1<f64> {
    let at = loss.on(data).at(net).unwrap();
    let mut all = vec![];
    for k in 1..=net.depth() {
        all.extend(at.scaled_gradient(k).unwrap());
        if net.has_biases() {
            all.extend(at.scaled_bias_gradient(k).unwrap());
        }
    }
    Array1::from(all) * (-at.shift()).exp()
}

/// ∇²R·v by central differences of the gradient, with one Richardson step.
fn difference(net: &Network, data: &Dataset, loss: Loss, v: &[f64], h: f64) -> Array1<f64> {
    let at = |h: f64| gradient(&moved(net, v, h), data, loss);
    let plain = |h: f64| (at(h) - at(-h)) / (2.0 * h);
    (plain(h / 2.0) * 4.0 - plain(h)) / 3.0
}

fn product(net: &Network, data: &Dataset, loss: Loss, v: &[f64]) -> Array1<f64> {
    Array1::from(hessian_vector(net, &loss.on(data), v).unwrap())
}

fn largest(v: &Array1<f64>) -> f64 {
    v.iter().fold(0.0, |m, x| x.abs().max(m))
}

/// A network that lets some point through all layers, and a direction along which no unit switches within `h`.
fn within_a_piece(draw: &mut Draw, widths: &[usize], kind: (f64, bool), data: &Dataset, h: f64) -> (Network, Vec<f64>) {
    let pair = (0..50).find_map(|_| {
        let net = network(draw, widths, kind);
        let v = draw.vector(net.parameter_count()).to_vec();
        let patterns = [-h, 0.0, h].map(|h| activation_pattern(&moved(&net, &v, h), data).unwrap());
        let through = (0..data.n()).any(|i| patterns[1].iter().all(|p| p.row(i).iter().any(|active| *active)));
        (through && patterns[0] == patterns[1] && patterns[1] == patterns[2]).then_some((net, v))
    });
    pair.unwrap()
}

#[test]
fn hessian_products_agree_with_differences_of_the_gradient() {
    let mut draw = Draw(71);
    let h = 1e-4;
    for widths in [&[2, 1][..], &[1, 1, 1], &[2, 2, 2, 2, 1], &[3, 5, 4, 1], &[2, 11, 9, 1]] {
        for kind in KINDS {
            let data = sample(&mut draw, 6, widths[0]);
            let (net, v) = within_a_piece(&mut draw, widths, kind, &data, h);
            for loss in [Loss::Logistic, Loss::Exponential] {
                let ours = product(&net, &data, loss, &v);
                let off = |loss| largest(&(difference(&net, &data, loss, &v, h) - &ours));
                let size = 1.0 + largest(&ours);
                assert!(off(loss) < 1e-9 * size, "{net:?} {loss:?}: off by {:e} of {size}", off(loss));
                // Negative control: the other loss is told apart by far.
                let other = if loss == Loss::Logistic { Loss::Exponential } else { Loss::Logistic };
                assert!(off(other) > 1e-4 * size, "{net:?} {loss:?}: {:e} of {size}", off(other));
            }
        }
    }
}

#[test]
fn the_hessian_is_symmetric_its_diagonal_not_negative_and_its_top_the_sharpness() {
    let mut draw = Draw(72);
    for widths in [&[2, 2, 2, 1][..], &[3, 5, 4, 1], &[2, 12, 1]] {
        for kind in KINDS {
            let data = sample(&mut draw, 8, widths[0]);
            let (net, _) = within_a_piece(&mut draw, widths, kind, &data, 0.0);
            let count = net.parameter_count();
            let columns: Vec<_> = (0..count)
                .map(|i| {
                    let unit: Vec<f64> = (0..count).map(|j| f64::from(i == j)).collect();
                    product(&net, &data, Loss::Logistic, &unit)
                })
                .collect();
            let (u, v) = (draw.vector(count), draw.vector(count));
            let [hu, hv] = [&u, &v].map(|v| product(&net, &data, Loss::Logistic, v.as_slice().unwrap()));
            assert!((u.dot(&hv) - v.dot(&hu)).abs() < 1e-13 * (1.0 + largest(&hv) * count as f64));
            let hessian = nalgebra::DMatrix::from_fn(count, count, |i, j| columns[j][i]);
            assert!((&hessian - hessian.transpose()).norm() < 1e-15 * count as f64);
            assert!((0..count).all(|i| hessian[(i, i)] >= 0.0));
            let values = hessian.symmetric_eigenvalues();
            // Negative control: it is not that no eigenvalue could be negative.
            assert!(values.min() < -1e-6, "{net:?}: {}", values.min());
            close(sharpness(&net, &Loss::Logistic.on(&data)).unwrap(), values.max(), 1e-12);
        }
    }
}

#[test]
fn slope_one_gives_the_linear_network() {
    let mut draw = Draw(73);
    for widths in [&[2, 1][..], &[2, 3, 2, 1], &[2, 2, 2, 2, 1]] {
        let (data, linear) = (sample(&mut draw, 7, 2), draw.network(widths));
        let v = draw.vector(linear.parameter_count()).to_vec();
        let expected = product(&linear, &data, Loss::Logistic, &v);
        // Biases of zero that do not move change nothing about the weights.
        let biased = linear.clone().with_biases().unwrap();
        let (mut wide, mut first) = (vec![], 0);
        let mut is_weight = vec![];
        for w in linear.layers() {
            wide.extend_from_slice(&v[first..first + w.len()]);
            wide.resize(wide.len() + w.nrows(), 0.0);
            is_weight.extend((0..w.len() + w.nrows()).map(|i| i < w.len()));
            first += w.len();
        }
        let all = product(&biased, &data, Loss::Logistic, &wide);
        let ours: Array1<f64> = all.iter().zip(is_weight).filter(|(_, is)| *is).map(|(x, _)| *x).collect();
        assert!(largest(&(ours - &expected)) < 1e-14 * (1.0 + largest(&expected)));
        // The largest slope below 1 goes the way of a rectified network; a smaller one ends elsewhere.
        let near = |m: f64| linear.clone().with_slope(m).unwrap();
        let almost = 1.0 - f64::EPSILON / 2.0;
        assert!(widths.len() == 2 || !near(almost).is_linear());
        let off = |m| largest(&(product(&near(m), &data, Loss::Logistic, &v) - &expected));
        assert!(off(almost) < 1e-13 * (1.0 + largest(&expected)));
        assert!(widths.len() == 2 || off(0.9) > 1e-4, "{widths:?}: {:e}", off(0.9));
        let [a, b] = [&near(almost), &linear].map(|net| sharpness(net, &Loss::Exponential.on(&data)).unwrap());
        close(a, b, 1e-12);
    }
}

#[test]
fn a_chain_of_positive_weights_is_linear_on_either_side_down_to_a_risk_of_1e_2000() {
    // f(x) = ∏wₖ x for x > 0 and ∏wₖ m^{L−1} x for x < 0.
    let m = 0.3;
    for weights in [&[1.5, 0.7][..], &[100.0, 200.0], &[0.8, 1.2, 0.9], &[20.0, 50.0, 60.0]] {
        let layers: Vec<_> = weights.iter().map(|w| array![[*w]]).collect();
        let linear = Network::from_layers(&layers).unwrap();
        let net = linear.clone().with_slope(m).unwrap();
        let labels = array![1.0, -1.0];
        let data = Dataset::new(array![[0.5], [-0.8]], labels.clone()).unwrap();
        let bent = -0.8 * m.powi(weights.len() as i32 - 1);
        let equivalent = Dataset::new(array![[0.5], [bent]], labels).unwrap();
        for loss in [Loss::Logistic, Loss::Exponential] {
            let found = log_sharpness(&net, &loss.on(&data)).unwrap();
            close(found, log_sharpness(&linear, &loss.on(&equivalent)).unwrap(), 1e-13);
            assert!(weights[0] < 10.0 || found < -4000.0);
            assert!((found - log_sharpness(&linear, &loss.on(&data)).unwrap()).abs() > 1e-3, "negative control");
        }
    }
}

#[test]
fn logistic_regression_with_an_intercept_in_closed_form() {
    // ∇²R = 1/n Σ s(q)s(−q) (x, 1)(x, 1)ᵀ, s the logistic function.
    let mut draw = Draw(74);
    let data = sample(&mut draw, 9, 3);
    let net = network(&mut draw, &[3, 1], (0.0, true));
    let inputs = nalgebra::DMatrix::from_fn(9, 4, |i, j| if j < 3 { data.x()[[i, j]] } else { 1.0 });
    let q = &inputs * nalgebra::DVector::from_column_slice(net.params());
    let weights = q.map(|q| 1.0 / ((1.0 + q.exp()) * (1.0 + (-q).exp()) * 9.0));
    let hessian = inputs.transpose() * nalgebra::DMatrix::from_diagonal(&weights) * &inputs;
    close(sharpness(&net, &Loss::Logistic.on(&data)).unwrap(), hessian.symmetric_eigenvalues().max(), 1e-13);
}

#[test]
fn a_kink_counts_as_inactive_and_a_dead_network_is_flat() {
    // At a = 0 the unit is at its kink; from the side a < 0 the output is m·a·b·x.
    let data = Dataset::new(array![[1.0]], array![1.0]).unwrap();
    let net = Network::from_layers(&[array![[0.0]], array![[1.0]]]).unwrap().with_slope(0.3).unwrap();
    let found = product(&net, &data, Loss::Logistic, &[1.0, 0.0]);
    assert!(largest(&(&found - array![0.09 / 4.0, -0.15])) < 1e-16);
    let here = gradient(&net, &data, Loss::Logistic);
    let h = 1e-6;
    let [left, right] = [-h, h].map(|h| (gradient(&moved(&net, &[1.0, 0.0], h), &data, Loss::Logistic) - &here) / h);
    assert!(largest(&(left - &found)) < 1e-6);
    assert!(largest(&(right - &found)) > 1e4, "negative control: the gradient jumps on the other side");

    let dead = Network::from_layers(&[array![[-1.0], [-2.0]], array![[1.0, 1.0]]]).unwrap().with_slope(0.0).unwrap();
    assert!(is_dead(&dead, &data).unwrap());
    assert_eq!(log_sharpness(&dead, &Loss::Logistic.on(&data)).unwrap(), f64::NEG_INFINITY);
    assert_eq!(sharpness(&dead, &Loss::Logistic.on(&data)).unwrap(), 0.0);
    // The bias of the output still moves it: ℓ″(0) = 1/4.
    close(sharpness(&dead.with_biases().unwrap(), &Loss::Logistic.on(&data)).unwrap(), 0.25, 1e-15);
}

#[test]
fn errors_name_the_bias() {
    let data = Dataset::new(array![[1.0, 0.5]], array![1.0]).unwrap();
    let mut net = network(&mut Draw(75), &[2, 2, 1], (0.3, true));
    assert!(hessian_vector(&net, &Loss::Logistic.on(&data), &[0.0; 6]).unwrap_err().to_string().contains("9, found 6"));
    net.params_mut()[5] = f64::NAN;
    let message = sharpness(&net, &Loss::Logistic.on(&data)).unwrap_err().to_string();
    assert_eq!(message, "b_1[1]: expected a finite number, found NaN");
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2000))]

    #[test]
    fn a_finite_answer_or_an_error(
        params in prop::collection::vec(number(), 15), x in prop::collection::vec(number(), 6),
        slope in prop::sample::select(vec![0.0, 1e-308, 0.3, 1.0]),
    ) {
        let mut net = Network::from_layers(&[Array2::zeros((2, 2)), Array2::zeros((2, 2)), Array2::zeros((1, 2))])?
            .with_slope(slope)?.with_biases()?;
        net.params_mut().copy_from_slice(&params);
        let Ok(data) = Dataset::new(Array2::from_shape_vec((3, 2), x)?, array![1.0, -1.0, 1.0]) else { return Ok(()) };
        for loss in [Loss::Logistic, Loss::Exponential] {
            let product = hessian_vector(&net, &loss.on(&data), &[1.0; 15]);
            let top = sharpness(&net, &loss.on(&data));
            if !params.iter().all(|p| p.is_finite()) {
                prop_assert!(product.is_err() && top.is_err());
                continue;
            }
            prop_assert!(product.into_iter().flatten().all(|v| v.is_finite()));
            prop_assert!(top.into_iter().all(|v| v.is_finite() && v >= 0.0));
            if params.iter().chain(data.x()).all(|v| v.abs() <= 10.0) {
                prop_assert!(log_sharpness(&net, &Loss::Logistic.on(&data))? < 40.0);
            }
        }
    }
}
