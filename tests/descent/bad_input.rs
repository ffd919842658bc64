//! Every parameter out of range gets an error that names it; nothing panics and no NaN goes on.

use super::setting;
use implicit_bias::prelude::*;
use proptest::prelude::*;

fn message(rule: StepRule, loss: Loss) -> String {
    let (data, start) = setting(0);
    Descent::new(&loss.on(&data), &start, rule).unwrap_err().to_string()
}

#[test]
fn rules_refuse_parameters_out_of_range() {
    for bad in [0.0, -1.0, f64::NAN, f64::INFINITY] {
        assert!(message(StepRule::Constant(bad), Loss::Logistic).contains("Constant"));
        assert!(message(StepRule::LossScaled(bad), Loss::Logistic).contains("LossScaled"));
        assert!(message(StepRule::Normalized { eta: bad, power: 1.0 }, Loss::Logistic).contains("Normalized.eta"));
        if bad != f64::INFINITY {
            assert!(message(StepRule::Armijo { cap: bad }, Loss::Logistic).contains("Armijo.cap"));
        }
    }
    assert!(message(StepRule::Normalized { eta: 1.0, power: -1.0 }, Loss::Logistic).contains("power"));
    let no_constants = message(StepRule::JiTelgarsky, Loss::Exponential);
    assert!(no_constants.contains("β") && no_constants.contains("Exponential"), "{no_constants}");
}

#[test]
fn the_papers_step_wants_scaled_data() {
    let (data, start) = setting(0);
    let twice = Dataset::new(&data.x() * 2.0, data.y().to_owned()).unwrap();
    let message = Descent::new(&Loss::Logistic.on(&twice), &start, StepRule::JiTelgarsky).unwrap_err().to_string();
    assert!(message.contains("max ‖x‖ ≤ 1") && message.contains("scaled_to_unit"), "{message}");
    let scaled = twice.scaled_to_unit().unwrap();
    assert!(Descent::new(&Loss::Logistic.on(&scaled), &start, StepRule::JiTelgarsky).is_ok());
}

#[test]
fn stops_and_records_refuse_nonsense() {
    let (data, start) = setting(0);
    let mut d = Descent::new(&Loss::Logistic.on(&data), &start, StepRule::Constant(0.1)).unwrap();
    let all = Stop::steps(1);
    let stops = [
        (Stop { risk: f64::NAN, ..all }, "Stop.risk"),
        (Stop { risk: -1.0, ..all }, "Stop.risk"),
        (Stop { log_risk: f64::NAN, ..all }, "Stop.log_risk"),
        (Stop { grad_norm: -1.0, ..all }, "Stop.grad_norm"),
        (Stop { seconds: f64::NAN, ..all }, "Stop.seconds"),
    ];
    for (stop, name) in stops {
        let message = d.run(stop, Record::Every(1), |_| Ok(())).unwrap_err().to_string();
        assert!(message.contains(name), "{message}");
    }
    assert!(d.run(1, Record::Every(0), |_| Ok(())).is_err());
    assert!(d.run(1, Record::LogSpaced(0), |_| Ok(())).is_err());
    assert!(d.run(1, Record::LogSpaced(u32::MAX), |_| Ok(())).is_err());
}

#[test]
fn an_error_of_the_probe_comes_back_and_the_state_stays() {
    let (data, start) = setting(0);
    let mut d = Descent::new(&Loss::Logistic.on(&data), &start, StepRule::Constant(0.1)).unwrap();
    let probe = |at: &At| if at.step < 5 { Ok(()) } else { angle(&array![0.0], &array![1.0]).map(drop) };
    assert!(d.run(100, Record::Every(1), probe).is_err());
    assert_eq!(d.steps(), 5);
    assert!(d.run(10, Record::Every(1), |at| Ok(at.risk())).is_ok());
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(1000))]

    #[test]
    fn any_start_data_and_step_end_in_finite_rows_or_an_error(
        x in prop::collection::vec(prop::num::f64::NORMAL | prop::num::f64::ZERO, 6),
        w in prop::collection::vec(prop::num::f64::NORMAL | prop::num::f64::ZERO, 6),
        eta in prop::num::f64::POSITIVE | prop::num::f64::NORMAL,
        kind in 0..5,
    ) {
        let rule = match kind {
            0 => StepRule::Constant(eta),
            1 => StepRule::JiTelgarskyTight,
            2 => StepRule::Armijo { cap: eta },
            3 => StepRule::LossScaled(eta),
            _ => StepRule::Normalized { eta, power: 1.0 },
        };
        let data = Dataset::new(Array2::from_shape_vec((3, 2), x).unwrap(), array![1.0, -1.0, 1.0]).unwrap();
        let layers = [Array2::from_shape_vec((2, 2), w[..4].to_vec()).unwrap(), array![[w[4], w[5]]]];
        let start = Network::from_layers(&layers).unwrap();
        for loss in [Loss::Logistic, Loss::Exponential] {
            let run = Descent::new(&loss.on(&data), &start, rule)
                .and_then(|mut d| d.run(20, Record::Every(1), |at| Ok((at.log_risk(), at.network.clone()))));
            if let Ok(run) = run {
                for (log_risk, network) in &run.rows {
                    prop_assert!(log_risk.is_finite(), "{rule:?} {log_risk} {:?}", run.stopped);
                    prop_assert!(network.params().iter().all(|w| w.is_finite()), "{rule:?}");
                }
            }
        }
    }
}
