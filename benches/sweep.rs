//! `cargo bench --bench sweep`: what a sweep on all cores reaches of its work's time on one, T₁ / (p Tₚ), best of several rounds.
//!
//! The work is 200 descents of a 2-2-2-2-1 network, 20,000 steps each but for every fourth, which stops at once. What the
//! machine itself grants stands beside it: p threads that each do all of the work, without handing anything out.

use implicit_bias::prelude::*;
use std::thread;
use std::time::Instant;

const ROUNDS: usize = 15;

fn descent(seed: u64) -> Result<f64> {
    let data = Separable { n: 100, d: 2, margin: 0.1, next_margin: 0.2 }.sample(seed)?;
    let start = Network::linear(&[2, 2, 2, 2, 1], Init::Gaussian(0.5), seed)?;
    let mut descent = Descent::new(&Loss::Logistic.on(&data), &start, StepRule::Constant(1e-3))?;
    let steps = if seed.is_multiple_of(4) { 1 } else { 20_000 };
    Ok(*descent.run(steps, Record::At(vec![]), |at| Ok(at.log_risk()))?.last())
}

fn on(threads: usize) -> Result<(Vec<f64>, f64)> {
    // SAFETY: a sweep's threads end with it, so this one is the only one.
    unsafe { std::env::set_var("IMPLICIT_BIAS_THREADS", threads.to_string()) };
    let clock = Instant::now();
    let rows = sweep(1..=200, descent)?;
    Ok((rows, clock.elapsed().as_secs_f64()))
}

fn all_on_each(threads: usize) -> f64 {
    let clock = Instant::now();
    thread::scope(|scope| {
        for _ in 0..threads {
            scope.spawn(|| (1..=200).try_for_each(|seed| descent(seed).map(|_| ())));
        }
    });
    clock.elapsed().as_secs_f64()
}

fn main() -> Result<()> {
    let threads = thread::available_parallelism().map_or(1, usize::from);
    let (mut single, mut many, mut bare) = (f64::INFINITY, f64::INFINITY, f64::INFINITY);
    for _ in 0..ROUNDS {
        let (alone, one) = on(1)?;
        let (together, all) = on(threads)?;
        assert!(alone == together, "other bits on {threads} threads");
        (single, many, bare) = (single.min(one), many.min(all), bare.min(all_on_each(threads)));
    }
    println!("200 descents on 1 thread: {single:.3} s, on {threads} threads: {many:.3} s, the same bits");
    println!("efficiency of the sweep: {:.1} %", 100.0 * single / (threads as f64 * many));
    println!("what the machine grants: {:.1} %", 100.0 * single / bare);
    Ok(())
}
