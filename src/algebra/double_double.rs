//! Numbers of about 32 digits, hi + lo: an angle of 1e-15 shows in the margin only as 1e-30.
//!
//! Source: Joldes, Muller & Popescu, "Tight and rigorous error bounds for basic building blocks of double-word
//! arithmetic" (2017), Algorithms 6, 9, 11; every operation here errs by at most 16 units of 2⁻¹⁰⁶, relatively.

use std::ops::{Add, Div, Mul, Neg, Sub};

/// The unevaluated sum `hi + lo` with |lo| ≤ ulp(hi)/2.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct DoubleDouble {
    hi: f64,
    lo: f64,
}

/// (s, e) with s = fl(a + b) and s + e = a + b exactly.
fn two_sum(a: f64, b: f64) -> (f64, f64) {
    let s = a + b;
    let t = s - a;
    (s, (a - (s - t)) + (b - t))
}

/// As [`two_sum`], for |a| ≥ |b|.
fn fast_two_sum(a: f64, b: f64) -> DoubleDouble {
    let hi = a + b;
    DoubleDouble { hi, lo: b - (hi - a) }
}

impl DoubleDouble {
    /// 0.
    pub(crate) const ZERO: Self = Self { hi: 0.0, lo: 0.0 };
    /// 1.
    pub(crate) const ONE: Self = Self { hi: 1.0, lo: 0.0 };

    /// The nearest f64.
    pub(crate) fn to_f64(self) -> f64 {
        self.hi
    }

    /// √self for self ≥ 0; one Newton step from the f64 root.
    pub(crate) fn sqrt(self) -> Self {
        if self.hi <= 0.0 {
            return Self::ZERO;
        }
        let root = self.hi.sqrt();
        let rest = self - Self::from(root) * root;
        fast_two_sum(root, rest.hi / (2.0 * root))
    }
}

impl From<f64> for DoubleDouble {
    fn from(hi: f64) -> Self {
        Self { hi, lo: 0.0 }
    }
}

impl Add for DoubleDouble {
    type Output = Self;
    fn add(self, other: Self) -> Self {
        let (s, e) = two_sum(self.hi, other.hi);
        let (t, f) = two_sum(self.lo, other.lo);
        let v = fast_two_sum(s, e + t);
        fast_two_sum(v.hi, f + v.lo)
    }
}

impl Neg for DoubleDouble {
    type Output = Self;
    fn neg(self) -> Self {
        Self { hi: -self.hi, lo: -self.lo }
    }
}

impl Sub for DoubleDouble {
    type Output = Self;
    fn sub(self, other: Self) -> Self {
        self + -other
    }
}

impl Mul<f64> for DoubleDouble {
    type Output = Self;
    fn mul(self, factor: f64) -> Self {
        let p = self.hi * factor;
        let e = self.hi.mul_add(factor, -p);
        fast_two_sum(p, self.lo.mul_add(factor, e))
    }
}

impl Mul for DoubleDouble {
    type Output = Self;
    fn mul(self, other: Self) -> Self {
        let p = self.hi * other.hi;
        let e = self.hi.mul_add(other.hi, -p);
        fast_two_sum(p, e + self.lo.mul_add(other.hi, self.hi * other.lo))
    }
}

impl Div for DoubleDouble {
    type Output = Self;
    fn div(self, other: Self) -> Self {
        let q = self.hi / other.hi;
        fast_two_sum(q, (self - other * q).hi / other.hi)
    }
}

/// Whether Σ aᵢbᵢ is zero exactly, by a sum that loses no bit (Shewchuk's growing expansions). The products must not
/// underflow.
pub(crate) fn is_exactly_zero(products: impl Iterator<Item = (f64, f64)>) -> bool {
    let mut expansion: Vec<f64> = Vec::new();
    for (a, b) in products {
        let p = a * b;
        for mut term in [a.mul_add(b, -p), p] {
            for part in &mut expansion {
                let (sum, rest) = two_sum(term, *part);
                *part = rest;
                term = sum;
            }
            expansion.push(term);
            expansion.retain(|part| *part != 0.0);
        }
    }
    expansion.is_empty()
}
