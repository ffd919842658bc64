//! Assumptions 2 to 5.

use super::memory::Step;
use super::sides::Sides;
use super::view::View;
use crate::loss::Loss;

impl View<'_> {
    pub(super) fn start_and_risk(&self) -> Sides {
        let sides = Sides::logs(self.now.log_risk, self.facts.log_risk_at_zero);
        let critical = self.first && self.at.is_stationary();
        if critical { Sides { slack: f64::NEG_INFINITY, ..sides } } else { sides }
    }

    pub(super) fn support_spans(&self) -> Sides {
        Sides::scaled(self.facts.direction.len() as f64, self.facts.support_rank as f64, 1.0)
    }

    pub(super) fn loss_constants(&self) -> Sides {
        let (lowest, nearest) = extremes(self.at.margins());
        let loss = self.facts.loss;
        // |ℓ′| is largest at the lowest margin; so is the exponential loss's ℓ″, the logistic one's where |q| is least.
        let steepest = match loss {
            Loss::Logistic => nearest,
            Loss::Exponential => lowest,
        };
        // G = 1, β = 1/4.
        let left = loss.log_slope(lowest).max(loss.log_curvature(steepest) + 4.0_f64.ln());
        Sides::logs(left, 0.0)
    }

    pub(super) fn paper_step(&self, step: &Step) -> Sides {
        let (facts, log_eta) = (self.facts, self.now.log_eta);
        if facts.start.depth() == 1 {
            return Sides::logs(log_eta, -facts.log_beta);
        }
        let reach = self.now.log_norm.max(self.before.log_norm).max(0.0);
        let sides = Sides::logs(reach, facts.log_radius(log_eta));
        let Some(earlier) = step.log_eta_before.filter(|earlier| *earlier != log_eta) else {
            return sides;
        };
        let inside = self.before.log_norm.exp() <= facts.log_radius(earlier).exp() - 1.0;
        if inside { sides.worse(Sides::logs((log_eta - earlier).abs(), 0.0)) } else { sides }
    }
}

/// The smallest entry and the smallest absolute value.
#[inline]
fn extremes(q: &[f64]) -> (f64, f64) {
    let (mut lowest, mut nearest) = ([f64::INFINITY; 8], [f64::INFINITY; 8]);
    let least = |a: f64, b: f64| if a < b { a } else { b };
    let (blocks, rest) = q.as_chunks::<8>();
    for block in blocks {
        for lane in 0..8 {
            lowest[lane] = least(block[lane], lowest[lane]);
            nearest[lane] = least(block[lane].abs(), nearest[lane]);
        }
    }
    for (lane, q) in rest.iter().enumerate() {
        lowest[lane] = least(*q, lowest[lane]);
        nearest[lane] = least(q.abs(), nearest[lane]);
    }
    (lowest.into_iter().fold(f64::INFINITY, least), nearest.into_iter().fold(f64::INFINITY, least))
}
