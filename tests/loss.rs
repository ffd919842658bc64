//! Losses and evaluations against the standard library's exp and ln_1p, closed forms and finite differences.

use implicit_bias::prelude::*;
use proptest::prelude::*;

/// A one-weight network on points x with label +1, so that the margins are w·x.
fn line(x: &[f64], w: f64, loss: Loss) -> Result<Evaluation> {
    let n = x.len();
    let data = Dataset::new(Array2::from_shape_vec((n, 1), x.to_vec()).unwrap(), Array1::ones(n))?;
    loss.on(&data).at(&Network::from_layers(&[array![[w]]])?)
}

fn relative(found: f64, expected: f64) -> f64 {
    if found == expected { 0.0 } else { ((found - expected) / expected).abs() }
}

#[test]
fn the_risk_of_one_point_is_the_loss_to_1e_15() {
    for i in -6900..=7000 {
        let q = 0.1 * f64::from(i) + 0.0123;
        let at = line(&[q], 1.0, Loss::Exponential).unwrap();
        assert!(relative(at.risk(), (-q).exp()) < 1e-15, "exp at {q}: {} {}", at.risk(), (-q).exp());
        let at = line(&[q], 1.0, Loss::Logistic).unwrap();
        let expected = (-q).max(0.0) + (-q.abs()).exp().ln_1p();
        assert!(relative(at.risk(), expected) < 1e-15, "logistic at {q}: {} {expected}", at.risk());
        let log = Loss::Logistic.log_value(q);
        assert!((at.log_risk() - log).abs() < 2e-15 * log.abs().max(1.0), "{q}: {} {log}", at.log_risk());
        // Negative control: a relative error of 3e-15 would be seen.
        assert!(relative(at.risk() * (1.0 + 3e-15), expected) > 1e-15);
    }
}

#[test]
fn the_log_risk_goes_on_where_the_risk_is_no_number() {
    // R = e^300000 … e^−300000: exponents far outside f64.
    for q in [-3e5, -700.5, 700.5, 745.2, 230_258.509_299_404_57, 1e6, 1e15] {
        let at = line(&[q, q, q], 1.0, Loss::Exponential).unwrap();
        assert!(relative(at.log_risk(), -q) < 1e-15, "{q}: {}", at.log_risk());
    }
    for q in [745.2, 230_258.509_299_404_57, 1e6, 1e15] {
        let at = line(&[q, q + 1.0], 1.0, Loss::Logistic).unwrap();
        // ln((e^−q + e^−q−1)/2) = −q + ln((1 + 1/e)/2), since ℓ(q) = e^−q to the last bit there.
        let expected = -q + ((1.0 + (-1.0_f64).exp()) / 2.0).ln();
        assert!(relative(at.log_risk(), expected) < 1e-15, "{q}: {} {expected}", at.log_risk());
        assert_eq!(at.risk(), 0.0);
    }
}

#[test]
fn slopes_are_the_derivative_of_the_loss_and_its_share() {
    let q: Vec<f64> = (0..37).map(|i| 1.7 * f64::from(i) - 20.0).collect();
    let at = line(&q, 1.0, Loss::Logistic).unwrap();
    for (q, p) in q.iter().zip(at.scaled_slopes()) {
        assert!(relative(*p * (-at.shift()).exp(), 1.0 / (1.0 + q.exp())) < 2e-15, "{q}");
    }
    let far: Vec<f64> = q.iter().map(|q| q + 1e5).collect();
    let at = line(&far, 1.0, Loss::Logistic).unwrap();
    for (i, p) in at.scaled_slopes().iter().enumerate() {
        // 1e5 − 20 is exact, so differences of margins keep eleven digits after the point.
        assert!(relative(*p, (far[0] - far[i]).exp()) < 1e-15, "{i}");
    }
    assert!(relative(at.shift(), far[0]) == 0.0);
}

#[test]
fn a_point_far_behind_the_others_has_no_bit_left_and_costs_no_subnormal_number() {
    for loss in [Loss::Logistic, Loss::Exponential] {
        for far in [350.0, 705.0, 1e5] {
            let at = line(&[5.0, 5.0 + far], 1.0, loss).unwrap();
            let (near, rest) = (at.scaled_slopes()[0], at.scaled_slopes()[1]);
            // Times weights and activations of 1e-10, and then squared, it is still a normal number.
            assert!(rest > 0.0 && near + rest == near && (rest * 1e-10).powi(2) > f64::MIN_POSITIVE, "{far}: {rest}");
            // Negative control: e^−708 would not pass.
            assert!((f64::exp(-708.0) * 1e-10).powi(2) < f64::MIN_POSITIVE);
        }
    }
}

#[test]
fn log_values_slopes_and_curvatures_are_derivatives_of_each_other() {
    let h = 1e-6;
    for loss in [Loss::Logistic, Loss::Exponential] {
        for i in -60..=60 {
            let q = 0.5 * f64::from(i) + 0.01;
            let slope = (loss.log_value(q + h).exp() - loss.log_value(q - h).exp()) / (2.0 * h);
            assert!(relative(-slope, loss.log_slope(q).exp()) < 1e-7, "{loss:?} slope at {q}");
            let curvature = (loss.log_slope(q - h).exp() - loss.log_slope(q + h).exp()) / (2.0 * h);
            if curvature > 1e-6 {
                assert!(relative(curvature, loss.log_curvature(q).exp()) < 1e-3, "{loss:?} curvature at {q}");
            }
            assert!(relative(-slope, 1.001 * loss.log_slope(q).exp()) > 1e-7, "negative control");
        }
    }
}

#[test]
fn the_constants_of_assumption_4_bound_the_logistic_loss_and_are_attained() {
    let (beta, g) = (Loss::Logistic.smoothness().unwrap(), Loss::Logistic.lipschitz().unwrap());
    for i in -4000..=4000 {
        let q = 0.01 * f64::from(i);
        assert!(Loss::Logistic.log_curvature(q).exp() <= beta * (1.0 + 1e-15));
        assert!(Loss::Logistic.log_slope(q).exp() <= g);
    }
    assert!(relative(Loss::Logistic.log_curvature(0.0).exp(), beta) < 1e-15);
    assert!(relative(Loss::Logistic.log_slope(-50.0).exp(), g) < 1e-15);
    assert_eq!(Loss::Exponential.smoothness(), None);
}

/// The gradient by central differences of the risk, entry by entry.
fn differences(layers: &[Array2<f64>], data: &Dataset, loss: Loss, h: f64) -> Vec<f64> {
    let risk = |layers: &[Array2<f64>]| {
        let net = Network::from_layers(layers).unwrap();
        let w = net.predictor().unwrap();
        let q = data.mirrored().dot(&w);
        q.iter().map(|q| loss.log_value(*q).exp()).sum::<f64>() / data.n() as f64
    };
    let mut out = Vec::new();
    for k in 0..layers.len() {
        for index in ndarray::indices(layers[k].dim()) {
            let mut moved = layers.to_vec();
            moved[k][index] += h;
            let up = risk(&moved);
            moved[k][index] -= 2.0 * h;
            out.push((up - risk(&moved)) / (2.0 * h));
        }
    }
    out
}

#[test]
fn gradients_are_finite_differences_for_every_shape_and_loss() {
    let shapes: [&[usize]; 7] =
        [&[1, 1], &[2, 1], &[2, 2, 2, 2, 1], &[3, 4, 1], &[5, 3, 2, 1], &[9, 1, 1], &[2, 7, 3, 1]];
    for (seed, widths) in shapes.into_iter().enumerate() {
        for (n, loss) in [(1, Loss::Logistic), (8, Loss::Exponential), (13, Loss::Logistic), (24, Loss::Exponential)] {
            let clouds = GaussianClouds { n: n.max(2), d: widths[0], distance: 1.0, std: 1.0 };
            let all = clouds.sample(seed as u64).unwrap();
            let data = Dataset::new(
                all.x().slice(ndarray::s![..n, ..]).to_owned(),
                all.y().slice(ndarray::s![..n]).to_owned(),
            )
            .unwrap();
            let net = Network::linear(widths, Init::Gaussian(0.7), 3 + seed as u64).unwrap();
            let at = loss.on(&data).at(&net).unwrap();
            let layers: Vec<_> = net.layers().map(|w| w.to_owned()).collect();
            let scale = (-at.shift()).exp();
            let exact: Vec<f64> =
                (1..=net.depth()).flat_map(|k| at.scaled_gradient(k).unwrap().into_iter().map(|g| g * scale)).collect();
            let size = exact.iter().map(|g| g * g).sum::<f64>().sqrt();
            assert!(relative(at.grad_norm(), size) < 1e-13);
            for (exact, found) in exact.iter().zip(differences(&layers, &data, loss, 1e-5)) {
                assert!((exact - found).abs() < 1e-8 * size.max(1.0), "{widths:?} {loss:?}: {exact} {found}");
            }
            let wrong = differences(&layers, &data, loss, 1e-5)
                .iter()
                .zip(&exact)
                .any(|(f, e)| (1.01 * e - f).abs() > 1e-8 * size.max(1.0));
            assert!(wrong, "negative control: a gradient off by a hundredth would pass");
        }
    }
}

#[test]
fn tiny_and_huge_data_have_a_gradient_or_an_error() {
    let tiny = Dataset::new(array![[1e-308, 0.0], [0.0, 2e-308]], array![1.0, -1.0]).unwrap();
    let net = Network::from_layers(&[array![[1.0, 1.0]]]).unwrap();
    let at = Loss::Logistic.on(&tiny).at(&net).unwrap();
    assert!(relative(at.grad_norm(), 0.25 * 5.0_f64.sqrt() * 1e-308) < 1e-6);
    let huge = Dataset::new(array![[1e308, 1e308]], array![-1.0]).unwrap();
    let message = Loss::Logistic.on(&huge).at(&net).unwrap_err().to_string();
    assert!(message.contains("range of f64") && message.contains("scale"), "{message}");
    // Each loss is finite, their sum is not.
    assert!(line(&[1e148, 1e148], -1.5e160, Loss::Logistic).is_err());
    assert!(line(&[1e148, 1e148], -1e158, Loss::Logistic).unwrap().risk().is_finite());
}

#[test]
fn shapes_that_do_not_fit_are_named() {
    let data = Dataset::new(array![[1.0, 2.0]], array![1.0]).unwrap();
    let three = Network::from_layers(&[array![[1.0, 2.0, 3.0]]]).unwrap();
    let message = Loss::Logistic.on(&data).at(&three).err().unwrap().to_string();
    assert!(message.contains("2 → 1") && message.contains("3 → 1"), "{message}");
    let at = Loss::Logistic.on(&data).at(&Network::from_layers(&[array![[1.0, 2.0]]]).unwrap()).unwrap();
    assert!(at.scaled_gradient(0).is_err() && at.scaled_gradient(2).is_err());
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2000))]

    #[test]
    fn any_numbers_give_a_finite_log_risk_or_an_error(
        x in prop::collection::vec(prop::num::f64::NORMAL | prop::num::f64::ZERO | prop::num::f64::SUBNORMAL, 1..20),
        w in prop::num::f64::NORMAL | prop::num::f64::ZERO,
    ) {
        for loss in [Loss::Logistic, Loss::Exponential] {
            if let Ok(at) = line(&x, w, loss) {
                prop_assert!(at.log_risk().is_finite() && !at.log_grad_norm().is_nan(), "{} {}", at.log_risk(), at.log_grad_norm());
            }
        }
    }
}
