//! One-sided Jacobi rotations: singular values and vectors to the last digits.

use super::vector::{dot, norm};
use crate::error::{Error, Result};

/// Singular values, largest first, of the matrix whose `short` rows (of equal length) are `rows`.
pub(crate) fn jacobi_singular_values(mut rows: Vec<Vec<f64>>) -> Result<Vec<f64>> {
    let len = rows.first().map_or(0, Vec::len);
    turn_orthogonal("singular_values", &mut rows, len)?;
    let mut values: Vec<f64> = rows.iter().map(|row| norm(row)).collect();
    values.sort_by(|a, b| b.total_cmp(a));
    Ok(values)
}

/// Rotates pairs of rows until their first `len` coordinates are orthogonal; what stands behind them is turned along.
///
/// The lengths are then the singular values of the matrix of those coordinates, the directions its right singular vectors,
/// and a unit matrix behind it has become the transposed left ones. Small values keep their relative accuracy as far as the
/// rows' scaling carries it.
///
/// Source: Demmel & Veselić, Jacobi's method is more accurate than QR, SIAM J. Matrix Anal. Appl. 13 (1992).
pub(crate) fn turn_orthogonal(caller: &str, rows: &mut [Vec<f64>], len: usize) -> Result<()> {
    const MAX_SWEEPS: usize = 60;
    let tolerance = f64::EPSILON * (len.max(1) as f64).sqrt();
    for _ in 0..MAX_SWEEPS {
        let mut rotated = false;
        // Fresh every sweep: the updates below drift, but the last sweep makes none.
        let mut squares: Vec<f64> = rows.iter().map(|row| dot(&row[..len], &row[..len])).collect();
        for i in 1..rows.len() {
            let (before, after) = rows.split_at_mut(i);
            let b = &mut after[0];
            for (j, a) in before.iter_mut().enumerate() {
                let (aa, bb, ab) = (squares[j], squares[i], dot(&a[..len], &b[..len]));
                // A row of length 1e-140 is a zero row's rounding noise; turning it would go on down to underflow.
                if aa.min(bb) < 1e-280 || ab.abs() <= tolerance * aa.sqrt() * bb.sqrt() {
                    continue;
                }
                rotated = true;
                let cot = (bb - aa) / (2.0 * ab);
                let t = cot.signum() / (cot.abs() + cot.hypot(1.0));
                let c = t.hypot(1.0).recip();
                let s = c * t;
                for (x, y) in a.iter_mut().zip(b.iter_mut()) {
                    (*x, *y) = (c * *x - s * *y, s * *x + c * *y);
                }
                (squares[j], squares[i]) = ((aa - t * ab).max(0.0), bb + t * ab);
            }
        }
        if !rotated {
            return Ok(());
        }
    }
    Err(Error::NotConverged {
        what: caller.into(),
        expected: format!("orthogonal rows within {MAX_SWEEPS} Jacobi sweeps"),
        reached: "rows that still turn".into(),
    })
}
