//! The largest eigenvalue of a symmetric operator that is only known by what it does to a vector.

use super::vector::{add_scaled, dot, norm, normalize};
use crate::error::{Error, Result, finite};

/// A fixed vector without structure, so that no eigenvector of interest is orthogonal to it; same bits every time.
pub(crate) fn generic_vector(len: usize) -> Vec<f64> {
    // Multiples of the golden ratio modulo 1 are equidistributed and never repeat.
    (1..=len).map(|i| (i as f64 * 0.618_033_988_749_894_9).fract() - 0.5 + 1e-3).collect()
}

/// Largest eigenvalue λ and unit eigenvector of the symmetric `apply` (x, out ← Ax), from `start`.
///
/// Lanczos with full reorthogonalisation, restarted when the basis grows long; ends when ‖Ax − λx‖ ≤ `tolerance`·|λ|, or at the full dimension.
///
/// Source: Golub & Van Loan, Matrix Computations, §10.1–10.3.
pub(crate) fn top_eigenpair(
    mut start: Vec<f64>,
    tolerance: f64,
    mut apply: impl FnMut(&[f64], &mut [f64]),
) -> Result<(f64, Vec<f64>)> {
    const MAX_BASIS: usize = 300;
    const MAX_RESTARTS: usize = 100;
    let dim = start.len();
    normalize(&mut start);
    let (mut basis, mut diagonal, mut off) = (vec![start], Vec::new(), Vec::<f64>::new());
    let (mut floor, mut restarts) = (f64::NEG_INFINITY, 0);
    loop {
        let step = basis.len();
        let mut next = vec![0.0; dim];
        apply(&basis[step - 1], &mut next);
        diagonal.push(dot(&basis[step - 1], &next));
        // The two terms of the recurrence first, so that one pass over the whole basis is enough for the rest.
        add_scaled(&mut next, -diagonal[step - 1], &basis[step - 1]);
        if step > 1 {
            add_scaled(&mut next, -off[step - 2], &basis[step - 2]);
        }
        for q in &basis {
            let overlap = dot(q, &next);
            add_scaled(&mut next, -overlap, q);
        }
        let residual = finite("Lanczos iteration, ‖Ax‖", norm(&next))?;
        let size = diagonal.iter().chain(&off).fold(0.0_f64, |m, v| m.max(v.abs()));
        let exhausted = step == dim || residual <= f64::EPSILON * size;
        if exhausted || step <= 8 || step % 4 == 0 {
            let (value, weights) = tridiagonal_top(&diagonal, &off, floor);
            floor = value;
            let error = residual * weights[step - 1].abs();
            if exhausted || error <= tolerance * value.abs() {
                return Ok((value, ritz(&basis, &weights)));
            }
            if step >= MAX_BASIS {
                if restarts == MAX_RESTARTS {
                    return Err(Error::NotConverged {
                        what: "Lanczos iteration for the largest eigenvalue".into(),
                        expected: format!("a relative residual ≤ {tolerance:e} in {MAX_RESTARTS} restarts"),
                        reached: format!("{:e}", error / value.abs()),
                    });
                }
                restarts += 1;
                (basis, diagonal, off) = (vec![ritz(&basis, &weights)], Vec::new(), Vec::new());
                continue;
            }
        }
        off.push(residual);
        next.iter_mut().for_each(|v| *v /= residual);
        basis.push(next);
    }
}

/// The unit vector with coordinates `weights` in `basis`.
fn ritz(basis: &[Vec<f64>], weights: &[f64]) -> Vec<f64> {
    let mut vector = vec![0.0; basis[0].len()];
    for (q, t) in basis.iter().zip(weights) {
        add_scaled(&mut vector, *t, q);
    }
    normalize(&mut vector);
    vector
}

/// Largest eigenvalue, known to be ≥ `floor`, and unit eigenvector of a symmetric tridiagonal matrix.
fn tridiagonal_top(diagonal: &[f64], off: &[f64], floor: f64) -> (f64, Vec<f64>) {
    let k = diagonal.len();
    let around = |i: usize| if i > 0 { off[i - 1].abs() } else { 0.0 } + if i + 1 < k { off[i].abs() } else { 0.0 };
    let mut low = diagonal.iter().copied().fold(floor, f64::max);
    let size = (0..k).map(|i| diagonal[i].abs() + around(i)).fold(0.0, f64::max);
    let mut high = (0..k).map(|i| diagonal[i] + around(i)).fold(low, f64::max) + f64::EPSILON * size;
    // Bisection: x lies above all eigenvalues iff every pivot of T − x is negative (Sylvester's inertia).
    while high - low > 2.0 * f64::EPSILON * high.abs().max(f64::EPSILON * size) {
        let x = 0.5 * (low + high);
        let mut pivot = diagonal[0] - x;
        let above =
            (1..k).try_for_each(|i| (pivot < 0.0).then(|| pivot = diagonal[i] - x - off[i - 1] * off[i - 1] / pivot));
        if above.is_some() && pivot < 0.0 { high = x } else { low = x }
    }
    (0.5 * (low + high), twisted_vector(diagonal, off, high))
}

/// Eigenvector for the eigenvalue just below x, from the twisted factorisation whose middle pivot is smallest
/// (Dhillon & Parlett 2004); all pivots are negative because x is above the spectrum.
fn twisted_vector(diagonal: &[f64], off: &[f64], x: f64) -> Vec<f64> {
    let k = diagonal.len();
    let (mut down, mut up) = (vec![diagonal[0] - x; k], vec![diagonal[k - 1] - x; k]);
    for i in 1..k {
        down[i] = diagonal[i] - x - off[i - 1] * off[i - 1] / down[i - 1];
    }
    for i in (0..k - 1).rev() {
        up[i] = diagonal[i] - x - off[i] * off[i] / up[i + 1];
    }
    let middle = |i: usize| (down[i] + up[i] - (diagonal[i] - x)).abs();
    let twist = (0..k).fold(0, |best, i| if middle(i) < middle(best) { i } else { best });
    let mut vector = vec![0.0; k];
    vector[twist] = 1.0;
    for i in (0..twist).rev() {
        vector[i] = -off[i] * vector[i + 1] / down[i];
    }
    for i in twist + 1..k {
        vector[i] = -off[i - 1] * vector[i - 1] / up[i];
    }
    normalize(&mut vector);
    vector
}
