//! The loop of a flow: steps, rows between them, stops.

use super::clock::{Clock, log1p_time};
use super::run::FlowRun;
use super::save::SaveAt;
use super::{Flow, Solver};
use crate::descent::{At, Progress, Run, Stop, Stopped};
use crate::error::{Error, Result};
use crate::ode::Attempt;

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
        let stopped = loop {
            let taken = self.steps - first;
            if let Some(stopped) = self.met(stop, taken) {
                break stopped;
            }
            if progress.tick(true, taken, stop.steps, stop.seconds) {
                break Stopped::Seconds;
            }
            if self.solver.clock == Clock::Time && self.time > LONGEST {
                self.set_solver(Solver { clock: Clock::LogTime, ..self.solver })?;
            }
            let (from, end) = (self.enter(stop)?, self.end(stop));
            if end <= from {
                // The clock stands at the stop already, by less than the solver's error.
                break if self.solver.clock == Clock::LogRisk { Stopped::Risk } else { Stopped::Time };
            }
            if self.integrator.step(&mut self.field, end) == Attempt::TooSmall {
                // λ ends where the risk has its infimum over the trajectory; the other clocks never do.
                break if self.solver.clock == Clock::LogRisk { Stopped::Stationary } else { Stopped::Underflow };
            }
            self.leg = (from, self.s);
            self.steps += 1;
            let to = self.integrator.x();
            self.arrive(to)?;
            let last = self.meet_stop(stop, from, to)?;
            let mut mark = save.next_after(self.solver.clock, from);
            while mark < last {
                rows.push(self.between(mark, probe)?);
                mark = save.next_after(self.solver.clock, mark);
            }
            kept = *save == SaveAt::Steps || mark == last;
            if kept {
                rows.push(probe(&self.at())?);
            }
            forecast.check(self, end, stop.steps.saturating_sub(self.steps - first))?;
        };
        if !kept {
            rows.push(probe(&self.at())?);
        }
        self.stopped = Some(stopped);
        let run = Run { rows, stopped, steps: self.steps - first, seconds: progress.seconds() };
        Ok(FlowRun { run, work: self.cost(), drift: self.drift })
    }

    /// The condition of `stop` that holds now, or that the flow rests.
    fn met(&self, stop: &Stop, taken: u64) -> Option<Stopped> {
        if self.now.is_stationary() {
            return Some(if self.now.is_dead() { Stopped::Dead } else { Stopped::Stationary });
        }
        let reached = |now: f64, end: f64| end < f64::INFINITY && now >= end;
        if reached(self.time, stop.time) || reached(self.s, log1p_time(stop.log_time)) {
            return Some(Stopped::Time);
        }
        if self.now.log_risk() <= stop.lowest_log_risk() {
            return Some(Stopped::Risk);
        }
        if stop.grad_norm > 0.0 && self.now.log_grad_norm() <= stop.grad_norm.ln() {
            return Some(Stopped::Gradient);
        }
        if self.rests() {
            return Some(Stopped::Stationary);
        }
        (taken >= stop.steps).then_some(Stopped::Steps)
    }

    /// Whether the points' pulls on the weights cancel to within the tolerance: ‖∇R‖‖W‖ ≪ (1/n) Σ |ℓ′(qᵢ)qᵢ|. On separated
    /// data and near the saddle at zero the two are alike; at a minimiser that errs somewhere the left side vanishes alone.
    fn rests(&self) -> bool {
        let norm = self.network.params().iter().map(|w| w * w).sum::<f64>().sqrt();
        let pulls = self.now.scaled_slopes().iter().zip(self.now.margins()).map(|(p, q)| (p * q).abs()).sum::<f64>();
        let pull = pulls / self.data.n() as f64;
        self.now.scaled_grad_norm() * norm <= (10.0 * self.solver.relative).max(1e-13) * pull
    }

    /// Puts the integrator at the present state, if it is not there; returns its x.
    fn enter(&mut self, stop: &Stop) -> Result<f64> {
        if !self.begun {
            let (x, end) = (self.position(), self.end(stop));
            if !self.integrator.begin(&mut self.field, x, self.network.params(), end.max(x)) {
                let expected = format!("a finite dW/dx and its derivative in the clock {:?}", self.solver.clock);
                return Err(Error::argument("Flow, at its present state", expected, format!("{self:?}")));
            }
            self.begun = true;
        }
        Ok(self.integrator.x())
    }

    /// Where the flow's own clock ends by `stop`.
    fn end(&self, stop: &Stop) -> f64 {
        match self.solver.clock {
            Clock::Time => stop.time.min(stop.log_time.exp()),
            Clock::LogTime => stop.time.ln_1p().min(log1p_time(stop.log_time)),
            Clock::LogRisk => -stop.lowest_log_risk(),
        }
    }

    /// Takes over the integrator's state at x.
    fn arrive(&mut self, x: f64) -> Result<()> {
        self.network.params_mut().copy_from_slice(self.integrator.y());
        self.settle()?;
        (self.time, self.s) = self.times(x, self.now.log_risk());
        Ok(())
    }

    /// Evaluates the present network and what it conserves.
    fn settle(&mut self) -> Result<()> {
        if !self.now.update(&self.network, self.loss, true) {
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
        let (risk, time) = (stop.lowest_log_risk(), log1p_time(stop.log_time).min(stop.time.ln_1p()));
        let clock = self.solver.clock;
        let passed = |log_risk: f64, s: f64| {
            (clock != Clock::LogRisk && log_risk < risk) || (clock == Clock::LogRisk && s > time)
        };
        if !passed(self.now.log_risk(), self.s) {
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
        (self.time, self.s) = self.prepare(high)?;
        self.network.params_mut().copy_from_slice(self.between.network.params());
        self.begun = false;
        self.settle()?;
        Ok(high)
    }

    /// Fills `between` with the state at x; returns t and ln(1 + t).
    fn prepare(&mut self, x: f64) -> Result<(f64, f64)> {
        let between = &mut self.between;
        let known = self.integrator.interpolate(&mut self.field, x, &mut between.y);
        between.network.params_mut().copy_from_slice(&between.y);
        if !(known && between.evaluation.update(&between.network, self.loss, true)) {
            return Err(between.evaluation.out_of_range("Flow, between two steps"));
        }
        let log_risk = between.evaluation.log_risk();
        Ok(self.times(x, log_risk))
    }

    fn between<Row>(&mut self, x: f64, probe: &mut impl FnMut(&At) -> Result<Row>) -> Result<Row> {
        let (time, s) = self.prepare(x)?;
        probe(&self.look(&self.between.network, &self.between.evaluation, time, s))
    }
}

/// Foresees whether an explicit method whose steps stability bounds will arrive.
#[derive(Default)]
struct Forecast {
    /// x and step length when stability was first seen to bound the steps.
    seen: Option<(f64, f64)>,
}

impl Forecast {
    fn check(&mut self, flow: &Flow, end: f64, left: u64) -> Result<()> {
        if !flow.integrator.is_stiff() {
            self.seen = None;
            return Ok(());
        }
        let (x, h) = (flow.integrator.x(), flow.integrator.last_step());
        let (x0, h0) = *self.seen.get_or_insert((x, h));
        if x <= x0 {
            return Ok(());
        }
        if end == f64::INFINITY {
            // The stop is not on this clock: only the steps that are left can tell.
            return if left > 0 { Ok(()) } else { Err(stiff(flow, f64::INFINITY)) };
        }
        // Steps have grown as a power of x: none of it leaves (end − x)/h of them, the first power ln(end/x) · x/h.
        let power = if x0 > 0.0 { ((h / h0).ln() / (x / x0).ln()).clamp(0.0, 1.0) } else { 0.0 };
        let steps = if power < 1.0 {
            x / h * ((end / x).powf(1.0 - power) - 1.0) / (1.0 - power)
        } else {
            x / h * (end / x).ln()
        };
        if steps > left as f64 { Err(stiff(flow, steps)) } else { Ok(()) }
    }
}

fn stiff(flow: &Flow, forecast: f64) -> Error {
    let x = flow.integrator.x();
    let (name, clock) = match flow.solver.clock {
        Clock::Time => ("t", "Time"),
        Clock::LogTime => ("ln(1 + t)", "LogTime"),
        Clock::LogRisk => ("λ = −ln R", "LogRisk"),
    };
    Error::Stiff {
        at: format!("{name} = {x}"),
        step: flow.integrator.last_step(),
        forecast,
        remedy: format!("Solver::radau(Clock::{clock})"),
    }
}
