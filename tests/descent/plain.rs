//! Plain loops to compare with.

use implicit_bias::prelude::*;

/// Uniform numbers in (−1, 1) from a counter (splitmix64): no structure, and no generator of the crate's.
pub fn regression(n: usize, d: usize, outputs: usize, seed: u64) -> Regression {
    let mut state = seed.wrapping_mul(0x5851_f42d_4c95_7f2d);
    let mut uniform = || {
        state = state.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mixed = (state ^ (state >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        ((mixed ^ (mixed >> 31)) >> 11) as f64 / (1_u64 << 52) as f64 - 1.0
    };
    let x = Array2::from_shape_simple_fn((n, d), &mut uniform);
    let y = Array2::from_shape_simple_fn((n, outputs), &mut uniform);
    Regression::with_outputs(x, y).unwrap()
}

/// ∇R flat, as the network's parameters lie.
pub fn gradient(at: &Evaluation, net: &Network) -> Array1<f64> {
    let scale = (-at.shift()).exp();
    let mut flat = Vec::new();
    for k in 1..=net.depth() {
        flat.extend(at.scaled_gradient(k).unwrap().iter().map(|g| g * scale));
        if net.bias(k).is_some() {
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
