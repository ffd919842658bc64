use implicit_bias::prelude::*;
use std::time::Instant;
fn main() -> Result<()> {
    for n in [4, 16, 20, 24, 40] {
        let data = Separable { n, d: 2, margin: 0.2, next_margin: 0.4 }.sample(1)?;
        let start = Network::linear(&[2, 1], Init::Zeros, 0)?;
        let steps = 2_000_000u64;
        for rule in [StepRule::Constant(1.0), StepRule::Normalized { eta: 0.1, power: 1.0 }, StepRule::LossScaled(0.5)]
        {
            let mut d = Descent::new(Loss::Logistic, rule, &start, &data)?;
            let t = Instant::now();
            let run = d.run(steps, Record::LogSpaced(10), |at| Ok(at.log_risk))?;
            println!(
                "n {n} {rule:?}: {:.1} ns, {:?} lnR {} ln t {}",
                t.elapsed().as_secs_f64() / steps as f64 * 1e9,
                run.stopped,
                run.last(),
                d.at().log_time
            );
        }
        let mut d = Descent::new(Loss::Logistic, StepRule::Constant(1.0), &start, &data)?;
        d.set_momentum(0.9)?;
        let t = Instant::now();
        let run = d.run(steps, Record::LogSpaced(10), |at| Ok(at.log_risk))?;
        println!("   momentum {:.1} ns lnR {}", t.elapsed().as_secs_f64() / steps as f64 * 1e9, run.last());
        d.set_batches(Batches { size: 1, order: Order::Shuffled(1) })?;
        let t = Instant::now();
        let run = d.run(steps, Record::LogSpaced(10), |at| Ok(at.log_risk))?;
        println!("   sgd 1 {:.1} ns lnR {}", t.elapsed().as_secs_f64() / steps as f64 * 1e9, run.last());
    }
    for (n, d) in [(10, 20), (20, 50), (50, 20)] {
        let x = Array2::from_shape_fn((n, d), |(i, j)| ((i * 7 + j * 13) as f64 * 0.37).sin() + ((i * j) as f64).cos());
        let y = Array1::from_shape_fn(n, |i| (i as f64).sin());
        let data = Regression::new(x, y)?;
        let start = Network::linear(&[d, 1], Init::Gaussian(1.0), 0)?;
        let eta = 1.0 / least_squares_smoothness(&data)?;
        let mut de = Descent::least_squares(StepRule::Constant(eta), &start, &data)?;
        let steps = 100_000u64;
        let t = Instant::now();
        let run = de.run(steps, Record::LogSpaced(10), |at| Ok(at.log_risk))?;
        println!(
            "ls {n} {d}: {:.1} ns {:?} lnR {}",
            t.elapsed().as_secs_f64() / run.steps as f64 * 1e9,
            run.stopped,
            run.last()
        );
        let start = Network::linear(&[d, 30, 2], Init::Gaussian(0.2), 0)?;
        let y2 = Array2::from_shape_fn((n, 2), |(i, j)| ((i + j) as f64).sin());
        let data = Regression::with_outputs(data.x().to_owned(), y2)?;
        let mut de = Descent::least_squares(StepRule::Constant(eta * 0.3), &start, &data)?;
        let t = Instant::now();
        let run = de.run(steps / 10, Record::LogSpaced(10), |at| Ok(at.log_risk))?;
        println!(
            "2-layer {n} {d}: {:.1} ns {:?} lnR {}",
            t.elapsed().as_secs_f64() / run.steps as f64 * 1e9,
            run.stopped,
            run.last()
        );
    }
    let net = Network::power(&[2, 6, 1], 2, Init::Gaussian(0.5), 1)?;
    let x = Array2::from_shape_fn((8, 2), |(i, j)| ((i * 7 + j * 13) as f64 * 0.37).sin());
    let y = Array1::from_shape_fn(8, |i| (i as f64).sin());
    let data = Regression::new(x, y)?;
    let mut de = Descent::least_squares(StepRule::Constant(0.01), &net, &data)?;
    let t = Instant::now();
    let run = de.run(200_000, Record::LogSpaced(10), |at| Ok(at.log_risk))?;
    println!(
        "power: {:.1} ns {:?} lnR {}",
        t.elapsed().as_secs_f64() / run.steps as f64 * 1e9,
        run.stopped,
        run.last()
    );
    Ok(())
}
