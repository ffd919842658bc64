//! Feed-forward networks; their weights are one flat vector, layer after layer, each row-major.

use crate::error::{Error, Result, finite, room};
use ndarray::{Array1, Array2, ArrayView2};
use std::fmt;

mod evaluation;
mod init;
mod json;
mod linear;
pub use evaluation::Evaluation;
pub use init::Init;

/// A linear network of depth L: x ↦ W_L ⋯ W₁ x with W_k of shape `(d_k, d_{k−1})`.
///
/// Layers are numbered from 1, as in the papers.
///
/// ```
/// use implicit_bias::prelude::*;
/// let net = Network::linear(&[2, 3, 1], Init::Gaussian(0.3), 7)?;
/// assert_eq!((net.depth(), net.parameter_count()), (2, 9));
/// assert_eq!(net.layer(1).dim(), (3, 2));
/// # Ok::<(), Error>(())
/// ```
#[derive(Clone, PartialEq)]
pub struct Network {
    widths: Vec<usize>,
    /// `offsets[k - 1]..offsets[k]` holds W_k.
    offsets: Vec<usize>,
    params: Vec<f64>,
}

impl Network {
    /// A linear network of the given `widths` (d₀, …, d_L), drawn by `init` from `seed`.
    ///
    /// # Errors
    /// Fewer than two widths, a width of zero, or an `init` that does not fit.
    pub fn linear(widths: &[usize], init: Init, seed: u64) -> Result<Self> {
        let mut net = Self::zeros(widths)?;
        init.fill(&mut net, seed)?;
        Ok(net)
    }

    /// A linear network with the given weights, `layers[0]` being W₁.
    ///
    /// # Errors
    /// No layers, adjacent shapes that do not chain, a NaN or infinite weight.
    pub fn from_layers(layers: &[Array2<f64>]) -> Result<Self> {
        let Some(first) = layers.first() else {
            return Err(Error::argument("Network::from_layers(layers)", "at least one layer", "none"));
        };
        let mut widths = vec![first.ncols()];
        for (k, w) in layers.iter().enumerate() {
            if w.ncols() != widths[k] {
                let expected = format!("({}, {})", w.nrows(), widths[k]);
                return Err(Error::shape(format_args!("W_{}", k + 1), expected, format!("{:?}", w.dim())));
            }
            for ((i, j), &v) in w.indexed_iter() {
                finite(format_args!("W_{}[{i}, {j}]", k + 1), v)?;
            }
            widths.push(w.nrows());
        }
        let mut net = Self::zeros(&widths)?;
        for (slot, v) in net.params.iter_mut().zip(layers.iter().flat_map(|w| w.iter())) {
            *slot = *v;
        }
        Ok(net)
    }

    fn zeros(widths: &[usize]) -> Result<Self> {
        if widths.len() < 2 {
            return Err(Error::argument(
                "Network widths",
                "at least an input and an output width (depth ≥ 1)",
                format!("{widths:?}"),
            ));
        }
        if let Some(k) = widths.iter().position(|&w| w == 0) {
            return Err(Error::argument(format_args!("Network widths[{k}]"), "a width ≥ 1", 0));
        }
        let (mut offsets, mut count) = (vec![0], Some(0_usize));
        for pair in widths.windows(2) {
            count = count.and_then(|c| c.checked_add(pair[0].checked_mul(pair[1])?));
            offsets.extend(count);
        }
        let mut params = room(format_args!("Network widths {widths:?}"), count)?;
        params.resize(offsets[widths.len() - 1], 0.0);
        Ok(Self { widths: widths.to_vec(), offsets, params })
    }

    /// Depth L, the number of weight matrices.
    pub fn depth(&self) -> usize {
        self.widths.len() - 1
    }

    /// Widths (d₀, …, d_L): d₀ inputs, d_L outputs.
    pub fn widths(&self) -> &[usize] {
        &self.widths
    }

    /// Number of weights, Σ d_k d_{k−1}.
    pub fn parameter_count(&self) -> usize {
        self.params.len()
    }

    /// W_k, shape `(d_k, d_{k−1})`, for k = 1 … L.
    ///
    /// # Panics
    /// When k is not in 1 … L, as an index out of bounds does.
    pub fn layer(&self, k: usize) -> ArrayView2<'_, f64> {
        assert!((1..=self.depth()).contains(&k), "layer({k}) of a network of depth {}: layers are 1 … L", self.depth());
        let shape = (self.widths[k], self.widths[k - 1]);
        ArrayView2::from_shape(shape, self.weights(k)).expect("offsets follow widths")
    }

    /// W₁, …, W_L in order.
    pub fn layers(&self) -> impl Iterator<Item = ArrayView2<'_, f64>> {
        (1..=self.depth()).map(|k| self.layer(k))
    }

    /// W_k row by row.
    #[inline]
    pub(crate) fn weights(&self, k: usize) -> &[f64] {
        &self.params[self.offsets[k - 1]..self.offsets[k]]
    }

    /// All weights in one slice: W₁ row by row, then W₂, and so on.
    pub fn params(&self) -> &[f64] {
        &self.params
    }

    /// The same slice to write to; what is not finite is refused where the network is used.
    pub fn params_mut(&mut self) -> &mut [f64] {
        &mut self.params
    }

    /// Exchanges the weights with `other`, which must be as long.
    pub(crate) fn swap_params(&mut self, other: &mut Vec<f64>) {
        debug_assert_eq!(self.params.len(), other.len());
        std::mem::swap(&mut self.params, other);
    }

    /// The linear predictor w_prod = (W_L ⋯ W₁)ᵀ, length d.
    ///
    /// # Errors
    /// More than one output, or a product beyond the range of f64.
    pub fn predictor(&self) -> Result<Array1<f64>> {
        if self.widths[self.depth()] != 1 {
            return Err(Error::shape("Network::predictor, last width", 1, self.widths[self.depth()]));
        }
        let mut row = self.layer(self.depth()).row(0).to_owned();
        for k in (1..self.depth()).rev() {
            row = row.dot(&self.layer(k));
        }
        for (j, v) in row.iter().enumerate() {
            finite(format_args!("w_prod[{j}]"), *v)?;
        }
        Ok(row)
    }

    /// The same network with every weight times `factor`; the predictor of depth L is then times factorᴸ.
    ///
    /// # Errors
    /// A `factor` that is not finite or that makes a weight infinite.
    pub fn scaled(&self, factor: f64) -> Result<Self> {
        finite("Network::scaled(factor)", factor)?;
        let mut net = self.clone();
        for v in &mut net.params {
            *v = finite(format_args!("Network::scaled({factor:?}), a weight"), *v * factor)?;
        }
        Ok(net)
    }
}

impl fmt::Debug for Network {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let widths: Vec<String> = self.widths.iter().map(usize::to_string).collect();
        let weights = if self.params.len() == 1 { "weight" } else { "weights" };
        write!(f, "Network {}, {} {weights}", widths.join("-"), self.params.len())
    }
}
