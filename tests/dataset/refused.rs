//! What generators, datasets and files refuse: any input gives sound data or an error.

use super::{longest, norm, written};
use implicit_bias::prelude::*;
use proptest::prelude::*;

#[test]
fn generators_say_what_they_expect() {
    let fine = Separable { n: 40, d: 2, margin: 0.2, next_margin: 0.4 };
    let cases = [
        (Separable { d: 0, ..fine }.sample(0), "Separable.d: expected at least one coordinate, found 0"),
        (
            Separable { n: 1, ..fine }.sample(0),
            "Separable.n: expected n ≥ d = 2, for d support vectors that span, found 1",
        ),
        (
            Separable { margin: 1.0, ..fine }.sample(0),
            "Separable.margin: expected 0 < margin < 1, in units of max‖x‖, found 1",
        ),
        (
            Separable { next_margin: 0.1, ..fine }.sample(0),
            "Separable.next_margin: expected 0.2 = margin ≤ next_margin < 1, found 0.1",
        ),
        (
            Separable { n: usize::MAX, ..fine }.sample(0),
            "Separable n · d: expected a size that fits in memory, found more numbers than an address can count",
        ),
        (
            GaussianClouds { n: 1 << 50, d: 2, distance: 1.0, std: 1.0 }.sample(0),
            "GaussianClouds n · d: expected a size that fits in memory, found 2251799813685248 numbers",
        ),
        (SoudryFour { n: 3 }.sample(0), "SoudryFour.n: expected n ≥ 4, as there are four support vectors, found 3"),
        (
            TwoMoons { n: 0, noise: 0.0, constant: None }.sample(0),
            "TwoMoons n, d: expected n ≥ 1 and d ≥ 1, found n = 0, d = 2",
        ),
        (
            GaussianClouds { n: 4, d: 2, distance: 1.0, std: 0.0 }.sample(0),
            "GaussianClouds.std: expected a finite number > 0, found 0",
        ),
    ];
    for (result, expected) in cases {
        assert_eq!(result.unwrap_err().to_string(), expected);
    }
}

/// Numbers as nobody should send them, and some that are fine.
fn any_number() -> impl Strategy<Value = f64> {
    let odd = vec![0.0, -0.0, 1.0, f64::NAN, f64::INFINITY, 1e308, -1e308, 1e-308, 5e-324, 1.0 - f64::EPSILON];
    prop_oneof![1 => any::<f64>(), 2 => 0.0..1.0f64, 1 => prop::sample::select(odd)]
}

/// No data, or data that `Dataset::new` accepts again: finite, and labelled ±1.
fn sound(result: Result<Dataset>) -> bool {
    result.map_or(true, |data| Dataset::new(data.x().to_owned(), data.y().to_owned()).is_ok())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2000))]

    #[test]
    fn generators_never_panic_or_return_nan(
        n in 0usize..9, d in 0usize..5, a in any_number(), b in any_number(), seed in any::<u64>(),
    ) {
        let separable = Separable { n, d, margin: a, next_margin: b }.sample_with_direction(seed);
        if let Ok((data, u)) = &separable {
            let margins = data.mirrored().dot(u);
            prop_assert!((norm(u.view()) - 1.0).abs() < 1e-14);
            prop_assert!(margins.iter().all(|&m| m >= a - 1e-15), "{margins} {a}");
            prop_assert!(margins.iter().filter(|&&m| (m - a).abs() < 1e-15).count() >= d, "{margins} {a}");
            prop_assert!(longest(data.x()) <= 1.0 + 1e-15);
        } else {
            prop_assert!(d == 0 || n < d || !(a > 0.0 && a < 1.0 && b >= a && b < 1.0));
        }
        prop_assert!(sound(separable.map(|s| s.0)));
        let others = [
            GaussianClouds { n, d, distance: a, std: b }.sample(seed),
            TwoMoons { n, noise: a, constant: Some(b) }.sample(seed),
            SoudryFour { n }.sample(seed),
        ];
        prop_assert!(others.into_iter().all(sound));
    }

    #[test]
    fn datasets_never_keep_what_is_not_a_number(
        x in prop::collection::vec(any_number(), 0..12),
        d in 0usize..4,
        y in prop::collection::vec(prop::sample::select(vec![1.0, -1.0, -1.0, 0.0, f64::NAN]), 0..6),
    ) {
        let n = x.len().checked_div(d).unwrap_or_default().min(y.len() + 1);
        let x = Array2::from_shape_vec((n, d), x[..n * d].to_vec()).unwrap();
        let fits = n > 0 && y.len() == n && x.iter().all(|v| v.is_finite()) && y.iter().all(|v| v.abs() == 1.0);
        let data = Dataset::new(x, Array1::from(y));
        prop_assert_eq!(data.is_ok(), fits);
        if let Ok(unit) = data.and_then(|data| data.scaled_to_unit()) {
            prop_assert!((longest(unit.x()) - 1.0).abs() < 1e-15);
        }
    }

    #[test]
    fn csv_never_panics(text in "(x1,x2,y\n)?([-+0-9.eEnaif,\"\r\n; ]{0,40})") {
        let (_folder, path) = written(&text);
        prop_assert!(sound(Dataset::read_csv(path)));
    }
}
