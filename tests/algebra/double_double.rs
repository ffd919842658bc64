//! Double-double arithmetic against exact integers.

use super::source::double_double::{DoubleDouble, is_exactly_zero};

/// Integers of up to 53 bits without a pattern, so that they are numbers of `f64` and their products of `i128`.
fn integers() -> impl Iterator<Item = [i64; 4]> {
    let mut state = 1_u64;
    let mut next = move |bits: u32| {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (state >> (64 - bits)) as i64 - (1 << (bits - 1))
    };
    (0..1000).map(move |_| [next(53), next(20), next(52), next(33)])
}

fn exact(n: i64) -> DoubleDouble {
    DoubleDouble::from(n as f64)
}

/// What is left of `found` without the integer `expected` of at most 106 bits, relative to it.
fn error(found: DoubleDouble, expected: i128) -> f64 {
    let high = (expected >> 53) as f64 * 2f64.powi(53);
    let low = (expected - ((expected >> 53) << 53)) as f64;
    let off = found - high.into() - low.into();
    (off.to_f64() / (expected as f64).abs().max(1.0)).abs()
}

/// The bound of the module's source.
const UNITS: f64 = 16.0 / (1_u128 << 106) as f64;

#[test]
fn sums_of_products_are_those_of_integers() {
    let mut lost = 0;
    for [a, b, c, d] in integers() {
        let expected = i128::from(a) * i128::from(b) + i128::from(c) * i128::from(d);
        let found = exact(a) * exact(b) + exact(c) * (d as f64);
        assert!(error(found, expected) <= UNITS, "{a} {b} {c} {d}");
        // f64 alone loses digits here, so that the bound above means something.
        let plain = a as f64 * b as f64 + c as f64 * d as f64;
        lost += usize::from(error(plain.into(), expected) > 1e6 * UNITS);
    }
    assert!(lost > 500, "{lost}");
}

#[test]
fn quotients_and_roots_go_back() {
    for [a, b, ..] in integers().filter(|[a, b, ..]| *a != 0 && *b != 0) {
        let product = i128::from(a) * i128::from(b);
        let quotient = exact(a) * exact(b) / exact(b);
        assert!(error(quotient, i128::from(a)) <= 2.0 * UNITS, "{a} {b}");
        let root = (exact(a) * exact(a)).sqrt();
        assert!(error(root, i128::from(a.abs())) <= 2.0 * UNITS, "{a}");
        assert!(error(exact(a) * exact(b), product) <= UNITS, "{a} {b}");
    }
}

#[test]
fn zero_is_told_from_what_rounds_to_it() {
    for [a, b, c, d] in integers() {
        let (a, b, c, d) = (a as f64, b as f64, c as f64, d as f64);
        let zero = [(a, b), (c, d), (-b, a), (d, -c)];
        assert!(is_exactly_zero(zero.into_iter()), "{zero:?}");
        let tiny = zero.into_iter().chain([(2f64.powi(-60), 2f64.powi(-60))]);
        assert!(!is_exactly_zero(tiny));
    }
}
