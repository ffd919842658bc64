//! The risk to second order: gradient and Hessian-vector products, forward over reverse.

use crate::error::{Error, Result, finite};
use crate::loss::Loss;
use crate::network::Network;
use crate::risk::{Risk, Terms};
use layered::LayeredHessian;
use linear::LinearHessian;
use ndarray::{Array1, ArrayView1, ArrayView2};

mod layered;
mod linear;

/// ∇²R(W)·v for the `risk` R under any loss, `v` and the result laid out as [`Network::params`], biases included.
///
/// It is the Gauss–Newton term, (1/n) Σ ℓ″(qᵢ) ∇f_W(xᵢ)∇f_W(xᵢ)ᵀ under a margin loss and (1/n) Σ ∇f_W(xᵢ)∇f_W(xᵢ)ᵀ under the squared
/// one, plus the slopes times ∇²f_W(xᵢ). For a rectified network it is the Hessian of the piece that W lies on, its activation
/// pattern held as it is: ∇²f_W comes from the product of the layers alone, since max(mz, z) has no curvature away from its kink.
/// At a kink, z = 0, it is one-sided, the unit counting as inactive as in the gradient; the jump that the gradient may make there is
/// not in it.
///
/// Source: Pearlmutter, Fast Exact Multiplication by the Hessian, Neural Computation 6 (1994), for the method.
///
/// # Errors
/// A `v` of another length or not finite, a NaN or infinite weight, data of another d, another number of outputs, outputs or
/// results beyond 1.8e308. Below 1e-308 the result goes to zero; [`log_sharpness`](super::log_sharpness) goes on.
///
/// ```
/// # use implicit_bias::diagnose::hessian_vector;
/// # use implicit_bias::prelude::*;
/// let data = Dataset::new(array![[2.0]], array![1.0])?;
/// let net = Network::from_layers(&[array![[0.0]]])?;
/// assert_eq!(hessian_vector(&net, &Loss::Logistic.on(&data), &[1.0])?, [1.0]);    // ℓ″(0) x² = 2²/4
/// # Ok::<(), Error>(())
/// ```
pub fn hessian_vector(net: &Network, risk: &Risk, v: &[f64]) -> Result<Vec<f64>> {
    if v.len() != net.parameter_count() {
        return Err(Error::shape("hessian_vector(v)", net.parameter_count(), v.len()));
    }
    for (i, &x) in v.iter().enumerate() {
        finite(format_args!("hessian_vector(v)[{i}]"), x)?;
    }
    let mut out = vec![0.0; v.len()];
    let second = SecondOrder::at(net, risk)?;
    second.apply(v, &mut out);
    let unit = second.log_unit().exp();
    out.iter().enumerate().map(|(i, x)| finite(format_args!("∇²R·v [{i}]"), x * unit)).collect()
}

/// Everything of the risk at one W that does not depend on the direction.
pub(crate) enum SecondOrder<'a> {
    /// Costs matrix-vector products only, whatever n is.
    Linear(LinearHessian<'a>),
    Layered(LayeredHessian<'a>),
}

impl<'a> SecondOrder<'a> {
    pub fn at(net: &'a Network, risk: &'a Risk) -> Result<Self> {
        let (ends, widths) = (risk.terms().ends(), net.widths());
        if (widths[0], widths[net.depth()]) != ends {
            let found = format!("({}, …, {})", widths[0], widths[net.depth()]);
            let expected = format!("({}, …, {})", ends.0, ends.1);
            return Err(Error::shape("Network widths, to match the data", expected, found));
        }
        for (k, w) in (1..).zip(net.layers()) {
            for ((i, j), &v) in w.indexed_iter() {
                finite(format_args!("W_{k}[{i}, {j}]"), v)?;
            }
            for (i, &v) in net.bias(k).iter().flatten().enumerate() {
                finite(format_args!("b_{k}[{i}]"), v)?;
            }
        }
        Ok(match risk.terms() {
            Terms::Margins(loss, data) if net.is_linear() => Self::Linear(LinearHessian::at(net, data, *loss)?),
            terms => Self::Layered(LayeredHessian::at(net, terms)?),
        })
    }

    /// ln of the unit that [`apply`](Self::apply) counts in.
    pub fn log_unit(&self) -> f64 {
        match self {
            Self::Linear(linear) => linear.losses.log_unit,
            Self::Layered(layered) => layered.log_unit,
        }
    }

    /// `out` = ∇²R·v / e^`log_unit`.
    pub fn apply(&self, v: &[f64], out: &mut [f64]) {
        match self {
            Self::Linear(linear) => linear.apply(v, out),
            Self::Layered(layered) => layered.apply(v, out),
        }
    }
}

/// The derivatives of the loss at the margins, in units of e^`log_unit`, so that a risk of 1e-1000 keeps its shape.
struct Derivatives {
    log_unit: f64,
    /// ℓ′(qᵢ)/n.
    slope: Array1<f64>,
    /// ℓ″(qᵢ)/n.
    curvature: Array1<f64>,
}

impl Derivatives {
    fn at(q: &Array1<f64>, loss: Loss) -> Result<Self> {
        for (i, &v) in q.iter().enumerate() {
            finite(format_args!("y[{i}] f(x[{i}])"), v)?;
        }
        // |ℓ′| ≥ ℓ″ for both losses, so that the largest slope is the largest number about.
        let log_unit = q.iter().map(|&q| loss.log_slope(q)).fold(f64::NEG_INFINITY, f64::max);
        let n = q.len() as f64;
        let slope = q.mapv(|q| -(loss.log_slope(q) - log_unit).exp() / n);
        let curvature = q.mapv(|q| (loss.log_curvature(q) - log_unit).exp() / n);
        Ok(Self { log_unit, slope, curvature })
    }
}

/// A flat vector as one matrix a layer, and one vector a layer where there are biases.
fn split_layers<'v>(net: &Network, v: &'v [f64]) -> Vec<(ArrayView2<'v, f64>, Option<ArrayView1<'v, f64>>)> {
    let mut rest = v;
    (1..)
        .zip(net.layers())
        .map(|(k, w)| {
            let biased = net.bias(k).is_some();
            let (block, others) = rest.split_at(w.len());
            let (bias, others) = others.split_at(if biased { w.nrows() } else { 0 });
            rest = others;
            let block = ArrayView2::from_shape(w.dim(), block).expect("the block has the layer's length");
            (block, biased.then(|| ArrayView1::from(bias)))
        })
        .collect()
}
