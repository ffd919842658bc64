//! Rectified networks: gradients, patterns, chosen layers, dead networks, the last layer's margin.

mod chosen;
mod dead;
mod features;
mod gradients;
mod refused;
mod runs;

use implicit_bias::prelude::*;

/// A network with random weights, and random biases where it is to have some.
fn network(widths: &[usize], slope: f64, biases: bool, seed: u64) -> Network {
    let net = Network::rectified(widths, slope, Init::Gaussian(0.8), seed).unwrap();
    if !biases {
        return net;
    }
    let mut net = net.with_biases().unwrap();
    let noise = Network::linear(&[net.parameter_count(), 1], Init::Gaussian(0.5), seed + 1000).unwrap();
    let weights: Vec<_> = net.layers().map(|w| w.len()).collect();
    let mut at = 0;
    for (k, count) in weights.iter().enumerate() {
        let (first, rows) = (at + count, widths[k + 1]);
        net.params_mut()[first..first + rows].copy_from_slice(&noise.params()[first..first + rows]);
        at = first + rows;
    }
    net
}

fn clouds(n: usize, d: usize, seed: u64) -> Dataset {
    Separable { n, d, margin: 0.05, next_margin: 0.1 }.sample(seed).unwrap()
}

/// f(x) by plain loops.
fn output(net: &Network, x: &[f64]) -> f64 {
    let mut h = x.to_vec();
    for k in 1..=net.depth() {
        let w = net.layer(k);
        let z: Vec<f64> = (0..w.nrows())
            .map(|u| net.bias(k).map_or(0.0, |b| b[u]) + h.iter().enumerate().map(|(s, h)| w[[u, s]] * h).sum::<f64>())
            .collect();
        h = z.into_iter().map(|z| net.activation(k).at(z)).collect();
    }
    h[0]
}

/// The whole gradient as one vector, laid out as the parameters.
fn gradient(net: &Network, at: &Evaluation) -> Vec<f64> {
    let mut all = vec![];
    for k in 1..=net.depth() {
        all.extend(at.scaled_gradient(k).unwrap());
        if net.bias(k).is_some() {
            all.extend(at.scaled_bias_gradient(k).unwrap());
        }
    }
    all.iter().map(|g| g * (-at.shift()).exp()).collect()
}
