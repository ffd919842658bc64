//! What gradient flow conserves, watched as the independent check of an integration.

use crate::network::{Activation, Network};

/// A_k = pW_{k+1}ᵀW_{k+1} − W_kW_kᵀ − b_kb_kᵀ at the start of a flow, k = 1 … L−1, p being the power behind layer k and 1 where there
/// is none: all of it behind a linear layer k, else the diagonal, by Euler's z f′(z) = p f(z).
#[derive(Clone)]
pub(super) struct Conserved {
    start: Vec<f64>,
    now: Vec<f64>,
    /// max_k ‖W_k‖_F² at the start.
    size: f64,
}

impl Conserved {
    pub fn of(network: &Network) -> Self {
        let mut now = Vec::new();
        visit(network, |v| now.push(v));
        Self { start: now.clone(), now, size: size(network) }
    }

    /// max_k ‖A_k(now) − A_k(start)‖_F / max_k ‖W_k‖_F², now or at the start; none where nothing is conserved.
    pub fn drift(&mut self, network: &Network) -> Option<f64> {
        if self.start.is_empty() {
            return None;
        }
        let mut at = 0;
        let now = &mut self.now;
        visit(network, |v| {
            now[at] = v;
            at += 1;
        });
        let (mut worst, mut first) = (0.0_f64, 0);
        for k in 1..network.depth() {
            let len = entries(network, k);
            let moved = |i: usize| (self.now[i] - self.start[i]).powi(2);
            worst = worst.max((first..first + len).map(moved).sum());
            first += len;
        }
        let size = self.size.max(size(network));
        Some(if size > 0.0 { worst.sqrt() / size } else { 0.0 })
    }
}

/// max_k ‖W_k‖_F².
fn size(network: &Network) -> f64 {
    let squares = |k| network.weights(k).iter().map(|v| v * v).sum::<f64>();
    (1..=network.depth()).map(squares).fold(0.0, f64::max)
}

/// Numbers of A_k that are conserved.
fn entries(network: &Network, k: usize) -> usize {
    let d = network.widths()[k];
    if is_whole(network, k) { d * d } else { d }
}

/// Whether all of A_k is conserved, not its diagonal alone.
fn is_whole(network: &Network, k: usize) -> bool {
    network.activation(k) == Activation::Identity
}

/// Shows `each` the conserved entries, interface by interface.
fn visit(network: &Network, mut each: impl FnMut(f64)) {
    let dot = |a: &[f64], b: &[f64]| a.iter().zip(b).map(|(a, b)| a * b).sum::<f64>();
    for k in 1..network.depth() {
        let (d, inputs) = (network.widths()[k], network.widths()[k - 1]);
        let (below, above) = (network.weights(k), network.weights(k + 1));
        let bias = network.bias(k);
        let power = if let Activation::Power(p) = network.activation(k) { f64::from(p) } else { 1.0 };
        let incoming = |i: usize| &below[i * inputs..(i + 1) * inputs];
        for i in 0..d {
            let columns = if is_whole(network, k) { 0..d } else { i..i + 1 };
            for j in columns {
                let outgoing: f64 = above.chunks_exact(d).map(|row| row[i] * row[j]).sum();
                let biases = bias.map_or(0.0, |b| b[i] * b[j]);
                each(power * outgoing - dot(incoming(i), incoming(j)) - biases);
            }
        }
    }
}
