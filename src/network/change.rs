//! The same weights as another model: other functions, biases, a scaled or a centred output.

use super::{Activation, Layer, Network};
use crate::error::{Result, finite, positive};

impl Network {
    /// The same weights with f(z) = zᵖ, p = `power`, behind every hidden layer; 1 is the linear network.
    ///
    /// # Errors
    /// A `power` outside 1 … 64.
    pub fn with_power(self, power: usize) -> Result<Self> {
        self.with_activation(Activation::Power(u32::try_from(power).unwrap_or(u32::MAX)))
    }

    /// The same weights with f(z) = max(mz, z), m = `slope`, behind every hidden layer: 0 is ReLU, 1 linear.
    ///
    /// # Errors
    /// A `slope` outside `[0, 1]` or NaN.
    pub fn with_slope(self, slope: f64) -> Result<Self> {
        self.with_activation(Activation::Rectified(slope))
    }

    /// The same weights with `function` behind every hidden layer; for one a layer see [`of`](Self::of).
    ///
    /// # Errors
    /// A slope outside `[0, 1]`, a power outside 1 … 64.
    ///
    /// ```
    /// use implicit_bias::prelude::*;
    /// let relu = Network::rectified(&[2, 3, 1], 0.0, Init::LeCun, 7)?;
    /// assert!(Network::linear(&[2, 3, 1], Init::LeCun, 7)?.with_activation(relu.activation(1))? == relu);
    /// # Ok::<(), Error>(())
    /// ```
    pub fn with_activation(mut self, function: Activation) -> Result<Self> {
        let function = function.checked()?;
        let hidden = self.depth() - 1;
        for layer in &mut self.architecture[..hidden] {
            layer.then = function;
        }
        Ok(self)
    }

    /// The same weights with a bias b_k = 0 in every layer that has none, to be trained with them; b_k follows W_k in
    /// [`params`](Self::params).
    ///
    /// # Errors
    /// No room for them.
    pub fn with_biases(self) -> Result<Self> {
        let layers: Vec<Layer> = self.architecture.iter().map(|layer| layer.with_bias()).collect();
        if layers == self.architecture {
            return Ok(self);
        }
        let mut net = Self::zeros(self.widths.clone(), layers)?;
        net.params = self.moved(&self.params, &net);
        net.centre = self.centre().map(|centre| self.moved(centre, &net).into());
        net.scale = self.scale;
        Ok(net)
    }

    /// `params` of this network as `other`, which has biases in more layers, lays them out.
    pub(super) fn moved(&self, params: &[f64], other: &Self) -> Vec<f64> {
        let mut moved = vec![0.0; other.params.len()];
        for k in 1..=self.depth() {
            let own = &params[self.offsets[k - 1]..self.offsets[k]];
            moved[other.offsets[k - 1]..][..own.len()].copy_from_slice(own);
        }
        moved
    }

    /// The same weights with the output times `scale`, a factor s that is not trained: s·W_L f(⋯), such as 1/m behind m units (the mean
    /// field) or a large α (lazy training). It replaces an earlier one.
    ///
    /// Source: Chizat, Oyallon & Bach, On lazy training in differentiable programming, NeurIPS 2019, §1.
    ///
    /// # Errors
    /// A `scale` that is not a finite number above zero.
    ///
    /// ```
    /// use implicit_bias::prelude::*;
    /// let net = Network::from_layers(&[array![[3.0]]])?.with_scale(0.5)?;
    /// assert_eq!((net.output(&[2.0])?, net.layer(1)[[0, 0]]), (3.0, 3.0));
    /// # Ok::<(), Error>(())
    /// ```
    pub fn with_scale(mut self, scale: f64) -> Result<Self> {
        self.scale = positive("Network::with_scale(scale)", scale)?;
        Ok(self)
    }

    /// The centred model: the output less what the network with its present weights W₀ has, s(N_W(x) − N_{W₀}(x)). It starts at 0
    /// everywhere; W₀ is fixed from here on, while W is trained. Centred again, it takes the weights that it has then.
    ///
    /// Source: Chizat, Oyallon & Bach, On lazy training in differentiable programming, NeurIPS 2019, §1.
    ///
    /// ```
    /// use implicit_bias::prelude::*;
    /// let mut net = Network::from_layers(&[array![[3.0]]])?.centred();
    /// net.params_mut()[0] = 5.0;
    /// assert_eq!(net.output(&[2.0])?, 4.0);                                    // (5 − 3) · 2
    /// # Ok::<(), Error>(())
    /// ```
    pub fn centred(mut self) -> Self {
        self.centre = Some(self.params.as_slice().into());
        self
    }

    /// The same network with every weight and bias times `factor`; the output of a linear or rectified one without biases is
    /// then times factorᴸ, for `factor` ≥ 0, unless it is centred.
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
