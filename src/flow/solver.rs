//! How a flow is integrated: method, clock, tolerances.

use super::clock::Clock;
use crate::error::{Error, Result, positive};
use crate::network::Network;
use crate::ode;

/// Weights up to which the implicit method runs: a step then takes a second.
const LARGEST: usize = 500;

/// The method that steps along a flow.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Method {
    /// Dormand & Prince's explicit pair 8(5,3) with dense output of order 7: for tight tolerances where nothing is stiff.
    ///
    /// Source: Hairer, Nørsett & Wanner, Solving Ordinary Differential Equations I, §II.10.
    DormandPrince,
    /// Radau IIA of order 5, implicit and L-stable, on exact Hessians: for the far horizon, where the direction settles at
    /// once while the norm goes on growing. A step solves systems as large as the number of weights: for networks of up to 500. In
    /// [`Clock::LogRisk`] it is made for λ up to about 1e9, where f64 ends to resolve the margins' differences.
    ///
    /// Source: Hairer & Wanner, Solving Ordinary Differential Equations II, §IV.8.
    Radau,
}

/// How to integrate a flow. Each step keeps the error that it makes in a weight w below `absolute` + `relative` · |w|, in the root
/// mean square over the weights.
///
/// The time t of the clock `LogRisk` is summed along the steps, outside this control: with the implicit method at 1e-8 it is known
/// to some 1e-4 of t, with the explicit one to some 1e-9, however tight the tolerance (four layers at 1e-13: ln t off by 1.1e-10).
///
/// ```
/// use implicit_bias::prelude::*;
/// let tight = Solver { relative: 1e-13, absolute: 1e-14, ..Solver::dormand_prince(Clock::Time) };
/// assert_eq!(tight, Solver::dormand_prince(Clock::Time).within(1e-13, 1e-14));
/// ```
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Solver {
    /// The method.
    pub method: Method,
    /// The variable it runs in.
    pub clock: Clock,
    /// Allowed error of a step, relative to each weight.
    pub relative: f64,
    /// Allowed error of a step, in units of the weights.
    pub absolute: f64,
}

impl Solver {
    /// The explicit method, with tolerances 1e-10.
    pub const fn dormand_prince(clock: Clock) -> Self {
        Self { method: Method::DormandPrince, clock, relative: 1e-10, absolute: 1e-10 }
    }

    /// The stiff method, with tolerances 1e-8.
    pub const fn radau(clock: Clock) -> Self {
        Self { method: Method::Radau, clock, relative: 1e-8, absolute: 1e-8 }
    }

    /// The same with other tolerances.
    pub const fn within(self, relative: f64, absolute: f64) -> Self {
        Self { relative, absolute, ..self }
    }

    pub(super) fn check(&self, network: &Network) -> Result<()> {
        positive("Solver.absolute", self.absolute)?;
        if !(1e-15..=1e-2).contains(&self.relative) {
            let expected = "a number in [1e-15, 1e-2]: f64 carries 16 digits, and coarser steps follow no flow";
            return Err(Error::argument("Solver.relative", expected, self.relative));
        }
        if self.method == Method::Radau && network.parameter_count() > LARGEST {
            let expected =
                format!("at most {LARGEST} weights, as its steps cost their cube (or Solver::dormand_prince)");
            return Err(Error::argument("Method::Radau", expected, network.parameter_count()));
        }
        Ok(())
    }

    pub(super) fn tolerance(&self) -> ode::Tolerance {
        ode::Tolerance { relative: self.relative, absolute: self.absolute }
    }
}
