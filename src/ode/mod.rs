//! Initial value problems y′ = f(x, y) with error control: an explicit method of order 8 and an L-stable one of order 5.
//!
//! Nothing here knows about networks. Neither method allocates once it was made. Crates that have such
//! methods would bring more into the first cell of every notebook than they save here: diffsol 106 crates, russell_ode 46,
//! ode_solvers 33, differential-equations 16 and a clone of the state at every stage.

mod explicit;
mod radau;
mod tableau;
mod track;

pub use explicit::Explicit;
pub use radau::Radau;
pub use track::Track;

/// The right-hand side. Both functions return false where they leave the finite numbers; the step is then tried smaller.
pub trait System {
    /// f(x, y).
    fn slope(&mut self, x: f64, y: &[f64], out: &mut [f64]) -> bool;

    /// ∂f/∂y at (x, y), row by row.
    fn jacobian(&mut self, x: f64, y: &[f64], out: &mut [f64]) -> bool;
}

/// The error that a step may make in each component: `absolute` + `relative` · |yᵢ|.
#[derive(Clone, Copy, Debug)]
pub struct Tolerance {
    pub relative: f64,
    pub absolute: f64,
}

impl Tolerance {
    fn scale(self, a: f64, b: f64) -> f64 {
        self.absolute + self.relative * a.abs().max(b.abs())
    }

    /// Root mean square of v, each component in units of its allowed error between `y` and `z`.
    fn norm(self, v: &[f64], y: &[f64], z: &[f64]) -> f64 {
        let parts = v.iter().zip(y).zip(z).map(|((v, y), z)| (v / self.scale(*y, *z)).powi(2));
        (parts.sum::<f64>() / v.len() as f64).sqrt()
    }
}

/// How an attempt at a step ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Attempt {
    /// The state has moved on.
    Accepted,
    /// x does not resolve a step that is small enough.
    TooSmall,
}

/// What an integration has cost so far.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Cost {
    /// Steps taken.
    pub accepted: u64,
    /// Steps tried and found too long.
    pub rejected: u64,
    /// Evaluations of f.
    pub slopes: u64,
    /// Evaluations of ∂f/∂y.
    pub jacobians: u64,
    /// Factorisations: of a real and a complex matrix each.
    pub factorisations: u64,
}

/// A first step, so that Euler's method and its second derivative stay within the tolerance.
///
/// Source: Hairer, Nørsett & Wanner, §II.4. `room` has the length of y twice.
fn first_step(
    system: &mut impl System,
    tolerance: Tolerance,
    order: i32,
    (x, end): (f64, f64),
    y: &[f64],
    slope: &[f64],
    room: &mut [f64],
) -> f64 {
    let size = tolerance.norm(y, y, y);
    let speed = tolerance.norm(slope, y, y);
    let guess = if size < 1e-5 || speed < 1e-5 { 1e-6 } else { 0.01 * size / speed };
    let mut h = guess.min(end - x);
    let (ahead, there) = room.split_at_mut(y.len());
    let bend = loop {
        for ((a, y), f) in ahead.iter_mut().zip(y).zip(slope) {
            *a = y + h * f;
        }
        if system.slope(x + h, ahead, there) {
            for (t, f) in there.iter_mut().zip(slope) {
                *t -= f;
            }
            let bend = tolerance.norm(there, y, y) / h;
            if bend.is_finite() {
                break bend;
            }
        }
        // A guess so long that the slope there is beyond all bounds.
        h *= 0.1;
        if x + h == x {
            return h;
        }
    };
    let largest = speed.max(bend);
    let second =
        if largest <= 1e-15 { (1e-3 * h).max(1e-6) } else { (0.01 / largest).powf(1.0 / f64::from(order + 1)) };
    (100.0 * h).min(second).min(end - x)
}
