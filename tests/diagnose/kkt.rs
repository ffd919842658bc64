//! KKT residuals and recovered multipliers against the definitions, exact solutions and brute force.

use crate::bad_input::number;
use crate::close;
use implicit_bias::prelude::*;
use proptest::prelude::*;

/// α = a/γ² of the fit, one number a point.
fn multipliers(svm: &MaxMargin, n: usize) -> Array1<f64> {
    let mut alpha = Array1::zeros(n);
    for (&i, a) in svm.support().iter().zip(svm.multipliers()) {
        alpha[i] = a / svm.margin().powi(2);
    }
    alpha
}

#[test]
fn slides_equation_6_holds_at_the_svm_and_only_there() {
    for seed in 0..20 {
        let d = 2 + seed as usize % 4;
        let data = Separable { n: 15, d, margin: 0.3, next_margin: 0.4 }.sample(seed).unwrap();
        let svm = MaxMargin::fit(&data).unwrap();
        let (w, alpha) = (&svm.direction() / svm.margin(), multipliers(&svm, 15));
        assert!(kkt(&w, &alpha, &data).unwrap().largest() < 1e-12);
        // Negative controls: each condition is broken alone, by a known amount.
        let size = w.dot(&w).sqrt();
        let short = kkt(&(&w * 0.75), &(&alpha * 0.75), &data).unwrap();
        close(short.feasibility, 0.25, 1e-11);
        assert!(short.stationarity < 1e-12);
        let far = (0..15).max_by(|&i, &j| data.mirrored().row(i).dot(&w).total_cmp(&data.mirrored().row(j).dot(&w)));
        let (far, mut more) = (far.unwrap(), alpha.clone());
        more[far] = -0.5;
        let off = kkt(&w, &more, &data).unwrap();
        let z = data.mirrored().row(far).to_owned();
        close(off.stationarity, 0.5 * z.dot(&z).sqrt() / size, 1e-10);
        close(off.sign, 0.5 / (alpha.sum() + 0.5), 1e-12);
        close(off.complementarity, 0.5 * (z.dot(&w) - 1.0) / (alpha.sum() + 0.5), 1e-9);
        // No unit.
        let scaled = Dataset::new(&data.x() * 1e9, data.y().to_owned()).unwrap();
        let same = kkt(&(&w / 1e9), &(&more / 1e18), &scaled).unwrap();
        close(same.stationarity, off.stationarity, 1e-9);
        close(same.sign, off.sign, 1e-9);
        close(same.complementarity, off.complementarity, 1e-9);
    }
}

#[test]
fn a_gradient_far_out_holds_the_multipliers() {
    // Steps of length 0.01 on ln R, an independent loop: margins beyond 1000, where R is no number.
    for seed in 0..5 {
        let data = Separable { n: 12, d: 3, margin: 0.4, next_margin: 0.8 }.sample(seed).unwrap();
        let svm = MaxMargin::fit(&data).unwrap();
        let z = data.mirrored();
        let mut w = Array1::zeros(3);
        let slopes = |w: &Array1<f64>| {
            let q = z.dot(w);
            let least = q.iter().copied().fold(f64::INFINITY, f64::min);
            q.mapv(|q| (least - q).exp())
        };
        for _ in 0..200_000 {
            let a = slopes(&w);
            w += &(a.dot(&z) / a.sum() * 0.1);
        }
        let (found, expected) = (recovered_multipliers(&slopes(&w), &data).unwrap(), multipliers(&svm, 12));
        let error = (&found - &expected).mapv(f64::abs).sum() / expected.sum();
        assert!(error < 1e-6, "{seed}: {error:e}");
        // Negative control: at the start all points weigh the same.
        let first = recovered_multipliers(&Array1::ones(12), &data).unwrap();
        assert!((&first - &expected).mapv(f64::abs).sum() / expected.sum() > 0.1);
        // A common factor does not matter, and the SVM's own convex weights come back.
        let own = multipliers(&svm, 12);
        let back = recovered_multipliers(&(&own * 1e-300), &data).unwrap();
        assert!((&back - &own).mapv(f64::abs).sum() < 1e-11 * own.sum());
    }
}

#[test]
fn what_has_no_multipliers_is_refused() {
    let data = Dataset::new(array![[1.0, 0.0], [1.0, 0.0]], array![1.0, -1.0]).unwrap();
    let said = |slopes: &[f64]| recovered_multipliers(slopes, &data).unwrap_err().to_string();
    assert!(said(&[1.0]).contains("(2) to match the data"));
    assert!(said(&[1.0, 1.0]).contains("zero gradient") && said(&[0.0, 0.0]).contains("only zeros"));
    assert!(said(&[1.0, -1.0]).contains("slopes)[1]") && said(&[f64::NAN, 1.0]).contains("slopes)[0]"));
    assert!(kkt(&[0.0, 0.0], &[1.0, 1.0], &data).is_err() && kkt(&[1.0, 0.0], &[0.0, 0.0], &data).is_err());
    assert!(kkt(&[1.0], &[1.0, 0.0], &data).is_err() && kkt(&[1.0, 0.0], &[1.0], &data).is_err());
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2000))]

    #[test]
    fn an_error_or_finite_numbers(
        x in prop::collection::vec(number().prop_filter("finite", |v| v.is_finite()), 6),
        w in prop::collection::vec(number(), 2),
        alpha in prop::collection::vec(number(), 3),
    ) {
        let data = Dataset::new(Array2::from_shape_vec((3, 2), x).unwrap(), array![1.0, -1.0, 1.0]).unwrap();
        if let Ok(found) = kkt(&w, &alpha, &data) {
            for v in [found.stationarity, found.feasibility, found.complementarity, found.sign] {
                prop_assert!(v.is_finite() && v >= 0.0);
            }
            prop_assert!(found.sign <= 1.0);
        }
        if let Ok(found) = recovered_multipliers(&alpha, &data) {
            prop_assert!(found.iter().all(|a| a.is_finite() && *a >= 0.0) && found.sum() > 0.0);
        }
    }
}
