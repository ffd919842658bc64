//! Lines of progress: who prints them, and who does not. Each scene lasts a little longer than the silence of short runs.

use implicit_bias::prelude::*;
use std::process::Command;
use std::thread;

const SCENE: &str = "IMPLICIT_BIAS_TEST_SCENE";

/// What the scene prints of its progress.
fn lines(scene: &str, variable: Option<&str>) -> Vec<String> {
    let mut command = Command::new(std::env::current_exe().unwrap());
    command.args(["--exact", "scene", "--ignored", "--nocapture"]).env(SCENE, scene);
    command.env("IMPLICIT_BIAS_THREADS", "1").env_remove("IMPLICIT_BIAS_PROGRESS");
    let found = command.envs(variable.map(|value| ("IMPLICIT_BIAS_PROGRESS", value))).output().unwrap();
    let text = String::from_utf8(found.stdout).unwrap();
    assert!(found.status.success() && text.contains("1 passed"), "{text}");
    let of_progress = |line: &&str| ["descent: ", "flow: ", "sweep: "].iter().any(|name| line.contains(name));
    text.lines().filter(of_progress).map(str::to_owned).collect()
}

#[test]
fn a_switch_silences_and_a_sweep_speaks_alone() {
    let scenes = [("alone", None), ("alone", Some("1")), ("alone", Some("0")), ("sweep", None), ("sweep", Some("0"))];
    let threads = scenes.map(|(scene, variable)| thread::spawn(move || lines(scene, variable)));
    let [unset, on, off, swept, silent] = threads.map(|thread| thread.join().unwrap());
    for spoken in [unset, on] {
        assert!(spoken.len() == 1 && spoken[0].contains("descent: step "), "{spoken:?}");
    }
    assert!(off.is_empty() && silent.is_empty(), "{off:?} {silent:?}");
    assert!(swept.len() == 1 && swept[0].contains("sweep: 1 of 2"), "{swept:?}");
}

#[test]
#[ignore = "run by the test above"]
fn scene() {
    let run = |seconds: f64| {
        let data = SoudryFour { n: 4 }.sample(1)?;
        let start = Network::linear(&[2, 1], Init::Zeros, 1)?;
        let mut descent = Descent::new(&Loss::Logistic.on(&data), &start, StepRule::Constant(0.1))?;
        descent.run(Stop { seconds, ..Stop::steps(u64::MAX) }, Record::At(vec![]), |_| Ok(())).map(drop)
    };
    if std::env::var_os(SCENE).is_some_and(|scene| scene == "sweep") {
        sweep([6.0, 0.1], run).unwrap();
    } else {
        run(6.0).unwrap();
    }
}
