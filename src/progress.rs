//! Whether long runs print how far they are.

use crate::threads::in_sweep;

const VARIABLE: &str = "IMPLICIT_BIAS_PROGRESS";

/// Not inside a sweep, which counts its items itself, and not where the environment says 0.
pub(crate) fn wanted() -> bool {
    !in_sweep() && std::env::var_os(VARIABLE).is_none_or(|value| value != "0")
}
