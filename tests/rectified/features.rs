//! A layer's features, their margin, and the margins of whole networks.

use super::{clouds, network, output};
use implicit_bias::diagnose::{homogeneous_margin, network_error, network_margin};
use implicit_bias::prelude::*;

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
