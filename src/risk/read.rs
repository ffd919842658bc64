//! What a probe reads of an evaluation: gradients, margins, slopes, residuals, the predictor.

use super::Evaluation;
use super::kernel::Kernel;
use crate::error::{Error, Result};
use ndarray::{Array1, Array2, ArrayView2};

impl Evaluation {
    /// ∂R/∂W_k · e^s, shape `(d_k, d_{k−1})`; of rank one for a linear network, zero for a layer that descent does not train.
    ///
    /// # Errors
    /// k outside 1 … L.
    pub fn scaled_gradient(&self, k: usize) -> Result<Array2<f64>> {
        let (rows, cols, first) = self.layer("Evaluation::scaled_gradient(k)", k)?;
        Ok(match &self.kernel {
            Kernel::Product(at) if at.trained().any(|t| t == k) => {
                let (b, h) = (at.back(k), at.fore(k - 1));
                Array2::from_shape_fn((rows, cols), |(i, j)| b[i] * h[j])
            }
            Kernel::Product(_) => Array2::zeros((rows, cols)),
            Kernel::Layered(at) => {
                let weights = &at.gradient()[first..first + rows * cols];
                ArrayView2::from_shape((rows, cols), weights).expect("rows · cols weights").to_owned()
            }
        })
    }

    /// ∂R/∂W_k, shape `(d_k, d_{k−1})`; zero below 1e-308, where [`scaled_gradient`](Self::scaled_gradient) goes on.
    ///
    /// # Errors
    /// As [`scaled_gradient`](Self::scaled_gradient).
    ///
    /// ```
    /// use implicit_bias::prelude::*;
    /// let risk = Loss::Exponential.on(&Dataset::new(array![[1.0, 0.0]], array![1.0])?);
    /// let at = risk.at(&Network::from_layers(&[array![[2.0, 1.0]]])?)?;
    /// assert!((at.gradient(1)?[[0, 0]] + (-2.0_f64).exp()).abs() < 1e-16 && at.scaled_gradient(1)? == array![[-1.0, 0.0]]);
    /// # Ok::<(), Error>(())
    /// ```
    pub fn gradient(&self, k: usize) -> Result<Array2<f64>> {
        Ok(self.scaled_gradient(k)? * (-self.shift()).exp())
    }

    /// ∂R/∂b_k, length d_k.
    ///
    /// # Errors
    /// As [`scaled_bias_gradient`](Self::scaled_bias_gradient).
    pub fn bias_gradient(&self, k: usize) -> Result<Array1<f64>> {
        Ok(self.scaled_bias_gradient(k)? * (-self.shift()).exp())
    }

    /// ∂R/∂b_k · e^s, length d_k.
    ///
    /// # Errors
    /// k outside 1 … L, or a layer without a bias.
    pub fn scaled_bias_gradient(&self, k: usize) -> Result<Array1<f64>> {
        let what = "Evaluation::scaled_bias_gradient(k)";
        self.layer(what, k)?;
        match &self.kernel {
            Kernel::Layered(at) if !at.bias(k).is_empty() => Ok(Array1::from(at.gradient()[at.bias(k)].to_vec())),
            _ => Err(Error::argument(what, "a layer with a bias", format_args!("layer {k}, which has none"))),
        }
    }

    fn layer(&self, what: &str, k: usize) -> Result<(usize, usize, usize)> {
        let layer = k.checked_sub(1).and_then(|i| self.layers.get(i));
        layer.copied().ok_or_else(|| Error::argument(what, format_args!("a layer in 1 … {}", self.layers.len()), k))
    }

    /// Margins qᵢ = yᵢ f(xᵢ), length n; empty for the squared loss.
    pub fn margins(&self) -> &[f64] {
        self.pass.margins(self.labels)
    }

    /// Slopes |ℓ′(qᵢ)| e^s, length n: the weights of the points in the gradient, up to their sum; empty for the squared loss.
    pub fn scaled_slopes(&self) -> &[f64] {
        self.pass.slopes(self.labels)
    }

    /// Residuals f(xᵢ) − yᵢ of the squared loss, shape `(n, d')`.
    ///
    /// # Errors
    /// An evaluation under a margin loss.
    pub fn residuals(&self) -> Result<Array2<f64>> {
        let residuals = match &self.kernel {
            Kernel::Product(_) => None,
            Kernel::Layered(at) => at.residuals(),
        };
        residuals.ok_or_else(|| Error::argument("Evaluation::residuals", "the squared loss", "a margin loss"))
    }

    /// The linear predictor w_prod = (W_L ⋯ W₁)ᵀ, length d.
    ///
    /// # Errors
    /// A network that is not linear, the squared loss (see [`Network::predictor`](crate::network::Network::predictor) and [`Network::product`](crate::network::Network::product)).
    pub fn predictor(&self) -> Result<&[f64]> {
        match &self.kernel {
            Kernel::Product(at) => Ok(at.back(0)),
            Kernel::Layered(at) => {
                Err(Error::argument("Evaluation::predictor", "a linear network under a margin loss", at.kind()))
            }
        }
    }
}
