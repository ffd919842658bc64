//! Margin losses ℓ(q), q = y f(x), carried as logarithms: nothing here over- or underflows.

use crate::logarithm::softplus;

/// A strictly decreasing margin loss.
///
/// | loss | ℓ(q) | β (ℓ′ is β-Lipschitz) | G (ℓ is G-Lipschitz) |
/// |---|---|---|---|
/// | `Logistic` | ln(1 + e^−q) | 1/4 | 1 |
/// | `Exponential` | e^−q | none | none |
///
/// Source: Ji & Telgarsky, §1.2 and Assumptions 1 and 4.
///
/// ```
/// use implicit_bias::prelude::*;
/// assert_eq!(Loss::Exponential.log_value(1e6), -1e6);       // e^−1000000 is no f64, its logarithm is
/// assert_eq!(Loss::Logistic.log_value(-1e6), 1e6_f64.ln());
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Loss {
    /// ln(1 + e^−q).
    Logistic,
    /// e^−q.
    Exponential,
}

impl Loss {
    /// ln ℓ(q).
    pub fn log_value(self, q: f64) -> f64 {
        match self {
            // ln(softplus(−q)): for large q, softplus(−q) = e^−q (1 − e^−q/2 + …), whose logarithm is −q + ln(…).
            Self::Logistic if q > 0.0 => {
                let x = (-q).exp();
                -q + if x < 1e-8 { -0.5 * x } else { (x.ln_1p() / x).ln() }
            }
            Self::Logistic => (-q + q.exp().ln_1p()).ln(),
            Self::Exponential => -q,
        }
    }

    /// ln |ℓ′(q)|; ℓ′ is negative everywhere.
    pub fn log_slope(self, q: f64) -> f64 {
        match self {
            Self::Logistic => -softplus(q),
            Self::Exponential => -q,
        }
    }

    /// ln ℓ″(q).
    pub fn log_curvature(self, q: f64) -> f64 {
        match self {
            Self::Logistic => -softplus(q) - softplus(-q),
            Self::Exponential => -q,
        }
    }

    /// ℓ(0) − ℓ(q), to the last digits also where q is next to 0.
    pub(crate) fn gain(self, q: f64) -> f64 {
        match self {
            Self::Logistic => -(0.5 * (-q).exp_m1()).ln_1p(),
            Self::Exponential => -(-q).exp_m1(),
        }
    }

    /// ln ℓ(0), the log risk of the zero predictor (Assumption 2 compares with it).
    pub fn log_value_at_zero(self) -> f64 {
        self.log_value(0.0)
    }

    /// β, the Lipschitz constant of ℓ′ (Assumption 4), where there is one.
    pub fn smoothness(self) -> Option<f64> {
        (self == Self::Logistic).then_some(0.25)
    }

    /// G, the Lipschitz constant of ℓ (Assumption 4), where there is one.
    pub fn lipschitz(self) -> Option<f64> {
        (self == Self::Logistic).then_some(1.0)
    }
}
