//! What a network computes from inputs, layer by layer; what a linear one is as a matrix.

use super::{Activation, Network};
use crate::error::{Error, Result, finite};
use ndarray::{Array, Array1, Array2, ArrayView1, ArrayView2, Axis, Dimension};

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
        let sums = |params| {
            let mut h = x.to_owned();
            for k in 1..=self.depth() {
                let mut z = self.layer_of(params, k).dot(&h);
                if let Some(b) = self.bias_of(params, k) {
                    z += &b;
                }
                h = self.apply(k, z);
            }
            h
        };
        finite("Network::output", self.finish(sums)[0])
    }

    /// φ_k(x) = f_k(W_k φ_{k−1}(x) + b_k) for inputs `x`, shape `(n, d₀)`: shape `(n, d_k)`. φ₀ is x; φ_L is the output, scaled and
    /// centred where the network is.
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
        let features = |params| {
            let mut h = x.to_owned();
            for j in 1..=k {
                let mut z = h.dot(&self.layer_of(params, j).t());
                if let Some(b) = self.bias_of(params, j) {
                    z += &b;
                }
                h = self.apply(j, z);
            }
            h
        };
        let h = if k == self.depth() { self.finish(features) } else { features(&self.params) };
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

    /// f_k of the sums z of layer k.
    fn apply<D: Dimension>(&self, k: usize, z: Array<f64, D>) -> Array<f64, D> {
        match self.activation(k) {
            Activation::Identity => z,
            function => z.mapv_into(|z| function.at(z)),
        }
    }

    /// s(N_W − N_{W₀}), `of` giving N for any weights.
    fn finish<'a, D: Dimension>(&'a self, of: impl Fn(&'a [f64]) -> Array<f64, D>) -> Array<f64, D> {
        let mut out = of(&self.params);
        if let Some(centre) = self.centre() {
            out -= &of(centre);
        }
        if self.scale == 1.0 { out } else { out * self.scale }
    }

    fn check_scalar(&self, what: &str) -> Result<()> {
        let last = self.widths()[self.depth()];
        if last == 1 { Ok(()) } else { Err(Error::shape(format_args!("{what}, last width"), 1, last)) }
    }
}
