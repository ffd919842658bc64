//! A small study to be recorded, in a process of its own and under any name, and the files it leaves.

use crate::{command, said};
use implicit_bias::prelude::*;
use std::env::var;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Child, Command};
use std::time::Duration;

#[derive(Clone, Debug)]
pub struct Root {
    number: f64,
    root: f64,
    kind: f64,
}

impl Recordable for Root {
    columns! { number, root, kind }
}

#[derive(Clone, Debug)]
pub struct Other {
    number: f64,
    root: f64,
    sort: f64,
}

impl Recordable for Other {
    columns! { number, root, sort }
}

/// What the environment makes of the study; see [`Plan`].
fn setting<T: std::str::FromStr>(name: &str, otherwise: T) -> T {
    var(name).ok().and_then(|text| text.parse().ok()).unwrap_or(otherwise)
}

/// Numbers of all kinds. `FAIL` is the item that fails, `FACTOR` changes the experiment, `PAUSE` is in microseconds.
fn root(number: u64) -> Result<Root> {
    std::thread::sleep(Duration::from_micros(setting("PAUSE", 0)));
    if number == setting("FAIL", 0) {
        return Err(Network::linear(&[0, 1], Init::Gaussian(1.0), number).unwrap_err());
    }
    let kind = [f64::NAN, f64::NEG_INFINITY, 1.0 / 3.0, 1e-300 / 3.0][number as usize % 4];
    Ok(Root { number: number as f64, root: setting("FACTOR", 1.0) * (number as f64).sqrt(), kind })
}

/// As a notebook does; what came of it.
pub fn run(record: &str) -> String {
    let (about, count) = (var("ABOUT").unwrap_or("roots".into()), setting("COUNT", 12));
    let study = Study { record, about: &about, notebook: "roots", sample: 2 };
    let told = |result: Result<(usize, usize)>| match result {
        Ok((checked, n)) => format!("{checked} of {n}"),
        Err(error) => error.to_string(),
    };
    if var("OTHER").is_ok() {
        let other = |number| root(number).map(|Root { number, root, kind }| Other { number, root, sort: kind });
        return told(study.run(1..=count, other).map(|found| (found.checked, found.rows.len())));
    }
    told(study.run(1..=count, root).map(|found| (found.checked, found.rows.len())))
}

#[test]
#[ignore = "run by other tests"]
fn record() {
    let Ok(records) = var("STUDY") else { return };
    records.split(':').for_each(|record| println!("made: {}", run(record)));
}

/// A folder with a record `roots.csv` in it.
pub struct Plan(tempfile::TempDir);

impl Plan {
    pub fn new() -> Self {
        Self(tempfile::tempdir().unwrap())
    }

    pub fn folder(&self) -> &Path {
        self.0.path()
    }

    pub fn file(&self, end: &str) -> PathBuf {
        self.0.path().join(format!("roots.csv{end}"))
    }

    pub fn record(&self) -> String {
        self.file("").to_str().unwrap().to_owned()
    }

    /// The process that records the study.
    pub fn process(&self, environment: &[(&str, &str)]) -> Command {
        let mut command = command("recording::record");
        command.env("STUDY", self.record()).env("IMPLICIT_BIAS_RECORD", "roots");
        command.envs(environment.iter().copied());
        command
    }

    /// Runs it to its end; what it said, with `DIR/` for the folder.
    pub fn make(&self, environment: &[(&str, &str)]) -> String {
        self.short(said(&self.process(environment).output().unwrap(), "made: "))
    }

    pub fn short(&self, text: &str) -> String {
        text.replace(&format!("{}/", self.0.path().display()), "DIR/")
    }

    /// The names of the files that are there.
    pub fn files(&self) -> Vec<String> {
        let entries = fs::read_dir(self.0.path()).unwrap();
        let mut names: Vec<_> = entries.map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
        names.sort();
        names
    }
}

/// The record made in one go by one thread.
pub fn alone(count: &str) -> Vec<u8> {
    let plan = Plan::new();
    assert_eq!(plan.make(&[("COUNT", count), ("IMPLICIT_BIAS_THREADS", "1")]), format!("{count} of {count}"));
    assert_eq!(plan.files(), ["roots.csv"], "nothing but the record is left");
    fs::read(plan.file("")).unwrap()
}

/// The numbers of the items in a journal, in the order of their lines; a last line without an end does not count.
pub fn numbers(journal: &[u8]) -> Vec<u64> {
    let text = str::from_utf8(journal).unwrap();
    let lines = text.split_inclusive('\n').skip(1).filter(|line| line.ends_with('\n'));
    let number = |line: &str| {
        let json: serde_json::Value = serde_json::from_str(line.split_once(' ').unwrap().1).unwrap();
        json["number"].as_u64().unwrap()
    };
    lines.map(number).collect()
}

/// Waits until a process has this many rows in the journal.
pub fn wait_for(rows: usize, journal: &Path, process: &mut Child) {
    while fs::read(journal).map_or(0, |journal| numbers(&journal).len()) < rows {
        assert!(process.try_wait().unwrap().is_none(), "the process ended before it had {rows} rows");
        std::thread::sleep(Duration::from_millis(1));
    }
}

/// The journal with `from` replaced by `to` in line `k`, as if it had been written so.
pub fn forged(journal: &Path, k: usize, from: &str, to: &str) {
    let text = fs::read_to_string(journal).unwrap();
    let mut lines: Vec<String> = text.lines().map(str::to_owned).collect();
    let json = lines[k].split_once(' ').unwrap().1;
    assert!(json.contains(from), "{json}");
    let json = json.replace(from, to);
    // FNV-1a, written anew.
    let mut check = 14_695_981_039_346_656_037_u64;
    for byte in json.bytes() {
        check = (check ^ byte as u64).wrapping_mul(1_099_511_628_211);
    }
    lines[k] = format!("{check:016x} {json}");
    fs::write(journal, lines.join("\n") + "\n").unwrap();
}
