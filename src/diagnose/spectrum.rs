//! Norms, singular values, and the distance to rank one.

use super::each_layer;
use crate::algebra::jacobi::jacobi_singular_values;
use crate::algebra::matrix::{Matrix, Name};
use crate::algebra::tail::{Energies, remainder};
use crate::algebra::top::{Top, top_value};
use crate::error::Result;
use crate::network::Network;
use ndarray::{Array1, ArrayView2};

/// σ₁ = ‖W‖₂ with unit singular vectors: W v₁ = σ₁u₁. Their common sign is arbitrary, as is their choice when σ₁ = σ₂.
#[derive(Clone, Debug, PartialEq)]
pub struct TopSingular {
    /// σ₁.
    pub value: f64,
    /// u₁, one entry a row of W.
    pub left: Array1<f64>,
    /// v₁, one entry a column of W.
    pub right: Array1<f64>,
}

/// ‖W‖₂ = σ₁, the largest singular value of `w`, shape `(m, n)`.
///
/// Closed form when m or n is ≤ 2, Lanczos otherwise.
///
/// # Errors
/// An empty matrix, a NaN or infinite entry, a norm beyond 1.8e308.
///
/// ```
/// # use implicit_bias::prelude::*;
/// assert_eq!(spectral_norm(&array![[3.0, 0.0], [0.0, 4.0]])?, 4.0);
/// # Ok::<(), Error>(())
/// ```
pub fn spectral_norm<'a>(w: impl Into<ArrayView2<'a, f64>>) -> Result<f64> {
    spectral(Name::Matrix, w.into())
}

/// ‖W‖_F = √(Σ Wᵢⱼ²), without over- or underflow on the way.
///
/// # Errors
/// An empty matrix, a NaN or infinite entry, a norm beyond 1.8e308.
///
/// ```
/// # use implicit_bias::prelude::*;
/// assert_eq!(frobenius_norm(&array![[3.0, 4.0]])?, 5.0);
/// assert_eq!(frobenius_norm(&array![[1e-300], [0.0]])?, 1e-300);                // its square is no f64
/// # Ok::<(), Error>(())
/// ```
pub fn frobenius_norm<'a>(w: impl Into<ArrayView2<'a, f64>>) -> Result<f64> {
    frobenius(Name::Matrix, w.into())
}

/// ‖W‖₂/‖W‖_F, between 1/√min(m, n) and 1; 1 iff W has rank one.
///
/// Source: Ji & Telgarsky, Figure 1b; its complement [`rank_one_gap`] resolves what rounds to 1 here.
///
/// # Errors
/// As [`frobenius_norm`], and the zero matrix.
pub fn spectral_ratio<'a>(w: impl Into<ArrayView2<'a, f64>>) -> Result<f64> {
    ratio(Name::Matrix, w.into())
}

/// 1 − ‖W‖₂/‖W‖_F = S/(F(F + σ₁)), S = Σ_{i≥2} σᵢ², F = ‖W‖_F: zero iff W has rank one.
///
/// S comes from 2×2 minors in compensated arithmetic, so that a gap of 1e-30 has as many good digits as one of 0.1.
///
/// # Errors
/// As [`frobenius_norm`], and the zero matrix.
///
/// ```
/// # use implicit_bias::diagnose::rank_one_gap;
/// # use implicit_bias::prelude::*;
/// assert_eq!(rank_one_gap(&array![[1.0, 2.0], [2.0, 4.0]])?, 0.0);
/// assert_eq!(rank_one_gap(&array![[1.0, 0.0], [0.0, 1e-15]])?, 1e-30 / 2.0);
/// # Ok::<(), Error>(())
/// ```
pub fn rank_one_gap<'a>(w: impl Into<ArrayView2<'a, f64>>) -> Result<f64> {
    gap(Name::Matrix, w.into())
}

/// σ₁ ≥ … ≥ σ_min(m,n) of `w`, shape `(m, n)`.
///
/// σ₁ and σ₂ are accurate to the last digits, however far apart; the others to ε σ₂ or better.
///
/// # Errors
/// An empty matrix, a NaN or infinite entry, a norm beyond 1.8e308.
///
/// ```
/// # use implicit_bias::prelude::*;
/// assert_eq!(singular_values(&array![[0.0, 2.0], [-3.0, 0.0]])?, [3.0, 2.0]);
/// # Ok::<(), Error>(())
/// ```
pub fn singular_values<'a>(w: impl Into<ArrayView2<'a, f64>>) -> Result<Vec<f64>> {
    let m = Matrix::new(Name::Matrix, w.into())?;
    scaled_singular_values(&m)?.into_iter().map(|s| m.unscale("‖w‖₂", s)).collect()
}

/// σ₁ with its left and right singular vectors.
///
/// # Errors
/// As [`frobenius_norm`], and the zero matrix, which has no first direction.
///
/// ```
/// # use implicit_bias::prelude::*;
/// let top = top_singular(&array![[0.0, 2.0], [0.0, 0.0]])?;
/// assert_eq!((top.value, top.left[0].abs(), top.right[1].abs()), (2.0, 1.0, 1.0));
/// # Ok::<(), Error>(())
/// ```
pub fn top_singular<'a>(w: impl Into<ArrayView2<'a, f64>>) -> Result<TopSingular> {
    let m = Matrix::nonzero(Name::Matrix, w.into(), "the first singular vector")?;
    let Top { value, left, right } = Top::of(&m)?;
    Ok(TopSingular {
        value: m.unscale("‖w‖₂", value)?,
        left: Array1::from_vec(left.into_vec()),
        right: Array1::from_vec(right.into_vec()),
    })
}

/// ‖W₁‖₂, …, ‖W_L‖₂.
///
/// # Errors
/// As [`spectral_norm`], naming the layer.
pub fn spectral_norms(net: &Network) -> Result<Vec<f64>> {
    each_layer(net, spectral)
}

/// ‖W₁‖_F, …, ‖W_L‖_F.
///
/// # Errors
/// As [`frobenius_norm`], naming the layer.
pub fn frobenius_norms(net: &Network) -> Result<Vec<f64>> {
    each_layer(net, frobenius)
}

/// ‖W_k‖₂/‖W_k‖_F for k = 1 … L; Theorems 1 and 3 send each to 1.
///
/// # Errors
/// As [`spectral_ratio`], naming the layer.
pub fn spectral_ratios(net: &Network) -> Result<Vec<f64>> {
    each_layer(net, ratio)
}

/// 1 − ‖W_k‖₂/‖W_k‖_F for k = 1 … L.
///
/// # Errors
/// As [`rank_one_gap`], naming the layer.
///
/// ```
/// # use implicit_bias::prelude::*;
/// let net = Network::from_layers(&[array![[1.0, 0.0], [0.0, 1.0]], array![[1.0, 2.0]]])?;
/// let gaps = rank_one_gaps(&net)?;
/// assert!((gaps[0] - (1.0 - 0.5_f64.sqrt())).abs() < 1e-16 && gaps[1] == 0.0);
/// # Ok::<(), Error>(())
/// ```
pub fn rank_one_gaps(net: &Network) -> Result<Vec<f64>> {
    each_layer(net, gap)
}

fn spectral(name: Name, w: ArrayView2<'_, f64>) -> Result<f64> {
    if let Some(energies) = Energies::closed_form(&w) {
        return Ok(energies.top);
    }
    let m = Matrix::new(name, w)?;
    if m.is_zero() {
        return Ok(0.0);
    }
    m.unscale(format_args!("‖{name}‖₂"), top_value(&m)?)
}

pub(super) fn frobenius(name: Name, w: ArrayView2<'_, f64>) -> Result<f64> {
    let m = Matrix::new(name, w)?;
    m.unscale(format_args!("‖{name}‖_F"), m.square().sqrt())
}

pub(super) fn gap(name: Name, w: ArrayView2<'_, f64>) -> Result<f64> {
    let Energies { square, top, tail } = energies(name, w, "‖W‖₂/‖W‖_F")?;
    let f = square.sqrt();
    Ok(tail / (f * (f + top)))
}

/// The energies of a matrix that must not be zero because `quantity` is 0/0 there.
pub(super) fn energies(name: Name, w: ArrayView2<'_, f64>, quantity: &str) -> Result<Energies> {
    match Energies::closed_form(&w) {
        Some(energies) => Ok(energies),
        None => Energies::of(&Matrix::nonzero(name, w, quantity)?),
    }
}

fn ratio(name: Name, w: ArrayView2<'_, f64>) -> Result<f64> {
    Ok(1.0 - gap(name, w)?)
}

/// Singular values in the scaled unit, largest first.
pub(super) fn scaled_singular_values(m: &Matrix) -> Result<Vec<f64>> {
    let short = m.rows.min(m.cols);
    if m.is_zero() {
        return Ok(vec![0.0; short]);
    }
    if short <= 2 {
        let Energies { top, tail, .. } = Energies::of(m)?;
        return Ok([top, tail.sqrt().min(top)][..short].to_vec());
    }
    // σ₁ is taken out first, so that Jacobi's errors are relative to σ₂.
    let top = Top::of(m)?;
    let rest = remainder(m, &top);
    let rows = if m.rows == short {
        rest.chunks_exact(m.cols).map(<[f64]>::to_vec).collect()
    } else {
        (0..m.cols).map(|j| rest.iter().skip(j).step_by(m.cols).copied().collect()).collect()
    };
    let mut values = vec![top.value];
    // The remainder has one direction less; its last value is the rounding noise of that direction.
    values.extend(jacobi_singular_values(rows)?.into_iter().take(short - 1).map(|s| s.min(top.value)));
    Ok(values)
}
