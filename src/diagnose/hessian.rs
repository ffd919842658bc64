//! The risk of a linear network to second order: gradient and Hessian-vector products, forward over reverse.

use crate::dataset::Dataset;
use crate::error::{Error, Result, finite};
use crate::loss::Loss;
use crate::network::Network;
use ndarray::{Array1, Array2, ArrayView2};

/// ∇²R(W)·v for the risk R(W) = 1/n Σ ℓ(yᵢ⟨w_prod, xᵢ⟩), `v` and the result laid out as [`Network::params`].
///
/// # Errors
/// A network that is not linear, a `v` of another length or not finite, data of another d, more than one output, products or results beyond
/// 1.8e308. Below 1e-308 the result goes to zero; [`log_sharpness`](super::log_sharpness) goes on.
///
/// ```
/// # use implicit_bias::prelude::*;
/// let data = Dataset::new(array![[2.0]], array![1.0])?;
/// let net = Network::from_layers(&[array![[0.0]]])?;
/// assert_eq!(hessian_vector(&net, &data, Loss::Logistic, &[1.0])?, [1.0]);    // ℓ″(0) x² = 2²/4
/// # Ok::<(), Error>(())
/// ```
pub fn hessian_vector(net: &Network, data: &Dataset, loss: Loss, v: &[f64]) -> Result<Vec<f64>> {
    if v.len() != net.parameter_count() {
        return Err(Error::shape("hessian_vector(v)", net.parameter_count(), v.len()));
    }
    for (i, &x) in v.iter().enumerate() {
        finite(format_args!("hessian_vector(v)[{i}]"), x)?;
    }
    let mut out = vec![0.0; v.len()];
    let second = SecondOrder::at(net, data, loss)?;
    second.apply(v, &mut out);
    let unit = second.log_unit.exp();
    out.iter().enumerate().map(|(i, x)| finite(format_args!("∇²R·v [{i}]"), x * unit)).collect()
}

/// Everything of the risk at one W that does not depend on the direction, in units of e^`log_unit`.
pub(super) struct SecondOrder<'a> {
    net: &'a Network,
    z: Array2<f64>,
    /// ln of the unit of `gradient` and `curvature`, so that a risk of 1e-1000 keeps its shape.
    pub log_unit: f64,
    /// ℓ″(qᵢ)/n.
    curvature: Array1<f64>,
    /// `left[k]` = W_L ⋯ W_{k+1}, length d_k, for k = 0 … L.
    left: Vec<Array1<f64>>,
    /// `right[k]` = W_k ⋯ W₁ ∇R(w_prod), length d_k, for k = 0 … L−1.
    right: Vec<Array1<f64>>,
}

impl<'a> SecondOrder<'a> {
    pub fn at(net: &'a Network, data: &Dataset, loss: Loss) -> Result<Self> {
        net.check_linear("second derivatives of the risk")?;
        let depth = net.depth();
        if net.widths()[0] != data.d() || net.widths()[depth] != 1 {
            let found = format!("({}, …, {})", net.widths()[0], net.widths()[depth]);
            return Err(Error::shape("Network widths, to match the data", format!("({}, …, 1)", data.d()), found));
        }
        for (k, w) in net.layers().enumerate() {
            for ((i, j), &v) in w.indexed_iter() {
                finite(format_args!("W_{}[{i}, {j}]", k + 1), v)?;
            }
        }
        let mut left = vec![Array1::ones(1)];
        for k in (1..=depth).rev() {
            left.push(left[left.len() - 1].dot(&net.layer(k)));
        }
        left.reverse();
        let z = data.mirrored();
        let q = z.dot(&left[0]);
        for (i, &v) in q.iter().enumerate() {
            finite(format_args!("y[{i}] f(x[{i}])"), v)?;
        }
        // |ℓ′| ≥ ℓ″ for both losses, so that the largest slope is the largest number about.
        let log_unit = q.iter().map(|&q| loss.log_slope(q)).fold(f64::NEG_INFINITY, f64::max);
        let n = data.n() as f64;
        let slope = q.mapv(|q| -(loss.log_slope(q) - log_unit).exp() / n);
        let curvature = q.mapv(|q| (loss.log_curvature(q) - log_unit).exp() / n);
        let mut right = vec![slope.dot(&z)];
        for k in 1..depth {
            right.push(net.layer(k).dot(&right[k - 1]));
        }
        Ok(Self { net, z, log_unit, curvature, left, right })
    }

    /// `out` = ∇²R·v / e^`log_unit`: the derivative of ∂R/∂W_k = `left[k]` `right[k−1]`ᵀ along v.
    pub fn apply(&self, v: &[f64], out: &mut [f64]) {
        let depth = self.net.depth();
        let directions = split_layers(self.net, v);
        let mut d_left = vec![Array1::zeros(1)];
        for k in (1..=depth).rev() {
            let above = &d_left[depth - k];
            d_left.push(above.dot(&self.net.layer(k)) + self.left[k].dot(&directions[k - 1]));
        }
        d_left.reverse();
        let mut d_right = (self.z.dot(&d_left[0]) * &self.curvature).dot(&self.z);
        let mut rest = out;
        for k in 1..=depth {
            let (block, others) = rest.split_at_mut(directions[k - 1].len());
            for (i, row) in block.chunks_exact_mut(self.right[k - 1].len()).enumerate() {
                for (j, slot) in row.iter_mut().enumerate() {
                    *slot = d_left[k][i] * self.right[k - 1][j] + self.left[k][i] * d_right[j];
                }
            }
            rest = others;
            if k < depth {
                d_right = directions[k - 1].dot(&self.right[k - 1]) + self.net.layer(k).dot(&d_right);
            }
        }
    }
}

/// A flat vector as one matrix a layer.
fn split_layers<'v>(net: &Network, v: &'v [f64]) -> Vec<ArrayView2<'v, f64>> {
    let mut rest = v;
    net.layers()
        .map(|w| {
            let (block, others) = rest.split_at(w.len());
            rest = others;
            ArrayView2::from_shape(w.dim(), block).expect("the block has the layer's length")
        })
        .collect()
}
