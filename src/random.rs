//! Where every random number of the crate comes from.

use ndarray::{Array1, Array2, s};
use ndarray_rand::RandomExt;
use ndarray_rand::rand_distr::StandardNormal;
use rand_chacha::ChaCha8Rng;
use rand_chacha::rand_core::SeedableRng;

/// What the numbers are for. Each purpose reads its own ChaCha stream, so that data and weights of one seed are independent.
#[derive(Clone, Copy)]
pub(crate) enum Purpose {
    /// Points and labels.
    Data = 0,
    /// Initial weights.
    Weights = 1,
    /// The order in which points are visited.
    Order = 2,
}

/// ChaCha8 keyed by `seed_from_u64(seed)`, on the stream of its purpose.
///
/// The generator is named and its crate's major version fixed, so a seed means the same bits for ever; normal deviates are
/// rand_distr's ziggurat, whose rare tail (beyond 3.65, once in 3800 draws) takes its last bit from the platform's `ln`.
pub(crate) fn rng(purpose: Purpose, seed: u64) -> ChaCha8Rng {
    let mut rng = ChaCha8Rng::seed_from_u64(seed);
    rng.set_stream(purpose as u64);
    rng
}

/// The generator of the weights of layer `k` alone: a stream of its own, so that layers drawn from one seed are independent.
pub(crate) fn layer_rng(k: usize, seed: u64) -> ChaCha8Rng {
    let mut rng = ChaCha8Rng::seed_from_u64(seed);
    rng.set_stream(((k as u64) << 8) + Purpose::Weights as u64);
    rng
}

/// `k ≤ d` orthonormal rows, shape `(k, d)`, uniformly distributed (Haar): Gaussian rows through Gram–Schmidt.
///
/// Row by row instead of by matrix products, whose bits depend on the processor.
pub(crate) fn orthonormal(k: usize, d: usize, rng: &mut ChaCha8Rng) -> Array2<f64> {
    let mut rows = Array2::random_using((k, d), StandardNormal, rng);
    for i in 0..k {
        // The second pass removes what rounding left of the first ("twice is enough", Kahan and Parlett).
        for _ in 0..2 {
            for j in 0..i {
                let (mut row, earlier) = rows.multi_slice_mut((s![i, ..], s![j, ..]));
                let overlap: f64 = row.dot(&earlier);
                row.scaled_add(-overlap, &earlier);
            }
            let norm = rows.row(i).dot(&rows.row(i)).sqrt();
            rows.row_mut(i).mapv_inplace(|v| v / norm);
        }
    }
    rows
}

/// A unit vector of length d, uniformly distributed on the sphere.
pub(crate) fn unit(d: usize, rng: &mut ChaCha8Rng) -> Array1<f64> {
    orthonormal(1, d, rng).row(0).to_owned()
}
