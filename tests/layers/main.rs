//! Networks whose layers differ, scaled and centred ones: what they compute, how they descend, what they are not taken for.

mod drawn;
mod files;
mod gradients;
mod memory;
mod refused;
mod strips;

use implicit_bias::prelude::*;

const RELU: Activation = Activation::Rectified(0.0);

/// Uniform numbers in (−1, 1) from a counter (splitmix64): no structure, and no generator of the crate's.
pub fn numbers(seed: u64) -> impl FnMut() -> f64 {
    let mut state = seed.wrapping_mul(0x5851_f42d_4c95_7f2d);
    move || {
        state = state.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mixed = (state ^ (state >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        ((mixed ^ (mixed >> 31)) >> 11) as f64 / (1_u64 << 52) as f64 - 1.0
    }
}

/// Targets of one output as the squared loss, or their signs as labels of a margin loss.
pub fn risk(loss: Option<Loss>, n: usize, d: usize) -> Risk {
    let mut uniform = numbers(11);
    let (x, y) = (Array2::from_shape_simple_fn((n, d), &mut uniform), Array1::from_shape_simple_fn(n, &mut uniform));
    match loss {
        Some(loss) => loss.on(&Dataset::new(x, y.mapv(f64::signum)).unwrap()),
        None => Risk::squares(&Regression::new(x, y).unwrap()),
    }
}

pub const LOSSES: [Option<Loss>; 3] = [Some(Loss::Logistic), Some(Loss::Exponential), None];

/// Random weights and biases; a centre away from them where the network is centred.
pub fn moved(mut net: Network, seed: u64) -> Network {
    let mut uniform = numbers(seed);
    net.params_mut().iter_mut().for_each(|w| *w += 0.7 * uniform());
    net
}

/// Every kind of network on `d` inputs: mixed layers narrow and wide, the bottleneck, scaled, centred, powers between.
pub fn networks(d: usize) -> Vec<Network> {
    let of = |layers: &[Layer]| Network::of(d, layers, Init::LeCun, 3).unwrap();
    let (leaky, square) = (Activation::Rectified(0.3), Activation::Power(2));
    let mixed = of(&[
        Layer::dense(4).then(RELU),
        Layer::dense(3).with_bias(),
        Layer::dense(5).with_bias().then(leaky),
        Layer::dense(1),
    ]);
    let wide = of(&[
        Layer::dense(11).with_bias().then(leaky),
        Layer::dense(2),
        Layer::dense(17).then(RELU),
        Layer::dense(1).with_bias(),
    ]);
    let powers = of(&[Layer::dense(3).then(RELU), Layer::dense(4).with_bias().then(square), Layer::dense(1)]);
    let linear = Network::linear(&[d, 3, 1], Init::LeCun, 3).unwrap();
    let all = vec![
        mixed.clone(),
        wide.clone(),
        powers.clone(),
        Network::bottleneck(d, 1, 6, Init::PyTorch, 3).unwrap(),
        Network::bottleneck(d, 2, 40, Init::PyTorch, 3).unwrap(),
        linear.clone().with_scale(0.3).unwrap(),
        linear.centred(),
        mixed.with_scale(2.5).unwrap().centred(),
        wide.centred().with_scale(0.1).unwrap(),
        powers.centred(),
    ];
    (1..).zip(all).map(|(seed, net)| moved(net, seed)).collect()
}

/// ∇R flat, as the network's parameters lie.
pub fn gradient(net: &Network, at: &Evaluation) -> Vec<f64> {
    let mut flat = vec![];
    for k in 1..=net.depth() {
        flat.extend(at.scaled_gradient(k).unwrap());
        if net.bias(k).is_some() {
            flat.extend(at.scaled_bias_gradient(k).unwrap());
        }
    }
    flat.iter().map(|g| g * (-at.shift()).exp()).collect()
}
