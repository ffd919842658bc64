//! Any network under any loss: all points go through all layers, and the direction with them.

use super::{Derivatives, split_layers};
use crate::error::{Result, finite};
use crate::network::{Activation, Network};
use crate::risk::Terms;
use ndarray::linalg::general_mat_mul;
use ndarray::{Array2, ArrayView2, ArrayViewMut2, Axis};

pub struct LayeredHessian<'a> {
    net: &'a Network,
    /// `phi[k]` = φ_k(xᵢ), shape (n, d_k), for k = 0 … L−1.
    phi: Vec<Array2<f64>>,
    /// `z[k]` = z_k(xᵢ), shape (n, d_k), where the function behind layer k is a power; else nothing.
    z: Vec<Array2<f64>>,
    pub(super) log_unit: f64,
    /// ∂²R/∂N_W(xᵢ)², shape (n, 1), in units of e^`log_unit`: the same for all outputs of a point.
    curvature: Array2<f64>,
    /// `back[k − 1]` = ∂R/∂z_k, shape (n, d_k), for k = 1 … L.
    back: Vec<Array2<f64>>,
    /// `above[k − 1]` = ∂R/∂φ_k, shape (n, d_k), where the function behind layer k is a power; else nothing.
    above: Vec<Array2<f64>>,
}

impl<'a> LayeredHessian<'a> {
    pub(super) fn at(net: &'a Network, terms: &Terms) -> Result<Self> {
        let x = match terms {
            Terms::Margins(_, data) => data.x(),
            Terms::Squares(data) => data.x(),
        };
        let [phi, z] = forward(net, x)?;
        let (log_unit, slope, curvature) = match terms {
            Terms::Margins(loss, data) => {
                let losses = Derivatives::at(&(net.outputs(x)? * data.y()), *loss)?;
                // (yᵢ)² = 1: the labels do not show in the second derivative by the output.
                (
                    losses.log_unit,
                    (&losses.slope * &data.y()).insert_axis(Axis(1)),
                    losses.curvature.insert_axis(Axis(1)),
                )
            }
            Terms::Squares(data) => {
                let n = data.n() as f64;
                let slope = (net.hidden(net.depth(), x)? - data.y()) / n;
                (0.0, slope, Array2::from_elem((data.n(), 1), 1.0 / n))
            }
        };
        let (scale, mut above) = (net.scale(), Vec::new());
        let (mut back, curvature) = (vec![slope * scale], curvature * (scale * scale));
        for k in (1..net.depth()).rev() {
            let mut g = back[back.len() - 1].dot(&net.layer(k + 1));
            let power = matches!(net.activation(k), Activation::Power(_));
            above.push(if power { g.clone() } else { Array2::zeros((0, 0)) });
            through(&mut g, net.activation(k), &phi[k], &z[k]);
            back.push(g);
        }
        back.reverse();
        above.reverse();
        Ok(Self { net, phi, z, log_unit, curvature, back, above })
    }

    /// The derivative of ∂R/∂W_k = Σᵢ `back[k − 1]`ᵢ `phi[k − 1]`ᵢᵀ, and of ∂R/∂b_k, along v: as much work as two gradients.
    pub(super) fn apply(&self, v: &[f64], out: &mut [f64]) {
        let net = self.net;
        let directions = split_layers(net, v);
        // `d_phi[k − 1]` is the derivative of φ_k, at the end that of the output; φ₀ = x has none. `d_z` is kept behind powers.
        let mut d_phi: Vec<Array2<f64>> = Vec::with_capacity(net.depth());
        let mut d_z: Vec<Array2<f64>> = Vec::with_capacity(net.depth());
        for (k, (weights, bias)) in (1..).zip(&directions) {
            let mut d = self.phi[k - 1].dot(&weights.t());
            if let Some(bias) = bias {
                d += bias;
            }
            if let Some(below) = d_phi.last() {
                general_mat_mul(1.0, below, &net.layer(k).t(), 1.0, &mut d);
            }
            if k < net.depth() {
                d_z.push(if self.z[k].is_empty() { Array2::zeros((0, 0)) } else { d.clone() });
                through(&mut d, net.activation(k), &self.phi[k], &self.z[k]);
            }
            d_phi.push(d);
        }
        let mut d_back = &d_phi[net.depth() - 1] * &self.curvature;
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
                through(&mut d_back, net.activation(k - 1), &self.phi[k - 1], &self.z[k - 1]);
                if let Activation::Power(p) = net.activation(k - 1) {
                    bend(&mut d_back, p, &self.z[k - 1], &d_z[k - 2], &self.above[k - 2]);
                }
            }
        }
    }
}

/// φ₀, …, φ_{L−1}, and z where the function behind it is a power.
fn forward(net: &Network, x: ArrayView2<'_, f64>) -> Result<[Vec<Array2<f64>>; 2]> {
    let (mut phi, mut all) = (vec![net.hidden(0, x)?], vec![Array2::zeros((0, 0))]);
    for k in 1..net.depth() {
        let mut z = phi[k - 1].dot(&net.layer(k).t());
        if let Some(b) = net.bias(k) {
            z += &b;
        }
        let (f, kept) = (net.activation(k), matches!(net.activation(k), Activation::Power(_)));
        let activated = z.mapv(|z| f.at(z));
        for ((i, j), &v) in activated.indexed_iter() {
            finite(format_args!("φ_{k}(x[{i}])[{j}]"), v)?;
        }
        phi.push(activated);
        all.push(if kept { z } else { Array2::zeros((0, 0)) });
    }
    Ok([phi, all])
}

/// Times f′(z): where f bends once, 1 where φ > 0, that is where z > 0, and the slope elsewhere.
fn through(d: &mut Array2<f64>, f: Activation, phi: &Array2<f64>, z: &Array2<f64>) {
    match f {
        Activation::Identity => {}
        Activation::Rectified(slope) => d.zip_mut_with(phi, |d, phi| *d *= if *phi > 0.0 { 1.0 } else { slope }),
        Activation::Power(p) => d.zip_mut_with(z, |d, z| *d *= f64::from(p) * z.powi(p as i32 - 1)),
    }
}

/// Adds f″(z) · dz · ∂R/∂φ for f(z) = zᵖ, p ≥ 2.
fn bend(d: &mut Array2<f64>, p: u32, z: &Array2<f64>, d_z: &Array2<f64>, above: &Array2<f64>) {
    let factor = f64::from(p) * f64::from(p - 1);
    ndarray::Zip::from(d).and(z).and(d_z).and(above).for_each(|d, z, d_z, above| {
        *d += factor * z.powi(p as i32 - 2) * d_z * above;
    });
}
