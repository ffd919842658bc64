//! Two smooth counts of directions: both are 1 at rank one and min(m, n) for an orthogonal matrix.

use super::each_layer;
use super::spectrum::{energies, scaled_singular_values};
use crate::algebra::matrix::{Matrix, Name};
use crate::algebra::tail::Energies;
use crate::error::Result;
use crate::network::Network;
use ndarray::ArrayView2;

/// exp(−Σ pᵢ ln pᵢ), pᵢ = σᵢ/Σσⱼ: the entropy's count of singular directions.
///
/// Source: Roy & Vetterli, The effective rank, EUSIPCO 2007.
///
/// # Errors
/// An empty or zero matrix, a NaN or infinite entry.
///
/// ```
/// # use implicit_bias::diagnose::effective_rank;
/// # use implicit_bias::prelude::*;
/// assert_eq!(effective_rank(&array![[1.0, 2.0], [2.0, 4.0]])?, 1.0);
/// assert!((effective_rank(&array![[0.0, 5.0], [5.0, 0.0]])? - 2.0).abs() < 1e-15);
/// # Ok::<(), Error>(())
/// ```
pub fn effective_rank<'a>(w: impl Into<ArrayView2<'a, f64>>) -> Result<f64> {
    entropy_rank(Name::Matrix, w.into())
}

/// ‖W‖_F²/‖W‖₂² = 1 + Σ_{i≥2} σᵢ²/σ₁².
///
/// # Errors
/// An empty or zero matrix, a NaN or infinite entry.
///
/// ```
/// # use implicit_bias::diagnose::stable_rank;
/// # use implicit_bias::prelude::*;
/// assert_eq!(stable_rank(&array![[2.0, 0.0], [0.0, 1.0]])?, 1.25);
/// # Ok::<(), Error>(())
/// ```
pub fn stable_rank<'a>(w: impl Into<ArrayView2<'a, f64>>) -> Result<f64> {
    energy_rank(Name::Matrix, w.into())
}

/// [`effective_rank`] of W₁, …, W_L.
///
/// # Errors
/// As [`effective_rank`], naming the layer.
pub fn effective_ranks(net: &Network) -> Result<Vec<f64>> {
    each_layer(net, entropy_rank)
}

/// [`stable_rank`] of W₁, …, W_L.
///
/// # Errors
/// As [`stable_rank`], naming the layer.
pub fn stable_ranks(net: &Network) -> Result<Vec<f64>> {
    each_layer(net, energy_rank)
}

fn entropy_rank(name: Name, w: ArrayView2<'_, f64>) -> Result<f64> {
    let m = Matrix::nonzero(name, w, "σᵢ/Σσⱼ")?;
    let values = scaled_singular_values(&m)?;
    let total: f64 = values.iter().sum();
    let entropy: f64 = values.iter().map(|s| s / total).filter(|&p| p > 0.0).map(|p| -p * p.ln()).sum();
    Ok(entropy.exp())
}

fn energy_rank(name: Name, w: ArrayView2<'_, f64>) -> Result<f64> {
    let Energies { top, tail, .. } = energies(name, w, "‖W‖_F²/‖W‖₂²")?;
    Ok(1.0 + tail / (top * top))
}
