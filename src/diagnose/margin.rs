//! How far the worst point is from being wrong, in the units each source uses.

use super::alignment::normalized_predictor;
use crate::algebra::matrix::{Matrix, Name};
use crate::algebra::vector::{norm, scaled};
use crate::dataset::Dataset;
use crate::error::{Error, Result, finite};
use crate::network::Network;
use ndarray::{Array2, ArrayView1};
use std::borrow::Cow;

/// γ(w) = minᵢ yᵢ⟨w, xᵢ⟩ for `w` of length d; positive iff w classifies every point.
///
/// # Errors
/// A `w` of another length or not finite, inner products beyond 1.8e308.
///
/// ```
/// # use implicit_bias::prelude::*;
/// let data = Dataset::new(array![[1.0, 2.0], [-1.0, 0.5]], array![1.0, -1.0])?;
/// assert_eq!(margin(&[2.0, 0.0], &data)?, 2.0);
/// assert_eq!(normalized_margin(&[2.0, 0.0], &data)?, 1.0);
/// # Ok::<(), Error>(())
/// ```
pub fn margin<'a>(w: impl Into<ArrayView1<'a, f64>>, data: &Dataset) -> Result<f64> {
    let mut least = f64::INFINITY;
    each_margin(w.into(), data, |q| least = least.min(q))?;
    Ok(least)
}

/// γ(w)/‖w‖₂, the signed distance of the nearest point to the hyperplane; at most the maximum margin γ.
///
/// # Errors
/// As [`margin`], and w = 0.
pub fn normalized_margin<'a>(w: impl Into<ArrayView1<'a, f64>>, data: &Dataset) -> Result<f64> {
    let w = super::angle::direction("normalized_margin(w)", w.into())?;
    Ok(margin(&*w, data)? / norm(&w))
}

/// minᵢ yᵢf(xᵢ)/∏‖W_k‖_F, what remains of the margin once every layer has Frobenius norm 1.
///
/// For a linear network at most the maximum margin γ, which it reaches in the limit of Ji & Telgarsky, Theorem 2.
///
/// # Errors
/// A zero layer, a NaN or infinite weight, more than one output, data of another d, a network with biases or centred, a power.
///
/// ```
/// # use implicit_bias::diagnose::network_margin;
/// # use implicit_bias::prelude::*;
/// let data = Dataset::new(array![[1.0, 2.0], [-1.0, 0.5]], array![1.0, -1.0])?;
/// let net = Network::from_layers(&[array![[2.0, 0.0]], array![[3.0]]])?;
/// assert_eq!(network_margin(&net, &data)?, 1.0);
/// # Ok::<(), Error>(())
/// ```
pub fn network_margin(net: &Network, data: &Dataset) -> Result<f64> {
    if net.is_linear() {
        return margin(&normalized_predictor(net)?, data);
    }
    net.check_homogeneous("network_margin")?;
    let mut normalised = net.clone();
    for (k, w) in (1..).zip(net.layers()) {
        let m = Matrix::nonzero(Name::Layer(k), w, "W/‖W‖_F")?;
        let f = m.square().sqrt();
        let w = Array2::from_shape_fn(w.dim(), |(i, j)| m.row(i)[j] / f);
        normalised = normalised.with_weights(k, &w)?;
    }
    least_margin(&normalised, data)
}

/// minᵢ yᵢf(xᵢ).
fn least_margin(net: &Network, data: &Dataset) -> Result<f64> {
    Ok(net.outputs(data.x())?.iter().zip(data.y()).map(|(f, y)| y * f).fold(f64::INFINITY, f64::min))
}

/// The fraction of points with yᵢf(xᵢ) ≤ 0 for any network: a point on the boundary counts as an error.
///
/// # Errors
/// More than one output, data of another d, an output that is not finite.
///
/// ```
/// # use implicit_bias::diagnose::network_error;
/// # use implicit_bias::prelude::*;
/// let data = Dataset::new(array![[1.0], [-1.0]], array![1.0, 1.0])?;
/// let net = Network::from_layers(&[array![[1.0]], array![[1.0]]])?;
/// assert_eq!(network_error(&net, &data)?, 0.5);
/// # Ok::<(), Error>(())
/// ```
pub fn network_error(net: &Network, data: &Dataset) -> Result<f64> {
    let outputs = net.outputs(data.x())?;
    let wrong = outputs.iter().zip(data.y()).filter(|(f, y)| **y * **f <= 0.0).count();
    Ok(wrong as f64 / data.n() as f64)
}

/// minᵢ yᵢf(xᵢ)/‖W‖^L, ‖W‖ the norm of all weights together and L the depth, the degree of homogeneity.
///
/// Source: Lyu & Li, Gradient descent maximizes the margin of homogeneous neural networks, ICLR 2020, §2
/// (their normalized margin).
///
/// # Errors
/// As [`network_margin`].
pub fn homogeneous_margin(net: &Network, data: &Dataset) -> Result<f64> {
    let (weights, ..) = scaled(Cow::Borrowed(net.params()), |i| format!("Network params[{i}]"))?;
    let all = norm(&weights);
    let mut shrink = 1.0;
    let mut rest = &*weights;
    for w in net.layers() {
        let (layer, others) = rest.split_at(w.len());
        shrink *= norm(layer) / all;
        rest = others;
    }
    Ok(network_margin(net, data)? * shrink)
}

/// The fraction of points with yᵢ⟨w, xᵢ⟩ ≤ 0: a point on the hyperplane counts as an error.
///
/// # Errors
/// As [`margin`].
///
/// ```
/// # use implicit_bias::prelude::*;
/// let data = Dataset::new(array![[1.0, 2.0], [-1.0, 0.5]], array![1.0, -1.0])?;
/// assert_eq!(training_error(&[0.0, 1.0], &data)?, 0.5);
/// # Ok::<(), Error>(())
/// ```
pub fn training_error<'a>(w: impl Into<ArrayView1<'a, f64>>, data: &Dataset) -> Result<f64> {
    let mut wrong = 0;
    each_margin(w.into(), data, |q| wrong += usize::from(q <= 0.0))?;
    Ok(wrong as f64 / data.n() as f64)
}

/// Shows `visit` each qᵢ = yᵢ⟨w, xᵢ⟩, all finite.
pub(super) fn each_margin(w: ArrayView1<'_, f64>, data: &Dataset, mut visit: impl FnMut(f64)) -> Result<()> {
    if w.len() != data.d() {
        return Err(Error::shape("w, to match the data", data.d(), w.len()));
    }
    for (j, &v) in w.iter().enumerate() {
        finite(format_args!("w[{j}]"), v)?;
    }
    for (i, (x, y)) in data.x().rows().into_iter().zip(data.y()).enumerate() {
        visit(finite(format_args!("y[{i}]⟨w, x[{i}]⟩"), y * x.dot(&w))?);
    }
    Ok(())
}
