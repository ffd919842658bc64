//! Intervals for shares: published values, the equation they solve, clusters.

use super::*;
use implicit_bias::verdict::wilson_clustered;
use proptest::prelude::*;

#[test]
fn wilson_agrees_with_newcombes_table() {
    // R. G. Newcombe, Statistics in Medicine 17 (1998), Table I, method 3.
    for (k, n, low, high) in
        [(81, 263, 0.2553, 0.3662), (15, 148, 0.0624, 0.1605), (0, 20, 0.0, 0.1611), (1, 29, 0.0061, 0.1718)]
    {
        let found = wilson(k, n).unwrap();
        assert!((found.0 - low).abs() < 5e-5 && (found.1 - high).abs() < 5e-5, "{k}/{n}: {found:?}");
        // The normal approximation would not pass.
        let (p, z) = (k as f64 / n as f64, 1.959_964);
        let wald = p + z * (p * (1.0 - p) / n as f64).sqrt();
        assert!((wald - high).abs() > 5e-4, "{k}/{n}: {wald}");
    }
    assert!(wilson(0, 0).is_err() && wilson(3, 2).is_err());
}

#[test]
fn clusters_are_counted_not_runs() {
    // Four of five data sets, twenty runs each that agree: the interval for 4 of 5, not for 80 of 100.
    let passed: Vec<bool> = (0..100).map(|i| i < 80).collect();
    let clusters: Vec<u64> = (0..100).map(|i| i / 20).collect();
    assert_eq!(wilson_clustered(&passed, &clusters).unwrap(), wilson(4, 5).unwrap());
    assert_ne!(wilson_clustered(&passed, &clusters).unwrap(), wilson(80, 100).unwrap());
    // One failure among runs that all passed moves the interval down, never up.
    let mut all = vec![true; 100];
    let whole = wilson_clustered(&all, &clusters).unwrap();
    assert_eq!(whole, wilson(5, 5).unwrap());
    all[17] = false;
    let one_less = wilson_clustered(&all, &clusters).unwrap();
    assert!(one_less.0 < whole.0 && one_less.1 < whole.1);
    // A large cluster weighs no more than a small one.
    let (passed, clusters) = ([true, true, true, true, true, true, false], [1, 1, 1, 1, 1, 1, 2]);
    assert_eq!(wilson_clustered(&passed, &clusters).unwrap(), wilson(1, 2).unwrap());
    assert!(wilson_clustered(&[], &[]).is_err());
    let error = wilson_clustered(&[true, false], &[1]).unwrap_err().to_string();
    assert!(error.contains("(2) to match passed") && error.contains("(1)"), "{error}");
}

/// How often an interval contains p, where `clusters` of `size` runs pass or fail as one, each with chance p. Exact: the
/// sum over the binomial distribution of the number of clusters that pass.
fn coverage(p: f64, clusters: u64, size: u64, interval: impl Fn(&[bool], &[u64]) -> (f64, f64)) -> f64 {
    let names: Vec<u64> = (0..clusters * size).map(|i| i / size).collect();
    let mut chance = (1.0 - p).powi(clusters as i32);
    let mut covered = 0.0;
    for k in 0..=clusters {
        let passed: Vec<bool> = names.iter().map(|name| *name < k).collect();
        let (low, high) = interval(&passed, &names);
        if low <= p && p <= high {
            covered += chance;
        }
        chance *= (clusters - k) as f64 / (k + 1) as f64 * p / (1.0 - p);
    }
    covered
}

#[test]
fn the_clustered_interval_covers_where_the_plain_one_does_not() {
    let pooled = |passed: &[bool], _: &[u64]| wilson(passed.iter().filter(|p| **p).count(), passed.len()).unwrap();
    let clustered = |passed: &[bool], names: &[u64]| wilson_clustered(passed, names).unwrap();
    for p in [0.2, 0.5, 0.8, 0.9] {
        assert!(coverage(p, 24, 10, clustered) > 0.92, "{p}: {}", coverage(p, 24, 10, clustered));
        assert!(coverage(p, 24, 10, pooled) < 0.6, "{p}: {}", coverage(p, 24, 10, pooled));
    }
}

proptest! {
    #[test]
    fn one_run_a_cluster_is_wilson_to_the_bit(passed in prop::collection::vec(any::<bool>(), 1..200), first in 0u64..1000) {
        let names: Vec<u64> = (0..passed.len() as u64).map(|i| first + 7 * i).collect();
        let k = passed.iter().filter(|p| **p).count();
        prop_assert_eq!(wilson_clustered(&passed, &names).unwrap(), wilson(k, passed.len()).unwrap());
    }

    #[test]
    fn runs_that_agree_count_once(votes in prop::collection::vec((any::<bool>(), 1usize..9), 1..60)) {
        let runs = votes.iter().enumerate().flat_map(|(g, (vote, size))| vec![(*vote, g as u64); *size]);
        let (passed, names): (Vec<bool>, Vec<u64>) = runs.unzip();
        let k = votes.iter().filter(|v| v.0).count();
        prop_assert_eq!(wilson_clustered(&passed, &names).unwrap(), wilson(k, votes.len()).unwrap());
    }

    #[test]
    fn clusters_of_one_size_only_widen(passed in prop::collection::vec(any::<bool>(), 12), size in prop::sample::select(vec![1u64, 2, 3, 4, 6, 12])) {
        let names: Vec<u64> = (0..12).map(|i| i / size).collect();
        let (low, high) = wilson_clustered(&passed, &names).unwrap();
        let plain = wilson(passed.iter().filter(|p| **p).count(), 12).unwrap();
        prop_assert!(low <= plain.0 + 1e-12 && plain.1 <= high + 1e-12, "{low} {high} {plain:?}");
    }

    #[test]
    fn wilson_ends_solve_the_score_equation(n in 1usize..100_000, part in 0.0..=1.0f64) {
        let k = (part * n as f64) as usize;
        let (low, high) = wilson(k, n).unwrap();
        let (seen, trials, z) = (k as f64 / n as f64, n as f64, 1.959_963_984_540_054_f64);
        prop_assert!(0.0 <= low && low <= seen && seen <= high && high <= 1.0);
        for end in [low, high] {
            // (p̂ − p)² = z² p(1 − p)/n at both ends.
            let (left, right) = ((seen - end).powi(2), z * z * end * (1.0 - end) / trials);
            prop_assert!((left - right).abs() <= 1e-12 * (left + right) + 1e-18, "{left} {right}");
        }
        let mirrored = wilson(n - k, n).unwrap();
        prop_assert!((mirrored.0 - (1.0 - high)).abs() < 1e-14 && (mirrored.1 - (1.0 - low)).abs() < 1e-14);
    }
}
