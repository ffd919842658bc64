//! Diagnostics against closed forms, exact integers, finite differences and nalgebra.

use implicit_bias::prelude::*;

mod alignment;
mod allocation;
mod bad_input;
mod balance;
#[path = "../common/counting.rs"]
mod counting;
mod differences;
mod hessian;
mod kkt;
mod margin;
mod rank_one;
mod sharpness;
mod sharpness_rectified;
mod spectrum;
mod tails;

/// Reproducible numbers in [−1, 1) (splitmix64).
struct Draw(u64);

impl Draw {
    fn next(&mut self) -> f64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut x = self.0;
        x = (x ^ (x >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        x = (x ^ (x >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        (x ^ (x >> 31)) as i64 as f64 / 2f64.powi(63)
    }

    fn matrix(&mut self, rows: usize, cols: usize) -> Array2<f64> {
        Array2::from_shape_simple_fn((rows, cols), || self.next())
    }

    fn vector(&mut self, len: usize) -> Array1<f64> {
        Array1::from_shape_simple_fn(len, || self.next())
    }

    fn network(&mut self, widths: &[usize]) -> Network {
        let layers: Vec<_> = widths.windows(2).map(|w| self.matrix(w[1], w[0])).collect();
        Network::from_layers(&layers).unwrap()
    }

    /// An orthogonal matrix, by nalgebra's QR.
    fn orthogonal(&mut self, n: usize) -> Array2<f64> {
        let q = nalgebra::DMatrix::from_fn(n, n, |_, _| self.next()).qr().q();
        Array2::from_shape_fn((n, n), |(i, j)| q[(i, j)])
    }
}

fn nalgebra_of(w: &Array2<f64>) -> nalgebra::DMatrix<f64> {
    nalgebra::DMatrix::from_fn(w.nrows(), w.ncols(), |i, j| w[[i, j]])
}

fn diagonal(values: &[f64]) -> Array2<f64> {
    Array2::from_diag(&Array1::from(values.to_vec()))
}

/// |a − b| ≤ tolerance·|b|.
#[track_caller]
fn close(a: f64, b: f64, tolerance: f64) {
    assert!(
        (a - b).abs() <= tolerance * b.abs(),
        "{a:e} is not {b:e} to {tolerance:e}: off by {:e}",
        (a / b - 1.0).abs()
    );
}
