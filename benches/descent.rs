//! `cargo bench --bench descent [-- RULE]`: nanoseconds for one full-batch step, best of many short samples, beside a floor.
//!
//! Work w1: a 2-2-2-2-1 linear network on 100 points of the plane, logistic loss, nothing recorded. Its floor is the same
//! pass with n exponentials and no division or logarithm: one layer, exponential loss.
//! Small networks that go layer by layer follow, under both kinds of loss; no floor is known for them.
//! `IMPLICIT_BIAS_SIMD=avx2` or `=plain` asks for a narrower vector unit.

use implicit_bias::prelude::*;
use std::time::Instant;

const N: usize = 100;
const SAMPLES: usize = 400;
const STEPS: u64 = 2_000;

/// Seconds a step: the best of many samples, each short enough to fall between two interruptions.
fn seconds_a_step(risk: &Risk, rule: StepRule, start: &Network, record: &Record) -> Result<f64> {
    let mut descent = Descent::new(risk, start, rule)?;
    let mut best = f64::INFINITY;
    for _ in 0..SAMPLES {
        let clock = Instant::now();
        let run = descent.run(STEPS, record.clone(), |at| Ok(at.log_risk()))?;
        best = best.min(clock.elapsed().as_secs_f64() / run.steps as f64);
    }
    Ok(best)
}

fn main() -> Result<()> {
    let wanted = std::env::args().nth(1).filter(|a| !a.starts_with('-')).unwrap_or_default();
    let data = Separable { n: N, d: 2, margin: 0.1, next_margin: 0.2 }.sample(1)?;
    let start = Network::linear(&[2, 2, 2, 2, 1], Init::Gaussian(0.5), 1)?;
    let single = Network::from_layers(&[array![[0.0, 0.0]]])?;
    let nothing = Record::At(vec![]);
    let logistic = Loss::Logistic.on(&data);
    let floor = seconds_a_step(&Loss::Exponential.on(&data), StepRule::Constant(1e-6), &single, &nothing)?;
    println!("{:<50} {:>8} {:>16}", "one step, n = 100", "ns", "times the floor");
    println!("{:<50} {:>8.1} {:>16.2}", "floor: n exponentials", floor * 1e9, 1.0);
    let rules = [
        StepRule::Constant(1e-3),
        StepRule::JiTelgarsky,
        StepRule::LossScaled(1e-3),
        StepRule::Normalized { eta: 1e-3, power: 1.0 },
        StepRule::Armijo { cap: 1.0 },
    ];
    for rule in rules {
        let name = format!("{rule:?}");
        if name.starts_with(&wanted) {
            let seconds = seconds_a_step(&logistic, rule, &start, &nothing)?;
            println!("{name:<50} {:>8.1} {:>16.2}", seconds * 1e9, seconds / floor);
        }
    }
    let every = seconds_a_step(&logistic, StepRule::Constant(1e-3), &start, &Record::Every(1))?;
    println!("{:<50} {:>8.1} {:>16.2}", "Constant(0.001), risk recorded at every step", every * 1e9, every / floor);
    println!();
    let relu = |widths: &[usize]| Network::rectified(widths, 0.0, Init::He, 1);
    let small = [
        (20, Network::linear(&[2, 1], Init::LeCun, 1)?),
        (20, Network::linear(&[5, 4, 1], Init::LeCun, 1)?),
        (20, Network::power(&[3, 4, 1], 2, Init::LeCun, 1)?),
        (50, relu(&[2, 2, 2, 1])?),
        (50, relu(&[1, 8, 1])?.with_biases()?),
        (100, Network::bottleneck(8, 1, 8, Init::LeCun, 1)?),
        (20, Network::linear(&[16, 1], Init::LeCun, 1)?),
        (20, Network::linear(&[40, 1], Init::LeCun, 1)?),
    ];
    for (n, net) in small {
        let x = gaussian_matrix(n, net.widths()[0], 1)?;
        let y = x.column(0).mapv(f64::sin);
        let squares = Risk::squares(&Regression::new(x.clone(), y.clone())?);
        let margins = Loss::Logistic.on(&Dataset::new(x, y.mapv(f64::signum))?);
        for risk in [squares, margins] {
            let seconds = seconds_a_step(&risk, StepRule::Constant(1e-6), &net, &nothing)?;
            let loss = risk.loss().map_or("squared loss".to_owned(), |loss| format!("{loss:?}"));
            println!("{:<50} {:>8.1}", format!("{loss}, n = {n}, {net:?}"), seconds * 1e9);
        }
    }
    Ok(())
}
