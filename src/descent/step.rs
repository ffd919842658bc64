//! One step of the descent, by any rule.

use super::divergence::Overflow;
use super::elapsed::StepSize;
use super::state::Known;
use super::{At, Descent, StepRule, Stopped};
use crate::error::{Error, Result};
use crate::network::Network;
use crate::risk::Evaluation;

impl Descent {
    /// One step, or a reason in `stopped` why there is none.
    #[inline]
    pub(super) fn advance(&mut self) -> Result<()> {
        if self.stochastic.is_some() {
            return self.advance_on_batch();
        }
        self.evaluate(if self.rule.needs_risk() { Known::Risk } else { Known::Gradient });
        if self.stopped == Some(Stopped::Diverged) {
            return Ok(());
        }
        if self.now.is_stationary() && !self.is_moving() {
            self.stopped = Some(if self.now.is_dead() { Stopped::Dead } else { Stopped::Stationary });
            return Ok(());
        }
        let size = match self.rule {
            StepRule::Armijo { cap } => return self.search(cap),
            StepRule::Custom(rule) => self.custom(rule)?,
            rule => rule.size(self.risk.loss(), &self.network, &self.now, &mut self.memory),
        };
        let coefficient = coefficient(size, &self.now);
        let stuck = if self.momentum == 0.0 && self.carry.is_empty() {
            !self.now.descend(&self.network, coefficient, &mut self.other)
        } else {
            // A heavy ball stands still where it turns, and then goes on.
            let moving = self.is_moving();
            self.push();
            !move_by(&self.now, &self.network, coefficient, &self.velocity, &mut self.carry, &mut self.other) && !moving
        };
        if stuck {
            self.stopped = Some(Stopped::Underflow);
            return Ok(());
        }
        self.network.swap_params(&mut self.other);
        self.arrive(size, Known::Nothing);
        Ok(())
    }

    /// One step along the gradient of the next mini-batch.
    fn advance_on_batch(&mut self) -> Result<()> {
        let size = match self.rule {
            StepRule::Custom(rule) => {
                self.evaluate(Known::Risk);
                if self.stopped == Some(Stopped::Diverged) {
                    return Ok(());
                }
                self.custom(rule)?
            }
            rule => rule.size(self.risk.loss(), &self.network, &self.now, &mut self.memory),
        };
        if !self.velocity.is_empty() {
            self.push();
        }
        let Some(stochastic) = &mut self.stochastic else { unreachable!("called for mini-batches only") };
        let (limit, led_here) = (stochastic.limit, || self.other != self.network.params());
        let batch = match stochastic.next(&self.network, &self.now) {
            Some(batch) if batch.scaled_grad_squared() < limit || !led_here() => batch,
            _ if led_here() => {
                self.take_back("the gradient of a mini-batch");
                return Ok(());
            }
            _ => {
                let diverged = Overflow { step: self.step + 1, size, quantity: "the gradient of a mini-batch" };
                (self.stopped, self.diverged) = (Some(Stopped::Diverged), Some(diverged));
                return Ok(());
            }
        };
        let coefficient = coefficient(size, batch);
        move_by(batch, &self.network, coefficient, &self.velocity, &mut self.carry, &mut self.other);
        self.network.swap_params(&mut self.other);
        self.arrive(size, Known::Nothing);
        Ok(())
    }

    #[inline]
    pub(super) fn arrive(&mut self, size: StepSize, known: Known) {
        self.step += 1;
        self.before = (self.elapsed, self.last_size, self.last_switch);
        self.elapsed.advance(size);
        self.last_size = size;
        self.known = known;
    }

    #[cold]
    fn custom(&self, rule: &dyn Fn(&At<'_>) -> StepSize) -> Result<StepSize> {
        let eta = rule(&self.now_at());
        if eta.mantissa > 0.0 && eta.ln().is_finite() {
            return Ok(eta);
        }
        let what = format!("StepRule::Custom at step {}", self.step);
        Err(Error::argument(what, "a finite step size > 0", eta.value()))
    }

    /// Backtracking on ln R, which is the test R(W − η∇R) ≤ R − (η/2)‖∇R‖² in numbers that do not underflow.
    fn search(&mut self, cap: f64) -> Result<()> {
        let mut size = self.memory.trial;
        if coefficient(size, &self.now).is_infinite() {
            // At a risk like e^1000000 the first trials overflow: begin with the largest that does not.
            size = StepSize { mantissa: 1e100, shift: self.now.shift() };
        }
        let slope = self.now.scaled_grad_norm() / self.now.mean_loss();
        while size.mantissa > 0.0 {
            let coefficient = coefficient(size, &self.now);
            let decrease = 0.5 * coefficient * self.now.mean_loss() * slope * slope;
            if !self.now.descend(&self.network, coefficient, &mut self.other) {
                break;
            }
            if decrease < 1.0 {
                self.network.swap_params(&mut self.other);
                let Some(trial) = &mut self.trial else { unreachable!("a line search has room for its trials") };
                if trial.update(&self.network, true) && trial.log_risk() <= self.now.log_risk() + (-decrease).ln_1p() {
                    std::mem::swap(&mut self.now, trial);
                    self.memory.double(size, cap);
                    self.arrive(size, Known::Risk);
                    self.note_pattern();
                    return Ok(());
                }
                self.network.swap_params(&mut self.other);
            }
            size.mantissa *= 0.5;
        }
        // The last trial is no state that descent was in.
        self.rest();
        self.stopped = Some(Stopped::Underflow);
        Ok(())
    }
}

/// η e^−s: what multiplies the scaled gradient.
#[inline]
fn coefficient(size: StepSize, at: &Evaluation) -> f64 {
    if size.shift == 0.0 { size.mantissa * at.decay() } else { size.mantissa * (size.shift - at.shift()).exp() }
}

/// Writes W − `coefficient` · ∇R + `velocity` to `to`; a velocity or a carry that is not in use is empty. Whether a weight or the
/// carry changed.
fn move_by(
    at: &Evaluation,
    network: &Network,
    coefficient: f64,
    velocity: &[f64],
    carry: &mut [f64],
    to: &mut [f64],
) -> bool {
    if !carry.is_empty() {
        return at.descend_carrying(network, coefficient, velocity, carry, to);
    }
    at.descend(network, coefficient, to);
    for (to, velocity) in to.iter_mut().zip(velocity) {
        *to += velocity;
    }
    to != network.params()
}
