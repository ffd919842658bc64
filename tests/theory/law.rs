//! Soudry et al., Theorem 3 and its residual: against the dual solution, integrations of the flow, descent and exact solutions.

use crate::{Draw, aside, tied};
use implicit_bias::prelude::*;

fn law_of(data: &Dataset) -> LateLaw {
    LateLaw::of(data, &MaxMargin::fit(data).unwrap()).unwrap()
}

fn norm(v: &Array1<f64>) -> f64 {
    v.dot(v).sqrt()
}

/// dw/dτ in τ = ln t, each exponent taken together with t.
fn pull(z: &Array2<f64>, loss: Loss, w: &Array1<f64>, tau: f64) -> Array1<f64> {
    z.dot(w).mapv(|q| (tau + loss.log_slope(q)).exp()).dot(z) / z.nrows() as f64
}

/// Gradient flow from ln t = −8 to `end` by Runge and Kutta's classical method, written for this test.
fn flow(data: &Dataset, loss: Loss, start: &Array1<f64>, end: f64) -> Array1<f64> {
    let z = data.mirrored();
    let (mut w, begin) = (start.clone(), -8.0);
    let steps = ((end - begin) / 0.01) as usize;
    let h = (end - begin) / steps as f64;
    for k in 0..steps {
        let tau = begin + k as f64 * h;
        let a = pull(&z, loss, &w, tau);
        let b = pull(&z, loss, &(&w + &(&a * (0.5 * h))), tau + 0.5 * h);
        let c = pull(&z, loss, &(&w + &(&b * (0.5 * h))), tau + 0.5 * h);
        let d = pull(&z, loss, &(&w + &(&c * h)), tau + h);
        w += &((a + b * 2.0 + c * 2.0 + d) * (h / 6.0));
    }
    w
}

#[test]
fn theorem_3_independent_support_vectors_have_the_dual_solution_as_pulls() {
    for (d, seed) in (1..7).flat_map(|d| (0..5).map(move |seed| (d, seed))) {
        let data = match d {
            1 => Dataset::new(array![[2.0], [5.0], [-3.0]], array![1.0, 1.0, -1.0]).unwrap(),
            _ => Separable { n: 18, d, margin: 0.3, next_margin: 0.6 }.sample(seed).unwrap(),
        };
        let (svm, law) = (MaxMargin::fit(&data).unwrap(), law_of(&data));
        let z = data.mirrored().select(ndarray::Axis(0), svm.support());
        let pulls = z.dot(&law.residual()).mapv(|q| (-q).exp() / data.n() as f64);
        for (pull, a) in pulls.iter().zip(svm.multipliers()) {
            let alpha = a / svm.margin().powi(2);
            assert!((pull / alpha - 1.0).abs() < 1e-11, "d = {d}: {pull} {alpha}");
        }
        assert_eq!((law.directions().len(), law.open(), law.span().nrows()), (1, 0, d));
        // Negative control: the part along ŵ matters; aside of it alone the pulls are off by a factor.
        let only_aside = aside(&law.residual().to_owned(), svm.direction());
        let off = z.row(0).dot(&only_aside) - z.row(0).dot(&law.residual());
        assert!(off.abs() > 1e-3);
    }
}

#[test]
fn theorem_3_tied_support_vectors_take_the_dual_solution_of_exponential_form() {
    for (seed, d) in (0..40).map(|seed| (seed, 2 + seed as usize % 5)) {
        let data = tied(seed, d + 1 + seed as usize % 4, d);
        let (svm, law) = (MaxMargin::fit(&data).unwrap(), law_of(&data));
        let z = data.mirrored().select(ndarray::Axis(0), svm.support());
        let alpha = z.dot(&law.residual()).mapv(|q| (-q).exp() / data.n() as f64);
        let off = &alpha.dot(&z) - &law.directions()[0];
        assert!(norm(&off) < 1e-12 * norm(&law.directions()[0]), "{:e}", norm(&off));
        assert_eq!(law.directions().len(), 1);
        let offset = late_offset(&data, &svm).unwrap();
        assert!(norm(&(aside(&law.residual().to_owned(), svm.direction()) - offset)) < 1e-11);
        // Several multipliers solve the dual, descent's are one: the fit's own are others.
        let own = &svm.multipliers() / svm.margin().powi(2);
        assert!(norm(&(own.dot(&z) - &law.directions()[0])) < 1e-11);
        assert!(norm(&(own - alpha)) > 1e-6);
    }
}

#[test]
fn theorem_3_the_flow_comes_to_the_residual_at_the_predicted_rate() {
    for (seed, loss) in (0..4).flat_map(|s| [Loss::Logistic, Loss::Exponential].map(|l| (s, l))) {
        let data = tied(70 + seed, 4, 3);
        let law = law_of(&data);
        let start = Draw::new(seed).vector(3);
        let limit = law.limit(&start).unwrap();
        assert_eq!(limit, law.residual());
        let distance = |end: f64| law.distance(&flow(&data, loss, &start, end), end).unwrap();
        let z = data.mirrored();
        let rooted =
            Array2::from_shape_fn((4, 3), |(i, j)| z[[i, j]] * (-0.5 * z.row(i).dot(&limit)).exp() / 7_f64.sqrt());
        let slowest = singular_values(&rooted).unwrap()[2].powi(2).min(1.0);
        let (early, late) = (distance(12.0 / slowest), distance(16.0 / slowest));
        let rate = (early / late).ln() / (4.0 / slowest);
        assert!(late < 1e-5 && (rate / slowest - 1.0).abs() < 0.05, "{seed}: {late:e}, {rate} for {slowest}");
    }
}

#[test]
fn theorem_3_the_sum_of_the_losses_and_steps_counted() {
    // Soudry's own form: w ← w − η Σ ℓ′(⟨w, zᵢ⟩) zᵢ, k steps; ρ′ = ρ + ŵ ln(nη). And heavy ball: t becomes t/(1 − β).
    let data = SoudryFour { n: 16 }.sample(3).unwrap();
    let (law, z) = (law_of(&data), data.mirrored());
    let (eta, steps) = (0.01, 300_000);
    for beta in [0.0, 0.9] {
        let mut w = array![0.3, -0.4];
        let mut before = w.clone();
        for _ in 0..steps {
            let slopes = z.dot(&w).mapv(|q| Loss::Logistic.log_slope(q).exp());
            let next = &w + &(slopes.dot(&z) * eta) + (&w - &before) * beta;
            before = std::mem::replace(&mut w, next);
        }
        let shift = (16.0 * eta / (1.0 - beta)).ln();
        let counted = &w - &(&law.directions()[0] * f64::from(steps).ln());
        let off = counted - &law.directions()[0] * shift - law.residual();
        // Aside of ŵ it comes as t^{−1/4}; along ŵ only the square of that is left.
        let along = off.dot(&law.directions()[0]).abs();
        assert!(along < 1e-2 && norm(&off) < 0.1, "β = {beta}: {along:e}, {off}");
        assert!((law.distance(&w, f64::from(steps).ln() + shift).unwrap() - norm(&off)).abs() < 1e-10);
        assert!(law.distance(&w, f64::from(steps).ln()).unwrap() > 0.25);
    }
}

#[test]
fn what_the_data_leave_open_the_start_and_the_road_decide() {
    // In R⁴: support vectors in the first plane, another point that leaves it, and an axis that no point has.
    let data =
        Dataset::new(array![[1.0, 0.5, 0.0, 0.0], [-1.0, 0.5, 0.0, 0.0], [2.0, 0.3, 1.0, 0.0]], array![1.0, -1.0, 1.0]);
    let data = data.unwrap();
    let law = law_of(&data);
    assert_eq!((law.open(), law.span().nrows()), (1, 2));
    assert!(law.limit(&[0.0; 4]).unwrap_err().to_string().contains("1 dimensions"));
    let ends = [array![0.2, 0.1, 0.0, 7.0], array![-0.5, 0.3, -2.0, -3.0]].map(|start| {
        let w = flow(&data, Loss::Logistic, &start, 40.0);
        assert!(law.distance(&w, 40.0).unwrap() < 1e-4 && w[3] == start[3]);
        w[2]
    });
    assert!(ends[0] > 0.1 && (ends[0] - ends[1]).abs() > 0.1, "{ends:?}");
    // Without that point nothing is open, and the limit is whole.
    let plane = Dataset::new(data.x().slice(ndarray::s![..2, ..]).to_owned(), array![1.0, -1.0]).unwrap();
    let limit = law_of(&plane).limit(&[0.2, 0.1, 4.0, 7.0]).unwrap();
    let w = flow(&plane, Loss::Exponential, &array![0.2, 0.1, 4.0, 7.0], 60.0);
    let rho = law_of(&plane).rho(&w, 60.0).unwrap();
    assert!(norm(&(&rho - &limit)) < 1e-6 && limit[2] == 4.0 && limit[3] == 7.0, "{rho} {limit}");
}

#[test]
fn alpha_zero_grows_as_ln_ln_t_by_an_exact_solution() {
    // z₁ = (1, 0), z₂ = (1, b): exponential flow keeps e^{bv} + bv − b²u exactly, and d(e^u)/dt = ½(1 + e^{−bv}).
    for (b, c) in [(0.5, 1.0), (2.0, -3.0), (0.1, 0.0)] {
        let data = Dataset::new(array![[1.0, 0.0], [-1.0, -b], [-3.0, 1.0]], array![1.0, -1.0, -1.0]).unwrap();
        let law = law_of(&data);
        assert!(law.directions().len() == 2 && law.open() == 0);
        let expected = array![0.0, 1.0 / b];
        assert!(norm(&(&law.directions()[1] - &expected)) < 1e-12 / b);
        // The third point does not count late, but n does.
        assert!((law.residual()[0] + 3_f64.ln()).abs() < 1e-12 && (law.residual()[1] - 2.0 * b.ln() / b).abs() < 1e-10);
        let distance = |u: f64| {
            let target = b * b * u + c;
            let mut y = target;
            (0..100).for_each(|_| y = target - f64::ln(y));
            // ∫ e^u/(1 + 1/y) du = e^u(1 − 1/y + …), and y changes by b² a unit of u.
            let log_time = 3_f64.ln() + u + (-1.0 / y).ln_1p();
            (law.distance(&[u, y.ln() / b], log_time).unwrap(), y.ln() / (b * y))
        };
        for u in [1e3, 1e5, 1e7] {
            let (off, scale) = distance(u);
            assert!(off < 2.0 * scale && off > 0.1 * scale, "b = {b}, u = {u:e}: {off:e} {scale:e}");
        }
    }
}

#[test]
fn alpha_zero_twice_grows_as_ln_ln_ln_t_too() {
    // The derivative of the law itself against the pull at it, at ln t = 1e200: direction by direction.
    let z = array![[1.0, 0.0, 0.0], [1.0, 2.0, 0.0], [1.0, 2.0, 0.5]];
    let data = Dataset::new(z.clone(), array![1.0, 1.0, 1.0]).unwrap();
    let law = law_of(&data);
    let expected = [array![1.0, 0.0, 0.0], array![0.0, 0.5, 0.0], array![0.0, 0.0, 2.0]];
    assert_eq!(law.directions().len(), 3);
    assert!(law.directions().iter().zip(&expected).all(|(a, b)| norm(&(a - b)) < 1e-12));
    let tau = 1e200_f64;
    let (second, third) = (tau.ln(), tau.ln().ln());
    let rho = &law.residual() + &(&expected[1] * second) + &(&expected[2] * third);
    let pulls = z.dot(&rho).mapv(|q| (-q).exp() / 3.0); // times t: ⟨ŵ₁, zᵢ⟩ ln t cancels exactly
    let slope = pulls.dot(&z);
    let due = array![1.0, 0.5 / tau, 2.0 / (tau * second)];
    // What the third point pulls is smaller by α₃/(α₂ ln ln t), α₃/α₂ = 16.
    for (j, room) in [1e-12, 17.0 / second, 1e-12].into_iter().enumerate() {
        assert!((slope[j] / due[j] - 1.0).abs() < room, "{j}: {} {}", slope[j], due[j]);
    }
    // Turned and scaled the law turns and scales with it.
    let (c, s) = (0.6, 0.8);
    let turn = array![[c, s, 0.0], [-s * c, c * c, s], [s * s, -s * c, c]];
    let turned = Dataset::new(z.dot(&turn) * 1e-5, array![1.0, 1.0, 1.0]).unwrap();
    let other = law_of(&turned);
    for (a, b) in law.directions().iter().zip(other.directions()) {
        assert!(norm(&(a.dot(&turn) * 1e5 - b)) < 1e-8 * norm(b), "{} {b}", a.dot(&turn));
    }
    // R stays, with w in other units; t has those of 1/‖x‖² as well.
    let shift = -2.0 * 1e5_f64.ln();
    let moved = law.residual().dot(&turn) * 1e5 - &(&other.directions()[0] * -shift);
    assert!(norm(&(&other.residual() - &moved)) < 1e-6 * norm(&moved), "{} {moved}", other.residual());
    assert!(law.rho(&[1.0, 1.0, 1.0], 0.5).is_err() && law.rho(&[1.0, 1.0, 1.0], 3.0).is_ok());
}

#[test]
fn nearly_needless_support_vectors_and_those_that_only_the_fit_leaves_out() {
    // The middle one of three in a row: weight 0 in the fit's multipliers, but needless in no way.
    let row = Dataset::new(array![[1.0, 1.0], [1.0, 0.0], [1.0, -1.0]], array![1.0, 1.0, 1.0]).unwrap();
    assert_eq!(law_of(&row).directions().len(), 1);
    // α = 1e-6: needed, and the residual is large instead; α = 1e-12 counts as zero.
    let slightly = |a: f64| Dataset::new(array![[1.0, -a], [1.0, 1.0 - a]], array![1.0, 1.0]).unwrap();
    let law = law_of(&slightly(1e-6));
    assert!(law.directions().len() == 1 && (law.residual()[1] - 1e6_f64.ln()).abs() < 1e-4, "{}", law.residual());
    assert_eq!(law_of(&slightly(1e-12)).directions().len(), 2);
    assert!(format!("{:?}", law_of(&slightly(1e-12))).contains("2 direction"));
}

#[test]
fn laws_refuse_what_is_not_theirs_and_stand_any_scale() {
    let data = Separable { n: 10, d: 2, margin: 0.3, next_margin: 0.6 }.sample(1).unwrap();
    let other = MaxMargin::fit(&Separable { n: 10, d: 2, margin: 0.3, next_margin: 0.6 }.sample(2).unwrap()).unwrap();
    let three = MaxMargin::fit(&Separable { n: 10, d: 3, margin: 0.3, next_margin: 0.6 }.sample(2).unwrap()).unwrap();
    assert!(LateLaw::of(&data, &other).unwrap_err().to_string().contains("of this data"));
    assert!(LateLaw::of(&data, &three).unwrap_err().to_string().contains("LateLaw::of(svm)"));
    let law = law_of(&data);
    assert!(law.rho(&[1.0], 1.0).is_err() && law.rho(&[f64::NAN, 1.0], 1.0).is_err());
    assert!(law.distance(&[1.0, 1.0], f64::NEG_INFINITY).is_err() && law.limit(&[f64::INFINITY, 0.0]).is_err());
    let one = Dataset::new(array![[3.0]], array![-1.0]).unwrap();
    assert!((law_of(&one).residual()[0] - 9_f64.ln() / -3.0).abs() < 1e-15); // 3e^{3w̃} = 1/3
    for c in [1e-300, 1e-150, 1e150, 1e300] {
        let scaled = Dataset::new(&data.x() * c, data.y().to_owned()).unwrap();
        let law = law_of(&scaled);
        assert!(law.residual().iter().chain(&law.directions()[0]).all(|v| v.is_finite()));
    }
    let huge = Dataset::new(array![[1e308, 1.0], [1e308, -1e308], [1e308, 1e308]], array![1.0, 1.0, 1.0]).unwrap();
    let _finite_or_error = MaxMargin::fit(&huge).and_then(|svm| LateLaw::of(&huge, &svm)).map(|law| {
        assert!(law.residual().iter().all(|v| v.is_finite()));
    });
}
