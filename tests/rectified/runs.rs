//! Runs against plain loops, under every rule, and the step at which patterns change last.

use super::{clouds, gradient, network};
use implicit_bias::diagnose::activation_pattern;
use implicit_bias::prelude::*;

#[test]
fn a_run_is_followed_by_plain_loops() {
    let (data, eta) = (clouds(13, 2, 3), 0.3);
    for biases in [false, true] {
        let mut net = network(&[2, 3, 2, 1], 0.2, biases, 8);
        let mut d = Descent::new(&Loss::Logistic.on(&data), &net, StepRule::Constant(eta)).unwrap();
        d.run(500, Record::Every(500), |_| Ok(())).unwrap();
        for _ in 0..500 {
            let at = Loss::Logistic.on(&data).at(&net).unwrap();
            let gradient = gradient(&net, &at);
            net.params_mut().iter_mut().zip(&gradient).for_each(|(w, g)| *w -= eta * g);
        }
        for (a, b) in d.network().params().iter().zip(net.params()) {
            assert!((a - b).abs() < 1e-12, "{a} {b}");
        }
    }
}

#[test]
fn every_rule_lowers_the_risk_and_far_risks_go_on() {
    let data = TwoMoons { n: 60, noise: 0.05, constant: Some(1.0) }.sample(1).unwrap().scaled_to_unit().unwrap();
    let start = Network::rectified(&[3, 12, 12, 1], 0.0, Init::He, 2).unwrap();
    let rules = [
        StepRule::Constant(0.1),
        StepRule::JiTelgarsky,
        StepRule::Armijo { cap: 1.0 },
        StepRule::Armijo { cap: f64::INFINITY },
        StepRule::LossScaled(1e-3),
        StepRule::Normalized { eta: 0.01, power: 1.0 },
    ];
    for rule in rules {
        let mut d = Descent::new(&Loss::Logistic.on(&data), &start, rule).unwrap();
        let run = d.run(3000, Record::Every(500), |at| Ok(at.log_risk())).unwrap();
        assert!(run.last() < run.first(), "{rule:?}");
    }
    let mut d =
        Descent::new(&Loss::Logistic.on(&data), &start, StepRule::Normalized { eta: 0.01, power: 1.0 }).unwrap();
    let stop = Stop { log_risk: -2000.0, ..Stop::steps(200_000) };
    let run = d.run(stop, Record::LogSpaced(5), |at| Ok(at.log_risk())).unwrap();
    assert_eq!(run.stopped, Stopped::Risk, "{run:?} {:?}", run.last());
}

#[test]
fn the_last_switch_is_where_patterns_say_it_is() {
    let data = TwoMoons { n: 30, noise: 0.1, constant: Some(1.0) }.sample(4).unwrap();
    // A line search may land on a kink, where rounding decides the sign: not here.
    for rule in [StepRule::Constant(0.5), StepRule::Normalized { eta: 0.05, power: 1.0 }] {
        let start = Network::rectified(&[3, 6, 5, 1], 0.1, Init::He, 6).unwrap().with_biases().unwrap();
        let mut d = Descent::new(&Loss::Logistic.on(&data), &start, rule).unwrap();
        let (mut before, mut last) = (activation_pattern(&start, &data).unwrap(), None);
        let mut seen = vec![];
        for step in 1..=400 {
            d.step().unwrap();
            let now = activation_pattern(d.network(), &data).unwrap();
            if now != before {
                last = Some(step);
                seen.push(step);
            }
            assert_eq!(d.at().last_switch(), last, "{rule:?}, step {step}");
            before = now;
        }
        assert!(seen.len() > 3 && seen.len() < 400, "both cases occur: {}", seen.len());
    }
}
