//! The constants of Lemmas 2 and 5.

use crate::separable;
use implicit_bias::diagnose::log_sharpness;
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
        assert!(sharpness(&net, &Loss::Logistic.on(&data)).unwrap() <= bound);
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

#[test]
fn the_curvature_at_a_state_is_below_its_bound() {
    let mut closest = f64::INFINITY;
    for seed in 0..300 {
        let d = 2 + seed as usize % 3;
        let data = crate::tied(seed, d + 1, d).scaled_to_unit().unwrap();
        let widths = [vec![d], vec![1 + seed as usize % 4; seed as usize % 5], vec![1]].concat();
        let size = 0.1 * 1.01_f64.powi(seed as i32);
        let net = Network::linear(&widths, Init::Gaussian(size), seed).unwrap();
        for loss in [Loss::Logistic, Loss::Exponential] {
            let log_risk = loss.on(&data).at(&net).unwrap().log_risk();
            let slack = log_curvature_bound(&net, log_risk).unwrap() - log_sharpness(&net, &loss.on(&data)).unwrap();
            assert!(slack >= -1e-12, "{seed} {loss:?} {slack}");
            closest = closest.min(slack);
        }
    }
    assert!(closest < 5_f64.ln(), "{closest}");
}

#[test]
fn the_curvature_bound_is_reached_and_knows_zeros() {
    // Negative control: one wrong point and scalar layers, where a thousandth less would be wrong.
    let data = Dataset::new(array![[1.0]], array![1.0]).unwrap();
    for depth in 1..6 {
        for m in [0.3, 1.0, 1.7] {
            let mut layers = vec![array![[m]]; depth];
            layers[0] = array![[-m]];
            let net = Network::from_layers(&layers).unwrap();
            let bound = log_curvature_bound(&net, m.powi(depth as i32)).unwrap();
            let curvature = log_sharpness(&net, &Loss::Exponential.on(&data)).unwrap();
            assert!((bound - curvature).abs() < 1e-9, "{depth} {m}: {bound} {curvature}");
        }
        let zero = Network::from_layers(&vec![array![[0.0]]; depth]).unwrap();
        let expected = if depth < 3 { 0.0 } else { f64::NEG_INFINITY };
        assert_eq!(log_curvature_bound(&zero, 0.0).unwrap(), expected);
    }
    let net = Network::linear(&[2, 2, 1], Init::LeCun, 1).unwrap();
    assert!((log_curvature_bound(&net, -1e6).unwrap() + 1e6).abs() < 5.0);
    assert!(log_curvature_bound(&net, f64::NAN).is_err() && log_curvature_bound(&net, f64::NEG_INFINITY).is_err());
    assert!(log_curvature_bound(&net.with_slope(0.0).unwrap(), 0.0).is_err());
}

/// (R, ∇R) of a linear network by plain algebra.
fn plain(net: &Network, data: &Dataset, loss: Loss) -> (f64, Vec<Array2<f64>>) {
    let (z, n) = (data.mirrored(), data.n() as f64);
    let q = z.dot(&net.predictor().unwrap());
    let value = |q: f64| if loss == Loss::Logistic { (-q).exp().ln_1p() } else { (-q).exp() };
    let slope = |q: f64| if loss == Loss::Logistic { -1.0 / (1.0 + q.exp()) } else { -(-q).exp() };
    let down = (q.mapv(slope).dot(&z) / n).insert_axis(ndarray::Axis(0));
    let product = |layers: std::ops::RangeInclusive<usize>, size: usize| {
        layers.fold(Array2::eye(size), |m, k| net.layer(k).dot(&m))
    };
    let gradient = |k: usize| {
        let (above, below) = (product(k + 1..=net.depth(), net.widths()[k]), product(1..=k - 1, data.d()));
        above.t().dot(&down).dot(&below.t())
    };
    (q.mapv(value).sum() / n, (1..=net.depth()).map(gradient).collect())
}

#[test]
fn eq_4_holds_under_the_step_of_the_curvature_bound() {
    // Far from the start of training, too: wrong, large and narrow networks, both losses.
    let mut least = f64::INFINITY;
    for seed in 0..400 {
        let d = 1 + seed as usize % 4;
        let data = Separable { n: 12, d, margin: 0.2, next_margin: 0.4 }.sample(seed).unwrap();
        let widths = [vec![d], vec![1 + seed as usize % 3; seed as usize % 5], vec![1]].concat();
        let net = Network::linear(&widths, Init::Gaussian(0.1 * 1.009_f64.powi(seed as i32)), seed).unwrap();
        let m = frobenius_norms(&net).unwrap().into_iter().fold(0.0, f64::max);
        let l = net.depth() as f64;
        for loss in [Loss::Logistic, Loss::Exponential] {
            let (risk, gradient) = plain(&net, &data, loss);
            // Plain squares of the gradient know nothing beyond 1e150.
            if !(1e-100..1e100).contains(&risk) {
                continue;
            }
            let eta = 1.0 / (4.0 * l * (m + 1.0).powf(2.0 * l - 2.0) * risk);
            let square: f64 = gradient.iter().map(|g| (g * g).sum()).sum();
            let layers: Vec<Array2<f64>> = net.layers().zip(&gradient).map(|(w, g)| &w - &(g * eta)).collect();
            let after = plain(&Network::from_layers(&layers).unwrap(), &data, loss).0;
            let promised = risk - 0.5 * eta * square;
            assert!(after <= promised + 1e-14 * risk, "{seed} {loss:?}: {after} against {promised}");
            least = least.min((promised - after) / (eta * square));
        }
    }
    // Not vacuous: beyond the promised half, some step loses to curvature.
    assert!(least < 0.49, "{least}");
}
