//! Radau IIA of order 5.

use super::Problem;
use super::ode::{Attempt, Radau, System, Tolerance};
use super::problems::{HIRES, ROBERTSON, VAN_DER_POL, hires, robertson, van_der_pol};

fn integrate(system: &mut impl System, relative: f64, absolute: f64, y: &[f64], end: f64) -> Radau {
    let mut it = Radau::new(y.len(), Tolerance { relative, absolute }, 0.0);
    assert!(it.begin(system, 0.0, y, end));
    while it.x < end {
        assert_eq!(it.step(system, end), Attempt::Accepted);
    }
    it
}

/// Largest relative error.
fn error(y: &[f64], expected: &[f64]) -> f64 {
    y.iter().zip(expected).map(|(y, e)| (y / e - 1.0).abs()).fold(0.0, f64::max)
}

#[test]
fn van_der_pol_s_oscillator() {
    let it = integrate(&mut van_der_pol(), 1e-9, 1e-9, &[2.0, 0.0], 2.0);
    assert!(error(&it.y, &VAN_DER_POL) < 1e-6, "{:e}", error(&it.y, &VAN_DER_POL));
    assert!(it.cost.accepted < 6000, "{:?}", it.cost);
    // Control: the error follows the tolerance.
    let loose = integrate(&mut van_der_pol(), 1e-4, 1e-4, &[2.0, 0.0], 2.0);
    let (coarse, fine) = (error(&loose.y, &VAN_DER_POL), error(&it.y, &VAN_DER_POL));
    assert!(coarse > 3.0 * fine && loose.cost.accepted < it.cost.accepted / 4, "{coarse:e} {fine:e} {:?}", loose.cost);
}

#[test]
fn robertson_s_reaction_over_eleven_decades() {
    let it = integrate(&mut robertson(), 1e-9, 1e-20, &[1.0, 0.0, 0.0], 1e11);
    assert!(error(&it.y, &ROBERTSON) < 1e-6, "{:e}", error(&it.y, &ROBERTSON));
    assert!((it.y.iter().sum::<f64>() - 1.0).abs() < 1e-12, "mass is conserved");
}

#[test]
fn the_test_set_s_hires() {
    let mut start = [0.0; 8];
    (start[0], start[7]) = (1.0, 0.0057);
    let it = integrate(&mut hires(), 1e-10, 1e-14, &start, 321.8122);
    assert!(error(&it.y, &HIRES) < 1e-8, "{:e}", error(&it.y, &HIRES));
}

/// y' = −50(y − cos x): the textbook's stiff equation, with its closed form.
fn chased_cosine() -> impl System {
    Problem {
        slope: |x: f64, y: &[f64], out: &mut [f64]| out[0] = -50.0 * (y[0] - x.cos()),
        jacobian: |_: f64, _: &[f64], out: &mut [f64]| out[0] = -50.0,
    }
}

fn cosine(x: f64) -> f64 {
    2500.0 / 2501.0 * (x.cos() + x.sin() / 50.0) - 2500.0 / 2501.0 * (-50.0 * x).exp()
}

#[test]
fn dense_output_and_its_speed() {
    let mut system = chased_cosine();
    let mut it = Radau::new(1, Tolerance { relative: 1e-9, absolute: 1e-9 }, 0.0);
    assert!(it.begin(&mut system, 0.0, &[0.0], 3.0));
    let (mut value, mut speed) = (0.0_f64, 0.0_f64);
    while it.x < 3.0 {
        assert_eq!(it.step(&mut system, 3.0), Attempt::Accepted);
        for i in 1..10 {
            let x = it.x - it.last_step() * f64::from(i) / 10.0;
            let mut y = [0.0];
            it.interpolate(x, &mut y);
            value = value.max((y[0] - cosine(x)).abs());
            let slope = -50.0 * (cosine(x) - x.cos());
            speed = speed.max((it.squared_speed(x) - slope * slope).abs() / (1.0 + slope * slope));
        }
    }
    assert!(value < 1e-7 && speed < 1e-4, "{value:e} {speed:e}");
}

#[test]
fn the_fifth_order() {
    // On a smooth problem of a few units of x, with tolerances that make the error estimate of order 3 choose the steps:
    // steps ∝ tolerance^(−1/4), error ∝ steps^−5.
    let run = |size: f64| {
        let mut system = Problem {
            slope: |_: f64, y: &[f64], out: &mut [f64]| (out[0], out[1]) = (y[1], -y[0]),
            jacobian: |_: f64, _: &[f64], out: &mut [f64]| out.copy_from_slice(&[0.0, 1.0, -1.0, 0.0]),
        };
        let it = integrate(&mut system, size, size, &[0.0, 1.0], 10.0);
        ((it.y[0] - 10.0_f64.sin()).hypot(it.y[1] - 10.0_f64.cos()), it.cost.accepted as f64)
    };
    let ((coarse, few), (fine, many)) = (run(1e-5), run(1e-9));
    let order = (coarse / fine).log10() / (many / few).log10();
    assert!((4.5..6.0).contains(&order), "order {order}: {coarse:e} with {few} steps, {fine:e} with {many}");
}

#[test]
fn failures_of_f_shorten_the_step() {
    // y' = −√y leaves the real numbers where a trial oversteps zero.
    let mut system = Problem {
        slope: |_: f64, y: &[f64], out: &mut [f64]| out[0] = -y[0].sqrt(),
        jacobian: |_: f64, y: &[f64], out: &mut [f64]| out[0] = -0.5 / y[0].sqrt(),
    };
    let it = integrate(&mut system, 1e-8, 1e-8, &[1.0], 1.9);
    assert!((it.y[0] - 0.05_f64.powi(2)).abs() < 1e-6, "{}", it.y[0]);
}
