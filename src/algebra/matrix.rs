//! A checked, safely scaled view of a matrix, row by row; what the spectrum's functions stand on.

use super::vector::{add_scaled, dot, scaled};
use crate::error::{Error, Result, finite};
use ndarray::ArrayView2;
use smallvec::SmallVec;
use std::borrow::Cow;
use std::fmt;

/// A vector that stays off the heap up to length 4, so that a probe of 2×2 layers does not allocate.
pub(crate) type Short = SmallVec<[f64; 4]>;

/// What an error calls the matrix.
#[derive(Clone, Copy)]
pub(crate) enum Name {
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
pub(crate) struct Matrix<'a> {
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
