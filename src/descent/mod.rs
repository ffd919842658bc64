//! Gradient descent: the only training loop.
//!
//! | rule | classical method |
//! |---|---|
//! | [`StepRule::Constant`] | full-batch gradient descent |
//! | [`StepRule::JiTelgarsky`] | the decreasing step of the alignment theorems |
//! | [`StepRule::Armijo`] | backtracking line search |
//! | [`StepRule::LossScaled`] | gradient descent on ln R |
//! | [`StepRule::Normalized`] with power 1 | normalised gradient descent |

mod at;
mod clock;
mod progress;
mod record;
mod rule;
mod run;
mod stop;

pub use at::At;
pub use record::Record;
pub use rule::StepRule;
pub use run::Run;
pub use stop::{Stop, Stopped};

use crate::dataset::Dataset;
use crate::error::{Error, Result};
use crate::loss::Loss;
use crate::network::{Evaluation, Network};
use clock::{Clock, StepSize};
use progress::Progress;
use rule::Memory;
use std::fmt;

/// Full-batch gradient descent W ← W − η_t ∇R(W) of a network on R(W) = (1/n) Σ ℓ(yᵢf_W(xᵢ)), of all layers or of some.
///
/// It owns its state: the next cell can continue it, step it by hand or look at its network.
///
/// ```
/// use implicit_bias::prelude::*;
/// let data = Dataset::new(array![[0.6, 0.8], [-0.8, 0.1]], array![1.0, -1.0])?;
/// let start = Network::from_layers(&[array![[0.5, 0.1], [0.2, 0.4]], array![[0.3, 0.3]]])?;
/// let mut descent = Descent::new(Loss::Logistic, StepRule::Constant(0.1), &start, &data)?;
/// let run = descent.run(1000, Record::LogSpaced(10), |at| Ok((at.step, at.risk)))?;
/// assert!(run.last().1 < run.first().1);
/// # Ok::<(), Error>(())
/// ```
pub struct Descent {
    loss: Loss,
    rule: StepRule,
    data: Dataset,
    network: Network,
    /// Room for the next weights; after a step, the weights before it.
    other: Vec<f64>,
    now: Evaluation,
    /// The evaluation at a trial of the line search.
    trial: Evaluation,
    known: Known,
    memory: Memory,
    step: u64,
    clock: Clock,
    last_size: f64,
    /// Clock, size and last switch before the last step, for a step that has to be taken back.
    before: (Clock, f64, Option<u64>),
    stopped: Option<Stopped>,
    /// The activation pattern of the last step that was evaluated.
    pattern: Vec<u8>,
    last_switch: Option<u64>,
}

/// What `Descent::now` holds for the present weights.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd)]
enum Known {
    Nothing,
    Gradient,
    Risk,
}

impl Descent {
    /// Descent of `loss` by `rule` from `start` on `data`; copies both.
    ///
    /// # Errors
    /// Widths that do not fit the data, a start whose risk or gradient is not finite, a rule with parameters out of range or
    /// not made for this loss or data.
    pub fn new(loss: Loss, rule: StepRule, start: &Network, data: &Dataset) -> Result<Self> {
        rule.check(loss, data)?;
        let mut now = Evaluation::new(start, data)?;
        if !now.update(start, loss, true) {
            return Err(now.out_of_range("the start of the descent"));
        }
        Ok(Self {
            loss,
            rule,
            data: data.clone(),
            network: start.clone(),
            other: start.params().to_vec(),
            trial: now.clone(),
            pattern: now.active().to_vec(),
            last_switch: None,
            now,
            known: Known::Risk,
            memory: Memory::new(rule),
            step: 0,
            clock: Clock::default(),
            last_size: f64::NAN,
            before: (Clock::default(), f64::NAN, None),
            stopped: None,
        })
    }

    /// The network as it is now.
    pub fn network(&self) -> &Network {
        &self.network
    }

    /// Steps taken so far.
    pub fn steps(&self) -> u64 {
        self.step
    }

    /// Goes on with another rule from the present state.
    ///
    /// # Errors
    /// As [`Descent::new`].
    pub fn set_rule(&mut self, rule: StepRule) -> Result<()> {
        rule.check(self.loss, &self.data)?;
        (self.rule, self.memory, self.stopped) = (rule, Memory::new(rule), None);
        Ok(())
    }

    /// Descends only these `layers` from here on; the others keep their weights, and ‖∇R‖ is the norm over what is trained.
    ///
    /// # Errors
    /// No layers, one outside 1 … L, or a gradient of these layers beyond the range of f64; nothing changes then.
    ///
    /// ```
    /// use implicit_bias::prelude::*;
    /// let data = TwoMoons { n: 40, noise: 0.1, constant: Some(1.0) }.sample(0)?;
    /// let start = Network::rectified(&[3, 16, 1], 0.0, Init::He, 1)?;
    /// let mut descent = Descent::new(Loss::Logistic, StepRule::Constant(0.1), &start, &data)?;
    /// descent.train_only(&[2])?;
    /// descent.step()?;
    /// assert!(descent.network().layer(1) == start.layer(1) && descent.network().layer(2) != start.layer(2));
    /// # Ok::<(), Error>(())
    /// ```
    pub fn train_only(&mut self, layers: &[usize]) -> Result<()> {
        let what = "Descent::train_only(layers)";
        if layers.is_empty() {
            return Err(Error::argument(what, "at least one layer", "none"));
        }
        let mut trained = vec![false; self.network.depth()];
        for &k in layers {
            trained[self.network.check_layer(what, k)? - 1] = true;
        }
        self.evaluate(Known::Risk);
        let (mut now, mut trial) = (self.now.clone(), self.trial.clone());
        now.train(&trained);
        trial.train(&trained);
        if !now.update(&self.network, self.loss, true) {
            return Err(now.out_of_range(what));
        }
        (self.now, self.trial, self.known, self.stopped) = (now, trial, Known::Risk, None);
        Ok(())
    }

    /// The last step that changed an activation pattern, that is the sign of a unit's input at some point; `None` when none
    /// did so far.
    pub fn last_switch(&self) -> Option<u64> {
        self.last_switch
    }

    /// The present state, for a loop driven by hand.
    pub fn at(&mut self) -> At<'_> {
        self.evaluate(Known::Risk);
        self.look()
    }

    /// Why the last step or run stopped, if it did: a [`Descent::step`] that cannot move says so here.
    pub fn stopped(&self) -> Option<Stopped> {
        self.stopped
    }

    /// One step. Where descent cannot move ([`Stopped::Stationary`], [`Stopped::Dead`], [`Stopped::Underflow`]), nothing changes and
    /// [`Descent::stopped`] tells.
    ///
    /// # Errors
    /// [`Error::Diverged`] when the step leaves the finite numbers (the state before it is kept), or when a
    /// [`StepRule::Custom`] returns something else than a finite number above zero.
    pub fn step(&mut self) -> Result<()> {
        self.stopped = None;
        self.advance()?;
        self.evaluate(Known::Gradient);
        if self.stopped != Some(Stopped::Diverged) {
            return Ok(());
        }
        let message = "a margin, the mean loss or the gradient is no longer finite; the state before the step is kept, \
                       try smaller steps";
        Err(Error::Diverged { what: "descent".into(), step: self.step + 1, message: message.into() })
    }

    /// Runs until `stop`, keeping the row that `probe` makes at the steps of `record` and at both ends.
    ///
    /// A run that diverges ends with [`Stopped::Diverged`] and keeps its rows and the last finite state.
    ///
    /// # Errors
    /// Conditions out of range, an error of the probe, a [`StepRule::Custom`] that returns no finite number above zero.
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
        mut probe: impl FnMut(&At) -> Result<Row>,
        done: impl Fn(&Row) -> bool,
    ) -> Result<Run<Row>> {
        let stop = stop.into();
        stop.check()?;
        record.check()?;
        self.stopped = None;
        let mut progress = Progress::new();
        let (first, mut due) = (self.step, self.step);
        let (mut rows, mut kept) = (Vec::new(), None);
        loop {
            // First of all, because a state beyond the finite numbers is taken back here.
            self.evaluate(if self.step >= due { Known::Risk } else { Known::Gradient });
            let keep = self.step >= due && kept != Some(self.step);
            if keep {
                let row = probe(&self.look())?;
                if done(&row) {
                    self.stopped = Some(Stopped::Row);
                }
                rows.push(row);
                kept = Some(self.step);
                due = record.next_after(self.step);
            }
            let taken = self.step - first;
            let stopped = self.stopped.or_else(|| self.met(&stop, taken));
            let stopped =
                stopped.or_else(|| progress.tick(keep, taken, stop.steps, stop.seconds).then_some(Stopped::Time));
            if let Some(stopped) = stopped {
                self.evaluate(Known::Risk);
                if kept != Some(self.step) {
                    rows.push(probe(&self.look())?);
                }
                // Asking for the risk as well may have been what found the state beyond the finite numbers.
                let stopped = self.stopped.unwrap_or(stopped);
                return Ok(Run { rows, stopped, steps: self.step - first, seconds: progress.seconds() });
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
        if stop.grad_norm > 0.0 && {
            self.evaluate(Known::Gradient);
            // A gradient of exactly zero has a reason of its own, which the step will tell.
            !self.now.is_stationary() && self.now.log_grad_norm() <= stop.grad_norm.ln()
        } {
            return Some(Stopped::Gradient);
        }
        None
    }

    /// Makes `now` know at least `wanted`. A state that was stepped to and is not finite is taken back.
    #[inline]
    fn evaluate(&mut self, wanted: Known) {
        if self.known >= wanted {
            return;
        }
        let wanted = if self.rule.needs_risk() { Known::Risk } else { wanted };
        self.known = wanted;
        if self.now.update(&self.network, self.loss, wanted == Known::Risk) {
            self.note_pattern();
        } else {
            self.take_back();
        }
    }

    /// Compares the activation pattern with the one before.
    #[inline]
    fn note_pattern(&mut self) {
        // A linear network has none, and comparing two empty slices takes a hundred nanoseconds: memcmp reads, under a mask, at
        // an address that is not there.
        if !self.pattern.is_empty() && self.now.active() != self.pattern {
            self.pattern.copy_from_slice(self.now.active());
            self.last_switch = Some(self.step);
        }
    }

    #[cold]
    fn take_back(&mut self) {
        self.network.swap_params(&mut self.other);
        self.step -= 1;
        (self.clock, self.last_size, self.last_switch) = self.before;
        self.stopped = Some(Stopped::Diverged);
        self.now.update(&self.network, self.loss, true);
        self.pattern.copy_from_slice(self.now.active());
        self.known = Known::Risk;
    }

    fn look(&self) -> At<'_> {
        let (log_risk, log_grad_norm) = (self.now.log_risk(), self.now.log_grad_norm());
        At {
            step: self.step,
            time: self.clock.time(),
            log_time: self.clock.log_time(),
            step_size: self.last_size,
            risk: self.now.risk(),
            log_risk,
            grad_norm: log_grad_norm.exp(),
            log_grad_norm,
            last_switch: self.last_switch,
            network: &self.network,
            data: &self.data,
            evaluation: &self.now,
        }
    }

    /// One step, or a reason in `stopped` why there is none.
    #[inline]
    fn advance(&mut self) -> Result<()> {
        self.evaluate(if self.rule.needs_risk() { Known::Risk } else { Known::Gradient });
        if self.stopped == Some(Stopped::Diverged) {
            return Ok(());
        }
        if self.now.is_stationary() {
            self.stopped = Some(if self.now.is_dead() { Stopped::Dead } else { Stopped::Stationary });
            return Ok(());
        }
        let size = match self.rule {
            StepRule::Armijo { cap } => return self.search(cap),
            StepRule::Custom(rule) => StepSize::plain(self.custom(rule)?),
            rule => rule.size(self.loss, &self.network, &self.now, &mut self.memory),
        };
        let coefficient = self.coefficient(size);
        self.now.descend(&self.network, coefficient, &mut self.other);
        if self.other == self.network.params() {
            self.stopped = Some(Stopped::Underflow);
            return Ok(());
        }
        self.network.swap_params(&mut self.other);
        self.arrive(size, Known::Nothing);
        Ok(())
    }

    /// η e^−s: what multiplies the scaled gradient.
    #[inline]
    fn coefficient(&self, size: StepSize) -> f64 {
        if size.shift == 0.0 {
            size.mantissa * self.now.decay()
        } else {
            size.mantissa * (size.shift - self.now.shift()).exp()
        }
    }

    #[inline]
    fn arrive(&mut self, size: StepSize, known: Known) {
        self.step += 1;
        self.before = (self.clock, self.last_size, self.last_switch);
        self.clock.advance(size);
        self.last_size = size.value();
        self.known = known;
    }

    #[cold]
    fn custom(&self, rule: fn(&At) -> f64) -> Result<f64> {
        let eta = rule(&self.look());
        if eta.is_finite() && eta > 0.0 {
            return Ok(eta);
        }
        let what = format!("StepRule::Custom at step {}", self.step);
        Err(Error::argument(what, "a finite step size > 0", eta))
    }

    /// Backtracking on ln R, which is the test R(W − η∇R) ≤ R − (η/2)‖∇R‖² in numbers that do not underflow.
    fn search(&mut self, cap: f64) -> Result<()> {
        let mut size = self.memory.trial;
        if self.coefficient(size).is_infinite() {
            // At a risk like e^1000000 the first trials overflow: begin with the largest that does not.
            size = StepSize { mantissa: 1e100, shift: self.now.shift() };
        }
        let slope = self.now.scaled_grad_norm() / self.now.mean_loss();
        while size.mantissa > 0.0 {
            let coefficient = self.coefficient(size);
            let decrease = 0.5 * coefficient * self.now.mean_loss() * slope * slope;
            self.now.descend(&self.network, coefficient, &mut self.other);
            if self.other == self.network.params() {
                break;
            }
            if decrease < 1.0 {
                self.network.swap_params(&mut self.other);
                let finite = self.trial.update(&self.network, self.loss, true);
                if finite && self.trial.log_risk() <= self.now.log_risk() + (-decrease).ln_1p() {
                    std::mem::swap(&mut self.now, &mut self.trial);
                    self.memory.double(size, cap);
                    self.arrive(size, Known::Risk);
                    self.note_pattern();
                    return Ok(());
                }
                self.network.swap_params(&mut self.other);
            }
            size.mantissa *= 0.5;
        }
        self.stopped = Some(Stopped::Underflow);
        Ok(())
    }
}

impl fmt::Debug for Descent {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "Descent: {:?} loss, {:?}, {} steps taken on {:?}",
            self.loss,
            self.rule,
            self.step,
            self.now.unit()
        )?;
        if self.known == Known::Risk { write!(f, ", ln R = {}", self.now.log_risk()) } else { Ok(()) }
    }
}
