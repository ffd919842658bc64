//! Dormand & Prince 8(5,3).

use super::explicitly;
use super::ode::{Attempt, Explicit, System, Tolerance};
use super::problems::{ORBIT, PERIOD, VAN_DER_POL, arenstorf, van_der_pol};

fn tolerance(size: f64) -> Tolerance {
    Tolerance { relative: size, absolute: size }
}

fn integrate(system: &mut impl System, size: f64, x: f64, y: &[f64], end: f64) -> Explicit {
    let mut it = Explicit::new(y.len(), tolerance(size), 0.0);
    assert!(it.begin(system, x, y, end));
    while it.x < end {
        assert_eq!(it.step(system, end), Attempt::Accepted);
    }
    it
}

fn distance(a: &[f64], b: &[f64]) -> f64 {
    a.iter().zip(b).map(|(a, b)| (a - b).abs()).fold(0.0, f64::max)
}

#[test]
fn the_orbit_of_arenstorf_closes() {
    let tight = integrate(&mut arenstorf(), 1e-14, 0.0, &ORBIT, PERIOD);
    assert!(distance(&tight.y, &ORBIT) < 1e-7, "{:e}", distance(&tight.y, &ORBIT));
    // Control: the orbit is unforgiving, a loose tolerance does not close it.
    let loose = integrate(&mut arenstorf(), 1e-7, 0.0, &ORBIT, PERIOD);
    assert!(distance(&loose.y, &ORBIT) > 1e-4);
    assert!(tight.cost.accepted < 1000, "{:?}", tight.cost);
}

#[test]
fn error_follows_the_tolerance_with_the_eighth_order() {
    // y' = (y₂, −y₁): the circle. Error ∝ h⁸ and error ∝ tolerance together make steps ∝ tolerance^(−1/8).
    let mut circle = explicitly(|_, y, out| (out[0], out[1]) = (y[1], -y[0]));
    let run = |size: f64| {
        let it = integrate(&mut explicitly(|_, y, out| (out[0], out[1]) = (y[1], -y[0])), size, 0.0, &[0.0, 1.0], 20.0);
        (distance(&it.y, &[20.0_f64.sin(), 20.0_f64.cos()]), it.cost.accepted as f64)
    };
    let ((loose, few), (tight, many)) = (run(1e-5), run(1e-11));
    assert!(tight < 1e-9 && loose > 1e-7 && loose < 1e-3, "{loose:e} {tight:e}");
    let order = 6.0 / (many / few).log10();
    assert!((7.0..10.0).contains(&order), "order {order}: {few} and {many} steps");
    assert!(integrate(&mut circle, 1e-5, 0.0, &[0.0, 1.0], 1e-9).x == 1e-9);
}

#[test]
fn x_enters_the_right_hand_side() {
    let mut system = explicitly(|x, _, out| out[0] = x.cos());
    let it = integrate(&mut system, 1e-12, 0.0, &[0.0], 3.0);
    assert!((it.y[0] - 3.0_f64.sin()).abs() < 1e-11);
}

#[test]
fn dense_output_has_the_seventh_order_and_its_derivative_with_it() {
    // One step of prescribed length: a tolerance that accepts it, an end that it meets.
    let worst = |h: f64| {
        let mut system = explicitly(|_, y, out| (out[0], out[1]) = (y[1], -y[0]));
        let mut it = Explicit::new(2, tolerance(1e3), 0.0);
        assert!(it.begin(&mut system, 0.0, &[0.0, 1.0], h));
        while it.x < h {
            assert_eq!(it.step(&mut system, h), Attempt::Accepted);
        }
        assert_eq!(it.last_step(), h);
        let (mut value, mut speed) = (0.0_f64, 0.0_f64);
        for i in 1..20 {
            let x = h * f64::from(i) / 20.0;
            let mut y = [0.0; 2];
            assert!(it.interpolate(&mut system, x, &mut y));
            value = value.max(distance(&y, &[x.sin(), x.cos()]));
            speed = speed.max((it.squared_speed(&mut system, x) - 1.0).abs());
        }
        (value, speed)
    };
    let ((coarse, coarse_speed), (fine, fine_speed)) = (worst(0.5), worst(0.25));
    let (order, order_of_speed) = ((coarse / fine).log2(), (coarse_speed / fine_speed).log2());
    assert!(coarse < 1e-7 && (7.0..10.0).contains(&order), "{coarse:e} {fine:e} order {order}");
    assert!(coarse_speed < 1e-6 && (5.5..9.0).contains(&order_of_speed), "{coarse_speed:e}, order {order_of_speed}");
}

#[test]
fn the_decayed_speed_is_the_integral() {
    // |y'| = 1: ∫ e^(x − h) dx = 1 − e^−h.
    for h in [0.1, 0.5, 1.0] {
        let mut system = explicitly(|_, y, out| (out[0], out[1]) = (y[1], -y[0]));
        let mut it = Explicit::new(2, tolerance(1e3), 0.0);
        assert!(it.begin(&mut system, 0.0, &[0.0, 1.0], h));
        while it.x < h {
            assert_eq!(it.step(&mut system, h), Attempt::Accepted);
        }
        let expected = 1.0 - (-it.last_step()).exp();
        assert!((it.decayed_squared_speed() / expected - 1.0).abs() < 2e-9);
    }
}

#[test]
fn it_knows_a_stiff_problem() {
    let mut stiff = Explicit::new(2, tolerance(1e-6), 0.0);
    let mut system = van_der_pol();
    assert!(stiff.begin(&mut system, 0.0, &[2.0, 0.0], 2.0));
    for _ in 0..1000 {
        assert_eq!(stiff.step(&mut system, 2.0), Attempt::Accepted);
    }
    assert!(stiff.is_stiff() && stiff.x < 0.01 && (stiff.y[0] - VAN_DER_POL[0]).abs() > 0.1);
    // Control: an orbit is not.
    assert!(!integrate(&mut arenstorf(), 1e-10, 0.0, &ORBIT, PERIOD).is_stiff());
}

#[test]
fn tiny_slopes_count_in_units_of_y() {
    // y' = −y · 1e-200: slopes whose squares underflow, over times that make up for it.
    let mut system = explicitly(|_, y, out| out[0] = -y[0] * 1e-200);
    let mut it = Explicit::new(1, tolerance(1e-10), 0.0);
    assert!(it.begin(&mut system, 0.0, &[1.0], 3e200));
    while it.x < 3e200 {
        assert_eq!(it.step(&mut system, 3e200), Attempt::Accepted);
        assert!(it.cost.accepted + it.cost.rejected < 2000, "{} {} {:?}", it.x, it.y[0], it.cost);
    }
    assert!((it.y[0] / (-3.0_f64).exp() - 1.0).abs() < 1e-8, "{}", it.y[0]);
    assert!(it.cost.accepted > 3);
}

#[test]
fn a_pole_stops_the_steps_before_it() {
    // y' = y², y(0) = 1: infinite at x = 1.
    let mut system = explicitly(|_, y, out| out[0] = y[0] * y[0]);
    let mut it = Explicit::new(1, tolerance(1e-8), 0.0);
    assert!(it.begin(&mut system, 0.0, &[1.0], 2.0));
    let mut steps = 0;
    while it.step(&mut system, 2.0) == Attempt::Accepted {
        steps += 1;
        assert!(steps < 10_000);
    }
    assert!(it.x < 1.0 + 1e-6 && it.x > 0.999 && it.y[0].is_finite(), "{} {} {:?}", it.x, it.y[0], it.cost);
}

#[test]
fn a_start_without_a_slope_is_refused() {
    let mut it = Explicit::new(1, tolerance(1e-8), 0.0);
    assert!(!it.begin(&mut explicitly(|_, _, out| out[0] = f64::NAN), 0.0, &[1.0], 1.0));
}
