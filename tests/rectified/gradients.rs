//! Gradients against finite differences, and at slope 1 against those of linear networks.

use super::{clouds, gradient, network, output};
use implicit_bias::prelude::*;

fn risk(net: &Network, data: &Dataset, loss: Loss) -> f64 {
    let value = |(x, y): (ndarray::ArrayView1<f64>, &f64)| loss.log_value(y * output(net, &x.to_vec())).exp();
    data.x().rows().into_iter().zip(data.y()).map(value).sum::<f64>() / data.n() as f64
}

const SHAPES: [&[usize]; 6] =
    [&[2, 2, 2, 2, 1], &[3, 5, 4, 1], &[2, 1], &[1, 1, 1], &[2, 20, 17, 1], &[7, 33, 9, 40, 1]];

#[test]
fn gradients_agree_with_finite_differences() {
    for (i, widths) in SHAPES.iter().enumerate() {
        for (slope, biases) in [(0.0, false), (0.0, true), (0.3, false), (0.7, true), (1.0, true)] {
            for loss in [Loss::Logistic, Loss::Exponential] {
                let net = network(widths, slope, biases, 3 + i as u64);
                let data = clouds(19, widths[0], 5);
                let at = loss.on(&data).at(&net).unwrap();
                assert!((at.risk() / risk(&net, &data, loss) - 1.0).abs() < 1e-13, "{widths:?} {slope} {loss:?}");
                let gradient = gradient(&net, &at);
                let largest = gradient.iter().fold(0.0_f64, |m, g| m.max(g.abs()));
                let step = 1e-6;
                let (mut worst, mut compared): (f64, usize) = (0.0, 0);
                for (j, derivative) in gradient.iter().enumerate() {
                    let moved = |by: f64| {
                        let mut net = net.clone();
                        net.params_mut()[j] += by;
                        risk(&net, &data, loss)
                    };
                    // A unit whose input changes sign within the step makes a kink: skip where the sides disagree.
                    let (right, left) = (moved(step) - moved(0.0), moved(0.0) - moved(-step));
                    if (right - left).abs() < 1e-3 * step * largest.max(1e-2) {
                        worst = worst.max(((right + left) / (2.0 * step) - derivative).abs());
                        compared += 1;
                    }
                }
                assert!(worst <= 1e-7 * largest.max(1e-2), "{widths:?} {slope} {biases} {loss:?}: {worst:e}");
                assert!(compared * 10 >= 9 * gradient.len(), "{compared} of {} compared", gradient.len());
                let norm = gradient.iter().map(|g| g * g).sum::<f64>().sqrt();
                assert!((at.grad_norm() - norm).abs() <= 1e-13 * norm);
            }
        }
    }
}

/// Negative control: the tolerance above sees the gradient of another slope.
#[test]
fn another_slope_has_another_gradient() {
    let data = clouds(19, 2, 5);
    let [a, b] = [0.3, 0.300001].map(|m| {
        let net = network(SHAPES[0], m, false, 3);
        gradient(&net, &Loss::Logistic.on(&data).at(&net).unwrap())
    });
    let largest = a.iter().fold(0.0_f64, |m, g| m.max(g.abs()));
    assert!(a.iter().zip(&b).any(|(a, b)| (a - b).abs() > 1e-7 * largest));
}

#[test]
fn slope_one_is_the_linear_network_to_the_bit() {
    let data = clouds(40, 2, 1);
    let linear = Network::linear(&[2, 2, 2, 2, 1], Init::Gaussian(0.5), 1).unwrap();
    let same = Network::rectified(&[2, 2, 2, 2, 1], 1.0, Init::Gaussian(0.5), 1).unwrap();
    let after = |start: &Network| {
        let mut d = Descent::new(&Loss::Logistic.on(&data), start, StepRule::Constant(0.1)).unwrap();
        let run = d.run(1000, Record::Every(100), |at| Ok(at.log_risk().to_bits())).unwrap();
        (run.rows, d.network().params().to_vec())
    };
    assert!(same.is_linear() && after(&linear) == after(&same));
    assert!(after(&linear) != after(&same.with_slope(1.0 - 1e-12).unwrap()), "negative control");
}

/// The kernel of rectified networks at slope 1, with biases that stay untrained zeros, against the linear kernel.
#[test]
fn the_rectified_kernel_at_slope_one_is_the_linear_one_to_rounding() {
    for widths in SHAPES {
        let data = clouds(21, widths[0], 2);
        let linear = Network::linear(widths, Init::Gaussian(0.6), 4).unwrap();
        let affine = linear.clone().with_biases().unwrap();
        let (a, b) = (Loss::Logistic.on(&data).at(&linear).unwrap(), Loss::Logistic.on(&data).at(&affine).unwrap());
        for k in 1..=linear.depth() {
            // The two kernels may take different factors out.
            let plain = |at: &Evaluation| at.scaled_gradient(k).unwrap() * (-at.shift()).exp();
            let (a, b) = (plain(&a), plain(&b));
            let largest = a.iter().fold(0.0_f64, |m, g| m.max(g.abs()));
            assert!((&a - &b).iter().all(|d| d.abs() <= 1e-13 * largest), "{widths:?}, layer {k}");
        }
        assert!((a.log_risk() - b.log_risk()).abs() < 1e-13);
    }
}
