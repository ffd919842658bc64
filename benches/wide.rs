//! `cargo bench --bench wide`: milliseconds for one full-batch step of a wide ReLU network, best of many samples, beside the
//! machine's peak and beside other ways to compute the same step, all taken in turn in one run.
//!
//! Work w3: 3-256-256-256-1 on 200 points, logistic loss: six products of 200 × 256 × 256, 157 MFLOP a step. All on one
//! thread but the line that says otherwise.
//! Before it, one evaluation of a bottleneck of 1000 units on 100,000 points, and the most memory that the process had by then.
//! Where `python3` (or `$PYTHON`) has NumPy, `benches/wide.py` takes the same step there.
//! `IMPLICIT_BIAS_SIMD=avx2` or `=plain` asks for a narrower vector unit.

use implicit_bias::prelude::*;
use std::hint::black_box;
use std::process::Command;
use std::time::Instant;

const WIDTH: usize = 256;
const N: usize = 200;
const ROUNDS: usize = 5;
const SAMPLES: usize = 60;
const MFLOP: f64 = 6.0 * 2.0 * (N * WIDTH * WIDTH) as f64 / 1e6;

/// Seconds for the quickest of many calls.
fn best(mut f: impl FnMut()) -> f64 {
    let mut best = f64::INFINITY;
    for _ in 0..SAMPLES {
        let clock = Instant::now();
        f();
        best = best.min(clock.elapsed().as_secs_f64());
    }
    best
}

/// FLOP a second of fused multiply-adds that never leave the registers.
fn peak() -> f64 {
    #[cfg(target_arch = "x86_64")]
    {
        if is_x86_feature_detected!("avx512f") {
            // SAFETY: the feature was detected.
            return 1e4 * 24.0 * 8.0 * 2.0 / best(|| unsafe { fma_512() });
        }
        if is_x86_feature_detected!("avx2") && is_x86_feature_detected!("fma") {
            // SAFETY: both features were detected.
            return 1e4 * 12.0 * 4.0 * 2.0 / best(|| unsafe { fma_256() });
        }
    }
    f64::NAN
}

#[cfg(target_arch = "x86_64")]
#[target_feature(enable = "avx512f")]
fn fma_512() {
    use std::arch::x86_64::*;
    let (x, y) = (_mm512_set1_pd(black_box(0.5)), _mm512_set1_pd(black_box(1.0)));
    let mut sums = [_mm512_set1_pd(black_box(1.0)); 24];
    for _ in 0..10_000 {
        for s in &mut sums {
            *s = _mm512_fmadd_pd(*s, x, y);
        }
    }
    black_box(sums);
}

#[cfg(target_arch = "x86_64")]
#[target_feature(enable = "avx2,fma")]
fn fma_256() {
    use std::arch::x86_64::*;
    let (x, y) = (_mm256_set1_pd(black_box(0.5)), _mm256_set1_pd(black_box(1.0)));
    let mut sums = [_mm256_set1_pd(black_box(1.0)); 12];
    for _ in 0..10_000 {
        for s in &mut sums {
            *s = _mm256_fmadd_pd(*s, x, y);
        }
    }
    black_box(sums);
}

/// The same step with ndarray's products.
fn ndarray_step(w: &mut [Array2<f64>], data: &Dataset, eta: f64) {
    let mut h = vec![data.x().to_owned()];
    for k in 0..3 {
        let z = h[k].dot(&w[k].t());
        h.push(z.mapv(|v| v.max(0.0)));
    }
    let q = h[3].dot(&w[3].t());
    let mut g = Array2::from_shape_fn((N, 1), |(i, _)| {
        let y = data.y()[i];
        -y / (1.0 + (y * q[[i, 0]]).exp()) / N as f64
    });
    for k in (0..4).rev() {
        let gradient = g.t().dot(&h[k]);
        if k > 0 {
            g = g.dot(&w[k]);
            g.zip_mut_with(&h[k], |g, h| *g *= f64::from(*h > 0.0));
        }
        w[k].scaled_add(-eta, &gradient);
    }
}

/// Seconds that NumPy takes, where there is one.
fn numpy() -> Option<f64> {
    let python = std::env::var("PYTHON").unwrap_or_else(|_| "python3".into());
    let script = concat!(env!("CARGO_MANIFEST_DIR"), "/benches/wide.py");
    let out = Command::new(python).arg(script).env("OPENBLAS_NUM_THREADS", "1").output().ok()?;
    String::from_utf8(out.stdout).ok()?.trim().parse().ok()
}

/// 10-1-1000-1 on 100,000 points: milliseconds for an evaluation on one thread, peak memory of the process where the system tells.
fn many_points() -> Result<()> {
    // SAFETY: nothing else runs yet that could read the environment.
    unsafe { std::env::set_var("IMPLICIT_BIAS_THREADS", "1") };
    let x = gaussian_matrix(100_000, 10, 1)?;
    let y = x.column(0).mapv(f64::sin);
    let risk = Risk::squares(&Regression::new(x, y)?);
    let mut descent =
        Descent::new(&risk, &Network::bottleneck(10, 1, 1000, Init::LeCun, 1)?, StepRule::Constant(1e-6))?;
    let mut seconds = f64::INFINITY;
    for _ in 0..ROUNDS {
        let clock = Instant::now();
        descent.step()?;
        seconds = seconds.min(clock.elapsed().as_secs_f64());
    }
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let peak = status.lines().find_map(|line| line.strip_prefix("VmHWM:")).unwrap_or(" unknown").trim().to_owned();
    println!("one step of 10-1-1000-1, n = 100,000: {:.0} ms, peak memory {peak}\n", seconds * 1e3);
    Ok(())
}

fn main() -> Result<()> {
    many_points()?;
    let data = TwoMoons { n: N, noise: 0.1, constant: Some(1.0) }.sample(0)?;
    let start = Network::rectified(&[3, WIDTH, WIDTH, WIDTH, 1], 0.0, Init::He, 1)?;
    let descent = |threads: usize| {
        // SAFETY: nothing else runs yet that could read the environment.
        unsafe { std::env::set_var("IMPLICIT_BIAS_THREADS", threads.to_string()) };
        Descent::new(&Loss::Logistic.on(&data), &start, StepRule::Constant(1e-6))
    };
    let cores = std::thread::available_parallelism().map_or(1, usize::from);
    let (mut single, mut several) = (descent(1)?, descent(cores)?);
    let mut layers: Vec<Array2<f64>> = start.layers().map(|w| w.to_owned()).collect();
    // In turn, so that a machine that slows down slows all of them.
    let (mut highest, mut python) = (0.0_f64, None);
    let [mut ours, mut shared, mut theirs] = [f64::INFINITY; 3];
    for _ in 0..ROUNDS {
        highest = highest.max(peak());
        ours = ours.min(best(|| single.step().expect("a tiny step stays finite")));
        shared = shared.min(best(|| several.step().expect("a tiny step stays finite")));
        theirs = theirs.min(best(|| ndarray_step(&mut layers, &data, 1e-6)));
        python = numpy().map(|s| s.min(python.unwrap_or(f64::INFINITY))).or(python);
    }
    println!("{:<44} {:>8} {:>10} {:>14} {:>12}", "one step, n = 200", "ms", "GFLOP/s", "part of peak", "times ours");
    let line = |name: &str, seconds: f64| {
        let rate = MFLOP / seconds / 1e3;
        let (part, ratio) = (rate * 1e9 / highest, seconds / ours);
        println!("{name:<44} {:>8.3} {rate:>10.1} {part:>14.2} {ratio:>12.2}", seconds * 1e3);
    };
    line("multiply-adds in registers alone", MFLOP * 1e6 / highest);
    line("this crate", ours);
    line(&format!("this crate, {cores} threads"), shared);
    line("ndarray (matrixmultiply)", theirs);
    match python {
        Some(seconds) => line("NumPy", seconds),
        None => println!("{:<44} {:>8}", "NumPy", "not found"),
    }
    Ok(())
}
