//! Negative controls: a run that breaks an assumption breaks the monitors that stand on it.

use super::{setting, trap, watch, watch_loss};
use implicit_bias::monitor::Sighting;
use implicit_bias::prelude::*;

fn violated(watch: &Monitors, monitor: Monitor) -> Sighting {
    let found = watch.get(monitor).unwrap();
    assert!(!found.holds() && found.violations > 0, "{watch}");
    let (first, worst) = (found.first.unwrap(), found.worst.unwrap());
    assert!(first.step <= worst.step || worst.slack <= first.slack);
    first
}

#[test]
fn appendix_a_breaks_assumption_2_and_what_needs_the_risk_below_that_of_zero() {
    let (data, start) = trap();
    // β(2) = 40 for two layers.
    let monitors = [Monitor::Assumption2, Monitor::Lemma1, Monitor::Lemma6, Monitor::Lemma7Ball];
    for loss in [Loss::Logistic, Loss::Exponential] {
        let watch = watch_loss(loss, &monitors, StepRule::Constant(1.0 / 40.0), &start, &data, 500);
        let first = violated(&watch, Monitor::Assumption2);
        assert!(first.step == 0 && first.right == loss.log_value(0.0));
        assert!((first.left - loss.log_value(-0.25)).abs() < 1e-15, "{watch}");
        for monitor in &monitors[1..] {
            let first = violated(&watch, *monitor);
            assert!(first.step == 1 && first.left > first.right && first.right == loss.log_value(0.0), "{watch}");
            assert_eq!(watch.get(*monitor).unwrap().violations, 500);
        }
    }
    // The other sign is a start like any other.
    let good = Network::from_layers(&[array![[0.5]], array![[0.5]]]).unwrap();
    assert!(watch(&monitors, StepRule::Constant(1.0 / 40.0), &good, &data, 500).hold());
}

#[test]
fn a_critical_start_breaks_assumption_2_by_infinity() {
    let (data, _) = trap();
    let origin = Network::from_layers(&[array![[0.0]], array![[0.0]]]).unwrap();
    let watch = watch(&[Monitor::Assumption2], StepRule::Constant(0.1), &origin, &data, 5);
    let first = violated(&watch, Monitor::Assumption2);
    assert_eq!((first.step, first.left, first.slack), (0, first.right, f64::NEG_INFINITY));
}

#[test]
fn support_vectors_that_do_not_span_break_assumption_3() {
    let data = Dataset::new(array![[0.3, 0.0], [0.6, 0.5], [0.7, -0.5]], array![1.0, 1.0, 1.0]).unwrap();
    let start = Network::from_layers(&[array![[0.5, 0.1]]]).unwrap();
    let watch = watch(&[Monitor::Assumption3, Monitor::Lemma4], StepRule::Constant(0.1), &start, &data, 5);
    let first = violated(&watch, Monitor::Assumption3);
    assert_eq!((first.left, first.right, first.slack), (2.0, 1.0, -1.0));
    assert_eq!(watch.get(Monitor::Assumption3).unwrap().applied, 1);
    assert!(watch.get(Monitor::Lemma4).unwrap().least_slack().is_err());
}

#[test]
fn the_exponential_loss_breaks_assumption_4_and_with_it_lemma_5() {
    let (data, start) = trap();
    let start = start.scaled(6.0).unwrap();
    let monitors = [Monitor::Assumption4, Monitor::Lemma5];
    let exponential = watch_loss(Loss::Exponential, &monitors, StepRule::Constant(1e-6), &start, &data, 50);
    // |ℓ′(−9)| = ℓ″(−9) = e⁹, and β = 1/4.
    assert!((violated(&exponential, Monitor::Assumption4).left - (9.0 + 4.0_f64.ln())).abs() < 1e-12);
    assert_eq!(violated(&exponential, Monitor::Lemma5).step, 1);
    assert!(watch(&monitors, StepRule::Constant(1e-6), &start, &data, 50).hold());
}

#[test]
fn a_step_far_too_large_breaks_what_stands_on_assumption_5() {
    let monitors = [
        Monitor::Lemma8Identity,
        Monitor::Assumption5,
        Monitor::Eq2,
        Monitor::Lemma7Growth,
        Monitor::Lemma8Traces,
        Monitor::Eq3,
        Monitor::Eq37,
        Monitor::RiskFalls,
        Monitor::Eq4,
        Monitor::Lemma7Time,
    ];
    // Three layers of the plane settle after one leap; w₁ = −w₂ is thrown further and further from 0, evenly.
    let (plane, _, start) = setting(&[2, 2, 2, 1], 4);
    let (point, trap) = trap();
    let leap = watch(&monitors, StepRule::Constant(100.0), &start, &plane, 5);
    let thrown = watch(&monitors, StepRule::Constant(10.0), &trap.scaled(6.0).unwrap(), &point, 5);
    for monitor in &monitors[1..7] {
        violated(&leap, *monitor);
    }
    for monitor in [Monitor::RiskFalls, Monitor::Eq4, Monitor::Lemma7Time] {
        violated(&thrown, monitor);
    }
    // The identity holds for any step.
    for watch in [leap, thrown] {
        assert!(watch.get(Monitor::Lemma8Identity).unwrap().holds(), "{watch}");
    }
}

#[test]
fn a_step_that_changes_inside_the_ball_breaks_assumption_5() {
    let (data, _, start) = setting(&[2, 2, 1], 4);
    let svm = MaxMargin::fit(&data).unwrap();
    let mut watch = Monitors::new(&[Monitor::Assumption5], &Loss::Logistic.on(&data), &start, &svm).unwrap();
    let mut descent = Descent::new(&Loss::Logistic.on(&data), &start, StepRule::Constant(1e-3)).unwrap();
    descent.run_watched(10, Record::Every(5), &mut watch, |_| Ok(())).unwrap();
    assert!(watch.hold(), "{watch}");
    // β(10) = 1000: M is far below R − 1.
    descent.set_rule(StepRule::Constant(0.9e-3)).unwrap();
    descent.run_watched(10, Record::Every(5), &mut watch, |_| Ok(())).unwrap();
    let found = watch.get(Monitor::Assumption5).unwrap();
    assert_eq!((found.violations, found.first.unwrap().step), (1, 11));
    assert!((found.first.unwrap().slack - 0.9_f64.ln()).abs() < 1e-15, "{watch}");
}

#[test]
fn a_layer_that_is_not_trained_breaks_the_identities() {
    let (data, svm, start) = setting(&[2, 2, 2, 1], 5);
    let monitors = [Monitor::Lemma8Identity, Monitor::Eq2, Monitor::Eq3];
    for (layers, breaks) in [(&[1, 2, 3][..], false), (&[1, 3], true)] {
        let watch = Monitors::new(&monitors, &Loss::Logistic.on(&data), &start, &svm).unwrap();
        let mut watch = watch.with_tolerance(1e-4).unwrap();
        let mut descent = Descent::new(&Loss::Logistic.on(&data), &start, StepRule::Constant(1e-4)).unwrap();
        descent.train_only(layers).unwrap();
        descent.run_watched(20_000, Record::At(vec![]), &mut watch, |_| Ok(())).unwrap();
        for found in watch.watched() {
            assert_eq!(found.holds(), !breaks, "{layers:?}\n{watch}");
        }
    }
}

#[test]
fn the_constants_of_another_start_break_lemmas_2_and_8() {
    let (data, svm, _) = setting(&[2, 2, 1], 6);
    // Nearly nothing: D ≈ 0 and R(W(0)) ≈ ln 2. The run starts with layers that look past each other.
    let foreign = Network::from_layers(&[array![[1e-3, 0.0], [0.0, 0.0]], array![[1e-3, 0.0]]]).unwrap();
    let start = Network::from_layers(&[array![[3.0, 0.2], [0.0, 2.0]], array![[0.1, 3.0]]]).unwrap();
    let monitors = [
        Monitor::Lemma2Rank,
        Monitor::Lemma2Alignment,
        Monitor::Lemma2Product,
        Monitor::Lemma8Rank,
        Monitor::Lemma8Alignment,
        Monitor::Lemma8Product,
    ];
    for (own, breaks) in [(&start, false), (&foreign, true)] {
        let mut watch = Monitors::new(&monitors, &Loss::Logistic.on(&data), own, &svm).unwrap();
        let mut descent = Descent::new(&Loss::Logistic.on(&data), &start, StepRule::Constant(1e-3)).unwrap();
        descent.run_watched(10, Record::Every(5), &mut watch, |_| Ok(())).unwrap();
        for found in watch.watched() {
            assert_eq!(found.holds(), !breaks, "{watch}");
        }
    }
}

#[test]
fn the_maximum_margin_of_other_data_breaks_lemma_4() {
    let (data, svm, start) = setting(&[2, 1], 7);
    // The same points turned by a right angle and a half: another ū.
    let turn = array![[0.5_f64.sqrt(), 0.5_f64.sqrt()], [-(0.5_f64.sqrt()), 0.5_f64.sqrt()]];
    let turned = Dataset::new(data.x().dot(&turn), data.y().to_owned()).unwrap();
    for (run_on, breaks) in [(&data, false), (&turned, true)] {
        let mut watch = Monitors::new(&[Monitor::Lemma4], &Loss::Logistic.on(&data), &start, &svm).unwrap();
        let rule = StepRule::Normalized { eta: 10.0, power: 1.0 };
        // A detour far to the side first.
        let aside = Network::from_layers(&[array![[400.0 * svm.direction()[1], -400.0 * svm.direction()[0]]]]).unwrap();
        let mut descent = Descent::new(&Loss::Logistic.on(run_on), &aside, rule).unwrap();
        descent.run_watched(300, Record::At(vec![]), &mut watch, |_| Ok(())).unwrap();
        let found = watch.get(Monitor::Lemma4).unwrap();
        assert!(found.applied > 0 && found.holds() != breaks, "{watch}");
    }
}

#[test]
fn no_number_is_a_violation() {
    let (_, start) = trap();
    let data = Dataset::new(array![[1e-10]], array![1.0]).unwrap();
    let svm = MaxMargin::fit(&data).unwrap();
    let mut watch = Monitors::new(&[Monitor::Eq3], &Loss::Logistic.on(&data), &start, &svm).unwrap();
    // ‖W₁‖² is beyond f64.
    let huge = Network::from_layers(&[array![[1e160]], array![[1e-160]]]).unwrap();
    let mut descent = Descent::new(&Loss::Logistic.on(&data), &huge, StepRule::Constant(1e-300)).unwrap();
    watch.see(&descent.at()).unwrap();
    let found = watch.get(Monitor::Eq3).unwrap();
    assert!(found.first.unwrap().slack.is_nan() && found.least_slack().unwrap().is_nan() && !watch.hold());
    let verdict = Verdict::of("P7").unwrap().above("slack", found.least_slack().unwrap(), -1.0);
    assert!(!matches!(verdict.map(|v| v.outcome()), Ok(Outcome::Holds)));
}
