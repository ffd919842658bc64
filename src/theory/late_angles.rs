//! How far neighbouring layers still are from alignment late.

use crate::diagnose::{frobenius_norms, imbalance, top_singular};
use crate::error::{Error, Result, finite};
use crate::network::Network;

/// ∠(v_{k+1}, u_k) ≈ ‖A_kv − ⟨v, A_kv⟩v‖/‖W_k‖_F², k = 1 … L−1, of a `late` state of the gradient flow that began at `start`, with
/// A_k = W_{k+1}ᵀW_{k+1} − W_kW_kᵀ at `start` and v = v₁(W_{k+1}) at `late`. Radians.
///
/// The flow conserves A_k, so W_kW_kᵀ = W_{k+1}ᵀW_{k+1} − A_k, of which the first summand is nearly σ²vvᵀ: to first order A_k
/// turns its first eigenvector by this much. What is left out is smaller by a factor of order 1/‖W‖². Only the part of A_kv aside
/// of v turns the layers, so that the angle falls as 1/‖W‖², where Lemma 2 promises 1/‖W‖.
///
/// Source: Ji & Telgarsky, eq. (2), and perturbation theory; an extension of this crate. The measured angles are
/// [`adjacent_angles`](crate::diagnose::adjacent_angles).
///
/// # Errors
/// Networks of different widths or not linear, a NaN or infinite weight, a layer that is zero at `late`.
///
/// ```
/// # use implicit_bias::prelude::*;
/// let start = Network::from_layers(&[array![[0.0], [0.0]], array![[1.0, 2.0]]])?;          // A₁ = (1, 2)(1, 2)ᵀ
/// let late = Network::from_layers(&[array![[30.0], [40.0]], array![[50.0, 0.0]]])?;         // A₁v = (1, 2), ‖W₁‖_F = 50
/// assert!((late_angles(&start, &late)?[0] - 2.0 / 2500.0).abs() < 1e-16);
/// # Ok::<(), Error>(())
/// ```
pub fn late_angles(start: &Network, late: &Network) -> Result<Vec<f64>> {
    start.check_linear("late_angles(start)")?;
    late.check_linear("late_angles(late)")?;
    if start.widths() != late.widths() {
        let [expected, found] = [start, late].map(|net| format!("{:?}", net.widths()));
        return Err(Error::shape("late_angles, widths of late", expected, found));
    }
    let norms = frobenius_norms(late)?;
    if let Some(k) = norms.iter().position(|norm| *norm == 0.0) {
        return Err(Error::argument(format_args!("late_angles(late), W_{}", k + 1), "a non-zero matrix", "all zeros"));
    }
    let angle = |(i, a): (usize, &ndarray::Array2<f64>)| {
        let v = top_singular(late.layer(i + 2))?.right;
        let moved = a.dot(&v);
        let aside = &moved - &(&v * v.dot(&moved));
        finite("late_angles", aside.dot(&aside).sqrt() / norms[i] / norms[i])
    };
    imbalance(start)?.iter().enumerate().map(angle).collect()
}
