//! Data changed into other data: scaled to unit norm, a constant appended, rows picked.

use implicit_bias::prelude::*;

#[test]
fn scaling_to_unit_norm_survives_the_ends_of_the_range() {
    let half = 0.5f64.sqrt();
    let expected = array![[half, 0.0], [half, half], [0.0, half]];
    for size in [1.0, 0.3, 1e308, 1e-308, 5e-324, 1e200, 1e-200] {
        let data = Dataset::new(array![[size, 0.0], [size, size], [0.0, size]], array![1.0, -1.0, 1.0]).unwrap();
        let unit = data.scaled_to_unit().unwrap();
        assert!((&unit.x() - &expected).iter().all(|v| v.abs() < 2e-16), "{size:e}: {}", unit.x());
    }
    let data = Dataset::new(array![[0.6, 0.8], [0.123, -1e-300]], array![1.0, -1.0]).unwrap();
    assert_eq!(data.scaled_to_unit().unwrap(), data, "norm 1 already: every bit stays");
    let zeros = Dataset::new(array![[0.0], [0.0]], array![1.0, -1.0]).unwrap().scaled_to_unit().unwrap_err();
    assert_eq!(zeros.to_string(), "Dataset::scaled_to_unit: expected at least one x other than zero, found only zeros");
}

#[test]
fn a_constant_is_appended() {
    let data = Dataset::new(array![[1.0, 2.0], [3.0, 4.0]], array![1.0, -1.0]).unwrap();
    assert_eq!(data.with_constant(0.5).unwrap().x(), array![[1.0, 2.0, 0.5], [3.0, 4.0, 0.5]]);
    assert!(data.with_constant(f64::NAN).is_err());
}

#[test]
fn rows_are_picked_in_the_order_asked_for() {
    let data = Dataset::new(array![[1.0, 2.0], [3.0, 4.0], [5.0, 6.0]], array![1.0, -1.0, 1.0]).unwrap();
    let picked = data.rows(&[2, 0, 2]).unwrap();
    assert_eq!(picked.x(), array![[5.0, 6.0], [1.0, 2.0], [5.0, 6.0]]);
    assert_eq!(picked.y(), array![1.0, 1.0, 1.0]);
    assert_eq!(data.rows(&[0, 1, 2]).unwrap(), data);
    for (rows, said) in [(&[0, 3][..], "rows in 0 … 2"), (&[], "n ≥ 1")] {
        let error = data.rows(rows).unwrap_err().to_string();
        assert!(error.contains(said), "{error}");
    }
}
