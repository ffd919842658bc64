//! The assumption on the start.

use crate::diagnose::frobenius_norms;
use crate::error::{Error, Result, finite};
use crate::network::Network;
use crate::risk::Risk;
use ndarray::Array1;

/// The numbers of Assumption 2.2 at a start W(0), as logarithms.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct StartCheck {
    /// ln R(W(0)).
    pub log_risk: f64,
    /// ln ℓ(0), the log risk of the zero predictor.
    pub log_risk_at_zero: f64,
    /// ln ‖∇R(W(0))‖, −∞ at a critical point.
    pub log_gradient_norm: f64,
}

impl StartCheck {
    /// ∇R(W(0)) ≠ 0 and R(W(0)) ≤ ℓ(0), as Ji & Telgarsky's Assumption 2 has it.
    pub fn holds(&self) -> bool {
        self.log_gradient_norm > f64::NEG_INFINITY && self.log_risk <= self.log_risk_at_zero
    }

    /// ∇R(W(0)) ≠ 0 and R(W(0)) < ℓ(0), as the report's Assumption 2.2 has it; the paper's own easy start W₁ = 0 fails.
    pub fn holds_strictly(&self) -> bool {
        self.log_gradient_norm > f64::NEG_INFINITY && self.log_risk < self.log_risk_at_zero
    }
}

/// Checks a start: it is no critical point, and no worse than predicting nothing. The paper asks it of linear networks.
///
/// Source: Ji & Telgarsky, Assumption 2 and Appendix A; the report's Assumption 2.2.
///
/// # Errors
/// The squared loss, a NaN or infinite weight, data of another d, more than one output, margins beyond 1.8e308.
///
/// ```
/// # use implicit_bias::prelude::*;
/// let data = Dataset::new(array![[1.0]], array![1.0])?;
/// let trap = Network::from_layers(&[array![[0.5]], array![[-0.5]]])?;             // w₁ = −w₂, Appendix A
/// let easy = Network::from_layers(&[array![[0.0]], array![[0.5]]])?;              // W₁ = 0, W_L⋯W₂ ≠ 0
/// assert!(!assumption_2_2(&trap, &Loss::Exponential.on(&data))?.holds());
/// assert!(assumption_2_2(&easy, &Loss::Exponential.on(&data))?.holds());
/// # Ok::<(), Error>(())
/// ```
pub fn assumption_2_2(net: &Network, risk: &Risk) -> Result<StartCheck> {
    let (loss, data) = risk.margins("assumption_2_2(risk)")?;
    if net.widths()[0] != data.d() {
        return Err(Error::shape("Network widths[0], to match the data", data.d(), net.widths()[0]));
    }
    let norms = frobenius_norms(net)?;
    if !net.is_linear() {
        let at = risk.at(net)?;
        let (log_risk, log_gradient_norm) = (at.log_risk(), at.log_grad_norm());
        return Ok(StartCheck { log_risk, log_risk_at_zero: loss.log_value_at_zero(), log_gradient_norm });
    }
    let z = data.mirrored();
    let q = z.dot(&net.predictor()?);
    for (i, &v) in q.iter().enumerate() {
        finite(format_args!("y[{i}] f(x[{i}])"), v)?;
    }
    let log_n = (data.n() as f64).ln();
    let log_risk = log_sum(q.iter().map(|&q| loss.log_value(q)), data.n());

    // ∂R/∂W_k = (W_L⋯W_{k+1})ᵀ (W_{k−1}⋯W₁ ∇R(w))ᵀ, with layers of norm 1 so that only logarithms are extreme.
    let unit = q.iter().map(|&q| loss.log_slope(q)).fold(f64::NEG_INFINITY, f64::max);
    let slope = q.mapv(|q| -(loss.log_slope(q) - unit).exp());
    let layer = |k: usize| &net.layer(k) / if norms[k - 1] > 0.0 { norms[k - 1] } else { 1.0 };
    let mut right = vec![log_norm(&slope.dot(&z))];
    let mut column = slope.dot(&z);
    for k in 1..net.depth() {
        column = layer(k).dot(&column);
        right.push(log_norm(&column));
    }
    let mut row = Array1::ones(1);
    let mut squares = Vec::with_capacity(net.depth());
    for k in (1..=net.depth()).rev() {
        let others: f64 = (1..=net.depth()).filter(|&j| j != k).map(|j| norms[j - 1].ln()).sum();
        squares.push(2.0 * (log_norm(&row) + right[k - 1] + others + unit - log_n));
        row = row.dot(&layer(k));
    }
    let log_gradient_norm = 0.5 * log_sum(squares.into_iter(), 1);
    Ok(StartCheck { log_risk, log_risk_at_zero: loss.log_value_at_zero(), log_gradient_norm })
}

/// The seeds that one start may try.
const DRAWS: u64 = 1000;

/// The first of `draw(1000·seed)`, `draw(1000·seed + 1)`, …, `draw(1000·seed + 999)` that may start training on `risk`:
/// ∇R(W(0)) ≠ 0 and R(W(0)) < ℓ(0), so that it satisfies the report's Assumption 2.2 and the paper's Assumption 2 alike.
///
/// It never draws a dead rectified network, whose gradient is zero: count those on plain draws.
///
/// For a linear network R is convex in w_prod, hence R(w) + R(−w) ≥ 2ℓ(0): when a change of sign does not change the law of w_prod, at most half
/// of the draws qualify, and fewer the larger they are. A share or a mean over such starts is conditional on qualifying. No
/// two seeds have a draw in common.
///
/// Source: Ji & Telgarsky, Assumption 2; the report's Assumption 2.2.
///
/// # Errors
/// What `draw` or [`assumption_2_2`] refuses, a seed beyond 1.8e16, and 1000 draws of which none qualifies.
///
/// ```
/// # use implicit_bias::prelude::*;
/// let data = Separable { n: 40, d: 2, margin: 0.2, next_margin: 0.4 }.sample(1)?;
/// let risk = Loss::Logistic.on(&data);
/// let start = admissible_start(&risk, 1, |draw| Network::linear(&[2, 2, 1], Init::LeCun, draw))?;
/// assert!(assumption_2_2(&start, &risk)?.holds_strictly());
/// # Ok::<(), Error>(())
/// ```
pub fn admissible_start(risk: &Risk, seed: u64, mut draw: impl FnMut(u64) -> Result<Network>) -> Result<Network> {
    let Some(last) = seed.checked_mul(DRAWS).and_then(|first| first.checked_add(DRAWS - 1)) else {
        let largest = u64::MAX / DRAWS - 1;
        return Err(Error::argument("admissible_start(seed)", format_args!("a seed up to {largest}"), seed));
    };
    let first = last - (DRAWS - 1);
    for number in first..=last {
        let net = draw(number)?;
        if assumption_2_2(&net, risk)?.holds_strictly() {
            return Ok(net);
        }
    }
    Err(Error::argument(
        "admissible_start(draw)",
        "a start with ∇R(W(0)) ≠ 0 and R(W(0)) < ℓ(0)",
        format_args!("none among the draws {first} to {last}"),
    ))
}

fn log_norm(v: &Array1<f64>) -> f64 {
    let largest = v.iter().fold(0.0_f64, |m, x| m.max(x.abs()));
    if largest == 0.0 {
        return f64::NEG_INFINITY;
    }
    largest.ln() + 0.5 * v.iter().map(|x| (x / largest).powi(2)).sum::<f64>().ln()
}

/// ln (Σ e^t / n), −∞ for a sum of zeros; n goes inside so that n equal terms give back the term itself.
fn log_sum(terms: impl Iterator<Item = f64> + Clone, n: usize) -> f64 {
    let largest = terms.clone().fold(f64::NEG_INFINITY, f64::max);
    if largest == f64::NEG_INFINITY {
        return largest;
    }
    largest + (terms.map(|t| (t - largest).exp()).sum::<f64>() / n as f64).ln()
}
