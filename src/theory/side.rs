//! The support vectors seen along ū: their projections on its orthogonal complement.

use crate::algebra::vector::dot_in_turn as dot;
use crate::dataset::Dataset;
use crate::error::{Error, Result};
use crate::reference::MaxMargin;
use ndarray::Array1;

/// Projections pᵢ of the support vectors zᵢ on ū^⊥, in orthonormal coordinates of it.
pub(super) struct Side {
    /// One row of d − 1 coordinates a support vector, times `2^-exponent`.
    pub points: Vec<Vec<f64>>,
    /// The largest |entry| of a support vector is in `[½, 1)`·2^exponent.
    pub exponent: i32,
    /// The Householder vector h: I − 2hhᵀ/‖h‖² turns ū into the first axis.
    mirror: Array1<f64>,
}

impl Side {
    /// As [`Self::of`], where there is a direction aside of ū: d ≥ 2.
    pub fn in_space(caller: &str, data: &Dataset, svm: &MaxMargin) -> Result<Self> {
        let side = Self::of(caller, data, svm)?;
        if data.d() == 1 {
            return Err(Error::argument(format_args!("{caller}(data)"), "d ≥ 2, to have a direction ⟂ ū", "d = 1"));
        }
        Ok(side)
    }

    /// Of the support vectors of `svm`, which must be the maximum margin of `data` through the origin.
    pub fn of(caller: &str, data: &Dataset, svm: &MaxMargin) -> Result<Self> {
        let u = svm.direction();
        if u.len() != data.d() {
            return Err(Error::shape(format_args!("{caller}(svm), to match the data"), data.d(), u.len()));
        }
        let foreign = |found: String| {
            let expected = "the maximum margin of this data through the origin";
            Error::argument(format_args!("{caller}(svm)"), expected, found)
        };
        if let Some(i) = svm.support().iter().find(|i| **i >= data.n()) {
            return Err(foreign(format!("support vector {i} of n = {}", data.n())));
        }
        let z = data.mirrored().select(ndarray::Axis(0), svm.support());
        let largest = z.fold(0.0_f64, |m, v| m.max(v.abs()));
        let (_, exponent) = libm::frexp(largest);
        let z = z.mapv(|v| libm::ldexp(v, -exponent));
        let margin = libm::ldexp(svm.margin(), -exponent);
        // What counts as tied, and what ū and this product may be off by.
        let room = 2e-9 * margin + (svm.angle_bound() + 1e-14) * (data.d() as f64).sqrt();
        for (q, i) in z.dot(&u).iter().zip(svm.support()) {
            if (q - margin).abs() > room {
                let found = libm::ldexp(*q, exponent);
                return Err(foreign(format!("y[{i}]⟨ū, x[{i}]⟩ = {found}, γ = {}", svm.margin())));
            }
        }

        let mut mirror = u.to_owned();
        mirror[0] += if u[0] < 0.0 { -1.0 } else { 1.0 };
        let points = z.rows().into_iter().map(|z| reflected(&mirror, z.to_owned()).split_off(1)).collect();
        Ok(Self { points, exponent, mirror })
    }

    /// d − 1.
    pub fn dim(&self) -> usize {
        self.mirror.len() - 1
    }

    /// The vector ⟂ ū, length d, with these d − 1 coordinates.
    pub fn back(&self, coordinates: &[f64]) -> Array1<f64> {
        let lifted = std::iter::once(0.0).chain(coordinates.iter().copied()).collect();
        Array1::from_vec(reflected(&self.mirror, lifted))
    }
}

/// What of v is perpendicular to the orthonormal basis, at unit length; the length that it had. Twice, against cancellation.
pub(super) fn perpendicular(mut v: Vec<f64>, basis: &[Vec<f64>]) -> (Vec<f64>, f64) {
    for _ in 0..2 {
        for b in basis {
            let along = dot(&v, b);
            v.iter_mut().zip(b).for_each(|(v, b)| *v -= along * b);
        }
    }
    let length = dot(&v, &v).sqrt();
    v.iter_mut().for_each(|v| *v /= length);
    (v, length)
}

/// An orthonormal basis of the vectors' span, always with the longest remainder next, down to `floor`.
pub(super) fn basis(vectors: &[&[f64]], floor: f64) -> Vec<Vec<f64>> {
    let mut basis: Vec<Vec<f64>> = vec![];
    loop {
        let remainders = vectors.iter().map(|v| perpendicular(v.to_vec(), &basis));
        match remainders.max_by(|a, b| a.1.total_cmp(&b.1)) {
            Some((direction, length)) if length > floor => basis.push(direction),
            _ => return basis,
        }
    }
}

fn reflected(mirror: &Array1<f64>, mut v: Array1<f64>) -> Vec<f64> {
    v.scaled_add(-2.0 * mirror.dot(&v) / mirror.dot(mirror), mirror);
    v.to_vec()
}
