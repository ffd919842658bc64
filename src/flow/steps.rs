//! The loop of a flow: steps, rows between them, stops.

use super::clock::Clock;
use super::run::FlowRun;
use super::save::{Marks, SaveAt};
use super::{Flow, Solver};
use crate::descent::{At, Progress, Run, Stop, Stopped};
use crate::error::{Error, Result};
use crate::logarithm::softplus;
use crate::network::Activation;
use crate::ode::Attempt;

/// Rows that the marks of a run may make: more would end the process for want of memory, and no figure shows them.
const MOST_ROWS: usize = 1_000_000;
/// In the clock `Time`, t past this goes on in ln(1 + t).
const LONGEST: f64 = 1e300;

impl Flow {
    pub(super) fn follow<Row>(
        &mut self,
        stop: &Stop,
        save: &SaveAt,
        probe: &mut impl FnMut(&At) -> Result<Row>,
    ) -> Result<FlowRun<Row>> {
        self.stopped = None;
        let mut progress = Progress::new("flow");
        let first = self.steps;
        let mut rows = vec![probe(&self.at())?];
        let mut kept = true;
        let mut forecast = Forecast::default();
        let mut marks = Marks::new(save.clone(), self.solver.clock, self.x());
        let stopped = loop {
            let taken = self.steps - first;
            if let Some(stopped) = self.met(stop, taken) {
                break stopped;
            }
            if let Some(stopped) = progress.tick(true, taken, stop.steps, stop.seconds) {
                break stopped;
            }
            if self.solver.clock == Clock::Time && self.time > LONGEST {
                self.set_solver(Solver { clock: Clock::LogTime, ..self.solver })?;
                marks.in_log_time(self.log_1p_time);
            }
            let (from, end) = (self.x(), self.end(stop));
            if self.is_there(from, end) {
                break if self.solver.clock == Clock::LogRisk { Stopped::Risk } else { Stopped::Time };
            }
            self.enter(from, end)?;
            if self.integrator.step(&mut self.field, end) == Attempt::TooSmall {
                self.begun = false;
                // A minimiser, of which λ resolves half the digits of W; else a kink, or a saddle that λ does not resolve.
                let rests = self.solver.clock == Clock::LogRisk && self.rests(1e-6);
                break if rests { Stopped::Stationary } else { Stopped::Underflow };
            }
            self.leg = (from, self.log_1p_time);
            self.steps += 1;
            let to = self.integrator.x;
            self.arrive(to)?;
            let last = self.meet_stop(stop, from, to)?;
            // A mark within rounding of the step's end is the end.
            let near = last - 1e-14 * last.abs();
            while marks.next < near && progress.seconds() < stop.seconds {
                if rows.len() >= MOST_ROWS {
                    let expected = format!("marks that make at most {MOST_ROWS} rows");
                    return Err(Error::argument("Flow::run(save)", expected, format!("more, before x = {last}")));
                }
                rows.push(self.between(marks.next, probe)?);
                marks.pass(marks.next);
            }
            kept = *save == SaveAt::Steps || (near..=last).contains(&marks.next);
            if kept {
                rows.push(probe(&self.at())?);
            }
            marks.pass(last);
            if self.begun && self.solver.clock == Clock::LogRisk {
                // The steps' errors add up in x; what λ is can be read off the weights.
                self.integrator.rename(-self.now.log_risk());
            }
            forecast.check(self, stop, end, stop.steps.saturating_sub(self.steps - first))?;
        };
        if !kept {
            rows.push(probe(&self.at())?);
        }
        self.stopped = Some(stopped);
        let (steps, missed) = (self.steps - first, marks.left());
        let run = Run { rows, stopped, diverged: None, steps, missed, seconds: progress.seconds() };
        Ok(FlowRun { run, work: self.cost(), drift: self.drift })
    }

    /// The condition of `stop` that holds now, or that the flow rests.
    fn met(&self, stop: &Stop, taken: u64) -> Option<Stopped> {
        if self.now.is_stationary() {
            return Some(if self.now.is_dead() { Stopped::Dead } else { Stopped::Stationary });
        }
        let reached = |now: f64, end: f64| end < f64::INFINITY && now >= end;
        if reached(self.time, stop.time) || reached(self.log_1p_time, softplus(stop.log_time)) {
            return Some(Stopped::Time);
        }
        if self.now.log_risk() <= stop.lowest_log_risk() {
            return Some(Stopped::Risk);
        }
        if stop.grad_norm > 0.0 && self.now.log_grad_norm() <= stop.grad_norm.ln() {
            return Some(Stopped::Gradient);
        }
        if self.rests((10.0 * self.solver.relative).max(1e-13)) {
            return Some(Stopped::Stationary);
        }
        (taken >= stop.steps).then_some(Stopped::Steps)
    }

    /// Whether the points' pulls on the weights cancel: ‖∇R‖‖W‖ ≤ `part` · (1/n) Σ |∂ℓᵢ/∂fᵢ · fᵢ|. On data that can be fitted and
    /// near the saddle at zero the two are alike; at a minimiser that errs somewhere the left side vanishes alone.
    fn rests(&self, part: f64) -> bool {
        let norm = self.network.params().iter().map(|w| w * w).sum::<f64>().sqrt();
        let pull = self.now.scaled_pull() / self.risk.n() as f64;
        pull > 0.0 && self.now.scaled_grad_norm() * norm <= part * pull
    }

    /// x of the present state.
    fn x(&self) -> f64 {
        if self.begun { self.integrator.x } else { self.position() }
    }

    /// Whether the clock stands at its end, to within what it resolves.
    fn is_there(&self, x: f64, end: f64) -> bool {
        let resolved = if self.solver.clock == Clock::LogRisk { 1e-13 * x.abs().max(1.0) } else { 0.0 };
        end - x <= resolved
    }

    /// Puts the integrator at the present state x, if it is not there.
    fn enter(&mut self, x: f64, end: f64) -> Result<()> {
        if self.begun || self.integrator.begin(&mut self.field, x, self.network.params(), end) {
            self.begun = true;
            return Ok(());
        }
        if let Some(fault) = self.field.fault.take() {
            return Err(fault);
        }
        let expected = format!("a finite dW/dx and its derivative in the clock {:?}", self.solver.clock);
        Err(Error::argument("Flow, at its present state", expected, format!("{self:?}")))
    }

    /// Where the flow's own clock ends by `stop`.
    fn end(&self, stop: &Stop) -> f64 {
        match self.solver.clock {
            Clock::Time => stop.time.min(stop.log_time.exp()),
            Clock::LogTime => stop.time.ln_1p().min(softplus(stop.log_time)),
            Clock::LogRisk => -stop.lowest_log_risk(),
        }
    }

    /// Takes over the integrator's state at x.
    fn arrive(&mut self, x: f64) -> Result<()> {
        self.network.params_mut().copy_from_slice(&self.integrator.y);
        self.evaluate()?;
        (self.time, self.log_1p_time) = self.times(x, self.now.log_risk());
        Ok(())
    }

    /// Evaluates the present network and what it conserves.
    fn evaluate(&mut self) -> Result<()> {
        if !self.now.update(&self.network, true) {
            return Err(self.now.out_of_range("Flow, after a step"));
        }
        if let Some(drift) = self.conserved.drift(&self.network) {
            self.drift = self.drift.map(|worst| worst.max(drift));
        }
        Ok(())
    }

    /// Where the step from `from` to `to` ends: at `to`, or where it passed a stop that the clock itself does not meet; the
    /// flow then goes back to that point.
    fn meet_stop(&mut self, stop: &Stop, from: f64, to: f64) -> Result<f64> {
        let (risk, time) = (stop.lowest_log_risk(), softplus(stop.log_time).min(stop.time.ln_1p()));
        let clock = self.solver.clock;
        let passed = |log_risk: f64, s: f64| {
            (clock != Clock::LogRisk && log_risk < risk) || (clock == Clock::LogRisk && s > time)
        };
        if !passed(self.now.log_risk(), self.log_1p_time) {
            return Ok(to);
        }
        // Bisection to the last bits of x: the quantity falls along the whole flow.
        let (mut low, mut high) = (from, to);
        while let x = low + 0.5 * (high - low)
            && x > low
            && x < high
        {
            let (_, s) = self.prepare(x)?;
            if passed(self.between.evaluation.log_risk(), s) { high = x } else { low = x }
        }
        (self.time, self.log_1p_time) = self.prepare(high)?;
        self.network.params_mut().copy_from_slice(self.between.network.params());
        self.begun = false;
        self.evaluate()?;
        Ok(high)
    }

    /// Fills `between` with the state at x; returns t and ln(1 + t).
    fn prepare(&mut self, x: f64) -> Result<(f64, f64)> {
        let between = &mut self.between;
        let known = self.integrator.interpolate(&mut self.field, x, &mut between.y);
        between.network.params_mut().copy_from_slice(&between.y);
        if !(known && between.evaluation.update(&between.network, true)) {
            return Err(between.evaluation.out_of_range("Flow, between two steps"));
        }
        let log_risk = between.evaluation.log_risk();
        Ok(self.times(x, log_risk))
    }

    fn between<Row>(&mut self, x: f64, probe: &mut impl FnMut(&At) -> Result<Row>) -> Result<Row> {
        let (time, s) = self.prepare(x)?;
        probe(&self.at_state(&self.between.network, &self.between.evaluation, time, s))
    }
}

/// Foresees whether an explicit method whose steps stability bounds will arrive.
#[derive(Default)]
struct Forecast {
    /// x and step length when stability was first seen to bound the steps.
    seen: Option<(f64, f64)>,
}

impl Forecast {
    fn check(&mut self, flow: &Flow, stop: &Stop, end: f64, left: u64) -> Result<()> {
        if !flow.integrator.is_stiff() {
            self.seen = None;
            return Ok(());
        }
        let (x, h) = (flow.integrator.x, flow.integrator.last_step());
        let (x0, h0) = *self.seen.get_or_insert((x, h));
        if x <= x0 {
            return Ok(());
        }
        if end == f64::INFINITY {
            // A stop that is not on this clock: only the steps that are left can tell. Without any, the steps are the stop.
            let somewhere = stop.lowest_log_risk() > f64::NEG_INFINITY || stop.time.min(stop.log_time) < f64::INFINITY;
            return if left == 0 && somewhere { Err(stiff(flow, f64::INFINITY)) } else { Ok(()) };
        }
        // Steps have grown as a power of x: none of it leaves (end − x)/h of them, the first power ln(end/x) · x/h.
        let power = if x0 > 0.0 { ((h / h0).ln() / (x / x0).ln()).clamp(0.0, 1.0) } else { 0.0 };
        let steps = if power < 1.0 {
            x / h * ((end / x).powf(1.0 - power) - 1.0) / (1.0 - power)
        } else {
            x / h * (end / x).ln()
        };
        // A forecast, not a count: only where it is far beyond the steps that are left.
        if steps > 2.0 * left as f64 { Err(stiff(flow, steps)) } else { Ok(()) }
    }
}

fn stiff(flow: &Flow, forecast: f64) -> Error {
    let x = flow.integrator.x;
    let (name, clock) = match flow.solver.clock {
        Clock::Time => ("t", "Time"),
        Clock::LogTime => ("ln(1 + t)", "LogTime"),
        Clock::LogRisk => ("λ = −ln R", "LogRisk"),
    };
    let bends = flow.network.architecture().iter().any(|layer| matches!(layer.then, Activation::Rectified(_)));
    let remedy = if bends {
        // Units slide along their kinks, where the gradient jumps: no method here follows that.
        "looser tolerances, or Descent, as units that slide along their kinks can be what holds it up,".to_string()
    } else {
        format!("Solver::radau(Clock::{clock})")
    };
    Error::Stiff { at: format!("{name} = {x:.6e}"), step: flow.integrator.last_step(), forecast, remedy }
}
