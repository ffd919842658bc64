//! Dense systems of equations, real or complex: LU with partial pivoting, in place.

use num_complex::Complex;
use std::ops::{Div, Mul, Sub};

/// A number that a matrix can be made of.
pub trait Scalar: Copy + Sub<Output = Self> + Mul<Output = Self> + Div<Output = Self> {
    /// 0.
    const ZERO: Self;
    /// What pivots are compared by.
    fn size(self) -> f64;
}

impl Scalar for f64 {
    const ZERO: Self = 0.0;
    fn size(self) -> f64 {
        self.abs()
    }
}

impl Scalar for Complex<f64> {
    const ZERO: Self = Complex { re: 0.0, im: 0.0 };
    fn size(self) -> f64 {
        self.re.abs() + self.im.abs()
    }
}

/// A square matrix and, once factorised, its factors.
#[derive(Clone, Debug)]
pub struct Lu<T> {
    n: usize,
    /// Row by row.
    pub entries: Vec<T>,
    swaps: Vec<usize>,
}

impl<T: Scalar> Lu<T> {
    /// An n × n matrix of zeros, whose entries are then written.
    pub fn new(n: usize) -> Self {
        Self { n, entries: vec![T::ZERO; n * n], swaps: vec![0; n] }
    }

    /// Replaces the matrix by its factors; false when it is singular or not finite.
    pub fn factorise(&mut self) -> bool {
        let n = self.n;
        for k in 0..n {
            let (mut pivot, mut largest) = (k, self.entries[k * n + k].size());
            for i in k + 1..n {
                let size = self.entries[i * n + k].size();
                if size > largest {
                    (pivot, largest) = (i, size);
                }
            }
            if !(largest > 0.0 && largest.is_finite()) {
                return false;
            }
            self.swaps[k] = pivot;
            let (above, below) = self.entries.split_at_mut((k + 1) * n);
            let row = &mut above[k * n..];
            if pivot != k {
                row.swap_with_slice(&mut below[(pivot - k - 1) * n..(pivot - k) * n]);
            }
            for other in below.chunks_exact_mut(n) {
                let factor = other[k] / row[k];
                other[k] = factor;
                for (o, r) in other[k + 1..].iter_mut().zip(&row[k + 1..]) {
                    *o = *o - factor * *r;
                }
            }
        }
        true
    }

    /// Solves for the right-hand side `b`, in place.
    pub fn solve(&self, b: &mut [T]) {
        let n = self.n;
        for k in 0..n {
            // Whole rows were swapped, so the factors below the pivots stand in their final order.
            b.swap(k, self.swaps[k]);
        }
        for i in 1..n {
            b[i] = self.entries[i * n..i * n + i].iter().zip(&*b).fold(b[i], |sum, (l, b)| sum - *l * *b);
        }
        for i in (0..n).rev() {
            let row = &self.entries[i * n..(i + 1) * n];
            let sum = row[i + 1..].iter().zip(&b[i + 1..]).fold(b[i], |sum, (u, b)| sum - *u * *b);
            b[i] = sum / row[i];
        }
    }
}
