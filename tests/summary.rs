//! Summaries against hand values and other code; bad numbers are refused with their place.

use implicit_bias::prelude::*;
use ndarray::Axis;
use proptest::prelude::*;

#[test]
fn ends_mean_and_median_of_hand_values() {
    let values = [0.3, -1.2, 5.5, 2.25, 0.125, 7.0];
    assert_eq!((largest(values).unwrap(), smallest(values).unwrap()), (7.0, -1.2));
    assert!((mean(values).unwrap() - 13.975 / 6.0).abs() < 1e-15);
    assert!((median(values).unwrap() - 1.275).abs() < 1e-15);
    // Places 0.5, 1.25 and 4.5 among −1.2, 0.125, 0.3, 2.25, 5.5, 7.
    for (q, expected) in [(0.1, -0.5375), (0.25, 0.16875), (0.9, 6.25)] {
        let found = quantile(values, q).unwrap();
        assert!((found - expected).abs() < 1e-15, "{q}: {found}");
    }
}

#[test]
fn whatever_holds_numbers_is_taken() {
    let array = array![[1.0, 4.0], [2.0, 3.0]];
    let vector = vec![1.0, 4.0, 2.0, 3.0];
    assert_eq!(median(&array).unwrap(), 2.5);
    assert_eq!(median(array.index_axis(Axis(0), 0)).unwrap(), 2.5);
    assert_eq!(median(&vector).unwrap(), median(vector.iter().copied()).unwrap());
    assert_eq!(median(&vector[1..]).unwrap(), median(vector.into_iter().skip(1)).unwrap());
}

#[test]
fn infinities_are_numbers_until_they_meet() {
    let (inf, out) = (f64::INFINITY, f64::NEG_INFINITY);
    assert_eq!(median([1.0, inf, inf]).unwrap(), inf);
    assert_eq!(median([1.0, 2.0, 3.0, inf]).unwrap(), 2.5);
    assert_eq!(median([1.0, 2.0, inf, inf]).unwrap(), inf);
    assert_eq!(quantile([out, 1.0, 2.0], 0.0).unwrap(), out);
    assert_eq!((largest([out]).unwrap(), smallest([inf, inf]).unwrap()), (out, inf));
    assert_eq!(mean([1.0, inf]).unwrap(), inf);
    assert!(mean([out, inf]).is_err() && median([out, inf]).is_err());
    // The halves are added, so that their sum does not overflow.
    assert_eq!(median([f64::MAX, f64::MAX / 2.0]).unwrap(), 0.75 * f64::MAX);
}

#[test]
fn errors_name_function_and_place() {
    let message = |result: Result<f64>| result.unwrap_err().to_string();
    assert_eq!(message(median([1.0, f64::NAN])), "median(values)[1]: expected a number, found NaN");
    assert_eq!(message(largest([0.0; 0])), "largest(values): expected at least one number, found none");
    assert_eq!(message(quantile([1.0], 1.5)), "quantile(q): expected a part in [0, 1], found 1.5");
    assert_eq!(message(spearman([1.0, 2.0], [1.0])), "spearman(y): expected shape (2), found (1)");
    assert_eq!(
        message(spearman([1.0, 2.0], [3.0, 3.0])),
        "spearman(y): expected two different numbers, found all the same"
    );
    assert!(quantile([1.0], f64::NAN).is_err() && spearman([1.0], [2.0]).is_err());
    assert_eq!(Share::of(3, 2).unwrap_err().to_string(), "Share::of(k): expected at most n = 2, found 3");
}

/// Ranks by counting, and Pearson's formula on them: no sorting, no centring.
fn by_counting(x: &[f64], y: &[f64]) -> f64 {
    let rank = |v: &[f64], a: f64| {
        let (below, equal) = (v.iter().filter(|b| **b < a).count(), v.iter().filter(|b| **b == a).count());
        below as f64 + 0.5 * (equal as f64 + 1.0)
    };
    let ranks = |v: &[f64]| v.iter().map(|a| rank(v, *a)).collect::<Vec<f64>>();
    pearson(&ranks(x), &ranks(y))
}

fn pearson(x: &[f64], y: &[f64]) -> f64 {
    let n = x.len() as f64;
    let (sx, sy): (f64, f64) = (x.iter().sum(), y.iter().sum());
    let products = |a: &[f64], b: &[f64]| a.iter().zip(b).map(|(a, b)| a * b).sum::<f64>();
    (n * products(x, y) - sx * sy) / ((n * products(x, x) - sx * sx) * (n * products(y, y) - sy * sy)).sqrt()
}

#[test]
fn spearman_of_an_example_with_ties() {
    // The example of SciPy's documentation of spearmanr.
    let (x, y) = ([1.0, 2.0, 3.0, 4.0, 5.0], [5.0, 6.0, 7.0, 8.0, 7.0]);
    assert!((spearman(x, y).unwrap() - 0.820_782_681_668_123_3).abs() < 1e-15);
    // Without ties it is 1 − 6Σd²/n(n² − 1), here with Σd² = 6; the formula would be off where there are ties.
    assert!((spearman([1.0, 2.0, 3.0, 4.0], [2.0, 1.0, 4.0, 3.0]).unwrap() - 0.6).abs() < 1e-15);
    let (r, s) = ([1.0, 2.0, 3.0, 4.0, 5.0], [1.0, 2.0, 3.5, 5.0, 3.5]);
    let squares: f64 = r.iter().zip(s).map(|(r, s): (&f64, f64)| (r - s).powi(2)).sum();
    assert!((1.0 - 6.0 * squares / 120.0 - spearman(x, y).unwrap()).abs() > 1e-3);
    assert_eq!(spearman([0.0, -0.0, 1.0], [2.0, 2.0, 3.0]).unwrap(), 1.0);
}

proptest! {
    #[test]
    fn spearman_is_pearson_of_the_ranks(pairs in prop::collection::vec((-4..4_i32, -4..4_i32), 2..40)) {
        let (x, y): (Vec<f64>, Vec<f64>) = pairs.iter().map(|(x, y)| (f64::from(*x), f64::from(*y))).unzip();
        let constant = |v: &[f64]| v.iter().all(|a| *a == v[0]);
        let found = spearman(&x, &y);
        if constant(&x) || constant(&y) {
            prop_assert!(found.is_err());
        } else {
            let found = found.unwrap();
            prop_assert!((found - by_counting(&x, &y)).abs() < 1e-12);
            // Only the order counts.
            prop_assert_eq!(found, spearman(x.iter().map(|x| x.exp()), &y).unwrap());
        }
    }

    #[test]
    fn as_many_below_a_quantile_as_it_says(values in prop::collection::vec(-1e3..1e3, 1..60), q in 0.0..=1.0_f64) {
        let at = quantile(&values, q).unwrap();
        let place = (values.len() - 1) as f64 * q;
        let strictly_below = values.iter().filter(|v| **v < at).count() as f64;
        let not_above = values.iter().filter(|v| **v <= at).count() as f64;
        prop_assert!(strictly_below <= place + 1.0 && not_above >= place.floor() + 1.0 - 1e-9);
        prop_assert!(smallest(&values).unwrap() <= at && at <= largest(&values).unwrap());
        prop_assert_eq!(median(&values).unwrap(), quantile(&values, 0.5).unwrap());
    }

    #[test]
    fn a_nan_anywhere_is_refused(mut values in prop::collection::vec(-1e3..1e3, 1..20), at in 0..20_usize) {
        let at = at % values.len();
        values[at] = f64::NAN;
        let all: Vec<f64> = (0..values.len()).map(|i| i as f64).collect();
        for result in [largest(&values), smallest(&values), mean(&values), median(&values), spearman(&all, &values)] {
            let message = result.unwrap_err().to_string();
            prop_assert!(message.contains(&["[", &at.to_string(), "]"].concat()));
        }
    }

    #[test]
    fn groups_part_the_rows_and_keep_their_order(keys in prop::collection::vec(0..5_u8, 0..40)) {
        let rows: Vec<(u8, usize)> = keys.iter().copied().zip(0..).collect();
        let groups = group_by(&rows, |row| row.0);
        let mut back: Vec<(u8, usize)> = groups.iter().flat_map(|(_, rows)| rows.iter().map(|row| **row)).collect();
        back.sort_by_key(|row| row.1);
        prop_assert_eq!(&back, &rows);
        for (key, rows) in &groups {
            prop_assert!(rows.iter().all(|row| row.0 == *key) && rows.is_sorted_by_key(|row| row.1));
        }
        prop_assert!(groups.is_sorted_by_key(|(_, rows)| rows[0].1));
    }
}

#[test]
fn nan_groups_with_nothing() {
    assert_eq!(group_by([f64::NAN, 0.0, -0.0, f64::NAN], |v| *v).len(), 3);
}

#[test]
fn shares_carry_their_interval() {
    let share = Share::of(10, 10).unwrap();
    assert_eq!(share.interval(), wilson(10, 10).unwrap());
    assert_eq!((share.k(), share.n(), share.value()), (10, 10, 1.0));
    assert_eq!(share.to_string(), "10 of 10 (95 % CI 72–100 %)");
    assert_eq!(Share::among([true, false, true], |flag| *flag), Share::of(2, 3).unwrap());
    let none = Share::among([0.0; 0], |_| true);
    assert!(none.to_string() == "–" && none.interval() == (0.0, 1.0) && none.value().is_nan());
    // An end that is not reached is not rounded to it.
    assert_eq!(Share::of(9999, 10_000).unwrap().to_string(), "9999 of 10000 (95 % CI 99.9–99.998 %)");
}
