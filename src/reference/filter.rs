//! What each method lets through of an eigendirection.

use crate::error::{Error, Result, finite, positive};

/// A regularised solution as a function of the eigenvalue μ: of the coefficient that the data asks for, the part
/// [`gain`](Self::gain) is let through and the part [`residual`](Self::residual) = 1 − gain is missing.
///
/// | filter | gain | residual |
/// |---|---|---|
/// | `Descent` | 1 − (1 − ημ)ᵗ | (1 − ημ)ᵗ |
/// | `Flow` | 1 − e^{−tμ} | e^{−tμ} |
/// | `Ridge` | μ/(μ + λ) | λ/(μ + λ) |
///
/// Descent and flow start at zero. All three are low-pass: at small μ the gain is about ηtμ, tμ and μ/λ, which is where the
/// rule λ ~ 1/(ηt) comes from.
///
/// Source: Yao, Rosasco & Caponetto, On early stopping in gradient descent learning, Constr. Approx. 26 (2007).
///
/// ```
/// use implicit_bias::prelude::*;
/// assert_eq!(Filter::Descent { step: 0.5, steps: 2 }.gain(1.0)?, 0.75);
/// assert_eq!(Filter::Ridge { lambda: 1.0 }.gain(1e-20)?, 1e-20);
/// assert!(Filter::Ridge { lambda: 0.0 }.gain(1.0).is_err());
/// # Ok::<(), Error>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Filter {
    /// Gradient descent with a constant step.
    Descent {
        /// η > 0, with ημ < 2 at every eigenvalue.
        step: f64,
        /// t.
        steps: u64,
    },
    /// Gradient flow.
    Flow {
        /// t ≥ 0.
        time: f64,
    },
    /// Ridge (Tikhonov) regression.
    Ridge {
        /// λ > 0.
        lambda: f64,
    },
}

impl Filter {
    /// The part of the coefficient at eigenvalue `mu` that is let through; no digits are lost where it is small.
    ///
    /// # Errors
    /// μ < 0 or not finite, λ ≤ 0, t < 0, η ≤ 0, or ημ ≥ 2, where descent diverges.
    pub fn gain(&self, mu: f64) -> Result<f64> {
        Ok(match self.missing(mu)? {
            Missing::Share { missing, through } => share(through, missing),
            Missing::Exponential { log, negative: true } => 1.0 + log.exp(),
            Missing::Exponential { log, negative: false } => -log.exp_m1(),
        })
    }

    /// The part of the coefficient at eigenvalue `mu` that is missing, 1 − gain; no digits are lost where it is small. Descent
    /// with ημ > 1 overshoots in every other step: it is negative there.
    ///
    /// # Errors
    /// As [`gain`](Self::gain).
    pub fn residual(&self, mu: f64) -> Result<f64> {
        Ok(match self.missing(mu)? {
            Missing::Share { missing, through } => share(missing, through),
            Missing::Exponential { log, negative } => {
                if negative {
                    -log.exp()
                } else {
                    log.exp()
                }
            }
        })
    }

    /// The largest smoothness q that the filter can make use of: its worst bias over a source ball falls as λ^{min(s, q)},
    /// λ = 1/t, with s = r in the ρ-norm and r − 1/2 in the K-norm. It is q = 1 for ridge regression, which saturates at r = 1
    /// and r = 3/2, and ∞ for descent and flow.
    ///
    /// Source: Engl, Hanke & Neubauer, Regularization of Inverse Problems, section 4.2, which calls it the qualification.
    pub fn qualification(&self) -> f64 {
        if matches!(self, Self::Ridge { .. }) { 1.0 } else { f64::INFINITY }
    }

    /// The checked parameters as what is missing at `mu`.
    fn missing(&self, mu: f64) -> Result<Missing> {
        if finite("the eigenvalue μ of a filter", mu)? < 0.0 {
            return Err(Error::argument("the eigenvalue μ of a filter", "a number ≥ 0", mu));
        }
        match *self {
            Self::Ridge { lambda } => {
                Ok(Missing::Share { missing: positive("Filter::Ridge.lambda", lambda)?, through: mu })
            }
            Self::Flow { time } if time >= 0.0 && time.is_finite() => {
                Ok(Missing::Exponential { log: -time * mu, negative: false })
            }
            Self::Flow { time } => Err(Error::argument("Filter::Flow.time", "a finite t ≥ 0", time)),
            Self::Descent { step, steps } => {
                let product = positive("Filter::Descent.step", step)? * mu;
                if product >= 2.0 {
                    let expected = format_args!("η < 2/μ, for descent diverges beyond (μ = {mu:e})");
                    return Err(Error::argument("Filter::Descent.step", expected, step));
                }
                // |1 − ημ| = 1 − z with z = ημ or 2 − ημ; both are exact where it matters.
                let (z, negative) = if product > 1.0 { (2.0 - product, steps % 2 == 1) } else { (product, false) };
                // (1 − ημ)⁰ = 1 even where ημ = 1.
                let log = if steps == 0 { 0.0 } else { steps as f64 * (-z).ln_1p() };
                Ok(Missing::Exponential { log, negative })
            }
        }
    }
}

/// A residual, in the form that keeps its digits and those of the gain.
enum Missing {
    /// missing/(missing + through).
    Share { missing: f64, through: f64 },
    /// ±e^log.
    Exponential { log: f64, negative: bool },
}

/// a/(a + b) for a, b ≥ 0, not both zero; the sum itself could overflow.
fn share(a: f64, b: f64) -> f64 {
    if a <= b { (a / b) / (1.0 + a / b) } else { 1.0 / (1.0 + b / a) }
}
