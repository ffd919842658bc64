//! Closed forms: two points, four support vectors, ties, narrow margins, extreme entries.

use super::{TestResult, angle, check_certificate, dataset, unit};
use implicit_bias::prelude::*;

#[test]
fn two_points_have_closed_forms() -> TestResult {
    // On the segment from (2, 1) to (1, 3), (2 − t, 1 + 2t) is orthogonal to (−1, 2) at t = 0: the nearest point is (2, 1).
    let svm = MaxMargin::fit(&dataset(&[(&[2.0, 1.0], 1.0), (&[-1.0, -3.0], -1.0)])?)?;
    assert!(angle(svm.direction(), unit(array![2.0, 1.0]).view()) < 1e-15);
    assert!((svm.margin() - 5f64.sqrt()).abs() < 1e-15);
    // (3, −1) and (1, 1): the line x + y = 2, foot (1, 1); weights 0 and 1, both points on the margin.
    let svm = MaxMargin::fit(&dataset(&[(&[3.0, -1.0], 1.0), (&[1.0, 1.0], 1.0)])?)?;
    assert!(angle(svm.direction(), unit(array![1.0, 1.0]).view()) < 1e-15);
    assert_eq!(svm.support(), [0, 1]);
    // (4, 0) and (0, 3): foot (36, 48)/25, weights 9/25 and 16/25.
    let svm = MaxMargin::fit(&dataset(&[(&[4.0, 0.0], 1.0), (&[0.0, -3.0], -1.0)])?)?;
    assert!(angle(svm.direction(), array![0.6, 0.8].view()) < 1e-15 && (svm.margin() - 2.4).abs() < 1e-15);
    assert!((&svm.multipliers() - &array![0.36, 0.64]).iter().all(|e| e.abs() < 1e-15));
    assert!(svm.spans() && svm.next_margin().is_none());
    Ok(())
}

#[test]
fn soudrys_four_support_vectors() -> TestResult {
    // Soudry et al., Figure 1: (0.5, 1.5) and (1.5, 0.5) against their mirror images; w ∝ (1, 1), margin √2.
    let rows: [(&[f64], f64); 6] = [
        (&[0.5, 1.5], 1.0),
        (&[1.5, 0.5], 1.0),
        (&[-0.5, -1.5], -1.0),
        (&[-1.5, -0.5], -1.0),
        (&[3.0, 2.0], 1.0),
        (&[-4.0, -2.0], -1.0),
    ];
    let data = dataset(&rows)?;
    for svm in [MaxMargin::fit(&data)?, MaxMargin::fit_with_intercept(&data)?] {
        check_certificate(&data, &svm);
        assert!(angle(svm.direction(), unit(array![1.0, 1.0]).view()) < 1e-15);
        assert!((svm.margin() - 2f64.sqrt()).abs() < 1e-15 && svm.intercept().abs() < 1e-15);
        assert_eq!(svm.support(), [0, 1, 2, 3]);
        assert!((svm.next_margin().unwrap_or(0.0) - 5.0 / 2f64.sqrt()).abs() < 1e-14 && svm.spans());
    }
    Ok(())
}

#[test]
fn ties_and_degenerate_sets() -> TestResult {
    // A cube's face: four tied points in three dimensions, one plane, one direction, weights not unique.
    let face: [(&[f64], f64); 4] =
        [(&[1.0, 1.0, 1.0], 1.0), (&[1.0, -1.0, 1.0], 1.0), (&[-1.0, 1.0, 1.0], 1.0), (&[-1.0, -1.0, 1.0], 1.0)];
    let svm = MaxMargin::fit(&dataset(&face)?)?;
    assert!(angle(svm.direction(), array![0.0, 0.0, 1.0].view()) < 1e-15);
    assert_eq!(svm.support(), [0, 1, 2, 3]);
    assert!(svm.spans());
    // One point, one coordinate.
    let svm = MaxMargin::fit(&dataset(&[(&[-2.5], -1.0)])?)?;
    assert_eq!((svm.direction()[0], svm.margin(), svm.support()), (1.0, 2.5, &[0][..]));
    assert!(svm.spans());
    // One point in three: its support cannot span.
    assert!(!MaxMargin::fit(&dataset(&[(&[1.0, 2.0, 2.0], 1.0)])?)?.spans());
    // Near-copies one unit in the last place apart.
    let near: Vec<[f64; 2]> =
        (0..6).map(|k| [1.0 + f64::from(k) * f64::EPSILON, 1.0 - f64::from(k % 3) * 1e-16]).collect();
    let rows: Vec<(&[f64], f64)> = near.iter().map(|r| (&r[..], 1.0)).collect();
    let svm = MaxMargin::fit(&dataset(&rows)?)?;
    assert!(
        (svm.margin() - 2f64.sqrt()).abs() < 1e-15 && angle(svm.direction(), unit(array![1.0, 1.0]).view()) < 1e-15
    );
    Ok(())
}

#[test]
fn narrow_margins_stay_exact() -> TestResult {
    // (1, h) and (−1, h): the nearest point is (0, h), whatever h.
    for h in [1e-3, 1e-6, 1e-9, 1e-12] {
        let svm = MaxMargin::fit(&dataset(&[(&[1.0, h], 1.0), (&[-1.0, h], 1.0), (&[0.5, 2.0 * h], 1.0)])?)?;
        assert!(angle(svm.direction(), array![0.0, 1.0].view()) < 1e-15, "h = {h:e}: {svm:?}");
        assert!((svm.margin() / h - 1.0).abs() < 1e-15 && svm.interval()[0] <= h && h <= svm.interval()[1]);
    }
    Ok(())
}

#[test]
fn extreme_entries_are_ordinary() -> TestResult {
    for size in [1e-308, 5e-324, 1e-160, 1e160, 1e308] {
        let svm = MaxMargin::fit(&dataset(&[(&[size, 0.0], 1.0), (&[0.0, -size], -1.0)])?)?;
        assert!(angle(svm.direction(), unit(array![1.0, 1.0]).view()) < 1e-15, "size {size:e}");
        let margin = size / 2f64.sqrt();
        assert!((svm.margin() - margin).abs() <= (1e-15 * margin).max(5e-324), "size {size:e}");
        assert!(svm.interval()[0] <= margin && margin <= svm.interval()[1]);
    }
    Ok(())
}
