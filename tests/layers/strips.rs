//! More points than go through the layers together: the same numbers as from parts that do.

use super::{LOSSES, gradient, moved, numbers};
use implicit_bias::diagnose::activation_pattern;
use implicit_bias::prelude::*;
use std::process::Command;

const N: usize = 2_050;
const D: usize = 3;

/// A wide bottleneck, whose activations on `N` points make many strips and a rest.
fn wide() -> Network {
    moved(Network::bottleneck(D, 2, 1_000, Init::LeCun, 1).unwrap().with_scale(0.01).unwrap(), 2)
}

/// The points of `rows` and numbers that make targets or, as signs, labels.
fn part(loss: Option<Loss>, rows: std::ops::Range<usize>, y: impl Fn(usize) -> f64) -> Risk {
    let mut uniform = numbers(5);
    let x = Array2::from_shape_simple_fn((N, D), &mut uniform).slice(ndarray::s![rows.clone(), ..]).to_owned();
    let y: Array1<f64> = rows.map(y).collect();
    match loss {
        Some(loss) => loss.on(&Dataset::new(x, y.mapv(f64::signum)).unwrap()),
        None => Risk::squares(&Regression::new(x, y).unwrap()),
    }
}

/// Logarithm of the scale and the scaled gradient of all points from those of parts, each evaluated alone.
fn assembled(loss: Option<Loss>, net: &Network, y: impl Fn(usize) -> f64 + Copy) -> (f64, Vec<f64>, f64) {
    let rows = (0..N).step_by(410).map(|start| start..(start + 410).min(N));
    let parts: Vec<_> = rows.map(|r| (r.len() as f64 / N as f64, part(loss, r, y).at(net).unwrap())).collect();
    let shift = parts.iter().map(|(_, at)| at.shift()).fold(f64::INFINITY, f64::min);
    let mut total = vec![0.0; net.parameter_count()];
    let mut risk = 0.0;
    for (share, at) in &parts {
        let factor = share * (shift - at.shift()).exp();
        let scaled = gradient(net, at).into_iter().map(|g| g * at.shift().exp());
        total.iter_mut().zip(scaled).for_each(|(t, g)| *t += factor * g);
        risk += share * (at.log_risk() + shift).exp();
    }
    (shift, total, risk)
}

#[test]
fn strips_give_the_numbers_of_their_parts() {
    for loss in LOSSES {
        for net in [wide(), moved(wide().centred(), 3)] {
            // Signs without an order.
            let y = |i: usize| (7.3 * i as f64).sin();
            let at = part(loss, 0..N, y).at(&net).unwrap();
            let (shift, expected, risk) = assembled(loss, &net, y);
            assert!((at.shift() - shift).abs() <= 1e-14 * shift.abs());
            let found: Vec<f64> = gradient(&net, &at).iter().map(|g| g * at.shift().exp()).collect();
            let largest = expected.iter().fold(0.0_f64, |m, g| m.max(g.abs()));
            assert!(found.iter().zip(&expected).all(|(a, b)| (a - b).abs() < 1e-13 * largest), "{net:?}, {loss:?}");
            assert!(((at.log_risk() + at.shift()).exp() / risk - 1.0).abs() < 1e-13);
        }
    }
}

/// Margins far above zero, the smallest of them anywhere: the factor e^shift is not known before the last strip.
#[test]
fn the_shift_of_far_margins_is_that_of_all_strips() {
    let far = wide().with_scale(3.0).unwrap();
    for loss in [Loss::Logistic, Loss::Exponential] {
        let whole = part(None, 0..N, |_| 0.0);
        let f = far.outputs(whole.regression().unwrap().x()).unwrap();
        // Labels are the signs of the outputs: every margin is |f|.
        let y = |i: usize| f[i];
        let risk = part(Some(loss), 0..N, y);
        let at = risk.at(&far).unwrap();
        let least = f.iter().map(|f| f.abs()).fold(f64::INFINITY, f64::min);
        assert!((at.shift() - least).abs() < 1e-12 && least > 0.0);
        // It falls between the strips, so that something had to be brought down.
        let first = f.iter().take(256).map(|f| f.abs()).fold(f64::INFINITY, f64::min);
        assert!(first > 2.0 * least, "{first} against {least}");
        let (shift, expected, _) = assembled(Some(loss), &far, y);
        let found: Vec<f64> = gradient(&far, &at).iter().map(|g| g * at.shift().exp()).collect();
        let largest = expected.iter().fold(0.0_f64, |m, g| m.max(g.abs()));
        assert!((shift - at.shift()).abs() < 1e-12);
        assert!(found.iter().zip(&expected).all(|(a, b)| (a - b).abs() < 1e-12 * largest), "{loss:?}");
        // Slopes are all counted in that factor.
        let slope = |q: f64| (loss.log_slope(q) + at.shift()).exp();
        assert!(at.margins().iter().zip(at.scaled_slopes()).all(|(q, p)| (p - slope(*q)).abs() < 1e-12));
        // Negative control: the first strip's own factor would be off by more than the tolerance.
        assert!((first - least).exp_m1() > 1e-11);
    }
}

#[test]
fn patterns_are_those_of_the_outputs() {
    let (risk, net) = (part(Some(Loss::Logistic), 0..N, |i| (i as f64).cos()), wide());
    let data = risk.data().unwrap();
    let mut d = Descent::new(&risk, &net, StepRule::Constant(50.0)).unwrap();
    let before = activation_pattern(&net, data).unwrap();
    d.step().unwrap();
    assert_eq!(d.last_switch(), Some(1));
    // The bottleneck's own two units are linear: their signs are no pattern.
    assert!(before[1] != activation_pattern(d.network(), data).unwrap()[1]);
    let mut still = Descent::new(&risk, &net, StepRule::Constant(1e-15)).unwrap();
    still.step().unwrap();
    assert_eq!(still.last_switch(), None);
}

/// Only the last layer descends: what lies below is computed anew for each strip.
#[test]
fn frozen_layers_are_seen_by_every_strip() {
    let (risk, net) = (part(None, 0..N, |i| (i as f64).cos()), wide());
    let mut d = Descent::new(&risk, &net, StepRule::Constant(0.1)).unwrap();
    d.train_only(&[3]).unwrap();
    (0..3).for_each(|_| d.step().unwrap());
    let fresh = risk.at(d.network()).unwrap();
    assert_eq!(d.at().risk().to_bits(), fresh.risk().to_bits());
}

fn summary() -> String {
    let mut out = String::new();
    for loss in LOSSES {
        let risk = part(loss, 0..N, |i| (7.3 * i as f64).sin());
        for net in [wide(), wide().centred().with_scale(3.0).unwrap()] {
            let mut d = Descent::new(&risk, &net, StepRule::Constant(1e-4)).unwrap();
            (0..3).for_each(|_| d.step().unwrap());
            let mixed = d.network().params().iter().fold(0_u64, |mixed, w| mixed.rotate_left(5) ^ w.to_bits());
            out += &format!("{mixed:x} ");
        }
    }
    out
}

#[test]
fn strips_give_the_same_bits_on_every_unit_and_number_of_threads() {
    if std::env::var_os("IMPLICIT_BIAS_CHILD").is_some() {
        println!("SUMMARY {}", summary());
        return;
    }
    let mine = summary();
    for (unit, threads) in [("avx2", "1"), ("plain", "2"), ("", "1"), ("", "3")] {
        let child = Command::new(std::env::current_exe().unwrap())
            .args(["--exact", "strips::strips_give_the_same_bits_on_every_unit_and_number_of_threads", "--nocapture"])
            .env("IMPLICIT_BIAS_CHILD", "1")
            .env("IMPLICIT_BIAS_SIMD", unit)
            .env("IMPLICIT_BIAS_THREADS", threads)
            .output()
            .unwrap();
        let text = String::from_utf8(child.stdout).unwrap();
        let theirs = text.split("SUMMARY ").nth(1).and_then(|t| t.lines().next()).unwrap_or_default();
        assert_eq!(mine.trim(), theirs.trim(), "{unit}, {threads} threads");
    }
}
