//! The loop of all runs.

use super::progress::Progress;
use super::state::Known;
use super::{At, Descent, Observer, Record, Run, Stop, Stopped};
use crate::error::Result;

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
        let known = self.known_by_itself();
        self.run_seeing(stop.into(), record, known, |_, _| Ok(false), probe, done)
    }

    /// As [`Descent::run`], and stops as well at the first state, kept or not, for which `reached` is true; its row is the last one.
    ///
    /// # Errors
    /// As [`Descent::run`], and an error of `reached`.
    ///
    /// ```
    /// use implicit_bias::prelude::*;
    /// let data = Dataset::new(array![[1.0, 0.0]], array![1.0])?;
    /// let start = Network::linear(&[2, 1], Init::Zeros, 0)?;
    /// let mut descent = Descent::new(&Loss::Exponential.on(&data), &start, StepRule::LossScaled(0.5))?;
    /// let run = descent.run_reaching(100, Record::Ends, |at| Ok(at.margins()[0] >= 4.0), |at| Ok(at.step))?;
    /// assert_eq!((run.rows, run.stopped), (vec![0, 8], Stopped::Row));
    /// # Ok::<(), Error>(())
    /// ```
    pub fn run_reaching<Row>(
        &mut self,
        stop: impl Into<Stop>,
        record: Record,
        mut reached: impl FnMut(&At) -> Result<bool>,
        probe: impl FnMut(&At) -> Result<Row>,
    ) -> Result<Run<Row>> {
        self.run_seeing(stop.into(), record, Known::Risk, |at, _| reached(at), probe, |_| false)
    }

    /// As [`Descent::run`], and shows `observer` the state at every step, kept or not. Neither the run nor its rows depend on it.
    ///
    /// [`Monitors`](crate::monitor::Monitors) keep both sides of their inequalities at the states that the record asks for; to them a
    /// run that goes on where they saw the last one end is one run.
    ///
    /// # Errors
    /// As [`Descent::run`] and [`Observer::see`].
    pub fn run_watched<Row>(
        &mut self,
        stop: impl Into<Stop>,
        record: Record,
        observer: &mut impl Observer,
        probe: impl FnMut(&At) -> Result<Row>,
    ) -> Result<Run<Row>> {
        let known = if observer.needs_risk() { Known::Risk } else { Known::Gradient };
        let see = |at: &At<'_>, kept: bool| observer.see(at, kept).map(|()| false);
        self.run_seeing(stop.into(), record, known, see, probe, |_| false)
    }

    /// What a run knows of each state without anybody asking: a mini-batch is evaluated by the step itself.
    fn known_by_itself(&self) -> Known {
        if self.stochastic.is_some() { Known::Nothing } else { Known::Gradient }
    }

    /// The loop of all runs: `see` is called at every state, of which at least `known` is known, and ends the run where it is true;
    /// `probe` at those to be kept.
    #[inline]
    fn run_seeing<Row>(
        &mut self,
        stop: Stop,
        record: Record,
        known: Known,
        mut see: impl FnMut(&At<'_>, bool) -> Result<bool>,
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
            // A state that was gone back to was seen before.
            if self.stopped != Some(Stopped::Diverged) && see(&self.now_at(), keep)? {
                self.stopped = self.stopped.or(Some(Stopped::Row));
            }
            if keep {
                let row = probe(&self.now_at())?;
                if done(&row) {
                    self.stopped = Some(Stopped::Row);
                }
                rows.push(row);
                kept.push(self.step);
                due = record.next_after(self.step);
            }
            // The first mini-batch may take back the last step of the run before.
            let taken = self.step.saturating_sub(first);
            let stopped = self.stopped.or_else(|| self.met(&stop, taken));
            let stopped = stopped.or_else(|| progress.tick(keep, taken, stop.steps, stop.seconds));
            if let Some(stopped) = stopped {
                self.evaluate(Known::Risk);
                // A mini-batch can find a state wanting that was kept already, and was taken back.
                while kept.pop_if(|step| *step > self.step).is_some() {
                    rows.pop();
                }
                if kept.last() != Some(&self.step) {
                    rows.push(probe(&self.now_at())?);
                }
                // Asking for the risk as well may have been what found the state beyond the finite numbers.
                let stopped = self.stopped.unwrap_or(stopped);
                let diverged = if stopped == Stopped::Diverged { self.divergence() } else { None };
                let (steps, missed) = (self.step.saturating_sub(first), record.past(self.step));
                return Ok(Run { rows, stopped, diverged, steps, missed, seconds: progress.seconds() });
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
