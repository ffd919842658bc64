//! LU factors against nalgebra's.

use super::source::lu::Lu;
use nalgebra::{DMatrix, DVector};
use num_complex::Complex;

/// Numbers without a pattern, from −1 to 1.
fn number(i: usize) -> f64 {
    (i as f64 * 12.9898 + 1.0).sin() * 43758.5453 % 1.0
}

#[test]
fn solutions_agree() {
    for n in [1, 2, 5, 14] {
        let entries: Vec<f64> = (0..n * n).map(number).collect();
        let right: Vec<f64> = (0..n).map(|i| number(1000 + i)).collect();
        let expected = DMatrix::from_row_slice(n, n, &entries).lu().solve(&DVector::from_vec(right.clone())).unwrap();
        let mut lu = Lu::new(n);
        lu.entries.copy_from_slice(&entries);
        assert!(lu.factorise());
        let mut x = right.clone();
        lu.solve(&mut x);
        for (x, e) in x.iter().zip(expected.iter()) {
            assert!((x - e).abs() < 1e-10 * (1.0 + e.abs()), "{n}: {x} {e}");
        }
        // The complex system A(x + iy) = b + ib', checked by its residual.
        let mut lu = Lu::new(n);
        let complex: Vec<Complex<f64>> = (0..n * n).map(|i| Complex::new(number(i), number(500 + i))).collect();
        lu.entries.copy_from_slice(&complex);
        assert!(lu.factorise());
        let b: Vec<Complex<f64>> = (0..n).map(|i| Complex::new(number(i), number(i + 77))).collect();
        let mut x = b.clone();
        lu.solve(&mut x);
        for i in 0..n {
            let row: Complex<f64> = (0..n).map(|j| complex[i * n + j] * x[j]).sum();
            assert!((row - b[i]).norm() < 1e-11);
        }
    }
}

#[test]
fn singular_and_infinite_matrices_are_refused() {
    for entries in [[1.0, 2.0, 2.0, 4.0], [0.0; 4], [f64::NAN, 1.0, 1.0, 1.0], [f64::INFINITY, 1.0, 1.0, 1.0]] {
        let mut lu = Lu::new(2);
        lu.entries.copy_from_slice(&entries);
        assert!(!lu.factorise(), "{entries:?}");
    }
}
