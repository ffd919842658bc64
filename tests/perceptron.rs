//! The perceptron against a naive one, its convergence theorem at every update, and data that it cannot separate.

use implicit_bias::prelude::*;
use proptest::prelude::*;

const ORDERS: [Order; 5] = [Order::Cyclic, Order::Shuffled(1), Order::Shuffled(2), Order::Drawn(1), Order::Drawn(2)];

fn perceptron(bias: bool, order: Order) -> Perceptron {
    Perceptron { bias, order, limit: 1_000_000 }
}

fn separable(n: usize, d: usize, margin: f64, seed: u64) -> (Dataset, Array1<f64>) {
    Separable { n, d, margin, next_margin: margin }.sample_with_direction(seed).unwrap()
}

/// y, x̂ of a point as plain numbers.
fn augmented(data: &Dataset, bias: bool, i: usize) -> (f64, Vec<f64>) {
    let radius = (0..data.n()).map(|i| data.x().row(i).dot(&data.x().row(i)).sqrt()).fold(0.0, f64::max);
    let mut x = data.x().row(i).to_vec();
    if bias {
        x.push(radius);
    }
    (data.y()[i], x)
}

fn product(a: &[f64], b: &[f64]) -> f64 {
    a.iter().zip(b).map(|(a, b)| a * b).sum()
}

/// ŵ and the mistakes of a perceptron in cyclic order, as the textbook writes it.
fn naive(data: &Dataset, bias: bool) -> (Vec<f64>, Vec<usize>) {
    let points: Vec<_> = (0..data.n()).map(|i| augmented(data, bias, i)).collect();
    let (mut w, mut mistakes) = (vec![0.0; data.d() + usize::from(bias)], vec![]);
    loop {
        let before = mistakes.len();
        for (i, (y, x)) in points.iter().enumerate() {
            if y * product(&w, x) <= 0.0 {
                w.iter_mut().zip(x).for_each(|(w, x)| *w += y * x);
                mistakes.push(i);
            }
        }
        if mistakes.len() == before {
            return (w, mistakes);
        }
    }
}

#[test]
fn cyclic_order_is_the_textbooks() {
    for (n, d, margin, seed) in [(1, 1, 0.5, 0), (30, 2, 0.1, 1), (30, 2, 0.02, 2), (100, 5, 0.05, 3), (60, 30, 0.1, 4)]
    {
        for bias in [false, true] {
            let (data, _) = separable(n, d, margin, seed);
            let run = perceptron(bias, Order::Cyclic).fit(&data).unwrap();
            let (w, mistakes) = naive(&data, bias);
            assert_eq!(run.updates().iter().map(|u| u.point).collect::<Vec<_>>(), mistakes);
            assert!(run.weights().iter().zip(&w).all(|(a, b)| (a - b).abs() < 1e-12));
            let b = if bias { w[d] * run.radius() } else { 0.0 };
            assert!((run.intercept() - b).abs() < 1e-12);
            assert!(matches!(run.ending(), Ending::Separated));
        }
    }
}

#[test]
fn every_recorded_update_was_a_mistake_in_any_order() {
    let (data, _) = separable(40, 3, 0.05, 5);
    for bias in [false, true] {
        for order in ORDERS {
            let run = perceptron(bias, order).fit(&data).unwrap();
            let mut w = vec![0.0; 3 + usize::from(bias)];
            for update in run.updates() {
                let (y, x) = augmented(&data, bias, update.point);
                assert!(y * product(&w, &x) <= 1e-12);
                w.iter_mut().zip(&x).for_each(|(w, x)| *w += y * x);
                assert!((update.norm_squared - product(&w, &w)).abs() < 1e-11);
            }
            for i in 0..data.n() {
                let margin = data.y()[i] * (run.weights().dot(&data.x().row(i)) + run.intercept());
                assert!(margin > 0.0, "{order:?} {i}");
            }
            assert_eq!(
                format!("{:?}", run.updates()),
                format!("{:?}", perceptron(bias, order).fit(&data).unwrap().updates())
            );
        }
    }
    let updates = |order| format!("{:?}", perceptron(false, order).fit(&data).unwrap().updates());
    let all: std::collections::BTreeSet<_> = ORDERS.map(updates).into_iter().collect();
    assert_eq!(all.len(), 5);
}

#[test]
fn both_inequalities_hold_at_every_update_and_halves_of_them_do_not() {
    let (mut halved, mut doubled) = (0, 0);
    for (n, d, margin, seed) in [(20, 2, 0.3, 1), (20, 2, 0.03, 2), (50, 10, 0.1, 3), (200, 50, 0.1, 4)] {
        let (data, direction) = separable(n, d, margin, seed);
        for order in ORDERS {
            for bias in [false, true] {
                let run = perceptron(bias, order).fit(&data).unwrap();
                let svm = if bias { MaxMargin::fit_with_intercept(&data) } else { MaxMargin::fit(&data) }.unwrap();
                // γ from the generator where there is one, by the least margin of the reference's hyperplane otherwise.
                let gamma = if bias {
                    let at = |i| data.y()[i] * (svm.direction().dot(&data.x().row(i)) + svm.intercept());
                    (0..n).map(at).fold(f64::INFINITY, f64::min)
                } else {
                    margin
                };
                let limit = (if bias { 2.0 } else { 1.0 } * run.radius() / gamma).powi(2);
                assert!(run.updates().len() as f64 <= limit);
                assert!((run.bound(&svm).unwrap() / limit - 1.0).abs() < 1e-9);
                let (overlaps, bounds) = (run.overlaps(&svm).unwrap(), run.norm_bounds());
                let mut sum = 0.0;
                for (i, update) in run.updates().iter().enumerate() {
                    let k = (i + 1) as f64;
                    assert!(
                        (bounds[i] - k * run.radius().powi(2) * if bias { 2.0 } else { 1.0 }).abs() < 1e-9 * bounds[i]
                    );
                    assert!(update.norm_squared <= bounds[i] * (1.0 + 1e-12));
                    assert!(overlaps[i] >= k * gamma * (1.0 - 1e-9));
                    let (y, x) = augmented(&data, false, update.point);
                    let own = if bias { svm.direction().to_vec() } else { direction.to_vec() };
                    sum += y * (product(&own, &x) + if bias { svm.intercept() } else { 0.0 });
                    assert!((overlaps[i] - sum).abs() < 1e-8 * sum);
                    halved += usize::from(update.norm_squared > bounds[i] / 2.0);
                    doubled += usize::from(overlaps[i] < 2.0 * k * gamma);
                }
            }
        }
    }
    assert!(halved > 10 && doubled > 10, "{halved} {doubled}");
}

#[test]
fn unit_vectors_attain_the_bound_without_a_bias() {
    for d in [1, 2, 7, 40] {
        let data = Dataset::new(Array2::eye(d), Array1::ones(d)).unwrap();
        let svm = MaxMargin::fit(&data).unwrap();
        for order in ORDERS {
            let run = perceptron(false, order).fit(&data).unwrap();
            assert_eq!(run.updates().len(), d);
            assert!((run.bound(&svm).unwrap() - d as f64).abs() < 1e-9 * d as f64);
        }
    }
}

#[test]
fn what_cannot_be_separated_is_proved_after_the_limit() {
    let xor = array![[1.0, 1.0], [-1.0, -1.0], [1.0, -1.0], [-1.0, 1.0]];
    let xor = Dataset::new(xor, array![1.0, 1.0, -1.0, -1.0]).unwrap();
    for bias in [false, true] {
        for order in ORDERS {
            let run = Perceptron { bias, order, limit: 50 }.fit(&xor).unwrap();
            assert_eq!(run.updates().len(), 50);
            let Ending::Inseparable(Error::NotSeparable { rows, weights, .. }) = run.ending() else {
                panic!("{:?}", run.ending());
            };
            // The witness: a convex combination of the mirrored points that vanishes.
            assert!((weights.iter().sum::<f64>() - 1.0).abs() < 1e-12);
            let z = xor.mirrored();
            let sum = rows.iter().zip(weights).fold(Array1::zeros(2), |s: Array1<f64>, (&i, &a)| s + a * &z.row(i));
            assert!(sum.iter().all(|v: &f64| v.abs() < 1e-12));
        }
    }
    // Separable only with an intercept.
    let line = Dataset::new(array![[1.0], [2.0]], array![-1.0, 1.0]).unwrap();
    let ending = |bias| perceptron(bias, Order::Cyclic).fit(&line).unwrap().ending().clone();
    assert!(matches!(ending(false), Ending::Inseparable(Error::NotSeparable { .. })));
    assert!(matches!(ending(true), Ending::Separated));
    // A limit that is too low, and one that is just enough.
    let (data, _) = separable(40, 3, 0.05, 5);
    let all = perceptron(true, Order::Cyclic).fit(&data).unwrap().updates().len();
    let within = |limit| Perceptron { bias: true, order: Order::Cyclic, limit }.fit(&data).unwrap();
    assert!(all > 2 && matches!(within(all).ending(), Ending::Separated));
    assert!(matches!(within(all - 1).ending(), Ending::Limit) && within(all - 1).updates().len() == all - 1);
    assert!(format!("{:?}", within(1)).contains("1 updates in 1 passes, stopped at its limit"));
}

#[test]
fn bad_input_is_refused_or_right() {
    let fit = |x: Array2<f64>, y: Array1<f64>, bias| perceptron(bias, Order::Cyclic).fit(&Dataset::new(x, y).unwrap());
    assert!(Perceptron { limit: 0, ..perceptron(true, Order::Cyclic) }.fit(&separable(4, 2, 0.1, 0).0).is_err());
    for tiny_or_huge in [0.0, 1e-308, 1e308] {
        let error = fit(array![[tiny_or_huge]], array![1.0], true).unwrap_err().to_string();
        assert!(error.contains("scaled_to_unit"), "{error}");
    }
    for size in [1e-140, 1e140] {
        let run = fit(array![[size, 0.0], [size / 2.0, size / 4.0]], array![1.0, -1.0], true).unwrap();
        assert!(matches!(run.ending(), Ending::Separated) && run.updates().iter().all(|u| u.norm_squared.is_normal()));
    }
    // Duplicates, one class, a point at the origin.
    let run = fit(array![[1.0], [1.0], [1.0]], array![1.0, 1.0, 1.0], false).unwrap();
    assert_eq!(run.updates().len(), 1);
    assert!(matches!(fit(array![[0.0], [1.0]], array![1.0, 1.0], true).unwrap().ending(), Ending::Separated));
    let at_origin = Perceptron { bias: false, order: Order::Cyclic, limit: 9 };
    let run = at_origin.fit(&Dataset::new(array![[0.0], [1.0]], array![1.0, 1.0]).unwrap()).unwrap();
    assert!(matches!(run.ending(), Ending::Inseparable(_)));
    // References of another kind.
    let (data, _) = separable(10, 2, 0.1, 0);
    let run = perceptron(false, Order::Cyclic).fit(&data).unwrap();
    let other = MaxMargin::fit(&separable(10, 3, 0.1, 0).0).unwrap();
    assert!(run.bound(&other).unwrap_err().to_string().contains("(2)"));
    assert!(run.overlaps(&other).is_err());
    let shifted = MaxMargin::fit_with_intercept(&data).unwrap();
    assert!(run.bound(&shifted).unwrap_err().to_string().contains("through the origin"));
}

proptest! {
    #[test]
    fn any_data_is_separated_or_refused_with_a_reason(
        numbers in prop::collection::vec(-4i8..=4, 2..24),
        signs in any::<u32>(),
        bias in any::<bool>(),
        seed in any::<u64>(),
    ) {
        // Small whole numbers: ties, duplicates, points at zero, all exact in double precision.
        let n = numbers.len() / 2;
        let x = Array2::from_shape_fn((n, 2), |(i, j)| f64::from(numbers[2 * i + j]));
        let y = Array1::from_shape_fn(n, |i| if signs >> i & 1 == 1 { 1.0 } else { -1.0 });
        let data = Dataset::new(x, y).unwrap();
        let run = Perceptron { bias, order: Order::Shuffled(seed), limit: 20_000 }.fit(&data);
        if numbers[..2 * n].iter().all(|v| *v == 0) {
            prop_assert!(run.is_err());
            return Ok(());
        }
        let run = run.unwrap();
        match run.ending() {
            Ending::Separated => for i in 0..n {
                prop_assert!(data.y()[i] * (run.weights().dot(&data.x().row(i)) + run.intercept()) > 0.0);
            },
            // The least margin of such separable data is above 1/40 with R ≤ 6: 20,000 updates are enough mostly; what is
            // left must be proved.
            Ending::Inseparable(error) => prop_assert!(error.to_string().contains("not linearly separable")),
            Ending::Asked => prop_assert!(false, "nobody asked"),
            Ending::Limit => {
                let svm = if bias { MaxMargin::fit_with_intercept(&data) } else { MaxMargin::fit(&data) };
                prop_assert!(svm.is_ok_and(|svm| run.bound(&svm).unwrap() > 20_000.0));
            }
        }
    }
}
