//! `cargo bench --bench flow`: gradient flow beside SciPy on the same problem, as gradients, error and time; the far horizon.
//!
//! A 2-2-2-2-1 linear network on 40 points of the plane, logistic loss. `PYTHON` names an interpreter with SciPy (default
//! python3); without one only our own numbers are printed. Times are the best of several runs, ratios from this one run.

use implicit_bias::prelude::*;
use std::io::Write;
use std::process::{Command, Stdio};
use std::time::Instant;

const ROUNDS: usize = 20;

/// A flow from `start` until `stop`: its network, its cost, the best time.
fn flow(solver: Solver, start: &Network, data: &Dataset, stop: Stop) -> Result<(Network, FlowRun<()>, f64)> {
    let (mut best, mut last) = (f64::INFINITY, None);
    for _ in 0..ROUNDS {
        let mut flow = Flow::new(&Loss::Logistic.on(data), start, solver)?;
        let clock = Instant::now();
        let run = flow.run(stop, SaveAt::At(vec![]), |_| Ok(()))?;
        best = best.min(clock.elapsed().as_secs_f64());
        last = Some((flow.network().clone(), run));
    }
    let (network, run) = last.expect("at least one round");
    Ok((network, run, best))
}

fn error(a: &Network, b: &Network) -> f64 {
    a.params().iter().zip(b.params()).map(|(a, b)| (a - b).abs()).fold(0.0, f64::max)
}

/// What SciPy makes of it: (name, gradients, error, seconds), empty where there is no SciPy.
fn scipy(start: &Network, data: &Dataset, reference: &Network) -> Vec<(String, f64, f64, f64)> {
    let rows = |m: &Array2<f64>| m.rows().into_iter().map(|r| r.to_vec()).collect::<Vec<_>>();
    let layers: Vec<_> = start.layers().map(|w| rows(&w.to_owned())).collect();
    let lambda = -Loss::Logistic.on(data).at(start).map_or(0.0, |at| at.log_risk());
    let (z, reference) = (rows(&data.mirrored()), reference.params());
    let input = format!("{{\"z\":{z:?},\"layers\":{layers:?},\"reference\":{reference:?},\"lambda\":{lambda:?}}}");
    let python = std::env::var("PYTHON").unwrap_or_else(|_| "python3".into());
    let script = concat!(env!("CARGO_MANIFEST_DIR"), "/benches/flow.py");
    let run = || {
        let mut child = Command::new(python)
            .arg(script)
            .env("OPENBLAS_NUM_THREADS", "1")
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()?;
        child.stdin.take().expect("a piped stdin").write_all(input.as_bytes())?;
        child.wait_with_output()
    };
    let Ok(out) = run() else { return vec![] };
    let text = String::from_utf8_lossy(&out.stdout).into_owned();
    let number = |word: Option<&str>| word.and_then(|w| w.parse().ok()).unwrap_or(f64::NAN);
    let lines = text.lines().map(|line| {
        let mut words = line.split_whitespace();
        let name = words.next().unwrap_or_default().to_string();
        (name, number(words.next()), number(words.next()), number(words.next()))
    });
    lines.collect()
}

fn main() -> Result<()> {
    let data = Separable { n: 40, d: 2, margin: 0.2, next_margin: 0.4 }.sample(7)?;
    let draw = |seed| Network::linear(&[2, 2, 2, 2, 1], Init::Gaussian(0.4), seed);
    let start = admissible_start(&Loss::Logistic.on(&data), 1, draw)?;
    let tight = Solver::dormand_prince(Clock::Time).within(1e-14, 1e-14);
    let (reference, _, _) = flow(tight, &start, &data, Stop::time(1e4))?;
    let theirs = scipy(&start, &data, &reference);
    let find = |name: &str| theirs.iter().find(|line| line.0 == name);

    println!("{:<44} {:>10} {:>10} {:>12} {:>12}", "flow to t = 1e4", "gradients", "error", "ms", "times ours");
    for tolerance in [1e-6, 1e-9, 1e-12] {
        let solver = Solver::dormand_prince(Clock::Time).within(tolerance, tolerance);
        let (net, run, seconds) = flow(solver, &start, &data, Stop::time(1e4))?;
        let (name, cost) = (format!("Dormand-Prince 8(5,3), tolerance {tolerance:e}"), run.work.gradients);
        println!("{name:<44} {cost:>10} {:>10.1e} {:>12.3} {:>12}", error(&net, &reference), seconds * 1e3, 1);
        match find(&format!("dop853-{}", python_format(tolerance))) {
            Some((_, cost, error, slow)) => {
                let ratio = slow / seconds;
                println!("{:<44} {cost:>10} {error:>10.1e} {:>12.3} {ratio:>12.0}", "  SciPy's DOP853", slow * 1e3);
            }
            None => println!("{:<44} {:>10}", "  SciPy's DOP853", "not found"),
        }
    }
    println!("\n{:<44} {:>10} {:>10} {:>12} {:>12}", "to ln R = −1e6", "gradients", "‖W₁‖_F", "ms", "times ours");
    let (net, run, seconds) = flow(Solver::radau(Clock::LogRisk), &start, &data, Stop::log_risk(-1e6))?;
    let far = |name: &str, cost: f64, norm: f64, took: f64| {
        println!("{name:<44} {cost:>10} {norm:>10.6} {:>12.2} {:>12.1}", took * 1e3, took / seconds);
    };
    far("Radau in λ, tolerance 1e-8", run.work.gradients as f64, frobenius_norms(&net)?[0], seconds);
    for name in ["radau-far", "lsoda-far"] {
        if let Some((_, cost, norm, slow)) = find(name) {
            far(&format!("  SciPy's {}", name.trim_end_matches("-far")), *cost, *norm, *slow);
        }
    }
    println!("\n{:<44} {:>10} {:>10} {:>12}", "descent to R = 1e-1000", "steps", "ln R", "ms");
    let rules = [StepRule::Armijo { cap: f64::INFINITY }, StepRule::Normalized { eta: 0.1, power: 2.0 }];
    for rule in rules {
        let mut best = f64::INFINITY;
        let mut last = None;
        for _ in 0..ROUNDS {
            let mut descent = Descent::new(&Loss::Logistic.on(&data), &start, rule)?;
            let clock = Instant::now();
            last = Some(descent.run(Stop::log_risk(-2302.6), Record::At(vec![]), |at| Ok(at.log_risk()))?);
            best = best.min(clock.elapsed().as_secs_f64());
        }
        let run = last.expect("at least one round");
        println!("{:<44} {:>10} {:>10.1} {:>12.2}", format!("{rule:?}"), run.steps, run.last(), best * 1e3);
    }
    Ok(())
}

/// As Python writes 1e-6: `1e-06`.
fn python_format(tolerance: f64) -> String {
    let text = format!("{tolerance:e}");
    let (mantissa, exponent) = text.split_once("e-").unwrap_or((&text, "0"));
    format!("{mantissa}e-{exponent:0>2}")
}
