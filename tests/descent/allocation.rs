//! No allocation inside the training loop.

use super::counting::allocations;
use super::descent;
use implicit_bias::prelude::*;

#[test]
fn steps_allocate_nothing() {
    let rules = [
        StepRule::Constant(0.1),
        StepRule::JiTelgarsky,
        StepRule::Armijo { cap: 1.0 },
        StepRule::LossScaled(0.1),
        StepRule::Normalized { eta: 0.1, power: 1.0 },
        StepRule::custom(|at| 0.1 * at.risk()),
    ];
    for rule in rules {
        let mut d = descent(rule, 1);
        let by_hand = allocations(|| (0..1000).for_each(|_| d.step().unwrap()));
        assert_eq!(by_hand, 0, "{rule:?}");
        // A run allocates its vector of rows, once for its few rows, however many steps it takes.
        let mut few = 0;
        let mut many = 0;
        few += allocations(|| drop(d.run(10, Record::Every(u64::MAX), |at| Ok(at.risk())).unwrap()));
        many += allocations(|| drop(d.run(10_000, Record::Every(u64::MAX), |at| Ok(at.risk())).unwrap()));
        assert_eq!(few, many, "{rule:?}");
    }
}

#[test]
fn other_shapes_losses_and_tiny_gradients_allocate_nothing_either() {
    let data = Separable { n: 21, d: 5, margin: 0.1, next_margin: 0.2 }.sample(1).unwrap();
    for scale in [1.0, 1e-150] {
        let start = Network::linear(&[5, 4, 1], Init::Gaussian(0.5), 2).unwrap().scaled(scale).unwrap();
        let rule = StepRule::Normalized { eta: 0.01, power: 1.0 };
        let mut d = Descent::new(&Loss::Exponential.on(&data), &start, rule).unwrap();
        assert_eq!(allocations(|| (0..100).for_each(|_| d.step().unwrap())), 0, "scale {scale}");
    }
}

#[test]
fn rectified_networks_allocate_nothing_narrow_or_wide() {
    let data = TwoMoons { n: 45, noise: 0.1, constant: Some(1.0) }.sample(1).unwrap();
    for widths in [&[3, 4, 4, 1][..], &[3, 64, 48, 1], &[3, 400, 256, 1]] {
        for rule in [StepRule::Constant(0.1), StepRule::Armijo { cap: 1.0 }] {
            let start = Network::rectified(widths, 0.0, Init::He, 2).unwrap();
            let mut d = Descent::new(&Loss::Logistic.on(&data), &start, rule).unwrap();
            assert_eq!(allocations(|| (0..20).for_each(|_| d.step().unwrap())), 0, "{widths:?} {rule:?}");
        }
    }
}

#[test]
fn the_counter_counts() {
    assert_eq!(allocations(|| drop(std::hint::black_box(vec![1.0; 10]))), 1);
}
