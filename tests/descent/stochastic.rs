//! Momentum and mini-batches, for every kernel, against plain loops.

use super::counting::allocations;
use super::plain::{heavy_ball, regression, relative};
use implicit_bias::prelude::*;

/// One descent by each kernel: linear, narrow, wide and power networks on labels, and the squared loss.
enum Case {
    Labels(Network, Dataset),
    Targets(Network, Regression),
}

fn cases() -> Vec<Case> {
    let moons = TwoMoons { n: 21, noise: 0.1, constant: Some(1.0) }.sample(1).unwrap();
    let labels = |net: Network| Case::Labels(net, moons.clone());
    vec![
        labels(Network::linear(&[3, 1], Init::LeCun, 1).unwrap()),
        labels(Network::linear(&[3, 4, 2, 1], Init::LeCun, 1).unwrap()),
        labels(Network::rectified(&[3, 4, 1], 0.2, Init::He, 1).unwrap().with_biases().unwrap()),
        labels(Network::rectified(&[3, 20, 1], 0.0, Init::He, 1).unwrap()),
        labels(Network::power(&[3, 4, 1], 2, Init::LeCun, 1).unwrap()),
        Case::Targets(Network::linear(&[5, 3, 2], Init::LeCun, 1).unwrap(), regression(21, 5, 2, 1)),
        Case::Targets(Network::power(&[5, 3, 1], 3, Init::LeCun, 1).unwrap(), regression(21, 5, 1, 1)),
    ]
}

impl Case {
    fn start(&self) -> &Network {
        match self {
            Self::Labels(net, _) | Self::Targets(net, _) => net,
        }
    }

    fn descent(&self, eta: f64) -> Descent {
        match self {
            Self::Labels(net, data) => Descent::new(&Loss::Logistic.on(data), net, StepRule::Constant(eta)).unwrap(),
            Self::Targets(net, data) => Descent::new(&Risk::squares(data), net, StepRule::Constant(eta)).unwrap(),
        }
    }

    /// A fresh evaluation on some rows.
    fn on(&self, net: &Network, rows: &[usize]) -> Evaluation {
        match self {
            Self::Labels(_, data) => {
                let (x, y) = (data.x().select(ndarray::Axis(0), rows), data.y().select(ndarray::Axis(0), rows));
                Loss::Logistic.on(&Dataset::new(x, y).unwrap()).at(net).unwrap()
            }
            Self::Targets(_, data) => Risk::squares(&data.rows(rows).unwrap()).at(net).unwrap(),
        }
    }
}

fn params(net: &Network) -> Array1<f64> {
    Array1::from(net.params().to_vec())
}

#[test]
fn the_heavy_ball_is_the_recursion() {
    for case in cases() {
        let all: Vec<usize> = (0..21).collect();
        let expected = |momentum| params(&heavy_ball(case.start(), 0.05, momentum, 50, |_, net| case.on(net, &all)));
        let mut descent = case.descent(0.05);
        descent.set_momentum(0.8).unwrap();
        (0..50).for_each(|_| descent.step().unwrap());
        let found = params(descent.network());
        assert!(relative(&found, &expected(0.8)) < 1e-12, "{:?}", case.start());
        assert!(relative(&found, &expected(0.79)) > 1e-6, "negative control, {:?}", case.start());
    }
}

#[test]
fn batches_in_order_are_the_recursion_with_their_rows() {
    for case in cases() {
        for (size, momentum) in [(1, 0.0), (4, 0.0), (4, 0.5), (21, 0.0)] {
            let per_epoch = 21_usize.div_ceil(size);
            let rows = |t: usize| {
                let first = t % per_epoch * size;
                (first..21.min(first + size)).collect::<Vec<_>>()
            };
            let expected = heavy_ball(case.start(), 0.01, momentum, 40, |t, net| case.on(net, &rows(t)));
            let mut descent = case.descent(0.01);
            descent.set_batches(Batches { size, order: Order::Cyclic }).unwrap();
            descent.set_momentum(momentum).unwrap();
            descent.run(40, Record::LogSpaced(3), |_| Ok(())).unwrap();
            let found = params(descent.network());
            let error = relative(&found, &params(&expected));
            assert!(error < 1e-12, "{:?}, batches of {size}: {error:e}", case.start());
            let late = heavy_ball(case.start(), 0.01, momentum, 40, |t, net| case.on(net, &rows(t + 1)));
            assert!(size == 21 || relative(&found, &params(&late)) > 1e-7, "negative control");
        }
    }
}

/// X = identity: each point moves a weight of its own, so the weights tell who was visited how often.
fn visits(order: Order, size: usize, steps: u64) -> Vec<usize> {
    let n = 7;
    let data = Regression::new(Array2::eye(n), Array1::ones(n)).unwrap();
    let start = Network::linear(&[n, 1], Init::Zeros, 0).unwrap();
    let mut descent = Descent::new(&Risk::squares(&data), &start, StepRule::Constant(0.5 * size as f64)).unwrap();
    descent.set_batches(Batches { size, order }).unwrap();
    descent.run(steps, Record::At(vec![]), |_| Ok(())).unwrap();
    // Each visit of a whole batch halves the way to 1.
    descent.network().params().iter().map(|w| (-(1.0 - w).log2()).round() as usize).collect()
}

#[test]
fn shuffled_epochs_visit_every_point_once() {
    for seed in 0..20 {
        assert_eq!(visits(Order::Shuffled(seed), 1, 7), [1; 7]);
        assert_eq!(visits(Order::Shuffled(seed), 1, 21), [3; 7]);
        assert_eq!(visits(Order::Shuffled(seed), 1, 3).iter().sum::<usize>(), 3);
    }
    assert_eq!(visits(Order::Cyclic, 1, 2), [1, 1, 0, 0, 0, 0, 0]);
    let firsts: std::collections::HashSet<_> = (0..40).map(|s| visits(Order::Shuffled(s), 1, 1)).collect();
    assert_eq!(firsts.len(), 7, "some seed begins with each point");
}

#[test]
fn drawn_points_repeat_and_are_uniform() {
    let counts = (0..200).map(|seed| visits(Order::Drawn(seed), 1, 7)).collect::<Vec<_>>();
    assert!(counts.iter().any(|c| c.contains(&2)) && counts.iter().any(|c| c.contains(&0)));
    for point in 0..7 {
        let total: usize = counts.iter().map(|c| c[point]).sum();
        // 1400 draws, 200 expected, deviation 13.
        assert!((140..260).contains(&total), "point {point}: {total}");
    }
}

#[test]
fn a_seed_names_its_bits_whatever_is_recorded() {
    let end = |seed: u64, record: Record| {
        let case = &cases()[1];
        let mut descent = case.descent(0.1);
        descent.set_batches(Batches { size: 4, order: Order::Shuffled(seed) }).unwrap();
        descent.run(100, record, |at| Ok(at.risk())).unwrap();
        descent.network().params().iter().map(|w| w.to_bits()).collect::<Vec<_>>()
    };
    assert_eq!(end(1, Record::Every(1)), end(1, Record::At(vec![])));
    assert_ne!(end(1, Record::Every(1)), end(2, Record::Every(1)));
}

#[test]
fn one_batch_of_all_points_is_full_batch_descent_to_the_bit() {
    for case in cases() {
        let mut full = case.descent(0.05);
        full.run(30, Record::At(vec![]), |_| Ok(())).unwrap();
        let mut batch = case.descent(0.05);
        batch.set_batches(Batches { size: 21, order: Order::Cyclic }).unwrap();
        batch.run(30, Record::At(vec![]), |_| Ok(())).unwrap();
        assert!(full.network() == batch.network(), "{:?}", case.start());
    }
}

#[test]
fn frozen_layers_stay_and_lose_their_velocity() {
    for case in cases().iter().filter(|c| c.start().depth() > 1) {
        let mut descent = case.descent(0.002);
        descent.set_momentum(0.9).unwrap();
        descent.set_batches(Batches { size: 5, order: Order::Drawn(1) }).unwrap();
        (0..10).for_each(|_| descent.step().unwrap());
        let before = descent.network().clone();
        descent.train_only(&[2]).unwrap();
        (0..10).for_each(|_| descent.step().unwrap());
        assert!(descent.network().layer(1) == before.layer(1) && descent.network().layer(2) != before.layer(2));
    }
}

#[test]
fn steps_with_momentum_and_batches_allocate_nothing() {
    for case in cases() {
        let mut descent = case.descent(0.01);
        descent.set_momentum(0.9).unwrap();
        descent.set_batches(Batches { size: 4, order: Order::Shuffled(1) }).unwrap();
        assert_eq!(allocations(|| (0..100).for_each(|_| descent.step().unwrap())), 0, "{:?}", case.start());
    }
}

#[test]
fn a_batch_that_diverges_keeps_the_last_finite_state() {
    let data = regression(10, 4, 1, 1);
    let start = Network::linear(&[4, 1], Init::Gaussian(1.0), 1).unwrap();
    let mut descent = Descent::new(&Risk::squares(&data), &start, StepRule::Constant(100.0)).unwrap();
    descent.set_batches(Batches { size: 1, order: Order::Shuffled(1) }).unwrap();
    for _ in 0..3 {
        let run = descent.run(10_000, Record::LogSpaced(5), |at| Ok(at.risk())).unwrap();
        assert_eq!(run.stopped, Stopped::Diverged);
        assert!(run.last().is_finite() && run.diverged.is_some_and(|d| d.bound.is_none()));
        assert!(descent.network().params().iter().all(|w| w.is_finite()));
    }
}

#[test]
fn what_does_not_go_together_is_refused() {
    let case = &cases()[0];
    let mut descent = case.descent(0.1);
    for momentum in [1.0, -0.1, f64::NAN, f64::INFINITY] {
        assert!(descent.set_momentum(momentum).unwrap_err().to_string().contains("[0, 1)"));
    }
    for size in [0, 22] {
        let batches = Batches { size, order: Order::Cyclic };
        assert!(descent.set_batches(batches).unwrap_err().to_string().contains("1 … 21"));
    }
    descent.set_momentum(0.5).unwrap();
    assert!(descent.set_rule(StepRule::Armijo { cap: 1.0 }).is_err());
    descent.set_momentum(0.0).unwrap();
    descent.set_rule(StepRule::Armijo { cap: 1.0 }).unwrap();
    assert!(descent.set_momentum(0.5).is_err());
    let batches = Batches { size: 3, order: Order::Cyclic };
    assert!(descent.set_batches(batches).unwrap_err().to_string().contains("does not measure the risk"));
    descent.set_rule(StepRule::custom(|at| 0.1 / (1.0 + at.step as f64))).unwrap();
    descent.set_batches(batches).unwrap();
    assert!(descent.set_rule(StepRule::LossScaled(0.1)).is_err());
    descent.run(10, Record::Every(1), |at| Ok(at.risk())).unwrap();
}

#[test]
fn a_heavy_ball_passes_its_turning_points() {
    // w: 0 → 1.5, where velocity and gradient cancel exactly; the minimum is 1.
    let data = Regression::new(array![[1.0]], array![1.0]).unwrap();
    let start = Network::linear(&[1, 1], Init::Zeros, 0).unwrap();
    let mut ball = Descent::new(&Risk::squares(&data), &start, StepRule::Constant(1.5)).unwrap();
    ball.set_momentum(0.5).unwrap();
    (0..2).for_each(|_| ball.step().unwrap());
    assert_eq!((ball.network().params(), ball.steps()), (&[1.5][..], 2));
    ball.run(300, Record::At(vec![]), |_| Ok(())).unwrap();
    assert!((ball.network().params()[0] - 1.0).abs() < 1e-15);
}

#[test]
fn a_gradient_of_exactly_zero_meets_its_stop_with_batches_too() {
    let data = Regression::new(array![[1.0], [1.0]], array![0.0, 0.0]).unwrap();
    let start = Network::linear(&[1, 1], Init::Zeros, 0).unwrap();
    let mut sgd = Descent::new(&Risk::squares(&data), &start, StepRule::Constant(0.5)).unwrap();
    sgd.set_batches(Batches { size: 1, order: Order::Cyclic }).unwrap();
    let stop = Stop { grad_norm: 1e-12, ..Stop::steps(100) };
    assert_eq!(sgd.run(stop, Record::At(vec![]), |_| Ok(())).unwrap().stopped, Stopped::Gradient);
}

#[test]
fn a_steep_start_is_no_divergence() {
    let data = Regression::new(array![[1.0], [1.0]], array![1e101, 1e101]).unwrap();
    let start = Network::linear(&[1, 1], Init::Zeros, 0).unwrap();
    let mut sgd = Descent::new(&Risk::squares(&data), &start, StepRule::Constant(0.5)).unwrap();
    sgd.set_batches(Batches { size: 1, order: Order::Cyclic }).unwrap();
    let run = sgd.run(200, Record::At(vec![]), |at| Ok(at.risk())).unwrap();
    assert_eq!(run.stopped, Stopped::Steps);
    assert!((sgd.network().params()[0] / 1e101 - 1.0).abs() < 1e-15);
}

#[test]
fn settings_in_any_order_are_one_descent() {
    let case = &cases()[1];
    let batches = Batches { size: 4, order: Order::Cyclic };
    let run = |order: [usize; 3]| {
        let mut descent = case.descent(0.05);
        (0..5).for_each(|_| descent.step().unwrap());
        for setting in order {
            match setting {
                0 => descent.set_momentum(0.6).unwrap(),
                1 => descent.set_batches(batches).unwrap(),
                _ => descent.train_only(&[1, 2, 3]).unwrap(),
            }
        }
        (0..13).for_each(|_| descent.step().unwrap());
        params(descent.network())
    };
    let first = run([0, 1, 2]);
    for order in [[0, 2, 1], [1, 0, 2], [1, 2, 0], [2, 0, 1], [2, 1, 0]] {
        assert_eq!(run(order), first, "{order:?}");
    }
    let all: Vec<usize> = (0..21).collect();
    let middle = heavy_ball(case.start(), 0.05, 0.0, 5, |_, net| case.on(net, &all));
    let rows = |t: usize| (t % 6 * 4..21.min(t % 6 * 4 + 4)).collect::<Vec<_>>();
    let expected = heavy_ball(&middle, 0.05, 0.6, 13, |t, net| case.on(net, &rows(t)));
    assert!(relative(&first, &params(&expected)) < 1e-12);
}

#[test]
fn monitors_of_the_theorems_refuse_other_descents() {
    let (data, start) = super::setting(1);
    let svm = MaxMargin::fit(&data).unwrap();
    let watch = || Monitors::new(&[Monitor::RiskFalls], &Loss::Logistic.on(&data), &start, &svm).unwrap();
    let mut heavy = super::descent(StepRule::Constant(0.1), 1);
    heavy.run_watched(5, Record::Every(1), &mut watch(), |_| Ok(())).unwrap();
    heavy.set_momentum(0.5).unwrap();
    let error = heavy.run_watched(5, Record::Every(1), &mut watch(), |_| Ok(())).unwrap_err().to_string();
    assert!(error.contains("plain full-batch descent"), "{error}");
}
