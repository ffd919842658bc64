//! How smooth the risk of a linear predictor is, and which constant steps are stable because of it.

use crate::dataset::{Dataset, Regression};
use crate::diagnose::top_singular;
use crate::error::{Error, Result, positive};
use crate::loss::Loss;
use crate::loss::objective::Objective;
use ndarray::ArrayView2;

/// L = σ_max(X)²/n: the least-squares risk (1/2n)‖Xw − y‖² has an L-Lipschitz gradient, and plain descent converges for
/// every constant step η < 2/L. Columns of y change nothing.
///
/// Source: Polyak, Introduction to Optimization (1987), §1.4.
///
/// # Errors
/// X = 0, or σ_max² beyond 1.8e308 or below 1e-308.
///
/// ```
/// # use implicit_bias::prelude::*;
/// let data = Regression::new(array![[3.0, 0.0], [0.0, 4.0]], array![1.0, 1.0])?;
/// assert_eq!(least_squares_smoothness(&data)?, 16.0 / 2.0);
/// # Ok::<(), Error>(())
/// ```
pub fn least_squares_smoothness(data: &Regression) -> Result<f64> {
    mean_square("least_squares_smoothness", data.x())
}

/// L = β σ_max(X)²/n: the risk (1/n) Σ ℓ(yᵢ⟨w, xᵢ⟩) of a linear predictor has an L-Lipschitz gradient; β = 1/4 for the logistic
/// loss.
///
/// Source: Soudry et al., JMLR 19 (2018), Assumption 2, for the sum of losses, which has n times this constant.
///
/// # Errors
/// A loss without β (the exponential), otherwise as [`least_squares_smoothness`].
///
/// ```
/// # use implicit_bias::prelude::*;
/// let data = Dataset::new(array![[3.0, 0.0], [0.0, 4.0]], array![1.0, -1.0])?;
/// assert_eq!(risk_smoothness(Loss::Logistic, &data)?, 0.25 * 16.0 / 2.0);
/// # Ok::<(), Error>(())
/// ```
pub fn risk_smoothness(loss: Loss, data: &Dataset) -> Result<f64> {
    let Some(beta) = loss.smoothness() else {
        let expected = "a loss with Lipschitz ℓ′ (Assumption 4)";
        return Err(Error::argument("risk_smoothness(loss)", expected, format_args!("{loss:?}")));
    };
    Ok(beta * mean_square("risk_smoothness", data.x())?)
}

/// 2(1 + β)/L, the stability limit of the steps of a linear predictor with `momentum` β; none where the loss has no L.
///
/// Source: Polyak, Introduction to Optimization (1987), §1.4 and §3.2.
pub(crate) fn step_bound(objective: &Objective, momentum: f64) -> Result<Option<f64>> {
    let smoothness = match objective {
        Objective::Squares(data) => least_squares_smoothness(data)?,
        Objective::Margins(loss, _) if loss.smoothness().is_none() => return Ok(None),
        Objective::Margins(loss, data) => risk_smoothness(*loss, data)?,
    };
    Ok(Some(2.0 * (1.0 + momentum) / smoothness))
}

/// σ_max(X)²/n.
fn mean_square(what: &str, x: ArrayView2<'_, f64>) -> Result<f64> {
    let sigma = top_singular(x)?.value;
    positive(format_args!("{what}: σ_max(X)²/n"), sigma / x.nrows() as f64 * sigma)
}
