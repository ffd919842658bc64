//! What a late state looks like.

use crate::{Draw, aside, tied};
use implicit_bias::diagnose::rank_one_gap;
use implicit_bias::diagnose::imbalance;
use implicit_bias::prelude::*;

#[test]
fn theorem_2_late_norm_and_gap() {
    // L aligned scalar layers of size a on one point at distance γ: ln R = −γ a^L for exponential loss, exactly.
    for depth in 1..7 {
        let (a, gamma) = (3.0_f64, 0.25);
        let found = late_norm(-gamma * a.powi(depth), gamma, depth as usize).unwrap();
        assert!((found - a).abs() < 1e-14);
    }
    for (s, f) in [(1.0, 1e2), (1.0, 1e4)] {
        let w = array![[f64::sqrt(f * f - s * s), 0.0], [0.0, s]];
        let (exact, late) = (rank_one_gap(&w).unwrap(), late_gap(s, f).unwrap());
        assert!((late / exact - 1.0).abs() < 0.3 * (s / f).powi(2), "{late:e} {exact:e}");
    }
    for bad in [late_norm(0.1, 1.0, 2), late_norm(-1.0, 0.0, 2), late_norm(-1.0, 1.0, 0), late_norm(f64::NAN, 1.0, 1)] {
        assert!(bad.is_err());
    }
    assert!(late_gap(2.0, 1.0).is_err() && late_gap(f64::NAN, 1.0).is_err() && late_gap(0.0, 0.0).is_err());
}

#[test]
fn soudry_theorem_3_the_offset_has_the_multipliers_as_weights() {
    // With d support vectors e^{−⟨w̃, zᵢ⟩} is proportional to the dual weights aᵢ: another way to the same vector.
    for (d, seed) in (2..8).flat_map(|d| (0..5).map(move |seed| (d, seed))) {
        let data = Separable { n: 20, d, margin: 0.2, next_margin: 0.5 }.sample(seed).unwrap();
        let svm = MaxMargin::fit(&data).unwrap();
        let offset = late_offset(&data, &svm).unwrap();
        assert!(offset.dot(&svm.direction()).abs() < 1e-13);
        let z = data.mirrored().select(ndarray::Axis(0), svm.support());
        let constants = z.dot(&offset) + svm.multipliers().mapv(f64::ln);
        let spread = constants.iter().map(|c| (c - constants[0]).abs()).fold(0.0, f64::max);
        assert!(spread < 2e-13, "d = {d}: {spread:e}");
        // Negative control: the multipliers differ, so that the offset is not zero; and the bound by α.
        let alpha = lemma_3_alpha(&data, &svm).unwrap();
        let size = offset.dot(&offset).sqrt();
        assert!(size > 1e-3 && size <= (d as f64).ln() / alpha);
    }
}

#[test]
fn soudry_theorem_3_the_offset_balances_tied_support_vectors() {
    for (seed, d) in (0..40).map(|seed| (seed, 2 + seed as usize % 5)) {
        let data = tied(seed, d + 1 + seed as usize % 4, d);
        let svm = MaxMargin::fit(&data).unwrap();
        let offset = late_offset(&data, &svm).unwrap();
        let u = svm.direction();
        let z = data.mirrored().select(ndarray::Axis(0), svm.support());
        let weights = z.dot(&offset).mapv(|q| (-q).exp());
        let gradient = aside(&weights.dot(&z), u);
        let residual = gradient.dot(&gradient).sqrt() / weights.sum();
        assert!(residual < 1e-14, "{residual:e}");
        assert!(offset.dot(&u).abs() < 1e-13);
    }
}

#[test]
fn soudry_theorem_3_a_long_descent_ends_at_the_offset() {
    // Normalised descent at depth 1, w ← w − η∇ln R(w), on all points: far beyond where R is no number.
    for seed in 0..6 {
        let d = 2 + seed as usize % 3;
        let data = tied(50 + seed, d + 1, d);
        let svm = MaxMargin::fit(&data).unwrap();
        let (z, u) = (data.mirrored(), svm.direction());
        let expected = late_offset(&data, &svm).unwrap();
        let mut w = Array1::from_elem(d, 1.5);
        let distance = |w: &Array1<f64>| {
            let off = &aside(w, u) - &expected;
            off.dot(&off).sqrt()
        };
        let before = distance(&w);
        // The slowest direction contracts by 1 − η times the least eigenvalue of Σ aᵢpᵢpᵢᵀ.
        for _ in 0..60_000 {
            let q = z.dot(&w);
            let least = q.iter().copied().fold(f64::INFINITY, f64::min);
            let a = q.mapv(|q| (least - q).exp());
            w += &(a.dot(&z) / a.sum() * 0.2);
        }
        assert!(distance(&w) < 1e-10 && before > 0.1, "{seed}: {:e}, before {before}", distance(&w));
    }
}

/// Layers whose A_k are exactly those of `start` and whose last has norm `size`: W_kW_kᵀ = W_{k+1}ᵀW_{k+1} − A_k, by square roots.
fn grown(start: &Network, size: f64, seed: u64) -> Network {
    use nalgebra::DMatrix;
    let mut draw = Draw::new(seed);
    let imbalance = imbalance(start).unwrap();
    let last = draw.vector(start.widths()[start.depth() - 1]);
    let mut layers = vec![(&last * (size / last.dot(&last).sqrt())).insert_axis(ndarray::Axis(0))];
    for a in imbalance.iter().rev() {
        let square = layers[0].t().dot(&layers[0]) - a;
        let d = square.nrows();
        let eigen = DMatrix::from_fn(d, d, |i, j| square[[i, j]]).symmetric_eigen();
        assert!(eigen.eigenvalues.min() > 0.0, "no such network");
        let turn = DMatrix::from_fn(d, d, |_, _| draw.next()).qr().q();
        let w = &eigen.eigenvectors * DMatrix::from_diagonal(&eigen.eigenvalues.map(f64::sqrt)) * turn;
        layers.insert(0, Array2::from_shape_fn((d, d), |(i, j)| w[(i, j)]));
    }
    Network::from_layers(&layers).unwrap()
}

#[test]
fn lemma_2_the_late_tails_are_what_balancedness_leaves() {
    for seed in 0..6 {
        // Lower layers larger, so that every W_{k+1}ᵀW_{k+1} − A_k has a square root.
        let mut draw = Draw::new(seed);
        let d = 2 + seed as usize % 3;
        let eye = |c: f64| Array2::from_diag(&Array1::from_elem(d, c));
        let mut noise = |rows| Array2::from_shape_fn((rows, d), |_| 0.2 * draw.next());
        let start =
            Network::from_layers(&[noise(d) + eye(3.0), noise(d) + eye(2.0), noise(d) + eye(1.0), noise(1)]).unwrap();
        let tails = |net: &Network| -> Vec<f64> {
            let squares = |w: ArrayView2<f64>| -> f64 {
                let mut s = singular_values(w).unwrap();
                s.remove(0);
                s.iter().map(|s| s * s).sum()
            };
            net.layers().map(squares).collect()
        };
        let worst = |size: f64| {
            let late = grown(&start, size, 10 + seed);
            let (found, actual) = (late_tails(&start, &late).unwrap(), tails(&late));
            assert_eq!(found[3], 0.0);
            let gaps = rank_one_gaps(&late).unwrap();
            for (k, f) in frobenius_norms(&late).unwrap().into_iter().enumerate() {
                let predicted = late_gap(found[k].sqrt(), f).unwrap();
                assert!((predicted - gaps[k]).abs() <= 300.0 / (size * size) * gaps[k]);
            }
            found.iter().zip(&actual).map(|(a, b)| (a - b).abs()).fold(0.0, f64::max)
        };
        let (early, late) = (worst(30.0), worst(300.0));
        assert!(late < 1e-2 && late < early / 50.0 && early > 1e-6, "{early:e} {late:e}");
        // Negative control: with another start's A_k the tails are off by their own size.
        let other = Network::from_layers(&[eye(1.0), eye(2.0), eye(3.0), noise(1)]).unwrap();
        let net = grown(&start, 300.0, 10 + seed);
        assert!((late_tails(&other, &net).unwrap()[0] - tails(&net)[0]).abs() > 1.0);
    }
}

#[test]
fn late_tails_refuse_what_has_none() {
    let net = |widths: &[usize]| Network::linear(widths, Init::LeCun, 1).unwrap();
    assert_eq!(late_tails(&net(&[3, 1]), &net(&[3, 1])).unwrap(), [0.0]);
    let said = |a: &Network, b: &Network| late_tails(a, b).unwrap_err().to_string();
    assert!(said(&net(&[2, 2, 1]), &net(&[2, 3, 1])).contains("widths of late"));
    let relu = net(&[2, 2, 1]).with_slope(0.0).unwrap();
    assert!(said(&relu, &net(&[2, 2, 1])).contains("start") && said(&net(&[2, 2, 1]), &relu).contains("late"));
    let zero = Network::from_layers(&[array![[1.0, 2.0], [3.0, 4.0]], array![[0.0, 0.0]]]).unwrap();
    assert!(said(&net(&[2, 2, 1]), &zero).contains("W_2"));
    let mut nan = net(&[2, 2, 1]);
    nan.params_mut()[4] = f64::NAN;
    assert!(said(&net(&[2, 2, 1]), &nan).contains("W_2[0, 0]"));
    let mut huge = net(&[2, 2, 1]);
    huge.params_mut()[0] = 1e200;
    assert!(said(&huge, &net(&[2, 2, 1])).contains("W_1W_1ᵀ"));
}
