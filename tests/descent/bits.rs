//! The same bits whenever, on whatever thread and whatever vector unit.

use super::descent;
use implicit_bias::prelude::*;
use std::process::Command;

fn bits_after(steps: u64, seed: u64) -> Vec<u64> {
    let mut d = descent(StepRule::Constant(0.1), seed);
    d.run(steps, Record::LogSpaced(10), |at| Ok(at.risk())).unwrap();
    d.network().params().iter().map(|w| w.to_bits()).collect()
}

#[test]
fn a_million_steps_repeat_to_the_bit_on_one_thread_or_two() {
    let alone = bits_after(1_000_000, 8);
    let beside: Vec<_> = std::thread::scope(|s| {
        let threads = [s.spawn(|| bits_after(1_000_000, 8)), s.spawn(|| bits_after(1_000_000, 8))];
        threads.map(|t| t.join().unwrap()).into()
    });
    assert!(beside.iter().all(|bits| *bits == alone));
    assert_ne!(bits_after(1000, 8), bits_after(1001, 8), "negative control");
}

/// Bits after some steps by every rule and shape; printed by a child process that was asked for a narrower unit.
fn summary() -> String {
    let shown = format!("{:?}", descent(StepRule::Constant(0.1), 0));
    let unit = shown.split(" on ").nth(1).and_then(|rest| rest.split(',').next()).unwrap();
    let mut out = format!("{unit} ");
    let rules = [StepRule::Constant(0.1), StepRule::LossScaled(0.05), StepRule::Armijo { cap: 1.0 }];
    for rule in rules {
        for widths in [&[2, 2, 2, 1][..], &[3, 4, 1], &[5, 1], &[2, 3, 3, 1]] {
            let data = Separable { n: 21, d: widths[0], margin: 0.1, next_margin: 0.2 }.sample(3).unwrap();
            let start = Network::linear(widths, Init::Gaussian(0.5), 4).unwrap();
            for loss in [Loss::Logistic, Loss::Exponential] {
                let mut d = Descent::new(&loss.on(&data), &start, rule).unwrap();
                let run = d.run(200, Record::Every(50), |at| Ok(at.mean_margin())).unwrap();
                out += &format!("{:x} ", run.last().to_bits());
                out.extend(d.network().params().iter().map(|w| format!("{:x} ", w.to_bits())));
            }
        }
        for (widths, slope) in [(&[2, 2, 2, 1][..], 0.2), (&[3, 16, 1], 0.0), (&[3, 70, 41, 1], 0.1)] {
            let data = TwoMoons { n: 45, noise: 0.1, constant: (widths[0] == 3).then_some(1.0) }.sample(3).unwrap();
            let start = Network::rectified(widths, slope, Init::He, 4).unwrap().with_biases().unwrap();
            let mut d = Descent::new(&Loss::Logistic.on(&data), &start, rule).unwrap();
            d.run(100, Record::Every(50), |at| Ok(at.mean_margin())).unwrap();
            out.extend(d.network().params().iter().map(|w| format!("{:x} ", w.to_bits())));
        }
    }
    // Wide enough for a team of threads.
    let data = TwoMoons { n: 70, noise: 0.1, constant: Some(1.0) }.sample(3).unwrap();
    let start = Network::rectified(&[3, 260, 256, 1], 0.0, Init::He, 4).unwrap().with_biases().unwrap();
    let mut d = Descent::new(&Loss::Logistic.on(&data), &start, StepRule::Constant(0.1)).unwrap();
    if let Ok(count) = std::env::var("IMPLICIT_BIAS_THREADS") {
        assert_eq!(format!("{d:?}").contains(&format!(", {count} threads")), count != "1", "{d:?}");
    }
    (0..3).for_each(|_| d.step().unwrap());
    let mixed = d.network().params().iter().fold(0_u64, |mixed, w| mixed.rotate_left(5) ^ w.to_bits());
    out + &format!("{mixed:x}")
}

trait MeanMargin {
    fn mean_margin(&self) -> f64;
}

impl MeanMargin for At<'_> {
    fn mean_margin(&self) -> f64 {
        self.margins().iter().sum::<f64>() / self.margins().len() as f64
    }
}

#[test]
fn every_vector_unit_and_number_of_threads_gives_the_same_bits() {
    if std::env::var_os("IMPLICIT_BIAS_CHILD").is_some() {
        println!("SUMMARY {}", summary());
        return;
    }
    let mine = summary();
    // The widest unit again with one thread and with three; another unit with as many as there are cores.
    let widest = mine.split(' ').next().unwrap().to_lowercase();
    for (unit, threads) in [("avx2", None), ("plain", None), (&*widest, Some("1")), (&*widest, Some("3"))] {
        let child = Command::new(std::env::current_exe().unwrap())
            .args(["--exact", "bits::every_vector_unit_and_number_of_threads_gives_the_same_bits", "--nocapture"])
            .env("IMPLICIT_BIAS_CHILD", "1")
            .env("IMPLICIT_BIAS_SIMD", unit)
            .envs(threads.map(|count| ("IMPLICIT_BIAS_THREADS", count)))
            .output()
            .unwrap();
        let text = String::from_utf8(child.stdout).unwrap();
        let theirs = text.split("SUMMARY ").nth(1).and_then(|t| t.lines().next()).unwrap_or_default();
        let (my_unit, my_bits) = mine.trim().split_once(' ').unwrap();
        let (their_unit, their_bits) = theirs.trim().split_once(' ').unwrap();
        assert_eq!(their_unit.to_lowercase(), unit, "the child ran what it was asked for, not {my_unit}");
        assert_eq!(my_bits, their_bits, "{unit}, {threads:?} threads");
    }
}
