//! The weights of a single layer: drawn anew, given, in a cone around a direction.

use super::{Activation, Init, Network};
use crate::error::{Error, Result, finite};
use crate::random::layer_rng;
use ndarray::{ArrayView1, ArrayView2};

impl Network {
    /// The same network with W_k, and b_k where there is one, drawn anew by `init`, as those of a network of this layer alone. Each
    /// layer has random numbers of its own: the same `seed` can serve several.
    ///
    /// # Errors
    /// k outside 1 … L, an `init` that does not fit.
    ///
    /// ```
    /// use implicit_bias::prelude::*;
    /// let net = Network::bottleneck(10, 1, 100, Init::LeCun, 1)?.redrawn(3, Init::Zeros, 1)?;
    /// assert_eq!(net.output(&[1.0; 10])?, 0.0);
    /// # Ok::<(), Error>(())
    /// ```
    pub fn redrawn(mut self, k: usize, init: Init, seed: u64) -> Result<Self> {
        self.check_layer("Network::redrawn(k)", k)?;
        let alone = self.architecture[k - 1].then(Activation::Identity);
        let mut layer = Self::zeros(self.widths[k - 1..=k].to_vec(), vec![alone])?;
        init.fill(&mut layer, &mut layer_rng(k, seed))?;
        self.params[self.offsets[k - 1]..self.offsets[k]].copy_from_slice(&layer.params);
        Ok(self)
    }

    /// The same network with the given W_k, shape `(d_k, d_{k−1})`.
    ///
    /// # Errors
    /// k outside 1 … L, another shape, a NaN or infinite weight.
    ///
    /// ```
    /// use implicit_bias::prelude::*;
    /// let net = Network::linear(&[2, 2, 1], Init::Zeros, 0)?.with_weights(2, &array![[1.0, -1.0]])?;
    /// assert_eq!(net.layer(2), array![[1.0, -1.0]]);
    /// # Ok::<(), Error>(())
    /// ```
    pub fn with_weights<'a>(mut self, k: usize, weights: impl Into<ArrayView2<'a, f64>>) -> Result<Self> {
        self.check_layer("Network::with_weights(k)", k)?;
        let (weights, own) = (weights.into(), self.layer(k).dim());
        if weights.dim() != own {
            return Err(Error::shape(format_args!("W_{k}"), format!("{own:?}"), format!("{:?}", weights.dim())));
        }
        let start = self.offsets[k - 1];
        for (((i, j), &v), slot) in weights.indexed_iter().zip(&mut self.params[start..]) {
            *slot = finite(format_args!("W_{k}[{i}, {j}]"), v)?;
        }
        Ok(self)
    }

    /// The same network with the given b_k, length d_k.
    ///
    /// # Errors
    /// k outside 1 … L, a layer without a bias, another length, a NaN or infinite entry.
    ///
    /// ```
    /// use implicit_bias::prelude::*;
    /// let net = Network::bottleneck(2, 1, 2, Init::LeCun, 0)?.with_bias(2, &[0.5, -0.5])?;
    /// assert_eq!(net.bias(2), Some(array![0.5, -0.5].view()));
    /// # Ok::<(), Error>(())
    /// ```
    pub fn with_bias<'a>(mut self, k: usize, bias: impl Into<ArrayView1<'a, f64>>) -> Result<Self> {
        self.check_layer("Network::with_bias(k)", k)?;
        let (bias, rows) = (bias.into(), self.widths[k]);
        if !self.architecture[k - 1].bias {
            return Err(Error::argument(
                "Network::with_bias(k)",
                "a layer that has a bias",
                format!("{k} of {self:?}"),
            ));
        }
        if bias.len() != rows {
            return Err(Error::shape(format_args!("b_{k}"), rows, bias.len()));
        }
        let start = self.offsets[k] - rows;
        for ((i, &v), slot) in bias.iter().enumerate().zip(&mut self.params[start..]) {
            *slot = finite(format_args!("b_{k}[{i}]"), v)?;
        }
        Ok(self)
    }

    /// The same network with every row of W_k turned into a cone around `direction` u: its cosine to u is `cosine`, its length and
    /// what it is besides u stay as they were drawn, w ← ‖w‖(c u/‖u‖ + √(1 − c²) w⊥/‖w⊥‖).
    ///
    /// # Errors
    /// k outside 1 … L, a layer of one input, a direction of another length, zero or not finite, a cosine outside `[−1, 1]`, a row
    /// that is zero or has no part besides u.
    ///
    /// ```
    /// use implicit_bias::prelude::*;
    /// let target = [3.0, 4.0, 0.0];
    /// let net = Network::bottleneck(3, 1, 50, Init::LeCun, 1)?.with_cone(1, &target, 0.6)?;
    /// assert!((angle(net.layer(1).row(0), &target)?.cos() - 0.6).abs() < 1e-15);
    /// # Ok::<(), Error>(())
    /// ```
    pub fn with_cone<'a>(mut self, k: usize, direction: impl Into<ArrayView1<'a, f64>>, cosine: f64) -> Result<Self> {
        self.check_layer("Network::with_cone(k)", k)?;
        let (u, d) = (direction.into(), self.widths[k - 1]);
        if d == 1 {
            let expected = "a layer of two inputs or more, as on a line the cosine is 1 or −1";
            return Err(Error::argument("Network::with_cone(k)", expected, format!("W_{k} of {self:?}")));
        }
        if u.len() != d {
            return Err(Error::shape("Network::with_cone(direction)", d, u.len()));
        }
        if !(-1.0..=1.0).contains(&cosine) {
            return Err(Error::argument("Network::with_cone(cosine)", "a number in [−1, 1]", cosine));
        }
        let mut unit = u.to_vec();
        normalise(&mut unit).map_err(|found| {
            Error::argument("Network::with_cone(direction)", "a finite direction other than 0", found)
        })?;
        let sine = ((1.0 - cosine) * (1.0 + cosine)).sqrt();
        let start = self.offsets[k - 1];
        let rows = self.widths[k];
        for (i, row) in self.params[start..start + rows * d].chunks_exact_mut(d).enumerate() {
            let refuse = |found: f64| {
                let expected = "a finite row with a part besides the direction (redraw it)";
                Error::argument(
                    format_args!("Network::with_cone, W_{k}, row {i}"),
                    expected,
                    format!("a length of {found:e}"),
                )
            };
            let length = normalise(row).map_err(refuse)?;
            // Twice, as the first pass leaves rounding errors of the part along u.
            for _ in 0..2 {
                let along: f64 = row.iter().zip(&unit).map(|(w, u)| w * u).sum();
                row.iter_mut().zip(&unit).for_each(|(w, u)| *w -= along * u);
                let beside = normalise(row).map_err(refuse)?;
                if beside < 1e-12 {
                    return Err(refuse(beside));
                }
            }
            row.iter_mut().zip(&unit).for_each(|(w, u)| *w = length * (cosine * u + sine * *w));
        }
        Ok(self)
    }
}

/// Divides by the length, which it returns; the length again where it is zero or not finite.
fn normalise(v: &mut [f64]) -> Result<f64, f64> {
    // By the largest entry first, so that squares neither over- nor underflow.
    let largest = v.iter().fold(0.0_f64, |m, x| if x.abs() <= m { m } else { x.abs() });
    let length = largest * v.iter().map(|x| (x / largest).powi(2)).sum::<f64>().sqrt();
    if !(length.is_finite() && length > 0.0) {
        return Err(if largest == 0.0 { 0.0 } else { length });
    }
    v.iter_mut().for_each(|x| *x /= length);
    Ok(length)
}
