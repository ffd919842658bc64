//! A linear network: the gradient of each layer is of rank one, and so are the two terms of its derivative.

use super::{Derivatives, split_layers};
use crate::dataset::Dataset;
use crate::error::Result;
use crate::loss::Loss;
use crate::network::Network;
use ndarray::{Array1, Array2};

pub struct LinearHessian<'a> {
    net: &'a Network,
    z: Array2<f64>,
    pub(super) losses: Derivatives,
    /// `left[k]` = W_L ⋯ W_{k+1}, length d_k, for k = 0 … L.
    left: Vec<Array1<f64>>,
    /// `right[k]` = W_k ⋯ W₁ ∇R(w_prod), length d_k, for k = 0 … L−1.
    right: Vec<Array1<f64>>,
}

impl<'a> LinearHessian<'a> {
    pub(super) fn at(net: &'a Network, data: &Dataset, loss: Loss) -> Result<Self> {
        let depth = net.depth();
        let mut left = vec![Array1::ones(1)];
        for k in (1..=depth).rev() {
            left.push(left[left.len() - 1].dot(&net.layer(k)));
        }
        left.reverse();
        let z = data.mirrored();
        let losses = Derivatives::at(&z.dot(&left[0]), loss)?;
        let mut right = vec![losses.slope.dot(&z)];
        for k in 1..depth {
            right.push(net.layer(k).dot(&right[k - 1]));
        }
        Ok(Self { net, z, losses, left, right })
    }

    /// The derivative of ∂R/∂W_k = `left[k]` `right[k−1]`ᵀ along v.
    pub(super) fn apply(&self, v: &[f64], out: &mut [f64]) {
        let depth = self.net.depth();
        let directions = split_layers(self.net, v);
        let mut d_left = vec![Array1::zeros(1)];
        for k in (1..=depth).rev() {
            let above = &d_left[depth - k];
            d_left.push(above.dot(&self.net.layer(k)) + self.left[k].dot(&directions[k - 1].0));
        }
        d_left.reverse();
        let mut d_right = (self.z.dot(&d_left[0]) * &self.losses.curvature).dot(&self.z);
        let mut rest = out;
        for (k, (direction, _)) in (1..).zip(&directions) {
            let (block, others) = rest.split_at_mut(direction.len());
            for (i, row) in block.chunks_exact_mut(self.right[k - 1].len()).enumerate() {
                for (j, slot) in row.iter_mut().enumerate() {
                    *slot = d_left[k][i] * self.right[k - 1][j] + self.left[k][i] * d_right[j];
                }
            }
            rest = others;
            if k < depth {
                d_right = direction.dot(&self.right[k - 1]) + self.net.layer(k).dot(&d_right);
            }
        }
    }
}
