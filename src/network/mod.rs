//! Feed-forward networks, linear, rectified or polynomial; their weights are one flat vector, layer after layer, each row-major.

use crate::error::{Error, Result, finite, room};
use ndarray::{Array2, ArrayView1, ArrayView2};
use std::fmt;

mod forward;
mod init;
mod json;
mod require;
pub use init::Init;

/// A network of depth L: x ↦ W_L f(W_{L−1} ⋯ f(W₁x)) with f(z) = max(mz, z) entry by entry and W_k of shape `(d_k, d_{k−1})`.
///
/// The slope m ∈ `[0, 1]` tells which: 1 is the linear network W_L ⋯ W₁x, 0 the ReLU network, what lies between a leaky one
/// (the report's eq. (3)). A [`power`](Self::power) network has f(z) = zᵖ instead. Every layer may add a bias, W_kφ + b_k. Layers
/// are numbered from 1, as in the papers.
///
/// ```
/// use implicit_bias::prelude::*;
/// let linear = Network::linear(&[2, 3, 1], Init::Gaussian(0.3), 7)?;
/// assert_eq!((linear.depth(), linear.parameter_count(), linear.layer(1).dim()), (2, 9, (3, 2)));
/// let relu = Network::rectified(&[2, 3, 1], 0.0, Init::Gaussian(0.3), 7)?; // the same weights
/// assert!(relu.params() == linear.params() && relu.with_slope(1.0)? == linear);
/// # Ok::<(), Error>(())
/// ```
#[derive(Clone, PartialEq)]
pub struct Network {
    widths: Vec<usize>,
    /// m of f(z) = max(mz, z).
    slope: f64,
    /// p of f(z) = zᵖ; 1 for rectified and linear networks.
    power: i32,
    biases: bool,
    /// `offsets[k - 1]..offsets[k]` holds W_k and then b_k, where there are biases.
    offsets: Vec<usize>,
    params: Vec<f64>,
}

impl Network {
    /// A linear network of the given `widths` (d₀, …, d_L), drawn by `init` from `seed`.
    ///
    /// # Errors
    /// Fewer than two widths, a width of zero, or an `init` that does not fit.
    pub fn linear(widths: &[usize], init: Init, seed: u64) -> Result<Self> {
        let mut net = Self::zeros(widths, false)?;
        init.fill(&mut net, seed)?;
        Ok(net)
    }

    /// A network with f(z) = max(mz, z), m = `slope`, between its layers; the same weights as [`linear`](Self::linear) draws.
    ///
    /// # Errors
    /// As [`linear`](Self::linear) and [`with_slope`](Self::with_slope).
    pub fn rectified(widths: &[usize], slope: f64, init: Init, seed: u64) -> Result<Self> {
        Self::linear(widths, init, seed)?.with_slope(slope)
    }

    /// A network with f(z) = zᵖ, p = `power`, entry by entry between its layers; the same weights as [`linear`](Self::linear)
    /// draws. Of depth 2 it is the slides' polynomial network W₂(W₁x)ᵖ, eq. (15).
    ///
    /// # Errors
    /// As [`linear`](Self::linear) and [`with_power`](Self::with_power).
    ///
    /// ```
    /// use implicit_bias::prelude::*;
    /// let net = Network::power(&[3, 5, 1], 2, Init::Gaussian(0.5), 7)?;
    /// let z = net.layer(1).dot(&array![1.0, -2.0, 0.5]);
    /// assert!((net.output(&[1.0, -2.0, 0.5])? - net.layer(2).row(0).dot(&z.mapv(|z| z * z))).abs() < 1e-15);
    /// # Ok::<(), Error>(())
    /// ```
    pub fn power(widths: &[usize], power: usize, init: Init, seed: u64) -> Result<Self> {
        Self::linear(widths, init, seed)?.with_power(power)
    }

    /// The same weights with f(z) = zᵖ, p = `power`; 1 is the linear network.
    ///
    /// # Errors
    /// A `power` outside 1 … 64.
    pub fn with_power(mut self, power: usize) -> Result<Self> {
        if !(1..=64).contains(&power) {
            return Err(Error::argument("Network power p of f(z) = zᵖ", "a number in 1 … 64", power));
        }
        (self.slope, self.power) = (1.0, power as i32);
        Ok(self)
    }

    /// The same weights with f(z) = max(mz, z), m = `slope`: 0 is ReLU, 1 linear.
    ///
    /// # Errors
    /// A `slope` outside `[0, 1]` or NaN.
    pub fn with_slope(mut self, slope: f64) -> Result<Self> {
        if !(0.0..=1.0).contains(&slope) {
            return Err(Error::argument("Network slope m of f(z) = max(mz, z)", "a number in [0, 1]", slope));
        }
        (self.slope, self.power) = (slope, 1);
        Ok(self)
    }

    /// The same weights with a bias b_k = 0 in every layer, to be trained with them; b_k follows W_k in
    /// [`params`](Self::params). A network that has biases keeps them.
    ///
    /// # Errors
    /// No room for them.
    pub fn with_biases(self) -> Result<Self> {
        if self.biases {
            return Ok(self);
        }
        let mut net = Self::zeros(&self.widths, true)?;
        for k in 1..=self.depth() {
            let start = net.offsets[k - 1];
            net.params[start..start + self.weights(k).len()].copy_from_slice(self.weights(k));
        }
        (net.slope, net.power) = (self.slope, self.power);
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
        let mut net = Self::zeros(&widths, false)?;
        for (slot, v) in net.params.iter_mut().zip(layers.iter().flat_map(|w| w.iter())) {
            *slot = *v;
        }
        Ok(net)
    }

    fn zeros(widths: &[usize], biases: bool) -> Result<Self> {
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
            let inputs = pair[0].checked_add(usize::from(biases));
            count = count.and_then(|c| c.checked_add(inputs?.checked_mul(pair[1])?));
            offsets.extend(count);
        }
        let mut params = room(format_args!("Network widths {widths:?}"), count)?;
        params.resize(offsets[widths.len() - 1], 0.0);
        Ok(Self { widths: widths.to_vec(), slope: 1.0, power: 1, biases, offsets, params })
    }

    /// Depth L, the number of weight matrices.
    pub fn depth(&self) -> usize {
        self.widths.len() - 1
    }

    /// Widths (d₀, …, d_L): d₀ inputs, d_L outputs.
    pub fn widths(&self) -> &[usize] {
        &self.widths
    }

    /// m of f(z) = max(mz, z), the function between the layers; 1 for a linear network and for a power network, whose f is
    /// another.
    pub fn slope(&self) -> f64 {
        self.slope
    }

    /// p of f(z) = zᵖ; 1 for a linear or rectified network.
    pub fn degree(&self) -> usize {
        self.power as usize
    }

    /// Whether the layers have biases.
    pub fn has_biases(&self) -> bool {
        self.biases
    }

    /// Whether the network is x ↦ W_L ⋯ W₁x: slope 1, power 1 and no biases.
    pub fn is_linear(&self) -> bool {
        self.slope == 1.0 && self.power == 1 && !self.biases
    }

    /// Number of weights, Σ d_k d_{k−1}, and of biases, Σ d_k, where there are any.
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
        let start = self.offsets[k - 1];
        &self.params[start..start + self.widths[k] * self.widths[k - 1]]
    }

    /// Where W_k begins in [`params`](Self::params).
    pub(crate) fn offset(&self, k: usize) -> usize {
        self.offsets[k - 1]
    }

    /// b_k, length d_k, for k = 1 … L, where the network has biases.
    ///
    /// # Panics
    /// As [`layer`](Self::layer).
    pub fn bias(&self, k: usize) -> Option<ArrayView1<'_, f64>> {
        assert!((1..=self.depth()).contains(&k), "bias({k}) of a network of depth {}: layers are 1 … L", self.depth());
        let end = self.offsets[k];
        self.biases.then(|| ArrayView1::from(&self.params[end - self.widths[k]..end]))
    }

    /// All weights in one slice: W₁ row by row, then b₁ where there are biases, then W₂, and so on.
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
}

impl fmt::Debug for Network {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let widths: Vec<String> = self.widths.iter().map(usize::to_string).collect();
        let weights = if self.params.len() == 1 { "weight" } else { "weights" };
        write!(f, "Network {}, {} {weights}", widths.join("-"), self.params.len())?;
        if self.slope != 1.0 {
            write!(f, ", slope {}", self.slope)?;
        }
        if self.power != 1 {
            write!(f, ", power {}", self.power)?;
        }
        if self.biases { write!(f, ", with biases") } else { Ok(()) }
    }
}
