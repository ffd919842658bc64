//! The angle between two vectors, to the last digits at 0 and at π.

use crate::algebra::matrix::Short;
use crate::algebra::vector::{add_scaled, difference_of_products, dot, largest_index, norm, scaled};
use crate::error::{Error, Result};
use ndarray::ArrayView1;
use std::borrow::Cow;

/// ∠(a, b) = atan2(‖a − b⟨a,b⟩/‖b‖²‖, ⟨a,b⟩/‖b‖) in radians, from 0 to π, for two vectors of length d.
///
/// The orthogonal part comes from 2×2 minors of (a, b) in compensated arithmetic: an angle of 1e-30 is as accurate
/// as one of 1, where arccos stops at 1e-8.
///
/// # Errors
/// Lengths that differ, empty or zero vectors, NaN or infinite entries.
///
/// ```
/// # use implicit_bias::prelude::*;
/// assert_eq!(angle(&[1.0, 0.0], &[0.0, 2.0])?, std::f64::consts::FRAC_PI_2);
/// assert_eq!(angle(&[1.0, 1e-30], &[1.0, 0.0])?, 1e-30);
/// # Ok::<(), Error>(())
/// ```
pub fn angle<'a, 'b>(a: impl Into<ArrayView1<'a, f64>>, b: impl Into<ArrayView1<'b, f64>>) -> Result<f64> {
    let (a, b) = (a.into(), b.into());
    if a.len() != b.len() {
        return Err(Error::shape("angle(a, b)", format!("two vectors of length {}", a.len()), b.len()));
    }
    let (a, b) = (direction("angle(a)", a)?, direction("angle(b)", b)?);
    let p = largest_index(&b);
    let mut orthogonal: Short =
        a.iter().zip(&*b).map(|(x, y)| difference_of_products(*x, b[p], *y, a[p]) / b[p]).collect();
    let overlap = dot(&orthogonal, &b) / dot(&b, &b);
    add_scaled(&mut orthogonal, -overlap, &b);
    // By its largest entry first: a tiny part must not be lost to the underflow of its square.
    let size = orthogonal[largest_index(&orthogonal)].abs().max(f64::MIN_POSITIVE);
    orthogonal.iter_mut().for_each(|v| *v /= size);
    Ok((size * norm(&orthogonal)).atan2(dot(&a, &b) / norm(&b)))
}

/// The entries of a non-zero vector, moved near 1.
pub(super) fn direction<'a>(name: &str, v: ArrayView1<'a, f64>) -> Result<Cow<'a, [f64]>> {
    let entries = match v.to_slice() {
        Some(slice) => Cow::Borrowed(slice),
        None => Cow::Owned(v.to_vec()),
    };
    let (entries, _, square) = scaled(entries, |i| format!("{name}[{i}]"))?;
    if square == 0.0 {
        return Err(Error::argument(
            name,
            "a non-zero vector, which has a direction",
            format_args!("{} zeros", v.len()),
        ));
    }
    Ok(entries)
}
