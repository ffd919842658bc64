//! Filters, their risk in closed form and their worst case.

use super::Draw;
use implicit_bias::prelude::*;
use implicit_bias::theory::worst_bias_bound;
use proptest::prelude::{Just, ProptestConfig, Strategy, any, prop_oneof};
use proptest::{prop_assert, proptest};

type TestResult = Result<()>;

const RIDGE: fn(f64) -> Filter = |lambda| Filter::Ridge { lambda };
const FLOW: fn(f64) -> Filter = |time| Filter::Flow { time };

#[test]
fn descent_is_its_recursion() -> TestResult {
    for product in [1e-3, 0.3, 1.0, 1.25, 1.999] {
        let mut left = 1.0_f64;
        for steps in 0..60 {
            let filter = Filter::Descent { step: product / 0.5, steps };
            let (gain, residual) = (filter.gain(0.5)?, filter.residual(0.5)?);
            assert!((residual - left).abs() <= 1e-13 * left.abs() && (gain - (1.0 - left)).abs() < 1e-14);
            left *= 1.0 - product;
        }
    }
    Ok(())
}

#[test]
fn nothing_cancels() -> TestResult {
    // At small arguments the gains are ηtμ, tμ, μ/λ to first order; 1 − residual would be 0 there.
    let mu = 1e-30;
    for (filter, slope) in [(Filter::Descent { step: 0.5, steps: 4 }, 2.0), (FLOW(2.0), 2.0), (RIDGE(0.5), 2.0)] {
        assert!((filter.gain(mu)? / (slope * mu) - 1.0).abs() < 1e-15);
        assert_eq!(1.0 - filter.residual(mu)?, 0.0);
    }
    // 1e18 steps that each do next to nothing.
    let long = Filter::Descent { step: 1.0, steps: 1_000_000_000_000_000_000 };
    assert!((long.gain(1e-18)? - (1.0 - (-1.0_f64).exp())).abs() < 1e-15);
    // Residuals far below ε.
    assert!((FLOW(1.0).residual(300.0)?.ln() + 300.0).abs() < 1e-12);
    assert!((RIDGE(1e-200).residual(1e100)? / 1e-300 - 1.0).abs() < 1e-15);
    assert!((RIDGE(1.5e308).gain(1.5e308)? - 0.5).abs() < 1e-15);
    // ημ just below 2: (1 − ημ)² = (1 − 2⁻⁵⁰)², gain 2⁻⁴⁹ up to its square.
    let edge = Filter::Descent { step: 2.0 - 2_f64.powi(-50), steps: 2 };
    assert!((edge.gain(1.0)? / 2_f64.powi(-49) - 1.0).abs() < 1e-14);
    Ok(())
}

#[test]
fn risk_is_the_mean_over_all_signs() -> TestResult {
    // Noise of σ times random signs has the same first two moments as any other; sixteen sign vectors are all there are.
    let mut draw = Draw::new(3);
    for (n, d) in [(4, 3), (4, 6)] {
        let x = Array2::from_shape_simple_fn((n, d), || draw.next());
        let fit = MinNorm::fit(&Regression::new(x.clone(), Array1::ones(n))?)?;
        let w = fit.row_part(&draw.vector(d).insert_axis(ndarray::Axis(0)))?.row(0).to_owned();
        let (sigma, step) = (0.7, 1.3 / fit.spectrum()?[0]);
        let model = SpectralModel::of_design(&fit, w.view(), sigma)?;
        for filter in [RIDGE(0.03), FLOW(20.0), Filter::Descent { step, steps: 5 }] {
            let (mut rho, mut k, mut mean) = (0.0, 0.0, Array1::<f64>::zeros(d));
            for signs in 0..16 {
                let noise = Array1::from_shape_fn(n, |i| if signs >> i & 1 == 1 { sigma } else { -sigma });
                let found = MinNorm::fit(&Regression::new(x.clone(), x.dot(&w) + noise)?)?.filtered(filter)?;
                let gap = &found.row(0) - &w;
                mean += &(&gap / 16.0);
                rho += x.dot(&gap).mapv(|v| v * v).sum() / n as f64 / 16.0;
                k += gap.dot(&gap) / 16.0;
            }
            let bias = x.dot(&mean).mapv(|v| v * v).sum() / n as f64;
            assert!((model.risk(filter, Norm::Rho)? / rho - 1.0).abs() < 1e-12, "{filter:?}");
            assert!((model.risk(filter, Norm::K)? / k - 1.0).abs() < 1e-12, "{filter:?}");
            assert!((model.bias_squared(filter, Norm::Rho)? - bias).abs() < 1e-13);
            assert!((model.bias_squared(filter, Norm::K)? - mean.dot(&mean)).abs() < 1e-12);
            let noisier = SpectralModel::of_design(&fit, w.view(), sigma * 1.001)?;
            assert!((noisier.risk(filter, Norm::Rho)? / rho - 1.0).abs() > 1e-6, "a control");
        }
    }
    Ok(())
}

#[test]
fn a_source_is_a_smooth_target() -> TestResult {
    let model = SpectralModel::with_source(&[1.0, 0.25], 1.5, &[2.0, 8.0], 0.0)?;
    assert_eq!(model.target(), [2.0, 1.0]);
    assert_eq!(model.variance(RIDGE(1.0), Norm::K)?, 0.0);
    assert!((model.bias_squared(RIDGE(0.25), Norm::K)? - (0.16 + 1.0)).abs() < 1e-15);
    Ok(())
}

/// The largest |residual| μˢ on a fine grid of (0, 1].
fn by_grid(filter: Filter, r: f64, norm: Norm) -> Result<f64> {
    let grid: Vec<f64> = (0..=400_000).map(|i| 10_f64.powf(-8.0 * f64::from(i) / 400_000.0)).collect();
    worst_bias(filter, &grid, r, norm)
}

#[test]
fn the_worst_case_against_a_grid() -> TestResult {
    for r in [0.75, 1.0, 1.5, 2.5] {
        for norm in [Norm::Rho, Norm::K] {
            for filter in [
                RIDGE(0.5),
                RIDGE(1e-3),
                FLOW(0.1),
                FLOW(500.0),
                FLOW(0.0),
                Filter::Descent { step: 1.0, steps: 300 },
                Filter::Descent { step: 0.3, steps: 1 },
                Filter::Descent { step: 1.9, steps: 2 },
                Filter::Descent { step: 1.99, steps: 500 },
            ] {
                let (bound, grid) = (worst_bias_bound(filter, r, norm)?, by_grid(filter, r, norm)?);
                assert!(
                    grid <= bound * (1.0 + 1e-12) && grid > bound * (1.0 - 1e-8),
                    "{filter:?} {r} {norm:?}: {grid} {bound}"
                );
            }
        }
    }
    Ok(())
}

#[test]
fn ridge_saturates_and_descent_does_not() -> TestResult {
    let ridge = |t: f64| RIDGE(1.0 / t);
    let slope = |filter: fn(f64) -> Filter, r: f64, norm| -> Result<f64> {
        let at = |t: f64| worst_bias_bound(filter(t), r, norm);
        Ok(-(at(1e6)? / at(1e4)?).ln() / 100_f64.ln())
    };
    for r in [0.6, 1.0, 1.4, 2.0, 4.0] {
        for (norm, s) in [(Norm::Rho, r), (Norm::K, r - 0.5)] {
            let q = RIDGE(1.0).qualification();
            assert!((slope(FLOW, r, norm)? - s).abs() < 1e-9 && (slope(ridge, r, norm)? - s.min(q)).abs() < 1e-4);
        }
    }
    assert!((slope(ridge, 2.0, Norm::Rho)? - 2.0).abs() > 0.9, "a control: ridge is not at t^-2");
    Ok(())
}

#[test]
fn flow_is_never_much_worse_than_ridge() -> TestResult {
    // Ali, Kolter & Tibshirani (2019): at λ = 1/t the risk of the flow is at most 1.6862 times that of ridge, whatever the target.
    let mut draw = Draw::new(9);
    for _ in 0..50 {
        let spectrum: Vec<f64> = (0..20).map(|_| 10_f64.powf(4.0 * draw.next())).collect();
        let model = SpectralModel::new(&spectrum, &draw.vector(20).to_vec(), 10_f64.powf(2.0 * draw.next()))?;
        for t in [1e-4, 1e-2, 1.0, 1e2, 1e4] {
            for norm in [Norm::Rho, Norm::K] {
                assert!(model.risk(FLOW(t), norm)? <= 1.6862 * model.risk(RIDGE(1.0 / t), norm)?);
            }
        }
    }
    // The constant is sharp: one eigenvalue, no bias, tμ = 1.793.
    let noise = SpectralModel::new(&[1.0], &[0.0], 1.0)?;
    let ratio = noise.risk(FLOW(1.793), Norm::Rho)? / noise.risk(RIDGE(1.0 / 1.793), Norm::Rho)?;
    assert!((ratio - 1.6862).abs() < 1e-3, "{ratio}");
    Ok(())
}

#[test]
fn bad_parameters_are_named() {
    let message = |result: Result<f64>| result.unwrap_err().to_string();
    assert!(message(RIDGE(0.0).gain(1.0)).contains("Ridge.lambda"));
    assert!(message(RIDGE(-1.0).residual(1.0)).contains("Ridge.lambda"));
    assert!(
        message(FLOW(-1e-9).gain(1.0)).contains("t ≥ 0") && message(FLOW(f64::INFINITY).gain(1.0)).contains("t ≥ 0")
    );
    assert!(message(Filter::Descent { step: 2.0, steps: 1 }.gain(1.0)).contains("η < 2/μ"));
    assert!(message(Filter::Descent { step: 0.0, steps: 1 }.gain(1.0)).contains("Descent.step"));
    for mu in [-1.0, f64::NAN, f64::INFINITY] {
        assert!(message(RIDGE(1.0).gain(mu)).contains('μ') && FLOW(1.0).residual(mu).is_err());
    }
    assert!(message(worst_bias_bound(RIDGE(1.0), 0.5, Norm::K)).contains("r > 1/2"));
    assert!(message(worst_bias_bound(FLOW(1.0), 0.0, Norm::Rho)).contains("r > 0"));
    assert!(
        worst_bias(FLOW(1.0), &[], 1.0, Norm::Rho).is_err() && worst_bias(FLOW(1.0), &[0.0], 1.0, Norm::Rho).is_err()
    );
    let model =
        |spectrum: &[f64], target: &[f64], noise| SpectralModel::new(spectrum, target, noise).unwrap_err().to_string();
    assert!(model(&[], &[], 0.0).contains("at least one") && model(&[1.0], &[1.0, 2.0], 0.0).contains("(2)"));
    assert!(
        model(&[1.0, 0.0], &[1.0; 2], 0.0).contains("spectrum[1]")
            && model(&[1.0], &[f64::NAN], 0.0).contains("target[0]")
    );
    assert!(
        model(&[1.0], &[1.0], -1.0).contains("noise") && SpectralModel::with_source(&[1.0], 0.0, &[1.0], 0.0).is_err()
    );
    assert!(SpectralModel::with_source(&[1.0], 1.0, &[1.0, 2.0], 0.0).is_err());
    let fit = MinNorm::fit(&Regression::new(array![[1.0, 2.0]], array![1.0]).unwrap()).unwrap();
    assert!(SpectralModel::of_design(&fit, array![1.0].view(), 1.0).is_err());
}

fn extreme() -> impl Strategy<Value = f64> {
    prop_oneof![4 => 0.0..3.0f64, 2 => (-320.0..309.0f64).prop_map(|e| 10_f64.powf(e)), 1 => any::<f64>(), 1 => Just(0.0)]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(5000))]

    #[test]
    fn gains_are_shares(parameter in extreme(), mu in extreme(), steps in any::<u64>()) {
        for filter in [RIDGE(parameter), FLOW(parameter), Filter::Descent { step: parameter, steps }] {
            let good = match filter {
                _ if !(mu >= 0.0 && mu.is_finite() && parameter.is_finite()) => false,
                Filter::Ridge { .. } => parameter > 0.0,
                Filter::Flow { .. } => parameter >= 0.0,
                Filter::Descent { .. } => parameter > 0.0 && parameter * mu < 2.0,
            };
            let (Ok(gain), Ok(residual)) = (filter.gain(mu), filter.residual(mu)) else {
                prop_assert!(!good, "{filter:?} at {mu}");
                continue;
            };
            prop_assert!(good && (gain + residual - 1.0).abs() < 1e-15, "{filter:?} at {mu}: {gain} {residual}");
            prop_assert!((0.0..=2.0).contains(&gain) && residual.abs() <= 1.0);
        }
    }
}
