//! One integrator or the other.

use super::clock::Clock;
use super::field::Field;
use super::run::Work;
use super::solver::{Method, Solver};
use crate::ode::{Attempt, Cost, Explicit, Radau, Track};
use std::ops::{Deref, DerefMut};

pub(super) enum Integrator {
    Explicit(Box<Explicit>),
    Radau(Box<Radau>),
}

impl Integrator {
    pub fn new(solver: &Solver, dimension: usize) -> Self {
        // ln R is known to 1e-16 at best; of t nothing is lost near 0.
        let resolution = if solver.clock == Clock::LogRisk { 1.0 } else { 0.0 };
        match solver.method {
            Method::DormandPrince => Self::Explicit(Box::new(Explicit::new(dimension, solver.tolerance(), resolution))),
            Method::Radau => Self::Radau(Box::new(Radau::new(dimension, solver.tolerance(), resolution))),
        }
    }

    pub fn begin(&mut self, field: &mut Field, x: f64, y: &[f64], end: f64) -> bool {
        match self {
            Self::Explicit(it) => it.begin(field, x, y, end),
            Self::Radau(it) => it.begin(field, x, y, end),
        }
    }

    pub fn step(&mut self, field: &mut Field, end: f64) -> Attempt {
        match self {
            Self::Explicit(it) => it.step(field, end),
            Self::Radau(it) => it.step(field, end),
        }
    }

    /// The state at some x of the last step, into `out`; false where that is not finite.
    pub fn interpolate(&mut self, field: &mut Field, x: f64, out: &mut [f64]) -> bool {
        match self {
            Self::Explicit(it) => it.interpolate(field, x, out),
            Self::Radau(it) => {
                it.interpolate(x, out);
                true
            }
        }
    }

    /// |dy/dx|² at some x of the last step.
    pub fn squared_speed(&mut self, field: &mut Field, x: f64) -> f64 {
        match self {
            Self::Explicit(it) => it.squared_speed(field, x),
            Self::Radau(it) => it.squared_speed(x),
        }
    }

    /// ∫ e^{x−x₁} |dy/dx|² dx over the last step, where the method has it at no further cost.
    pub fn decayed_squared_speed(&self) -> Option<f64> {
        match self {
            Self::Explicit(it) if it.last_step() <= 1.0 => Some(it.decayed_squared_speed()),
            _ => None,
        }
    }

    /// Whether stability, not accuracy, has bounded the steps for a while; never so for the implicit method.
    pub fn is_stiff(&self) -> bool {
        matches!(self, Self::Explicit(it) if it.is_stiff())
    }

    /// Adds what this integrator has cost to `work`.
    pub fn add_cost(&self, work: &mut Work) {
        let Cost { rejected, slopes, jacobians, factorisations, .. } = self.cost;
        work.rejected += rejected;
        work.gradients += slopes;
        work.hessians += jacobians;
        work.factorisations += factorisations;
    }
}

impl Deref for Integrator {
    type Target = Track;

    fn deref(&self) -> &Track {
        match self {
            Self::Explicit(it) => it,
            Self::Radau(it) => it,
        }
    }
}

impl DerefMut for Integrator {
    fn deref_mut(&mut self) -> &mut Track {
        match self {
            Self::Explicit(it) => it,
            Self::Radau(it) => it,
        }
    }
}
