//! How networks come about: by widths, by layers, from matrices.

use super::{Activation, Init, Layer, Network};
use crate::error::{Error, Result, finite};
use crate::random::{Purpose, rng};
use ndarray::Array2;

impl Network {
    /// A linear network of the given `widths` (d₀, …, d_L), drawn by `init` from `seed`.
    ///
    /// # Errors
    /// Fewer than two widths, a width of zero, or an `init` that does not fit.
    pub fn linear(widths: &[usize], init: Init, seed: u64) -> Result<Self> {
        let layers = widths.iter().skip(1).map(|&width| Layer::dense(width)).collect();
        Self::zeros(widths.to_vec(), layers)?.drawn(init, seed)
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

    /// A network of `inputs` d₀ and these `layers`, each with its own function and with a bias or none, drawn by `init` from `seed`:
    /// the same weights as [`linear`](Self::linear) draws. Biases start at 0, but for
    /// [`Init::PyTorch`], which draws each bias behind its weights.
    ///
    /// # Errors
    /// No layers, a width of zero, a function behind the last layer, a slope or power out of range, an `init` that does not fit.
    ///
    /// ```
    /// use implicit_bias::prelude::*;
    /// let layers = [Layer::dense(4).then(Activation::Power(2)), Layer::dense(1).with_bias()];
    /// let net = Network::of(3, &layers, Init::LeCun, 7)?;
    /// assert_eq!(format!("{net:?}"), "Network 3-4-1, 17 weights, power 2, biases in layer 2");
    /// # Ok::<(), Error>(())
    /// ```
    pub fn of(inputs: usize, layers: &[Layer], init: Init, seed: u64) -> Result<Self> {
        let widths = std::iter::once(inputs).chain(layers.iter().map(|layer| layer.width())).collect();
        Self::zeros(widths, layers.to_vec())?.drawn(init, seed)
    }

    /// vᵀσ(UWx + b) with a bottleneck of `k` units: W of shape `(k, d)`, U of shape `(m, k)`, σ = ReLU, b a bias of length m. W and v
    /// have no bias. With k = 1 it is the network that learns a single-index model y = g(⟨w, x⟩).
    ///
    /// # Errors
    /// As [`of`](Self::of).
    ///
    /// ```
    /// use implicit_bias::prelude::*;
    /// let net = Network::bottleneck(2, 1, 3, Init::LeCun, 7)?;
    /// let (z, u, v) = (net.layer(1).row(0).dot(&array![0.5, -1.0]), net.layer(2), net.layer(3));
    /// let f: f64 = (0..3).map(|j| v[[0, j]] * (u[[j, 0]] * z).max(0.0)).sum();
    /// assert!((net.output(&[0.5, -1.0])? - f).abs() < 1e-15);
    /// # Ok::<(), Error>(())
    /// ```
    pub fn bottleneck(d: usize, k: usize, m: usize, init: Init, seed: u64) -> Result<Self> {
        let relu = Layer::dense(m).with_bias().then(Activation::Rectified(0.0));
        Self::of(d, &[Layer::dense(k), relu, Layer::dense(1)], init, seed)
    }

    fn drawn(mut self, init: Init, seed: u64) -> Result<Self> {
        init.fill(&mut self, &mut rng(Purpose::Weights, seed))?;
        Ok(self)
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
        let dense = widths[1..].iter().map(|&width| Layer::dense(width)).collect();
        let mut net = Self::zeros(widths, dense)?;
        for (slot, v) in net.params.iter_mut().zip(layers.iter().flat_map(|w| w.iter())) {
            *slot = *v;
        }
        Ok(net)
    }

    /// W_k from its rows.
    pub(super) fn matrix(k: usize, rows: Vec<Vec<f64>>) -> Result<Array2<f64>> {
        let columns = rows.first().map_or(0, Vec::len);
        if let Some((i, row)) = rows.iter().enumerate().find(|(_, row)| row.len() != columns) {
            let expected = format!("{columns} numbers as in row 0");
            return Err(Error::argument(format_args!("W_{k}, row {i}"), expected, row.len()));
        }
        Ok(Array2::from_shape_vec((rows.len(), columns), rows.concat()).expect("all rows have the same length"))
    }
}

/// A linear network from its weights, layer by layer and row by row.
///
/// # Errors
/// Rows of different lengths; as [`Network::from_layers`].
///
/// ```
/// use implicit_bias::prelude::*;
/// let net = Network::try_from(vec![vec![vec![1.0, 2.0], vec![3.0, 4.0]], vec![vec![5.0, 6.0]]])?;
/// assert!(net == Network::from_layers(&[array![[1.0, 2.0], [3.0, 4.0]], array![[5.0, 6.0]]])?);
/// # Ok::<(), Error>(())
/// ```
impl TryFrom<Vec<Vec<Vec<f64>>>> for Network {
    type Error = Error;

    fn try_from(layers: Vec<Vec<Vec<f64>>>) -> Result<Self> {
        let matrices: Result<Vec<_>> =
            layers.into_iter().enumerate().map(|(k, rows)| Self::matrix(k + 1, rows)).collect();
        Self::from_layers(&matrices?)
    }
}
