//! The max-margin reference against closed forms, brute force, another method, and its own certificate.

mod any_data;
mod certificate;
mod closed_forms;
mod inseparable;
mod intercept;
mod invariance;
mod oracles;

use implicit_bias::prelude::*;
use ndarray_rand::rand::SeedableRng;
use ndarray_rand::rand_distr::{Distribution, StandardNormal};
use rand_chacha::ChaCha8Rng;

type TestResult = Result<()>;

fn dataset(rows: &[(&[f64], f64)]) -> Result<Dataset> {
    let d = rows[0].0.len();
    let x = Array2::from_shape_fn((rows.len(), d), |(i, j)| rows[i].0[j]);
    Dataset::new(x, rows.iter().map(|r| r.1).collect())
}

/// Gaussian points pushed by `margin` away from the plane through the origin with a Gaussian normal.
fn gaussian(n: usize, d: usize, margin: f64, seed: u64) -> Result<Dataset> {
    let mut rng = ChaCha8Rng::seed_from_u64(seed);
    let mut normal: Array1<f64> = (0..d).map(|_| StandardNormal.sample(&mut rng)).collect();
    normal /= normal.dot(&normal).sqrt();
    let mut x = Array2::from_shape_simple_fn((n, d), || StandardNormal.sample(&mut rng));
    let y: Array1<f64> = x.dot(&normal).mapv(f64::signum);
    for (mut row, y) in x.rows_mut().into_iter().zip(&y) {
        row.scaled_add(margin * y, &normal);
    }
    Dataset::new(x, y)
}

fn least_margin(data: &Dataset, u: ArrayView1<f64>, b: f64) -> f64 {
    data.x().dot(&u).iter().zip(data.y()).map(|(p, y)| y * (p + b)).fold(f64::INFINITY, f64::min)
}

/// ∠(u, v) by the length of the part of u orthogonal to v; both of unit length.
fn angle(u: ArrayView1<f64>, v: ArrayView1<f64>) -> f64 {
    let along = u.dot(&v);
    let across = (&u - &(&v * along)).mapv(|x| x * x).sum().sqrt();
    across.atan2(along)
}

fn unit(v: Array1<f64>) -> Array1<f64> {
    let norm = v.dot(&v).sqrt();
    v / norm
}

/// Everything a certificate says, recomputed in f64 from the data.
fn check_certificate(data: &Dataset, svm: &MaxMargin) {
    let scale = data.x().rows().into_iter().map(|r| r.dot(&r).sqrt()).fold(0.0, f64::max);
    let tolerance = 1e-14 * scale * (data.d() as f64).sqrt();
    let [lower, upper] = svm.interval();
    assert!(0.0 < lower && lower <= svm.primal() && svm.primal() <= upper && lower <= svm.dual(), "{svm:?}");
    assert!((svm.direction().dot(&svm.direction()) - 1.0).abs() < 1e-14);
    assert!((least_margin(data, svm.direction(), svm.intercept()) - svm.primal()).abs() < tolerance, "{svm:?}");
    let mut point = Array1::<f64>::zeros(data.d());
    let mut balance = 0.0;
    for (&i, &a) in svm.support().iter().zip(svm.multipliers()) {
        assert!(a >= 0.0);
        point.scaled_add(a * data.y()[i], &data.x().row(i));
        balance += a * data.y()[i];
    }
    assert!((svm.multipliers().sum() - 1.0).abs() < 1e-14);
    assert!(svm.intercept() == 0.0 || balance.abs() < 1e-14);
    assert!((point.dot(&point).sqrt() - svm.dual()).abs() < tolerance, "{svm:?}");
    assert!(angle(unit(point).view(), svm.direction()) < tolerance / svm.dual());
    assert!(svm.kkt_residual() * svm.dual() < 1e-15 * scale, "{svm:?}");
    assert!(svm.gap() <= 1e-20 * scale && svm.angle_bound() < 1e-12, "{svm:?}, gap {:e}", svm.gap());
}
