//! Hessian-vector products of every kind of network under every loss against differences of the gradient.

use super::Draw;
use implicit_bias::diagnose::{hessian_vector, log_sharpness};
use implicit_bias::prelude::*;

/// Networks of 3 inputs and `outputs` outputs, smooth ones and such that bend.
fn networks(outputs: usize) -> Vec<Network> {
    let dense = |width: usize, f: Activation| Layer::dense(width).then(f);
    let of = |layers: &[Layer]| Network::of(3, layers, Init::Gaussian(0.7), 4).unwrap();
    let last = Layer::dense(outputs);
    let power = of(&[dense(4, Activation::Power(3)), last]);
    vec![
        of(&[dense(2, Activation::Identity), last]),
        power.clone(),
        power.with_scale(0.3).unwrap().centred(),
        of(&[dense(3, Activation::Power(2)).with_bias(), dense(3, Activation::Rectified(0.2)), last.with_bias()]),
        of(&[dense(2, Activation::Identity), dense(5, Activation::Rectified(0.0)).with_bias(), last]),
    ]
}

fn moved(net: &Network, v: &[f64], by: f64) -> Network {
    let mut net = net.clone();
    net.params_mut().iter_mut().zip(v).for_each(|(p, v)| *p += by * v);
    net
}

/// The whole gradient, laid out as the parameters.
fn gradient(net: &Network, risk: &Risk) -> Array1<f64> {
    let at = risk.at(net).unwrap();
    let mut all = vec![];
    for k in 1..=net.depth() {
        all.extend(at.gradient(k).unwrap());
        all.extend(net.bias(k).into_iter().flat_map(|_| at.bias_gradient(k).unwrap()));
    }
    Array1::from(all)
}

/// By central differences with one Richardson step.
fn difference(net: &Network, risk: &Risk, v: &[f64]) -> Array1<f64> {
    let plain = |h: f64| (gradient(&moved(net, v, h), risk) - gradient(&moved(net, v, -h), risk)) / (2.0 * h);
    (plain(5e-5) * 4.0 - plain(1e-4)) / 3.0
}

#[test]
fn products_are_differences_of_the_gradient() {
    let mut draw = Draw(3);
    let x = draw.matrix(7, 3);
    let labels = Array1::from_shape_fn(7, |i| if i % 3 == 0 { -1.0 } else { 1.0 });
    let labelled = Dataset::new(x.clone(), labels).unwrap();
    let targets = Regression::with_outputs(x, draw.matrix(7, 2)).unwrap();
    let margins = [Loss::Logistic, Loss::Exponential].map(|loss| (1, loss.on(&labelled)));
    let squares = [(2, Risk::squares(&targets))];
    for (outputs, risk) in margins.iter().chain(&squares) {
        for net in networks(*outputs) {
            let v: Vec<f64> = (0..net.parameter_count()).map(|_| draw.next()).collect();
            let exact = Array1::from(hessian_vector(&net, risk, &v).unwrap());
            let by_differences = difference(&net, risk, &v);
            let size = exact.iter().fold(0.0_f64, |m, x| m.max(x.abs()));
            let off = (&exact - &by_differences).iter().fold(0.0_f64, |m, x| m.max(x.abs()));
            assert!(off < 1e-8 * size.max(1.0), "{risk:?}, {net:?}: {off:e} of {size}");
            // A control: a thousandth more of the direction is seen.
            let more: Vec<f64> = v.iter().map(|v| 1.001 * v).collect();
            assert!(
                (Array1::from(hessian_vector(&net, risk, &more).unwrap()) - &exact)
                    .iter()
                    .any(|x| x.abs() > 1e-5 * size)
            );
        }
    }
}

#[test]
fn sharpness_of_least_squares_is_that_of_its_quadratic() {
    let data = Regression::new(array![[3.0, 0.0], [0.0, 4.0]], array![1.0, 1.0]).unwrap();
    let net = Network::linear(&[2, 1], Init::LeCun, 1).unwrap();
    let risk = Risk::squares(&data);
    assert!((sharpness(&net, &risk).unwrap() - 8.0).abs() < 1e-12);
    assert!((log_sharpness(&net, &risk).unwrap() - 8.0_f64.ln()).abs() < 1e-12);
    let message = sharpness(&Network::linear(&[2, 2], Init::LeCun, 1).unwrap(), &risk).unwrap_err().to_string();
    assert!(message.contains("(2, …, 1)") && message.contains("(2, …, 2)"), "{message}");
}
