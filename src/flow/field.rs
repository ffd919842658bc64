//! The right-hand side of a flow, and its derivative.

use super::clock::Clock;
use crate::diagnose::SecondOrder;
use crate::error::Error;
use crate::network::Network;
use crate::ode::System;
use crate::risk::{Evaluation, Risk};

/// dW/dx in the variable of a clock.
pub(super) struct Field {
    pub clock: Clock,
    risk: Risk,
    trial: Network,
    /// All weights zero: subtracting the gradient from it gives the slope.
    zero: Network,
    evaluation: Evaluation,
    unit: Vec<f64>,
    column: Vec<f64>,
    /// Why the last derivative could not be taken, where that is known.
    pub fault: Option<Error>,
}

impl Field {
    pub fn new(risk: &Risk, clock: Clock, network: &Network, evaluation: &Evaluation) -> Self {
        let mut zero = network.clone();
        zero.params_mut().fill(0.0);
        let room = vec![0.0; network.parameter_count()];
        Self {
            clock,
            risk: risk.clone(),
            trial: network.clone(),
            zero,
            evaluation: evaluation.clone(),
            unit: room.clone(),
            column: room,
            fault: None,
        }
    }

    fn evaluate(&mut self, y: &[f64]) -> bool {
        self.trial.params_mut().copy_from_slice(y);
        self.evaluation.update(&self.trial, self.clock == Clock::LogRisk)
    }

    /// ‖f‖ in the clock `LogRisk`: 1/‖∇ ln R‖.
    fn speed(&self) -> f64 {
        self.evaluation.mean_loss() / self.evaluation.scaled_grad_norm()
    }
}

impl System for Field {
    fn slope(&mut self, x: f64, y: &[f64], out: &mut [f64]) -> bool {
        if !self.evaluate(y) {
            return false;
        }
        let coefficient = match self.clock {
            Clock::Time => self.evaluation.decay(),
            Clock::LogTime => (x - self.evaluation.shift()).exp(),
            Clock::LogRisk => self.speed() / self.evaluation.scaled_grad_norm(),
        };
        self.evaluation.descend(&self.zero, coefficient, out);
        out.iter().all(|v| v.is_finite())
    }

    fn jacobian(&mut self, x: f64, y: &[f64], out: &mut [f64]) -> bool {
        if !self.evaluate(y) {
            return false;
        }
        let n = y.len();
        let hessian = match SecondOrder::at(&self.trial, &self.risk) {
            Ok(hessian) => hessian,
            Err(error) => {
                self.fault = Some(error);
                return false;
            }
        };
        // Every column is −c · H e_j, with c so that H e_j belongs to ∇²R/R for the clock `LogRisk`.
        let factor = match self.clock {
            Clock::Time => hessian.log_unit().exp(),
            Clock::LogTime => (x + hessian.log_unit()).exp(),
            Clock::LogRisk => (hessian.log_unit() - self.evaluation.log_risk()).exp(),
        };
        for j in 0..n {
            self.unit.fill(0.0);
            self.unit[j] = 1.0;
            hessian.apply(&self.unit, &mut self.column);
            for (i, c) in self.column.iter().enumerate() {
                out[i * n + j] = -factor * c;
            }
        }
        if self.clock == Clock::LogRisk {
            self.bend(out);
        }
        out.iter().all(|v| v.is_finite())
    }
}

impl Field {
    /// From −∇²R/R in `out` to the Jacobian of −g/‖g‖², g = ∇ ln R.
    fn bend(&mut self, out: &mut [f64]) {
        let (n, speed) = (self.unit.len(), self.speed());
        // u = g/‖g‖.
        self.evaluation.descend(&self.zero, -1.0 / self.evaluation.scaled_grad_norm(), &mut self.unit);
        let u = &self.unit;
        // B = −∇² ln R/‖g‖² = (ggᵀ − ∇²R/R)/‖g‖², and uᵀB beside it.
        self.column.fill(0.0);
        for (row, ui) in out.chunks_exact_mut(n).zip(u) {
            for ((b, c), uj) in row.iter_mut().zip(&mut self.column).zip(u) {
                *b = *b * speed * speed + ui * uj;
                *c += ui * *b;
            }
        }
        // J = B − 2u(uᵀB).
        for (row, ui) in out.chunks_exact_mut(n).zip(u) {
            for (b, c) in row.iter_mut().zip(&self.column) {
                *b -= 2.0 * ui * c;
            }
        }
    }
}
