//! Sums and products of plain slices.

use crate::error::{Error, Result};
use ndarray::aview1;
use std::borrow::Cow;

/// Sums of squares between these lose nothing to over- or underflow, nor do fourth powers of the entries.
pub(crate) const ORDINARY: std::ops::Range<f64> = 1e-100..1e100;

/// Finite `entries`, the power of two that moved them near 1 (1, untouched, in the ordinary range), their Σ entries².
pub(crate) fn scaled(entries: Cow<'_, [f64]>, locate: impl Fn(usize) -> String) -> Result<(Cow<'_, [f64]>, f64, f64)> {
    let square = dot(&entries, &entries);
    // False for a NaN or infinite entry, and for numbers whose squares would be lost.
    if ORDINARY.contains(&square) {
        return Ok((entries, 1.0, square));
    }
    let mut largest = 0.0_f64;
    for (i, v) in entries.iter().enumerate() {
        if !v.is_finite() {
            return Err(Error::NotFinite { what: locate(i), found: *v });
        }
        largest = largest.max(v.abs());
    }
    if largest == 0.0 {
        return Ok((entries, 1.0, 0.0));
    }
    // Kept within ±1000 so that the factor itself and its inverse are normal numbers.
    let scale = (-largest.log2().floor()).clamp(-1000.0, 1000.0).exp2();
    let moved: Vec<f64> = entries.iter().map(|v| v * scale).collect();
    let square = dot(&moved, &moved);
    Ok((Cow::Owned(moved), scale, square))
}

/// ⟨a, b⟩ in eight interleaved sums, which the compiler turns into vector code.
pub(crate) fn dot(a: &[f64], b: &[f64]) -> f64 {
    let mut sums = [0.0; 8];
    let (a8, b8) = (a.chunks_exact(8), b.chunks_exact(8));
    let rest: f64 = a8.remainder().iter().zip(b8.remainder()).map(|(x, y)| x * y).sum();
    if a.len() < 8 {
        return rest;
    }
    for (x, y) in a8.zip(b8) {
        for lane in 0..8 {
            sums[lane] += x[lane] * y[lane];
        }
    }
    sums.iter().sum::<f64>() + rest
}

/// ⟨a, b⟩ in ndarray's eight sums, which it adds up in another order than [`dot`]: the references were recorded with it.
pub(crate) fn dot_unrolled(a: &[f64], b: &[f64]) -> f64 {
    aview1(a).dot(&aview1(b))
}

/// ⟨a, b⟩ term by term; up to seven of them the other two give the same bits.
pub(crate) fn dot_in_turn(a: &[f64], b: &[f64]) -> f64 {
    a.iter().zip(b).map(|(a, b)| a * b).sum()
}

/// ‖a‖₂ of entries in the ordinary range.
pub(crate) fn norm(a: &[f64]) -> f64 {
    dot(a, a).sqrt()
}

/// `a` += t·`b`.
pub(crate) fn add_scaled(a: &mut [f64], t: f64, b: &[f64]) {
    for (x, y) in a.iter_mut().zip(b) {
        *x += t * y;
    }
}

/// `a` / ‖`a`‖ in place; the norm.
pub(crate) fn normalize(a: &mut [f64]) -> f64 {
    let length = norm(a);
    a.iter_mut().for_each(|v| *v /= length);
    length
}

/// ab − cd to 1.5 units in the last place, however much cancels (Kahan's algorithm).
#[inline]
pub(crate) fn difference_of_products(a: f64, b: f64, c: f64, d: f64) -> f64 {
    let cd = c * d;
    a.mul_add(b, -cd) + (-c).mul_add(d, cd)
}

/// Index of the entry with the largest absolute value.
pub(crate) fn largest_index(a: &[f64]) -> usize {
    (0..a.len()).fold(0, |best, i| if a[i].abs() > a[best].abs() { i } else { best })
}
