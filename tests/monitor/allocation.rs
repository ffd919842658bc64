//! Watching allocates nothing per step where layers are 2×2 or vectors.

use super::counting::allocations;
use super::{all, setting};
use implicit_bias::prelude::*;

#[test]
fn watching_allocates_nothing_per_step() {
    for widths in [&[2, 2, 2, 2, 1][..], &[2, 1], &[6, 1], &[2, 2, 1]] {
        let (data, svm, start) = setting(widths, 1);
        for rule in [StepRule::JiTelgarsky, StepRule::Normalized { eta: 0.01, power: 1.0 }] {
            let mut watch = Monitors::new(&all(), &Loss::Logistic.on(&data), &start, &svm).unwrap();
            let mut descent = Descent::new(&Loss::Logistic.on(&data), &start, rule).unwrap();
            let mut count = |steps| {
                allocations(|| {
                    let nothing = Record::Every(u64::MAX);
                    drop(descent.run_watched(steps, nothing, &mut watch, |at| Ok(at.log_risk())).unwrap());
                })
            };
            // The first state of all is kept, and a record that is due; later runs keep nothing here.
            count(10);
            assert_eq!(count(10), count(1000), "{widths:?} {rule:?}");
            descent.set_rule(StepRule::Constant(1e-3)).unwrap();
            let by_hand = allocations(|| {
                for _ in 0..100 {
                    descent.step().unwrap();
                    watch.see(&descent.at()).unwrap();
                }
            });
            // What `see` sees it keeps: lists that double.
            assert!(by_hand <= 8 * all().len(), "{widths:?} {rule:?}: {by_hand}");
        }
    }
}
