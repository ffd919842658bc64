//! Both sides at the states that are kept; states whose trained layers change; tiny starts.

use implicit_bias::prelude::*;

fn setting() -> (Dataset, MaxMargin, Network) {
    let data = Separable { n: 40, d: 2, margin: 0.2, next_margin: 0.4 }.sample(3).unwrap();
    let svm = MaxMargin::fit(&data).unwrap();
    let draw = |draw| Network::linear(&[2, 2, 2, 1], Init::Gaussian(0.4), draw);
    let start = admissible_start(&Loss::Logistic.on(&data), 3, draw).unwrap();
    (data, svm, start)
}

#[test]
fn a_watched_descent_keeps_both_sides_where_its_record_is_due() {
    let (data, svm, start) = setting();
    let mut watch = Monitors::new(&[Monitor::Lemma8Rank], &Loss::Logistic.on(&data), &start, &svm).unwrap();
    let mut descent = Descent::new(&Loss::Logistic.on(&data), &start, StepRule::JiTelgarsky).unwrap();
    let run = descent.run_watched(1000, Record::Every(100), &mut watch, |at| {
        let gaps = rank_one_gaps(at.network)?;
        let norms = frobenius_norms(at.network)?.into_iter().zip(spectral_norms(at.network)?);
        Ok((at.step, gaps.iter().zip(norms).map(|(g, (f, s))| g * f * (f + s)).fold(0.0, f64::max)))
    });
    let (run, rank) = (run.unwrap(), watch.get(Monitor::Lemma8Rank).unwrap());
    assert_eq!((rank.seen, rank.kept.len()), (1001, run.rows.len()));
    for (row, kept) in run.rows.iter().zip(&rank.kept) {
        assert_eq!(row.0, kept.step);
        assert!((row.1 - kept.left).abs() < 1e-12 && kept.slack > 0.0);
    }
    let bound = rank.series(|s| s.step as f64, |s| s.right).unwrap();
    assert!(bound.y().iter().all(|y| *y == bound.y()[0]) && bound.x()[10] == 1000.0);
}

#[test]
fn eq_4_reads_the_gradient_of_the_layers_that_are_trained_now() {
    let (data, svm, start) = setting();
    for (first, then) in [(&[1, 2, 3][..], &[1][..]), (&[3], &[1])] {
        let watched = [Monitor::Eq4, Monitor::Lemma8Traces];
        let mut watch = Monitors::new(&watched, &Loss::Logistic.on(&data), &start, &svm).unwrap();
        let mut descent = Descent::new(&Loss::Logistic.on(&data), &start, StepRule::JiTelgarsky).unwrap();
        descent.train_only(first).unwrap();
        descent.run_watched(10, Record::Every(1), &mut watch, |_| Ok(())).unwrap();
        descent.train_only(then).unwrap();
        descent.run_watched(100, Record::Every(1), &mut watch, |_| Ok(())).unwrap();
        assert!(watch.hold(), "{watch}");
    }
}

#[test]
fn lemma_1_holds_next_to_the_saddle_too() {
    // ℓ(0) − R = w²/2 of ln 2: from ln R alone it would lose up to all its digits.
    let data = Dataset::new(array![[1.0]], array![1.0]).unwrap();
    let svm = MaxMargin::fit(&data).unwrap();
    for w in [1e-2, 1e-4, 1e-6, 1e-8] {
        let start = Network::from_layers(&[array![[w]], array![[w]]]).unwrap();
        for loss in [Loss::Logistic, Loss::Exponential] {
            let mut watch = Monitors::new(&[Monitor::Lemma1], &loss.on(&data), &start, &svm).unwrap();
            let mut descent = Descent::new(&loss.on(&data), &start, StepRule::Constant(0.01)).unwrap();
            descent.run_watched(100, Record::Every(1), &mut watch, |_| Ok(())).unwrap();
            let slack = watch.get(Monitor::Lemma1).unwrap().least_slack().unwrap();
            assert!((-1e-12..1.0).contains(&slack), "w = {w}, {loss:?}: {slack:e}");
        }
    }
}

#[test]
fn shrinking_weights_raise_no_false_alarm() {
    // Appendix A's start runs into zero; what is conserved was rounded at the size of the start.
    let data = Dataset::new(array![[1.0]], array![1.0]).unwrap();
    let svm = MaxMargin::fit(&data).unwrap();
    let trap = Network::from_layers(&[array![[0.5]], array![[-0.5]]]).unwrap();
    let mut watch = Monitors::new(&[Monitor::Lemma8Identity], &Loss::Exponential.on(&data), &trap, &svm).unwrap();
    let mut descent = Descent::new(&Loss::Exponential.on(&data), &trap, StepRule::Constant(0.1)).unwrap();
    descent.run_watched(1000, Record::Every(100), &mut watch, |_| Ok(())).unwrap();
    assert!(watch.hold(), "{watch}");
}
