//! Sweeps against the same work done one after the other.

mod files;
mod interrupted;
mod merge;
mod recording;
mod refused;
mod shares;
mod study;

use implicit_bias::prelude::*;
use std::collections::HashSet;
use std::process::{Command, Output};
use std::sync::atomic::{AtomicUsize, Ordering::SeqCst};
use std::sync::{Barrier, Mutex};
use std::thread;
use std::time::{Duration, Instant};

/// A small descent: its bits depend on nothing but the seed.
fn log_risk(seed: u64) -> Result<f64> {
    let data = Separable { n: 20, d: 2, margin: 0.2, next_margin: 0.4 }.sample(seed)?;
    let start = Network::linear(&[2, 2, 1], Init::Gaussian(0.5), seed)?;
    let mut descent = Descent::new(&Loss::Logistic.on(&data), &start, StepRule::Armijo { cap: 1.0 })?;
    Ok(*descent.run(200, Record::At(vec![]), |at| Ok(at.log_risk()))?.last())
}

/// The ignored test `name` of this file as a process of its own, whose environment is free to change.
fn command(name: &str) -> Command {
    let mut command = Command::new(std::env::current_exe().unwrap());
    command.args(["--exact", name, "--ignored", "--nocapture", "--test-threads=1"]);
    for (variable, _) in std::env::vars_os() {
        if variable.to_str().is_some_and(|name| name.starts_with("IMPLICIT_BIAS_") || name.starts_with("SLURM_")) {
            command.env_remove(variable);
        }
    }
    command
}

/// Runs such a test to its end.
fn child(name: &str, environment: &[(&str, &str)]) -> Output {
    let mut command = command(name);
    command.envs(environment.iter().copied()).output().unwrap()
}

/// What such a test printed after `key`.
fn said<'a>(output: &'a Output, key: &str) -> &'a str {
    let text = str::from_utf8(&output.stdout).unwrap();
    let line = text.lines().find_map(|line| line.split_once(key));
    line.unwrap_or_else(|| panic!("no {key:?} in {text}\n{}", String::from_utf8_lossy(&output.stderr))).1
}

#[test]
fn results_stand_in_the_order_of_the_items() {
    // Early items take longest, so that they end last.
    let slow = |k: u64| {
        thread::sleep(Duration::from_millis(if k < 4 { 20 } else { 0 }));
        Ok(10 * k)
    };
    assert_eq!(sweep(0..40, slow).unwrap(), (0..40).map(|k| 10 * k).collect::<Vec<_>>());
    let words = vec!["a".to_string(), "b".to_string()];
    assert_eq!(sweep(&words, |word| Ok(word.len())).unwrap(), [1, 1]);
    assert_eq!(sweep(Vec::<u8>::new(), Ok).unwrap(), Vec::<u8>::new());
}

#[test]
#[ignore = "run by the test below"]
fn print_bits() {
    let threads = Mutex::new(HashSet::new());
    // The first items meet here, so that every thread gets one.
    let count = std::env::var("IMPLICIT_BIAS_THREADS").ok().and_then(|text| text.trim().parse().ok()).unwrap_or(1);
    let meeting = Barrier::new(count);
    let rows = sweep(1..=64, |seed| {
        threads.lock().unwrap().insert(thread::current().id());
        if seed <= count as u64 {
            meeting.wait();
        }
        log_risk(seed)
    });
    println!("bits: {:?}", rows.map(|rows| rows.into_iter().map(f64::to_bits).collect::<Vec<_>>()));
    println!("threads: {}", threads.into_inner().unwrap().len());
}

#[test]
fn one_thread_and_several_give_the_same_bits() {
    let alone = child("print_bits", &[("IMPLICIT_BIAS_THREADS", "1")]);
    let three = child("print_bits", &[("IMPLICIT_BIAS_THREADS", " 3 ")]);
    let expected: Vec<u64> = (1..=64).map(|seed| log_risk(seed).unwrap().to_bits()).collect();
    assert_eq!(said(&alone, "bits: "), format!("Ok({expected:?})"));
    assert_eq!(said(&three, "bits: "), said(&alone, "bits: "));
    assert_eq!((said(&alone, "threads: "), said(&three, "threads: ")), ("1", "3"));
    for bad in ["0", "-1", "two", "", "1.5"] {
        let found = child("print_bits", &[("IMPLICIT_BIAS_THREADS", bad)]);
        let message = format!("Err(IMPLICIT_BIAS_THREADS: expected a number of threads from 1, found {bad:?})");
        assert_eq!(said(&found, "bits: "), message);
    }
    // A Slurm task keeps to the cores that it was given, unless it is told otherwise.
    let task = child("print_bits", &[("SLURM_CPUS_PER_TASK", "1")]);
    assert_eq!(said(&task, "threads: "), "1");
    let told = child("print_bits", &[("SLURM_CPUS_PER_TASK", "1"), ("IMPLICIT_BIAS_THREADS", "3")]);
    assert_eq!(said(&told, "threads: "), "3");
    let bad = child("print_bits", &[("SLURM_CPUS_PER_TASK", "all")]);
    assert_eq!(said(&bad, "bits: "), "Err(SLURM_CPUS_PER_TASK: expected a number of threads from 1, found \"all\")");
}

/// Items 5 and 6 fail, 6 at once and 5 late: on any number of threads it is 5 that is reported, as on one.
#[test]
fn the_first_failing_item_is_named() {
    let begun = AtomicUsize::new(0);
    let items = grid([0.25, 0.5], 0..100);
    let error = sweep(&items, |&(slope, seed)| {
        begun.fetch_add(1, SeqCst);
        match seed {
            5 => thread::sleep(Duration::from_millis(50)),
            6 => {}
            _ => return Ok(()),
        }
        Err(Network::linear(&[0, 1], Init::Gaussian(slope), seed).unwrap_err())
    })
    .unwrap_err();
    let Error::Item { index, item, error: cause } = &error else { panic!("{error}") };
    assert_eq!((*index, item.as_str()), (5, "(0.25, 5)"));
    assert_eq!(error.to_string(), format!("items[5] = (0.25, 5): {cause}"));
    assert!(begun.into_inner() < 100, "the sweep went on after the failure");
}

#[test]
fn a_panic_comes_through_and_the_earlier_failure_wins() {
    let run = |first_error: u64, panic: u64| {
        std::panic::catch_unwind(|| {
            sweep(0..1000, |k| {
                assert!(k != panic, "item {k} is not for us");
                if k == first_error { Err(log_risk_of_nothing()) } else { Ok(k) }
            })
        })
    };
    let payload = run(u64::MAX, 7).unwrap_err();
    assert_eq!(payload.downcast_ref::<String>().unwrap(), "item 7 is not for us");
    assert!(run(8, 7).is_err());
    assert!(matches!(run(6, 7), Ok(Err(Error::Item { index: 6, .. }))));
}

fn log_risk_of_nothing() -> Error {
    Dataset::new(Array2::zeros((0, 2)), array![]).unwrap_err()
}

#[test]
fn long_sweeps_say_how_far_they_are() {
    let found = child("sweep_for_six_seconds", &[("IMPLICIT_BIAS_THREADS", "2")]);
    let line = said(&found, "sweep: ");
    let (done, left) = line.split_once(" of 24, about ").unwrap();
    let (done, left): (f64, f64) = (done.parse().unwrap(), left.strip_suffix(" s left").unwrap().parse().unwrap());
    assert!((18.0..=22.0).contains(&done) && (0.0..=3.0).contains(&left), "{line}");
    let lines = String::from_utf8(found.stdout).unwrap().matches("sweep: ").count();
    assert_eq!(lines, 1, "none in the first five seconds, none at the end");
}

#[test]
#[ignore = "run by the test above"]
fn sweep_for_six_seconds() {
    sweep(0..24, |_| {
        thread::sleep(Duration::from_millis(500));
        Ok(())
    })
    .unwrap();
}

#[test]
fn a_sweep_of_sleeps_runs_side_by_side() {
    let clock = Instant::now();
    let found = child("sweep_for_six_seconds", &[("IMPLICIT_BIAS_THREADS", "24")]);
    assert!(found.status.success());
    assert!(clock.elapsed() < Duration::from_secs(5), "24 sleeps of half a second took {:?}", clock.elapsed());
}
