//! Lemmas 1 and 4 as theorems on random states.

use crate::{Draw, aside, tied};
use implicit_bias::prelude::*;

const LOSSES: [Loss; 2] = [Loss::Logistic, Loss::Exponential];

/// ℓ(q) and −ℓ′(q), plainly.
fn plain(loss: Loss, q: f64) -> (f64, f64) {
    match loss {
        Loss::Logistic => ((-q).exp().ln_1p(), (-q).exp() / (1.0 + (-q).exp())),
        Loss::Exponential => ((-q).exp(), (-q).exp()),
    }
}

/// R and ‖∂R/∂W₁‖_F = ‖W_L⋯W₂‖ ‖∇R(w)‖.
fn risk_and_gradient(net: &Network, data: &Dataset, loss: Loss) -> (f64, f64) {
    let (z, n) = (data.mirrored(), data.n() as f64);
    let q = z.dot(&net.predictor().unwrap());
    let gradient = q.mapv(|q| plain(loss, q).1).dot(&z) / n;
    let mut row = array![1.0];
    for k in (2..=net.depth()).rev() {
        row = row.dot(&net.layer(k));
    }
    let risk = q.mapv(|q| plain(loss, q).0).sum() / n;
    (risk, row.dot(&row).sqrt() * gradient.dot(&gradient).sqrt())
}

#[test]
fn lemma_1_bounds_the_first_layers_gradient() {
    let (mut states, mut closest) = (0, f64::INFINITY);
    for seed in 0..40 {
        let d = 1 + seed as usize % 4;
        let data = if d == 1 {
            Dataset::new(array![[1.0], [-0.3], [0.7]], array![1.0, -1.0, 1.0]).unwrap()
        } else {
            tied(seed, d + 1, d).scaled_to_unit().unwrap()
        };
        let margin = MaxMargin::fit(&data).unwrap().margin();
        for draw in 0..60 {
            let hidden = vec![1 + draw as usize % 3; draw as usize % 5];
            let widths = [vec![d], hidden, vec![1]].concat();
            let size = 0.05 * 1.09_f64.powi(draw as i32);
            let net = Network::linear(&widths, Init::Gaussian(size), 100 * seed + draw).unwrap();
            let radius = frobenius_norms(&net).unwrap().into_iter().fold(0.0, f64::max);
            for loss in LOSSES {
                let (risk, gradient) = risk_and_gradient(&net, &data, loss);
                let at_zero = plain(loss, 0.0).0;
                // The plain gradient is squared: nothing below 1e-150.
                if risk >= at_zero || risk < 1e-120 {
                    continue;
                }
                states += 1;
                // The state itself as W(t₁), then an earlier one above it.
                for above in [risk, risk + 0.5 * (at_zero - risk)] {
                    let epsilon = lemma_1_log_epsilon(loss, net.depth(), radius, margin, above.ln()).unwrap();
                    assert!(gradient.ln() >= epsilon - 1e-12, "{widths:?} {seed} {draw} {loss:?}");
                    closest = closest.min(gradient.ln() - epsilon);
                }
            }
        }
    }
    assert!(states > 1000, "{states}");
    // Not vacuous: some of these random states come within a factor 5 of the bound.
    assert!(closest < 5_f64.ln(), "{closest}");
}

#[test]
fn lemma_1_is_reached_by_small_scalar_layers() {
    // Negative control: 1 % more would be wrong.
    let data = Dataset::new(array![[1.0]], array![1.0]).unwrap();
    for loss in LOSSES {
        for depth in 1..6 {
            let a = 1e-3_f64.powf(1.0 / depth as f64);
            let net = Network::from_layers(&vec![array![[a]]; depth]).unwrap();
            let (risk, gradient) = risk_and_gradient(&net, &data, loss);
            let epsilon = lemma_1_log_epsilon(loss, depth, a, 1.0, risk.ln()).unwrap();
            let slack = gradient.ln() - epsilon;
            assert!((0.0..1.01_f64.ln()).contains(&slack), "{depth} {slack}");
        }
    }
}

#[test]
fn lemma_1_goes_on_where_the_slope_is_no_number() {
    for loss in LOSSES {
        let far = |depth, radius| lemma_1_log_epsilon(loss, depth, radius, 0.5, -3.0);
        assert!((far(6, 10.0).unwrap() / -1e6 - 1.0).abs() < 1e-4);
        assert!((far(6, 1e50).unwrap() / -1e300 - 1.0).abs() < 1e-12);
        assert!(far(6, 1e60).unwrap_err().to_string().contains("ln ε(R)"));
        // ε ∝ ℓ(0) − R(W(t₁)), down to the last digits below ℓ(0).
        let log_at_zero = loss.log_value_at_zero();
        let near = |below: f64| lemma_1_log_epsilon(loss, 2, 1.0, 0.5, log_at_zero - below).unwrap();
        assert!((near(1e-9) - near(1e-13) - 1e4_f64.ln()).abs() < 2e-3);
        assert!(near(1e6).is_finite() && near(1e-14) > -45.0);
        // A tiny radius is a ball without such states: the bound is large, and vacuous.
        assert!(far(3, 1e-300).unwrap() > 600.0);
    }
}

#[test]
fn lemma_1_refuses_a_broken_premise() {
    let said = |depth, radius, margin, log_risk| {
        lemma_1_log_epsilon(Loss::Logistic, depth, radius, margin, log_risk).unwrap_err().to_string()
    };
    let at_zero = Loss::Logistic.log_value_at_zero();
    for log_risk in [at_zero, 0.0, f64::NAN, f64::INFINITY, f64::NEG_INFINITY] {
        assert!(said(2, 1.0, 0.5, log_risk).contains("Lemma 1's premise"));
    }
    for margin in [0.0, -0.1, 1.1, f64::NAN] {
        assert!(said(2, 1.0, margin, -3.0).contains("0 < γ ≤ 1"));
    }
    for radius in [0.0, -1.0, f64::NAN, f64::INFINITY] {
        assert!(said(2, radius, 0.5, -3.0).contains("radius"));
    }
    assert!(said(0, 1.0, 0.5, -3.0).contains("depth ≥ 1"));
}

/// The sign of ⟨w_⊥, ∇R(w)⟩ = −1/n Σ |ℓ′(qᵢ)|⟨w_⊥, zᵢ⟩, scaled so that it neither over- nor underflows.
fn pull(loss: Loss, z: &Array2<f64>, w: &Array1<f64>, side: &Array1<f64>) -> f64 {
    let slopes = z.dot(w).mapv(|q| loss.log_slope(q));
    let largest = slopes.iter().copied().fold(f64::NEG_INFINITY, f64::max);
    -slopes.mapv(|s| (s - largest).exp()).dot(&z.dot(side))
}

#[test]
fn lemma_4_the_risk_pulls_back_beyond_the_threshold() {
    let (mut below, mut backward) = (0, 0);
    for seed in 0..30 {
        let d = 2 + seed as usize % 4;
        let data = tied(seed, d + seed as usize % 3, d);
        let svm = MaxMargin::fit(&data).unwrap();
        let alpha = lemma_3_alpha(&data, &svm).unwrap();
        let (z, u) = (data.mirrored(), svm.direction());
        let mut draw = Draw::new(1000 + seed);
        for loss in LOSSES {
            let threshold = lemma_4_threshold(loss, data.n(), alpha).unwrap();
            for trial in 0..400 {
                let side = aside(&draw.vector(d), u);
                let side = &side / side.dot(&side).sqrt();
                let along = 4.0 * draw.next().abs() / svm.margin();
                let scaled = |part: f64| &side * (part * threshold);
                let sign = |side: Array1<f64>, along: f64| pull(loss, &z, &(&side + &(&u * along)), &side);
                assert!(sign(scaled(1.0 + 0.01 * trial as f64), along) >= 0.0, "{seed} {trial} {loss:?}");
                // Negative controls: a twentieth of the threshold, and a w on the wrong side of ū.
                below += usize::from(sign(scaled(0.05), along) < 0.0);
                backward += usize::from(sign(scaled(1.0), -40.0 * along) < 0.0);
            }
        }
    }
    assert!(below > 1000 && backward > 1000, "{below} {backward}");
}

#[test]
fn lemma_4_threshold_by_hand() {
    assert!((lemma_4_threshold(Loss::Exponential, 40, 0.25).unwrap() - 4.0 * (1.0 + 40_f64.ln())).abs() < 1e-14);
    assert!((lemma_4_threshold(Loss::Logistic, 40, 0.25).unwrap() - 320.0 / 1_f64.exp()).abs() < 1e-12);
    for (n, alpha) in [(0, 1.0), (3, 0.0), (3, -1.0), (3, f64::NAN), (3, f64::INFINITY), (3, 1e-308)] {
        for loss in LOSSES {
            assert!(lemma_4_threshold(loss, n, alpha).is_err(), "{n} {alpha}");
        }
    }
}
