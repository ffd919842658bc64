//! How smooth the risk of a linear predictor is, and which constant steps are stable because of it.

use crate::diagnose::top_singular;
use crate::error::{Error, Result, positive};
use crate::risk::{Risk, Terms};

/// L = β σ_max(X)²/n: the `risk` of a linear predictor, one layer without bias, has an L-Lipschitz gradient, and plain descent
/// converges for every constant step η < 2/L. β is 1 for the squared loss, whatever its targets, and 1/4 for the logistic one.
///
/// Source: Polyak, Introduction to Optimization (1987), §1.4; Soudry et al., JMLR 19 (2018), Assumption 2, for the sum of losses,
/// which has n times this constant.
///
/// # Errors
/// A loss without β (the exponential), X = 0, or σ_max² beyond 1.8e308 or below 1e-308.
///
/// ```
/// # use implicit_bias::prelude::*;
/// let x = array![[3.0, 0.0], [0.0, 4.0]];
/// assert_eq!(risk_smoothness(&Risk::squares(&Regression::new(x.clone(), array![1.0, 1.0])?))?, 16.0 / 2.0);
/// assert_eq!(risk_smoothness(&Loss::Logistic.on(&Dataset::new(x, array![1.0, -1.0])?))?, 0.25 * 16.0 / 2.0);
/// # Ok::<(), Error>(())
/// ```
pub fn risk_smoothness(risk: &Risk) -> Result<f64> {
    let (beta, x) = match risk.terms() {
        Terms::Squares(data) => (1.0, data.x()),
        Terms::Margins(loss, data) => match loss.smoothness() {
            Some(beta) => (beta, data.x()),
            None => {
                let expected = "a loss with Lipschitz ℓ′ (Assumption 4)";
                return Err(Error::argument("risk_smoothness(risk)", expected, format_args!("{loss:?}")));
            }
        },
    };
    let sigma = top_singular(x)?.value;
    Ok(beta * positive("risk_smoothness: σ_max(X)²/n", sigma / x.nrows() as f64 * sigma)?)
}

/// 2(1 + β)/L, the stability limit of the steps of a linear predictor with `momentum` β; none where the loss has no L.
///
/// Source: Polyak, Introduction to Optimization (1987), §1.4 and §3.2.
pub(crate) fn step_bound(risk: &Risk, momentum: f64) -> Result<Option<f64>> {
    if risk.loss().is_some_and(|loss| loss.smoothness().is_none()) {
        return Ok(None);
    }
    Ok(Some(2.0 * (1.0 + momentum) / risk_smoothness(risk)?))
}
