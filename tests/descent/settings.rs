//! What a run can be told and asked beyond its rule: conditions on any state, ends alone, marks that were missed, first trials,
//! step sizes by their logarithm, observers.

use implicit_bias::descent::Observer;
use implicit_bias::prelude::*;

fn data() -> Dataset {
    Separable { n: 20, d: 2, margin: 0.2, next_margin: 0.4 }.sample(3).unwrap()
}

fn descent(rule: StepRule) -> Descent {
    let start = Network::linear(&[2, 3, 1], Init::Gaussian(0.4), 1).unwrap();
    Descent::new(&Loss::Logistic.on(&data()), &start, rule).unwrap()
}

#[test]
fn a_condition_on_any_state_ends_the_run_where_it_comes_true_first() {
    let every = descent(StepRule::Constant(0.5)).run(500, Record::Every(1), |at| Ok((at.step, at.log_risk()))).unwrap();
    let first = every.rows.iter().find(|row| row.1 < -2.0).unwrap().0;
    assert!(first > 1 && first < 500);
    let mut asked = 0;
    let reached = |at: &At| {
        asked += 1;
        Ok(at.log_risk() < -2.0)
    };
    let run = descent(StepRule::Constant(0.5)).run_reaching(500, Record::Ends, reached, |at| Ok(at.step)).unwrap();
    assert_eq!((run.rows, run.stopped, asked), (vec![0, first], Stopped::Row, first + 1));
    let never =
        descent(StepRule::Constant(0.5)).run_reaching(7, Record::Ends, |_| Ok(false), |at| Ok(at.step)).unwrap();
    assert_eq!((never.rows, never.stopped), (vec![0, 7], Stopped::Steps));
}

#[test]
fn marks_past_the_end_are_counted_and_said() {
    let run = descent(StepRule::Constant(0.1)).run(10, Record::At(vec![3, 11, 40]), |at| Ok(at.step)).unwrap();
    assert_eq!((run.rows.clone(), run.missed), (vec![0, 3, 10], 2));
    assert!(format!("{run:?}").contains("2 marks past the end"));
    let all = descent(StepRule::Constant(0.1)).run(40, Record::At(vec![3, 40]), |at| Ok(at.step)).unwrap();
    assert!(all.missed == 0 && !format!("{all:?}").contains("past the end"));
}

#[test]
fn a_continued_run_keeps_the_rows_of_one_long_run() {
    let whole = descent(StepRule::Constant(0.1)).run(1000, Record::LogSpaced(7), |at| Ok(at.step)).unwrap();
    let mut parts = descent(StepRule::Constant(0.1));
    let first = parts.run(130, Record::LogSpaced(7), |at| Ok(at.step)).unwrap();
    let second = parts.run(870, Record::LogSpaced(7), |at| Ok(at.step)).unwrap();
    let mut joined = first.then(second).rows;
    joined.retain(|step| *step != 130 || whole.rows.contains(&130));
    assert_eq!(joined, whole.rows);
}

#[test]
fn line_searches_begin_where_they_are_told_and_go_on_where_they_were() {
    let mut search = descent(StepRule::Armijo { cap: f64::INFINITY });
    search.set_trial(1e-3).unwrap();
    search.step().unwrap();
    assert_eq!((search.at().step_size(), search.trial()), (1e-3, Some(2e-3)));
    search.set_rule(StepRule::Armijo { cap: 1.5e-3 }).unwrap();
    assert_eq!(search.trial(), Some(1.5e-3));
    search.set_rule(StepRule::Constant(0.1)).unwrap();
    assert_eq!(search.trial(), None);
    assert!(search.set_trial(0.1).unwrap_err().to_string().contains("Armijo"));
    search.set_rule(StepRule::Armijo { cap: 4.0 }).unwrap();
    assert_eq!(search.trial(), Some(1.0));
    for bad in [0.0, -1.0, f64::NAN, f64::INFINITY] {
        assert!(search.set_trial(bad).is_err(), "{bad}");
    }
    assert_eq!(search.trial(), Some(1.0));
}

#[test]
fn a_step_by_its_logarithm_is_the_same_step_on_all_points_and_on_batches() {
    for batches in [None, Some(Batches { size: 6, order: Order::Shuffled(2) })] {
        let end = |rule| {
            let mut descent = descent(rule);
            if let Some(batches) = batches {
                descent.set_batches(batches).unwrap();
            }
            descent.run(40, Record::Ends, |_| Ok(())).unwrap();
            (descent.network().params().to_vec(), descent.at().time())
        };
        let plain = end(StepRule::custom(|_| 0.1));
        let (logarithm, time) = end(StepRule::custom(|_| StepSize::from_ln(0.1_f64.ln())));
        let off = |other: &[f64]| plain.0.iter().zip(other).map(|(a, b)| (a - b).abs()).fold(0.0, f64::max);
        assert!(off(&logarithm) < 1e-13 && (time - 4.0).abs() < 1e-12, "{:e}, {time}", off(&logarithm));
        assert!(off(&end(StepRule::custom(|_| 0.1001)).0) > 1e-6);
    }
    let message = descent(StepRule::custom(|_| StepSize::from_ln(f64::INFINITY))).step().unwrap_err().to_string();
    assert!(message.contains("a finite step size > 0"), "{message}");
}

#[test]
fn the_next_step_and_the_papers_radius_can_be_read() {
    let mut paper = descent(StepRule::JiTelgarsky);
    for _ in 0..30 {
        let (next, radius) = (paper.at().next_step_size().unwrap(), paper.at().radius().unwrap());
        let largest = largest(frobenius_norms(paper.network()).unwrap()).unwrap();
        assert!(radius >= largest.ceil() + 1.0 - 1e-12);
        let bound = smoothness_bound(Loss::Logistic, 2, radius).unwrap();
        assert!((next * bound - 1.0).abs() < 1e-12);
        paper.step().unwrap();
        assert_eq!(paper.at().step_size(), next);
    }
    assert_eq!(descent(StepRule::Constant(0.1)).at().radius(), None);
    assert_eq!(descent(StepRule::Armijo { cap: 1.0 }).at().next_step_size(), None);
}

struct Counting {
    seen: Vec<(u64, bool)>,
    risk: bool,
}

impl Observer for Counting {
    fn see(&mut self, at: &At<'_>, kept: bool) -> Result<()> {
        // Without a need the risk is there where a row is kept, and may be missing elsewhere.
        assert!(at.risk().is_finite() || !(self.risk || kept));
        self.seen.push((at.step, kept));
        Ok(())
    }

    fn needs_risk(&self) -> bool {
        self.risk
    }
}

#[test]
fn observers_see_each_state_once_and_change_nothing() {
    let plain = descent(StepRule::Constant(0.3)).run(12, Record::Every(5), |at| Ok((at.step, at.risk()))).unwrap();
    for risk in [true, false] {
        let mut observer = Counting { seen: vec![], risk };
        let mut watched = descent(StepRule::Constant(0.3));
        let run = watched.run_watched(12, Record::Every(5), &mut observer, |at| Ok((at.step, at.risk()))).unwrap();
        assert_eq!(run.rows, plain.rows);
        let expected: Vec<(u64, bool)> = (0..=12).map(|step| (step, step % 5 == 0)).collect();
        assert_eq!(observer.seen, expected);
    }
}

#[test]
fn a_divergence_says_what_overflowed_and_later_runs_count_from_there() {
    let risk = Risk::squares(&Regression::new(array![[1.0], [2.0]], array![1.0, 3.0]).unwrap());
    let start = Network::linear(&[1, 1], Init::Zeros, 0).unwrap();
    let mut descent = Descent::new(&risk, &start, StepRule::Constant(1e3)).unwrap();
    let diverged = descent.run(1000, Record::Ends, |_| Ok(())).unwrap().diverged.unwrap();
    assert!(["the mean square", "the squared gradient"].contains(&diverged.quantity), "{diverged}");
    // One batch a run: the batch of a run finds wanting what the run before it stepped to.
    let mut sgd = Descent::new(&risk, &start, StepRule::Constant(1e3)).unwrap();
    sgd.set_batches(Batches { size: 1, order: Order::Cyclic }).unwrap();
    let ends =
        (0..1000).map(|_| sgd.run(1, Record::Ends, |_| Ok(())).unwrap()).find(|run| run.stopped != Stopped::Steps);
    let end = ends.unwrap();
    assert!(end.stopped == Stopped::Diverged && end.steps <= 1, "{end:?}");
    assert!(sgd.network().params()[0].is_finite());
}
