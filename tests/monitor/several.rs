//! One monitor in several runs.

use implicit_bias::prelude::*;

#[test]
fn least_slacks_are_those_of_the_runs_in_their_order() {
    let watch = |seed: u64| {
        let data = Separable { n: 20, d: 2, margin: 0.2, next_margin: 0.4 }.sample(seed)?;
        let (risk, svm) = (Loss::Logistic.on(&data), MaxMargin::fit(&data)?);
        let draw = |draw| Network::linear(&[2, 2, 1], Init::Gaussian(0.4), draw);
        let start = admissible_start(&risk, seed, draw)?;
        let mut watch = Monitors::new(&[Monitor::Eq4, Monitor::Lemma4], &risk, &start, &svm)?;
        Descent::new(&risk, &start, StepRule::JiTelgarsky)?.run_watched(50, Record::Ends, &mut watch, |_| Ok(()))?;
        Ok::<_, Error>(watch)
    };
    let runs: Vec<Monitors> = (1..=4).map(|seed| watch(seed).unwrap()).collect();
    let each = |run: &Monitors| run.get(Monitor::Eq4).unwrap().least_slack().unwrap();
    assert_eq!(least_slacks(&runs, Monitor::Eq4).unwrap(), runs.iter().map(each).collect::<Vec<f64>>());
    // Lemma 4 waits for a w far aside of ū, which these short runs never have.
    assert!(runs.iter().all(|run| run.get(Monitor::Lemma4).unwrap().applied == 0));
    assert_eq!(least_slacks(&runs, Monitor::Lemma4).unwrap(), [0.0; 0]);
    assert!(least_slacks(&runs, Monitor::Eq2).unwrap_err().to_string().contains("one of Eq4, Lemma4"));
}
