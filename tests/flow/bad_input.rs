//! What a flow refuses.

use super::{one_point, setting};
use implicit_bias::prelude::*;

fn refused<T>(result: Result<T>, words: &str) {
    match result {
        Ok(_) => panic!("accepted, expected an error with {words:?}"),
        Err(error) => assert!(error.to_string().contains(words), "{error}"),
    }
}

#[test]
fn tolerances() {
    let (data, start) = setting(2, 1);
    let with = |relative, absolute| {
        let solver = Solver::dormand_prince(Clock::Time).within(relative, absolute);
        Flow::new(&Loss::Logistic.on(&data), &start, solver)
    };
    for bad in [0.0, -1e-6, f64::NAN, f64::INFINITY, 1e-17, 0.5] {
        refused(with(bad, 1e-6), "Solver.relative");
    }
    for bad in [0.0, -1e-6, f64::NAN, f64::INFINITY] {
        refused(with(1e-6, bad), "Solver.absolute");
    }
    let mut flow = with(1e-6, 1e-6).unwrap();
    refused(flow.set_solver(Solver::radau(Clock::LogRisk).within(0.0, 1.0)), "Solver.relative");
    assert!(flow.run(Stop::time(1.0), SaveAt::Steps, |_| Ok(())).is_ok(), "nothing changed");
}

#[test]
fn stops_and_marks() {
    let (data, start) = setting(2, 1);
    let mut flow = Flow::new(&Loss::Logistic.on(&data), &start, Solver::dormand_prince(Clock::Time)).unwrap();
    let mut run = |stop: Stop, save| flow.run(stop, save, |_| Ok(()));
    refused(run(Stop::time(f64::NAN), SaveAt::Steps), "Stop.time");
    refused(run(Stop::time(-1.0), SaveAt::Steps), "Stop.time");
    refused(run(Stop::log_time(f64::NAN), SaveAt::Steps), "Stop.log_time");
    refused(run(Stop::log_risk(f64::NAN), SaveAt::Steps), "Stop.log_risk");
    for bad in [0.0, -1.0, f64::NAN, f64::INFINITY] {
        refused(run(Stop::time(1.0), SaveAt::Every(bad)), "SaveAt::Every");
    }
    refused(run(Stop::time(1.0), SaveAt::LogSpaced(0)), "SaveAt::LogSpaced");
    refused(run(Stop::time(1.0), SaveAt::At(vec![0.1, f64::NAN])), "SaveAt::At");
    assert_eq!(flow.steps(), 0);
}

#[test]
fn marks_without_number() {
    let (data, start) = setting(2, 1);
    let mut flow = Flow::new(&Loss::Logistic.on(&data), &start, Solver::dormand_prince(Clock::Time)).unwrap();
    refused(flow.run(Stop::time(1e4), SaveAt::Every(1e-9), |_| Ok(())), "at most 1000000 rows");
    let mut flow = Flow::new(&Loss::Logistic.on(&data), &start, Solver::dormand_prince(Clock::LogRisk)).unwrap();
    let stop = Stop { seconds: 0.2, ..Stop::log_risk(-100.0) };
    let run = flow.run(stop, SaveAt::Every(1e-17), |_| Ok(())).unwrap();
    assert_eq!(run.stopped, Stopped::Seconds);
}

#[test]
fn networks_too_large_for_the_implicit_method() {
    let data = TwoMoons { n: 10, noise: 0.1, constant: None }.sample(1).unwrap();
    let wide = Network::rectified(&[2, 1000, 1], 0.0, Init::He, 1).unwrap();
    refused(Flow::new(&Loss::Logistic.on(&data), &wide, Solver::radau(Clock::Time)), "500 weights");
    assert!(Flow::new(&Loss::Logistic.on(&data), &wide, Solver::dormand_prince(Clock::Time)).is_ok());
}

#[test]
fn networks_and_data() {
    let (data, start) = setting(2, 1);
    let solver = Solver::dormand_prince(Clock::Time);
    refused(Flow::new(&Loss::Logistic.on(&one_point()), &start, solver), "widths");
    let mut broken = start.clone();
    broken.params_mut()[0] = f64::NAN;
    assert!(Flow::new(&Loss::Logistic.on(&data), &broken, solver).is_err());
    assert!(Flow::new(&Loss::Logistic.on(&data), &start.scaled(1e200).unwrap(), solver).is_err());
}

#[test]
fn an_error_of_the_probe_keeps_the_state() {
    let (data, start) = setting(2, 1);
    let mut flow = Flow::new(&Loss::Logistic.on(&data), &start, Solver::dormand_prince(Clock::Time)).unwrap();
    let run = flow.run(Stop::time(10.0), SaveAt::Every(1.0), |at| {
        if at.time() > 3.5 { angle(&[0.0], &[1.0]) } else { Ok(at.time()) }
    });
    assert!(run.is_err());
    assert!(
        flow.at().time() >= 3.5
            && flow.run(Stop::time(10.0), SaveAt::Steps, |at| Ok(at.time())).unwrap().last() == &10.0
    );
}
