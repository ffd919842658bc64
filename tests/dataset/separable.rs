//! Separable data: the margins asked for, KKT conditions, a direction that no other beats, isotropy.

use super::{longest, norm};
use implicit_bias::prelude::*;
use nalgebra::{DMatrix, DVector};

const GAMMA: f64 = 0.2;
const NEXT: f64 = 0.45;

/// Largest violation of the KKT conditions of "`u` is the max-margin direction of `z` with margin `gamma`":
/// ‖u‖ = 1, margins ≥ γ, u = Σ αᵢzᵢ over the support with α > 0. Infinite when the support does not span or some α ≤ 0.
fn kkt_violation(z: &Array2<f64>, u: &Array1<f64>, gamma: f64) -> f64 {
    let margins = z.dot(u);
    let support: Vec<usize> = (0..z.nrows()).filter(|&i| (margins[i] - gamma).abs() < 1e-9).collect();
    let d = z.ncols();
    if support.len() != d {
        return f64::INFINITY;
    }
    let columns = DMatrix::from_fn(d, d, |r, c| z[[support[c], r]]);
    let target = DVector::from_fn(d, |r, _| u[r]);
    let Some(alpha) = columns.clone().lu().solve(&target) else { return f64::INFINITY };
    if alpha.iter().any(|&a| a <= 1e-6) {
        return f64::INFINITY;
    }
    let stationarity = (columns * alpha - target).norm();
    let feasibility = margins.iter().map(|m| gamma - m).fold(0.0, f64::max);
    stationarity.max(feasibility).max((norm(u.view()) - 1.0).abs())
}

#[test]
fn separable_satisfies_kkt_with_the_margins_asked_for() {
    for (n, d, seed) in [(2, 2, 0), (40, 2, 7), (41, 3, 1), (30, 10, 2), (120, 100, 3)] {
        let (data, u) = Separable { n, d, margin: GAMMA, next_margin: NEXT }.sample_with_direction(seed).unwrap();
        assert_eq!((data.n(), data.d()), (n, d));
        let z = data.mirrored();
        assert!(kkt_violation(&z, &u, GAMMA) < 1e-13, "n {n}, d {d}");

        let mut margins = z.dot(&u).to_vec();
        margins.sort_by(f64::total_cmp);
        assert!(margins[..d].iter().all(|m| (m - GAMMA).abs() < 4e-16), "{margins:?}");
        if n > d {
            assert!((margins[d] - NEXT).abs() < 4e-16, "{margins:?}");
        }
        assert!((longest(data.x()) - 1.0).abs() < 4e-15);
        assert_eq!(data.y().sum(), (n % 2) as f64, "labels are balanced");

        // Negative control: a direction off by 1e-6, another margin, and labels flipped must all fail.
        let mut off = u.clone();
        off[0] += 1e-6;
        assert!(kkt_violation(&z, &off, GAMMA) > 1e-8);
        assert!(kkt_violation(&z, &u, GAMMA + 1e-6) > 1e-8);
        assert!(kkt_violation(&-&z, &u, GAMMA) > 1e-8);
    }
}

/// The same fact without KKT: no direction of a fine net in the plane has a larger margin.
#[test]
fn no_other_direction_has_a_larger_margin() {
    let (data, u) = Separable { n: 25, d: 2, margin: GAMMA, next_margin: 0.3 }.sample_with_direction(11).unwrap();
    let z = data.mirrored();
    let margin = |w: &Array1<f64>| z.dot(w).into_iter().fold(f64::INFINITY, f64::min);
    let (best, at) = (0..20_000)
        .map(|k| std::f64::consts::TAU * f64::from(k) / 2e4)
        .map(|t| array![t.cos(), t.sin()])
        .map(|w| (margin(&w), w))
        .fold((f64::NEG_INFINITY, array![]), |a, b| if b.0 > a.0 { b } else { a });
    assert!(best <= GAMMA && best > GAMMA - 4e-4 && at.dot(&u) > 1.0 - 1e-7, "{best} at {at}, u {u}");
}

#[test]
fn separable_on_a_line() {
    let one = Separable { n: 1, d: 1, margin: 0.2, next_margin: 0.2 }.sample(0).unwrap();
    assert!((one.x()[[0, 0]].abs() - 0.2).abs() < 1e-16 && one.y()[0] == 1.0);
    let data = Separable { n: 5, d: 1, margin: 0.2, next_margin: 0.5 }.sample(3).unwrap();
    let mut z: Vec<f64> = data.x().iter().map(|v| v.abs()).collect();
    z.sort_by(f64::total_cmp);
    assert!((z[0] - 0.2).abs() < 1e-16 && (z[1] - 0.5).abs() < 1e-16 && (z[4] - 1.0).abs() < 1e-15, "{z:?}");
    assert!(z[2] > 0.5 && z[3] < 1.0);
}

/// The random turn is uniform: over seeds, ū has mean 0 and second moment I/d, within 5 standard errors.
#[test]
fn separable_directions_are_isotropic() {
    let (d, seeds) = (3, 4000);
    let separable = Separable { n: d, d, margin: GAMMA, next_margin: NEXT };
    let us: Vec<Array1<f64>> = (0..seeds).map(|s| separable.sample_with_direction(s).unwrap().1).collect();
    let count = seeds as f64;
    for i in 0..d {
        let mean = us.iter().map(|u| u[i]).sum::<f64>() / count;
        assert!(mean.abs() < 5.0 / (3.0 * count).sqrt(), "{mean}");
        // On the sphere in three dimensions Var(u₁²) = E u₁⁴ − 1/9 = 1/5 − 1/9.
        let square = us.iter().map(|u| u[i] * u[i]).sum::<f64>() / count;
        assert!((square - 1.0 / 3.0).abs() < 5.0 * ((0.2 - 1.0 / 9.0) / count).sqrt(), "{square}");
    }
}
