//! What a layer holds besides its first singular direction.

use super::each_layer;
use super::spectrum::{frobenius, gap};
use crate::error::{Result, finite};
use crate::network::Network;

/// ‖W_k‖_F² − ‖W_k‖₂² = Σ_{i≥2} σᵢ(W_k)² for k = 1 … L: the squared distance of each layer to the nearest matrix of rank one.
///
/// Made of the [`rank_one_gap`](super::rank_one_gap), so that a small tail has as many good digits as a large one, where the
/// difference of the squares has none left. Ji & Telgarsky bound it for all time (Lemmas 2 and 8); what it tends to is
/// [`late_tails`](crate::theory::late_tails).
///
/// # Errors
/// A NaN or infinite weight, a square beyond 1.8e308.
///
/// ```
/// # use implicit_bias::prelude::*;
/// let net = Network::from_layers(&[array![[1e8, 0.0], [0.0, 1e-8]], array![[3.0, 4.0]]])?;
/// assert_eq!(spectral_tails(&net)?, [1e-16, 0.0]);
/// # Ok::<(), Error>(())
/// ```
pub fn spectral_tails(net: &Network) -> Result<Vec<f64>> {
    each_layer(net, |name, w| {
        let f = frobenius(name, w)?;
        // A layer of zeros has no gap, but nothing besides its first direction either.
        let gap = if f == 0.0 { 0.0 } else { gap(name, w)? };
        finite(format_args!("‖{name}‖_F² − ‖{name}‖₂²"), f * gap * (2.0 - gap) * f)
    })
}
