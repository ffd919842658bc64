//! What a run leaves behind step by step: its origin, the sums of Lemmas 6 to 8, the first risk after a step.

use super::balance::add_square;
use super::facts::Facts;
use super::needs::Needs;
use super::snapshot::Snapshot;
use crate::descent::At;

/// ε of Lemma 1, once a risk after the start is known.
#[derive(Clone, Copy, PartialEq)]
pub(super) enum Epsilon {
    Unknown,
    /// ln(γδ).
    Known(f64),
    /// The risk was not below ℓ(0); its logarithm.
    Broken(f64),
}

/// One step of a descent, from the state before to the present one.
#[derive(Clone, Copy)]
pub(super) struct Step {
    /// (η/2)‖∇R‖²/R before the step.
    pub decrease: f64,
    /// ln η of the step before this one.
    pub log_eta_before: Option<f64>,
}

#[derive(Clone)]
pub(super) struct Memory {
    /// Step and ln t of W(0).
    pub origin: (u64, f64),
    pub epsilon: Epsilon,
    /// ln η of the first step.
    pub log_first_eta: f64,
    /// Q_{k+1} − P_k, packed.
    pub moved: Vec<f64>,
    /// Σ_k tr P_k.
    pub traces: f64,
    /// ln max M over the states before the present one.
    pub log_reach: f64,
    /// Steps with both ends in B(R), β(R) = 1/η.
    pub inside: u64,
    /// Whether the run never left that ball nor changed its step.
    pub captive: bool,
}

impl Memory {
    pub fn new(facts: &Facts) -> Self {
        Self {
            origin: (0, f64::NEG_INFINITY),
            epsilon: Epsilon::Unknown,
            log_first_eta: f64::NAN,
            moved: vec![0.0; facts.packed.len()],
            traces: 0.0,
            log_reach: f64::NEG_INFINITY,
            inside: 0,
            captive: true,
        }
    }

    /// Where t = 0: at the first state seen when that is W(0), and at the run's own start otherwise.
    pub fn begin(&mut self, at: &At<'_>, facts: &Facts) {
        if at.network.params() == facts.start.params() {
            self.origin = (at.step, at.elapsed.log_time());
        }
    }

    /// ln t since W(0).
    #[inline]
    pub fn log_time(&self, at: &At<'_>) -> f64 {
        let log_time = at.elapsed.log_time();
        match self.origin.1 {
            f64::NEG_INFINITY => log_time,
            // ln(e^a − e^b) without overflow.
            origin => log_time + (-(origin - log_time).exp()).ln_1p(),
        }
    }

    /// Takes the risk of the present state for ε when it is the first with t ≥ 1.
    #[inline]
    pub fn find_epsilon(&mut self, at: &At<'_>, now: &Snapshot, facts: &Facts) {
        if self.epsilon != Epsilon::Unknown {
            return;
        }
        let stepped = at.last_size.mantissa > 0.0 && at.step > self.origin.0;
        let flowed = || at.last_size.mantissa.is_nan() && self.log_time(at) >= 0.0;
        if !stepped && !flowed() {
            return;
        }
        // From the margins: next to a small start ℓ(0) − R would round away.
        let margins = at.margins();
        let gap = margins.iter().map(|&q| facts.loss.gain(q)).sum::<f64>() / margins.len() as f64;
        self.epsilon = if gap > 0.0 {
            // ln(γδ). Rounding may leave γ a hair above 1.
            Epsilon::Known(facts.margin.min(1.0).ln() + gap.ln() - facts.loss.log_slope(0.0))
        } else {
            Epsilon::Broken(now.log_risk)
        };
    }

    /// Adds the step from `before` to `now`.
    #[inline]
    pub fn add(&mut self, at: &At<'_>, before: &Snapshot, now: &Snapshot, facts: &Facts, needs: Needs) -> Step {
        let eta = now.eta;
        let coefficient = if eta.shift == 0.0 {
            eta.mantissa * before.decay
        } else {
            eta.mantissa * (eta.shift - before.shift).exp()
        };
        let energy = coefficient * before.grad_squared;
        self.traces += coefficient * energy;
        if needs.from_start {
            self.log_reach = self.log_reach.max(before.log_norm);
            if self.log_first_eta.is_nan() {
                self.log_first_eta = now.log_eta;
            }
            let log_radius = facts.log_radius(now.log_eta);
            // Rounding of the radius must not turn away a state on the sphere.
            let inside = before.log_norm.max(now.log_norm) <= log_radius + 1e-12;
            self.captive &= inside && now.log_eta == self.log_first_eta;
            self.inside += u64::from(self.captive);
        }
        if needs.moved {
            let square = |v: &[f64]| v.iter().map(|x| x * x).sum::<f64>();
            let weight = coefficient * coefficient;
            for (k, _, range) in facts.packed.layers() {
                let (h, b, out) = (before.fore(k), before.back(k), &mut self.moved[range]);
                if at.is_trained(k + 1) {
                    add_square(out, weight * square(before.back(k + 1)), h);
                }
                if at.is_trained(k) {
                    add_square(out, -weight * square(before.fore(k - 1)), b);
                }
            }
        }
        let log_eta_before = (before.eta.mantissa > 0.0).then_some(before.log_eta);
        Step { decrease: 0.5 * energy / before.mean_loss, log_eta_before }
    }
}
