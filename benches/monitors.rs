//! `cargo bench --bench monitors [-- MONITOR]`: what watching a descent costs, in nanoseconds a step, best of many short samples.
//!
//! Work: the paper's step on a 2-2-2-2-1 linear network and 40 points of the plane, nothing recorded. The cost of a monitor
//! is the watched step less the bare one, both from this run; what monitors share (the risk, norms, spectra) is in each.

use implicit_bias::prelude::*;
use std::time::Instant;

const SAMPLES: usize = 300;
const STEPS: u64 = 1_000;

/// Seconds a bare step and a watched one, in turns so that both meet the same machine: the best of many samples, each short
/// enough to fall between two interruptions.
fn seconds_a_step(rule: StepRule, start: &Network, data: &Dataset, watch: &mut Monitors) -> Result<[f64; 2]> {
    let descend = || Descent::new(&Loss::Logistic.on(data), start, rule);
    let (mut bare, mut watched) = (descend()?, descend()?);
    let mut best = [f64::INFINITY; 2];
    for _ in 0..SAMPLES {
        let clock = Instant::now();
        bare.run(STEPS, Record::At(vec![]), |at| Ok(at.log_risk()))?;
        let between = Instant::now();
        watched.run_watched(STEPS, Record::At(vec![]), watch, |at| Ok(at.log_risk()))?;
        let seconds = [between - clock, between.elapsed()].map(|d| d.as_secs_f64() / STEPS as f64);
        best = [best[0].min(seconds[0]), best[1].min(seconds[1])];
    }
    Ok(best)
}

fn main() -> Result<()> {
    let wanted = std::env::args().nth(1).filter(|a| !a.starts_with('-')).unwrap_or_default();
    let data = Separable { n: 40, d: 2, margin: 0.2, next_margin: 0.4 }.sample(1)?;
    let svm = MaxMargin::fit(&data)?;
    let start = admissible_start(&Loss::Logistic.on(&data), 1, |draw| {
        Network::linear(&[2, 2, 2, 2, 1], Init::Gaussian(0.5), draw)
    })?;
    for rule in [StepRule::JiTelgarsky, StepRule::Armijo { cap: 1.0 }] {
        println!("{:<40} {:>8} {:>8} {:>22}", format!("{rule:?}, n = 40"), "bare ns", "ns", "cost in bare steps");
        let line = |name: &str, monitors: &[Monitor]| -> Result<()> {
            if name.starts_with(&wanted) {
                let mut watch = Monitors::new(monitors, &Loss::Logistic.on(&data), &start, &svm)?;
                let [bare, watched] = seconds_a_step(rule, &start, &data, &mut watch)?;
                let cost = (watched - bare) / bare;
                println!("{name:<40} {:>8.1} {:>8.1} {cost:>22.2}", bare * 1e9, watched * 1e9);
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
