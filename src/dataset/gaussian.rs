//! Plain Gaussian numbers, to build regression problems from.

use super::blank;
use crate::error::Result;
use crate::random::{Purpose, rng};
use ndarray::Array2;
use ndarray_rand::rand_distr::{Distribution, StandardNormal};

/// Independent N(0, 1) entries, shape `(rows, columns)`, drawn row by row: inputs, true weights or noise, each from its own seed.
///
/// ```
/// use implicit_bias::prelude::*;
/// let (x, w) = (gaussian_matrix(20, 50, 1)?, gaussian_matrix(50, 1, 2)?);
/// let data = Regression::with_outputs(x.clone(), x.dot(&w))?;
/// assert_eq!((data.n(), data.d()), (20, 50));
/// # Ok::<(), Error>(())
/// ```
///
/// # Errors
/// No rows, no columns, or more numbers than fit in memory.
pub fn gaussian_matrix(rows: usize, columns: usize, seed: u64) -> Result<Array2<f64>> {
    let mut rng = rng(Purpose::Data, seed);
    let mut matrix = blank("gaussian_matrix", rows, columns)?;
    matrix.mapv_inplace(|_| StandardNormal.sample(&mut rng));
    Ok(matrix)
}
