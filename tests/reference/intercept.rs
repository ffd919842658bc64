//! With an intercept: another problem, the one of all differences, and one that may leave double precision.

use super::{TestResult, angle, check_certificate, dataset, gaussian};
use implicit_bias::prelude::*;

#[test]
fn an_intercept_is_another_problem() -> TestResult {
    // Classes at (2, 0), (2, 2) and (4, 1), (4, 3): x₁ = 3 separates them with margin 1.
    let rows: [(&[f64], f64); 4] = [(&[2.0, 0.0], -1.0), (&[2.0, 2.0], -1.0), (&[4.0, 1.0], 1.0), (&[4.0, 3.0], 1.0)];
    let data = dataset(&rows)?;
    let svm = MaxMargin::fit_with_intercept(&data)?;
    check_certificate(&data, &svm);
    assert!(angle(svm.direction(), array![1.0, 0.0].view()) < 1e-15);
    assert!((svm.margin() - 1.0).abs() < 1e-15 && (svm.intercept() + 3.0).abs() < 1e-15);
    // Through the origin (2, 2) of one class and (4, 1), (4, 3) of the other lie in its way.
    assert!(matches!(MaxMargin::fit(&data), Err(Error::NotSeparable { kind: "through the origin", .. })));

    let data = gaussian(40, 3, 0.5, 5)?;
    let (origin, free) = (MaxMargin::fit(&data)?, MaxMargin::fit_with_intercept(&data)?);
    check_certificate(&data, &free);
    assert_eq!(origin.intercept(), 0.0);
    assert!(free.margin() > origin.margin() + 1e-3 && angle(free.direction(), origin.direction()) > 1e-3);
    Ok(())
}

#[test]
fn the_intercept_solution_is_the_origin_solution_of_all_differences() -> TestResult {
    for seed in 0..10 {
        let data = gaussian(20, 4, 0.5, seed)?;
        let free = MaxMargin::fit_with_intercept(&data)?;
        check_certificate(&data, &free);
        let of = |label: f64| -> Vec<usize> { (0..20).filter(|&i| data.y()[i] == label).collect() };
        let mut differences = Vec::new();
        for i in of(1.0) {
            for j in of(-1.0) {
                differences.extend(&data.x().row(i) - &data.x().row(j));
            }
        }
        let pairs = differences.len() / 4;
        let x = Array2::from_shape_vec((pairs, 4), differences).expect("four coordinates a pair");
        let all = MaxMargin::fit(&Dataset::new(x, Array1::ones(pairs))?)?;
        assert!(angle(free.direction(), all.direction()) < 1e-14 && (2.0 * free.margin() - all.margin()).abs() < 1e-14);
    }
    Ok(())
}

/// Found by the property below: the margin fits into f64, the intercept does not.
#[test]
fn an_intercept_beyond_double_precision_is_an_error() {
    let b = -1.7e308;
    let mut x = Array2::zeros((8, 4));
    (x[[2, 1]], x[[2, 3]], x[[3, 3]], x[[7, 1]]) = (b, b, b, b);
    let data = Dataset::new(x, array![1.0, 1.0, -1.0, 1.0, 1.0, 1.0, 1.0, 1.0]).unwrap();
    let error = MaxMargin::fit_with_intercept(&data).unwrap_err().to_string();
    assert_eq!(error, "MaxMargin intercept (scale the data down): expected a finite number, found inf");
    // Negative control: the same data a hundred times smaller have one.
    let small = Dataset::new(data.x().mapv(|v| v / 100.0), data.y().to_owned()).unwrap();
    assert!(MaxMargin::fit_with_intercept(&small).unwrap().intercept().is_finite());
}
