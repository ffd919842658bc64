//! The constants of Lemmas 2 and 5.

use crate::separable;
use implicit_bias::prelude::*;

#[test]
fn lemma_5_bounds_the_change_of_the_gradient() {
    // ‖∇R(W) − ∇R(V)‖ ≤ β(R)‖W − V‖ through the Hessian: v·Hv ≤ β(R)‖v‖² at the corners of the ball.
    let data = separable();
    for (radius, depth) in [(1.0, 2), (2.0, 2), (1.5, 3)] {
        let c = radius / 2.0_f64.sqrt();
        let mut layers = vec![array![[c, 0.0], [0.0, c]]; depth - 1];
        layers.push(array![[c, c]]);
        let net = Network::from_layers(&layers).unwrap();
        let bound = smoothness_bound(Loss::Logistic, depth, radius).unwrap();
        assert!(sharpness(&net, &data, Loss::Logistic).unwrap() <= bound);
    }
    assert_eq!(smoothness_bound(Loss::Logistic, 1, 7.0).unwrap(), 2.5);
    assert!((smoothness_bound(Loss::Logistic, 6, 3.0).unwrap() - 72.0 * 3.0_f64.powi(10) * 1.25).abs() < 1e-6);
}

#[test]
fn lemma_5_refuses_what_it_does_not_cover() {
    let refusal = |loss, depth, radius| smoothness_bound(loss, depth, radius).unwrap_err().to_string();
    assert!(refusal(Loss::Exponential, 2, 1.0).contains("Assumption 4"));
    assert!(refusal(Loss::Logistic, 0, 1.0).contains("depth ≥ 1"));
    for radius in [0.5, f64::NAN, f64::INFINITY, -3.0] {
        assert!(refusal(Loss::Logistic, 2, radius).contains("R ≥ 1"));
    }
    assert!(refusal(Loss::Logistic, 4, 1e100).contains("β(R)"));
}

#[test]
fn lemma_2_bounds_the_distance_to_rank_one_along_the_flow() {
    // A small explicit step stands in for the flow: the excess over D must shrink with it.
    let data = separable();
    let mut net =
        Network::from_layers(&[array![[0.9, -0.4], [0.3, 0.8]], array![[0.6, -0.1], [0.5, 0.7]], array![[0.8, 0.9]]])
            .unwrap();
    let d = imbalance_constant(&net).unwrap();
    let excess = |net: &Network| {
        let gaps = rank_one_gaps(net).unwrap();
        let (f, s) = (frobenius_norms(net).unwrap(), spectral_norms(net).unwrap());
        (0..gaps.len()).map(|k| gaps[k] * f[k] * (f[k] + s[k])).fold(0.0, f64::max)
    };
    let first = excess(&net);
    for _ in 0..2000 {
        let gradient = gradient(&net, &data);
        for (p, g) in net.params_mut().iter_mut().zip(gradient) {
            *p -= 1e-2 * g;
        }
        assert!(excess(&net) <= d);
    }
    // Not vacuous: the excess is of D's own size at the start, and without the imbalance terms the bound would fail.
    assert!(first > 0.05 * d, "{first} against {d}");
    let norms = frobenius_norms(&net).unwrap();
    assert!(norms[0] > 1.2);
    let without = norms.iter().map(|f| f * f).fold(0.0, f64::max) - norms[2] * norms[2];
    assert!(first > without);
}

/// ∇R for logistic loss by central differences of the plain risk.
fn gradient(net: &Network, data: &Dataset) -> Vec<f64> {
    let risk = |net: &Network| {
        data.mirrored().dot(&net.predictor().unwrap()).iter().map(|q| (-q).exp().ln_1p()).sum::<f64>() / data.n() as f64
    };
    (0..net.parameter_count())
        .map(|i| {
            let at = |h: f64| {
                let mut moved = net.clone();
                moved.params_mut()[i] += h;
                risk(&moved)
            };
            (at(1e-5) - at(-1e-5)) / 2e-5
        })
        .collect()
}

#[test]
fn imbalance_constant_by_hand() {
    // ‖W₁‖² = 14, ‖W₂‖² = 25; W₁W₁ᵀ − W₂ᵀW₂ = [[5, 0], [0, 9]] − [[9, 12], [12, 16]], eigenvalues (−11 ± √585)/2.
    let net = Network::from_layers(&[array![[1.0, 2.0], [0.0, 0.0]], array![[3.0, 4.0]]]).unwrap();
    let oracle = {
        let m = nalgebra::Matrix2::<f64>::new(5.0 - 9.0, -12.0, -12.0, -16.0);
        25.0 - 25.0 + m.symmetric_eigenvalues().abs().max()
    };
    assert!((imbalance_constant(&net).unwrap() - oracle).abs() < 1e-13);
    // One layer: D = 0, a row is its own rank-one approximation.
    assert_eq!(imbalance_constant(&Network::from_layers(&[array![[3.0, 4.0]]]).unwrap()).unwrap(), 0.0);
}
