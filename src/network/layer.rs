//! What a layer is: a map, a bias or none, a function behind it.

use crate::error::{Error, Result};
use std::fmt;

/// The function behind a layer, entry by entry.
///
/// ```
/// use implicit_bias::prelude::*;
/// assert_eq!([Activation::Identity, Activation::Rectified(0.5), Activation::Power(2)].map(|f| f.at(-4.0)), [-4.0, -2.0, 16.0]);
/// ```
#[derive(Clone, Copy, Debug, PartialEq)]
#[non_exhaustive]
pub enum Activation {
    /// f(z) = z.
    Identity,
    /// f(z) = max(mz, z) with the slope m ∈ `[0, 1]`: 0 is ReLU, 1 the identity, what lies between a leaky ReLU.
    Rectified(f64),
    /// f(z) = zᵖ with p in 1 … 64; 1 is the identity.
    Power(u32),
}

impl Activation {
    /// f(z).
    #[inline]
    pub fn at(self, z: f64) -> f64 {
        match self {
            Self::Identity => z,
            Self::Rectified(m) => {
                if z > 0.0 {
                    z
                } else {
                    m * z
                }
            }
            Self::Power(p) => z.powi(i32::try_from(p).unwrap_or(i32::MAX)),
        }
    }

    /// m of f(z) = max(mz, z): 1 for the identity, none for a power.
    pub fn slope(self) -> Option<f64> {
        match self {
            Self::Identity => Some(1.0),
            Self::Rectified(m) => Some(m),
            Self::Power(_) => None,
        }
    }

    /// The same function, always written in the same way: what is z ↦ z is [`Activation::Identity`].
    pub(super) fn checked(self) -> Result<Self> {
        match self {
            Self::Rectified(m) if !(0.0..=1.0).contains(&m) => {
                Err(Error::argument("Network slope m of f(z) = max(mz, z)", "a number in [0, 1]", m))
            }
            Self::Power(p) if !(1..=64).contains(&p) => {
                Err(Error::argument("Network power p of f(z) = zᵖ", "a number in 1 … 64", p))
            }
            Self::Rectified(1.0) | Self::Power(1) => Ok(Self::Identity),
            function => Ok(function),
        }
    }
}

impl fmt::Display for Activation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Identity => write!(f, "identity"),
            Self::Rectified(m) => write!(f, "slope {m}"),
            Self::Power(p) => write!(f, "power {p}"),
        }
    }
}

/// The linear map of a layer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Map {
    /// Every unit sees every feature below, by a weight of its own: W_k of shape `(d_k, d_{k−1})`, d_k the given width.
    Dense(usize),
}

/// One layer: φ_k = f(W_kφ_{k−1} + b_k).
///
/// ```
/// use implicit_bias::prelude::*;
/// let relu = Layer::dense(16).with_bias().then(Activation::Rectified(0.0));
/// let net = Network::of(3, &[Layer::dense(2), relu, Layer::dense(1)], Init::He, 1)?;
/// assert_eq!((net.widths(), net.bias(1), net.activation(2)), (&[3, 2, 16, 1][..], None, relu.then));
/// # Ok::<(), Error>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq)]
#[non_exhaustive]
pub struct Layer {
    /// W_k.
    pub map: Map,
    /// Whether there is a b_k.
    pub bias: bool,
    /// f.
    pub then: Activation,
}

impl Layer {
    /// A dense layer of `width` units, without a bias and with no function behind it.
    pub const fn dense(width: usize) -> Self {
        Self { map: Map::Dense(width), bias: false, then: Activation::Identity }
    }

    /// The same with a bias, to be trained with the weights.
    pub const fn with_bias(self) -> Self {
        Self { bias: true, ..self }
    }

    /// The same with `function` behind it.
    pub const fn then(self, function: Activation) -> Self {
        Self { then: function, ..self }
    }

    /// d_k, the number of units.
    pub const fn width(self) -> usize {
        let Map::Dense(width) = self.map;
        width
    }
}
