//! The fitted line: against normal equations solved elsewhere, published t values, and its own promise of 95 %.

use implicit_bias::prelude::*;
use nalgebra::{DMatrix, DVector};
use proptest::prelude::*;

/// Uniform numbers in (−1, 1), from a congruential generator of this file's own.
fn numbers(seed: u64) -> impl Iterator<Item = f64> {
    let mut state = seed.wrapping_mul(2862933555777941757).wrapping_add(3037000493);
    std::iter::repeat_with(move || {
        state = state.wrapping_mul(6364136223846793005).wrapping_add(1442695040888963407);
        (state >> 11) as f64 / (1_u64 << 52) as f64 - 1.0
    })
}

fn solved(x: &[f64], y: &[f64]) -> (f64, f64) {
    let design = DMatrix::from_fn(x.len(), 2, |i, j| if j == 0 { 1.0 } else { x[i] });
    let found = design.svd(true, true).solve(&DVector::from_column_slice(y), 1e-14).unwrap();
    (found[1], found[0])
}

#[test]
fn slope_and_interval_are_those_of_refitting_without_each_unit() {
    // Student's t for 9 degrees of freedom, from any table.
    let (x, noise): (Vec<f64>, Vec<f64>) = (numbers(1).take(40).collect(), numbers(2).take(40).collect());
    let y: Vec<f64> = x.iter().zip(&noise).map(|(x, e)| 3.0 - 2.0 * x + e).collect();
    let units: Vec<u64> = (0..40).map(|i| i % 10).collect();
    let line = fit_line(&x, &y, &units).unwrap();
    let (slope, intercept) = solved(&x, &y);
    assert!((line.slope - slope).abs() < 1e-13 && (line.intercept - intercept).abs() < 1e-13);
    let keep = |v: &[f64], g: u64| (0..40).filter(|i| units[*i] != g).map(|i| v[i]).collect::<Vec<_>>();
    let slopes: Vec<f64> = (0..10).map(|g| solved(&keep(&x, g), &keep(&y, g)).0).collect();
    let mean = slopes.iter().sum::<f64>() / 10.0;
    let se = (0.9 * slopes.iter().map(|b| (b - mean).powi(2)).sum::<f64>()).sqrt();
    let half = 2.262 * se;
    assert!((line.interval.1 - slope - half).abs() < 1e-3 * se && (slope - line.interval.0 - half).abs() < 1e-3 * se);
    // The normal quantile would not pass.
    assert!((1.960 - 2.262_f64).abs() > 1e-3);
    assert_eq!(line.units, 10);
}

#[test]
fn five_units_use_students_wide_interval() {
    let y = [0.3, -0.1, 0.4, 0.0, 0.2];
    let x = [0.0, 1.0, 2.0, 3.0, 4.0];
    let line = fit_line(&x, &y, &[1, 2, 3, 4, 5]).unwrap();
    let slopes: Vec<f64> = (0..5)
        .map(|g| {
            let keep = |v: [f64; 5]| (0..5).filter(|i| *i != g).map(|i| v[i]).collect::<Vec<_>>();
            solved(&keep(x), &keep(y)).0
        })
        .collect();
    let mean = slopes.iter().sum::<f64>() / 5.0;
    let se = (0.8 * slopes.iter().map(|b| (b - mean).powi(2)).sum::<f64>()).sqrt();
    assert!(((line.interval.1 - line.slope) / se - 2.776).abs() < 2e-3);
}

#[test]
fn the_interval_covers_the_truth_in_95_of_100_studies_if_units_are_named() {
    // Twenty seeds, six slopes each; every seed has a slope of its own around 1, so that its points share their error.
    let (mut named, mut ignored) = (0, 0);
    for study in 0..500 {
        let mut draw = numbers(10 + study);
        let (mut x, mut y, mut units) = (vec![], vec![], vec![]);
        for seed in 0..20 {
            let own = 1.0 + draw.next().unwrap();
            for step in 0..6 {
                x.push(f64::from(step));
                y.push(own * f64::from(step) + 0.1 * draw.next().unwrap());
                units.push(seed);
            }
        }
        let alone: Vec<u64> = (0..120).collect();
        let covers = |units: &[u64]| {
            let (low, high) = fit_line(&x, &y, units).unwrap().interval;
            low < 1.0 && 1.0 < high
        };
        named += usize::from(covers(&units));
        ignored += usize::from(covers(&alone));
    }
    let (low, high) = wilson(named, 500).unwrap();
    assert!(low < 0.96 && high > 0.94, "{named} of 500");
    assert!(ignored < 450, "points taken for independent: {ignored} of 500");
}

#[test]
fn what_has_no_slope_is_refused() {
    let five = [1, 2, 3, 4, 5];
    let line = [0.0, 1.0, 2.0, 3.0, 4.0];
    assert!(fit_line(&[], &[], &[]).is_err());
    assert!(fit_line(&line, &line[..4], &five).is_err());
    assert!(fit_line(&line, &line, &five[..4]).is_err());
    assert!(fit_line(&line, &line, &[1, 1, 2, 3, 4]).is_err());
    assert!(fit_line(&line, &[0.0, f64::NAN, 0.0, 0.0, 0.0], &five).is_err());
    assert!(fit_line(&[7.0; 5], &line, &five).is_err());
    // Unit 5 alone has another x.
    let error = fit_line(&[7.0, 7.0, 7.0, 7.0, 8.0], &line, &five).unwrap_err().to_string();
    assert!(error.contains("without unit 5"), "{error}");
}

proptest! {
    #[test]
    fn an_exact_line_is_found_at_every_scale(
        slope in -10.0..10.0f64, intercept in -10.0..10.0f64, x_power in -300..300i32, y_power in -150..150i32,
    ) {
        let x: Vec<f64> = (0..8).map(f64::from).collect();
        let y: Vec<f64> = x.iter().map(|x| intercept + slope * x).collect();
        let (a, b) = (10_f64.powi(x_power), 10_f64.powi(y_power));
        let scaled = |v: &[f64], by: f64| v.iter().map(|v| v * by).collect::<Vec<_>>();
        let expected = slope * b / a;
        match fit_line(&scaled(&x, a), &scaled(&y, b), &[1, 2, 3, 4, 5, 6, 7, 8]) {
            Ok(line) => {
                prop_assert!((line.slope - expected).abs() <= 1e-12 * (10.0 * b / a), "{line:?}, {expected}");
                prop_assert!((line.intercept - intercept * b).abs() <= 1e-12 * 100.0 * b);
            }
            Err(_) => prop_assert!(!(100.0 * b / a).is_finite(), "refused {expected}"),
        }
    }
}

#[test]
fn a_line_of_rows_is_the_line_of_their_numbers() {
    let rows: Vec<(u64, f64, f64)> = (0..12).zip(numbers(5).zip(numbers(6))).map(|(i, (x, y))| (i % 6, x, y)).collect();
    let [x, y] = [|r: &(u64, f64, f64)| r.1, |r: &(u64, f64, f64)| r.2].map(|f| rows.iter().map(f).collect::<Vec<_>>());
    let units: Vec<u64> = rows.iter().map(|r| r.0).collect();
    assert_eq!(Line::of(&rows, |r| r.1, |r| r.2, |r| r.0).unwrap(), fit_line(&x, &y, &units).unwrap());
    assert!(Line::of(&rows, |r| r.1, |r| r.2, |_| 1).is_err());
}
