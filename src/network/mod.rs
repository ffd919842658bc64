//! Feed-forward networks: layers of a map, a bias or none, and a function; their weights are one flat vector, layer after layer,
//! each row-major.

use crate::error::{Error, Result, room};
use ndarray::{ArrayView1, ArrayView2};
use std::fmt;
use std::sync::Arc;

mod build;
mod change;
mod forward;
mod init;
mod json;
mod layer;
mod require;
mod single;
pub use init::Init;
pub use layer::{Activation, Layer, Map};

/// A network of depth L: x ↦ W_L f_{L−1}(W_{L−1} ⋯ f₁(W₁x)), W_k of shape `(d_k, d_{k−1})`. Layers are numbered from 1, as in the
/// papers.
///
/// The functions f_k are applied entry by entry: [`linear`](Self::linear) networks have none, [`rectified`](Self::rectified) ones
/// max(mz, z) (the report's eq. (3)), [`power`](Self::power) ones zᵖ, those [`of`](Self::of) layers one each. A layer may add a bias,
/// W_kφ + b_k. The output can be [scaled](Self::with_scale) and [centred](Self::centred), which lazy training needs.
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
    architecture: Vec<Layer>,
    /// `offsets[k - 1]..offsets[k]` holds W_k and then b_k, where there is one.
    offsets: Vec<usize>,
    params: Vec<f64>,
    /// s of f(x) = s(N_W(x) − N_{W₀}(x)).
    scale: f64,
    /// W₀, where the model is centred.
    centre: Option<Arc<[f64]>>,
}

impl Network {
    /// All weights zero. `widths` begin with the number of inputs; one layer for each of the others.
    fn zeros(widths: Vec<usize>, mut architecture: Vec<Layer>) -> Result<Self> {
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
        for layer in &mut architecture {
            layer.then = layer.then.checked()?;
        }
        let last = architecture[architecture.len() - 1].then;
        if last != Activation::Identity {
            let expected = "Activation::Identity, as f(x) is the last layer's sums themselves";
            return Err(Error::argument("the function behind the last layer", expected, format!("{last:?}")));
        }
        let (mut offsets, mut count) = (vec![0], Some(0_usize));
        for (pair, layer) in widths.windows(2).zip(&architecture) {
            let inputs = pair[0].checked_add(usize::from(layer.bias));
            count = count.and_then(|c| c.checked_add(inputs?.checked_mul(pair[1])?));
            offsets.extend(count);
        }
        let mut params = room(format_args!("Network widths {widths:?}"), count)?;
        params.resize(offsets[widths.len() - 1], 0.0);
        Ok(Self { widths, architecture, offsets, params, scale: 1.0, centre: None })
    }

    /// Depth L, the number of weight matrices.
    pub fn depth(&self) -> usize {
        self.widths.len() - 1
    }

    /// Widths (d₀, …, d_L): d₀ inputs, d_L outputs.
    pub fn widths(&self) -> &[usize] {
        &self.widths
    }

    /// The layers as [`of`](Self::of) takes them, W₁'s first.
    pub fn architecture(&self) -> &[Layer] {
        &self.architecture
    }

    /// f_k, the function behind layer k = 1 … L; the identity behind the last.
    ///
    /// # Panics
    /// As [`layer`](Self::layer).
    pub fn activation(&self, k: usize) -> Activation {
        assert!((1..=self.depth()).contains(&k), "activation({k}) of depth {}: layers are 1 … L", self.depth());
        self.architecture[k - 1].then
    }

    /// Whether some layer has a bias.
    pub fn has_biases(&self) -> bool {
        self.architecture.iter().any(|layer| layer.bias)
    }

    /// s, the fixed factor of the output; 1 unless [`with_scale`](Self::with_scale) gave another.
    pub fn scale(&self) -> f64 {
        self.scale
    }

    /// Whether the output at some earlier weights is subtracted, see [`centred`](Self::centred).
    pub fn is_centred(&self) -> bool {
        self.centre.is_some()
    }

    /// W₀ of a centred model, laid out as [`params`](Self::params).
    pub(crate) fn centre(&self) -> Option<&[f64]> {
        self.centre.as_deref()
    }

    /// Whether the network is x ↦ W_L ⋯ W₁x: no functions, no biases, neither scaled nor centred.
    pub fn is_linear(&self) -> bool {
        let plain = |layer: &Layer| layer.then == Activation::Identity && !layer.bias;
        self.architecture.iter().all(plain) && self.scale == 1.0 && self.centre.is_none()
    }

    /// The function behind all hidden layers, where they share one; the identity where there are none.
    fn shared_activation(&self) -> Option<Activation> {
        let hidden = &self.architecture[..self.depth() - 1];
        let first = hidden.first().map_or(Activation::Identity, |layer| layer.then);
        hidden.iter().all(|layer| layer.then == first).then_some(first)
    }

    /// Number of weights, Σ d_k d_{k−1}, and of biases, Σ d_k over the layers that have one.
    pub fn parameter_count(&self) -> usize {
        self.params.len()
    }

    /// W_k, shape `(d_k, d_{k−1})`, for k = 1 … L.
    ///
    /// # Panics
    /// When k is not in 1 … L, as an index out of bounds does.
    pub fn layer(&self, k: usize) -> ArrayView2<'_, f64> {
        assert!((1..=self.depth()).contains(&k), "layer({k}) of a network of depth {}: layers are 1 … L", self.depth());
        self.layer_of(&self.params, k)
    }

    /// W_k of `params`, which lie as the network's own.
    fn layer_of<'a>(&self, params: &'a [f64], k: usize) -> ArrayView2<'a, f64> {
        let (rows, cols) = (self.widths[k], self.widths[k - 1]);
        let weights = &params[self.offsets[k - 1]..][..rows * cols];
        ArrayView2::from_shape((rows, cols), weights).expect("offsets follow widths")
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

    /// b_k, length d_k, for k = 1 … L, where the layer has one.
    ///
    /// # Panics
    /// As [`layer`](Self::layer).
    pub fn bias(&self, k: usize) -> Option<ArrayView1<'_, f64>> {
        assert!((1..=self.depth()).contains(&k), "bias({k}) of a network of depth {}: layers are 1 … L", self.depth());
        self.bias_of(&self.params, k)
    }

    /// b_k of `params`, which lie as the network's own.
    fn bias_of<'a>(&self, params: &'a [f64], k: usize) -> Option<ArrayView1<'a, f64>> {
        let end = self.offsets[k];
        self.architecture[k - 1].bias.then(|| ArrayView1::from(&params[end - self.widths[k]..end]))
    }

    /// All weights in one slice: W₁ row by row, then b₁ where there is one, then W₂, and so on.
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
        let joined = |items: Vec<String>, by: &str| items.join(by);
        let widths = joined(self.widths.iter().map(usize::to_string).collect(), "-");
        let weights = if self.params.len() == 1 { "weight" } else { "weights" };
        write!(f, "Network {widths}, {} {weights}", self.params.len())?;
        match self.shared_activation() {
            Some(Activation::Identity) => {}
            Some(function) => write!(f, ", {function}")?,
            None => {
                let hidden = &self.architecture[..self.depth() - 1];
                write!(f, ", {}", joined(hidden.iter().map(|layer| layer.then.to_string()).collect(), " then "))?;
            }
        }
        let biased: Vec<String> =
            (1..=self.depth()).filter(|k| self.architecture[k - 1].bias).map(|k| k.to_string()).collect();
        if biased.len() == self.depth() {
            write!(f, ", with biases")?;
        } else if !biased.is_empty() {
            let layers = if biased.len() == 1 { "layer" } else { "layers" };
            write!(f, ", biases in {layers} {}", joined(biased, ", "))?;
        }
        if self.scale != 1.0 {
            write!(f, ", scaled by {}", self.scale)?;
        }
        if self.centre.is_some() { write!(f, ", centred") } else { Ok(()) }
    }
}
