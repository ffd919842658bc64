//! The integrators that the crate keeps to itself, compiled here from their sources, on standard problems.

/// The part of `algebra` that the implicit method solves its equations with.
#[path = "../../src/algebra"]
mod algebra {
    pub mod lu;
}

#[allow(dead_code)]
#[path = "../../src/ode/mod.rs"]
mod ode;

mod explicit;
mod problems;
mod radau;

use ode::System;

/// A right-hand side from closures.
pub struct Problem<F, J> {
    pub slope: F,
    pub jacobian: J,
}

impl<F: FnMut(f64, &[f64], &mut [f64]), J: FnMut(f64, &[f64], &mut [f64])> System for Problem<F, J> {
    fn slope(&mut self, x: f64, y: &[f64], out: &mut [f64]) -> bool {
        (self.slope)(x, y, out);
        out.iter().all(|v| v.is_finite())
    }

    fn jacobian(&mut self, x: f64, y: &[f64], out: &mut [f64]) -> bool {
        (self.jacobian)(x, y, out);
        out.iter().all(|v| v.is_finite())
    }
}

/// A right-hand side without a Jacobian, for the explicit method.
pub fn explicitly(slope: impl FnMut(f64, &[f64], &mut [f64])) -> impl System {
    Problem {
        slope,
        jacobian: |_: f64, _: &[f64], _: &mut [f64]| unreachable!("the explicit method asks for no Jacobian"),
    }
}
