//! The largest curvature of the risk.

use super::hessian::SecondOrder;
use crate::algebra::lanczos::{generic_vector, top_eigenpair};
use crate::error::{Result, finite};
use crate::network::Network;
use crate::risk::Risk;

/// λ_max(∇²R(W)), the largest Hessian eigenvalue of the risk, for a rectified network that of the piece W lies on
/// ([`hessian_vector`](super::hessian_vector)); gradient descent with a constant step η is stable where it stays below 2/η.
///
/// Never negative: as every single weight of the last layer enters f_W(xᵢ) linearly, its entry on the diagonal of the Hessian is
/// (1/n) Σ ℓ″(qᵢ)(∂f_W(xᵢ))² ≥ 0.
/// Lanczos on exact Hessian-vector products, from a fixed start.
///
/// # Errors
/// A NaN or infinite weight, data of another d, another number of outputs, a value beyond 1.8e308. Below 1e-308 it goes to
/// zero; [`log_sharpness`] goes on.
///
/// ```
/// # use implicit_bias::prelude::*;
/// let data = Dataset::new(array![[2.0]], array![1.0])?;
/// let net = Network::from_layers(&[array![[0.0]]])?;
/// assert_eq!(sharpness(&net, &Loss::Logistic.on(&data))?, 1.0);                   // ℓ″(0) x² = 2²/4
/// # Ok::<(), Error>(())
/// ```
pub fn sharpness(net: &Network, risk: &Risk) -> Result<f64> {
    finite("sharpness", log_sharpness(net, risk)?.exp())
}

/// ln λ_max(∇²R(W)), as far down as the risk goes; −∞ where the Hessian is zero, as at W = 0 and depth ≥ 3 or on a dead
/// network, both without biases.
///
/// # Errors
/// As [`sharpness`], except for its range.
pub fn log_sharpness(net: &Network, risk: &Risk) -> Result<f64> {
    let second = SecondOrder::at(net, risk)?;
    let start = generic_vector(net.parameter_count());
    let (value, _) = top_eigenpair(start, 1e-9, |x, out| second.apply(x, out))?;
    Ok(value.max(0.0).ln() + second.log_unit())
}
