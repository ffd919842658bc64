//! The risk along a step, its gradient, and what Lemma 4 says of its side: Lemmas 1, 4, 5 and eq. (4).

use super::memory::Step;
use super::sides::Sides;
use super::snapshot::log_length;
use super::view::View;

impl View<'_> {
    pub(super) fn first_layer_moves(&self) -> Option<Sides> {
        self.with_epsilon(self.now.log_norm, |log_epsilon| {
            let (back, fore) = self.at.factors().unwrap_or_default();
            let (inputs, units) = (self.facts.direction.len(), self.facts.start.widths()[1]);
            // ∂R/∂W₁ = B₁ᵀh₀ᵀ.
            let length = log_length(&back[inputs..inputs + units]) + log_length(&fore[..inputs]);
            Sides::logs(log_epsilon, length - self.now.shift)
        })
    }

    pub(super) fn decrease(&self, step: &Step) -> Sides {
        let right = if step.decrease < 1.0 { (-step.decrease).ln_1p() } else { f64::NEG_INFINITY };
        Sides::logs(self.now.log_risk, self.before.log_risk + right)
    }

    pub(super) fn smooth(&self) -> Sides {
        let (facts, now, before) = (self.facts, self.now, self.before);
        // Both gradients carry e^−shift; what is common is taken out.
        let shift = now.shift.min(before.shift);
        let scale = |own: f64| if own == shift { 1.0 } else { (shift - own).exp() };
        let (scale_now, scale_before) = (scale(now.shift), scale(before.shift));
        let mut square = 0.0;
        for k in (1..=facts.start.depth()).filter(|k| self.at.is_trained(*k)) {
            let columns = || now.fore(k - 1).iter().zip(before.fore(k - 1));
            for (b, c) in now.back(k).iter().zip(before.back(k)) {
                let (b, c) = (scale_now * b, scale_before * c);
                square += columns().map(|(h, g)| (b * h - c * g) * (b * h - c * g)).sum::<f64>();
            }
        }
        let moved: f64 = now.params.iter().zip(&before.params).map(|(a, b)| (a - b) * (a - b)).sum();
        let radius = now.log_norm.max(before.log_norm).max(0.0);
        let log_beta = facts.log_beta + (2 * facts.start.depth() - 2) as f64 * radius;
        Sides::logs(0.5 * square.ln() - shift, log_beta + 0.5 * moved.ln())
    }

    pub(super) fn pulled_back(&self) -> Option<Sides> {
        let u = &self.facts.direction;
        let w = self.at.predictor().ok()?;
        let (_, fore) = self.at.factors()?;
        let gradient = &fore[..u.len()];
        let dot = |a: &[f64], b: &[f64]| a.iter().zip(b).map(|(a, b)| a * b).sum::<f64>();
        let along = dot(w, u);
        // ‖w⊥‖² as ‖w‖² − ⟨w, ū⟩² would do to turn most states away, but not to compute with.
        let aside = w.iter().zip(u).map(|(w, u)| w - along * u);
        // What rounding left of ū is as large as w is long: it is taken out once more.
        let rest: f64 = aside.clone().zip(u).map(|(a, u)| a * u).sum();
        let aside = aside.zip(u).map(|(a, u)| a - rest * u);
        let length = aside.clone().map(|a| a * a).sum::<f64>().sqrt();
        if !(along >= 0.0 && length >= self.facts.threshold) {
            return None;
        }
        let cosine = aside.zip(gradient).map(|(a, g)| a * g).sum::<f64>() / length / dot(gradient, gradient).sqrt();
        Some(Sides::scaled(0.0, cosine, 1.0))
    }
}
