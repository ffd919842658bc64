//! Narrow and wide kernels of the squared loss, which differ in the order of their loops and in no bit.

use super::{gradient, moved, risk};
use implicit_bias::prelude::*;

/// The same function with a ninth unit in the first layer, whose weights are zero: too wide for the narrow kernel.
fn widened(net: &Network) -> Network {
    let mut layers = net.architecture().to_vec();
    let d = net.widths()[0];
    let nine = |layer: Layer| Layer { map: Layer::dense(9).map, ..layer };
    layers[0] = nine(layers[0]);
    let mut wide = Network::of(d, &layers, Init::Zeros, 0).unwrap().with_scale(net.scale()).unwrap();
    for k in 1..=net.depth() {
        let mut w = Array2::zeros(wide.layer(k).dim());
        w.slice_mut(ndarray::s![..net.layer(k).nrows(), ..net.layer(k).ncols()]).assign(&net.layer(k));
        wide = wide.with_weights(k, &w).unwrap();
        if let Some(b) = net.bias(k) {
            let mut all = vec![0.0; wide.widths()[k]];
            all[..b.len()].copy_from_slice(&b.to_vec());
            wide = wide.with_bias(k, &all).unwrap();
        }
    }
    wide
}

#[test]
fn narrow_and_wide_kernels_give_the_same_bits_under_the_squared_loss() {
    let functions = [Activation::Identity, super::RELU, Activation::Rectified(0.3), Activation::Power(3)];
    for (d, n) in [(1, 20), (2, 7), (3, 50), (5, 40), (9, 13)] {
        for (i, then) in functions.into_iter().enumerate() {
            let layers = [Layer::dense(8).with_bias().then(then), Layer::dense(4).then(super::RELU), Layer::dense(1)];
            let narrow = moved(Network::of(d, &layers, Init::LeCun, 1).unwrap().with_scale(1.7).unwrap(), 3 + i as u64);
            let wide = widened(&narrow);
            let risk = risk(None, n, d);
            let (a, b) = (risk.at(&narrow).unwrap(), risk.at(&wide).unwrap());
            assert_eq!((a.risk().to_bits(), a.residuals().unwrap()), (b.risk().to_bits(), b.residuals().unwrap()));
            for k in 1..=3 {
                let (own, all) = (a.scaled_gradient(k).unwrap(), b.scaled_gradient(k).unwrap());
                let all = all.slice(ndarray::s![..own.nrows(), ..own.ncols()]);
                assert!(own.iter().zip(&all).all(|(a, b)| a == b), "{narrow:?}, n = {n}, layer {k}");
            }
            let (own, all) = (a.scaled_bias_gradient(1).unwrap(), b.scaled_bias_gradient(1).unwrap());
            assert!(own.iter().zip(&all).all(|(a, b)| a == b));
            // Negative control: another slope changes bits.
            let other = narrow.with_activation(Activation::Rectified(0.31)).unwrap();
            assert!(gradient(&other, &risk.at(&other).unwrap())[0] != a.scaled_gradient(1).unwrap()[[0, 0]]);
        }
    }
}

/// Dot2 on the first layer: where targets cancel, the gradient is right to its own size, units side by side or not.
#[test]
fn the_first_gradient_is_as_accurate_as_with_twice_the_digits() {
    for (units, d) in [(1, 1), (8, 1), (8, 3), (9, 2), (20, 3), (3, 5)] {
        // Points come in pairs ±x with outputs and residuals of size 1e8 that nearly cancel.
        let x = Array2::from_shape_fn((40, d), |(i, j)| {
            let sign = if i % 2 == 0 { 1.0 } else { -1.0 };
            sign * (1.0 + ((i / 2) as f64 * 0.37 + j as f64).sin())
        });
        let y = Array1::from_shape_fn(40, |i| -1e8 * (1.0 + (i / 2) as f64) - (i as f64 * 0.71).cos());
        let net = Network::linear(&[d, units, 1], Init::Zeros, 0).unwrap();
        let net = net.with_weights(2, &Array2::from_elem((1, units), 0.5)).unwrap();
        let risk = Risk::squares(&Regression::new(x.clone(), y.clone()).unwrap());
        let found = risk.at(&net).unwrap().scaled_gradient(1).unwrap();
        for c in 0..d {
            // Σ residual · x / n, the pairs first, so that their cancellation is exact.
            let g = |i: usize| 0.5 * ((0.0 - y[i]) * (1.0 / 40.0));
            let exact: f64 = (0..20).map(|p| (g(2 * p) - g(2 * p + 1)) * x[[2 * p, c]]).sum();
            assert!(found.column(c).iter().all(|v| (v - exact).abs() < 1e-12 * exact.abs().max(1e-2)), "{units}, {d}");
            let plain: f64 = (0..40).fold(0.0, |sum, i| g(i).mul_add(x[[i, c]], sum));
            assert!((plain - exact).abs() > 1e-12 * exact.abs().max(1e-2), "negative control: {plain} {exact}");
        }
    }
}
