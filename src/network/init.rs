//! How weights are drawn.

use super::Network;
use crate::error::{Result, finite, positive};
use crate::random::{Purpose, orthonormal, rng, unit};
use ndarray::{Array2, Axis};
use ndarray_rand::RandomExt;
use ndarray_rand::rand_distr::StandardNormal;
use rand_chacha::ChaCha8Rng;

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
    pub(super) fn fill(self, net: &mut Network, seed: u64) -> Result<()> {
        let mut rng = rng(Purpose::Weights, seed);
        let shapes = net.widths.windows(2).map(|pair| (pair[1], pair[0]));
        let layers: Vec<Array2<f64>> = match self {
            Self::Zeros => shapes.map(Array2::zeros).collect(),
            Self::Gaussian(std) => {
                positive("Init::Gaussian(std)", std)?;
                shapes.map(|shape| gaussian(shape, &mut rng) * std).collect()
            }
            Self::LeCun => shapes.map(|shape| gaussian(shape, &mut rng) * (1.0 / shape.1 as f64).sqrt()).collect(),
            Self::He => shapes.map(|shape| gaussian(shape, &mut rng) * (2.0 / shape.1 as f64).sqrt()).collect(),
            Self::EqualNorm(norm) => {
                positive("Init::EqualNorm(norm)", norm)?;
                // A unit vector is a Gaussian one divided by its norm.
                let direction = |(rows, columns)| unit(rows * columns, &mut rng).into_shape_with_order((rows, columns));
                shapes.map(direction).map(|w| w.expect("rows · columns numbers were drawn") * norm).collect()
            }
            Self::Balanced(scale) => balanced(&net.widths, positive("Init::Balanced(scale)", scale)?, &mut rng),
            Self::RankOne(scale) => {
                positive("Init::RankOne(scale)", scale)?;
                let mut outer = |rows, columns| unit(rows, &mut rng).insert_axis(Axis(1)) * unit(columns, &mut rng);
                shapes.map(|(rows, columns)| outer(rows, columns) * scale).collect()
            }
            Self::ZeroFirst(std) => {
                positive("Init::ZeroFirst(std)", std)?;
                let mut layers: Vec<_> = shapes.map(|shape| gaussian(shape, &mut rng) * std).collect();
                layers[0].fill(0.0);
                layers
            }
        };
        for (slot, &v) in net.params.iter_mut().zip(layers.iter().flatten()) {
            *slot = finite(format_args!("a weight drawn by Init::{self:?}"), v)?;
        }
        Ok(())
    }
}

fn gaussian(shape: (usize, usize), rng: &mut ChaCha8Rng) -> Array2<f64> {
    Array2::random_using(shape, StandardNormal, rng)
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
