//! Descent: rules, stops, records, continuation, divergence, determinism, allocation, the squared loss, momentum, batches.

mod allocation;
mod bad_input;
mod bits;
#[path = "../common/counting.rs"]
mod counting;
mod plain;
mod rules;
mod runs;
mod settings;
mod squares;
mod stochastic;

use implicit_bias::prelude::*;

/// Separable points of the plane, scaled to max‖x‖ = 1, and a 2-2-2-2-1 start.
pub fn setting(seed: u64) -> (Dataset, Network) {
    let data = Separable { n: 40, d: 2, margin: 0.2, next_margin: 0.4 }.sample(seed).unwrap();
    (data, Network::linear(&[2, 2, 2, 2, 1], Init::Gaussian(0.4), seed).unwrap())
}

pub fn descent(rule: StepRule, seed: u64) -> Descent {
    let (data, start) = setting(seed);
    Descent::new(&Loss::Logistic.on(&data), &start, rule).unwrap()
}
