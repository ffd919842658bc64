//! One state of a run as it is handed to the monitors.

use crate::descent::{At, Elapsed, StepSize};
use crate::network::{Evaluation, Network};

#[derive(Clone, Copy)]
pub(crate) struct State<'a> {
    pub step: u64,
    pub elapsed: Elapsed,
    /// η of the step that led here; NaN at the start and along a flow.
    pub eta: StepSize,
    pub network: &'a Network,
    pub at: &'a Evaluation,
}

impl<'a> State<'a> {
    pub fn of(at: &'a At<'_>) -> Self {
        Self {
            step: at.step,
            elapsed: Elapsed::at(at.time, at.log_time),
            eta: StepSize::plain(at.step_size),
            network: at.network,
            at,
        }
    }

    /// Whether this is the very state that `step` and `elapsed` tell of.
    #[inline]
    pub fn is(&self, step: u64, elapsed: &Elapsed) -> bool {
        let (now, then) = (self.elapsed.time(), elapsed.time());
        self.step == step && now == then && (now.is_finite() || self.elapsed.log_time() == elapsed.log_time())
    }
}
