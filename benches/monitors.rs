//! `cargo bench --bench monitors [-- MONITOR]`: what watching a descent costs, in nanoseconds a step, best of many short samples.
//!
//! Work: the paper's step on a 2-2-2-2-1 linear network and 40 points of the plane, nothing recorded. The cost of a monitor
//! is the watched step less the bare one, both from this run; what monitors share (the risk, norms, spectra) is in each.

use implicit_bias::prelude::*;
use std::time::Instant;

const SAMPLES: usize = 200;
const STEPS: u64 = 2_000;

/// Seconds a step, bare without monitors: the best of many samples, each short enough to fall between two interruptions.
fn seconds_a_step(rule: StepRule, start: &Network, data: &Dataset, watch: Option<&mut Monitors>) -> Result<f64> {
    let mut descent = Descent::new(Loss::Logistic, rule, start, data)?;
    let mut watch = watch;
    let mut best = f64::INFINITY;
    for _ in 0..SAMPLES {
        let clock = Instant::now();
        let nothing = Record::At(vec![]);
        let run = match &mut watch {
            Some(watch) => descent.run_watched(STEPS, nothing, watch, |at| Ok(at.log_risk))?,
            None => descent.run(STEPS, nothing, |at| Ok(at.log_risk))?,
        };
        best = best.min(clock.elapsed().as_secs_f64() / run.steps as f64);
    }
    Ok(best)
}

fn main() -> Result<()> {
    let wanted = std::env::args().nth(1).filter(|a| !a.starts_with('-')).unwrap_or_default();
    let data = Separable { n: 40, d: 2, margin: 0.2, next_margin: 0.4 }.sample(1)?;
    let svm = MaxMargin::fit(&data)?;
    let start = admissible_start(&data, Loss::Logistic, 1, |draw| {
        Network::linear(&[2, 2, 2, 2, 1], Init::Gaussian(0.5), draw)
    })?;
    for rule in [StepRule::JiTelgarsky, StepRule::Armijo { cap: 1.0 }] {
        let bare = seconds_a_step(rule, &start, &data, None)?;
        println!("{:<40} {:>8} {:>22}", format!("{rule:?}, n = 40"), "ns", "cost in bare steps");
        println!("{:<40} {:>8.1} {:>22}", "bare", bare * 1e9, "–");
        let line = |name: &str, monitors: &[Monitor]| -> Result<()> {
            if name.starts_with(&wanted) {
                let mut watch = Monitors::new(monitors, Loss::Logistic, &start, &data, &svm)?;
                let seconds = seconds_a_step(rule, &start, &data, Some(&mut watch))?;
                println!("{name:<40} {:>8.1} {:>22.2}", seconds * 1e9, (seconds - bare) / bare);
            }
            Ok(())
        };
        let mut each = Monitor::DESCENT.to_vec();
        each.extend(Monitor::FLOW.iter().filter(|m| !Monitor::DESCENT.contains(m)));
        for monitor in &each {
            line(&monitor.to_string(), &[*monitor])?;
        }
        line("all of Monitor::DESCENT", Monitor::DESCENT)?;
        line("all of Monitor::FLOW", Monitor::FLOW)?;
        line("all", &each)?;
        println!();
    }
    Ok(())
}
