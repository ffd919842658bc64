//! Runs that are asked to stop, each scene in a process of its own: what the first run of a process found counts for all of them.

use implicit_bias::prelude::*;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};
use std::thread;
use std::time::Duration;

/// Long enough for any look at the file, and an end for a run that nobody stops.
const LATE: f64 = 60.0;
/// Several looks at the file.
const WHILE: f64 = 1.6;

/// Runs the ignored test `name` of this file in `folder`, with the stop file's variable as given.
fn child(name: &str, folder: &Path, variable: Option<&str>, threads: &str) -> Output {
    let mut command = Command::new(std::env::current_exe().unwrap());
    command.args(["--exact", name, "--ignored", "--nocapture", "--test-threads=1"]);
    command.current_dir(folder).env("IMPLICIT_BIAS_THREADS", threads).env_remove("IMPLICIT_BIAS_STOP");
    command.envs(variable.map(|value| ("IMPLICIT_BIAS_STOP", value))).output().unwrap()
}

fn passes(name: &str, variable: Option<&str>, threads: &str) {
    let folder = tempfile::tempdir().unwrap();
    let found = child(name, folder.path(), variable, threads);
    let text = String::from_utf8_lossy(&found.stdout) + String::from_utf8_lossy(&found.stderr);
    assert!(found.status.success() && text.contains("1 passed"), "{text}");
}

/// The file that stops the runs of this process.
fn file() -> PathBuf {
    std::env::var_os("IMPLICIT_BIAS_STOP").unwrap_or_else(|| "stop".into()).into()
}

fn touch() {
    fs::write(file(), "").unwrap();
}

fn touch_soon() -> thread::JoinHandle<()> {
    thread::spawn(|| {
        thread::sleep(Duration::from_millis(300));
        touch();
    })
}

fn data() -> Dataset {
    Separable { n: 20, d: 2, margin: 0.2, next_margin: 0.4 }.sample(1).unwrap()
}

fn descent(seed: u64) -> Descent {
    let start = Network::linear(&[2, 2, 1], Init::Gaussian(0.5), seed).unwrap();
    Descent::new(&Loss::Logistic.on(&data()), &start, StepRule::Constant(0.1)).unwrap()
}

fn endless() -> Stop {
    Stop { seconds: LATE, ..Stop::steps(u64::MAX) }
}

fn endless_run(seed: u64) -> Result<Run<u64>> {
    descent(seed).run(endless(), Record::LogSpaced(5), |at| Ok(at.step))
}

#[test]
fn all_runs_of_a_loop_end_and_can_go_on() {
    passes("scene_loop", None, "1");
    passes("scene_loop", Some("somewhere else"), "1");
}

#[test]
#[ignore = "a scene"]
fn scene_loop() {
    let touched = touch_soon();
    let mut descents: Vec<Descent> = (0..20).map(descent).collect();
    let runs: Vec<Run<u64>> = descents
        .iter_mut()
        .map(|descent| descent.run(endless(), Record::LogSpaced(5), |at| Ok(at.step)).unwrap())
        .collect();
    touched.join().unwrap();
    assert!(runs.iter().all(|run| run.stopped == Stopped::Asked));
    assert!(runs[0].rows.len() > 10 && runs.iter().all(|run| *run.last() == run.steps));
    // The last ones began when the file was there: a step, so that a loop around short runs arrives.
    assert!(runs[1..].iter().all(|run| (1..1000).contains(&run.steps)));
    fs::remove_file(file()).unwrap();
    thread::sleep(Duration::from_millis(600));
    // What goes on is what was never stopped, to the last bit.
    for (seed, (mut descent, run)) in descents.into_iter().zip(runs).enumerate().skip(1) {
        let more = descent.run(100, Record::LogSpaced(5), |at| Ok(at.step)).unwrap();
        assert_eq!((more.stopped, more.steps), (Stopped::Steps, 100));
        let mut whole = self::descent(seed as u64);
        whole.run(run.steps + 100, Record::At(vec![]), |_| Ok(())).unwrap();
        assert_eq!(descent.network(), whole.network());
        assert_eq!(*run.then(more).last(), whole.steps());
    }
}

#[test]
fn an_old_file_stops_nothing_until_it_is_touched() {
    passes("scene_old_file", None, "1");
}

#[test]
#[ignore = "a scene"]
fn scene_old_file() {
    touch();
    let run = |seconds| descent(1).run(Stop { seconds, ..endless() }, Record::At(vec![]), |_| Ok(())).unwrap().stopped;
    assert_eq!(run(WHILE), Stopped::Seconds);
    thread::sleep(Duration::from_millis(50));
    touch();
    assert_eq!(run(LATE), Stopped::Asked);
    fs::remove_file(file()).unwrap();
    fs::create_dir(file()).unwrap();
    thread::sleep(Duration::from_millis(600));
    assert_eq!(run(WHILE), Stopped::Seconds, "a folder of that name is none of ours");
}

#[test]
fn an_empty_variable_switches_it_off() {
    passes("scene_off", Some(""), "1");
}

#[test]
#[ignore = "a scene"]
fn scene_off() {
    let touched = thread::spawn(|| {
        thread::sleep(Duration::from_millis(300));
        fs::write("stop", "").unwrap();
    });
    let run = descent(1).run(Stop { seconds: WHILE, ..endless() }, Record::At(vec![]), |_| Ok(())).unwrap();
    touched.join().unwrap();
    assert_eq!(run.stopped, Stopped::Seconds);
}

#[test]
fn flows_and_perceptrons_end_too() {
    passes("scene_flow_and_perceptron", None, "1");
}

#[test]
#[ignore = "a scene"]
fn scene_flow_and_perceptron() {
    // Two points that no hyperplane tells apart, long ones, so that few updates fit into a second.
    let row = gaussian_matrix(1, 20_000, 3).unwrap();
    let x = ndarray::concatenate![ndarray::Axis(0), row, row];
    let twins = Dataset::new(x, array![1.0, -1.0]).unwrap();
    let touched = touch_soon();
    let run = Perceptron { bias: false, order: Order::Cyclic, limit: 100_000_000 }.fit(&twins).unwrap();
    touched.join().unwrap();
    assert!(matches!(run.ending(), Ending::Asked) && !run.updates().is_empty(), "{run:?}");
    assert!(format!("{run:?}").contains("asked to stop"));

    let start = Network::linear(&[2, 2, 1], Init::Gaussian(0.5), 1).unwrap();
    let mut flow = Flow::new(&Loss::Logistic.on(&data()), &start, Solver::dormand_prince(Clock::Time)).unwrap();
    let run = flow.run(Stop::time(1e3), SaveAt::Steps, |at| Ok(at.time())).unwrap();
    assert_eq!((run.stopped, run.steps, run.rows.len(), flow.steps()), (Stopped::Asked, 1, 2, 1));
    // By hand it moves, else a loop around it would never end.
    flow.step().unwrap();
    assert_eq!((flow.steps(), flow.stopped()), (2, Some(Stopped::Steps)));
    fs::remove_file(file()).unwrap();
    thread::sleep(Duration::from_millis(600));
    let more = flow.run(Stop::time(10.0), SaveAt::Steps, |at| Ok(at.time())).unwrap();
    assert_eq!(more.stopped, Stopped::Time);
}

#[test]
fn a_sweep_counts_no_item_that_was_cut_short() {
    for threads in ["1", "3"] {
        for scene in ["scene_sweep", "scene_sweep_of_failures", "scene_sweep_of_sweeps", "scene_sweep_of_threads"] {
            passes(scene, None, threads);
        }
    }
}

/// Five short items, then endless ones, of which the first touches the file.
fn sweep_of(item: impl Fn(u64) -> Result<Run<u64>> + Sync) {
    let outcome = sweep(0..40, |k| {
        if k < 5 {
            return descent(k).run(10, Record::At(vec![]), |at| Ok(at.step));
        }
        if k == 5 {
            thread::sleep(Duration::from_millis(300));
            touch();
        }
        item(k)
    });
    let error = outcome.map(|runs| runs.len()).unwrap_err();
    assert!(matches!(error, Error::Asked { done: 5, count: 40 }), "{error}");
    assert!(error.to_string().contains("all 40 items, found 5 done"), "{error}");
    // The next one has not begun anything.
    assert!(matches!(sweep(0..3, Ok), Err(Error::Asked { done: 0, count: 3 })));
    fs::remove_file(file()).unwrap();
    thread::sleep(Duration::from_millis(600));
    assert_eq!(sweep(0..3, Ok).unwrap(), [0, 1, 2]);
}

#[test]
#[ignore = "a scene"]
fn scene_sweep() {
    sweep_of(endless_run);
}

/// What a short run leads to is no failure of the item.
#[test]
#[ignore = "a scene"]
fn scene_sweep_of_failures() {
    sweep_of(|k| match endless_run(k)?.stopped {
        Stopped::Asked if k % 2 == 0 => panic!("a run that is too short"),
        _ => Err(Error::Diverged { what: "it".into(), step: k, message: "was cut short".into() }),
    });
}

#[test]
#[ignore = "a scene"]
fn scene_sweep_of_sweeps() {
    sweep_of(|k| Ok(sweep(0..2, |_| endless_run(k))?.remove(0)));
}

#[test]
#[ignore = "a scene"]
fn scene_sweep_of_threads() {
    sweep_of(|k| thread::spawn(move || endless_run(k)).join().unwrap());
}

/// A failure that has nothing to do with the asking comes out as ever.
#[test]
fn a_failure_before_the_asking_comes_out() {
    passes("scene_failure", None, "1");
}

#[test]
#[ignore = "a scene"]
fn scene_failure() {
    let outcome = sweep(0..9, |k| {
        if k == 2 {
            touch();
            return Err(Network::linear(&[0, 1], Init::Zeros, 0).unwrap_err());
        }
        Ok(k)
    });
    assert!(matches!(outcome, Err(Error::Item { index: 2, .. })));
}

/// A study that is asked to stop keeps the rows that were done; what a run that was cut short leaves is no row.
#[test]
fn a_study_keeps_no_row_that_was_cut_short() {
    for threads in ["1", "3"] {
        passes("scene_study", None, threads);
    }
}

#[derive(Clone, Debug, PartialEq)]
struct Steps {
    steps: f64,
}

impl Recordable for Steps {
    columns! { steps }
}

#[test]
#[ignore = "a scene"]
fn scene_study() {
    // SAFETY: the scene is alone in its process.
    unsafe { std::env::set_var("IMPLICIT_BIAS_RECORD", "1") };
    let study = Study { record: "steps.csv", about: "ten steps each", notebook: "asked", sample: 1 };
    let ten = |k: u64| Ok(Steps { steps: descent(k).run(10, Record::At(vec![]), |at| Ok(at.step))?.steps as f64 });
    let endless = |k: u64| Ok(Steps { steps: endless_run(k)?.steps as f64 });
    let asked = study.run(0..40, |k| {
        if k == 5 {
            thread::sleep(Duration::from_millis(300));
            touch();
        }
        if k < 5 { ten(k) } else { endless(k) }
    });
    assert!(matches!(asked, Err(Error::Asked { done: 5, count: 40 })), "{asked:?}");
    assert!(!Path::new("steps.csv").exists());
    let journal = fs::read_to_string("steps.csv.part").unwrap();
    assert_eq!(journal.lines().count(), 6, "a head and five rows: {journal}");
    fs::remove_file(file()).unwrap();
    thread::sleep(Duration::from_millis(600));
    let rows = study.run(0..40, ten).unwrap().rows;
    assert!(rows.len() == 40 && rows.iter().all(|row| row.steps == 10.0), "{rows:?}");
}
