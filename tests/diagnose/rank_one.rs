//! 1 − ‖W‖₂/‖W‖_F against exact integer arithmetic: every input below is a matrix of integers that f64 holds exactly.

use super::{Draw, close, nalgebra_of};
use implicit_bias::diagnose::{rank_one_gap, spectral_ratio, stable_rank};
use implicit_bias::prelude::*;

/// The gap of an integer matrix of rank ≤ 2 from F² and e₂ = Σ (2×2 minors)² = σ₁²σ₂², both exact in i128.
fn exact_gap(w: &[Vec<i64>]) -> f64 {
    let (m, n) = (w.len(), w[0].len());
    let f2: i128 = w.iter().flatten().map(|&v| v as i128 * v as i128).sum();
    let mut e2 = 0.0;
    for i in 0..m {
        for j in 0..i {
            for k in 0..n {
                for l in 0..k {
                    let minor = w[i][k] as i128 * w[j][l] as i128 - w[i][l] as i128 * w[j][k] as i128;
                    e2 += (minor as f64).powi(2);
                }
            }
        }
    }
    let f2 = f2 as f64;
    let tail = 2.0 * e2 / (f2 + (f2 * f2 - 4.0 * e2).max(0.0).sqrt());
    let top = (f2 - tail).sqrt();
    tail / (f2.sqrt() * (f2.sqrt() + top))
}

fn float(w: &[Vec<i64>]) -> Array2<f64> {
    Array2::from_shape_fn((w.len(), w[0].len()), |(i, j)| w[i][j] as f64)
}

#[test]
fn fibonacci_matrices_have_determinant_one_whatever_their_size() {
    let (mut a, mut b, mut least) = (1_i64, 1_i64, 1.0);
    while a + b < 1 << 53 {
        let w = vec![vec![a, b], vec![b, a + b]];
        let (exact, ours) = (exact_gap(&w), rank_one_gap(&float(&w)).unwrap());
        close(ours, exact, 4e-15);
        close(spectral_ratio(&float(&w)).unwrap(), 1.0 - exact, 1e-15);
        least = ours;
        (a, b) = (b, a + b);
    }
    assert!(least < 1e-62, "the last gap is {least:e}");
}

#[test]
fn nearly_rank_one_integers_of_any_shape() {
    let mut draw = Draw(11);
    let mut integer = |size: f64| (draw.next() * size) as i64;
    for (m, n) in [(2, 2), (2, 3), (3, 2), (2, 6), (3, 3), (5, 3), (4, 9), (12, 12)] {
        for scale in [1, 1_000, 100_000_000] {
            let (x, y): (Vec<i64>, Vec<i64>) =
                ((0..m).map(|_| integer(4000.0)).collect(), (0..n).map(|_| integer(4000.0) / 3).collect());
            let (p, q): (Vec<i64>, Vec<i64>) =
                ((0..m).map(|_| integer(9.0)).collect(), (0..n).map(|_| integer(9.0)).collect());
            let w: Vec<Vec<i64>> =
                (0..m).map(|i| (0..n).map(|j| scale * x[i] * y[j] + p[i] * q[j]).collect()).collect();
            let exact = exact_gap(&w);
            close(rank_one_gap(&float(&w)).unwrap(), exact, 1e-12);
            let values = singular_values(&float(&w)).unwrap();
            close(0.5 * (values[1] / values[0]).powi(2), exact, 1e-12 + 2.0 * exact);
        }
    }
}

#[test]
fn the_naive_difference_fails_this_tolerance() {
    // Negative control for the two tests above.
    let w = vec![vec![1_000_000_007, 2_000_000_011], vec![3_000_000_021, 6_000_000_034]];
    let (exact, m) = (exact_gap(&w), float(&w));
    let naive = 1.0 - spectral_norm(&m).unwrap() / frobenius_norm(&m).unwrap();
    assert!((naive / exact - 1.0).abs() > 1e-3, "naive {naive:e}, exact {exact:e}");
    close(rank_one_gap(&m).unwrap(), exact, 4e-15);
}

#[test]
fn rank_one_is_exactly_zero_where_the_products_are_exact() {
    for (m, n) in [(1, 5), (5, 1), (2, 2), (2, 7), (7, 2), (6, 6)] {
        let w = Array2::from_shape_fn((m, n), |(i, j)| ((3 * i + 1) * (5 * j + 2)) as f64);
        assert_eq!(rank_one_gap(&w).unwrap(), 0.0, "{m}x{n}");
        assert_eq!(spectral_ratio(&w).unwrap(), 1.0);
        assert_eq!(stable_rank(&w).unwrap(), 1.0);
    }
}

#[test]
fn diag_of_one_and_delta_turned_by_an_angle() {
    // (1 − 1/√(1 + δ²)) for W = diag(1, δ); the rotation's own rounding moves σ₂ by 1e-16.
    for delta in [0.9, 1e-3, 1e-6, 1e-9] {
        let (s, c) = 0.7_f64.sin_cos();
        let w = array![[c, -s], [s, c]].dot(&array![[1.0, 0.0], [0.0, delta]]).dot(&array![[c, s], [-s, c]]);
        let f = 1.0_f64.hypot(delta);
        close(rank_one_gap(&w).unwrap(), delta * delta / (f * (f + 1.0)), 1e-15 / delta + 1e-14);
    }
    close(rank_one_gap(&array![[1.0, 0.0], [0.0, 1e-15]]).unwrap(), 5e-31, 1e-15);
    close(rank_one_gap(&array![[0.0, 1.0], [1.0, 0.0]]).unwrap(), 1.0 - 0.5_f64.sqrt(), 1e-15);
}

#[test]
fn the_two_ways_to_the_remainder_agree_far_from_rank_one() {
    // A vanishing pivot (the entry at the largest u and v) forces the plain projection.
    let n = 3;
    let flat = Array2::from_elem((n, n), 1.0);
    for t in [0.5_f64, 0.9, 1.0, 1.1] {
        let w = &flat - &(Array2::<f64>::eye(n) * t);
        // Eigenvalues of the symmetric W: 3 − t once, −t twice.
        let (top, f) = (3.0 - t, ((3.0 - t) * (3.0 - t) + 2.0 * t * t).sqrt());
        close(rank_one_gap(&w).unwrap(), 1.0 - top / f, 1e-13);
    }
}

#[test]
fn between_near_and_far_the_gap_agrees_with_nalgebra() {
    let mut draw = Draw(12);
    for (m, n) in [(3, 3), (4, 7), (20, 11)] {
        for noise in [0.3, 0.1, 0.03, 0.01, 0.003] {
            let (x, y) = (draw.vector(m), draw.vector(n));
            let w = Array2::from_shape_fn((m, n), |(i, j)| x[i] * y[j]) + draw.matrix(m, n) * (noise * 0.3);
            let mut values: Vec<f64> = nalgebra_of(&w).singular_values().iter().copied().collect();
            values.sort_by(|a, b| b.total_cmp(a));
            let tail: f64 = values[1..].iter().map(|s| s * s).sum();
            let f = (tail + values[0] * values[0]).sqrt();
            let exact = tail / (f * (f + values[0]));
            close(rank_one_gap(&w).unwrap(), exact, 1e-15 / exact.sqrt() * 10.0);
        }
    }
}
