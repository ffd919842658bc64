//! The loop of all runs.

use super::progress::Progress;
use super::state::Known;
use super::{At, Descent, Record, Run, Stop, Stopped};
use crate::error::{Error, Result};
use crate::monitor::{Monitors, State};

impl Descent {
    /// Runs until `stop`, keeping the row that `probe` makes at the steps of `record` and at both ends.
    ///
    /// A run that diverges ends with [`Stopped::Diverged`] and keeps its rows and the last finite state. One that is asked to stop
    /// (see [`descent`](crate::descent#long-runs)) ends with [`Stopped::Asked`] and keeps its rows and its state: another run goes
    /// on from there.
    ///
    /// # Errors
    /// Conditions out of range, an error of the probe, a [`StepRule::Custom`](super::StepRule::Custom) that returns no finite number above zero.
    pub fn run<Row>(
        &mut self,
        stop: impl Into<Stop>,
        record: Record,
        probe: impl FnMut(&At) -> Result<Row>,
    ) -> Result<Run<Row>> {
        self.run_until(stop, record, probe, |_| false)
    }

    /// As [`Descent::run`], and stops as well at the first kept row for which `done` is true.
    ///
    /// # Errors
    /// As [`Descent::run`].
    pub fn run_until<Row>(
        &mut self,
        stop: impl Into<Stop>,
        record: Record,
        probe: impl FnMut(&At) -> Result<Row>,
        done: impl Fn(&Row) -> bool,
    ) -> Result<Run<Row>> {
        // A mini-batch is evaluated by the step itself.
        let known = if self.stochastic.is_some() { Known::Nothing } else { Known::Gradient };
        self.run_seeing(stop.into(), record, known, |_, _| Ok(()), probe, done)
    }

    /// As [`Descent::run`], and shows `watch` the state at every step, kept or not; of those that the record asks for it keeps
    /// both sides of its inequalities. Neither the run nor its rows depend on it.
    ///
    /// A run that goes on where `watch` saw the last one end is one run to it.
    ///
    /// # Errors
    /// As [`Descent::run`] and [`Monitors::see`]; a descent with momentum or mini-batches or of the squared loss, which the watched
    /// theorems do not speak of.
    pub fn run_watched<Row>(
        &mut self,
        stop: impl Into<Stop>,
        record: Record,
        watch: &mut Monitors,
        probe: impl FnMut(&At) -> Result<Row>,
    ) -> Result<Run<Row>> {
        self.objective.labelled()?;
        if self.momentum > 0.0 || self.stochastic.is_some() {
            let expected = "plain full-batch descent, which the watched theorems are about";
            return Err(Error::argument("Descent::run_watched", expected, format!("{self:?}")));
        }
        let known = if watch.needs_risk() { Known::Risk } else { Known::Gradient };
        self.run_seeing(stop.into(), record, known, |state, keep| watch.look(&state, keep), probe, |_| false)
    }

    /// The loop of all runs: `see` is called at every state, of which at least `known` is known, `probe` at those to be kept.
    #[inline]
    fn run_seeing<Row>(
        &mut self,
        stop: Stop,
        record: Record,
        known: Known,
        mut see: impl FnMut(State<'_>, bool) -> Result<()>,
        mut probe: impl FnMut(&At) -> Result<Row>,
        done: impl Fn(&Row) -> bool,
    ) -> Result<Run<Row>> {
        stop.check()?;
        record.check()?;
        self.stopped = None;
        let mut progress = Progress::new("descent");
        let (first, mut due) = (self.step, self.step);
        let (mut rows, mut kept) = (Vec::new(), Vec::new());
        loop {
            // First of all, because a state beyond the finite numbers is taken back here.
            self.evaluate(if self.step >= due { Known::Risk } else { known });
            let keep = self.step >= due && kept.last() != Some(&self.step);
            see(self.state(), keep)?;
            if keep {
                let row = probe(&self.look())?;
                if done(&row) {
                    self.stopped = Some(Stopped::Row);
                }
                rows.push(row);
                kept.push(self.step);
                due = record.next_after(self.step);
            }
            let taken = self.step - first;
            let stopped = self.stopped.or_else(|| self.met(&stop, taken));
            let stopped = stopped.or_else(|| progress.tick(keep, taken, stop.steps, stop.seconds));
            if let Some(stopped) = stopped {
                self.evaluate(Known::Risk);
                // A mini-batch can find a state wanting that was kept already, and was taken back.
                while kept.pop_if(|step| *step > self.step).is_some() {
                    rows.pop();
                }
                if kept.last() != Some(&self.step) {
                    rows.push(probe(&self.look())?);
                }
                // Asking for the risk as well may have been what found the state beyond the finite numbers.
                let stopped = self.stopped.unwrap_or(stopped);
                let diverged = if stopped == Stopped::Diverged { self.divergence() } else { None };
                return Ok(Run { rows, stopped, diverged, steps: self.step - first, seconds: progress.seconds() });
            }
            self.advance()?;
        }
    }

    /// The condition of `stop` that holds now.
    #[inline]
    fn met(&mut self, stop: &Stop, taken: u64) -> Option<Stopped> {
        if taken >= stop.steps {
            return Some(Stopped::Steps);
        }
        if (stop.risk > 0.0 || stop.log_risk > f64::NEG_INFINITY) && {
            self.evaluate(Known::Risk);
            self.now.log_risk() <= stop.lowest_log_risk()
        } {
            return Some(Stopped::Risk);
        }
        if stop.time < f64::INFINITY && self.elapsed.time() >= stop.time
            || stop.log_time < f64::INFINITY && self.elapsed.log_time() >= stop.log_time
        {
            return Some(Stopped::Time);
        }
        if stop.grad_norm > 0.0 && {
            self.evaluate(Known::Gradient);
            // A gradient of exactly zero has a reason of its own, which the step on all points will tell.
            (self.stochastic.is_some() || !self.now.is_stationary()) && self.now.log_grad_norm() <= stop.grad_norm.ln()
        } {
            return Some(Stopped::Gradient);
        }
        None
    }
}
