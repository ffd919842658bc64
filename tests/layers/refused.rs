//! What is not made for mixed layers, scaled or centred networks says so.

use super::{RELU, networks, risk};
use implicit_bias::diagnose::{activation_pattern, dead_units, network_margin};
use implicit_bias::prelude::*;

fn said<T>(result: Result<T>) -> String {
    result.err().expect("an error").to_string()
}

#[test]
fn bad_layers_are_refused_in_words() {
    let of = |layers: &[Layer]| said(Network::of(2, layers, Init::LeCun, 0));
    assert!(of(&[]).contains("at least an input and an output width"));
    assert_eq!(of(&[Layer::dense(0), Layer::dense(1)]), "Network widths[1]: expected a width ≥ 1, found 0");
    assert!(
        of(&[Layer::dense(1).then(RELU)]).contains("the function behind the last layer: expected Activation::Identity")
    );
    assert!(of(&[Layer::dense(2).then(Activation::Rectified(1.5)), Layer::dense(1)]).contains("found 1.5"));
    assert!(of(&[Layer::dense(2).then(Activation::Power(0)), Layer::dense(1)]).contains("a number in 1 … 64"));
    assert!(Network::of(2, &[Layer::dense(1).then(Activation::Rectified(1.0))], Init::LeCun, 0).unwrap().is_linear());
    assert!(said(Network::bottleneck(2, 0, 3, Init::LeCun, 0)).contains("widths[1]: expected a width ≥ 1"));
    assert!(said(Network::bottleneck(2, 1, usize::MAX, Init::LeCun, 0)).contains("a size that fits in memory"));
    let net = Network::bottleneck(3, 1, 4, Init::LeCun, 0).unwrap();
    for scale in [0.0, -1.0, f64::NAN, f64::INFINITY] {
        assert!(said(net.clone().with_scale(scale)).contains("a finite number > 0"));
    }
    assert!(said(net.clone().redrawn(4, Init::LeCun, 0)).contains("a layer in 1 … 3, found 4"));
    assert!(said(net.clone().redrawn(2, Init::Gaussian(0.0), 0)).contains("a finite number > 0"));
    assert!(said(net.clone().with_weights(2, &array![[1.0]])).contains("W_2: expected shape (4, 1), found (1, 1)"));
    assert!(said(net.clone().with_weights(1, &array![[1.0, f64::NAN, 0.0]])).contains("W_1[0, 1]: expected a finite"));
    assert!(said(net.clone().with_bias(1, &[1.0])).contains("a layer that has a bias"));
    assert!(said(net.clone().with_bias(2, &[1.0])).contains("b_2: expected shape 4, found 1"));
}

#[test]
fn impossible_cones_are_refused_in_words() {
    let net = Network::bottleneck(3, 1, 4, Init::LeCun, 0).unwrap();
    let cone = |u: &[f64], c: f64| said(net.clone().with_cone(1, u, c));
    assert!(cone(&[1.0, 0.0, 0.0], 1.1).contains("a number in [−1, 1], found 1.1"));
    assert!(cone(&[1.0, 0.0, 0.0], f64::NAN).contains("found NaN"));
    assert!(cone(&[1.0, 0.0], 0.5).contains("expected shape 3, found 2"));
    assert!(cone(&[0.0; 3], 0.5).contains("a finite direction other than 0"));
    assert!(cone(&[f64::INFINITY, 0.0, 0.0], 0.5).contains("a finite direction other than 0"));
    assert!(said(net.clone().with_cone(2, &[1.0], 0.5)).contains("a layer of two inputs or more"));
    let along = net.clone().with_weights(1, &array![[2.0, 0.0, 0.0]]).unwrap();
    assert!(
        said(along.with_cone(1, &[1.0, 0.0, 0.0], 0.5))
            .contains("W_1, row 0: expected a finite row with a part beside")
    );
    let zero = net.redrawn(1, Init::Zeros, 0).unwrap();
    assert!(said(zero.with_cone(1, &[1.0, 0.0, 0.0], 0.5)).contains("found a length of 0e0"));
}

#[test]
fn what_is_made_for_linear_or_homogeneous_networks_refuses_others() {
    let data = risk(Some(Loss::Logistic), 12, 3);
    let data = data.data().unwrap();
    let bottleneck = Network::bottleneck(3, 1, 4, Init::LeCun, 0).unwrap();
    let linear = Network::linear(&[3, 2, 1], Init::LeCun, 0).unwrap();
    for net in [bottleneck.clone(), linear.clone().with_scale(2.0).unwrap(), linear.clone().centred()] {
        assert!(said(net.predictor()).contains("neither scaled nor centred"), "{net:?}");
        assert!(net.product().is_err() && !net.is_linear());
        assert!(risk(Some(Loss::Logistic), 12, 3).at(&net).unwrap().predictor().is_err());
    }
    for net in [bottleneck, linear.clone().with_slope(0.5).unwrap().centred()] {
        assert!(said(network_margin(&net, data)).contains("homogeneous in each layer"));
        assert!(said(layer_features(&net, data, 1)).contains("homogeneous in each layer"));
    }
    let square = Layer::dense(2).then(Activation::Power(2));
    let power = Network::of(3, &[Layer::dense(2).then(RELU), square, Layer::dense(1)], Init::LeCun, 0).unwrap();
    assert!(said(activation_pattern(&power, data)).contains("a linear or rectified network"));
}

#[test]
fn patterns_and_dead_units_go_layer_by_layer() {
    let data = Dataset::new(array![[1.0], [2.0]], array![1.0, -1.0]).unwrap();
    let layers = [Layer::dense(2), Layer::dense(2).then(RELU), Layer::dense(1)];
    let net = Network::of(1, &layers, Init::Zeros, 0).unwrap();
    let net =
        net.with_weights(1, &array![[1.0], [-1.0]]).unwrap().with_weights(2, &array![[1.0, 0.0], [0.0, 1.0]]).unwrap();
    assert_eq!(dead_units(&net, &data).unwrap(), [0, 1], "a linear unit below zero is not dead");
    assert!(!is_dead(&net, &data).unwrap());
    assert!(is_dead(&net.clone().with_weights(2, &array![[-1.0, 0.0], [0.0, 1.0]]).unwrap(), &data).unwrap());
    // One layer of ReLUs that never fires stops the descent; the same of linear units does not.
    let net = net.with_weights(3, &array![[1.0, 1.0]]).unwrap();
    let dead = net.clone().with_weights(2, &array![[-1.0, 0.0], [0.0, 1.0]]).unwrap();
    let stopped = |net: &Network| {
        let mut d = Descent::new(&Loss::Logistic.on(&data), net, StepRule::Constant(0.1)).unwrap();
        d.step().unwrap();
        d.stopped()
    };
    assert_eq!((stopped(&dead), stopped(&net)), (Some(Stopped::Dead), None));
}

/// ∂f/∂W_k of homogeneous mixed layers: Euler's identity f = ⟨W_k, ∂f/∂W_k⟩, scaled or not.
#[test]
fn features_of_mixed_layers_obey_euler() {
    let margins = risk(Some(Loss::Logistic), 12, 3);
    let data = margins.data().unwrap();
    let layers = [
        Layer::dense(2),
        Layer::dense(5).then(RELU),
        Layer::dense(4).then(Activation::Rectified(0.2)),
        Layer::dense(1),
    ];
    let net = Network::of(3, &layers, Init::He, 1).unwrap().with_scale(3.0).unwrap();
    let f = net.outputs(data.x()).unwrap();
    for k in 1..=4 {
        let features = layer_features(&net, data, k).unwrap();
        let weights = Array1::from(net.layer(k).iter().copied().collect::<Vec<_>>());
        assert!((features.x().dot(&weights) - &f).iter().all(|e| e.abs() < 1e-13), "layer {k}");
    }
    let margin = network_margin(&net, data).unwrap();
    let norms: f64 = net.layers().map(|w| w.iter().map(|w| w * w).sum::<f64>().sqrt()).product();
    let least = f.iter().zip(data.y()).map(|(f, y)| f * y).fold(f64::INFINITY, f64::min);
    assert!((margin - least / norms).abs() < 1e-13);
}

#[test]
fn networks_say_what_they_are() {
    let shown: Vec<String> = networks(3).iter().map(|net| format!("{net:?}")).collect();
    assert_eq!(shown[0], "Network 3-4-3-5-1, 52 weights, slope 0 then identity then slope 0.3, biases in layers 2, 3");
    assert_eq!(shown[4], "Network 3-2-40-1, 166 weights, identity then slope 0, biases in layer 2");
    assert_eq!(shown[5], "Network 3-3-1, 12 weights, scaled by 0.3");
    assert_eq!(shown[6], "Network 3-3-1, 12 weights, centred");
}

/// A flow of a bottleneck conserves W₂ᵀW₂ − W₁W₁ᵀ whole, and the diagonals behind the ReLUs.
#[test]
fn flows_conserve_what_each_layer_allows() {
    let margins = risk(Some(Loss::Logistic), 12, 3);
    let layers = [Layer::dense(2), Layer::dense(3).with_bias().then(Activation::Rectified(0.4)), Layer::dense(1)];
    let start = super::moved(Network::of(3, &layers, Init::LeCun, 1).unwrap(), 4).with_scale(0.5).unwrap().centred();
    let mut flow = Flow::new(&margins, &start, Solver::dormand_prince(Clock::Time)).unwrap();
    flow.run(Stop { time: 2.0, ..Stop::steps(10_000) }, SaveAt::At(vec![]), |_| Ok(())).unwrap();
    let whole = |net: &Network| net.layer(2).t().dot(&net.layer(2)) - net.layer(1).dot(&net.layer(1).t());
    let (before, after) = (whole(&start), whole(flow.network()));
    assert!((&before - &after).iter().all(|e| e.abs() < 1e-8), "{before} {after}");
    assert!(start.params().iter().zip(flow.network().params()).any(|(a, b)| (a - b).abs() > 1e-2), "it moved");
}
