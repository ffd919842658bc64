use implicit_bias::prelude::*;
use std::time::Instant;
fn main() -> Result<()> {
    let n = 100;
    let mut s = 1u64;
    let mut r = || {
        s = s.wrapping_mul(6364136223846793005).wrapping_add(1442695040888963407);
        (s >> 11) as f64 / (1u64 << 53) as f64 - 0.5
    };
    let x = Array2::from_shape_fn((n, 2), |_| r());
    let y = x.outer_iter().map(|v| if v[0] + v[1] > 0.0 { 1.0 } else { -1.0 }).collect::<Array1<f64>>();
    let data = Dataset::new(x, y)?;
    let layers: Vec<_> = [(2, 2), (2, 2), (2, 2), (1, 2)].iter().map(|&s| Array2::from_shape_fn(s, |_| r())).collect();
    let net = Network::from_layers(&layers)?;
    for rule in [
        StepRule::Constant(1e-3),
        StepRule::JiTelgarsky,
        StepRule::LossScaled(1e-3),
        StepRule::Normalized { eta: 1e-3, power: 1.0 },
        StepRule::Armijo { cap: 1.0 },
    ] {
        if std::env::args().nth(1).is_some_and(|a| !a.starts_with('-') && !format!("{rule:?}").starts_with(&a)) {
            continue;
        }
        let mut best = f64::INFINITY;
        let mut d = Descent::new(Loss::Logistic, rule, &net, &data)?;
        for _ in 0..300 {
            let t = Instant::now();
            let run = d.run(2_000, Record::LogSpaced(1), |at| Ok(at.risk))?;
            best = best.min(t.elapsed().as_secs_f64() / run.steps as f64);
            std::hint::black_box(run);
        }
        println!("{rule:?}: {:.1} ns", best * 1e9);
    }
    Ok(())
}
