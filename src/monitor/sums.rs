//! How long a descent stays and how far it gets: Lemmas 6 and 7.

use super::sides::Sides;
use super::view::View;
use crate::logarithm::log_add;

impl View<'_> {
    pub(super) fn escape(&self) -> Option<Sides> {
        let (facts, log_eta) = (self.facts, self.now.log_eta);
        let log_radius = facts.log_radius(log_eta);
        if !self.memory.captive || !(-1e-12..f64::INFINITY).contains(&log_radius) {
            return None;
        }
        self.with_epsilon(log_radius, |log_epsilon| {
            let bound = 2.0_f64.ln() - log_eta + facts.log_risk - 2.0 * log_epsilon;
            Sides::logs((self.memory.inside as f64).ln(), log_add(0.0, bound))
        })
    }

    pub(super) fn time_needed(&self) -> Option<Sides> {
        let log_time = self.memory.log_time(self.at);
        if log_time == f64::NEG_INFINITY {
            return None;
        }
        let start = self.facts.start.params();
        let square: f64 = self.at.network.params().iter().zip(start).map(|(a, b)| (a - b) * (a - b)).sum();
        Some(Sides::logs(square.ln() - 2.0_f64.ln() - self.facts.log_risk, log_time))
    }

    pub(super) fn time_in_ball(&self) -> Option<Sides> {
        self.with_epsilon(self.memory.log_reach, |log_epsilon| {
            let bound = 2.0_f64.ln() + self.facts.log_risk - 2.0 * log_epsilon;
            Sides::logs(self.memory.log_time(self.at), log_add(self.memory.log_first_eta, bound))
        })
    }

    pub(super) fn growth(&self) -> Sides {
        let grown = self.now.squares.iter().zip(&self.before.squares).map(|(now, before)| now.sqrt() - before.sqrt());
        let most = grown.fold(f64::NEG_INFINITY, super::conserved::larger);
        Sides::scaled(most, 1.0, self.now.largest.sqrt().max(1.0))
    }
}
