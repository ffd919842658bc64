//! A checked, safely scaled view of a matrix, row by row; all of the spectrum code stands on it.

use crate::error::{Error, Result, finite};
use ndarray::ArrayView2;
use smallvec::SmallVec;
use std::borrow::Cow;
use std::fmt;

/// A vector that stays off the heap up to length 4, so that a probe of 2×2 layers does not allocate.
pub(super) type Short = SmallVec<[f64; 4]>;

/// What an error calls the matrix.
#[derive(Clone, Copy)]
pub(super) enum Name {
    /// The argument `w`.
    Matrix,
    /// Layer k of a network.
    Layer(usize),
}

impl fmt::Display for Name {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Matrix => f.write_str("w"),
            Self::Layer(k) => write!(f, "W_{k}"),
        }
    }
}

/// Finite entries, row-major, times `scale`: the entries' squares and fourth powers neither over- nor underflow.
pub(super) struct Matrix<'a> {
    pub rows: usize,
    pub cols: usize,
    pub entries: Cow<'a, [f64]>,
    /// A power of two: w = entries / scale.
    pub scale: f64,
    /// Σ entries².
    square: f64,
}

impl<'a> Matrix<'a> {
    pub fn new(name: Name, w: ArrayView2<'a, f64>) -> Result<Self> {
        let (rows, cols) = w.dim();
        if rows == 0 || cols == 0 {
            return Err(Error::shape(name, "(m ≥ 1, n ≥ 1)", format!("({rows}, {cols})")));
        }
        let entries = match w.to_slice() {
            Some(slice) => Cow::Borrowed(slice),
            None => Cow::Owned(w.iter().copied().collect()),
        };
        let (entries, scale, square) = scaled(entries, |i| format!("{name}[{}, {}]", i / cols, i % cols))?;
        Ok(Self { rows, cols, entries, scale, square })
    }

    /// [`Matrix::new`], refusing the zero matrix because `quantity` is 0/0 there.
    pub fn nonzero(name: Name, w: ArrayView2<'a, f64>, quantity: &str) -> Result<Self> {
        let m = Self::new(name, w)?;
        if m.is_zero() {
            return Err(Error::argument(
                name,
                format_args!("a non-zero matrix ({quantity} is 0/0 at zero)"),
                "all zeros",
            ));
        }
        Ok(m)
    }

    pub fn is_zero(&self) -> bool {
        self.square == 0.0
    }

    pub fn row(&self, i: usize) -> &[f64] {
        &self.entries[i * self.cols..(i + 1) * self.cols]
    }

    /// ‖W‖_F² = Σ entries², in the scaled unit.
    pub fn square(&self) -> f64 {
        self.square
    }

    /// Wᵀ.
    pub fn transposed(&self) -> Self {
        let entries = (0..self.cols).flat_map(|j| self.entries.iter().skip(j).step_by(self.cols).copied()).collect();
        Self { rows: self.cols, cols: self.rows, entries: Cow::Owned(entries), ..*self }
    }

    /// A length in the scaled unit, back in that of w; an error where that is no f64.
    pub fn unscale(&self, what: impl fmt::Display, length: f64) -> Result<f64> {
        finite(what, length / self.scale)
    }

    /// `out` = Wx.
    pub fn times(&self, x: &[f64], out: &mut [f64]) {
        for (i, slot) in out.iter_mut().enumerate() {
            *slot = dot(self.row(i), x);
        }
    }

    /// `out` = WᵀWx in one pass over W.
    pub fn normal_times(&self, x: &[f64], out: &mut [f64]) {
        out.fill(0.0);
        for row in self.entries.chunks_exact(self.cols) {
            add_scaled(out, dot(row, x), row);
        }
    }

    /// `out` = Wᵀx, row by row: the columns of a row-major matrix are far apart.
    pub fn transpose_times(&self, x: &[f64], out: &mut [f64]) {
        out.fill(0.0);
        for (i, &xi) in x.iter().enumerate() {
            add_scaled(out, xi, self.row(i));
        }
    }
}

/// Sums of squares between these lose nothing to over- or underflow, nor do fourth powers of the entries.
pub(crate) const ORDINARY: std::ops::Range<f64> = 1e-100..1e100;

/// Finite `entries`, the power of two that moved them near 1 (1, untouched, in the ordinary range), their Σ entries².
pub(super) fn scaled(entries: Cow<'_, [f64]>, locate: impl Fn(usize) -> String) -> Result<(Cow<'_, [f64]>, f64, f64)> {
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
pub(super) fn dot(a: &[f64], b: &[f64]) -> f64 {
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

/// ‖a‖₂ of entries in the ordinary range.
pub(super) fn norm(a: &[f64]) -> f64 {
    dot(a, a).sqrt()
}

/// `a` += t·`b`.
pub(super) fn add_scaled(a: &mut [f64], t: f64, b: &[f64]) {
    for (x, y) in a.iter_mut().zip(b) {
        *x += t * y;
    }
}

/// `a` / ‖`a`‖ in place; the norm.
pub(super) fn normalize(a: &mut [f64]) -> f64 {
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
pub(super) fn largest_index(a: &[f64]) -> usize {
    (0..a.len()).fold(0, |best, i| if a[i].abs() > a[best].abs() { i } else { best })
}
