//! How well the layers' first singular vectors line up, with each other and with a direction.

use super::angle::{angle, direction};
use crate::algebra::matrix::{Matrix, Name, Short};
use crate::algebra::top::Top;
use crate::algebra::vector::{add_scaled, dot, norm};
use crate::error::{Error, Result};
use crate::network::Network;
use ndarray::{Array1, ArrayView1};
use smallvec::smallvec;

/// |⟨v_{k+1}, u_k⟩| for k = 1 … L−1: how far layer k writes where layer k+1 reads. 1 is perfect alignment.
///
/// Arbitrary where a layer's first two singular values agree.
///
/// Source: Ji & Telgarsky, Theorem 1 and Lemma 2.
///
/// # Errors
/// A zero layer, a NaN or infinite weight.
///
/// ```
/// # use implicit_bias::prelude::*;
/// let net = Network::from_layers(&[array![[1.0, 2.0], [0.0, 0.0]], array![[3.0, 4.0]]])?;
/// assert!((adjacent_alignment(&net)?[0] - 0.6).abs() < 1e-15);
/// # Ok::<(), Error>(())
/// ```
pub fn adjacent_alignment(net: &Network) -> Result<Vec<f64>> {
    each_interface(net, |u, v| Ok(dot(u, v).abs().min(1.0)))
}

/// ∠(v_{k+1}, u_k) between the two lines, from 0 to π/2, for k = 1 … L−1: the arccos of [`adjacent_alignment`], to the
/// last digits where that one rounds to 1.
///
/// # Errors
/// A zero layer, a NaN or infinite weight.
///
/// ```
/// # use implicit_bias::prelude::*;
/// let net = Network::from_layers(&[array![[1.0], [1e-12]], array![[-1.0, 0.0]]])?;
/// assert!((adjacent_angles(&net)?[0] / 1e-12 - 1.0).abs() < 1e-15 && adjacent_alignment(&net)? == [1.0]);
/// # Ok::<(), Error>(())
/// ```
pub fn adjacent_angles(net: &Network) -> Result<Vec<f64>> {
    each_interface(net, |u, v| {
        // Turned the acute way round first: π minus an angle near π would lose its digits.
        let sign = dot(u, v).signum();
        let v: Short = v.iter().map(|x| sign * x).collect();
        angle(u, &*v)
    })
}

/// `f` of u_k and v_{k+1} for k = 1 … L−1.
fn each_interface(net: &Network, f: impl Fn(&[f64], &[f64]) -> Result<f64>) -> Result<Vec<f64>> {
    let mut values = Vec::with_capacity(net.depth() - 1);
    let mut below = top_of_layer(net, 1)?.left;
    for k in 2..=net.depth() {
        let top = top_of_layer(net, k)?;
        values.push(f(&below, &top.right)?);
        below = top.left;
    }
    Ok(values)
}

/// |⟨w_prod/∏‖W_k‖_F, v₁⟩|, v₁ the first right singular vector of W₁: 1 iff all layers are aligned and of rank one.
///
/// Source: Ji & Telgarsky, Theorem 1, the report's eq. (2), with the absolute value that both leave out.
///
/// # Errors
/// A network that is not linear, a zero layer, a NaN or infinite weight, more than one output.
///
/// ```
/// # use implicit_bias::prelude::*;
/// let net = Network::from_layers(&[array![[1.0, 2.0], [0.0, 0.0]], array![[3.0, 4.0]]])?;
/// assert!((product_alignment(&net)? - 0.6).abs() < 1e-15);
/// # Ok::<(), Error>(())
/// ```
pub fn product_alignment(net: &Network) -> Result<f64> {
    let product = normalized_product(net)?;
    Ok(dot(&product, &top_of_layer(net, 1)?.right).abs().min(1.0))
}

/// |⟨v₁, ū⟩| of W₁'s first right singular vector and the direction of `u`, length d.
///
/// Source: Ji & Telgarsky, Theorems 2 and 4, with ū the maximum margin solution.
///
/// # Errors
/// A zero first layer, a NaN or infinite weight, a `u` that is zero, not finite or of another length.
///
/// ```
/// # use implicit_bias::diagnose::alignment_with;
/// # use implicit_bias::prelude::*;
/// let net = Network::from_layers(&[array![[3.0, 4.0]]])?;
/// assert!((alignment_with(&net, &[2.0, 0.0])? - 0.6).abs() < 1e-15);
/// # Ok::<(), Error>(())
/// ```
pub fn alignment_with<'a>(net: &Network, u: impl Into<ArrayView1<'a, f64>>) -> Result<f64> {
    let u = u.into();
    if u.len() != net.widths()[0] {
        return Err(Error::shape("alignment_with(u)", net.widths()[0], u.len()));
    }
    let u = direction("alignment_with(u)", u)?;
    Ok((dot(&top_of_layer(net, 1)?.right, &u).abs() / norm(&u)).min(1.0))
}

/// w_prod/∏‖W_k‖_F, length d, of norm ≤ 1; neither product over- or underflows on the way.
///
/// Source: Ji & Telgarsky, Theorems 2 and 4: tends to ū.
///
/// # Errors
/// A network that is not linear, a zero layer, a NaN or infinite weight, more than one output.
pub fn normalized_predictor(net: &Network) -> Result<Array1<f64>> {
    Ok(Array1::from_vec(normalized_product(net)?.into_vec()))
}

fn top_of_layer(net: &Network, k: usize) -> Result<Top> {
    Top::of(&Matrix::nonzero(Name::Layer(k), net.layer(k), "the first singular vector")?)
}

fn normalized_product(net: &Network) -> Result<Short> {
    net.check_linear("w_prod")?;
    let depth = net.depth();
    if net.widths()[depth] != 1 {
        return Err(Error::shape("w_prod, last width", 1, net.widths()[depth]));
    }
    let mut product: Short = smallvec![1.0];
    for k in (1..=depth).rev() {
        let m = Matrix::nonzero(Name::Layer(k), net.layer(k), "W/‖W‖_F")?;
        let f = m.square().sqrt();
        let mut next: Short = smallvec![0.0; m.cols];
        for (i, t) in product.iter().enumerate() {
            add_scaled(&mut next, t / f, m.row(i));
        }
        product = next;
    }
    Ok(product)
}
