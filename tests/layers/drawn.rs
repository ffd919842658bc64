//! Weights of single layers, uniform draws, cones.

use super::RELU;
use implicit_bias::prelude::*;

/// Mean 0, the variance and the fourth moment 9/5 · variance² of a uniform distribution, and its bound.
fn assert_uniform(values: impl Iterator<Item = f64>, bound: f64) {
    let scaled: Vec<f64> = values.map(|v| v / bound).collect();
    let count = scaled.len() as f64;
    let moment = |p: i32| scaled.iter().map(|v| v.powi(p)).sum::<f64>() / count;
    assert!(scaled.iter().all(|v| (-1.0..1.0).contains(v)) && scaled.iter().any(|v| v.abs() > 1.0 - 20.0 / count));
    assert!(moment(1).abs() < 5.0 / (3.0 * count).sqrt(), "mean {}", moment(1));
    // Var v² = 1/5 − 1/9, Var v⁴ = 1/9 − 1/25.
    assert!((moment(2) - 1.0 / 3.0).abs() < 5.0 * (4.0 / 45.0 / count).sqrt(), "variance {}", moment(2));
    assert!((moment(4) - 0.2).abs() < 5.0 * (16.0 / 225.0 / count).sqrt(), "fourth moment {}", moment(4));
}

#[test]
fn uniform_draws_have_their_bounds_layer_by_layer() {
    let layers = [Layer::dense(400).with_bias().then(RELU), Layer::dense(100), Layer::dense(1)];
    let of = |init| Network::of(50, &layers, init, 3).unwrap();
    for (k, fan_in) in [(1, 50.0_f64), (2, 400.0)] {
        assert_uniform(of(Init::LeCunUniform).layer(k).iter().copied(), (3.0 / fan_in).sqrt());
        assert_uniform(of(Init::PyTorch).layer(k).iter().copied(), (1.0 / fan_in).sqrt());
    }
    assert_uniform(of(Init::PyTorch).bias(1).unwrap().iter().copied(), (1.0 / 50.0_f64).sqrt());
    assert!(of(Init::LeCunUniform).bias(1).unwrap().iter().all(|b| *b == 0.0));
}

/// Negative control of the bounds above: a Gaussian of the same variance is seen.
#[test]
#[should_panic]
fn a_gaussian_is_not_uniform() {
    let net = Network::linear(&[50, 400, 1], Init::LeCun, 3).unwrap();
    assert_uniform(net.layer(1).iter().copied(), (3.0 / 50.0_f64).sqrt());
}

#[test]
fn layers_draw_the_weights_of_the_linear_network() {
    for init in [Init::LeCun, Init::He, Init::Gaussian(0.3), Init::Balanced(0.5), Init::LeCunUniform] {
        let linear = Network::linear(&[3, 2, 6, 1], init, 8).unwrap();
        let mixed = [Layer::dense(2).with_bias(), Layer::dense(6).then(RELU), Layer::dense(1).with_bias()];
        let mixed = Network::of(3, &mixed, init, 8).unwrap();
        assert!(mixed.layers().zip(linear.layers()).all(|(a, b)| a == b), "{init:?}");
        assert!([1, 3].iter().all(|k| mixed.bias(*k).unwrap().iter().all(|b| *b == 0.0)) && mixed.bias(2).is_none());
    }
    let relu = Layer::dense(4).then(RELU);
    let same = Network::of(3, &[relu, relu, Layer::dense(1)], Init::He, 2).unwrap();
    assert!(same == Network::rectified(&[3, 4, 4, 1], 0.0, Init::He, 2).unwrap());
    assert!(Network::of(3, &[Layer::dense(1)], Init::He, 2).unwrap().is_linear());
}

#[test]
fn the_same_seed_gives_the_same_bits_for_ever() {
    let net = |init| Network::bottleneck(2, 1, 2, init, 7).unwrap();
    let bits = |net: Network| [net.params()[1].to_bits(), net.params()[5].to_bits()];
    let found = [
        bits(net(Init::LeCunUniform)),
        bits(net(Init::PyTorch)),
        bits(net(Init::Zeros).redrawn(1, Init::LeCun, 7).unwrap().redrawn(2, Init::PyTorch, 7).unwrap()),
    ];
    let golden = GOLDEN;
    assert_eq!(found, golden, "{found:#x?}");
}

const GOLDEN: [[u64; 2]; 3] = [[0, 0]; 3];

#[test]
fn one_layer_is_drawn_anew_and_the_others_stay() {
    let start = Network::bottleneck(3, 2, 5, Init::LeCun, 1).unwrap();
    let net = start.clone().redrawn(2, Init::PyTorch, 4).unwrap();
    assert!(net.layer(1) == start.layer(1) && net.layer(3) == start.layer(3));
    assert!(net.layer(2) != start.layer(2) && net.bias(2).unwrap().iter().all(|b| *b != 0.0));
    assert!(
        net.clone().redrawn(2, Init::PyTorch, 4).unwrap() == net
            && net.clone().redrawn(2, Init::PyTorch, 5).unwrap() != net
    );
    let zero = net.redrawn(2, Init::Zeros, 0).unwrap();
    assert!(zero.layer(2).iter().chain(zero.bias(2).unwrap()).all(|w| *w == 0.0));
    let square = Network::linear(&[4, 4, 4], Init::Zeros, 0).unwrap();
    let both = square.redrawn(1, Init::LeCun, 9).unwrap().redrawn(2, Init::LeCun, 9).unwrap();
    assert!(both.layer(1) != both.layer(2), "one seed serves several layers");
}

#[test]
fn given_weights_and_biases_are_set() {
    let net = Network::bottleneck(2, 1, 2, Init::LeCun, 1).unwrap();
    let set = net.clone().with_weights(2, &array![[3.0], [4.0]]).unwrap().with_bias(2, &[5.0, 6.0]).unwrap();
    assert_eq!(set.params()[2..6], [3.0, 4.0, 5.0, 6.0]);
    assert!(set.params()[..2] == net.params()[..2] && set.params()[6..] == net.params()[6..]);
}

#[test]
fn a_cone_has_its_cosine_and_keeps_the_lengths() {
    let mut u = super::numbers(3);
    let target: Vec<f64> = (0..7).map(|_| u()).collect();
    let start = Network::linear(&[7, 200, 1], Init::LeCun, 2).unwrap();
    for cosine in [-1.0, -0.3, 0.0, 0.8, 1.0] {
        let net = start.clone().with_cone(1, &target, cosine).unwrap();
        let mut along = 0.0;
        for (w, before) in net.layer(1).rows().into_iter().zip(start.layer(1).rows()) {
            let (length, own) = (w.dot(&w).sqrt(), before.dot(&before).sqrt());
            assert!((length / own - 1.0).abs() < 1e-14);
            let cos = w.dot(&Array1::from(target.clone())) / length / target.iter().map(|t| t * t).sum::<f64>().sqrt();
            assert!((cos - cosine).abs() < 1e-14, "{cos} for {cosine}");
            along += w[0] / length / 200.0;
        }
        // What is beside the direction stays uniformly distributed: the mean of a row is that of the cone's axis.
        let axis = cosine * target[0] / target.iter().map(|t| t * t).sum::<f64>().sqrt();
        assert!((along - axis).abs() < 0.2, "{along} for {axis}");
        assert!(net.layer(2) == start.layer(2));
    }
}

#[test]
fn nested_vectors_are_networks() {
    let net = Network::try_from(vec![vec![vec![1.0, 2.0]], vec![vec![3.0], vec![4.0]]]).unwrap();
    assert!(net == Network::from_layers(&[array![[1.0, 2.0]], array![[3.0], [4.0]]]).unwrap());
    let error = |layers: Vec<Vec<Vec<f64>>>| Network::try_from(layers).unwrap_err().to_string();
    assert_eq!(error(vec![vec![vec![1.0], vec![1.0, 2.0]]]), "W_1, row 1: expected 1 numbers as in row 0, found 2");
    assert!(error(vec![]).contains("at least one layer"));
    assert!(error(vec![vec![]]).contains("a width ≥ 1"));
}
