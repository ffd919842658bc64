//! Step rules: how far to go along −∇R.

use super::At;
use super::elapsed::StepSize;
use crate::error::{Error, Result, positive};
use crate::loss::Loss;
use crate::network::Network;
use crate::risk::{Evaluation, Risk, Terms};
use std::fmt;

/// How the step size η_t of W ← W − η_t ∇R(W) is chosen.
///
/// | rule | η_t | what it is for |
/// |---|---|---|
/// | `Constant(η)` | η | the textbook; the report's 1e-2 (Remark 4.1) |
/// | `JiTelgarsky` | min(1/β(R_t), 1) with ⌈M⌉ | the paper's theorems (Assumption 5) |
/// | `JiTelgarskyTight` | the same with M in place of ⌈M⌉ | the largest step that the assumption allows |
/// | `Armijo { cap }` | backtracking from twice the last step | cap 1 satisfies Lemma 8; cap ∞ is fast |
/// | `LossScaled(η)` | η/R | gradient descent on ln R |
/// | `Normalized { eta, power }` | η/(R ‖∇ ln R‖^power) | power 1: length η; power 2: ln R falls by about η |
/// | `custom(f)` | f(at) | anything else |
#[derive(Clone, Copy)]
pub enum StepRule {
    /// The same η > 0 at every step.
    Constant(f64),
    /// η_t = min{1/β(R_t), 1} with β(R) = 2L²R^{2L−2}(β + G).
    ///
    /// With M_t = max_k ‖W_k(t)‖_F: R₀ = max(1, ⌈M₀⌉ + 1), and R_t = max(R_{t−1}, ⌈M_t⌉ + 1) whenever M_t > R_{t−1} − 1.
    /// Needs max ‖x‖ ≤ 1 and a loss with β and G, that is the logistic one. Ji & Telgarsky, Lemma 5 and Assumption 5;
    /// report, Assumption 2.4. Their theory is about linear networks: for a rectified one this is a step like any other (the
    /// report, §5.1, takes it), and M counts the W_k, not the biases.
    JiTelgarsky,
    /// The same rule with M_t in place of ⌈M_t⌉.
    JiTelgarskyTight,
    /// Backtracking: the first trial is min(1, cap) (or [`Descent::set_trial`](super::Descent::set_trial)), later ones min(2 η_{t−1}, cap); halved until R(W − η∇R) ≤ R − (η/2)‖∇R‖².
    ///
    /// With `cap` 1 this satisfies what Ji & Telgarsky's Lemma 8 uses. The comparison is made on ln R, so that it goes on
    /// below R = 1e-308. The risk of a rectified network has kinks; a search that lands on one may find no decrease along
    /// −∇R and end with [`Stopped::Underflow`](super::Stopped::Underflow): far from there, take [`Self::Normalized`].
    Armijo {
        /// The largest η; may be infinite.
        cap: f64,
    },
    /// η_t = η/R(W): constant steps on ln R.
    LossScaled(f64),
    /// η_t = η/(R ‖∇ ln R‖^power): constant steps along ∇ ln R / ‖∇ ln R‖^power.
    Normalized {
        /// η > 0.
        eta: f64,
        /// 0 is [`StepRule::LossScaled`], 1 makes every step η long, 2 lowers ln R by about η a step.
        power: f64,
    },
    /// Any η > 0 computed from what is known at the step; [`StepRule::custom`] makes one of a closure.
    Custom(&'static (dyn Fn(&At<'_>) -> StepSize + Send + Sync)),
}

/// What a rule remembers from step to step.
#[derive(Clone, Copy, Debug)]
pub(crate) struct RuleState {
    /// R_t of the paper's rule; 0 before the first step.
    radius: f64,
    /// The first trial of the next backtracking.
    pub trial: StepSize,
}

impl StepRule {
    /// The rule η_t = `rule`(at), any number > 0, or any [`StepSize`] where η is beyond f64. It may carry parameters of its own; what
    /// it carries is kept until the program ends, so that rules can be copied.
    ///
    /// ```
    /// use implicit_bias::prelude::*;
    /// let (first, decay) = (0.5, 100.0);
    /// let decaying = StepRule::custom(move |at| first / (1.0 + at.step as f64 / decay));
    /// let on_log_risk = StepRule::custom(|at| StepSize::from_ln(-at.log_risk()));               // η = 1/R
    /// # let data = Dataset::new(array![[1.0, 0.0]], array![1.0])?;
    /// # let start = Network::linear(&[2, 1], Init::Zeros, 0)?;
    /// let mut descent = Descent::new(&Loss::Exponential.on(&data), &start, on_log_risk)?;
    /// descent.step()?;
    /// assert_eq!(descent.network().params(), [1.0, 0.0]);
    /// descent.set_rule(decaying)?;
    /// # Ok::<(), Error>(())
    /// ```
    pub fn custom<S: Into<StepSize>>(rule: impl Fn(&At<'_>) -> S + Send + Sync + 'static) -> Self {
        Self::Custom(Box::leak(Box::new(move |at: &At<'_>| rule(at).into())))
    }

    /// Whether each step needs R, not only ∇R.
    pub(super) fn needs_risk(&self) -> bool {
        !matches!(self, Self::Constant(_) | Self::JiTelgarsky | Self::JiTelgarskyTight)
    }

    /// Refuses parameters, losses and data that the rule is not made for.
    pub(super) fn check(&self, risk: &Risk) -> Result<()> {
        match *self {
            Self::Constant(eta) => positive("StepRule::Constant(η)", eta).map(drop),
            Self::LossScaled(eta) => positive("StepRule::LossScaled(η)", eta).map(drop),
            Self::Normalized { eta, power } => {
                positive("StepRule::Normalized.eta", eta)?;
                if power.is_finite() && power >= 0.0 {
                    return Ok(());
                }
                Err(Error::argument("StepRule::Normalized.power", "a finite number ≥ 0", power))
            }
            Self::Armijo { cap } if cap > 0.0 => Ok(()),
            Self::Armijo { cap } => Err(Error::argument("StepRule::Armijo.cap", "a number > 0, or infinity", cap)),
            Self::JiTelgarsky | Self::JiTelgarskyTight => {
                let what = format!("StepRule::{self:?}");
                match risk.terms() {
                    Terms::Margins(Loss::Logistic, data) => data.check_unit(what),
                    other => {
                        let expected = "a loss with constants β and G (Assumption 4), such as Loss::Logistic";
                        Err(Error::argument(what, expected, format!("{other:?}")))
                    }
                }
            }
            Self::Custom(_) => Ok(()),
        }
    }

    /// R_t of the paper's rule at `network`; none under another rule.
    pub(super) fn radius(&self, network: &Network, mut memory: RuleState) -> Option<f64> {
        match self {
            Self::JiTelgarsky => Some(memory.widen(network, f64::ceil)),
            Self::JiTelgarskyTight => Some(memory.widen(network, |m| m)),
            _ => None,
        }
    }

    /// η for every rule but `Armijo` (which needs trials) and `Custom` (which needs an [`At`]).
    #[inline]
    pub(super) fn size(
        &self,
        loss: Option<Loss>,
        network: &Network,
        at: &Evaluation,
        memory: &mut RuleState,
    ) -> StepSize {
        let on_log_risk = |eta: f64, power: f64| {
            // ∇̂ = e^s ∇R and v = e^s R, so ‖∇ ln R‖ = ‖∇̂‖/v and η/R = (η/v) e^s.
            let v = at.mean_loss();
            let slope = if power == 0.0 { 1.0 } else { at.scaled_grad_norm() / v };
            let damping = if power == 1.0 {
                slope
            } else if power == 2.0 {
                slope * slope
            } else {
                slope.powf(power)
            };
            StepSize { mantissa: eta / v / damping, shift: at.shift() }
        };
        match *self {
            Self::Constant(eta) => StepSize::plain(eta),
            Self::JiTelgarsky => StepSize::plain(memory.paper_step(loss, network, f64::ceil)),
            Self::JiTelgarskyTight => StepSize::plain(memory.paper_step(loss, network, |m| m)),
            Self::LossScaled(eta) => on_log_risk(eta, 0.0),
            Self::Normalized { eta, power } => on_log_risk(eta, power),
            Self::Armijo { .. } | Self::Custom(_) => memory.trial,
        }
    }
}

impl fmt::Debug for StepRule {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Constant(eta) => write!(f, "Constant({eta:?})"),
            Self::JiTelgarsky => write!(f, "JiTelgarsky"),
            Self::JiTelgarskyTight => write!(f, "JiTelgarskyTight"),
            Self::Armijo { cap } => write!(f, "Armijo {{ cap: {cap:?} }}"),
            Self::LossScaled(eta) => write!(f, "LossScaled({eta:?})"),
            Self::Normalized { eta, power } => write!(f, "Normalized {{ eta: {eta:?}, power: {power:?} }}"),
            Self::Custom(_) => write!(f, "Custom"),
        }
    }
}

impl RuleState {
    pub fn new(rule: StepRule) -> Self {
        let first = if let StepRule::Armijo { cap } = rule { cap.min(1.0) } else { 1.0 };
        Self { radius: 0.0, trial: StepSize::plain(first) }
    }

    /// The memory for `rule` after another one: the line search goes on from its last trial, and R_t never falls under the same rule.
    pub fn under(mut self, before: StepRule, rule: StepRule) -> Self {
        match (before, rule) {
            (StepRule::Armijo { .. }, StepRule::Armijo { cap }) => self.begin_with(self.trial, cap),
            (StepRule::JiTelgarsky, StepRule::JiTelgarsky) => {}
            (StepRule::JiTelgarskyTight, StepRule::JiTelgarskyTight) => {}
            _ => self = Self::new(rule),
        }
        self
    }

    /// Brings R_t up to date and returns it.
    fn widen(&mut self, network: &Network, round: impl Fn(f64) -> f64) -> f64 {
        let squares = |k| network.weights(k).iter().map(|v| v * v).sum::<f64>();
        let m = (1..=network.depth()).map(squares).fold(0.0, f64::max).sqrt();
        if m > self.radius - 1.0 {
            self.radius = self.radius.max(round(m) + 1.0).max(1.0);
        }
        self.radius
    }

    /// min{1/(2L²R_t^{2L−2}(β + G)), 1}, with R_t brought up to date.
    fn paper_step(&mut self, loss: Option<Loss>, network: &Network, round: impl Fn(f64) -> f64) -> f64 {
        let radius = self.widen(network, round);
        let depth = network.depth() as f64;
        // `check` has refused losses without constants.
        let constants = loss.and_then(|l| Some(l.smoothness()? + l.lipschitz()?)).unwrap_or(f64::INFINITY);
        let power = radius.powi(2 * network.depth() as i32 - 2);
        (1.0 / (2.0 * depth * depth * power * constants)).min(1.0)
    }

    /// The trial for the next step: twice the accepted one, at most `cap`.
    pub fn double(&mut self, accepted: StepSize, cap: f64) {
        let mut next = StepSize { mantissa: 2.0 * accepted.mantissa, shift: accepted.shift };
        if next.mantissa > 1e100 {
            next = StepSize { mantissa: 1.0, shift: next.ln() };
        }
        self.begin_with(next, cap);
    }

    /// The next line search begins with `trial`, or with `cap` where that is less.
    pub fn begin_with(&mut self, trial: StepSize, cap: f64) {
        self.trial = if trial.ln() > cap.ln() { StepSize::plain(cap) } else { trial };
    }
}
