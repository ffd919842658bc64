//! One test a theorem: constants and predictions against independent computations.

use implicit_bias::prelude::*;
use rand_chacha::ChaCha8Rng;
use rand_chacha::rand_core::{RngCore, SeedableRng};

mod alpha;
mod assumptions;
mod constants;
mod late;
mod late_angles;
mod law;
mod lemmas;
mod spectral;
mod two_layer;

fn separable() -> Dataset {
    Dataset::new(array![[0.6, 0.2], [0.1, 0.7], [-0.5, -0.1], [-0.3, -0.6]], array![1.0, 1.0, -1.0, -1.0]).unwrap()
}

/// Numbers uniform in [−1, 1), for oracles that need no particular law.
struct Draw(ChaCha8Rng);

impl Draw {
    fn new(seed: u64) -> Self {
        Self(ChaCha8Rng::seed_from_u64(seed))
    }

    fn next(&mut self) -> f64 {
        self.0.next_u32() as f64 / 2f64.powi(31) - 1.0
    }

    fn vector(&mut self, len: usize) -> Array1<f64> {
        Array1::from_shape_fn(len, |_| self.next())
    }
}

/// What of v is perpendicular to the unit vector u.
fn aside(v: &Array1<f64>, u: ArrayView1<f64>) -> Array1<f64> {
    v - &(&u * u.dot(v))
}

/// `count` points at margin γ exactly on ū, a random direction, spread around it, and three further out: a random data set whose
/// support vectors are the first `count` rows.
fn tied(seed: u64, count: usize, d: usize) -> Dataset {
    let mut draw = Draw::new(seed);
    let u = draw.vector(d);
    let u = &u / u.dot(&u).sqrt();
    let mut sides: Vec<Array1<f64>> = (1..count).map(|_| aside(&draw.vector(d), u.view())).collect();
    // The last balances a random positive combination of the others, so that zero is in their hull.
    let weights: Vec<f64> = sides.iter().map(|_| 0.1 + draw.next().abs()).collect();
    let last = sides.iter().zip(&weights).fold(Array1::zeros(d), |s, (p, w)| s - p * *w);
    sides.push(last / weights.iter().sum::<f64>());
    let mut x = Array2::zeros((count + 3, d));
    for (i, mut row) in x.rows_mut().into_iter().enumerate() {
        let side = if i < count { sides[i].clone() } else { aside(&draw.vector(d), u.view()) * 2.0 };
        row.assign(&(side + &u * if i < count { 0.5 } else { 1.5 }));
    }
    let y = Array1::from_shape_fn(count + 3, |i| if i % 2 == 0 { 1.0 } else { -1.0 });
    Dataset::new(x * y.view().insert_axis(ndarray::Axis(1)), y).unwrap()
}
