//! What changes nothing: scale, rotation, translation, duplication, another run.

use super::{TestResult, angle, gaussian};
use implicit_bias::prelude::*;

#[test]
fn scale_rotation_translation_and_duplication_change_nothing() -> TestResult {
    let data = gaussian(30, 3, 0.4, 3)?;
    let svm = MaxMargin::fit(&data)?;
    for scale in [1e-300, 0.01, 3.0, 1e300] {
        let scaled = MaxMargin::fit(&Dataset::new(&data.x() * scale, data.y().to_owned())?)?;
        assert!(angle(scaled.direction(), svm.direction()) < 1e-14, "scale {scale:e}");
        assert!((scaled.margin() / scale / svm.margin() - 1.0).abs() < 1e-14);
        assert_eq!(scaled.support(), svm.support());
    }
    let (c, s) = (0.6, 0.8);
    let rotation = array![[c, -s, 0.0], [s, c, 0.0], [0.0, 0.0, 1.0]];
    let turned = MaxMargin::fit(&Dataset::new(data.x().dot(&rotation.t()), data.y().to_owned())?)?;
    assert!(angle(turned.direction(), rotation.dot(&svm.direction()).view()) < 1e-14);

    let twice = ndarray::concatenate![ndarray::Axis(0), data.x(), data.x()];
    let labels = ndarray::concatenate![ndarray::Axis(0), data.y(), data.y()];
    let double = MaxMargin::fit(&Dataset::new(twice, labels)?)?;
    assert!(angle(double.direction(), svm.direction()) < 1e-15);
    assert_eq!(double.support().len(), 2 * svm.support().len());

    let free = MaxMargin::fit_with_intercept(&data)?;
    let shift = array![10.0, -20.0, 5.0];
    let moved = MaxMargin::fit_with_intercept(&Dataset::new(&data.x() + &shift, data.y().to_owned())?)?;
    assert!(angle(moved.direction(), free.direction()) < 1e-13);
    assert!((moved.intercept() - (free.intercept() - free.direction().dot(&shift))).abs() < 1e-12);
    Ok(())
}

#[test]
fn repeats_to_the_bit() -> TestResult {
    let data = gaussian(60, 10, 0.3, 8)?;
    let (a, b) = (MaxMargin::fit(&data)?, MaxMargin::fit(&data)?);
    assert!(a == b && a.direction().iter().zip(b.direction()).all(|(a, b)| a.to_bits() == b.to_bits()));
    Ok(())
}
