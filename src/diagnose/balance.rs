//! What gradient flow conserves, and how far a run has moved it.

use crate::error::{Error, Result, finite};
use crate::network::Network;
use ndarray::Array2;

/// W_{k+1}ᵀW_{k+1} − W_kW_kᵀ, shape `(d_k, d_k)`, for k = 1 … L−1. Gradient flow of a linear network leaves each of them
/// unchanged; of a rectified one without biases, their diagonals.
///
/// Source: Ji & Telgarsky, eq. (2), after Arora, Cohen & Hazan 2018 and Du, Hu & Lee 2018.
///
/// # Errors
/// A NaN or infinite weight, or one whose square is beyond 1.8e308.
///
/// ```
/// # use implicit_bias::diagnose::imbalance;
/// # use implicit_bias::prelude::*;
/// let net = Network::from_layers(&[array![[2.0], [1.0]], array![[1.0, 0.0]]])?;
/// assert_eq!(imbalance(&net)?[0], array![[-3.0, -2.0], [-2.0, -1.0]]);
/// # Ok::<(), Error>(())
/// ```
pub fn imbalance(net: &Network) -> Result<Vec<Array2<f64>>> {
    (1..net.depth())
        .map(|k| {
            let (below, above) = (net.layer(k), net.layer(k + 1));
            let difference = above.t().dot(&above) - below.dot(&below.t());
            for ((i, j), v) in difference.indexed_iter() {
                finite(format_args!("(W_{0}ᵀW_{0} − W_{k}W_{k}ᵀ)[{i}, {j}]", k + 1), *v)?;
            }
            Ok(difference)
        })
        .collect()
}

/// ‖W_{k+1}ᵀW_{k+1} − W_kW_kᵀ‖₂ for k = 1 … L−1; all zero for a balanced network.
///
/// # Errors
/// As [`imbalance`].
pub fn imbalance_norms(net: &Network) -> Result<Vec<f64>> {
    imbalance(net)?.iter().map(super::spectral_norm).collect()
}

/// ‖W_{k+1}‖_F² − ‖W_k‖_F² for k = 1 … L−1, the traces of [`imbalance`]; gradient flow leaves them unchanged.
///
/// Source: Ji & Telgarsky, eq. (3).
///
/// # Errors
/// A NaN or infinite weight, or one whose square is beyond 1.8e308.
///
/// ```
/// # use implicit_bias::prelude::*;
/// let net = Network::from_layers(&[array![[2.0], [1.0]], array![[1.0, 0.0]]])?;
/// assert_eq!(frobenius_differences(&net)?, [-4.0]);
/// # Ok::<(), Error>(())
/// ```
pub fn frobenius_differences(net: &Network) -> Result<Vec<f64>> {
    let mut squares = Vec::with_capacity(net.depth());
    for (i, w) in net.layers().enumerate() {
        squares.push(finite(format_args!("‖W_{}‖_F²", i + 1), w.iter().map(|v| v * v).sum())?);
    }
    Ok(squares.windows(2).map(|pair| pair[1] - pair[0]).collect())
}

/// ‖A_k(now) − A_k(start)‖_F for k = 1 … L−1, where A_k = W_{k+1}ᵀW_{k+1} − W_kW_kᵀ.
///
/// Zero along gradient flow; gradient descent moves it by terms of order η². In units of ‖W‖²: divide by
/// max ‖W_k(now)‖_F² for a relative drift.
///
/// # Errors
/// As [`imbalance`], and networks of different widths.
///
/// ```
/// # use implicit_bias::prelude::*;
/// let start = Network::from_layers(&[array![[1.0]], array![[1.0]]])?;
/// let now = Network::from_layers(&[array![[1.0]], array![[3.0]]])?;
/// assert_eq!(balance_drift(&start, &now)?, [8.0]);
/// # Ok::<(), Error>(())
/// ```
pub fn balance_drift(start: &Network, now: &Network) -> Result<Vec<f64>> {
    if start.widths() != now.widths() {
        let [expected, found] = [start, now].map(|net| format!("{:?}", net.widths()));
        return Err(Error::shape("balance_drift, widths of now", expected, found));
    }
    imbalance(now)?.iter().zip(imbalance(start)?).map(|(a, b)| super::frobenius_norm(&(a - b))).collect()
}
