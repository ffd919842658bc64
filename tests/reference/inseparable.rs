//! Data that are not separable come with a witness, and what cannot be told is said.

use super::{TestResult, dataset};
use implicit_bias::prelude::*;
use ndarray_rand::rand::{Rng, SeedableRng};
use ndarray_rand::rand_distr::{Distribution, StandardNormal};
use rand_chacha::ChaCha8Rng;

#[test]
fn inseparable_data_comes_with_a_witness() -> TestResult {
    let check = |data: &Dataset, intercept: bool| {
        let fitted = if intercept { MaxMargin::fit_with_intercept(data) } else { MaxMargin::fit(data) };
        let Err(Error::NotSeparable { rows, weights, norm, .. }) = fitted else { panic!("{fitted:?}") };
        let mut point = Array1::<f64>::zeros(data.d());
        let mut balance = 0.0;
        for (&i, &a) in rows.iter().zip(&weights) {
            assert!(a > 0.0);
            point.scaled_add(a * data.y()[i], &data.x().row(i));
            balance += a * data.y()[i];
        }
        assert!((weights.iter().sum::<f64>() - 1.0).abs() < 1e-14);
        assert!(!intercept || balance.abs() < 1e-14);
        assert!(point.dot(&point).sqrt() < 1e-14 && norm < 1e-14, "{point}");
    };
    let xor: [(&[f64], f64); 4] = [(&[0.0, 0.0], -1.0), (&[1.0, 1.0], -1.0), (&[1.0, 0.0], 1.0), (&[0.0, 1.0], 1.0)];
    check(&dataset(&xor)?, true);
    check(&dataset(&xor)?, false);
    check(&dataset(&[(&[1.0, 2.0], 1.0), (&[1.0, 2.0], -1.0), (&[3.0, 1.0], 1.0)])?, false);
    check(&dataset(&[(&[0.0, 0.0], 1.0)])?, false);
    // Zero inside a triangle that lies in a plane of three dimensions.
    check(&dataset(&[(&[1.0, 0.0, 1.0], 1.0), (&[0.0, 1.0, -3.0], 1.0), (&[1.0, 1.0, -2.0], -1.0)])?, false);
    for seed in 0..20 {
        let mut rng = ChaCha8Rng::seed_from_u64(seed);
        let d = 1 + seed as usize % 7;
        let x = Array2::from_shape_simple_fn((12 * d, d), || StandardNormal.sample(&mut rng));
        let y = (0..12 * d).map(|_| if rng.r#gen::<bool>() { 1.0 } else { -1.0 }).collect();
        let data = Dataset::new(x, y)?;
        check(&data, false);
        check(&data, true);
    }
    Ok(())
}

#[test]
fn what_cannot_be_told_is_said() -> TestResult {
    // Rounded thirds cancel exactly; 1e-40 is below all rounding of the solution and nothing proves it wrong.
    let third = 1.0 / 3.0;
    let data = dataset(&[(&[third, 0.7], 1.0), (&[-third, -0.7], 1.0), (&[1.0, 1e-40], 1.0)])?;
    assert!(matches!(MaxMargin::fit(&data), Err(Error::NotSeparable { rows, .. }) if rows == [0, 1]));
    let data = dataset(&[(&[1.0, 0.0], 1.0), (&[-1.0, 1e-40], 1.0)])?;
    let Err(Error::TooClose { lower, upper, scale, .. }) = MaxMargin::fit(&data) else { panic!("1e-40 was told") };
    assert!(lower <= 0.0 && (5e-41..1e-20).contains(&upper) && scale == 1.0);
    // Entries that vanish beside the largest: separable in truth, and never called inseparable.
    let data = dataset(&[(&[1e308], 1.0), (&[1e-308], 1.0)])?;
    let fitted = MaxMargin::fit(&data);
    assert!(matches!(fitted, Err(Error::TooClose { .. })), "{fitted:?}");
    let one_class = dataset(&[(&[1.0], 1.0), (&[2.0], 1.0)])?;
    let refused = MaxMargin::fit_with_intercept(&one_class);
    assert!(matches!(&refused, Err(Error::Argument { found, .. }) if found == "only +1"), "{refused:?}");
    // A margin of 1.5e308·√2 is no f64.
    let huge = dataset(&[(&[1.5e308, 1.5e308], 1.0)])?;
    assert!(matches!(MaxMargin::fit(&huge), Err(Error::NotFinite { .. })));
    Ok(())
}

#[test]
fn a_witness_whose_least_weight_is_not_a_small_integer_is_found() {
    // Its weights are (150, 113, 210, 103)/576.
    let x = array![
        [0.0, -1.0, 1.0, 3.0],
        [3.0, -1.0, 1.0, 1.0],
        [3.0, 3.0, -3.0, 0.0],
        [0.0, 2.0, -3.0, -3.0],
        [1.0, -1.0, -3.0, -1.0],
        [3.0, 2.0, 0.0, 2.0],
        [0.0, -2.0, 0.0, 3.0],
        [-3.0, 1.0, 2.0, 2.0],
        [-1.0, -1.0, -2.0, 1.0],
        [3.0, -1.0, 0.0, -1.0],
        [-2.0, 1.0, -3.0, -2.0],
        [3.0, -2.0, -2.0, -2.0],
        [0.0, 2.0, -1.0, 3.0],
        [0.0, 3.0, 1.0, 1.0],
        [-2.0, 0.0, 3.0, -2.0],
    ];
    let y = array![-1.0, 1.0, 1.0, -1.0, 1.0, -1.0, -1.0, -1.0, 1.0, -1.0, 1.0, -1.0, -1.0, 1.0, -1.0];
    let fitted = MaxMargin::fit_with_intercept(&Dataset::new(x, y).unwrap());
    assert!(matches!(fitted, Err(Error::NotSeparable { .. })), "{fitted:?}");
}
