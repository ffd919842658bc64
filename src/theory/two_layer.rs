//! The two-layer linear network under the squared loss: its gradient and Hessian in closed form.

use crate::dataset::Regression;
use crate::error::{Error, Result, finite, room};
use crate::network::Network;
use ndarray::{Array2, ArrayView2};

/// `[∂L/∂W₁, ∂L/∂W₂]` of L(W) = ½‖XW₁ᵀW₂ᵀ − Y‖_F², with E = XW₁ᵀW₂ᵀ − Y of shape `(n, d')`:
/// ∂L/∂W₁ = W₂ᵀEᵀX, shape `(N, d)`, and ∂L/∂W₂ = EᵀXW₁ᵀ, shape `(d', N)`, for W₁ of shape `(N, d)` and W₂ of shape `(d', N)`.
///
/// L is the *sum* over the points, as on the slides; a descent on [`Risk::squares`](crate::risk::Risk::squares) takes
/// the mean, L/n. The slides have points as columns: their X and E are the transposes of ours, and their Ẇ₂ = −∂L/∂W₂ has its sign
/// flipped.
///
/// Source: Yao's slides, two-layer linear networks, gradient dynamics.
///
/// # Errors
/// A network that is not linear with two layers, widths that do not fit the data, a gradient beyond 1.8e308.
///
/// ```
/// # use implicit_bias::prelude::*;
/// let data = Regression::new(array![[1.0]], array![1.0])?;
/// let net = Network::from_layers(&[array![[2.0]], array![[3.0]]])?;                    // E = 6 − 1
/// assert_eq!(two_layer_gradient(&net, &data)?, [array![[15.0]], array![[10.0]]]);
/// # Ok::<(), Error>(())
/// ```
pub fn two_layer_gradient(net: &Network, data: &Regression) -> Result<[Array2<f64>; 2]> {
    let (w1, w2) = layers("two_layer_gradient", net, data)?;
    let hidden = data.x().dot(&w1.t());
    let error = hidden.dot(&w2.t()) - data.y();
    let gradient = [w2.t().dot(&error.t().dot(&data.x())), error.t().dot(&hidden)];
    for (k, g) in gradient.iter().enumerate() {
        for ((i, j), v) in g.indexed_iter() {
            finite(format_args!("two_layer_gradient, ∂L/∂W_{}[{i}, {j}]", k + 1), *v)?;
        }
    }
    Ok(gradient)
}

/// ∇²L of L(W) = ½‖XW₁ᵀW₂ᵀ − Y‖_F², shape `(Nd + d'N, Nd + d'N)`, in the order vec(W₁ᵀ, W₂ᵀ): W₁ row by row, then W₂ row by row,
/// as [`Network::params`] has them. With E as in [`two_layer_gradient`]:
///
/// ```text
/// ∇²L = [ W₂ᵀW₂ ⊗ XᵀX       C              ]    C = W₂ᵀ ⊗ XᵀXW₁ᵀ + [I_N ⊗ (XᵀE)_{•1}, …, I_N ⊗ (XᵀE)_{•d'}]
///       [ Cᵀ                I ⊗ W₁XᵀXW₁ᵀ   ]
/// ```
///
/// with I of size d'. The slides print I ⊗ XXᵀW₁XXᵀW₁ (their X) for the last block, which has another shape unless N = d, and
/// another value even then; C is right as printed.
///
/// Source: Yao's slides, two-layer linear networks, Hessian.
///
/// # Errors
/// As [`two_layer_gradient`], and a Hessian that does not fit in memory.
///
/// ```
/// # use implicit_bias::prelude::*;
/// let data = Regression::new(array![[1.0]], array![1.0])?;
/// let net = Network::from_layers(&[array![[2.0]], array![[3.0]]])?;                    // L = ½(w₁w₂ − 1)²
/// assert_eq!(two_layer_hessian(&net, &data)?, array![[9.0, 11.0], [11.0, 4.0]]);
/// # Ok::<(), Error>(())
/// ```
pub fn two_layer_hessian(net: &Network, data: &Regression) -> Result<Array2<f64>> {
    let (w1, w2) = layers("two_layer_hessian", net, data)?;
    let (hidden, d) = w1.dim();
    let first = hidden * d;
    let size = net.parameter_count();
    drop(room("two_layer_hessian", size.checked_mul(size))?);

    let gram = data.x().t().dot(&data.x());
    let pull = data.x().t().dot(&(data.x().dot(&w1.t()).dot(&w2.t()) - data.y()));
    let outer = w2.t().dot(&w2);
    let across = gram.dot(&w1.t());
    let inner = w1.dot(&across);
    // Row (j, a) is W₁[j, a], row (o, j) is W₂[o, j].
    let hessian = Array2::from_shape_fn((size, size), |(p, q)| {
        // Of the upper triangle, so that rounding leaves it symmetric.
        let (p, q) = (p.min(q), p.max(q));
        if q < first {
            return outer[[p / d, q / d]] * gram[[p % d, q % d]];
        }
        let (o, k) = ((q - first) / hidden, (q - first) % hidden);
        if p < first {
            let (j, a) = (p / d, p % d);
            return w2[[o, j]] * across[[a, k]] + if j == k { pull[[a, o]] } else { 0.0 };
        }
        if (p - first) / hidden == o { inner[[(p - first) % hidden, k]] } else { 0.0 }
    });
    for ((p, q), v) in hessian.indexed_iter() {
        finite(format_args!("two_layer_hessian[{p}, {q}]"), *v)?;
    }
    Ok(hessian)
}

/// W₁ and W₂ of a linear network with two layers that fits the data.
fn layers<'a>(what: &str, net: &'a Network, data: &Regression) -> Result<(ArrayView2<'a, f64>, ArrayView2<'a, f64>)> {
    net.check_linear(&format!("{what}(net)"))?;
    if net.depth() != 2 {
        return Err(Error::argument(format_args!("{what}(net)"), "two layers", format_args!("{}", net.depth())));
    }
    let (widths, expected) = (net.widths(), [data.d(), data.outputs()]);
    if [widths[0], widths[2]] != expected {
        let found = format!("{} → N → {}", widths[0], widths[2]);
        let expected = format!("{} → N → {}", expected[0], expected[1]);
        return Err(Error::shape(format_args!("{what}(net), widths for this data"), expected, found));
    }
    Ok((net.layer(1), net.layer(2)))
}
