//! Which units of a rectified network are active, and what became of a run.

use crate::dataset::Dataset;
use crate::error::Result;
use crate::network::Network;
use ndarray::{Array2, ArrayView2, Zip};
use std::fmt;

/// Which hidden units are active: for each hidden layer k = 1 … L−1 a matrix of shape `(n, d_k)`, true where z_k(xᵢ) > 0.
///
/// The same network on the same data is linear in each single layer as long as this stays the same, which is what Soudry
/// et al., Corollary 8, ask for. [`At::last_switch`](crate::descent::At::last_switch) tells when it last changed.
///
/// # Errors
/// A layer with a power behind it, data of another d, a weight or an activation that is not finite.
///
/// ```
/// # use implicit_bias::diagnose::activation_pattern;
/// # use implicit_bias::prelude::*;
/// let data = Dataset::new(array![[1.0], [-1.0]], array![1.0, -1.0])?;
/// let net = Network::from_layers(&[array![[1.0], [-2.0]], array![[1.0, 1.0]]])?.with_slope(0.0)?;
/// assert_eq!(activation_pattern(&net, &data)?, [array![[true, false], [false, true]]]);
/// # Ok::<(), Error>(())
/// ```
pub fn activation_pattern(net: &Network, data: &Dataset) -> Result<Vec<Array2<bool>>> {
    net.check_rectified("activation_pattern")?;
    (1..net.depth()).map(|k| Ok(positive(net.hidden(k, data.x())?.view()))).collect()
}

/// φ > 0 exactly where z > 0, whatever the slope: f keeps the sign or sends it to zero.
fn positive(phi: ArrayView2<'_, f64>) -> Array2<bool> {
    Zip::from(phi).map_collect(|v| *v > 0.0)
}

/// Whether layer k is one of ReLUs.
fn is_relu(net: &Network, k: usize) -> bool {
    net.activation(k).slope() == Some(0.0)
}

/// How many ReLUs of each hidden layer are active at no point of the data; k = 1 … L−1.
///
/// Such a unit outputs 0 everywhere on the data and no gradient reaches its weights. With a slope above 0 there are none.
///
/// # Errors
/// As [`activation_pattern`].
///
/// ```
/// # use implicit_bias::diagnose::dead_units;
/// # use implicit_bias::prelude::*;
/// let data = Dataset::new(array![[1.0], [2.0]], array![1.0, -1.0])?;
/// let net = Network::from_layers(&[array![[1.0], [-2.0]], array![[1.0, 1.0]]])?.with_slope(0.0)?;
/// assert_eq!(dead_units(&net, &data)?, [1]);
/// # Ok::<(), Error>(())
/// ```
pub fn dead_units(net: &Network, data: &Dataset) -> Result<Vec<usize>> {
    let dead = |p: &Array2<bool>| p.columns().into_iter().filter(|unit| !unit.iter().any(|active| *active)).count();
    let patterns = activation_pattern(net, data)?;
    Ok((1..).zip(&patterns).map(|(k, p)| if is_relu(net, k) { dead(p) } else { 0 }).collect())
}

/// Whether the network is dead on the data: a hidden layer of ReLUs (slope 0) in which no unit is active at any point.
///
/// Then f is constant on the data, and neither that layer nor those below it ever move again; without biases f is 0 and
/// nothing moves at all.
///
/// # Errors
/// As [`activation_pattern`].
///
/// ```
/// # use implicit_bias::prelude::*;
/// let data = Dataset::new(array![[1.0], [2.0]], array![1.0, -1.0])?;
/// let net = Network::from_layers(&[array![[-1.0]], array![[1.0]]])?;
/// assert!(is_dead(&net.clone().with_slope(0.0)?, &data)? && !is_dead(&net.with_slope(0.1)?, &data)?);
/// # Ok::<(), Error>(())
/// ```
pub fn is_dead(net: &Network, data: &Dataset) -> Result<bool> {
    let patterns = activation_pattern(net, data)?;
    Ok((1..).zip(&patterns).any(|(k, p)| is_relu(net, k) && !p.iter().any(|active| *active)))
}

/// What became of a run, judged by the network that it ended with.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Fate {
    /// All margins yᵢf(xᵢ) are positive.
    Separated,
    /// [`is_dead`]: f is constant on the data and stays so.
    Dead,
    /// Neither: some points are on the wrong side, or on the boundary.
    Stalled,
}

/// Whether the network separates the data, is dead on it, or neither; a run that needs more time counts as stalled, so say
/// how long it was.
///
/// # Errors
/// As [`activation_pattern`], more than one output.
///
/// ```
/// # use implicit_bias::prelude::*;
/// let data = Dataset::new(array![[1.0], [-1.0]], array![1.0, -1.0])?;
/// let fates = [2.0, -2.0].map(|w| fate(&Network::from_layers(&[array![[w]]])?, &data));
/// assert_eq!(fates.into_iter().collect::<Result<Vec<_>>>()?, [Fate::Separated, Fate::Stalled]);
/// # Ok::<(), Error>(())
/// ```
pub fn fate(net: &Network, data: &Dataset) -> Result<Fate> {
    Ok(if super::network_error(net, data)? == 0.0 {
        Fate::Separated
    } else if is_dead(net, data)? {
        Fate::Dead
    } else {
        Fate::Stalled
    })
}

impl fmt::Display for Fate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Separated => "separated",
            Self::Dead => "dead",
            Self::Stalled => "stalled",
        })
    }
}
