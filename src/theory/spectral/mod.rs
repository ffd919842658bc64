//! Regularisation as a filter on the spectrum: early stopping beside ridge regression.
//!
//! Two readings of one calculation. With *operators*, μᵢ are the eigenvalues of L_K and the target f_ρ is known: what is left is
//! the bias alone. With a *sample* of n points, μᵢ are those of XᵀX/n, and noise of variance σ² adds σ²/n to the square of
//! every coefficient that the filter lets through. Everywhere the risk is R(w) = ‖Xw − y‖²/(2n), whose gradient is
//! (XᵀX/n)w − Xᵀy/n, and ridge regression adds λ‖w‖²/2; so λ and 1/t have the unit of μ.

mod model;
mod worst;

pub use model::{Norm, SpectralModel};
pub use worst::{worst_bias, worst_bias_bound};
