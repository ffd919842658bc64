//! What a run records, compares, repeats and refuses.

use super::*;

#[test]
fn verdicts_are_recorded_compared_and_not_repeated() {
    let project = Project::new(&[("one", json!([prose("h", "# One\n## Claim R1"), verdict("v", "R1", "HOLDS")]))]);
    let first = project.run(&["--record"]);
    assert_eq!(first.status.code(), Some(0), "{:?}", said(&first));
    let recorded = fs::read_to_string(project.path("data/claims.json")).unwrap();
    assert!(recorded.contains("HOLDS"));

    let again = project.run(&["one"]);
    assert!(said(&again).0.contains("unchanged"), "{:?}", said(&again));
    assert!(said(&project.run(&["--force"])).0.contains("done, "));

    fs::remove_dir_all(project.path("target/report")).unwrap();
    assert_eq!(project.run(&["--check"]).status.code(), Some(0));
    assert!(!project.path("target/report").exists(), "--check writes nothing");

    project.write(
        "one",
        json!([prose("h", "# One\n## Claim R1"), verdict("v", "R1", "FAILS"), code("loud", "eprintln!(\"hm\");")]),
    );
    let changed = project.run(&["--check"]);
    let (_, stderr) = said(&changed);
    assert_eq!(changed.status.code(), Some(1));
    assert!(stderr.contains("R1 in one (cell v): recorded HOLDS, now FAILS"), "{stderr}");
    assert!(stderr.contains("one, cell 2: wrote to standard error"), "{stderr}");
    assert_eq!(fs::read_to_string(project.path("data/claims.json")).unwrap(), recorded);
}

#[test]
fn what_cannot_be_run_is_said_at_once() {
    let project = Project::new(&[]);
    assert_eq!(project.run(&[]).status.code(), Some(2));
    fs::write(project.path("notebooks/broken.ipynb"), "{\"nbformat\": 4,\n \"cells\": [}").unwrap();
    let finished = project.run(&["broken"]);
    let (_, stderr) = said(&finished);
    assert_eq!(finished.status.code(), Some(1));
    assert!(stderr.contains("broken.ipynb, line 2, column 12: not a Jupyter notebook"), "{stderr}");

    let unknown = project.run(&["brokem"]);
    assert_eq!(unknown.status.code(), Some(2));
    assert!(said(&unknown).1.contains("one of: broken"), "{:?}", said(&unknown));

    fs::write(project.path("file"), "").unwrap();
    let blocked = project.run(&["--out", "../file"]);
    assert_eq!(blocked.status.code(), Some(2));
    assert!(said(&blocked).1.contains("file"), "{:?}", said(&blocked));

    let none = Command::new(env!("CARGO_BIN_EXE_notebooks"));
    let mut none = none;
    let none = none.current_dir(project.path("notebooks")).env("PATH", "/nonexistent").output().unwrap();
    assert_eq!(none.status.code(), Some(2));
    assert!(said(&none).1.contains("`rustc` on the PATH"), "{:?}", said(&none));
}

#[test]
fn arguments_that_contradict_are_refused() {
    assert!(Arguments::parse(["--record", "a", "b.ipynb"]).unwrap().record);
    for wrong in [&["--chekc"][..], &["--out"], &["--check", "--record"], &["--check", "--out", "x"]] {
        assert!(Arguments::parse(wrong).is_err(), "{wrong:?}");
    }
}
