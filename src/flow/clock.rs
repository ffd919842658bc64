//! The variable that a flow runs in.

/// Which variable gradient flow runs in. All three give the same trajectory, passed at another pace.
///
/// | clock | x | dW/dx | for |
/// |---|---|---|---|
/// | `Time` | t | −∇R | the textbook: dW/dt = −∇R(W) |
/// | `LogTime` | ln(1 + t) | −(1 + t)∇R | many decades of t, also beyond 1e308 |
/// | `LogRisk` | λ = −ln R | −g/‖g‖², g = ∇ ln R | the far horizon: λ = 1e6 is R = e^−1000000 |
///
/// In `LogRisk` every unit of x divides the risk by e, and the time t comes out: dt/dλ = 1/(R‖g‖²). That clock never shows a
/// point where the flow rests: towards a minimiser or a saddle λ comes to an end, and near one it hardly moves, so that
/// a start with tiny weights is better left in `Time` first.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Clock {
    /// x = t.
    Time,
    /// x = ln(1 + t).
    LogTime,
    /// x = λ = −ln R.
    LogRisk,
}

/// ln t of s = ln(1 + t).
pub(super) fn log_time(s: f64) -> f64 {
    if s > 1.0 { s + (-(-s).exp()).ln_1p() } else { s.exp_m1().ln() }
}
