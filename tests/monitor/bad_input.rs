//! What cannot be watched is refused by name; what is refused changes nothing.

use super::{all, setting, trap};
use implicit_bias::prelude::*;
use proptest::prelude::*;

fn message(result: Result<Monitors>) -> String {
    result.unwrap_err().to_string()
}

#[test]
fn monitors_refuse_what_they_cannot_watch() {
    let (data, svm, start) = setting(&[2, 2, 1], 0);
    let new = |monitors: &[Monitor], start: &Network, data: &Dataset, svm: &MaxMargin| {
        message(Monitors::new(monitors, &Loss::Logistic.on(data), start, svm))
    };
    assert!(new(&[], &start, &data, &svm).contains("at least one"));
    let twice = new(&[Monitor::Eq4, Monitor::Eq2, Monitor::Eq4], &start, &data, &svm);
    assert!(twice.contains("Eq4 twice"), "{twice}");
    let relu = start.clone().with_slope(0.0).unwrap();
    assert!(new(Monitor::FLOW, &relu, &data, &svm).contains("a linear network"));
    let wide = Network::linear(&[3, 1], Init::Gaussian(0.3), 0).unwrap();
    assert!(new(Monitor::FLOW, &wide, &data, &svm).contains("widths"));
    let mut broken = start.clone();
    broken.params_mut()[0] = f64::NAN;
    assert!(Monitors::new(Monitor::FLOW, &Loss::Logistic.on(&data), &broken, &svm).is_err());

    let twice = Dataset::new(&data.x() * 2.0, data.y().to_owned()).unwrap();
    let svm_twice = MaxMargin::fit(&twice).unwrap();
    let unscaled = new(Monitor::DESCENT, &start, &twice, &svm_twice);
    assert!(unscaled.contains("scaled_to_unit") && unscaled.contains("Assumption5"), "{unscaled}");
    let free = [Monitor::Eq2, Monitor::Eq4, Monitor::Lemma2Rank, Monitor::Lemma8Traces];
    assert!(Monitors::new(&free, &Loss::Logistic.on(&twice), &start, &svm_twice).is_ok());

    let intercept = MaxMargin::fit_with_intercept(&data).unwrap();
    assert!(new(&free, &start, &data, &intercept).contains("through the origin"));
    let (line, _, _) = setting(&[1, 1], 0);
    let other = MaxMargin::fit(&line).unwrap();
    assert!(new(&free, &start, &data, &other).contains("Monitors::new(svm)"));
}

#[test]
fn tolerances_are_numbers_from_zero_and_come_first() {
    let (data, svm, start) = setting(&[2, 2, 1], 0);
    let new = || Monitors::new(&[Monitor::Eq2], &Loss::Logistic.on(&data), &start, &svm).unwrap();
    for bad in [-1e-9, f64::NAN, f64::INFINITY] {
        assert!(message(new().with_tolerance(bad)).contains("with_tolerance"));
    }
    let mut seen = new();
    let mut descent = Descent::new(&Loss::Logistic.on(&data), &start, StepRule::Constant(0.1)).unwrap();
    seen.see(&descent.at()).unwrap();
    assert!(message(seen.with_tolerance(1e-9)).contains("not yet begun"));
}

#[test]
fn only_what_was_chosen_can_be_asked_for_and_only_what_applied_has_a_slack() {
    let (data, svm, start) = setting(&[2, 1], 0);
    let watch = Monitors::new(&[Monitor::Eq2, Monitor::Eq4], &Loss::Logistic.on(&data), &start, &svm).unwrap();
    let unknown = watch.get(Monitor::Lemma5).unwrap_err().to_string();
    assert!(unknown.contains("Eq2, Eq4") && unknown.contains("Lemma5"), "{unknown}");
    let silent = watch.get(Monitor::Eq2).unwrap().least_slack().unwrap_err().to_string();
    assert!(silent.contains("Eq2") && silent.contains("none among 0"), "{silent}");
}

#[test]
fn steps_left_out_are_refused_where_each_counts() {
    let (data, svm, start) = setting(&[2, 2, 1], 0);
    for monitor in all() {
        let mut watch = Monitors::new(&[monitor], &Loss::Logistic.on(&data), &start, &svm).unwrap();
        let mut descent = Descent::new(&Loss::Logistic.on(&data), &start, StepRule::JiTelgarsky).unwrap();
        let result = descent.run(10, Record::Every(5), |at| watch.see(at));
        use Monitor::*;
        let in_turn = [Assumption5, Eq4, Lemma5, Lemma6, Lemma7Ball, Lemma7Growth, Lemma8Identity, Lemma8Traces];
        if in_turn.contains(&monitor) {
            let message = result.unwrap_err().to_string();
            assert!(message.contains("run_watched") && message.contains(&monitor.to_string()), "{message}");
            assert_eq!(watch.get(monitor).unwrap().seen, 1);
        } else {
            result.unwrap();
            assert_eq!(watch.get(monitor).unwrap().seen, 3);
        }
    }
}

#[test]
fn another_run_or_another_network_needs_monitors_of_its_own() {
    let (data, svm, start) = setting(&[2, 2, 1], 0);
    let mut watch = Monitors::new(&[Monitor::Eq2], &Loss::Logistic.on(&data), &start, &svm).unwrap();
    let descend = |start: &Network| Descent::new(&Loss::Logistic.on(&data), start, StepRule::Constant(0.1)).unwrap();
    let mut first = descend(&start);
    first.run_watched(10, Record::Every(5), &mut watch, |_| Ok(())).unwrap();
    let again = descend(&start).run_watched(10, Record::Every(5), &mut watch, |_| Ok(())).unwrap_err().to_string();
    assert!(again.contains("in order") && again.contains("step 0"), "{again}");

    let mut sums = Monitors::new(&[Monitor::Lemma8Identity], &Loss::Logistic.on(&data), &start, &svm).unwrap();
    let late = sums.see(&first.at()).unwrap_err().to_string();
    assert!(late.contains("W(0)") && late.contains("step 10"), "{late}");
    let deeper = Network::linear(&[2, 3, 1], Init::Gaussian(0.3), 0).unwrap();
    assert!(watch_err(&mut sums, &mut descend(&deeper)).contains("the network"));
}

fn watch_err(watch: &mut Monitors, descent: &mut Descent) -> String {
    watch.see(&descent.at()).unwrap_err().to_string()
}

#[test]
fn a_step_beyond_f64_is_one_to_probes_and_to_run_watched_alike() {
    let (data, svm, start) = setting(&[2, 1], 0);
    let risk = Loss::Logistic.on(&data);
    let stop = Stop { log_risk: -2000.0, ..Stop::steps(1_000_000) };
    let watch = || Monitors::new(&[Monitor::Eq4], &risk, &start, &svm).unwrap();
    let descent = || Descent::new(&risk, &start, StepRule::LossScaled(1.0)).unwrap();
    let (mut seen, mut watched) = (watch(), watch());
    descent().run(stop, Record::Every(1), |at| seen.see(at)).unwrap();
    descent().run_watched(stop, Record::Every(1), &mut watched, |_| Ok(())).unwrap();
    assert!(seen.get(Monitor::Eq4).unwrap().applied > 1000);
    assert!(seen.watched() == watched.watched());
}

#[test]
fn one_point_one_coordinate_one_layer() {
    let (data, _) = trap();
    let svm = MaxMargin::fit(&data).unwrap();
    let start = Network::from_layers(&[array![[0.1]]]).unwrap();
    let mut watch = Monitors::new(&all(), &Loss::Logistic.on(&data), &start, &svm).unwrap();
    let mut descent = Descent::new(&Loss::Logistic.on(&data), &start, StepRule::JiTelgarsky).unwrap();
    descent.run_watched(1000, Record::Every(500), &mut watch, |_| Ok(())).unwrap();
    assert!(watch.hold(), "{watch}");
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(500))]

    #[test]
    fn any_start_and_data_end_in_findings_or_an_error(
        x in prop::collection::vec(prop::num::f64::NORMAL | prop::num::f64::ZERO, 6),
        w in prop::collection::vec(prop::num::f64::NORMAL | prop::num::f64::ZERO, 6),
        small in any::<bool>(),
        kind in 0..4,
    ) {
        let rule = match kind {
            0 => StepRule::Constant(0.3),
            1 => StepRule::Armijo { cap: 1.0 },
            2 => StepRule::LossScaled(0.5),
            _ => StepRule::Normalized { eta: 0.3, power: 1.0 },
        };
        // Half of the cases are of ordinary size, so that they get past the constructor.
        let tame = |v: f64| if small { v.signum() * (v.abs().ln().abs() / 1000.0).min(1.0) } else { v };
        let (x, w): (Vec<f64>, Vec<f64>) = (x.into_iter().map(tame).collect(), w.into_iter().map(tame).collect());
        let data = Dataset::new(Array2::from_shape_vec((3, 2), x).unwrap(), array![1.0, -1.0, 1.0]).unwrap();
        let layers = [Array2::from_shape_vec((2, 2), w[..4].to_vec()).unwrap(), array![[w[4], w[5]]]];
        let start = Network::from_layers(&layers).unwrap();
        let Ok(svm) = data.scaled_to_unit().and_then(|data| MaxMargin::fit(&data)) else { return Ok(()) };
        let data = data.scaled_to_unit().unwrap();
        for loss in [Loss::Logistic, Loss::Exponential] {
            let Ok(mut watch) = Monitors::new(&all(), &loss.on(&data), &start, &svm) else { continue };
            let Ok(mut descent) = Descent::new(&loss.on(&data), &start, rule) else { continue };
            let run = descent.run_watched(30, Record::Every(10), &mut watch, |at| Ok(at.log_risk()));
            prop_assert!(run.is_ok(), "{run:?}");
            for found in watch.watched() {
                prop_assert!(found.seen >= 1 && found.applied <= found.seen && found.violations <= found.applied);
                prop_assert_eq!(found.worst.is_some(), found.applied > 0);
            }
        }
    }
}

#[test]
fn momentum_and_batches_are_refused_at_every_state() {
    let (data, svm, start) = setting(&[2, 2, 1], 0);
    let risk = Loss::Logistic.on(&data);
    let changes: [fn(&mut Descent) -> Result<()>; 2] =
        [|d| d.set_momentum(0.9), |d| d.set_batches(Batches { size: 2, order: Order::Cyclic })];
    for change in changes {
        let mut watch = Monitors::new(&[Monitor::Eq2], &risk, &start, &svm).unwrap();
        let mut descent = Descent::new(&risk, &start, StepRule::Constant(1e-3)).unwrap();
        descent.run_watched(3, Record::Ends, &mut watch, |_| Ok(())).unwrap();
        change(&mut descent).unwrap();
        let message = descent.run_watched(3, Record::Ends, &mut watch, |_| Ok(())).unwrap_err().to_string();
        assert!(message.contains("momentum or mini-batches"), "{message}");
    }
}
