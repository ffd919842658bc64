//! Each rule against a plain re-implementation on dense matrices.

use super::{descent, setting};
use implicit_bias::prelude::*;

/// Risk and gradient of the logistic loss by dense matrix products, without any of the crate's kernels.
fn plain(layers: &[Array2<f64>], z: &Array2<f64>) -> (f64, Vec<Array2<f64>>) {
    let depth = layers.len();
    let mut prefix = vec![Array2::eye(z.ncols())];
    for w in layers {
        prefix.push(w.dot(&prefix[prefix.len() - 1]));
    }
    let q = z.dot(&prefix[depth].row(0));
    let n = z.nrows() as f64;
    let risk = q.iter().map(|q| (-q).exp().ln_1p()).sum::<f64>() / n;
    let slopes = q.mapv(|q| -1.0 / (1.0 + q.exp()) / n);
    let at_product = slopes.dot(z).insert_axis(ndarray::Axis(0));
    let gradients = (0..depth).map(|k| {
        let mut suffix = Array2::eye(layers[depth - 1].nrows());
        for w in layers[k + 1..].iter().rev() {
            suffix = suffix.dot(w);
        }
        suffix.t().dot(&at_product).dot(&prefix[k].t())
    });
    (risk, gradients.collect())
}

fn norm(g: &[Array2<f64>]) -> f64 {
    g.iter().map(|g| g.iter().map(|v| v * v).sum::<f64>()).sum::<f64>().sqrt()
}

/// The size of step t by definition, given risk, gradient, weights and what the rule remembers.
type Size<'a> = &'a mut dyn FnMut(&[Array2<f64>], f64, &[Array2<f64>], &Array2<f64>) -> f64;

fn oracle(seed: u64, steps: usize, size: Size) -> Vec<f64> {
    let (data, start) = setting(seed);
    let z = data.mirrored();
    let mut layers: Vec<_> = start.layers().map(|w| w.to_owned()).collect();
    for _ in 0..steps {
        let (risk, gradients) = plain(&layers, &z);
        let eta = size(&layers, risk, &gradients, &z);
        for (w, g) in layers.iter_mut().zip(&gradients) {
            w.scaled_add(-eta, g);
        }
    }
    layers.iter().flat_map(|w| w.iter().copied()).collect()
}

fn distance(rule: StepRule, steps: u64, size: Size) -> f64 {
    let mut worst = 0.0_f64;
    for seed in 0..3 {
        let mut descent = descent(rule, seed);
        descent.run(steps, Record::At(vec![]), |_| Ok(())).unwrap();
        let expected = oracle(seed, steps as usize, size);
        let scale = expected.iter().fold(0.0_f64, |m, v| m.max(v.abs()));
        for (a, b) in descent.network().params().iter().zip(&expected) {
            worst = worst.max((a - b).abs() / scale);
        }
    }
    worst
}

#[test]
fn constant_agrees_with_dense_algebra_to_1e_12_at_1e4_steps() {
    assert!(distance(StepRule::Constant(0.05), 10_000, &mut |_, _, _, _| 0.05) < 1e-12);
    assert!(distance(StepRule::Constant(0.05), 100, &mut |_, _, _, _| 0.0500001) > 1e-9, "negative control");
}

/// η_t of the paper by its definition; `round` is ⌈·⌉ or the identity.
fn paper(round: fn(f64) -> f64) -> impl FnMut(&[Array2<f64>]) -> f64 {
    let mut radius: Option<f64> = None;
    move |layers| {
        let m = layers.iter().map(|w| w.iter().map(|v| v * v).sum::<f64>().sqrt()).fold(0.0, f64::max);
        let next = match radius {
            None => (round(m) + 1.0).max(1.0),
            Some(r) if m > r - 1.0 => r.max(round(m) + 1.0),
            Some(r) => r,
        };
        radius = Some(next);
        let depth = layers.len() as i32;
        (1.0 / (2.0 * f64::from(depth * depth) * next.powi(2 * depth - 2) * 1.25)).min(1.0)
    }
}

#[test]
fn the_papers_step_follows_its_definition() {
    for (rule, round) in [(StepRule::JiTelgarsky, f64::ceil as fn(f64) -> f64), (StepRule::JiTelgarskyTight, |m| m)] {
        // A fresh memory for each seed: the oracle's closure is rebuilt by running one seed at a time.
        for seed in 0..3 {
            let mut descent = descent(rule, seed);
            descent.run(20_000, Record::At(vec![]), |_| Ok(())).unwrap();
            let mut step = paper(round);
            let expected = oracle(seed, 20_000, &mut |layers, _, _, _| step(layers));
            for (a, b) in descent.network().params().iter().zip(&expected) {
                assert!((a - b).abs() < 1e-12, "{rule:?} seed {seed}: {a} {b}");
            }
        }
    }
    let (mut loose, mut tight) = (descent(StepRule::JiTelgarsky, 0), descent(StepRule::JiTelgarskyTight, 0));
    loose.step().unwrap();
    tight.step().unwrap();
    assert_ne!(loose.network(), tight.network(), "negative control: the two variants differ");
}

#[test]
fn loss_scaled_and_normalized_follow_their_formulas() {
    // Steps on ln R that are too long for it amplify rounding: few steps, and a control beside them.
    let unit = StepRule::Normalized { eta: 0.01, power: 1.0 };
    let errors = [
        distance(unit, 200, &mut |_, _, g, _| 0.01 / norm(g)),
        distance(StepRule::Normalized { eta: 0.03, power: 2.0 }, 200, &mut |_, r, g, _| 0.03 * r / norm(g).powi(2)),
        distance(StepRule::LossScaled(0.01), 50, &mut |_, r, _, _| 0.01 / r),
        distance(StepRule::Normalized { eta: 0.01, power: 0.0 }, 50, &mut |_, r, _, _| 0.01 / r),
    ];
    assert!(errors.iter().all(|e| *e < 1e-11), "{errors:?}");
    assert!(distance(unit, 10, &mut |_, _, g, _| 0.010_000_1 / norm(g)) > 1e-8, "negative control");
}

#[test]
fn armijo_is_the_first_halving_that_lowers_the_risk_enough() {
    for seed in 0..3 {
        let mut trial = 1.0;
        let mut size = |layers: &[Array2<f64>], risk: f64, g: &[Array2<f64>], z: &Array2<f64>| {
            loop {
                let mut moved = layers.to_vec();
                for (w, g) in moved.iter_mut().zip(g) {
                    w.scaled_add(-trial, g);
                }
                if plain(&moved, z).0 <= risk - trial / 2.0 * norm(g).powi(2) {
                    break;
                }
                trial /= 2.0;
            }
            let eta = trial;
            trial = (2.0 * trial).min(1.0);
            eta
        };
        let mut descent = descent(StepRule::Armijo { cap: 1.0 }, seed);
        descent.run(300, Record::At(vec![]), |_| Ok(())).unwrap();
        for (a, b) in descent.network().params().iter().zip(&oracle(seed, 300, &mut size)) {
            assert!((a - b).abs() < 1e-11, "seed {seed}: {a} {b}");
        }
    }
}

#[test]
fn the_cap_holds_from_the_first_step() {
    for cap in [0.1, 0.37, 3.0] {
        let run = descent(StepRule::Armijo { cap }, 1).run(200, Record::Every(1), |at| Ok(at.step_size())).unwrap();
        assert!(run.rows[1..].iter().all(|eta| *eta <= cap * (1.0 + 1e-15)), "{cap}");
        assert!(run.rows[1..].iter().any(|eta| *eta > 0.49 * cap), "negative control: the cap is approached");
    }
}

#[test]
fn armijo_satisfies_equation_4_at_every_step_and_a_large_step_does_not() {
    #[derive(Clone)]
    struct Row {
        risk: f64,
        grad: f64,
        eta: f64,
    }
    let probe = |at: &At| Ok(Row { risk: at.risk(), grad: at.grad_norm(), eta: at.step_size() });
    let violations_from = |rule, seed| {
        let run = descent(rule, seed).run(2000, Record::Every(1), probe).unwrap();
        let rises = |w: &[Row]| w[1].risk > w[0].risk - w[1].eta / 2.0 * w[0].grad * w[0].grad + 1e-12 * w[0].risk;
        // Below 1e-250 the terms of the inequality are no ordinary floats any more.
        run.rows.windows(2).filter(|w| w[1].risk > 1e-250 && rises(w)).count()
    };
    let violations = |rule| (0..5).map(|seed| violations_from(rule, seed)).sum::<usize>();
    assert_eq!(violations(StepRule::Armijo { cap: 1.0 }), 0, "cap 1");
    assert_eq!(violations(StepRule::Armijo { cap: f64::INFINITY }), 0, "no cap");
    assert_eq!(violations(StepRule::JiTelgarsky), 0, "Ji & Telgarsky, Lemma 5 and eq. (4)");
    assert!(violations(StepRule::Constant(20.0)) > 0, "negative control");
}

#[test]
fn the_uncapped_search_and_normalised_steps_go_below_every_float() {
    let probe = |at: &At| Ok((at.log_risk(), at.log_time(), at.time()));
    for rule in [StepRule::Armijo { cap: f64::INFINITY }, StepRule::Normalized { eta: 0.05, power: 1.0 }] {
        let stop = Stop { log_risk: -3000.0, ..Stop::steps(2_000_000) };
        let run = descent(rule, 2).run(stop, Record::LogSpaced(5), probe).unwrap();
        let (log_risk, log_time, time) = *run.last();
        assert_eq!(run.stopped, Stopped::Risk, "{rule:?} {log_risk}");
        assert!(
            log_risk < -3000.0 && log_time > 1000.0 && log_time.is_finite() && time.is_infinite(),
            "{rule:?} {log_time}"
        );
        assert!(run.rows.windows(2).all(|w| w[1].0 <= w[0].0 && w[1].1 >= w[0].1));
    }
}

#[test]
fn custom_rules_are_asked_and_checked() {
    let mut constant = descent(StepRule::Constant(0.1), 4);
    let mut custom = descent(StepRule::custom(|at| if at.risk() > 0.0 { 0.1 } else { 0.0 }), 4);
    constant.run(100, Record::At(vec![]), |_| Ok(())).unwrap();
    custom.run(100, Record::At(vec![]), |_| Ok(())).unwrap();
    assert_eq!(constant.network(), custom.network());
    for bad in [StepRule::custom(|_| -1.0), StepRule::custom(|_| f64::NAN), StepRule::custom(|_| 0.0)] {
        let message = descent(bad, 4).step().unwrap_err().to_string();
        assert!(message.contains("Custom at step 0") && message.contains("> 0"), "{message}");
    }
}
