//! Along gradient flow itself: what Theorem 1 and its lemmas promise, and what breaks them.

use super::{setting, trap};
use implicit_bias::prelude::*;

fn watch_flow(solver: Solver, start: &Network, data: &Dataset, stop: Stop, save: SaveAt, tolerance: f64) -> Monitors {
    let svm = MaxMargin::fit(data).unwrap();
    let mut monitors = Monitor::FLOW.to_vec();
    // Cauchy & Schwarz gives the flow twice what it gives descent.
    monitors.push(Monitor::Lemma7Time);
    let watch = Monitors::new(&monitors, &Loss::Logistic.on(data), start, &svm).unwrap();
    let mut watch = watch.with_tolerance(tolerance).unwrap();
    let mut flow = Flow::new(&Loss::Logistic.on(data), start, solver).unwrap();
    let run = flow.run(stop, save, |at| watch.see(at)).unwrap();
    assert_eq!(watch.get(Monitor::Eq2).unwrap().seen, run.rows.len() as u64);
    watch
}

#[test]
fn a_tight_flow_violates_nothing() {
    for widths in [&[2, 1][..], &[2, 2, 1], &[3, 4, 1], &[2, 2, 2, 2, 1]] {
        for seed in 0..3 {
            let (data, _, start) = setting(widths, seed);
            let solver = Solver::dormand_prince(Clock::Time).within(1e-13, 1e-13);
            for save in [SaveAt::Steps, SaveAt::LogSpaced(10)] {
                let watch = watch_flow(solver, &start, &data, Stop::time(1e3), save, 1e-12);
                assert!(watch.hold(), "{widths:?}, seed {seed}\n{watch}");
                assert!(watch.get(Monitor::Lemma1).unwrap().applied > 10, "{watch}");
            }
        }
    }
}

#[test]
fn to_the_far_end() {
    for widths in [&[2, 1][..], &[2, 2, 1], &[2, 2, 2, 2, 1]] {
        let (data, _, start) = setting(widths, 1);
        let solver = Solver::radau(Clock::LogRisk).within(1e-10, 1e-10);
        let watch = watch_flow(solver, &start, &data, Stop::log_risk(-1e6), SaveAt::Steps, 1e-8);
        assert!(watch.hold(), "{widths:?}\n{watch}");
        if widths.len() > 2 {
            let product = watch.get(Monitor::Lemma2Product).unwrap();
            assert!(product.applied > 10, "{watch}");
        }
    }
}

#[test]
fn a_loose_flow_breaks_what_flow_conserves() {
    let (data, _, start) = setting(&[2, 2, 2, 1], 2);
    let solver = Solver::dormand_prince(Clock::Time).within(1e-4, 1e-4);
    let watch = watch_flow(solver, &start, &data, Stop::time(1e3), SaveAt::Steps, 1e-12);
    for monitor in [Monitor::Eq2, Monitor::Eq3] {
        assert!(!watch.get(monitor).unwrap().holds(), "{watch}");
    }
}

#[test]
fn appendix_a_s_start_flows_into_the_violation() {
    let (data, start) = trap();
    let watch = watch_flow(
        Solver::dormand_prince(Clock::Time),
        &start,
        &data,
        Stop::time(20.0),
        SaveAt::At(vec![0.5, 1.0, 2.0]),
        1e-9,
    );
    let [assumption, lemma] = [Monitor::Assumption2, Monitor::Lemma1].map(|m| watch.get(m).unwrap().clone());
    assert_eq!(assumption.first.unwrap().log_time, f64::NEG_INFINITY);
    // t ≥ 1 is time here, not steps: 1, 2 and 20.
    assert!(lemma.applied == 3 && lemma.violations == 3 && lemma.first.unwrap().log_time.abs() < 1e-12, "{watch}");
}

#[test]
fn what_needs_a_step_size_refuses_a_flow() {
    let (data, svm, start) = setting(&[2, 2, 1], 3);
    for monitor in [Monitor::Eq4, Monitor::Lemma8Identity] {
        let mut watch = Monitors::new(&[monitor], &Loss::Logistic.on(&data), &start, &svm).unwrap();
        let mut flow = Flow::new(&Loss::Logistic.on(&data), &start, Solver::dormand_prince(Clock::Time)).unwrap();
        let message = flow.run(Stop::time(1.0), SaveAt::Steps, |at| watch.see(at)).unwrap_err().to_string();
        assert!(message.contains("a flow has none") && message.contains(&monitor.to_string()), "{message}");
    }
}
