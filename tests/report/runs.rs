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
    let wrong =
        ["--chekc", "--out", "--check --record", "--check --out x", "--jobs 0", "--jobs two", "--limit -1", "-p SEEDS"];
    let twice = ["--record -p A=1", "--check -p A=1", "--program --parameters a", "--parameters", "--diff a"];
    for wrong in wrong.into_iter().chain(twice) {
        let wrong: Vec<&str> = wrong.split(' ').collect();
        assert!(Arguments::parse(wrong.iter()).is_err(), "{wrong:?}");
    }
}

/// What cells name of the data is part of what a run depends on, and nothing else is.
#[test]
fn an_edited_file_runs_those_who_name_it() {
    let reads = |file: &str| json!([code("r", &format!("std::fs::read_to_string({file})?.trim().len()"))]);
    let project = Project::new(&[
        ("above", reads("\"../data/one.csv\"")),
        ("beside", reads("\"own.json\"")),
        ("built", reads("format!(\"../data/{}.csv\", \"one\")")),
        ("none", json!([code("c", "let stop = 1;\nstop + 1")])),
    ]);
    fs::create_dir(project.path("data")).unwrap();
    let write = |name: &str, text: &str| fs::write(project.path(name), text).unwrap();
    write("data/one.csv", "1");
    write("notebooks/own.json", "1");
    let unchanged = || {
        let finished = project.run(&[]);
        let (stdout, stderr) = said(&finished);
        assert_eq!(finished.status.code(), Some(0), "{stdout}\n{stderr}");
        let lines = stdout.lines().filter(|line| line.ends_with("unchanged"));
        let mut names: Vec<String> = lines.map(|line| line.split_whitespace().nth(1).unwrap().to_owned()).collect();
        names.sort();
        names
    };
    assert!(unchanged().is_empty());
    assert_eq!(unchanged(), ["above", "beside", "built", "none"]);
    write("data/other.csv", "nobody's");
    assert_eq!(unchanged(), ["above", "beside", "none"], "a path put together at run time may lead anywhere in data/");
    write("data/one.csv", "22");
    assert_eq!(unchanged(), ["beside", "none"]);
    write("notebooks/own.json", "22");
    assert_eq!(unchanged(), ["above", "built", "none"]);
    // The file that asks runs to stop is called like a word of the code; a link may lead anywhere.
    write("notebooks/stop", "");
    #[cfg(unix)]
    std::os::unix::fs::symlink("/", project.path("notebooks/link")).unwrap();
    assert_eq!(unchanged(), ["above", "beside", "built", "none"]);
}

/// The same ledger and the same outputs, one notebook at a time or three; a second kernel has dependencies of its own.
#[test]
fn side_by_side_changes_nothing() {
    let notebook = |id: &str, value: &str| {
        json!([
            code("dep", ":dep own-crate = { path = \"../own-crate\" }"),
            code("use", &format!("println!(\"{{}}\", own_crate::twice({value}));")),
            verdict("v", id, "HOLDS"),
        ])
    };
    let project =
        Project::new(&[("one", notebook("R1", "1")), ("two", notebook("R2", "2")), ("three", notebook("R3", "3"))]);
    fs::create_dir_all(project.path("own-crate/src")).unwrap();
    let manifest = "[package]\nname = \"own-crate\"\nversion = \"1.0.0\"\nedition = \"2024\"\n[workspace]\n";
    fs::write(project.path("own-crate/Cargo.toml"), manifest).unwrap();
    fs::write(project.path("own-crate/src/lib.rs"), "pub fn twice(n: u32) -> u32 { 2 * n }\n").unwrap();
    let ledger = |jobs: &str| {
        let finished = project.run(&["--force", "--jobs", jobs]);
        assert_eq!(finished.status.code(), Some(0), "{:?}", said(&finished));
        for (name, number) in [("one", "2\\n"), ("two", "4\\n"), ("three", "6\\n")] {
            assert!(project.read(&format!("{name}.ipynb")).contains(&format!("\"{number}\"")), "{name}");
        }
        project.read("claims.json")
    };
    assert_eq!(ledger("1"), ledger("3"));
    for home in ["0", "1", "2"] {
        assert!(project.path("target/evcxr").join(home).join("Cargo.toml").exists(), "{home}");
    }
    // A crate that changed is built again, and every kernel gets it.
    fs::write(project.path("own-crate/src/lib.rs"), "pub fn twice(n: u32) -> u32 { n + n }\n").unwrap();
    assert_eq!(ledger("3"), ledger("2"));
}

/// `-p` sets constants for a run, says so on the page, and keeps its verdicts out of every ledger.
#[test]
fn parameters_are_set_for_a_run() {
    let project = Project::new(&[(
        "one",
        json!([
            prose("h", "# One\n## Claim R1"),
            tagged("p", "parameters", "const SEEDS: u64 = 3; // seeds"),
            code("use", "println!(\"{} seeds\", SEEDS);"),
            verdict("v", "R1", "HOLDS"),
        ]),
    )]);
    assert_eq!(project.run(&["--record"]).status.code(), Some(0));
    let recorded = fs::read_to_string(project.path("data/claims.json")).unwrap();

    let changed = project.run(&["-p", "SEEDS=100"]);
    assert_eq!(changed.status.code(), Some(0), "{:?}", said(&changed));
    assert!(project.read("one.ipynb").contains("100 seeds"));
    let page = project.read("one.html");
    assert!(page.contains("<code>SEEDS = 100</code> (the notebook has 3)"), "the page says what was set");
    assert_eq!(project.read("claims.json").trim(), "[]");
    assert!(project.read("index.html").contains("under changed parameters"));
    assert_eq!(fs::read_to_string(project.path("data/claims.json")).unwrap(), recorded);

    // Without it the notebook's own value is back, and so is its verdict.
    assert_eq!(project.run(&[]).status.code(), Some(0));
    assert!(project.read("one.ipynb").contains("3 seeds") && project.read("claims.json").contains("R1"));

    for (wrong, words) in [("SEED=1", "SEEDS"), ("SEEDS=1.5", "u64")] {
        let refused = project.run(&["-p", wrong]);
        assert_eq!(refused.status.code(), Some(2));
        assert!(said(&refused).1.contains(words), "{wrong}: {:?}", said(&refused));
    }
    let listed = said(&project.run(&["--parameters", "one"])).0;
    assert!(listed.contains("SEEDS") && listed.contains("u64") && listed.contains("seeds"), "{listed}");
}

/// A study that no notebook has would be recorded by nobody, and nobody would know.
#[test]
fn an_unknown_study_is_refused() {
    let project = Project::new(&[("one", json!([code("c", "let record = \"../data/sizes.csv\";")]))]);
    let refused = project.run_with(&["--force"], &[("IMPLICIT_BIAS_RECORD", "size")]);
    assert_eq!(refused.status.code(), Some(2));
    let expected = "IMPLICIT_BIAS_RECORD: expected 1 or the name of a record without its .csv (sizes), found \"size\"";
    assert!(said(&refused).1.contains(expected), "{:?}", said(&refused));
    // Nor is one passed over because its notebook was run before.
    for known in ["sizes", "1"] {
        let run = project.run_with(&[], &[("IMPLICIT_BIAS_RECORD", known)]);
        assert!(run.status.code() == Some(0) && said(&run).0.contains("done, "), "{:?}", said(&run));
    }
}

/// A tag that lets a cell fail is part of what a run depends on.
#[test]
fn a_cell_that_may_fail_no_more_is_run_again() {
    let fails = "assert!(1 > 2);";
    let project = Project::new(&[("one", json!([tagged("c", "raises-exception", fails)]))]);
    assert_eq!(project.run(&[]).status.code(), Some(0));
    project.write("one", json!([code("c", fails)]));
    assert_eq!(project.run(&[]).status.code(), Some(1));
}

/// The second kernel waits for what the first one builds, and not for ever where that builds nothing.
#[test]
fn nobody_waits_for_a_build_that_never_comes() {
    let project = Project::new(&[("one", json!([prose("p", "# One")])), ("two", json!([prose("p", "# Two")]))]);
    assert_eq!(project.run(&["--jobs", "2"]).status.code(), Some(0));
    fs::write(project.path("notebooks/evcxr.toml"), "[evcxr]\nprelude = \"\"\"\n:no_such_command\n\"\"\"\n").unwrap();
    let refused = project.run(&["--jobs", "2", "--limit", "60"]);
    assert_eq!(refused.status.code(), Some(1));
    let said = said(&refused).1;
    assert!(said.matches("did not accept").count() == 2 && said.contains("no_such_command"), "{said}");
}

/// A kernel starts each notebook as fresh as a new one: what `:env` set is gone.
#[test]
fn the_environment_of_one_notebook_is_not_that_of_the_next() {
    let tells = "std::env::var(\"OF_THE_FIRST\").is_ok()";
    let project = Project::new(&[
        ("one", json!([code("e", ":env OF_THE_FIRST=1\n:restart"), code("t", tells)])),
        ("two", json!([code("t", tells)])),
    ]);
    assert_eq!(project.run(&["--jobs", "1"]).status.code(), Some(0));
    let value = |name: &str| project.read(&format!("{name}.ipynb")).contains("\"text/plain\": \"true\"");
    assert!(value("one") && !value("two"));
}

/// A notebook from elsewhere must not take the place of one of the project.
#[test]
fn a_foreign_notebook_with_a_name_of_the_project_is_refused() {
    let project = Project::new(&[("one", json!([code("c", "1")]))]);
    fs::write(project.path("one.ipynb"), file(json!([code("c", "2")])).to_string()).unwrap();
    let refused = project.run(&["../one.ipynb"]);
    assert_eq!(refused.status.code(), Some(2));
    assert!(said(&refused).1.contains("different names"), "{:?}", said(&refused));
    assert_eq!(project.run(&["./one.ipynb"]).status.code(), Some(0));
}
