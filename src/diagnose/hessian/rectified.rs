//! A rectified network, or any with biases: all points go through all layers, and the direction with them.

use super::{Losses, split_layers};
use crate::dataset::Dataset;
use crate::error::Result;
use crate::loss::Loss;
use crate::network::Network;
use ndarray::linalg::general_mat_mul;
use ndarray::{Array2, ArrayViewMut2, Axis};

pub struct Rectified<'a> {
    net: &'a Network,
    /// `phi[k]` = φ_k(xᵢ), shape (n, d_k), for k = 0 … L−1.
    phi: Vec<Array2<f64>>,
    pub(super) losses: Losses,
    /// `back[k − 1]` = ∂R/∂z_k, shape (n, d_k), for k = 1 … L.
    back: Vec<Array2<f64>>,
}

impl<'a> Rectified<'a> {
    pub(super) fn at(net: &'a Network, data: &Dataset, loss: Loss) -> Result<Self> {
        let phi = (0..net.depth()).map(|k| net.hidden(k, data.x())).collect::<Result<Vec<_>>>()?;
        let losses = Losses::at(&(net.outputs(data.x())? * data.y()), loss)?;
        let mut back = vec![(&losses.slope * &data.y() * net.scale()).insert_axis(Axis(1))];
        for k in (1..net.depth()).rev() {
            let mut g = back[back.len() - 1].dot(&net.layer(k + 1));
            through(&mut g, &phi[k], slope(net, k));
            back.push(g);
        }
        back.reverse();
        Ok(Self { net, phi, losses, back })
    }

    /// The derivative of ∂R/∂W_k = Σᵢ `back[k − 1]`ᵢ `phi[k − 1]`ᵢᵀ, and of ∂R/∂b_k, along v: as much work as two gradients.
    pub(super) fn apply(&self, v: &[f64], out: &mut [f64]) {
        let net = self.net;
        let directions = split_layers(net, v);
        // `d_phi[k − 1]` is the derivative of φ_k, at the end that of the output; φ₀ = x has none.
        let mut d_phi: Vec<Array2<f64>> = Vec::with_capacity(net.depth());
        for (k, (weights, bias)) in (1..).zip(&directions) {
            let mut d = self.phi[k - 1].dot(&weights.t());
            if let Some(bias) = bias {
                d += bias;
            }
            if let Some(below) = d_phi.last() {
                general_mat_mul(1.0, below, &net.layer(k).t(), 1.0, &mut d);
            }
            if k < net.depth() {
                through(&mut d, &self.phi[k], slope(net, k));
            }
            d_phi.push(d);
        }
        // (yᵢ)² = 1: the labels do not show in the second derivative by the output.
        let curvature = &self.losses.curvature * (net.scale() * net.scale());
        let mut d_back = &d_phi[net.depth() - 1] * &curvature.insert_axis(Axis(1));
        let mut rest = out;
        for k in (1..=net.depth()).rev() {
            let (weights, bias) = &directions[k - 1];
            let (others, bias) = rest.split_at_mut(rest.len() - bias.map_or(0, |b| b.len()));
            let (others, block) = others.split_at_mut(others.len() - weights.len());
            rest = others;
            for (slot, column) in bias.iter_mut().zip(d_back.columns()) {
                *slot = column.sum();
            }
            let mut block = ArrayViewMut2::from_shape(weights.dim(), block).expect("the block has the layer's length");
            general_mat_mul(1.0, &d_back.t(), &self.phi[k - 1], 0.0, &mut block);
            if k > 1 {
                general_mat_mul(1.0, &self.back[k - 1].t(), &d_phi[k - 2], 1.0, &mut block);
                d_back = d_back.dot(&net.layer(k));
                general_mat_mul(1.0, &self.back[k - 1], weights, 1.0, &mut d_back);
                through(&mut d_back, &self.phi[k - 1], slope(net, k - 1));
            }
        }
    }
}

/// m of f_k.
fn slope(net: &Network, k: usize) -> f64 {
    net.activation(k).slope().expect("powers were refused")
}

/// Times f′(z), which is 1 where φ > 0, that is where z > 0, and `slope` elsewhere.
fn through(d: &mut Array2<f64>, phi: &Array2<f64>, slope: f64) {
    d.zip_mut_with(phi, |d, phi| *d *= if *phi > 0.0 { 1.0 } else { slope });
}
