//! A study of 200 items with the options of a notebook's program, for `tests/slurm/run`.

use implicit_bias::error::Error;
use implicit_bias::prelude::*;
use implicit_bias::sweep::{merge, status};
use std::process::ExitCode;
use std::time::Duration;

#[derive(Clone, Debug)]
struct Outcome {
    size: f64,
    seed: f64,
    log_risk: f64,
}

impl Recordable for Outcome {
    columns! { size, seed, log_risk }
}

/// A short descent, and time enough for a node to be lost meanwhile.
fn outcome(size: f64, seed: u64) -> Result<Outcome> {
    let data = Separable { n: 20, d: 2, margin: 0.2, next_margin: 0.4 }.sample(seed)?;
    let start = Network::linear(&[2, 2, 1], Init::Gaussian(size), seed)?;
    let mut descent = Descent::new(&Loss::Logistic.on(&data), &start, StepRule::Armijo { cap: 1.0 })?;
    let log_risk = *descent.run(200, Record::At(vec![]), |at| Ok(at.log_risk()))?.last();
    let pause = std::env::var("PAUSE").ok().and_then(|text| text.parse().ok()).unwrap_or(0);
    std::thread::sleep(Duration::from_millis(pause));
    Ok(Outcome { size, seed: seed as f64, log_risk })
}

fn study() -> Result<String> {
    let study = Study { record: "slurm.csv", about: "200 short descents", notebook: "none", sample: 5 };
    let found = study.run(grid([0.1, 0.2, 0.4, 0.8], 1..=50), |(size, seed)| outcome(size, seed));
    found.map(|found| format!("{found:?}"))
}

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let told = match arguments.iter().map(String::as_str).collect::<Vec<_>>()[..] {
        ["--status", record] => status(record).map(|status| status.to_string()),
        ["--merge", record] => merge(record).map(|merged| merged.to_string()),
        [] => study(),
        ["--study", name, ref share @ ..] => {
            // SAFETY: no other thread runs yet.
            unsafe { std::env::set_var("IMPLICIT_BIAS_RECORD", name) };
            if let ["--share", share] = share {
                unsafe { std::env::set_var("IMPLICIT_BIAS_SHARE", share) };
            }
            study()
        }
        _ => Ok("the options of a notebook's program: --study, --share, --status, --merge".into()),
    };
    match told {
        Ok(text) => println!("{text}"),
        Err(done @ Error::Share { .. }) => println!("{done}"),
        Err(error) => {
            eprintln!("{error}");
            return ExitCode::FAILURE;
        }
    }
    ExitCode::SUCCESS
}
