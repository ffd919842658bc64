//! Chosen layers learn, the others stay.

use super::{clouds, network};
use implicit_bias::prelude::*;

#[test]
fn frozen_layers_stay_and_the_last_layer_alone_is_a_linear_problem() {
    let data = TwoMoons { n: 40, noise: 0.1, constant: Some(1.0) }.sample(2).unwrap();
    let start = Network::rectified(&[3, 9, 7, 1], 0.0, Init::He, 5).unwrap();
    let features = layer_features(&start, &data, 3).unwrap();
    let last = Network::from_layers(&[start.layer(3).to_owned()]).unwrap();
    for rule in [StepRule::Constant(0.2), StepRule::Armijo { cap: 4.0 }, StepRule::Normalized { eta: 1e-3, power: 1.0 }]
    {
        let mut deep = Descent::new(&Loss::Logistic.on(&data), &start, rule).unwrap();
        deep.train_only(&[3]).unwrap();
        let mut flat = Descent::new(&Loss::Logistic.on(&features), &last, rule).unwrap();
        let row = |at: &At| Ok((at.log_risk(), at.log_grad_norm()));
        let (deep_run, flat_run) =
            (deep.run(500, Record::Every(50), row).unwrap(), flat.run(500, Record::Every(50), row).unwrap());
        for (a, b) in deep_run.rows.iter().zip(&flat_run.rows) {
            assert!((a.0 - b.0).abs() < 1e-10 && (a.1 - b.1).abs() < 1e-8, "{rule:?} {a:?} {b:?}");
        }
        assert!((1..3).all(|k| deep.network().layer(k) == start.layer(k)));
        assert_eq!(deep.last_switch(), None, "hidden layers that stand still keep their pattern");
    }
    // A linear network's layers are chosen the same way.
    let linear = start.with_slope(1.0).unwrap();
    let mut some = Descent::new(&Loss::Logistic.on(&data), &linear, StepRule::Constant(0.1)).unwrap();
    some.train_only(&[2]).unwrap();
    let norm = some.at().scaled_gradient(2).unwrap().iter().map(|g| g * g).sum::<f64>().sqrt();
    assert!((some.at().grad_norm() / norm - 1.0).abs() < 1e-13);
    some.run(10, Record::Every(5), |_| Ok(())).unwrap();
    assert!(some.network().layer(1) == linear.layer(1) && some.network().layer(3) == linear.layer(3));
    assert!(some.network().layer(2) != linear.layer(2));
}

/// Chosen layers in narrow and wide networks, chosen again and again: each step against a fresh evaluation of everything.
#[test]
fn chosen_layers_follow_a_fresh_evaluation() {
    for widths in [&[2, 2, 2, 2, 1][..], &[3, 5, 4, 6, 1], &[3, 9, 7, 8, 1]] {
        let data = clouds(21, widths[0], 4);
        for (biases, rule) in [(false, StepRule::Constant(0.2)), (true, StepRule::Armijo { cap: 0.3 })] {
            let start = network(widths, 0.2, biases, 12);
            let mut d = Descent::new(&Loss::Logistic.on(&data), &start, rule).unwrap();
            for chosen in [&[3][..], &[1], &[2, 4], &[1, 2], &[4]] {
                d.train_only(chosen).unwrap();
                let frozen = d.network().clone();
                for _ in 0..20 {
                    let at = d.at();
                    let fresh = Loss::Logistic.on(&data).at(at.network).unwrap();
                    assert_eq!((at.margins(), at.log_risk()), (fresh.margins(), fresh.log_risk()));
                    let mut squares = 0.0;
                    for k in chosen {
                        let gradient = at.scaled_gradient(*k).unwrap();
                        assert_eq!(gradient, fresh.scaled_gradient(*k).unwrap(), "{widths:?} {chosen:?} layer {k}");
                        squares += gradient.iter().map(|g| g * g).sum::<f64>();
                        if biases {
                            let gradient = at.scaled_bias_gradient(*k).unwrap();
                            assert_eq!(gradient, fresh.scaled_bias_gradient(*k).unwrap());
                            squares += gradient.iter().map(|g| g * g).sum::<f64>();
                        }
                    }
                    let norm = squares.sqrt() * (-at.shift()).exp();
                    assert!((at.grad_norm() / norm - 1.0).abs() < 1e-12, "{widths:?} {chosen:?}");
                    d.step().unwrap();
                }
                for k in 1..=4 {
                    let moved = d.network().layer(k) != frozen.layer(k);
                    assert_eq!(moved, chosen.contains(&k), "{widths:?} {chosen:?} layer {k}");
                }
            }
        }
    }
}
