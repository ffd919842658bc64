//! Against methods that share nothing with an active set: brute force over angles, projected gradient.

use super::{TestResult, angle, check_certificate, gaussian, least_margin, unit};
use implicit_bias::prelude::*;

/// Plane data: the best direction by golden section on the angle, refined to the end of f64, without any duality.
fn by_angle(data: &Dataset) -> (f64, Array1<f64>) {
    let margin = |t: f64| least_margin(data, array![t.cos(), t.sin()].view(), 0.0);
    let count = 4096;
    let turn = std::f64::consts::TAU / count as f64;
    let best = (0..count).max_by(|&a, &b| margin(a as f64 * turn).total_cmp(&margin(b as f64 * turn))).unwrap_or(0);
    // The margin is concave where it is positive, so that a ternary search around the best angle finds the top.
    let (mut low, mut high) = ((best as f64 - 1.0) * turn, (best as f64 + 1.0) * turn);
    for _ in 0..200 {
        let (a, b) = (low + (high - low) / 3.0, high - (high - low) / 3.0);
        if margin(a) < margin(b) { low = a } else { high = b }
    }
    let t = 0.5 * (low + high);
    (margin(t), array![t.cos(), t.sin()])
}

#[test]
fn agrees_with_brute_force_over_angles() -> TestResult {
    for seed in 0..40 {
        let data = gaussian(3 + 2 * seed as usize, 2, 0.3, seed)?;
        let svm = MaxMargin::fit(&data)?;
        check_certificate(&data, &svm);
        let (margin, direction) = by_angle(&data);
        assert!((svm.margin() - margin).abs() < 1e-13, "seed {seed}: {} against {margin}", svm.margin());
        // A smooth top (one support vector) hides the angle below 1e-8, a corner does not.
        let visible = if svm.support().len() == 1 { 1e-7 } else { 1e-12 };
        assert!(angle(svm.direction(), direction.view()) < visible, "seed {seed}");
    }
    Ok(())
}

/// The nearest point of the hull by accelerated projected gradient on its weights, which shares nothing with an active set.
fn by_projected_gradient(data: &Dataset, steps: usize) -> Array1<f64> {
    let z = &data.x() * &data.y().insert_axis(ndarray::Axis(1));
    let n = z.nrows();
    let lipschitz = z.mapv(|v| v * v).sum();
    let (mut a, mut lead) = (Array1::from_elem(n, 1.0 / n as f64), Array1::from_elem(n, 1.0 / n as f64));
    let mut momentum = 1.0_f64;
    for _ in 0..steps {
        let gradient = z.dot(&z.t().dot(&lead));
        let next = on_simplex(&lead - &(&gradient / lipschitz));
        let following = 0.5 * (1.0 + (1.0 + 4.0 * momentum * momentum).sqrt());
        // Restart when the step points uphill.
        let uphill = gradient.dot(&(&next - &a)) > 0.0;
        let beta = if uphill { 0.0 } else { (momentum - 1.0) / following };
        lead = &next + &((&next - &a) * beta);
        momentum = if uphill { 1.0 } else { following };
        a = next;
    }
    unit(z.t().dot(&a))
}

/// The nearest point of the probability simplex.
fn on_simplex(v: Array1<f64>) -> Array1<f64> {
    let mut sorted = v.to_vec();
    sorted.sort_by(|a, b| b.total_cmp(a));
    let (mut sum, mut shift) = (0.0, 0.0);
    for (k, s) in sorted.iter().enumerate() {
        sum += s;
        let candidate = (sum - 1.0) / (k + 1) as f64;
        if s - candidate > 0.0 {
            shift = candidate;
        }
    }
    v.mapv(|x| (x - shift).max(0.0))
}

#[test]
fn agrees_with_projected_gradient_in_many_dimensions() -> TestResult {
    for (seed, d) in [2, 3, 5, 8, 13, 20].into_iter().enumerate() {
        let data = gaussian(30, d, 0.4, seed as u64)?;
        let svm = MaxMargin::fit(&data)?;
        check_certificate(&data, &svm);
        let other = by_projected_gradient(&data, 10_000);
        assert!(angle(svm.direction(), other.view()) < 1e-6, "d = {d}: {:e}", angle(svm.direction(), other.view()));
        // The gradient method's direction must not beat the certified upper bound, and falls short of the lower.
        assert!(least_margin(&data, other.view(), 0.0) <= svm.interval()[1] + 1e-14);
    }
    Ok(())
}
