//! Gradient flow: closed forms, clocks, stops, what it conserves, bad input, allocation.

mod allocation;
mod bad_input;
mod clocks;
mod closed_forms;
mod conserved;
#[path = "../common/counting.rs"]
mod counting;
mod output;
mod rest;
mod squares;
mod stiff;

use implicit_bias::prelude::*;

/// Separable points of the plane, max‖x‖ = 1, and an admissible start of 2×2 layers.
pub fn setting(depth: usize, seed: u64) -> (Dataset, Network) {
    let data = Separable { n: 40, d: 2, margin: 0.2, next_margin: 0.4 }.sample(seed).unwrap();
    let mut widths = vec![2; depth];
    widths.push(1);
    let draw = |draw| Network::linear(&widths, Init::Gaussian(0.4), draw);
    let start = admissible_start(&Loss::Logistic.on(&data), seed, draw).unwrap();
    (data, start)
}

/// One point at 1 with label 1: R(w) = ℓ(w).
pub fn one_point() -> Dataset {
    Dataset::new(array![[1.0]], array![1.0]).unwrap()
}

/// The weights at the end of a flow.
pub fn arrive(loss: Loss, solver: Solver, start: &Network, data: &Dataset, stop: Stop) -> (Network, FlowRun<()>) {
    let mut flow = Flow::new(&loss.on(data), start, solver).unwrap();
    let run = flow.run(stop, SaveAt::At(vec![]), |_| Ok(())).unwrap();
    (flow.network().clone(), run)
}

/// The largest difference between two networks' weights.
pub fn distance(a: &Network, b: &Network) -> f64 {
    a.params().iter().zip(b.params()).map(|(a, b)| (a - b).abs()).fold(0.0, f64::max)
}

pub const SOLVERS: [Solver; 6] = [
    Solver::dormand_prince(Clock::Time),
    Solver::dormand_prince(Clock::LogTime),
    Solver::dormand_prince(Clock::LogRisk),
    Solver::radau(Clock::Time).within(1e-9, 1e-9),
    Solver::radau(Clock::LogTime).within(1e-9, 1e-9),
    Solver::radau(Clock::LogRisk).within(1e-9, 1e-9),
];
