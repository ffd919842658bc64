use super::{Draw, close};
use implicit_bias::diagnose::{hessian_vector, log_sharpness};
use implicit_bias::prelude::*;

/// R(W) written down again, in the plainest way.
fn risk(net: &Network, params: &[f64], data: &Dataset, loss: Loss) -> f64 {
    let mut total = 0.0;
    for i in 0..data.n() {
        let mut signal = data.x().row(i).to_vec();
        let mut at = 0;
        for pair in net.widths().windows(2) {
            signal =
                (0..pair[1]).map(|r| (0..pair[0]).map(|c| params[at + r * pair[0] + c] * signal[c]).sum()).collect();
            at += pair[0] * pair[1];
        }
        let q = data.y()[i] * signal[0];
        total += if loss == Loss::Logistic { (-q).exp().ln_1p() } else { (-q).exp() };
    }
    total / data.n() as f64
}

/// aᵀ∇²R b by mixed central differences, with one Richardson step.
fn mixed_difference(net: &Network, data: &Dataset, loss: Loss, a: &[f64], b: &[f64]) -> f64 {
    let at = |s: f64, t: f64| {
        let moved: Vec<f64> = net.params().iter().zip(a).zip(b).map(|((p, a), b)| p + s * a + t * b).collect();
        risk(net, &moved, data, loss)
    };
    let plain = |h: f64| (at(h, h) - at(h, -h) - at(-h, h) + at(-h, -h)) / (4.0 * h * h);
    let h = 4e-3;
    (4.0 * plain(h / 2.0) - plain(h)) / 3.0
}

fn sample(draw: &mut Draw, n: usize, d: usize) -> Dataset {
    let y = Array1::from_shape_fn(n, |i| if i % 2 == 0 { -1.0 } else { 1.0 });
    Dataset::new(draw.matrix(n, d), y).unwrap()
}

#[test]
fn hessian_products_agree_with_differences_of_the_risk() {
    let mut draw = Draw(51);
    for widths in [&[1, 1][..], &[3, 1], &[2, 2, 1], &[2, 3, 2, 1], &[2, 2, 2, 2, 1]] {
        let (data, net) = (sample(&mut draw, 6, widths[0]), draw.network(widths));
        for loss in [Loss::Logistic, Loss::Exponential] {
            let (a, b) = (draw.vector(net.parameter_count()), draw.vector(net.parameter_count()));
            let product = hessian_vector(&net, &loss.on(&data), b.as_slice().unwrap()).unwrap();
            let ours: f64 = a.iter().zip(&product).map(|(x, y)| x * y).sum();
            let differences = mixed_difference(&net, &data, loss, a.as_slice().unwrap(), b.as_slice().unwrap());
            assert!((ours - differences).abs() < 2e-8, "{widths:?} {loss:?}: {ours} against {differences}");
            // Negative control: the other loss is told apart by far.
            let other = if loss == Loss::Logistic { Loss::Exponential } else { Loss::Logistic };
            let wrong = mixed_difference(&net, &data, other, a.as_slice().unwrap(), b.as_slice().unwrap());
            assert!((ours - wrong).abs() > 1e-4, "{widths:?} {loss:?}");
        }
    }
}

#[test]
fn sharpness_is_the_largest_eigenvalue_of_the_whole_matrix() {
    let mut draw = Draw(52);
    for widths in [&[1, 1][..], &[4, 1], &[2, 2, 1], &[2, 2, 2, 2, 1], &[5, 7, 6, 1]] {
        let (data, net) = (sample(&mut draw, 8, widths[0]), draw.network(widths));
        let count = net.parameter_count();
        let columns: Vec<Vec<f64>> = (0..count)
            .map(|i| {
                let unit: Vec<f64> = (0..count).map(|j| f64::from(i == j)).collect();
                hessian_vector(&net, &Loss::Logistic.on(&data), &unit).unwrap()
            })
            .collect();
        let hessian = nalgebra::DMatrix::from_fn(count, count, |i, j| columns[j][i]);
        assert!((&hessian - hessian.transpose()).norm() < 1e-15 * count as f64);
        let oracle = hessian.symmetric_eigenvalues().max();
        close(sharpness(&net, &Loss::Logistic.on(&data)).unwrap(), oracle, 1e-12);
    }
}

#[test]
fn two_scalar_layers_in_closed_form_down_to_a_risk_of_1e_4342() {
    // H = e^−q [[b²x², abx² − x], [abx² − x, a²x²]] for exponential loss, q = abx.
    let x = 0.5;
    let data = Dataset::new(array![[x]], array![1.0]).unwrap();
    for (a, b) in [(1.0, 1.0), (-0.3, 0.8), (100.0, 200.0)] {
        let net = Network::from_layers(&[array![[a]], array![[b]]]).unwrap();
        let (p, r, s) = (b * b * x * x, a * b * x * x - x, a * a * x * x);
        let top: f64 = 0.5 * (p + s) + (0.5 * (p - s)).hypot(r);
        let found = log_sharpness(&net, &Loss::Exponential.on(&data)).unwrap();
        close(found, top.ln() - a * b * x, 1e-14);
    }
    let far = Network::from_layers(&[array![[100.0]], array![[200.0]]]).unwrap();
    assert_eq!(sharpness(&far, &Loss::Exponential.on(&data)).unwrap(), 0.0);
    assert!(log_sharpness(&far, &Loss::Logistic.on(&data)).unwrap() < -9900.0);
}

#[test]
fn the_zero_network_is_flat_from_depth_three() {
    let data = Dataset::new(array![[0.6, 0.8]], array![1.0]).unwrap();
    let zero = |widths: &[usize]| {
        let layers: Vec<_> = widths.windows(2).map(|w| Array2::zeros((w[1], w[0]))).collect();
        Network::from_layers(&layers).unwrap()
    };
    assert_eq!(log_sharpness(&zero(&[2, 2, 2, 1]), &Loss::Logistic.on(&data)).unwrap(), f64::NEG_INFINITY);
    assert_eq!(sharpness(&zero(&[2, 2, 2, 1]), &Loss::Logistic.on(&data)).unwrap(), 0.0);
    // Depth 2 has a saddle there: ±|ℓ′(0)|‖x‖.
    close(sharpness(&zero(&[2, 2, 1]), &Loss::Logistic.on(&data)).unwrap(), 0.5, 1e-14);
}

#[test]
fn below_the_paper_s_bound() {
    let mut draw = Draw(53);
    let net = draw.network(&[2, 2, 2, 1]);
    let data = sample(&mut draw, 10, 2);
    let data = Dataset::new(&data.x() / 2.0, data.y().to_owned()).unwrap();
    let radius = frobenius_norms(&net).unwrap().into_iter().fold(1.0, f64::max);
    assert!(sharpness(&net, &Loss::Logistic.on(&data)).unwrap() < smoothness_bound(Loss::Logistic, 3, radius).unwrap());
}
