//! Derivatives with respect to the weights by difference quotients: an oracle that knows no formula.

use crate::error::{Error, Result, finite, positive, room};
use crate::network::Network;
use ndarray::{Array1, Array2};

/// Row p is (f(W + h e_p) − f(W − h e_p))/2h, for every weight p in the order of [`Network::params`]: shape `(parameters, values)`
/// for an `f` of so many values. Of a risk it is the gradient as one column, of a gradient the Hessian.
///
/// The error is h²/6 times the third derivative, and the rounding of `f` over h: with h = 1e-5 some ten digits of a smooth `f` of
/// ordinary size. A polynomial of degree two in each single weight has no error but rounding, so that there h may be large.
///
/// # Errors
/// An h that is not a finite number above zero or too small to change some weight, the first error that `f` gives, values of
/// another number or not finite, a matrix that does not fit in memory.
///
/// ```
/// # use implicit_bias::prelude::*;
/// let risk = Loss::Logistic.on(&Dataset::new(array![[1.0, -2.0]], array![1.0])?);
/// let net = Network::from_layers(&[array![[0.5, 1.0], [2.0, 0.0]], array![[1.0, -1.0]]])?;
/// let slopes = central_differences(&net, 1e-5, |net| Ok(array![risk.at(net)?.risk()]))?;
/// assert!((slopes[[0, 0]] - risk.at(&net)?.gradient(1)?[[0, 0]]).abs() < 1e-10);
/// # Ok::<(), Error>(())
/// ```
pub fn central_differences(
    net: &Network,
    h: f64,
    mut f: impl FnMut(&Network) -> Result<Array1<f64>>,
) -> Result<Array2<f64>> {
    let h = positive("central_differences(h)", h)?;
    let (mut moved, values) = (net.clone(), f(net)?.len());
    let mut quotients = room("central_differences", net.parameter_count().checked_mul(values))?;
    for (p, &w) in net.params().iter().enumerate() {
        let (up, down) = (w + h, w - h);
        if up - down == 0.0 {
            return Err(Error::argument("central_differences(h)", format_args!("a step that changes weight {p}"), h));
        }
        let mut at = |weight| {
            moved.params_mut()[p] = weight;
            let found = f(&moved)?;
            if found.len() != values {
                let [expected, found] = [values, found.len()].map(|n| format!("({n})"));
                return Err(Error::shape("central_differences, f", expected, found));
            }
            Ok(found)
        };
        for (above, below) in at(up)?.iter().zip(&at(down)?) {
            quotients.push(finite("central_differences", (above - below) / (up - down))?);
        }
        moved.params_mut()[p] = w;
    }
    Ok(Array2::from_shape_vec((net.parameter_count(), values), quotients).expect("a row for each weight was made"))
}
