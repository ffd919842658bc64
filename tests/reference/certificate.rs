//! What the certificate promises and rejects, in many dimensions too, and the line that shows it.

use super::{TestResult, angle, check_certificate, dataset, gaussian, least_margin, unit};
use implicit_bias::prelude::*;

#[test]
fn the_angle_bound_is_a_bound_and_rejects_a_wrong_direction() -> TestResult {
    let data = gaussian(40, 3, 0.5, 11)?;
    let svm = MaxMargin::fit(&data)?;
    for k in 0..3 {
        for sign in [-1.0, 1.0] {
            for size in [1e-2, 1e-4, 1e-6] {
                let mut u = svm.direction().to_owned();
                u[k] += sign * size;
                let u = unit(u);
                let turned = angle(u.view(), svm.direction());
                let margin = least_margin(&data, u.view(), 0.0);
                // Negative control: turned away, the direction's margin falls below the certified interval …
                assert!(margin < svm.interval()[0], "turned by {turned:e}");
                // … and the certificate's formula, fed with that margin, covers the turn.
                let bound = 2.0 * (0.5 * (svm.interval()[1] - margin) / margin).sqrt().asin();
                assert!(turned <= bound && turned > 100.0 * svm.angle_bound());
            }
        }
    }
    Ok(())
}

#[test]
fn two_hundred_points_in_256_dimensions() -> TestResult {
    let data = gaussian(200, 256, 0.0, 1)?;
    let svm = MaxMargin::fit(&data)?;
    check_certificate(&data, &svm);
    assert!(svm.gap() < 1e-20 && svm.support().len() <= 200);
    Ok(())
}

#[test]
fn it_shows_itself_in_one_line() -> TestResult {
    let svm = MaxMargin::fit(&dataset(&[(&[3.0, 4.0], 1.0), (&[9.0, 9.0], 1.0)])?)?;
    let shown = format!("{svm:?}");
    assert!(
        shown.starts_with("MaxMargin: γ = 5, ū certain to ") && shown.ends_with("1 of 2 points on the margin, d = 2"),
        "{shown}"
    );
    Ok(())
}
