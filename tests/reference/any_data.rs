//! Any data get an answer or an error, small integers always an answer.

use super::check_certificate;
use implicit_bias::prelude::*;
use proptest::prelude::{Strategy, prop};

/// Entries that make trouble: exact, tied, repeated, huge and tiny.
fn nasty() -> impl Strategy<Value = f64> {
    prop::sample::select(vec![
        0.0,
        -0.0,
        1.0,
        -1.0,
        0.5,
        3.0,
        1.0 / 3.0,
        0.1,
        -0.3,
        1.0 + f64::EPSILON,
        1e-8,
        1e-16,
        -1e-30,
        1e-308,
        5e-324,
        1e154,
        -1e200,
        1e308,
        -1.7e308,
    ])
}

proptest::proptest! {
    #![proptest_config(proptest::prelude::ProptestConfig { failure_persistence: None, cases: 2000, ..Default::default() })]
    #[test]
    fn nasty_data_gets_an_answer_or_an_error(
        (d, x, y) in (1_usize..5, 1_usize..9).prop_flat_map(|(d, n)| {
            let labels = prop::collection::vec(prop::sample::select(vec![-1.0, 1.0]), n);
            (proptest::prelude::Just(d), prop::collection::vec(nasty(), n * d), labels)
        })
    ) {
        let x = Array2::from_shape_vec((y.len(), d), x).expect("n·d entries");
        let data = Dataset::new(x, Array1::from_vec(y)).expect("finite entries, labels ±1");
        for fitted in [MaxMargin::fit(&data), MaxMargin::fit_with_intercept(&data)] {
            match fitted {
                Ok(svm) => {
                    let [lower, upper] = svm.interval();
                    assert!(0.0 <= lower && lower <= svm.margin() && svm.margin() <= upper && upper.is_finite());
                    assert!(svm.direction().iter().chain(svm.multipliers()).all(|v| v.is_finite()));
                    assert!(svm.angle_bound() <= 1e-6 && svm.kkt_residual() < 1e-6 && svm.intercept().is_finite());
                }
                Err(Error::NotSeparable { weights, norm, .. }) => {
                    assert!((weights.iter().sum::<f64>() - 1.0).abs() < 1e-12 && norm.is_finite());
                }
                Err(Error::TooClose { lower, upper, .. }) => assert!(lower <= 0.0 && upper > 0.0),
                Err(Error::Argument { .. } | Error::NotFinite { .. } | Error::NotConverged { .. }) => {}
                Err(other) => panic!("{other}"),
            }
        }
    }

    #[test]
    fn small_integers_are_always_decided(
        (d, x, y) in (1_usize..6, 1_usize..16).prop_flat_map(|(d, n)| {
            let labels = prop::collection::vec(prop::sample::select(vec![-1.0, 1.0]), n);
            (proptest::prelude::Just(d), prop::collection::vec(-3..=3_i32, n * d), labels)
        }),
        push in 0..4_i32,
    ) {
        let x = x.iter().map(|v| f64::from(*v)).collect();
        let mut x = Array2::from_shape_vec((y.len(), d), x).expect("n·d entries");
        x.column_mut(0).iter_mut().zip(&y).for_each(|(x, y)| *x += y * f64::from(push));
        let data = Dataset::new(x, Array1::from_vec(y)).expect("finite entries, labels ±1");
        for fitted in [MaxMargin::fit(&data), MaxMargin::fit_with_intercept(&data)] {
            match fitted {
                Ok(svm) => check_certificate(&data, &svm),
                Err(Error::NotSeparable { rows, weights, .. }) => {
                    let mut point = Array1::<f64>::zeros(d);
                    rows.iter().zip(&weights).for_each(|(&i, &a)| point.scaled_add(a * data.y()[i], &data.x().row(i)));
                    assert!(point.iter().all(|v| v.abs() < 1e-14), "{point}");
                }
                Err(Error::Argument { found, .. }) => assert!(found.starts_with("only")),
                Err(other) => panic!("{other}"),
            }
        }
    }
}
