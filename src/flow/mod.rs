//! Gradient flow dW/dt = −∇R(W), integrated with error control: in t, in ln t, or in λ = −ln R.
//!
//! | solver | for |
//! |---|---|
//! | [`Solver::dormand_prince`]`(Clock::Time)` | the flow as the papers write it, to t = 1e4 and tight tolerances |
//! | [`Solver::dormand_prince`]`(Clock::LogRisk)` | down to R = 1e-300 and some way beyond |
//! | [`Solver::radau`]`(Clock::LogRisk)` | the far horizon: R = e^−1000000 in a few hundred steps |
//!
//! Descent with small steps follows the flow only to first order; this integrates it to the tolerance that one asks for, and
//! tells by what it must conserve how well that went ([`FlowRun::drift`]).

mod clock;
mod conserved;
mod elapsed;
mod field;
mod method;
mod run;
mod save;
mod solver;
mod steps;

pub use clock::Clock;
pub use run::{FlowRun, Work};
pub use save::SaveAt;
pub use solver::{Method, Solver};

use crate::descent::{At, Elapsed, StepSize, Stop, Stopped};
use crate::error::Result;
use crate::logarithm::log_add;
use crate::network::Network;
use crate::risk::{Evaluation, Risk};
use clock::log_time;
use conserved::Conserved;
use elapsed::log_elapsed;
use field::Field;
use method::Integrator;
use std::fmt;

/// Gradient flow dW/dt = −∇R(W) of a network, under every loss.
///
/// It owns its state: the next cell can continue it, with another solver if need be. The gradient of a rectified network jumps
/// where a unit switches at some point; the error control then crosses in very small steps.
///
/// ```
/// use implicit_bias::prelude::*;
/// let data = Separable { n: 40, d: 2, margin: 0.2, next_margin: 0.4 }.sample(7)?;
/// let start = Network::linear(&[2, 2, 2, 1], Init::Gaussian(0.4), 1)?;
/// let mut flow = Flow::new(&Loss::Logistic.on(&data), &start, Solver::dormand_prince(Clock::Time))?;
/// let run = flow.run(Stop::time(100.0), SaveAt::LogSpaced(10), |at| Ok((at.time(), at.risk())))?;
/// assert!(run.last().1 < run.first().1 && run.drift < Some(1e-8));
/// # Ok::<(), Error>(())
/// ```
pub struct Flow {
    solver: Solver,
    risk: Risk,
    network: Network,
    /// The evaluation of `network`.
    now: Evaluation,
    /// ln(1 + t).
    log_1p_time: f64,
    /// t, where it is an f64.
    time: f64,
    steps: u64,
    field: Field,
    integrator: Integrator,
    /// Whether the integrator stands at the present state.
    begun: bool,
    /// x and ln(1 + t) where the last step began.
    leg: (f64, f64),
    /// Cost of the integrators before this one.
    work: Work,
    conserved: Conserved,
    drift: Option<f64>,
    stopped: Option<Stopped>,
    /// A state between two steps, for rows and for the search of a stop.
    between: Between,
}

/// A state between two steps.
struct Between {
    y: Vec<f64>,
    network: Network,
    evaluation: Evaluation,
}

impl Flow {
    /// The flow on `risk` from `start` by `solver`; copies the start.
    ///
    /// # Errors
    /// Widths that do not fit the data, a start whose risk or gradient is not finite, tolerances out of range, more than 500 weights
    /// for [`Method::Radau`].
    pub fn new(risk: &Risk, start: &Network, solver: Solver) -> Result<Self> {
        solver.check(start)?;
        let now = risk.at(start)?;
        let field = Field::new(risk, solver.clock, start, &now);
        let mut conserved = Conserved::of(start);
        Ok(Self {
            solver,
            risk: risk.clone(),
            network: start.clone(),
            log_1p_time: 0.0,
            time: 0.0,
            steps: 0,
            integrator: Integrator::new(&solver, start.parameter_count()),
            begun: false,
            leg: (0.0, 0.0),
            work: Work::default(),
            drift: conserved.drift(start),
            conserved,
            stopped: None,
            between: Between { y: start.params().to_vec(), network: start.clone(), evaluation: now.clone() },
            field,
            now,
        })
    }

    /// Goes on with another solver from the present state.
    ///
    /// # Errors
    /// Tolerances out of range, a network too large for the method; nothing changes then.
    pub fn set_solver(&mut self, solver: Solver) -> Result<()> {
        solver.check(&self.network)?;
        self.integrator.add_cost(&mut self.work);
        self.field.clock = solver.clock;
        (self.solver, self.begun, self.stopped) = (solver, false, None);
        self.integrator = Integrator::new(&solver, self.network.parameter_count());
        Ok(())
    }

    /// The network as it is now.
    pub fn network(&self) -> &Network {
        &self.network
    }

    /// Steps of the solver so far.
    pub fn steps(&self) -> u64 {
        self.steps
    }

    /// Why the last run stopped.
    pub fn stopped(&self) -> Option<Stopped> {
        self.stopped
    }

    /// The present state, for a loop driven by hand.
    pub fn at(&self) -> At<'_> {
        self.at_state(&self.network, &self.now, self.time, self.log_1p_time)
    }

    /// One step of the solver, as long as its tolerance allows. Where the flow rests, nothing changes and
    /// [`stopped`](Self::stopped) tells.
    ///
    /// # Errors
    /// A slope that is not finite, as at a point where λ has come to its end.
    pub fn step(&mut self) -> Result<()> {
        self.run(Stop::steps(1), SaveAt::Steps, |_| Ok(())).map(drop)
    }

    /// Flows until `stop`, keeping the row that `probe` makes at the marks of `save` and at both ends.
    ///
    /// A stop in t or R is met to rounding, by the solver's step or by its dense output; a stop in t of the clock `LogRisk` to what
    /// λ resolves, 1e-15. `stop.steps` bounds the steps of the solver.
    /// Where the data is not separable the risk has a minimiser, at which the flow comes to rest: [`Stopped::Stationary`]. In the
    /// clock `Time` the solver goes on in ln(1 + t) once t is past 1e300.
    ///
    /// # Errors
    /// Conditions out of range, an error of the probe, a slope that is not finite; [`Error::Stiff`](crate::error::Error::Stiff) when the explicit method
    /// would not arrive within `stop.steps`. The state that was reached stays.
    pub fn run<Row>(
        &mut self,
        stop: impl Into<Stop>,
        save: SaveAt,
        mut probe: impl FnMut(&At) -> Result<Row>,
    ) -> Result<FlowRun<Row>> {
        let stop = stop.into();
        stop.check()?;
        save.check()?;
        self.follow(&stop, &save, &mut probe)
    }

    /// x of the present state.
    fn position(&self) -> f64 {
        match self.solver.clock {
            Clock::Time => self.time,
            Clock::LogTime => self.log_1p_time,
            Clock::LogRisk => -self.now.log_risk(),
        }
    }

    /// t and ln(1 + t) at x, a point of the last step, where the risk is `log_risk`.
    fn times(&mut self, x: f64, log_risk: f64) -> (f64, f64) {
        match self.solver.clock {
            Clock::Time => (x, x.ln_1p()),
            Clock::LogTime => (x.exp_m1(), x),
            Clock::LogRisk => {
                let (from, s) = self.leg;
                let elapsed = log_elapsed(&mut self.integrator, &mut self.field, from, x, log_risk);
                let s = log_add(s, elapsed);
                (s.exp_m1(), s)
            }
        }
    }

    fn at_state<'a>(&'a self, network: &'a Network, evaluation: &'a Evaluation, time: f64, s: f64) -> At<'a> {
        let log_time = if time > 0.0 && time < 1e300 { time.ln() } else { log_time(s) };
        At {
            step: self.steps,
            network,
            elapsed: Elapsed::at(time, log_time),
            last_size: StepSize::plain(f64::NAN),
            last_switch: None,
            risk: &self.risk,
            evaluation,
            rule: None,
            is_plain: true,
        }
    }

    /// What the flow has cost.
    fn cost(&self) -> Work {
        let mut work = self.work;
        self.integrator.add_cost(&mut work);
        work
    }
}

impl fmt::Debug for Flow {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "Flow: {:?}, {:?} in {:?}, {} steps, ln t = {}, ln R = {}",
            self.risk.terms(),
            self.solver.method,
            self.solver.clock,
            self.steps,
            log_time(self.log_1p_time),
            self.now.log_risk()
        )
    }
}
