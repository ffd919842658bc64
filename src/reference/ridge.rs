//! Ridge (Tikhonov) regression, one λ or many.

use super::min_norm::checked;
use super::{Filter, MinNorm};
use crate::algebra::svd::frobenius;
use crate::dataset::Regression;
use crate::error::Result;
use ndarray::{Array2, ArrayView2};
use std::fmt;

/// W_λ = ((XᵀX/n + λI)⁻¹XᵀY/n)ᵀ, shape `(d', d)`: the minimiser of ‖XWᵀ − Y‖_F²/(2n) + λ‖W‖_F²/2. It tends to X⁺Y as λ → 0.
///
/// ```
/// use implicit_bias::prelude::*;
/// let data = Regression::new(array![[1.0, 0.0], [0.0, 2.0]], array![1.0, 2.0])?;        // XᵀX/n = diag(1/2, 2)
/// let ridge = Ridge::fit(&data, 0.5)?;
/// assert!((&ridge.weights() - &array![[0.5, 0.8]]).iter().all(|v| v.abs() < 1e-15));
/// # Ok::<(), Error>(())
/// ```
#[derive(Clone, PartialEq)]
pub struct Ridge {
    lambda: f64,
    weights: Array2<f64>,
    stationarity: f64,
}

impl Ridge {
    /// The solution at one λ > 0.
    ///
    /// # Errors
    /// As [`path`](Self::path).
    pub fn fit(data: &Regression, lambda: f64) -> Result<Self> {
        Self::solve(data, &MinNorm::fit(data)?, lambda)
    }

    /// The solutions at all `lambdas`, from one singular value decomposition.
    ///
    /// # Errors
    /// λ ≤ 0 or not finite (λ = 0 is [`MinNorm`]), as [`MinNorm::fit`] and [`MinNorm::filtered`].
    pub fn path(data: &Regression, lambdas: &[f64]) -> Result<Vec<Self>> {
        let fit = MinNorm::fit(data)?;
        lambdas.iter().map(|&lambda| Self::solve(data, &fit, lambda)).collect()
    }

    fn solve(data: &Regression, fit: &MinNorm, lambda: f64) -> Result<Self> {
        let weights = fit.filtered(Filter::Ridge { lambda })?;
        let (n, x) = (data.n() as f64, data.x());
        let pull = checked("Ridge gradient", data.y().t().dot(&x) / n)?;
        let fitted = checked("Ridge gradient", x.dot(&weights.t()).t().dot(&x) / n)?;
        let gradient = &fitted + &(&weights * lambda) - &pull;
        let size = frobenius(pull.view());
        let stationarity = if size > 0.0 { frobenius(gradient.view()) / size } else { 0.0 };
        Ok(Self { lambda, weights, stationarity })
    }

    /// λ, in the units of x squared.
    pub fn lambda(&self) -> f64 {
        self.lambda
    }

    /// W_λ, shape `(d', d)`.
    pub fn weights(&self) -> ArrayView2<'_, f64> {
        self.weights.view()
    }

    /// ‖W_λ(XᵀX/n + λI) − YᵀX/n‖_F/‖YᵀX/n‖_F, which is zero at the solution: the certificate, no unit.
    pub fn stationarity(&self) -> f64 {
        self.stationarity
    }
}

impl fmt::Debug for Ridge {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (norm, off) = (frobenius(self.weights()), self.stationarity);
        write!(f, "Ridge: λ = {:.3e}, ‖W‖_F = {norm:.3e}, stationary to {off:.1e}", self.lambda)
    }
}
