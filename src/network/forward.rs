//! What a network computes from inputs, layer by layer; what a linear one is as a matrix.

use super::Network;
use crate::error::{Error, Result, finite};
use ndarray::{Array1, Array2, ArrayView1, ArrayView2, Axis};

impl Network {
    /// f_W(x) for inputs `x`, shape `(n, d₀)`: length n, for a network with one output.
    ///
    /// # Errors
    /// Another number of columns or of outputs, an entry or a result that is not finite.
    ///
    /// ```
    /// use implicit_bias::prelude::*;
    /// let net = Network::from_layers(&[array![[1.0], [-2.0]], array![[1.0, 1.0]]])?.with_slope(0.0)?;
    /// assert_eq!(net.outputs(array![[3.0], [-1.0]].view())?, array![3.0, 2.0]);   // max(x, 0) + max(−2x, 0)
    /// # Ok::<(), Error>(())
    /// ```
    pub fn outputs(&self, x: ArrayView2<'_, f64>) -> Result<Array1<f64>> {
        self.check_scalar("Network::outputs")?;
        Ok(self.hidden(self.depth(), x)?.remove_axis(Axis(1)))
    }

    /// f_W(x) for one input of length d₀, for a network with one output: what draws a decision boundary.
    ///
    /// # Errors
    /// As [`outputs`](Self::outputs).
    ///
    /// ```
    /// use implicit_bias::prelude::*;
    /// let net = Network::from_layers(&[array![[1.0, 2.0]]])?;
    /// assert_eq!(net.output(&[3.0, -1.0])?, 1.0);
    /// # Ok::<(), Error>(())
    /// ```
    pub fn output<'a>(&self, x: impl Into<ArrayView1<'a, f64>>) -> Result<f64> {
        self.check_scalar("Network::output")?;
        let x = x.into();
        if x.len() != self.widths()[0] {
            return Err(Error::shape("Network::output(x)", self.widths()[0], x.len()));
        }
        let mut h = x.to_owned();
        for k in 1..=self.depth() {
            let mut z = self.layer(k).dot(&h);
            if let Some(b) = self.bias(k) {
                z += &b;
            }
            h = if k < self.depth() { z.mapv(|z| self.activate(z)) } else { z };
        }
        finite("Network::output", h[0])
    }

    /// φ_k(x) = f(W_k φ_{k−1}(x) + b_k) for inputs `x`, shape `(n, d₀)`: shape `(n, d_k)`. φ₀ is x; φ_L is the output, to
    /// which f is not applied.
    ///
    /// # Errors
    /// k > L, another number of columns, an entry or a result that is not finite.
    ///
    /// ```
    /// use implicit_bias::prelude::*;
    /// let net = Network::from_layers(&[array![[1.0], [-2.0]], array![[1.0, 1.0]]])?.with_slope(0.5)?;
    /// assert_eq!(net.hidden(1, array![[3.0], [-1.0]].view())?, array![[3.0, -3.0], [-0.5, 2.0]]);
    /// # Ok::<(), Error>(())
    /// ```
    pub fn hidden(&self, k: usize, x: ArrayView2<'_, f64>) -> Result<Array2<f64>> {
        if k > self.depth() {
            return Err(Error::argument("Network::hidden(k)", format_args!("a layer in 0 … {}", self.depth()), k));
        }
        if x.ncols() != self.widths()[0] {
            let expected = format!("(n, {})", self.widths()[0]);
            return Err(Error::shape("Network inputs x", expected, format!("({}, {})", x.nrows(), x.ncols())));
        }
        let mut h = x.to_owned();
        for j in 1..=k {
            let mut z = h.dot(&self.layer(j).t());
            if let Some(b) = self.bias(j) {
                z += &b;
            }
            h = if j < self.depth() { z.mapv(|z| self.activate(z)) } else { z };
        }
        for ((i, j), &v) in h.indexed_iter() {
            finite(format_args!("φ_{k}(x[{i}])[{j}]"), v)?;
        }
        Ok(h)
    }

    /// The linear predictor w_prod = (W_L ⋯ W₁)ᵀ, length d.
    ///
    /// # Errors
    /// A network that is not linear, more than one output, or a product beyond the range of f64.
    pub fn predictor(&self) -> Result<Array1<f64>> {
        self.check_linear("Network::predictor")?;
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

    /// W_L ⋯ W₁, shape `(d_L, d₀)`: what a linear network is as one matrix; its transpose is [`predictor`](Self::predictor) where
    /// d_L = 1.
    ///
    /// # Errors
    /// A network that is not linear, or a product beyond the range of f64.
    ///
    /// ```
    /// use implicit_bias::prelude::*;
    /// let net = Network::from_layers(&[array![[1.0, 2.0]], array![[3.0], [-1.0]]])?;
    /// assert_eq!(net.product()?, array![[3.0, 6.0], [-1.0, -2.0]]);
    /// # Ok::<(), Error>(())
    /// ```
    pub fn product(&self) -> Result<Array2<f64>> {
        self.check_linear("Network::product")?;
        let mut product = self.layer(1).to_owned();
        for k in 2..=self.depth() {
            product = self.layer(k).dot(&product);
        }
        for ((i, j), &v) in product.indexed_iter() {
            finite(format_args!("(W_L ⋯ W₁)[{i}, {j}]"), v)?;
        }
        Ok(product)
    }

    /// The same network with every weight and bias times `factor`; the output of a linear or rectified one without biases is
    /// then times factorᴸ, for `factor` ≥ 0.
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

    /// f(z) = max(mz, z), or zᵖ.
    fn activate(&self, z: f64) -> f64 {
        if self.power > 1 {
            return z.powi(self.power);
        }
        if z > 0.0 { z } else { self.slope * z }
    }

    fn check_scalar(&self, what: &str) -> Result<()> {
        let last = self.widths()[self.depth()];
        if last == 1 { Ok(()) } else { Err(Error::shape(format_args!("{what}, last width"), 1, last)) }
    }
}
