//! How weights are drawn.

use super::Network;
use crate::error::{Result, finite, positive};
use crate::random::{orthonormal, unit};
use ndarray::{Array2, Axis};
use ndarray_rand::RandomExt;
use ndarray_rand::rand_distr::StandardNormal;
use rand_chacha::ChaCha8Rng;
use rand_chacha::rand_core::RngCore;

/// How a network's weights are drawn from a seed: W₁ first, each matrix row by row, on ChaCha8.
///
/// Every parameter of a variant is a finite number above zero.
///
/// ```
/// use implicit_bias::prelude::*;
/// let net = Network::linear(&[2, 5, 1], Init::EqualNorm(4.0), 1)?;
/// assert!(net.layers().all(|w| (w.fold(0.0, |s, v| s + v * v).sqrt() - 4.0).abs() < 1e-14));
/// # Ok::<(), Error>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Init {
    /// All weights zero; the origin is a saddle of every network of depth 2 or more.
    Zeros,
    /// Independent N(0, std²) entries.
    Gaussian(f64),
    /// Independent N(0, 1/d_{k−1}) entries in W_k: the variance is 1/fan-in (LeCun, Bottou, Orr & Müller, 1998).
    LeCun,
    /// Independent entries in W_k, uniform in ±√(3/d_{k−1}): the same variance 1/fan-in.
    LeCunUniform,
    /// Independent entries in W_k and in b_k, uniform in ±1/√d_{k−1}: what PyTorch's `nn.Linear` draws unless told otherwise, W_k first.
    /// The other kinds leave biases at 0.
    PyTorch,
    /// Independent N(0, 2/d_{k−1}) entries in W_k (He, Zhang, Ren & Sun, 2015).
    He,
    /// Gaussian directions, each matrix scaled to ‖W_k‖_F = the given norm (Ji & Telgarsky, Fig. 2b, take 4).
    EqualNorm(f64),
    /// W_{k+1}ᵀW_{k+1} = W_kW_kᵀ to rounding, with ‖W_k‖_F = the given scale: D = 0 in Ji & Telgarsky, Lemma 2.
    ///
    /// W_k = U_kΣU_{k−1}ᵀ with random orthonormal columns in U_k and one random Σ of rank r = the least width. A network
    /// with one output has r = 1, so all its layers start with rank one and aligned: only the direction has to be learned.
    Balanced(f64),
    /// W_k = scale·u_kv_kᵀ with independent random unit vectors: rank one as in [`Balanced`](Self::Balanced), of equal
    /// norms, but not aligned (u_k ≠ ±v_{k+1}), hence not balanced either.
    RankOne(f64),
    /// W₁ = 0 and N(0, std²) entries elsewhere: the start of Ji & Telgarsky, Appendix A, with ∂R/∂W₁ ≠ 0 for almost every
    /// draw. At depth 1 this is the origin.
    ZeroFirst(f64),
}

impl Init {
    /// Overwrites every weight of `net`.
    pub(super) fn fill(self, net: &mut Network, rng: &mut ChaCha8Rng) -> Result<()> {
        let shapes = net.widths.windows(2).map(|pair| (pair[1], pair[0]));
        let layers: Vec<Array2<f64>> = match self {
            Self::Zeros => shapes.map(Array2::zeros).collect(),
            Self::Gaussian(std) => {
                positive("Init::Gaussian(std)", std)?;
                shapes.map(|shape| gaussian(shape, rng) * std).collect()
            }
            Self::LeCun => shapes.map(|shape| gaussian(shape, rng) * (1.0 / shape.1 as f64).sqrt()).collect(),
            Self::LeCunUniform => shapes.map(|shape| uniform(shape, (3.0 / shape.1 as f64).sqrt(), rng)).collect(),
            Self::PyTorch => {
                for k in 1..=net.depth() {
                    let (start, end) = (net.offsets[k - 1], net.offsets[k]);
                    let bound = (1.0 / net.widths[k - 1] as f64).sqrt();
                    net.params[start..end].fill_with(|| (2.0 * fraction(rng) - 1.0) * bound);
                }
                return Ok(());
            }
            Self::He => shapes.map(|shape| gaussian(shape, rng) * (2.0 / shape.1 as f64).sqrt()).collect(),
            Self::EqualNorm(norm) => {
                positive("Init::EqualNorm(norm)", norm)?;
                // A unit vector is a Gaussian one divided by its norm.
                let direction = |(rows, columns)| unit(rows * columns, rng).into_shape_with_order((rows, columns));
                shapes.map(direction).map(|w| w.expect("rows · columns numbers were drawn") * norm).collect()
            }
            Self::Balanced(scale) => balanced(&net.widths, positive("Init::Balanced(scale)", scale)?, rng),
            Self::RankOne(scale) => {
                positive("Init::RankOne(scale)", scale)?;
                let mut outer = |rows, columns| unit(rows, rng).insert_axis(Axis(1)) * unit(columns, rng);
                shapes.map(|(rows, columns)| outer(rows, columns) * scale).collect()
            }
            Self::ZeroFirst(std) => {
                positive("Init::ZeroFirst(std)", std)?;
                let mut layers: Vec<_> = shapes.map(|shape| gaussian(shape, rng) * std).collect();
                layers[0].fill(0.0);
                layers
            }
        };
        for (layer, &start) in layers.iter().zip(&net.offsets) {
            for (slot, &v) in net.params[start..].iter_mut().zip(layer) {
                *slot = finite(format_args!("a weight drawn by Init::{self:?}"), v)?;
            }
        }
        Ok(())
    }
}

fn gaussian(shape: (usize, usize), rng: &mut ChaCha8Rng) -> Array2<f64> {
    Array2::random_using(shape, StandardNormal, rng)
}

/// A uniform number in [0, 1), of 53 bits.
fn fraction(rng: &mut ChaCha8Rng) -> f64 {
    (rng.next_u64() >> 11) as f64 / (1_u64 << 53) as f64
}

fn uniform(shape: (usize, usize), bound: f64, rng: &mut ChaCha8Rng) -> Array2<f64> {
    Array2::from_shape_simple_fn(shape, || (2.0 * fraction(rng) - 1.0) * bound)
}

/// W_k = U_kΣU_{k−1}ᵀ: consecutive layers share U_k, so that W_{k+1}ᵀW_{k+1} = U_kΣ²U_kᵀ = W_kW_kᵀ.
fn balanced(widths: &[usize], scale: f64, rng: &mut ChaCha8Rng) -> Vec<Array2<f64>> {
    let rank = widths.iter().copied().min().expect("a network has two widths or more");
    let sigma = unit(rank, rng).mapv(f64::abs) * scale;
    let frames: Vec<Array2<f64>> = widths.iter().map(|&d| orthonormal(rank, d, rng)).collect();
    frames
        .windows(2)
        .zip(widths.windows(2))
        .map(|(frame, width)| {
            let mut w = Array2::zeros((width[1], width[0]));
            for ((&s, u), v) in sigma.iter().zip(frame[1].rows()).zip(frame[0].rows()) {
                for (mut row, &a) in w.rows_mut().into_iter().zip(u) {
                    row.scaled_add(s * a, &v);
                }
            }
            w
        })
        .collect()
}
