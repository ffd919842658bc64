//! What a flow leaves.

use crate::descent::Run;
use std::fmt;
use std::ops::Deref;

/// What an integration has cost, counted from the start of the flow.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Work {
    /// Steps that were too long and were tried again.
    pub rejected: u64,
    /// Evaluations of the gradient by the solver; besides them each step and each row takes one of its own.
    pub gradients: u64,
    /// Evaluations of the Hessian.
    pub hessians: u64,
    /// Factorisations, of a real and a complex matrix each.
    pub factorisations: u64,
}

/// The [`Run`] of a flow, whose rows and series it offers, with what the integration cost and how far it can be trusted.
#[derive(Clone)]
pub struct FlowRun<Row> {
    /// The rows, and why the flow stopped.
    pub run: Run<Row>,
    /// What the flow has cost so far.
    pub work: Work,
    /// The largest max_k ‖A_k(t) − A_k(0)‖_F / max_k ‖W_k‖_F² (at t or at 0, whichever is larger) at any step since the start of the flow, A_k = p W_{k+1}ᵀW_{k+1} −
    /// W_kW_kᵀ − b_kb_kᵀ, p the power behind layer k, else 1: exact flow keeps A_k (its diagonal behind a rectified or power layer), so
    /// that this is the integration's error.
    /// None for a single layer, which has nothing to conserve.
    ///
    /// Source: Ji & Telgarsky, eq. (2).
    pub drift: Option<f64>,
}

impl<Row> Deref for FlowRun<Row> {
    type Target = Run<Row>;

    fn deref(&self) -> &Run<Row> {
        &self.run
    }
}

impl<'a, Row> IntoIterator for &'a FlowRun<Row> {
    type Item = &'a Row;
    type IntoIter = std::slice::Iter<'a, Row>;

    /// The rows, in the order of their times.
    fn into_iter(self) -> Self::IntoIter {
        self.rows.iter()
    }
}

impl<Row> FlowRun<Row> {
    /// This run with its continuation: the rows of `more` but for its first, which repeats our last.
    pub fn then(self, more: Self) -> Self {
        Self { run: self.run.then(more.run), work: more.work, drift: more.drift }
    }
}

impl<Row> fmt::Debug for FlowRun<Row> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:?}; {} steps rejected, {} gradients", self.run, self.work.rejected, self.work.gradients)?;
        if self.work.hessians > 0 {
            write!(f, ", {} Hessians", self.work.hessians)?;
        }
        match self.drift {
            Some(drift) => write!(f, "; balancedness drifted by {drift:.1e}"),
            None => Ok(()),
        }
    }
}

impl<Row: fmt::Debug> FlowRun<Row> {
    /// Called by the evcxr kernel: the first rows, the last one, and how the run went.
    pub fn evcxr_display(&self) {
        self.run.display(&format!("{self:?}"));
    }
}
