//! Gradient descent: the only training loop.
//!
//! | rule | classical method |
//! |---|---|
//! | [`StepRule::Constant`] | full-batch gradient descent |
//! | [`StepRule::JiTelgarsky`] | the decreasing step of the alignment theorems |
//! | [`StepRule::Armijo`] | backtracking line search |
//! | [`StepRule::LossScaled`] | gradient descent on ln R |
//! | [`StepRule::Normalized`] with power 1 | normalised gradient descent |
//!
//! [`Descent::set_momentum`] makes it the heavy ball, [`Descent::set_batches`] stochastic gradient descent, for every network
//! and loss.
//!
//! # Long runs
//! To interrupt a kernel is to lose its variables. Ask instead: `touch stop` in the notebook's folder. Within about a
//! second (or at the end of a step that takes longer) every descent and flow of the cell ends with [`Stopped::Asked`], a
//! perceptron with [`Ending::Asked`](crate::perceptron::Ending::Asked), a sweep with
//! [`Error::Asked`](crate::error::Error::Asked); rows and state are kept, and the next cell can run on. Runs that the
//! same cell begins afterwards take one step, until the file is removed. Nobody has to remove it: for the next cell it is
//! an old file, which counts no more until it is touched again. `IMPLICIT_BIAS_STOP` gives the file another path; an
//! empty one switches this off.
//!
//! Runs longer than five seconds print on stdout how far they are, unless they belong to a sweep. `IMPLICIT_BIAS_PROGRESS=0` in the
//! environment keeps them silent, and sweeps too.

mod at;
mod batches;
mod divergence;
mod drive;
mod elapsed;
mod momentum;
mod observer;
mod progress;
mod record;
mod rule;
mod run;
mod settings;
mod state;
mod step;
mod stochastic;
mod stop;

pub use at::At;
pub use batches::Batches;
pub use divergence::Divergence;
use divergence::Overflow;
pub(crate) use elapsed::Elapsed;
pub use elapsed::StepSize;
pub use observer::Observer;
pub(crate) use progress::Progress;
pub use record::Record;
pub use rule::StepRule;
pub use run::Run;
pub use stop::{Stop, Stopped};

use crate::error::Result;
use crate::network::Network;
use crate::risk::{Evaluation, Risk};
use rule::RuleState;
use state::Known;
use std::fmt;
use stochastic::Stochastic;

/// η before the first step.
const NO_STEP: StepSize = StepSize::plain(f64::NAN);

/// Gradient descent W ← W − η_t ∇R(W) of a network on R(W) = (1/n) Σ ℓ(yᵢf_W(xᵢ)) or (1/2n) Σ ‖f_W(xᵢ) − yᵢ‖², of all layers or of
/// some; full-batch and plain, unless told to use mini-batches or momentum.
///
/// It owns its state: the next cell can continue it, step it by hand or look at its network.
///
/// ```
/// use implicit_bias::prelude::*;
/// let data = Dataset::new(array![[0.6, 0.8], [-0.8, 0.1]], array![1.0, -1.0])?;
/// let start = Network::from_layers(&[array![[0.5, 0.1], [0.2, 0.4]], array![[0.3, 0.3]]])?;
/// let mut descent = Descent::new(&Loss::Logistic.on(&data), &start, StepRule::Constant(0.1))?;
/// let run = descent.run(1000, Record::LogSpaced(10), |at| Ok((at.step, at.risk())))?;
/// assert!(run.last().1 < run.first().1);
/// # Ok::<(), Error>(())
/// ```
pub struct Descent {
    risk: Risk,
    rule: StepRule,
    network: Network,
    /// Room for the next weights; after a step, the weights before it.
    other: Vec<f64>,
    now: Evaluation,
    /// Room for the trials of a line search; none under another rule.
    trial: Option<Evaluation>,
    known: Known,
    memory: RuleState,
    step: u64,
    elapsed: Elapsed,
    last_size: StepSize,
    /// Time, size and last switch before the last step, for a step that has to be taken back.
    before: (Elapsed, StepSize, Option<u64>),
    stopped: Option<Stopped>,
    /// The step that left the finite numbers last.
    diverged: Option<Overflow>,
    /// β of the heavy ball; 0 for plain descent.
    momentum: f64,
    /// β (W_t − W_{t−1}), where there is momentum or the squared loss; else empty.
    velocity: Vec<f64>,
    /// What rounding took from the weights of the squared loss, to be given back at the next step; else empty.
    carry: Vec<f64>,
    /// Mini-batches, if any.
    stochastic: Option<Stochastic>,
    /// Which layers descend, W₁ first.
    trained: Vec<bool>,
    /// The activation pattern of the last step that was evaluated.
    pattern: Vec<u8>,
    last_switch: Option<u64>,
}

impl Descent {
    /// Descent on `risk` from `start` by `rule`; copies the start.
    ///
    /// Under the squared loss the weights are summed with compensation (what a step's rounding takes is given back at the next one)
    /// and the first layer's gradient with twice the digits, so that directions which no point reaches stay as they were to a few
    /// units in the last place of the way gone, however many steps follow; all but a line search does so.
    ///
    /// # Errors
    /// Widths that do not fit the data, a start whose risk or gradient is not finite, a rule with parameters out of range or
    /// not made for this loss or data: the paper's step rules are made for the logistic loss.
    ///
    /// ```
    /// use implicit_bias::prelude::*;
    /// let data = Regression::new(array![[1.0, 1.0]], array![2.0])?;
    /// let start = Network::linear(&[2, 1], Init::Zeros, 0)?;
    /// let mut descent = Descent::new(&Risk::squares(&data), &start, StepRule::Constant(0.4))?;
    /// descent.run(100, Record::Ends, |at| Ok(at.risk()))?;
    /// assert_eq!(descent.network().params(), [1.0, 1.0]);                     // of all w with w₁ + w₂ = 2, the shortest
    /// # Ok::<(), Error>(())
    /// ```
    pub fn new(risk: &Risk, start: &Network, rule: StepRule) -> Result<Self> {
        rule.check(risk)?;
        let mut now = Evaluation::new(start, risk)?;
        if !now.update(start, true) {
            return Err(now.out_of_range("the start of the descent"));
        }
        let carried = if risk.loss().is_none() { start.parameter_count() } else { 0 };
        Ok(Self {
            risk: risk.clone(),
            rule,
            network: start.clone(),
            other: start.params().to_vec(),
            trial: matches!(rule, StepRule::Armijo { .. }).then(|| now.clone()),
            pattern: now.active().to_vec(),
            last_switch: None,
            now,
            known: Known::Risk,
            memory: RuleState::new(rule),
            step: 0,
            elapsed: Elapsed::default(),
            last_size: NO_STEP,
            before: (Elapsed::default(), NO_STEP, None),
            stopped: None,
            diverged: None,
            momentum: 0.0,
            velocity: vec![0.0; carried],
            carry: vec![0.0; carried],
            stochastic: None,
            trained: vec![true; start.depth()],
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

    /// The last step that changed an activation pattern, that is the sign of a unit's input at some point; `None` when none
    /// did so far.
    pub fn last_switch(&self) -> Option<u64> {
        self.last_switch
    }

    /// The present state, for a loop driven by hand.
    pub fn at(&mut self) -> At<'_> {
        self.evaluate(Known::Risk);
        self.now_at()
    }

    /// Why the last step or run stopped, if it did: a [`Descent::step`] that cannot move says so here.
    pub fn stopped(&self) -> Option<Stopped> {
        self.stopped
    }

    /// One step. Where descent cannot move ([`Stopped::Stationary`], [`Stopped::Dead`], [`Stopped::Underflow`]), nothing changes and
    /// [`Descent::stopped`] tells.
    ///
    /// # Errors
    /// [`Error::Diverged`](crate::error::Error::Diverged) when the step leaves the finite numbers (the state before it is kept), or when a
    /// [`StepRule::Custom`] returns something else than a finite number above zero.
    pub fn step(&mut self) -> Result<()> {
        self.stopped = None;
        self.advance()?;
        self.evaluate(Known::Gradient);
        self.error_if_diverged()
    }
}

impl fmt::Debug for Descent {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "Descent: {:?}, {:?}, {} steps taken on {:?}",
            self.risk.terms(),
            self.rule,
            self.step,
            self.now.unit()
        )?;
        if self.momentum > 0.0 {
            write!(f, ", momentum {}", self.momentum)?;
        }
        if self.stochastic.is_some() {
            write!(f, ", mini-batches")?;
        }
        if self.now.threads() > 1 {
            write!(f, ", {} threads", self.now.threads())?;
        }
        if self.known == Known::Risk { write!(f, ", ln R = {}", self.now.log_risk()) } else { Ok(()) }
    }
}
