//! The assumption on the start, and the draws that meet it.

use crate::separable;
use implicit_bias::prelude::*;

/// R and the norm of its gradient by central differences.
fn by_differences(net: &Network, data: &Dataset, loss: Loss) -> (f64, f64) {
    let risk = |net: &Network| {
        let w = net.predictor().unwrap();
        let q = data.mirrored().dot(&w);
        q.iter().map(|&q| if loss == Loss::Logistic { (-q).exp().ln_1p() } else { (-q).exp() }).sum::<f64>()
            / q.len() as f64
    };
    let mut square = 0.0;
    for i in 0..net.parameter_count() {
        let at = |h: f64| {
            let mut moved = net.clone();
            moved.params_mut()[i] += h;
            risk(&moved)
        };
        square += ((at(1e-5) - at(-1e-5)) / 2e-5).powi(2);
    }
    (risk(net), square.sqrt())
}

#[test]
fn assumption_2_2_knows_risk_and_gradient() {
    let data = separable();
    let net =
        Network::from_layers(&[array![[0.4, -0.3], [0.2, 0.9]], array![[0.5, -0.2], [0.1, 0.3]], array![[0.7, 0.4]]])
            .unwrap();
    for loss in [Loss::Logistic, Loss::Exponential] {
        let (risk, gradient) = by_differences(&net, &data, loss);
        let start = assumption_2_2(&net, &loss.on(&data)).unwrap();
        assert!((start.log_risk - risk.ln()).abs() < 1e-14);
        assert!((start.log_gradient_norm - gradient.ln()).abs() < 1e-8);
        assert!(start.holds() && start.holds_strictly());
    }
}

#[test]
fn appendix_a_the_easy_start_satisfies_the_paper_s_assumption_and_not_the_report_s() {
    let net = Network::from_layers(&[array![[0.0, 0.0], [0.0, 0.0]], array![[0.5, -0.2]]]).unwrap();
    for loss in [Loss::Logistic, Loss::Exponential] {
        let start = assumption_2_2(&net, &loss.on(&separable())).unwrap();
        assert_eq!(start.log_risk, loss.log_value_at_zero());
        assert!(start.holds() && !start.holds_strictly());
    }
}

#[test]
fn appendix_a_the_trap_and_the_critical_points() {
    let data = Dataset::new(array![[1.0]], array![1.0]).unwrap();
    let net = |a: f64, b: f64| Network::from_layers(&[array![[a]], array![[b]]]).unwrap();
    let trap = assumption_2_2(&net(0.5, -0.5), &Loss::Exponential.on(&data)).unwrap();
    assert!(!trap.holds() && (trap.log_risk - 0.25).abs() < 1e-15);
    let origin = assumption_2_2(&net(0.0, 0.0), &Loss::Exponential.on(&data)).unwrap();
    assert!(!origin.holds() && origin.log_gradient_norm == f64::NEG_INFINITY);
    assert_eq!(origin.log_risk, origin.log_risk_at_zero);
    // Two layers at zero are critical, whatever the third says; one is not.
    let layers = |a: f64, b: f64| Network::from_layers(&[array![[a]], array![[b]], array![[2.0]]]).unwrap();
    assert!(!assumption_2_2(&layers(0.0, 0.0), &Loss::Logistic.on(&data)).unwrap().holds());
    assert!(assumption_2_2(&layers(0.0, 1.0), &Loss::Logistic.on(&data)).unwrap().holds());
}

#[test]
fn the_admissible_start_is_the_first_draw_below_the_zero_predictor() {
    let data = separable();
    for loss in [Loss::Logistic, Loss::Exponential] {
        let draw = |seed| Network::linear(&[2, 3, 2, 1], Init::Gaussian(0.7), seed);
        let at_zero = if loss == Loss::Logistic { 2.0_f64.ln() } else { 1.0 };
        let mut passed_over = 0;
        for seed in 0..20 {
            let mut tried = vec![];
            let start = admissible_start(&loss.on(&data), seed, |number| {
                tried.push(number);
                draw(number)
            })
            .unwrap();
            let below = |&number: &u64| by_differences(&draw(number).unwrap(), &data, loss).0 < at_zero;
            let first = (1000 * seed..).find(below).unwrap();
            assert_eq!(start, draw(first).unwrap());
            assert_eq!(tried, (1000 * seed..=first).collect::<Vec<_>>());
            passed_over += tried.len() - 1;
        }
        // Negative control: there were draws to refuse, about as many as to take.
        assert!((5..80).contains(&passed_over), "{passed_over}");
    }
}

#[test]
fn the_admissible_start_ends_its_search_and_says_why() {
    let (data, loss) = (separable(), Loss::Logistic);
    let said = |seed, draw: &mut dyn FnMut(u64) -> Result<Network>| {
        admissible_start(&loss.on(&data), seed, draw).unwrap_err().to_string()
    };
    // A tie does not do, a critical point does not, and a thousand draws are enough.
    let mut count = 0;
    let tie = said(3, &mut |seed| {
        count += 1;
        Network::linear(&[2, 2, 1], Init::ZeroFirst(1.0), seed)
    });
    assert!(tie.ends_with("found none among the draws 3000 to 3999"), "{tie}");
    assert_eq!(count, 1000);
    let origin = said(0, &mut |_| Network::from_layers(&[array![[0.0, 0.0]], array![[0.0]]]));
    assert!(origin.contains("∇R(W(0)) ≠ 0 and R(W(0)) < ℓ(0)"), "{origin}");
    // What cannot be drawn or checked is said as it is.
    let narrow = said(0, &mut |seed| Network::linear(&[3, 1], Init::LeCun, seed));
    assert!(narrow.contains("widths[0]"), "{narrow}");
    let bad = said(0, &mut |seed| Network::linear(&[2, 1], Init::Gaussian(f64::NAN), seed));
    assert!(bad.contains("Init::Gaussian(std)"), "{bad}");
    // The last seed whose thousand draws are numbers, and the next.
    let last = u64::MAX / 1000 - 1;
    let good = Network::from_layers(&[array![[1.0, 1.0]]]).unwrap();
    assert_eq!(admissible_start(&loss.on(&data), last, |_| Ok(good.clone())).unwrap(), good);
    let beyond = said(last + 1, &mut |_| Ok(good.clone()));
    assert!(beyond.contains(&format!("a seed up to {last}, found {}", last + 1)), "{beyond}");
}

#[test]
fn a_gradient_below_the_smallest_number_is_not_zero() {
    // ‖∇R‖ = √2 · 1e-200 · 1e-200 · |ℓ′(0)|·… of a product of three tiny layers.
    let data = Dataset::new(array![[1.0]], array![1.0]).unwrap();
    let tiny = Network::from_layers(&[array![[1e-200]], array![[1e-200]], array![[1e-200]]]).unwrap();
    let start = assumption_2_2(&tiny, &Loss::Logistic.on(&data)).unwrap();
    let expected = 0.5 * 3.0_f64.ln() - 400.0 * 10.0_f64.ln() - 2.0_f64.ln();
    assert!((start.log_gradient_norm - expected).abs() < 1e-12 && start.holds());
}
