//! `cargo bench --bench logistic`: logistic regression on 20 separable points of the plane, nanoseconds a step, best of many
//! short samples, beside a floor; and the roads to ln t = 1000000.
//!
//! The floor is the chain that no step can do without: two multiply-adds, one exponential, one division and the sum over eight
//! lanes, each waiting for the one before.

use implicit_bias::prelude::*;
use std::hint::black_box;
use std::time::Instant;

const STEPS: u64 = 2_000;
const SAMPLES: usize = 2_000;

fn best(mut sample: impl FnMut() -> Result<u64>) -> Result<f64> {
    let mut best = f64::INFINITY;
    for _ in 0..SAMPLES {
        let clock = Instant::now();
        let steps = sample()?;
        best = best.min(clock.elapsed().as_secs_f64() / steps as f64);
    }
    Ok(best)
}

/// One point of the line, by hand: w ← w + η/(1 + e^w), libm's exponential.
fn floor() -> Result<f64> {
    best(|| {
        let mut w = black_box(0.0_f64);
        for _ in 0..STEPS {
            w += 1e-3 / (1.0 + w.exp());
        }
        black_box(w);
        Ok(STEPS)
    })
}

fn main() -> Result<()> {
    let data = Separable { n: 20, d: 2, margin: 0.2, next_margin: 0.4 }.sample(1)?;
    let start = Network::linear(&[2, 1], Init::Zeros, 0)?;
    let floor = floor()?;
    println!(
        "{:<40} {:>8} {:>16} {:>22}",
        "logistic regression, n = 20, d = 2", "ns/step", "times the floor", "10⁷ steps, seconds"
    );
    let print = |name: &str, s: f64| {
        println!("{name:<40} {:>8.1} {:>16.2} {:>22.2}", s * 1e9, s / floor, s * 1e7);
    };
    print("floor: one point, scalar code", floor);
    let descent = |rule| Descent::new(&Loss::Logistic.on(&data), &start, rule);
    for rule in [StepRule::Constant(1.0), StepRule::LossScaled(0.5), StepRule::Normalized { eta: 0.1, power: 1.0 }] {
        let mut plain = descent(rule)?;
        print(&format!("{rule:?}"), best(|| Ok(plain.run(STEPS, Record::At(vec![]), |_| Ok(()))?.steps))?);
    }
    let mut heavy = descent(StepRule::Constant(1.0))?;
    heavy.set_momentum(0.9)?;
    print("Constant(1.0), momentum 0.9", best(|| Ok(heavy.run(STEPS, Record::At(vec![]), |_| Ok(()))?.steps))?);
    let mut sgd = descent(StepRule::Constant(1.0))?;
    sgd.set_batches(Batches { size: 1, order: Order::Shuffled(1) })?;
    print("Constant(1.0), batches of one", best(|| Ok(sgd.run(STEPS, Record::At(vec![]), |_| Ok(()))?.steps))?);

    println!("\nto ln t = 1000000");
    for rule in [
        StepRule::LossScaled(2.0),
        StepRule::Normalized { eta: 2.0, power: 1.0 },
        StepRule::Armijo { cap: f64::INFINITY },
    ] {
        let mut road = descent(rule)?;
        let clock = Instant::now();
        let run = road.run(Stop { log_time: 1e6, ..Stop::steps(u64::MAX) }, Record::At(vec![]), |_| Ok(()))?;
        let seconds = clock.elapsed().as_secs_f64();
        println!("{:<40} {seconds:>8.2} s, {} steps, {:?}", format!("{rule:?}"), run.steps, run.stopped);
    }
    let mut flow = Flow::new(&Loss::Logistic.on(&data), &start, Solver::radau(Clock::LogRisk))?;
    let clock = Instant::now();
    let run = flow.run(Stop { log_time: 1e6, ..Stop::steps(u64::MAX) }, SaveAt::LogSpaced(5), |_| Ok(()))?;
    println!(
        "{:<40} {:>8.4} s, {} steps, {:?}",
        "Radau in λ",
        clock.elapsed().as_secs_f64(),
        run.run.steps,
        run.run.stopped
    );
    Ok(())
}
