//! Theorems watched while they happen: a monitor evaluates one inequality or identity at every state of a run it is shown.
//!
//! [`Monitor`] names what there is to watch; [`Monitors`] carries several along a run, all reading each state once. A monitor
//! that is violated is a finding: it says where and by how much, and the run goes on. [`least_slacks`]
//! reads one monitor over several runs.

mod aligned;
mod assumptions;
mod balance;
mod conserved;
mod display;
mod facts;
mod kind;
mod memory;
mod needs;
mod risk;
mod several;
mod sides;
mod snapshot;
mod sums;
mod view;
mod watched;

pub use kind::Monitor;
pub use several::least_slacks;
pub use watched::{Sighting, Watched};

use crate::descent::{At, Elapsed, Observer};
use crate::error::{Error, Result};
use crate::network::Network;
use crate::reference::MaxMargin;
use crate::risk::Risk;
use facts::Facts;
use memory::Memory;
use needs::Needs;
use snapshot::Snapshot;
use view::View;

/// Several [`Monitor`]s along one run of a linear network.
///
/// Show it every state of a descent through [`Descent::run_watched`](crate::descent::Descent::run_watched), or any state from a
/// probe through [`see`](Self::see). It shows itself in a cell as a table.
///
/// A state is read once for all of them, and only what they need of it. With layers that are 2×2 or a single row or column this takes
/// no memory, and a monitor costs about as much as the step it watches, all of them seven times as much; spectra of wider layers come
/// from Lanczos and cost more.
///
/// A monitor counts as violated where its slack is below −tolerance, 1e-12 unless told otherwise: squares and
/// logarithms are known to 1e-16 of their scale, and a long run adds up their rounding. Along a flow take a tolerance above its
/// drift ([`FlowRun::drift`](crate::flow::FlowRun::drift)): the identities hold as well as it was integrated.
///
/// ```
/// use implicit_bias::prelude::*;
/// let data = Separable { n: 40, d: 2, margin: 0.2, next_margin: 0.4 }.sample(7)?;
/// let svm = MaxMargin::fit(&data)?;
/// let risk = Loss::Logistic.on(&data);
/// let start = admissible_start(&risk, 1, |draw| Network::linear(&[2, 2, 1], Init::Gaussian(0.4), draw))?;
/// let mut descent = Descent::new(&risk, &start, StepRule::JiTelgarsky)?;
/// let mut watch = Monitors::new(Monitor::DESCENT, &risk, &start, &svm)?;
/// descent.run_watched(1000, Record::LogSpaced(5), &mut watch, |at| Ok(at.risk()))?;
/// assert!(watch.hold(), "{watch}");
/// assert!(watch.get(Monitor::Lemma8Rank)?.least_slack()? > 0.0);
/// # Ok::<(), Error>(())
/// ```
#[derive(Clone)]
pub struct Monitors {
    watched: Vec<Watched>,
    tolerance: f64,
    needs: Needs,
    facts: Facts,
    memory: Memory,
    now: Snapshot,
    before: Snapshot,
    /// Step and time of the last state seen.
    last: Option<(u64, Elapsed)>,
}

impl Monitors {
    /// `monitors` for a run on `risk` from `start` = W(0), the maximum margin through the origin of whose data is `svm`; copies what
    /// they need.
    ///
    /// # Errors
    /// The squared loss; no monitors, or one twice; a network that is not linear, does not fit the data, or whose risk is beyond f64; an `svm` of
    /// other data or with an intercept; data with ‖x‖ > 1 for the monitors that β(R) or ε(R) enters; for [`Monitor::Lemma4`],
    /// what [`lemma_3_alpha`](crate::theory::lemma_3_alpha) refuses.
    pub fn new(monitors: &[Monitor], risk: &Risk, start: &Network, svm: &MaxMargin) -> Result<Self> {
        if monitors.is_empty() {
            return Err(Error::argument("Monitors::new(monitors)", "at least one, or Monitor::DESCENT", "none"));
        }
        if let Some(twice) = (1..monitors.len()).map(|i| monitors[i]).zip(1..).find(|(m, i)| monitors[..*i].contains(m))
        {
            return Err(Error::argument(
                "Monitors::new(monitors)",
                "each monitor once",
                format_args!("{} twice", twice.0),
            ));
        }
        let facts = Facts::new(monitors, risk, start, svm)?;
        let now = Snapshot::new(&facts);
        Ok(Self {
            watched: monitors.iter().map(|m| Watched::new(*m)).collect(),
            tolerance: 1e-12,
            needs: monitors.iter().fold(Needs::default(), |needs, m| needs.and(m.needs())),
            memory: Memory::new(&facts),
            before: now.clone(),
            now,
            facts,
            last: None,
        })
    }

    /// The same monitors with another tolerance.
    ///
    /// # Errors
    /// One that is negative or not finite, or states seen already.
    pub fn with_tolerance(mut self, tolerance: f64) -> Result<Self> {
        if !(tolerance.is_finite() && tolerance >= 0.0) {
            return Err(Error::argument("Monitors::with_tolerance", "a finite number ≥ 0", tolerance));
        }
        if let Some((step, _)) = self.last {
            let found = format_args!("a run seen up to step {step}");
            return Err(Error::argument("Monitors::with_tolerance", "a run not yet begun", found));
        }
        self.tolerance = tolerance;
        Ok(self)
    }

    /// Evaluates all monitors at one state of the run and keeps both sides of each; a state seen just before is passed over.
    ///
    /// # Errors
    /// States out of order, a network of other widths, weights that are not finite. For monitors that take a descent step by step:
    /// a step left out, a first state that is not W(0) where they sum from there, no step size (a flow). The squared loss, or a descent with momentum
    /// or mini-batches, which the watched theorems do not speak of. Nothing is counted then.
    pub fn see(&mut self, at: &At<'_>) -> Result<()> {
        self.read(at, true)
    }

    /// What `monitor` has found so far.
    ///
    /// # Errors
    /// One that is not among these.
    pub fn get(&self, monitor: Monitor) -> Result<&Watched> {
        self.watched.iter().find(|w| w.monitor == monitor).ok_or_else(|| {
            let chosen: Vec<String> = self.watched.iter().map(|w| w.monitor.to_string()).collect();
            Error::argument("Monitors::get", format_args!("one of {}", chosen.join(", ")), monitor)
        })
    }

    /// What all of them have found, in the order they were named.
    pub fn watched(&self) -> &[Watched] {
        &self.watched
    }

    /// Whether none was violated so far.
    pub fn hold(&self) -> bool {
        self.watched.iter().all(Watched::holds)
    }

    /// As [`see`](Self::see), keeping both sides of all monitors only if `keep`.
    #[inline]
    fn read(&mut self, at: &At<'_>, keep: bool) -> Result<()> {
        check_kind(at)?;
        let first = match &self.last {
            Some((step, elapsed)) if at.step == *step && at.elapsed.is(elapsed) => {
                // The same weights, whose gradient may be of other layers now.
                self.now.read(at, &self.before, &self.facts, self.needs)?;
                std::mem::swap(&mut self.now, &mut self.before);
                return Ok(());
            }
            Some((step, _)) => {
                self.check_next(at, *step)?;
                false
            }
            None => {
                self.check_first(at)?;
                self.memory.begin(at, &self.facts);
                true
            }
        };
        self.now.read(at, &self.before, &self.facts, self.needs)?;
        if self.needs.risk && self.needs.log_norm {
            self.memory.find_epsilon(at, &self.now, &self.facts);
        }
        let in_turn = self.needs.in_turn && !first;
        let step = in_turn.then(|| self.memory.add(at, &self.before, &self.now, &self.facts, self.needs));
        let Self { facts, memory, now, before, .. } = self;
        let view = View { facts, at, now, before, memory, step, first };
        for watched in &mut self.watched {
            watched.seen += 1;
            let Some(sides) = view.sides(watched.monitor) else { continue };
            let news = watched.count(sides.slack, self.tolerance);
            if news || keep {
                let log_time = view.memory.log_time(at);
                let (left, right, slack) = (sides.left, sides.right, sides.slack);
                let sighting = Sighting { step: at.step, log_time, left, right, slack };
                if news {
                    watched.keep(sighting, self.tolerance);
                }
                if keep {
                    watched.kept.push(sighting);
                }
            }
        }
        std::mem::swap(&mut self.now, &mut self.before);
        self.last = Some((at.step, at.elapsed));
        Ok(())
    }

    fn check_first(&self, at: &At<'_>) -> Result<()> {
        if at.network.widths() != self.facts.start.widths() || !at.network.is_linear() {
            let [expected, found] = [&self.facts.start, at.network].map(|net| format!("{net:?}"));
            return Err(Error::shape("Monitors::see, the network", expected, found));
        }
        match self.named(|needs| needs.from_start) {
            Some(monitor) if at.network.params() != self.facts.start.params() => {
                let expected = "the start W(0) as the first state seen (it sums from there)";
                let found = format_args!("other weights, at step {}", at.step);
                Err(Error::argument(format_args!("Monitors::see, {monitor}"), expected, found))
            }
            _ => Ok(()),
        }
    }

    #[inline]
    fn check_next(&self, at: &At<'_>, last: u64) -> Result<()> {
        let size = at.last_size.mantissa;
        if at.step == last + 1 && size > 0.0 && size < f64::INFINITY || at.step >= last && !self.needs.in_turn {
            return Ok(());
        }
        self.refuse(at, last)
    }

    #[cold]
    fn refuse(&self, at: &At<'_>, last: u64) -> Result<()> {
        let step = at.step;
        if step < last {
            let expected = format_args!("states in order, after step {last} (another run needs monitors of its own)");
            return Err(Error::argument("Monitors::see", expected, format_args!("step {step}")));
        }
        let Some(monitor) = self.named(|needs| needs.in_turn) else { return Ok(()) };
        let what = format!("Monitors::see, {monitor}");
        if step != last + 1 {
            let expected = format_args!("step {} after step {last} (Descent::run_watched sees every step)", last + 1);
            return Err(Error::argument(what, expected, format_args!("step {step}")));
        }
        let expected = "a descent's finite step size η > 0 (a flow has none)";
        Err(Error::argument(what, expected, at.last_size.value()))
    }

    /// The first monitor with a need.
    fn named(&self, need: impl Fn(Needs) -> bool) -> Option<Monitor> {
        self.watched.iter().map(|w| w.monitor).find(|m| need(m.needs()))
    }
}

/// Refuses runs that the watched theorems do not speak of.
#[inline]
fn check_kind(at: &At<'_>) -> Result<()> {
    at.data()?;
    if at.is_plain {
        return Ok(());
    }
    let expected = "plain full-batch descent or a flow, which the watched theorems are about";
    Err(Error::argument("Monitors::see", expected, "momentum or mini-batches"))
}

impl Observer for Monitors {
    #[inline]
    fn see(&mut self, at: &At<'_>, kept: bool) -> Result<()> {
        self.read(at, kept)
    }

    fn needs_risk(&self) -> bool {
        self.needs.risk
    }
}
