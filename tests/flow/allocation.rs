//! The explicit method allocates nothing while it runs.

use super::counting::allocations;
use super::setting;
use implicit_bias::prelude::*;

#[test]
fn a_longer_flow_allocates_no_more_than_a_short_one() {
    let (data, start) = setting(4, 1);
    let count = |clock, log_risk| {
        let mut flow = Flow::new(&Loss::Logistic.on(&data), &start, Solver::dormand_prince(clock)).unwrap();
        allocations(|| {
            let run = flow.run(Stop::log_risk(log_risk), SaveAt::At(vec![]), |_| Ok(())).unwrap();
            assert_eq!(run.stopped, Stopped::Risk);
        })
    };
    for clock in [Clock::Time, Clock::LogTime, Clock::LogRisk] {
        assert_eq!(count(clock, -20.0), count(clock, -2.0), "{clock:?}");
    }
}
