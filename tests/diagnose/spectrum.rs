use super::{Draw, close, diagonal, nalgebra_of};
use implicit_bias::diagnose::{effective_rank, rank_one_gap, spectral_ratio, stable_rank, stable_ranks};
use implicit_bias::prelude::*;

const SHAPES: [(usize, usize); 12] =
    [(1, 1), (1, 7), (7, 1), (2, 2), (2, 5), (5, 2), (3, 3), (3, 8), (9, 4), (16, 16), (40, 25), (25, 40)];

#[test]
fn agrees_with_nalgebra_on_every_shape() {
    let mut draw = Draw(1);
    for (m, n) in SHAPES {
        for _ in 0..5 {
            let w = draw.matrix(m, n);
            let mut oracle: Vec<f64> = nalgebra_of(&w).singular_values().iter().copied().collect();
            oracle.sort_by(|a, b| b.total_cmp(a));
            let values = singular_values(&w).unwrap();
            assert_eq!(values.len(), m.min(n));
            for (ours, theirs) in values.iter().zip(&oracle) {
                assert!((ours - theirs).abs() <= 2e-14 * oracle[0], "{m}x{n}: {values:?} against {oracle:?}");
            }
            close(spectral_norm(&w).unwrap(), oracle[0], 1e-14);
            close(frobenius_norm(&w).unwrap(), nalgebra_of(&w).norm(), 1e-15);
            close(spectral_ratio(&w).unwrap(), oracle[0] / nalgebra_of(&w).norm(), 1e-13);
        }
    }
}

#[test]
fn the_oracle_comparison_would_see_a_wrong_value() {
    // Negative control: moving one entry by 1e-12 moves σ₁ by more than the tolerances above.
    let mut w = Draw(2).matrix(16, 16);
    let before = spectral_norm(&w).unwrap();
    let top = top_singular(&w).unwrap();
    let (i, j) = (0, 0);
    w[[i, j]] += 1e-12 / (top.left[i] * top.right[j]);
    assert!((spectral_norm(&w).unwrap() - before).abs() > 5e-13);
}

#[test]
fn first_singular_vectors_reproduce_the_matrix_s_action() {
    let mut draw = Draw(3);
    for (m, n) in SHAPES {
        let w = draw.matrix(m, n);
        let top = top_singular(&w).unwrap();
        let forward = w.dot(&top.right) - &top.left * top.value;
        let backward = w.t().dot(&top.left) - &top.right * top.value;
        assert!(frobenius_norm(forward.view().insert_axis(ndarray::Axis(0))).unwrap() < 1e-14 * top.value);
        assert!(frobenius_norm(backward.view().insert_axis(ndarray::Axis(0))).unwrap() < 3e-14 * top.value, "{m}x{n}");
        close(top.left.dot(&top.left), 1.0, 1e-14);
        close(top.right.dot(&top.right), 1.0, 1e-14);
    }
}

#[test]
fn a_large_matrix_whose_values_crowd_at_the_top() {
    // Second differences: eigenvalues 2 − 2cos(kπ/(n + 1)), the first two 3e-4 apart.
    let second_differences = |n: usize| {
        Array2::from_shape_fn((n, n), |(i, j)| match i.abs_diff(j) {
            0 => 2.0,
            1 => -1.0,
            _ => 0.0,
        })
    };
    let truth = |n: usize, k: usize| 2.0 - 2.0 * (k as f64 * std::f64::consts::PI / (n + 1) as f64).cos();
    let w = second_differences(256);
    close(spectral_norm(&w).unwrap(), truth(256, 256), 1e-14);
    close(spectral_ratio(&w).unwrap(), truth(256, 256) / frobenius_norm(&w).unwrap(), 1e-13);
    // Long enough for a restart.
    close(spectral_norm(&second_differences(400)).unwrap(), truth(400, 400), 1e-13);
    // Negative control: the runner-up is further away than the tolerance.
    assert!(truth(256, 256) - truth(256, 255) > 1e-4);
    for (i, value) in singular_values(&second_differences(60)).unwrap().into_iter().enumerate() {
        assert!((value - truth(60, 60 - i)).abs() < 1e-14, "value {i}: {value}");
    }
}

#[test]
fn a_start_that_is_itself_a_lower_singular_vector_does_not_stop_the_search() {
    // The largest row, (0, 0, 1.5), is a singular vector for 1.5, but σ₁ = 2.
    let w = array![[1.0, 1.0, 0.0], [1.0, 1.0, 0.0], [0.0, 0.0, 1.5]];
    close(spectral_norm(&w).unwrap(), 2.0, 1e-15);
    assert!((singular_values(&w).unwrap()[1] - 1.5).abs() < 1e-15);
}

#[test]
fn repeated_values_and_structure() {
    for n in [1, 2, 3, 5, 20] {
        let identity = Array2::eye(n);
        close(spectral_norm(&identity).unwrap(), 1.0, 1e-15);
        close(spectral_ratio(&identity).unwrap(), 1.0 / (n as f64).sqrt(), 1e-14);
        close(effective_rank(&identity).unwrap(), n as f64, 1e-14);
        close(stable_rank(&identity).unwrap(), n as f64, 1e-14);
        assert_eq!(singular_values(&Array2::<f64>::zeros((n, 3))).unwrap(), vec![0.0; n.min(3)]);
    }
    // σ₁ and σ₂ to the last digits, the others to the last digits of σ₂.
    let truth = [1.0, 1e-20, 1e-30, 1e-50];
    let values = singular_values(&diagonal(&truth)).unwrap();
    close(values[0], 1.0, 1e-15);
    close(values[1], 1e-20, 1e-14);
    assert!((values[2] - 1e-30).abs() < 1e-34 && (values[3] - 1e-50).abs() < 1e-34, "{values:?}");
}

#[test]
fn a_rotation_changes_nothing() {
    let mut draw = Draw(5);
    for (m, n) in [(2, 2), (3, 6), (12, 7)] {
        let (w, p, q) = (draw.matrix(m, n), draw.orthogonal(m), draw.orthogonal(n));
        let turned = p.dot(&w).dot(&q);
        close(spectral_norm(&turned).unwrap(), spectral_norm(&w).unwrap(), 1e-14);
        close(rank_one_gap(&turned).unwrap(), rank_one_gap(&w).unwrap(), 1e-13);
        close(effective_rank(&turned).unwrap(), effective_rank(&w).unwrap(), 1e-13);
    }
}

#[test]
fn scale_is_a_factor_even_where_squares_are_not_numbers() {
    let mut draw = Draw(6);
    for (m, n) in [(2, 2), (1, 3), (4, 2), (5, 6)] {
        let w = draw.matrix(m, n);
        for exponent in [-150, -290, 150, 290] {
            let c = 10f64.powi(exponent);
            let scaled = &w * c;
            close(spectral_norm(&scaled).unwrap() / c, spectral_norm(&w).unwrap(), 1e-14);
            close(frobenius_norm(&scaled).unwrap() / c, frobenius_norm(&w).unwrap(), 1e-14);
            close(spectral_ratio(&scaled).unwrap(), spectral_ratio(&w).unwrap(), 1e-14);
            close(effective_rank(&scaled).unwrap(), effective_rank(&w).unwrap(), 1e-13);
        }
    }
    // The norm of this one is no f64, its ratio is.
    let huge = array![[1.5e308, 0.0], [0.0, 1.5e308]];
    assert!(frobenius_norm(&huge).is_err());
    close(spectral_ratio(&huge).unwrap(), 0.5f64.sqrt(), 1e-15);
    let tiny = array![[5e-324, 0.0], [0.0, 5e-324]];
    close(spectral_ratio(&tiny).unwrap(), 0.5f64.sqrt(), 1e-15);
}

#[test]
fn any_layout_and_the_layers_of_a_network() {
    let w = Draw(7).matrix(4, 3);
    assert_eq!(frobenius_norm(w.t()).unwrap(), frobenius_norm(&w.t().as_standard_layout().to_owned()).unwrap());
    close(rank_one_gap(w.t()).unwrap(), rank_one_gap(&w).unwrap(), 1e-14);
    let net = Network::from_layers(&[w.clone(), array![[1.0, 2.0, 3.0, 4.0]]]).unwrap();
    assert_eq!(spectral_norms(&net).unwrap()[0], spectral_norm(&w).unwrap());
    assert_eq!(frobenius_norms(&net).unwrap()[0], frobenius_norm(&w).unwrap());
    assert_eq!(spectral_ratios(&net).unwrap(), [spectral_ratio(&w).unwrap(), 1.0]);
    assert_eq!(rank_one_gaps(&net).unwrap(), [rank_one_gap(&w).unwrap(), 0.0]);
    assert_eq!(effective_ranks(&net).unwrap(), [effective_rank(&w).unwrap(), 1.0]);
    assert_eq!(stable_ranks(&net).unwrap(), [stable_rank(&w).unwrap(), 1.0]);
}
