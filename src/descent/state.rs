//! What a descent knows of its present weights, and the way back from a state beyond the finite numbers.

use super::divergence::Overflow;
use super::{At, Descent, Stopped};

/// What `Descent::now` holds for the present weights.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd)]
pub(super) enum Known {
    Nothing,
    Gradient,
    Risk,
}

impl Descent {
    /// Makes `now` know at least `wanted`. A state that was stepped to and is not finite is taken back.
    #[inline]
    pub(super) fn evaluate(&mut self, wanted: Known) {
        if self.known >= wanted {
            return;
        }
        let wanted = if self.rule.needs_risk() { Known::Risk } else { wanted };
        self.known = wanted;
        if self.now.update(&self.network, wanted == Known::Risk) {
            self.note_pattern();
        } else {
            self.take_back(self.now.overflowed());
        }
    }

    /// Compares the activation pattern with the one before.
    #[inline]
    pub(super) fn note_pattern(&mut self) {
        // A linear network has none, and comparing two empty slices takes a hundred nanoseconds: memcmp reads, under a mask, at
        // an address that is not there.
        if self.stochastic.is_none() && !self.pattern.is_empty() && self.now.active() != self.pattern {
            self.pattern.copy_from_slice(self.now.active());
            self.last_switch = Some(self.step);
        }
    }

    #[cold]
    pub(super) fn take_back(&mut self, quantity: &'static str) {
        self.diverged = Some(Overflow { step: self.step, size: self.last_size, quantity });
        self.network.swap_params(&mut self.other);
        self.step -= 1;
        (self.elapsed, self.last_size, self.last_switch) = self.before;
        self.stopped = Some(Stopped::Diverged);
        // Without the bad state there is no velocity either: the next step begins anew.
        self.rest();
        self.now.update(&self.network, true);
        self.pattern.copy_from_slice(self.now.active());
        self.known = Known::Risk;
    }

    /// The present state, as far as `now` knows it.
    #[inline]
    pub(super) fn now_at(&self) -> At<'_> {
        At {
            step: self.step,
            network: &self.network,
            elapsed: self.elapsed,
            last_size: self.last_size,
            last_switch: self.last_switch,
            risk: &self.risk,
            evaluation: &self.now,
            rule: Some((self.rule, self.memory)),
            is_plain: self.momentum == 0.0 && self.stochastic.is_none(),
        }
    }
}
