//! Monitors: right where a theorem holds, against a plain recomputation; violated where its assumption is broken.

mod allocation;
mod bad_input;
mod broken;
#[path = "../common/counting.rs"]
mod counting;
mod far;
mod flow;
mod kept;
mod oracle;
mod path;
mod promised;
mod recomputed;
mod several;
mod shapes;
mod shown;

use implicit_bias::prelude::*;

/// Separable points of the plane with max‖x‖ = 1, their maximum margin, and a start that may begin.
pub fn setting(widths: &[usize], seed: u64) -> (Dataset, MaxMargin, Network) {
    let data = Separable { n: 30, d: widths[0], margin: 0.2, next_margin: 0.4 }.sample(seed).unwrap();
    let svm = MaxMargin::fit(&data).unwrap();
    let draw = |seed| Network::linear(widths, Init::Gaussian(0.5), seed);
    let start = admissible_start(&Loss::Logistic.on(&data), seed, draw).unwrap();
    (data, svm, start)
}

/// Every monitor there is.
pub fn all() -> Vec<Monitor> {
    let mut all = Monitor::DESCENT.to_vec();
    all.extend(Monitor::FLOW.iter().filter(|m| !Monitor::DESCENT.contains(m)));
    all
}

/// Watches a descent of the logistic loss by `rule` for some steps.
pub fn watch(monitors: &[Monitor], rule: StepRule, start: &Network, data: &Dataset, steps: u64) -> Monitors {
    watch_loss(Loss::Logistic, monitors, rule, start, data, steps)
}

pub fn watch_loss(
    loss: Loss,
    monitors: &[Monitor],
    rule: StepRule,
    start: &Network,
    data: &Dataset,
    steps: u64,
) -> Monitors {
    let svm = MaxMargin::fit(data).unwrap();
    let mut watch = Monitors::new(monitors, &loss.on(data), start, &svm).unwrap();
    let mut descent = Descent::new(&loss.on(data), start, rule).unwrap();
    descent.run_watched(steps, Record::At(vec![]), &mut watch, |_| Ok(())).unwrap();
    watch
}

/// One point, two scalar layers w₁ = −w₂: Appendix A's start, which never gets past zero.
pub fn trap() -> (Dataset, Network) {
    let data = Dataset::new(array![[1.0]], array![1.0]).unwrap();
    (data, Network::from_layers(&[array![[0.5]], array![[-0.5]]]).unwrap())
}
