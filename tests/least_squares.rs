//! The least-norm and the ridge solution against exact integers, other methods, and their own certificates.

use implicit_bias::prelude::*;
use nalgebra::DMatrix;
use ndarray_rand::rand::{Rng, SeedableRng};
use ndarray_rand::rand_distr::{Distribution, StandardNormal};
use proptest::prelude::{Strategy, prop};
use proptest::{prop_assert, prop_assert_eq, proptest};
use rand_chacha::ChaCha8Rng;

type TestResult = Result<()>;

/// Small integers, so that products and sums of them are exact.
fn integers(rows: usize, columns: usize, seed: u64) -> Array2<f64> {
    let mut rng = ChaCha8Rng::seed_from_u64(seed);
    Array2::from_shape_simple_fn((rows, columns), || f64::from(rng.gen_range(-9_i32..=9)))
}

fn gaussian(rows: usize, columns: usize, seed: u64) -> Array2<f64> {
    let mut rng = ChaCha8Rng::seed_from_u64(seed);
    Array2::from_shape_simple_fn((rows, columns), || StandardNormal.sample(&mut rng))
}

fn norm(a: &Array2<f64>) -> f64 {
    a.iter().map(|v| v * v).sum::<f64>().sqrt()
}

/// Data whose least-norm solution is known exactly: W₊ = AX with integers, Y = XW₊ᵀ.
fn solvable(x: Array2<f64>, outputs: usize, seed: u64) -> Result<(Regression, Array2<f64>)> {
    let w = integers(outputs, x.nrows(), seed).dot(&x);
    let y = x.dot(&w.t());
    Ok((Regression::with_outputs(x, y)?, w))
}

#[test]
fn integers_come_back() -> TestResult {
    for (n, d, outputs) in
        [(1, 1, 1), (1, 7, 1), (7, 1, 2), (10, 30, 1), (30, 10, 3), (12, 12, 1), (10, 442, 1), (442, 10, 1)]
    {
        for seed in 0..5 {
            let (data, w) = solvable(integers(n, d, seed), outputs, seed + 100)?;
            let fit = MinNorm::fit(&data)?;
            assert_eq!(fit.rank(), n.min(d), "{n} x {d}");
            let error = norm(&(&fit.weights() - &w)) / norm(&w);
            // Backward stability promises ε times the condition.
            assert!(error < 3e-15 * fit.condition().max(10.0), "{n} x {d}: {error:e} at {:e}", fit.condition());
            assert!((fit.relative_error(&w)? - error).abs() <= 1e-2 * error);
            let (row, normal, estimate) = (fit.row_distance(), fit.normal_residual(), fit.error_estimate());
            let room = 3e-15 * fit.condition().max(10.0);
            assert!(row < room && normal < 3e-15 && estimate < room, "{n} x {d}: {row:e} {normal:e} {estimate:e}");
            assert!(fit.residual() < 1e-13 * norm(&data.y().to_owned()));
        }
    }
    Ok(())
}

#[test]
fn rank_deficient_integers_come_back() -> TestResult {
    for (n, r, d) in [(10, 3, 20), (20, 3, 10), (8, 1, 8), (40, 12, 25), (15, 14, 15)] {
        for seed in 0..5 {
            let x = integers(n, r, seed).dot(&integers(r, d, seed + 50));
            let (data, w) = solvable(x, 2, seed + 100)?;
            let fit = MinNorm::fit(&data)?;
            assert_eq!(fit.rank(), r);
            let error = fit.relative_error(&w)?;
            assert!(error < 3e-15 * fit.condition().max(10.0), "rank {r}: {error:e} at {:e}", fit.condition());
        }
    }
    Ok(())
}

#[test]
fn noise_orthogonal_to_the_columns_changes_nothing() -> TestResult {
    // Every row twice; targets moved apart by ±z leave the normal equations as they are.
    let half = integers(6, 9, 1);
    let x = ndarray::concatenate(ndarray::Axis(0), &[half.view(), half.view()]).unwrap();
    let (data, w) = solvable(x.clone(), 1, 2)?;
    let z = integers(6, 1, 3);
    let mut y = data.y().to_owned();
    y.slice_mut(ndarray::s![..6, ..]).scaled_add(1.0, &z);
    y.slice_mut(ndarray::s![6.., ..]).scaled_add(-1.0, &z);
    let fit = MinNorm::fit(&Regression::with_outputs(x, y)?)?;
    assert!(fit.rank() == 6 && fit.relative_error(&w)? < 1e-13);
    assert!((fit.residual() - (2.0_f64).sqrt() * norm(&z)).abs() < 1e-11);
    Ok(())
}

#[test]
fn least_among_the_minimisers() -> TestResult {
    // Against nalgebra's LU of the Gram matrix, and against other minimisers.
    let data = Regression::new(gaussian(6, 15, 4), gaussian(6, 1, 5).column(0).to_owned())?;
    let fit = MinNorm::fit(&data)?;
    let x = DMatrix::from_row_iterator(6, 15, data.x().iter().copied());
    let y = DMatrix::from_iterator(6, 1, data.y().iter().copied());
    let w = x.transpose() * (&x * x.transpose()).lu().solve(&y).unwrap();
    let oracle = Array2::from_shape_fn((1, 15), |(_, j)| w[(j, 0)]);
    assert!(fit.relative_error(&oracle)? < 1e-13);
    for seed in 0..20 {
        let null = fit.null_part(&gaussian(1, 15, 10 + seed))?;
        let other = &fit.weights() + &null;
        assert!(norm(&(data.x().dot(&other.t()) - data.y())) < 1e-12, "as good");
        assert!(norm(&other) > norm(&fit.weights().to_owned()), "and longer");
    }
    Ok(())
}

#[test]
fn the_null_part_is_what_the_data_cannot_see() -> TestResult {
    let x = integers(10, 4, 6).dot(&integers(4, 18, 7));
    let fit = MinNorm::fit(&Regression::new(x.clone(), Array1::ones(10))?)?;
    let w = gaussian(3, 18, 8);
    let (null, row) = (fit.null_part(&w)?, fit.row_part(&w)?);
    assert!(norm(&(&null + &row - &w)) < 1e-15 * norm(&w));
    assert!(norm(&x.dot(&null.t())) < 1e-13 * norm(&x), "orthogonal to every row");
    assert!(norm(&fit.null_part(&row)?) < 1e-14 && norm(&fit.row_part(&null)?) < 1e-14, "projections");
    assert!(norm(&fit.null_part(&gaussian(2, 10, 9).dot(&x))?) < 1e-12, "nothing of the row span");
    // The control: a tilt of 1e-10 out of the span shows.
    let tilted = &row + &(&null * 1e-10);
    assert!((norm(&fit.null_part(&tilted)?) / norm(&null) / 1e-10 - 1.0).abs() < 1e-4);
    Ok(())
}

#[test]
fn spectrum_against_a_known_one() -> TestResult {
    // Rotated by Householder mirrors, so that σ = 3, 3, 3, 1, 1e-6 are known.
    let mirror = |size: usize, seed: u64| {
        let v = gaussian(size, 1, seed);
        Array2::eye(size) - v.dot(&v.t()) * (2.0 / norm(&v).powi(2))
    };
    let sigma = [3.0, 3.0, 3.0, 1.0, 1e-6];
    let mut middle = Array2::zeros((7, 9));
    sigma.iter().enumerate().for_each(|(i, s)| middle[[i, i]] = *s);
    let x = mirror(7, 1).dot(&middle).dot(&mirror(9, 2));
    let fit = MinNorm::fit(&Regression::new(x, Array1::ones(7))?)?;
    assert_eq!(fit.rank(), 5);
    assert!((fit.condition() / 3e6 - 1.0).abs() < 1e-8);
    for (found, (s, mu)) in fit.singular_values().iter().zip(sigma.iter().zip(fit.spectrum()?)) {
        assert!((found - s).abs() < 3e-15 && (mu / (found * found / 7.0) - 1.0).abs() < 1e-14);
    }
    let v = fit.right_vectors();
    assert!(norm(&(v.dot(&v.t()) - Array2::<f64>::eye(5))) < 1e-14, "orthonormal");
    Ok(())
}

#[test]
fn rank_is_decided_at_the_stated_tolerance() -> TestResult {
    let with = |least: f64| Regression::new(array![[1.0, 0.0, 0.0], [0.0, least, 0.0]], array![1.0, 1.0]);
    let tolerance = 3.0 * f64::EPSILON;
    assert_eq!(MinNorm::fit(&with(tolerance * 1.01)?)?.rank(), 2);
    assert_eq!(MinNorm::fit(&with(tolerance * 0.99)?)?.rank(), 1);
    Ok(())
}

#[test]
fn powers_of_two_change_no_bit() -> TestResult {
    let (x, y) = (gaussian(5, 8, 1), gaussian(5, 2, 2));
    let fit = MinNorm::fit(&Regression::with_outputs(x.clone(), y.clone())?)?;
    for (a, b) in [(900, 900), (-900, -800), (500, -400), (-400, 500)] {
        let (s, t) = (2_f64.powi(a), 2_f64.powi(b));
        let scaled = MinNorm::fit(&Regression::with_outputs(&x * s, &y * t)?)?;
        assert_eq!(scaled.weights(), &fit.weights() * 2_f64.powi(b - a));
        assert_eq!(scaled.condition(), fit.condition());
    }
    // The answer or the spectrum beyond f64 is an error, never an infinity.
    assert!(MinNorm::fit(&Regression::with_outputs(&x * 1e-300, &y * 1e300)?).is_err());
    assert!(MinNorm::fit(&Regression::with_outputs(&x * 1e200, y.clone())?)?.spectrum().is_err());
    assert!(MinNorm::fit(&Regression::with_outputs(&x * 1e-200, y)?)?.filtered(Filter::Flow { time: 1.0 }).is_err());
    Ok(())
}

/// (XᵀX/n + λI)⁻¹XᵀY/n by nalgebra's LU.
fn ridge_by_lu(data: &Regression, lambda: f64) -> Array2<f64> {
    let (n, d, k) = (data.n(), data.d(), data.outputs());
    let x = DMatrix::from_row_iterator(n, d, data.x().iter().copied());
    let y = DMatrix::from_row_iterator(n, k, data.y().iter().copied());
    let matrix = x.transpose() * &x / n as f64 + DMatrix::identity(d, d) * lambda;
    let w = matrix.lu().solve(&(x.transpose() * y / n as f64)).unwrap();
    Array2::from_shape_fn((k, d), |(i, j)| w[(j, i)])
}

#[test]
fn ridge_against_lu() -> TestResult {
    for (n, d, k) in [(20, 5, 1), (5, 20, 2), (1, 3, 1), (8, 8, 1)] {
        let data = Regression::with_outputs(gaussian(n, d, 3), gaussian(n, k, 4))?;
        let lambdas = [1e3, 1.0, 1e-2, 1e-4];
        for (ridge, lambda) in Ridge::path(&data, &lambdas)?.iter().zip(lambdas) {
            let oracle = ridge_by_lu(&data, lambda);
            assert!(norm(&(&ridge.weights() - &oracle)) < 1e-10 * norm(&oracle));
            assert!(ridge.stationarity() < 1e-13 && ridge.lambda() == lambda);
            let other = ridge_by_lu(&data, lambda * 1.001);
            assert!(norm(&(&ridge.weights() - &other)) > 1e-10 * norm(&other), "a control: another λ shows");
            assert!(&Ridge::fit(&data, lambda)? == ridge);
        }
        let limit = Ridge::fit(&data, 1e-18)?;
        assert!(MinNorm::fit(&data)?.relative_error(&limit.weights())? < 1e-12);
    }
    Ok(())
}

#[test]
fn filters_are_what_the_iterations_give() -> TestResult {
    for (n, d) in [(12, 5), (5, 12)] {
        let data = Regression::with_outputs(gaussian(n, d, 5), gaussian(n, 2, 6))?;
        let fit = MinNorm::fit(&data)?;
        let (x, y) = (data.x(), data.y());
        let step = 1.7 / fit.spectrum()?[0]; // beyond 1/μ₁: the residual changes its sign
        let mut w = Array2::<f64>::zeros((2, d));
        for t in 0..=200_u64 {
            if [0, 1, 2, 7, 200].contains(&t) {
                let filtered = fit.filtered(Filter::Descent { step, steps: t })?;
                assert!(norm(&(&filtered - &w)) < 1e-13 * norm(&w).max(1.0), "t = {t}");
                assert!(
                    t == 0 || t > 50 || norm(&(&fit.filtered(Filter::Descent { step, steps: t + 1 })? - &w)) > 1e-13
                );
            }
            w = &w - &((x.dot(&w.t()) - y).t().dot(&x) * (step / n as f64));
        }
        // The flow is the limit of small steps, with an error of order t·η.
        let flow = fit.filtered(Filter::Flow { time: 3.0 })?;
        let gap = |steps: u64| -> Result<f64> {
            Ok(norm(&(fit.filtered(Filter::Descent { step: 3.0 / steps as f64, steps })? - &flow)))
        };
        let (coarse, fine) = (gap(1 << 12)?, gap(1 << 16)?);
        assert!((coarse / fine / 16.0 - 1.0).abs() < 0.01 && fine < 1e-3, "{coarse:e} {fine:e}");
    }
    Ok(())
}

#[test]
fn bad_input_is_refused_by_name() -> TestResult {
    let data = Regression::new(array![[1.0, 2.0], [0.5, 1.0]], array![1.0, 0.0])?;
    let zero = Regression::new(Array2::zeros((2, 3)), array![1.0, 2.0])?;
    assert!(MinNorm::fit(&zero).unwrap_err().to_string().contains("only zeros"));
    for lambda in [0.0, -1.0, f64::NAN, f64::INFINITY] {
        let message = Ridge::fit(&data, lambda).unwrap_err().to_string();
        assert!(message.contains("lambda") && message.contains("> 0"), "{message}");
        assert!(Ridge::path(&data, &[1.0, lambda]).is_err());
    }
    let fit = MinNorm::fit(&data)?;
    assert!(fit.filtered(Filter::Flow { time: -1.0 }).unwrap_err().to_string().contains("t ≥ 0"));
    assert!(fit.filtered(Filter::Descent { step: 1.0, steps: 3 }).unwrap_err().to_string().contains("diverges"));
    assert!(fit.null_part(&array![[1.0, 2.0, 3.0]]).unwrap_err().to_string().contains("(m, 2)"));
    assert!(fit.null_part(&array![[1.0, f64::NAN]]).is_err() && fit.row_part(&array![[1e308, -1e308]]).is_ok());
    assert!(fit.relative_error(&array![[1.0], [2.0]]).unwrap_err().to_string().contains("(1, 2)"));
    let nothing = MinNorm::fit(&Regression::new(array![[1.0, 2.0]], array![0.0])?)?;
    assert!(nothing.weights() == array![[0.0, 0.0]] && nothing.relative_error(&array![[0.0, 0.0]]).is_err());
    Ok(())
}

fn number() -> impl Strategy<Value = f64> {
    proptest::prop_oneof![
        8 => -10.0..10.0f64,
        3 => proptest::prelude::Just(0.0),
        1 => prop::sample::select(vec![1e308, -1e308, f64::MAX, 1e-308, 5e-324, -0.0, 1e-160, 1e160]),
    ]
}

proptest! {
    #![proptest_config(proptest::prelude::ProptestConfig::with_cases(2000))]

    #[test]
    fn whatever_comes_in((n, d) in (1usize..6, 1usize..6), numbers in prop::collection::vec(number(), 36), lambda in number()) {
        let x = Array2::from_shape_fn((n, d), |(i, j)| numbers[6 * i + j]);
        let y = Array1::from_shape_fn(n, |i| numbers[6 * i + 5]);
        let data = Regression::new(x.clone(), y)?;
        match MinNorm::fit(&data) {
            Ok(fit) => {
                prop_assert!((1..=n.min(d)).contains(&fit.rank()) && fit.condition() >= 1.0);
                prop_assert!(fit.weights().iter().all(|v| v.is_finite()));
// Weights among the last subnormal numbers have lost their digits, and rightly so.
                if fit.weights().iter().any(|v| v.abs() > 1e-290) {
                    prop_assert!(fit.normal_residual() < 1e-13, "normal equations {:e}", fit.normal_residual());
                }
                prop_assert!(fit.singular_values().windows(2).all(|p| p[0] >= p[1]));
            }
            Err(error) => prop_assert!(!error.to_string().contains("converge"), "{error}"),
        }
        if let Ok(ridge) = Ridge::fit(&data, lambda) {
            prop_assert!(lambda > 0.0 && ridge.weights().iter().all(|v| v.is_finite()));
        }
        prop_assert_eq!(x.iter().all(|v| *v == 0.0) && MinNorm::fit(&data).is_ok(), false);
    }
}
