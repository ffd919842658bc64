//! The data as a single layer of a network sees it.

use crate::dataset::Dataset;
use crate::error::{Error, Result, room};
use crate::network::Network;
use ndarray::{Array2, Axis};

/// The data as layer `k` sees it: inputs ∂f(xᵢ)/∂W_k, row by row, shape `(n, d_k·d_{k−1})`, and the same labels.
///
/// While the activation pattern stays as it is, f(xᵢ) = ⟨vec(W_k), ∂f(xᵢ)/∂W_k⟩: training layer k alone is a linear problem on
/// these inputs, and its maximum margin solution is the limit that Soudry et al., Corollary 8, name. For k = L it is
/// φ_{L−1}, the feature map of the report's §5.2.
///
/// # Errors
/// A network with biases or centred, a power, more than one output, k outside 1 … L, data of another d, a number out of range.
///
/// ```
/// # use implicit_bias::prelude::*;
/// let data = Dataset::new(array![[1.0], [-1.0]], array![1.0, -1.0])?;
/// let net = Network::from_layers(&[array![[1.0], [-2.0]], array![[3.0, 4.0]]])?.with_slope(0.0)?;
/// assert_eq!(layer_features(&net, &data, 1)?.x(), array![[3.0, 0.0], [0.0, -4.0]]);
/// assert_eq!(layer_features(&net, &data, 2)?.x(), array![[1.0, 0.0], [0.0, 2.0]]);
/// # Ok::<(), Error>(())
/// ```
pub fn layer_features(net: &Network, data: &Dataset, k: usize) -> Result<Dataset> {
    net.check_layer("layer_features(k)", k)?;
    net.check_homogeneous("layer_features")?;
    net.outputs(data.x())?;
    let (depth, n) = (net.depth(), data.n());
    // ∂f/∂z_j, shape (n, d_j), from the output down to layer k.
    let mut back = Array2::from_elem((n, 1), net.scale());
    for j in (k..depth).rev() {
        back = back.dot(&net.layer(j + 1));
        let (phi, f) = (net.hidden(j, data.x())?, net.activation(j));
        let Some(slope) = f.slope() else {
            return Err(Error::argument("layer_features", "a linear or rectified network", f));
        };
        back.zip_mut_with(&phi, |b, v| *b *= if *v > 0.0 { 1.0 } else { slope });
    }
    let below = net.hidden(k - 1, data.x())?;
    let (rows, cols) = (net.widths()[k], net.widths()[k - 1]);
    let mut x = room("layer_features", n.checked_mul(rows * cols))?;
    for (b, h) in back.axis_iter(Axis(0)).zip(below.axis_iter(Axis(0))) {
        for b in b {
            x.extend(h.iter().map(|h| b * h));
        }
    }
    Dataset::new(Array2::from_shape_vec((n, rows * cols), x).expect("n rows were made"), data.y().to_owned())
}
