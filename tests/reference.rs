//! The max-margin reference against closed forms, brute force, another method, and its own certificate.

use implicit_bias::prelude::*;
use ndarray_rand::rand::{Rng, SeedableRng};
use ndarray_rand::rand_distr::{Distribution, StandardNormal};
use proptest::prelude::{Strategy, prop};
use rand_chacha::ChaCha8Rng;

type TestResult = Result<()>;

fn dataset(rows: &[(&[f64], f64)]) -> Result<Dataset> {
    let d = rows[0].0.len();
    let x = Array2::from_shape_fn((rows.len(), d), |(i, j)| rows[i].0[j]);
    Dataset::new(x, rows.iter().map(|r| r.1).collect())
}

/// Gaussian points pushed by `margin` away from the plane through the origin with a Gaussian normal.
fn gaussian(n: usize, d: usize, margin: f64, seed: u64) -> Result<Dataset> {
    let mut rng = ChaCha8Rng::seed_from_u64(seed);
    let mut normal: Array1<f64> = (0..d).map(|_| StandardNormal.sample(&mut rng)).collect();
    normal /= normal.dot(&normal).sqrt();
    let mut x = Array2::from_shape_simple_fn((n, d), || StandardNormal.sample(&mut rng));
    let y: Array1<f64> = x.dot(&normal).mapv(f64::signum);
    for (mut row, y) in x.rows_mut().into_iter().zip(&y) {
        row.scaled_add(margin * y, &normal);
    }
    Dataset::new(x, y)
}

fn least_margin(data: &Dataset, u: ArrayView1<f64>, b: f64) -> f64 {
    data.x().dot(&u).iter().zip(data.y()).map(|(p, y)| y * (p + b)).fold(f64::INFINITY, f64::min)
}

/// ∠(u, v) by the length of the part of u orthogonal to v; both of unit length.
fn angle(u: ArrayView1<f64>, v: ArrayView1<f64>) -> f64 {
    let along = u.dot(&v);
    let across = (&u - &(&v * along)).mapv(|x| x * x).sum().sqrt();
    across.atan2(along)
}

fn unit(v: Array1<f64>) -> Array1<f64> {
    let norm = v.dot(&v).sqrt();
    v / norm
}

/// Everything a certificate says, recomputed in f64 from the data.
fn check_certificate(data: &Dataset, svm: &MaxMargin) {
    let scale = data.x().rows().into_iter().map(|r| r.dot(&r).sqrt()).fold(0.0, f64::max);
    let tolerance = 1e-14 * scale * (data.d() as f64).sqrt();
    let [lower, upper] = svm.interval();
    assert!(0.0 < lower && lower <= svm.primal() && svm.primal() <= upper && lower <= svm.dual(), "{svm:?}");
    assert!((svm.direction().dot(&svm.direction()) - 1.0).abs() < 1e-14);
    assert!((least_margin(data, svm.direction(), svm.intercept()) - svm.primal()).abs() < tolerance, "{svm:?}");
    let mut point = Array1::<f64>::zeros(data.d());
    let mut balance = 0.0;
    for (&i, &a) in svm.support().iter().zip(svm.multipliers()) {
        assert!(a >= 0.0);
        point.scaled_add(a * data.y()[i], &data.x().row(i));
        balance += a * data.y()[i];
    }
    assert!((svm.multipliers().sum() - 1.0).abs() < 1e-14);
    assert!(svm.intercept() == 0.0 || balance.abs() < 1e-14);
    assert!((point.dot(&point).sqrt() - svm.dual()).abs() < tolerance, "{svm:?}");
    assert!(angle(unit(point).view(), svm.direction()) < tolerance / svm.dual());
    assert!(svm.kkt_residual() * svm.dual() < 1e-15 * scale, "{svm:?}");
    assert!(svm.gap() <= 1e-20 * scale && svm.angle_bound() < 1e-12, "{svm:?}, gap {:e}", svm.gap());
}

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
fn inseparable_data_comes_with_a_witness() -> TestResult {
    let check = |data: &Dataset, intercept: bool| {
        let fitted = if intercept { MaxMargin::fit_with_intercept(data) } else { MaxMargin::fit(data) };
        let Err(Error::NotSeparable { rows, weights, norm, .. }) = fitted else { panic!("{fitted:?}") };
        let mut point = Array1::<f64>::zeros(data.d());
        let mut balance = 0.0;
        for (&i, &a) in rows.iter().zip(&weights) {
            assert!(a > 0.0);
            point.scaled_add(a * data.y()[i], &data.x().row(i));
            balance += a * data.y()[i];
        }
        assert!((weights.iter().sum::<f64>() - 1.0).abs() < 1e-14);
        assert!(!intercept || balance.abs() < 1e-14);
        assert!(point.dot(&point).sqrt() < 1e-14 && norm < 1e-14, "{point}");
    };
    let xor: [(&[f64], f64); 4] = [(&[0.0, 0.0], -1.0), (&[1.0, 1.0], -1.0), (&[1.0, 0.0], 1.0), (&[0.0, 1.0], 1.0)];
    check(&dataset(&xor)?, true);
    check(&dataset(&xor)?, false);
    check(&dataset(&[(&[1.0, 2.0], 1.0), (&[1.0, 2.0], -1.0), (&[3.0, 1.0], 1.0)])?, false);
    check(&dataset(&[(&[0.0, 0.0], 1.0)])?, false);
    // Zero inside a triangle that lies in a plane of three dimensions.
    check(&dataset(&[(&[1.0, 0.0, 1.0], 1.0), (&[0.0, 1.0, -3.0], 1.0), (&[1.0, 1.0, -2.0], -1.0)])?, false);
    for seed in 0..20 {
        let mut rng = ChaCha8Rng::seed_from_u64(seed);
        let d = 1 + seed as usize % 7;
        let x = Array2::from_shape_simple_fn((12 * d, d), || StandardNormal.sample(&mut rng));
        let y = (0..12 * d).map(|_| if rng.r#gen::<bool>() { 1.0 } else { -1.0 }).collect();
        let data = Dataset::new(x, y)?;
        check(&data, false);
        check(&data, true);
    }
    Ok(())
}

#[test]
fn what_cannot_be_told_is_said() -> TestResult {
    // Rounded thirds cancel exactly; 1e-40 is below all rounding of the solution and nothing proves it wrong.
    let third = 1.0 / 3.0;
    let data = dataset(&[(&[third, 0.7], 1.0), (&[-third, -0.7], 1.0), (&[1.0, 1e-40], 1.0)])?;
    assert!(matches!(MaxMargin::fit(&data), Err(Error::NotSeparable { rows, .. }) if rows == [0, 1]));
    let data = dataset(&[(&[1.0, 0.0], 1.0), (&[-1.0, 1e-40], 1.0)])?;
    let Err(Error::TooClose { lower, upper, scale, .. }) = MaxMargin::fit(&data) else { panic!("1e-40 was told") };
    assert!(lower <= 0.0 && (5e-41..1e-20).contains(&upper) && scale == 1.0);
    // Entries that vanish beside the largest: separable in truth, and never called inseparable.
    let data = dataset(&[(&[1e308], 1.0), (&[1e-308], 1.0)])?;
    let fitted = MaxMargin::fit(&data);
    assert!(matches!(fitted, Err(Error::TooClose { .. })), "{fitted:?}");
    let one_class = dataset(&[(&[1.0], 1.0), (&[2.0], 1.0)])?;
    let refused = MaxMargin::fit_with_intercept(&one_class);
    assert!(matches!(&refused, Err(Error::Argument { found, .. }) if found == "only +1"), "{refused:?}");
    // A margin of 1.5e308·√2 is no f64.
    let huge = dataset(&[(&[1.5e308, 1.5e308], 1.0)])?;
    assert!(matches!(MaxMargin::fit(&huge), Err(Error::NotFinite { .. })));
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

#[test]
fn repeats_to_the_bit() -> TestResult {
    let data = gaussian(60, 10, 0.3, 8)?;
    let (a, b) = (MaxMargin::fit(&data)?, MaxMargin::fit(&data)?);
    assert!(a == b && a.direction().iter().zip(b.direction()).all(|(a, b)| a.to_bits() == b.to_bits()));
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

#[test]
fn two_hundred_points_in_256_dimensions() -> TestResult {
    let data = gaussian(200, 256, 0.0, 1)?;
    let svm = MaxMargin::fit(&data)?;
    check_certificate(&data, &svm);
    assert!(svm.gap() < 1e-20 && svm.support().len() <= 200);
    Ok(())
}

/// Entries that make trouble: exact, tied, repeated, huge and tiny.
fn nasty() -> impl Strategy<Value = f64> {
    prop::sample::select(vec![
        0.0,
        -0.0,
        1.0,
        -1.0,
        0.5,
        3.0,
        1.0 / 3.0,
        0.1,
        -0.3,
        1.0 + f64::EPSILON,
        1e-8,
        1e-16,
        -1e-30,
        1e-308,
        5e-324,
        1e154,
        -1e200,
        1e308,
        -1.7e308,
    ])
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

proptest::proptest! {
    #![proptest_config(proptest::prelude::ProptestConfig { failure_persistence: None, cases: 2000, ..Default::default() })]
    #[test]
    fn nasty_data_gets_an_answer_or_an_error(
        (d, x, y) in (1_usize..5, 1_usize..9).prop_flat_map(|(d, n)| {
            let labels = prop::collection::vec(prop::sample::select(vec![-1.0, 1.0]), n);
            (proptest::prelude::Just(d), prop::collection::vec(nasty(), n * d), labels)
        })
    ) {
        let x = Array2::from_shape_vec((y.len(), d), x).expect("n·d entries");
        let data = Dataset::new(x, Array1::from_vec(y)).expect("finite entries, labels ±1");
        for fitted in [MaxMargin::fit(&data), MaxMargin::fit_with_intercept(&data)] {
            match fitted {
                Ok(svm) => {
                    let [lower, upper] = svm.interval();
                    assert!(0.0 <= lower && lower <= svm.margin() && svm.margin() <= upper && upper.is_finite());
                    assert!(svm.direction().iter().chain(svm.multipliers()).all(|v| v.is_finite()));
                    assert!(svm.angle_bound() <= 1e-6 && svm.kkt_residual() < 1e-6 && svm.intercept().is_finite());
                }
                Err(Error::NotSeparable { weights, norm, .. }) => {
                    assert!((weights.iter().sum::<f64>() - 1.0).abs() < 1e-12 && norm.is_finite());
                }
                Err(Error::TooClose { lower, upper, .. }) => assert!(lower <= 0.0 && upper > 0.0),
                Err(Error::Argument { .. } | Error::NotFinite { .. } | Error::NotConverged { .. }) => {}
                Err(other) => panic!("{other}"),
            }
        }
    }

    #[test]
    fn small_integers_are_always_decided(
        (d, x, y) in (1_usize..6, 1_usize..16).prop_flat_map(|(d, n)| {
            let labels = prop::collection::vec(prop::sample::select(vec![-1.0, 1.0]), n);
            (proptest::prelude::Just(d), prop::collection::vec(-3..=3_i32, n * d), labels)
        }),
        push in 0..4_i32,
    ) {
        let x = x.iter().map(|v| f64::from(*v)).collect();
        let mut x = Array2::from_shape_vec((y.len(), d), x).expect("n·d entries");
        x.column_mut(0).iter_mut().zip(&y).for_each(|(x, y)| *x += y * f64::from(push));
        let data = Dataset::new(x, Array1::from_vec(y)).expect("finite entries, labels ±1");
        for fitted in [MaxMargin::fit(&data), MaxMargin::fit_with_intercept(&data)] {
            match fitted {
                Ok(svm) => check_certificate(&data, &svm),
                Err(Error::NotSeparable { rows, weights, .. }) => {
                    let mut point = Array1::<f64>::zeros(d);
                    rows.iter().zip(&weights).for_each(|(&i, &a)| point.scaled_add(a * data.y()[i], &data.x().row(i)));
                    assert!(point.iter().all(|v| v.abs() < 1e-14), "{point}");
                }
                Err(Error::Argument { found, .. }) => assert!(found.starts_with("only")),
                Err(other) => panic!("{other}"),
            }
        }
    }
}
