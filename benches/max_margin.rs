//! Times `MaxMargin::fit` and prints what its certificate reached: `cargo bench --bench max_margin`.

use implicit_bias::prelude::*;
use ndarray_rand::rand::SeedableRng;
use ndarray_rand::rand_distr::{Distribution, StandardNormal};
use rand_chacha::ChaCha8Rng;
use std::time::Instant;

/// Gaussian points labelled by the first coordinate, which is pushed away from zero by `margin`.
fn points(n: usize, d: usize, margin: f64, seed: u64) -> Result<Dataset> {
    let mut rng = ChaCha8Rng::seed_from_u64(seed);
    let mut x = Array2::from_shape_simple_fn((n, d), || StandardNormal.sample(&mut rng));
    let y: Array1<f64> = x.column(0).iter().map(|v: &f64| v.signum()).collect();
    x.column_mut(0).iter_mut().zip(&y).for_each(|(v, y)| *v += margin * y);
    Dataset::new(x, y)
}

fn main() -> Result<()> {
    println!("{:<34}{:>12}{:>12}{:>12}{:>10}", "data", "median", "gap", "angle", "support");
    let cases = [(2, 100, 0.2), (2, 10_000, 0.2), (20, 200, 0.2), (256, 200, 0.0), (256, 200, 1.0), (256, 2000, 1.0)];
    for (d, n, margin) in cases {
        let mut times = Vec::new();
        let (mut gap, mut angle, mut support) = (0.0_f64, 0.0_f64, 0);
        for seed in 0..7 {
            let data = points(n, d, margin, seed)?;
            let clock = Instant::now();
            let svm = MaxMargin::fit(&data)?;
            times.push(clock.elapsed());
            (gap, angle) = (gap.max(svm.gap()), angle.max(svm.angle_bound()));
            support = support.max(svm.support().len());
        }
        times.sort();
        let name = format!("n = {n}, d = {d}, pushed by {margin}");
        println!("{name:<34}{:>12}{gap:>12.1e}{angle:>12.1e}{support:>10}", format!("{:.2?}", times[3]));
    }
    Ok(())
}
