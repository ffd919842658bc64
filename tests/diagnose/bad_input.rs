//! Whatever comes in, an error or a finite answer in its range goes out.

use implicit_bias::diagnose::{
    alignment_with, effective_rank, hessian_vector, homogeneous_margin, imbalance_norms, network_margin, rank_one_gap,
    spectral_ratio, stable_rank,
};
use implicit_bias::prelude::*;
use proptest::prelude::*;

pub fn number() -> impl Strategy<Value = f64> {
    prop_oneof![
        8 => -10.0..10.0f64,
        3 => Just(0.0),
        1 => prop::sample::select(vec![
            f64::NAN, f64::INFINITY, f64::NEG_INFINITY, 1e308, -1e308, f64::MAX, 1e-308, 5e-324, -0.0, 1e-160, 1e160,
        ]),
    ]
}

fn matrix() -> impl Strategy<Value = Array2<f64>> {
    (1usize..5, 1usize..5).prop_flat_map(|(m, n)| {
        prop::collection::vec(number(), m * n).prop_map(move |v| Array2::from_shape_vec((m, n), v).unwrap())
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(3000))]

    #[test]
    fn matrices(w in matrix()) {
        let finite = w.iter().all(|v| v.is_finite());
        let zero = w.iter().all(|&v| v == 0.0);
        for result in [rank_one_gap(&w), spectral_ratio(&w), stable_rank(&w), effective_rank(&w)] {
            prop_assert_eq!(result.is_ok(), finite && !zero);
        }
        if !finite {
            prop_assert!(spectral_norm(&w).unwrap_err().to_string().starts_with("w["));
            prop_assert!(singular_values(&w).is_err() && top_singular(&w).is_err() && frobenius_norm(&w).is_err());
            return Ok(());
        }
        if !zero {
            let short = w.nrows().min(w.ncols()) as f64;
            let (gap, ratio) = (rank_one_gap(&w)?, spectral_ratio(&w)?);
            prop_assert!((0.0..=1.0 - short.sqrt().recip() + 1e-14).contains(&gap), "gap {gap}");
            prop_assert!((short.sqrt().recip() - 1e-14..=1.0).contains(&ratio), "ratio {ratio}");
            prop_assert!((1.0 - 1e-14..=short + 1e-13).contains(&stable_rank(&w)?));
            prop_assert!((1.0 - 1e-14..=short + 1e-13).contains(&effective_rank(&w)?), "{}", effective_rank(&w)?);
        }
        if let (Ok(top), Ok(f)) = (spectral_norm(&w), frobenius_norm(&w)) {
            prop_assert!(top <= f * (1.0 + 1e-15) && top.is_finite());
            let values = singular_values(&w)?;
            prop_assert!(values.windows(2).all(|p| p[0] >= p[1]) && values.iter().all(|s| *s >= 0.0));
            prop_assert!((values[0] - top).abs() <= 1e-14 * top);
        }
    }

    #[test]
    fn networks(mut params in prop::collection::vec(number(), 10), x in prop::collection::vec(number(), 6)) {
        let mut net = Network::from_layers(&[Array2::zeros((2, 2)), Array2::zeros((2, 2)), Array2::zeros((1, 2))])?;
        net.params_mut().copy_from_slice(&params);
        let Ok(data) = Dataset::new(Array2::from_shape_vec((3, 2), x)?, array![1.0, -1.0, 1.0]) else { return Ok(()) };
        for values in [
            spectral_ratios(&net), rank_one_gaps(&net), frobenius_norms(&net), spectral_norms(&net),
            adjacent_alignment(&net), imbalance_norms(&net), frobenius_differences(&net),
            hessian_vector(&net, &Loss::Logistic.on(&data), &[1.0; 10]),
        ].into_iter().flatten() {
            prop_assert!(values.iter().all(|v| v.is_finite()));
        }
        for value in [
            product_alignment(&net), alignment_with(&net, &[1.0, 2.0]), network_margin(&net, &data),
            homogeneous_margin(&net, &data), sharpness(&net, &Loss::Exponential.on(&data)), imbalance_constant(&net),
        ].into_iter().flatten() {
            prop_assert!(value.is_finite());
        }
        if let Ok(start) = assumption_2_2(&net, &Loss::Logistic.on(&data)) {
            prop_assert!(start.log_risk.is_finite() && start.log_gradient_norm < f64::INFINITY);
        }
        if let Some(i) = params.iter().position(|v| !v.is_finite()) {
            let place = [format!("W_{}[{}, {}]", 1 + i / 4, i % 4 / 2, i % 2), "zero".into()];
            let message = rank_one_gaps(&net).unwrap_err().to_string();
            prop_assert!(place.iter().any(|p| message.contains(p)), "{message} does not name {place:?}");
            params.clear();
        }
    }
}

#[test]
fn messages_say_what_and_where() {
    assert_eq!(
        rank_one_gap(&array![[1.0, 2.0], [f64::NAN, 0.0]]).unwrap_err().to_string(),
        "w[1, 0]: expected a finite number, found NaN"
    );
    assert_eq!(
        spectral_norm(&Array2::zeros((0, 3))).unwrap_err().to_string(),
        "w: expected shape (m ≥ 1, n ≥ 1), found (0, 3)"
    );
    let net = Network::from_layers(&[array![[1.0]], array![[0.0]]]).unwrap();
    assert_eq!(
        spectral_ratios(&net).unwrap_err().to_string(),
        "W_2: expected a non-zero matrix (‖W‖₂/‖W‖_F is 0/0 at zero), found all zeros"
    );
    assert_eq!(
        angle(&[0.0, 0.0], &[1.0, 0.0]).unwrap_err().to_string(),
        "angle(a): expected a non-zero vector, which has a direction, found 2 zeros"
    );
    assert!(angle(&[1.0], &[1.0, 0.0]).is_err() && angle(&[f64::INFINITY], &[1.0]).is_err());
    let data = Dataset::new(array![[1.0, 0.0]], array![1.0]).unwrap();
    assert!(sharpness(&net, &Loss::Logistic.on(&data)).unwrap_err().to_string().contains("expected shape (2, …, 1)"));
    assert!(alignment_with(&net, &[1.0, 2.0]).unwrap_err().to_string().contains("expected shape 1, found 2"));
}
