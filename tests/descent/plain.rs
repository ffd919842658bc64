//! Plain loops to compare with.

use implicit_bias::prelude::*;

/// Smooth, deterministic numbers without structure.
pub fn regression(n: usize, d: usize, outputs: usize, seed: u64) -> Regression {
    let wave = |i: usize, j: usize, k: f64| ((i * 31 + j * 17) as f64 * (k + seed as f64 * 0.618) + 0.3).sin();
    let x = Array2::from_shape_fn((n, d), |(i, j)| wave(i, j, 1.37));
    let y = Array2::from_shape_fn((n, outputs), |(i, j)| wave(i, j, 2.71));
    Regression::with_outputs(x, y).unwrap()
}

/// ∇R flat, as the network's parameters lie.
pub fn gradient(at: &Evaluation, net: &Network) -> Array1<f64> {
    let scale = (-at.shift()).exp();
    let mut flat = Vec::new();
    for k in 1..=net.depth() {
        flat.extend(at.scaled_gradient(k).unwrap().iter().map(|g| g * scale));
        if net.has_biases() {
            flat.extend(at.scaled_bias_gradient(k).unwrap().iter().map(|g| g * scale));
        }
    }
    Array1::from(flat)
}

/// ‖a − b‖ / ‖b‖.
pub fn relative(a: &Array1<f64>, b: &Array1<f64>) -> f64 {
    let norm = |v: Array1<f64>| v.dot(&v).sqrt();
    norm(a - b) / norm(b.clone()).max(1e-300)
}

/// Heavy ball by hand, on gradients of fresh evaluations: w ← w − ηg + β(w − w before).
pub fn heavy_ball(
    start: &Network,
    eta: f64,
    momentum: f64,
    steps: usize,
    at: impl Fn(usize, &Network) -> Evaluation,
) -> Network {
    let (mut net, mut before) = (start.clone(), start.params().to_vec());
    for t in 0..steps {
        let g = gradient(&at(t, &net), &net);
        let now = net.params().to_vec();
        for (i, w) in net.params_mut().iter_mut().enumerate() {
            *w += -eta * g[i] + momentum * (now[i] - before[i]);
        }
        before = now;
    }
    net
}
