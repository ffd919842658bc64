//! Where neither the risk nor the time nor the step is a number any more.

use super::setting;
use implicit_bias::prelude::*;

#[test]
fn the_monitors_go_on_to_a_log_risk_of_minus_a_million() {
    for widths in [&[2, 1][..], &[2, 2, 1], &[2, 2, 2, 2, 1]] {
        let (data, svm, start) = setting(widths, 1);
        let monitors = [
            Monitor::Assumption2,
            Monitor::RiskFalls,
            Monitor::Lemma1,
            Monitor::Lemma2Product,
            Monitor::Lemma4,
            Monitor::Lemma5,
            Monitor::Lemma7Time,
            Monitor::Lemma7Ball,
            Monitor::Lemma8Identity,
        ];
        let watch = Monitors::new(&monitors, &Loss::Logistic.on(&data), &start, &svm).unwrap();
        let mut watch = watch.with_tolerance(1e-10).unwrap();
        // ln R is as large as w_prod is long.
        let eta = if widths.len() == 2 { 100.0 } else { 0.02 };
        let mut descent =
            Descent::new(&Loss::Logistic.on(&data), &start, StepRule::Normalized { eta, power: 1.0 }).unwrap();
        let stop = Stop { log_risk: -1e6, ..Stop::steps(1_000_000) };
        let run = descent.run_watched(stop, Record::Every(1_000_000), &mut watch, |at| Ok(at.log_risk())).unwrap();
        assert!(run.stopped == Stopped::Risk && *run.last() <= -1e6);
        for found in watch.watched() {
            assert!(found.worst.is_none_or(|w| !w.slack.is_nan()), "{watch}");
        }
        let sums = [Monitor::Lemma1, Monitor::Lemma5, Monitor::Lemma7Time, Monitor::Lemma7Ball];
        for monitor in sums.iter().filter(|_| widths.len() > 2) {
            assert!(watch.get(*monitor).unwrap().holds(), "{widths:?}\n{watch}");
        }
        if widths.len() > 2 {
            assert!(watch.get(Monitor::Lemma8Identity).unwrap().least_slack().unwrap() > -1e-10, "{watch}");
        }
    }
}
