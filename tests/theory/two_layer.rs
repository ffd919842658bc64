//! The two-layer linear network's derivatives: against differences, second differences of L itself, and nalgebra's Kronecker product.

use crate::Draw;
use implicit_bias::prelude::*;
use nalgebra::DMatrix;
use proptest::prelude::*;

fn problem(seed: u64, [n, d, hidden, outputs]: [usize; 4]) -> (Network, Regression) {
    let mut draw = Draw::new(seed);
    let mut matrix = |rows, cols| Array2::from_shape_simple_fn((rows, cols), || draw.next());
    let net = Network::from_layers(&[matrix(hidden, d), matrix(outputs, hidden)]).unwrap();
    (net, Regression::with_outputs(matrix(n, d), matrix(n, outputs)).unwrap())
}

/// L, from its definition, point by point.
fn loss(net: &Network, data: &Regression) -> f64 {
    let mut sum = 0.0;
    for i in 0..data.n() {
        for o in 0..data.outputs() {
            let mut f = 0.0;
            for j in 0..net.widths()[1] {
                f += net.layer(2)[[o, j]] * net.layer(1).row(j).dot(&data.x().row(i));
            }
            sum += 0.5 * (f - data.y()[[i, o]]).powi(2);
        }
    }
    sum
}

fn moved(net: &Network, steps: &[(usize, f64)]) -> Network {
    let mut net = net.clone();
    steps.iter().for_each(|&(p, h)| net.params_mut()[p] += h);
    net
}

const SHAPES: [[usize; 4]; 7] =
    [[1, 1, 1, 1], [3, 2, 2, 1], [2, 3, 4, 2], [5, 3, 2, 3], [4, 4, 4, 2], [1, 5, 1, 2], [6, 1, 3, 1]];

#[test]
fn slides_gradient_by_differences_and_by_descent_itself() {
    for (seed, shape) in (0..).zip(SHAPES) {
        let (net, data) = problem(seed, shape);
        let [g1, g2] = two_layer_gradient(&net, &data).unwrap();
        let flat: Vec<f64> = g1.iter().chain(&g2).copied().collect();
        let h = 1e-4;
        for (p, g) in flat.iter().enumerate() {
            // L is of degree 2 in each weight: central differences are exact but for rounding.
            let difference = (loss(&moved(&net, &[(p, h)]), &data) - loss(&moved(&net, &[(p, -h)]), &data)) / (2.0 * h);
            assert!((g - difference).abs() < 1e-10, "{shape:?}, {p}: {g} {difference}");
        }
        let at = Risk::squares(&data).at(&net).unwrap();
        for (k, g) in [g1, g2].iter().enumerate() {
            let scaled = at.scaled_gradient(k + 1).unwrap() * ((-at.shift()).exp() * data.n() as f64);
            assert!((g - &scaled).iter().all(|e| e.abs() < 1e-13));
        }
        // Negative control: the printed Ẇ₂ as a descent direction raises the loss.
        let first = net.layer(1).len();
        let along = |sign: f64| -> Vec<(usize, f64)> {
            flat.iter().enumerate().skip(first).map(|(p, g)| (p, sign * 1e-3 * g)).collect()
        };
        let (here, printed, ours) =
            (loss(&net, &data), loss(&moved(&net, &along(1.0)), &data), loss(&moved(&net, &along(-1.0)), &data));
        assert!(printed > here && ours < here, "{shape:?}: {printed} {here} {ours}");
    }
}

#[test]
fn slides_hessian_by_second_differences_of_the_loss() {
    for (seed, shape) in (20..).zip(SHAPES) {
        let (net, data) = problem(seed, shape);
        let hessian = two_layer_hessian(&net, &data).unwrap();
        let (size, h) = (net.parameter_count(), 1e-3);
        assert_eq!(hessian.dim(), (size, size));
        for p in 0..size {
            for q in 0..size {
                let corner = |a: f64, b: f64| loss(&moved(&net, &[(p, a * h), (q, b * h)]), &data);
                let difference =
                    (corner(1.0, 1.0) - corner(1.0, -1.0) - corner(-1.0, 1.0) + corner(-1.0, -1.0)) / (4.0 * h * h);
                // What is left: h² times fourth derivatives of size about n, and rounding over h².
                assert!((hessian[[p, q]] - difference).abs() < 1e-4, "{shape:?} [{p}, {q}]: {difference}");
            }
        }
        // And it is the derivative of the gradient, to more digits.
        for p in 0..size {
            let flat = |net: &Network| -> Vec<f64> {
                two_layer_gradient(net, &data).unwrap().iter().flatten().copied().collect()
            };
            let (up, down) = (flat(&moved(&net, &[(p, 1e-4)])), flat(&moved(&net, &[(p, -1e-4)])));
            for q in 0..size {
                assert!((hessian[[p, q]] - (up[q] - down[q]) / 2e-4).abs() < 1e-7);
            }
        }
    }
}

#[test]
fn slides_hessian_is_the_printed_one_but_for_its_last_block() {
    let of = |a: &Array2<f64>| DMatrix::from_fn(a.nrows(), a.ncols(), |i, j| a[[i, j]]);
    for (seed, shape @ [_, d, hidden, outputs]) in (40..).zip(SHAPES) {
        let (net, data) = problem(seed, shape);
        // The slides' convention: points as columns.
        let (x, y) = (of(&data.x().t().to_owned()), of(&data.y().t().to_owned()));
        let (w1, w2) = (of(&net.layer(1).to_owned()), of(&net.layer(2).to_owned()));
        let e = &w2 * &w1 * &x - &y;
        let gram = &x * x.transpose();
        let first = hidden * d;
        let mut expected = DMatrix::zeros(net.parameter_count(), net.parameter_count());
        let mut c = w2.transpose().kronecker(&(&gram * w1.transpose()));
        for o in 0..outputs {
            let column = &x * e.transpose().column(o);
            let block = DMatrix::<f64>::identity(hidden, hidden).kronecker(&column);
            let mut part = c.columns_mut(o * hidden, hidden);
            part += block;
        }
        let last = DMatrix::<f64>::identity(outputs, outputs).kronecker(&(&w1 * &gram * w1.transpose()));
        expected.view_mut((0, 0), (first, first)).copy_from(&(w2.transpose() * &w2).kronecker(&gram));
        expected.view_mut((0, first), c.shape()).copy_from(&c);
        expected.view_mut((first, 0), (c.ncols(), c.nrows())).copy_from(&c.transpose());
        expected.view_mut((first, first), last.shape()).copy_from(&last);
        let off = of(&two_layer_hessian(&net, &data).unwrap()) - expected;
        assert!(off.amax() < 1e-12, "{shape:?}: {}", off.amax());
        // Negative control: the printed block, where it has a shape at all.
        if hidden == d && d > 1 {
            let printed = &gram * &w1 * &gram * &w1;
            assert!((printed - &w1 * &gram * w1.transpose()).amax() > 1e-2);
        }
    }
}

#[test]
fn what_is_no_two_layer_network_is_refused() {
    let (net, data) = problem(1, [3, 2, 4, 2]);
    let said = |net: &Network| {
        let [a, b] = [two_layer_gradient(net, &data).map(drop), two_layer_hessian(net, &data).map(drop)];
        let [a, b] = [a, b].map(|e| e.unwrap_err().to_string());
        assert!(a.contains("two_layer_gradient") && b.contains("two_layer_hessian"), "{a} {b}");
        a
    };
    assert!(said(&Network::linear(&[2, 3, 3, 2], Init::LeCun, 1).unwrap()).contains("expected two layers, found 3"));
    assert!(said(&Network::linear(&[3, 3, 2], Init::LeCun, 1).unwrap()).contains("2 → N → 2"));
    assert!(said(&net.clone().with_slope(0.5).unwrap()).contains("linear network"));
    let mut huge = net.clone();
    huge.params_mut().fill(1e200);
    assert!(said(&huge).contains("∂L/∂W_1[0, 0]"));
    let mut nan = net;
    nan.params_mut()[0] = f64::NAN;
    said(&nan);
}

proptest! {
    #[test]
    fn an_error_or_finite_derivatives(values in prop::collection::vec(
        prop_oneof![8 => -10.0..10.0f64, 1 => prop::sample::select(vec![0.0, 1e308, -1e308, 1e-308, 1e160, 5e-324])], 14
    )) {
        let matrix = |range: std::ops::Range<usize>, cols: usize| {
            Array2::from_shape_vec((range.len() / cols, cols), values[range].to_vec()).unwrap()
        };
        let net = Network::from_layers(&[matrix(0..4, 2), matrix(4..6, 2)]).unwrap();
        let data = Regression::with_outputs(matrix(6..12, 2).slice(ndarray::s![..2, ..]).to_owned(), matrix(12..14, 1));
        let data = data.unwrap();
        if let Ok([a, b]) = two_layer_gradient(&net, &data) {
            prop_assert!(a.iter().chain(&b).all(|v| v.is_finite()));
        }
        if let Ok(hessian) = two_layer_hessian(&net, &data) {
            prop_assert!(hessian.iter().all(|v| v.is_finite()));
            prop_assert!(hessian == hessian.t());
        }
    }
}
