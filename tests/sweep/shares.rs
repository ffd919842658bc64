//! A study in shares, and which share the environment means.

use crate::recording::{Plan, alone, numbers, wait_for};
use std::fs;
use std::process::Stdio;

fn share(text: &str) -> [(&str, &str); 1] {
    [("IMPLICIT_BIAS_SHARE", text)]
}

fn complete(share: &str, items: usize) -> String {
    let journal = format!("DIR/roots.csv.{}.part", share.replace(" of ", "-of-"));
    format!(
        "DIR/roots.csv: share {share} is complete, {items} items in {journal}; when all shares are, merge them (sweep::merge, or --merge DIR/roots.csv of a notebook's program)"
    )
}

#[test]
fn a_share_has_every_nth_item() {
    let plan = Plan::new();
    assert_eq!(plan.make(&share("2/5")), complete("2 of 5", 3));
    assert_eq!(plan.files(), ["roots.csv.2-of-5.part"]);
    let mut found = numbers(&fs::read(plan.file(".2-of-5.part")).unwrap());
    found.sort_unstable();
    assert_eq!(found, [2, 7, 12]);
    // More shares than items: some have none, and are complete at once.
    let plan = Plan::new();
    assert_eq!(plan.make(&share("13/13")), complete("13 of 13", 0));
    // The only share is the whole.
    assert_eq!(Plan::new().make(&share("1/1")), "12 of 12");
}

#[test]
fn shares_go_on_and_a_run_of_the_whole_finishes_what_they_left() {
    let plan = Plan::new();
    let one = ("IMPLICIT_BIAS_THREADS", "1");
    let error = plan.make(&[share("1/2")[0], one, ("FAIL", "7")]);
    assert!(error.starts_with("items[6] = 7: "), "{error}");
    assert_eq!(numbers(&fs::read(plan.file(".1-of-2.part")).unwrap()), [1, 3, 5]);
    // Complete already: nothing is run, so nothing fails.
    assert_eq!(plan.make(&share("2/2")), complete("2 of 2", 6));
    assert_eq!(plan.make(&[share("2/2")[0], ("FAIL", "2")]), complete("2 of 2", 6));
    assert_eq!(plan.make(&[share("1/2")[0], one, ("FAIL", "11")]).split(':').next(), Some("items[10] = 11"));
    assert_eq!(numbers(&fs::read(plan.file(".1-of-2.part")).unwrap()), [1, 3, 5, 7, 9]);
    // Item 11, and one of each journal again.
    assert_eq!(plan.make(&[]), "3 of 12");
    assert_eq!(plan.files(), ["roots.csv"]);
    assert!(fs::read(plan.file("")).unwrap() == alone("12"));
}

#[test]
fn a_share_takes_over_what_the_whole_has() {
    let plan = Plan::new();
    plan.make(&[("IMPLICIT_BIAS_THREADS", "1"), ("FAIL", "9")]);
    assert_eq!(plan.make(&share("1/4")), complete("1 of 4", 3));
    assert_eq!(numbers(&fs::read(plan.file(".1-of-4.part")).unwrap()), [9], "1 and 5 were there");
    // Another experiment is noticed here too.
    let error = plan.make(&[share("2/4")[0], ("FACTOR", "1.1")]);
    assert!(error.contains("rows of two versions are never mixed") && error.contains("roots.csv.part"), "{error}");
}

#[test]
fn shares_of_two_numbers_do_not_stand_together() {
    let plan = Plan::new();
    plan.make(&share("1/2"));
    let found = plan.make(&share("1/3"));
    let beside = "a share of 2 beside DIR/roots.csv.1-of-2.part, or that file deleted";
    assert_eq!(found, format!("IMPLICIT_BIAS_SHARE: expected {beside}, found share 1 of 3"));
    assert_eq!(plan.files(), ["roots.csv.1-of-2.part"]);
    // A file that only looks like a share's is nobody's.
    fs::write(plan.file(".01-of-3.part"), "mine").unwrap();
    assert_eq!(plan.make(&share("2/2")), complete("2 of 2", 6));
}

#[test]
fn the_whole_waits_for_no_share_and_a_share_for_another_of_its_kind() {
    let plan = Plan::new();
    let slow = [share("1/2")[0], ("PAUSE", "100000"), ("IMPLICIT_BIAS_THREADS", "1")];
    let mut first = plan.process(&slow).stdout(Stdio::null()).spawn().unwrap();
    wait_for(1, &plan.file(".1-of-2.part"), &mut first);
    let busy = "DIR/roots.csv.1-of-2.part: another process is recording into this file: wait for its end";
    assert_eq!(plan.make(&[]), busy);
    // As when Slurm runs a task again whose first process still lives on a node it has lost.
    assert_eq!(plan.make(&share("1/2")), complete("1 of 2", 6));
    assert!(first.wait().unwrap().success());
    let mut found = numbers(&fs::read(plan.file(".1-of-2.part")).unwrap());
    found.sort_unstable();
    assert_eq!(found, [1, 3, 5, 7, 9, 11]);
}

#[test]
fn a_share_that_makes_no_sense_is_refused() {
    for bad in ["", "3", "0/4", "5/4", "1/0", "-1/4", "1/4/4", "a/b", "1.0/4"] {
        let plan = Plan::new();
        let expected = "IMPLICIT_BIAS_SHARE: expected i/N with i from 1 to N, as 3/8, found";
        assert_eq!(plan.make(&share(bad)), format!("{expected} {bad:?}"));
        assert_eq!(plan.files(), Vec::<String>::new());
    }
    // The next study of the notebook would never be reached.
    let found = Plan::new().make(&[share("1/4")[0], ("IMPLICIT_BIAS_RECORD", "1")]);
    let expected = "the name of the one record whose items are shared out, without its .csv";
    assert_eq!(found, format!("IMPLICIT_BIAS_RECORD: expected {expected}, found 1"));
    let plan = Plan::new();
    let output = plan.process(&share("1/4")).env_remove("IMPLICIT_BIAS_RECORD").output().unwrap();
    let expected = "IMPLICIT_BIAS_RECORD: expected a study to record beside IMPLICIT_BIAS_SHARE, found none";
    assert_eq!(crate::said(&output, "made: "), expected);
}

/// ID, MIN, MAX, STEP, COUNT as Slurm sets them, and what comes of it.
#[test]
fn an_array_task_knows_its_share() {
    let array = |values: [&'static str; 5]| -> Vec<(&str, &str)> {
        let names = ["ID", "MIN", "MAX", "STEP", "COUNT"];
        let whole = ["SLURM_ARRAY_TASK_ID", "SLURM_ARRAY_TASK_MIN", "SLURM_ARRAY_TASK_MAX"];
        let rest = ["SLURM_ARRAY_TASK_STEP", "SLURM_ARRAY_TASK_COUNT"];
        assert_eq!(names.len(), whole.len() + rest.len());
        whole.into_iter().chain(rest).zip(values).filter(|(_, value)| !value.is_empty()).collect()
    };
    let good = [
        (["1", "1", "8", "1", "8"], "1 of 8", 2),
        (["0", "0", "7", "1", "8"], "1 of 8", 2),
        (["7", "0", "7", "1", "8"], "8 of 8", 1),
        (["104", "100", "108", "4", "3"], "2 of 3", 4),
    ];
    for (values, text, items) in good {
        assert_eq!(Plan::new().make(&array(values)), complete(text, items), "{values:?}");
    }
    assert_eq!(Plan::new().make(&array(["5", "5", "5", "1", "1"])), "12 of 12");
    // Tasks that were submitted again: 3,7-9 of 12, and other things that do not add up.
    for values in [
        ["3", "3", "9", "1", "4"],
        ["8", "3", "9", "1", "4"],
        ["9", "1", "8", "1", "8"],
        ["0", "1", "8", "1", "8"],
        ["2", "1", "9", "4", "3"],
        ["1", "1", "8", "0", "8"],
        ["1", "1", "8", "1", "0"],
    ] {
        let [id, min, max, step, count] = values;
        let expected = "an array without holes, or IMPLICIT_BIAS_SHARE=i/N to say which share this task is";
        let found = format!("task {id} of {count}, which go from {min} to {max} in steps of {step}");
        let message = format!("SLURM_ARRAY_TASK_*: expected {expected}, found {found}");
        assert_eq!(Plan::new().make(&array(values)), message);
        // What is said aloud counts.
        let told: Vec<_> = array(values).into_iter().chain(share("3/12")).collect();
        assert_eq!(Plan::new().make(&told), complete("3 of 12", 1));
    }
    let found = Plan::new().make(&array(["3", "1", "8", "1", ""]));
    let count = "SLURM_ARRAY_TASK_COUNT: expected a number, as SLURM_ARRAY_TASK_ID is set, found";
    assert_eq!(found, format!("{count} no such variable"));
    assert_eq!(Plan::new().make(&array(["3", "1", "8", "1", "all"])), format!("{count} \"all\""));
    let found = Plan::new().make(&array(["", "", "", "", "8"]));
    let expected = "SLURM_ARRAY_TASK_ID: expected a number, as SLURM_ARRAY_TASK_COUNT is set, found no such variable";
    assert_eq!(found, expected);

    // Who only reads has no share.
    let plan = Plan::new();
    plan.make(&[]);
    let mut reading = plan.process(&array(["3", "1", "8", "1", "8"]));
    let output = reading.env_remove("IMPLICIT_BIAS_RECORD").output().unwrap();
    assert_eq!(crate::said(&output, "made: "), "2 of 12");
}

#[test]
fn one_study_of_several_is_recorded_by_its_name() {
    let (plan, other) = (Plan::new(), Plan::new());
    let both = format!("{}:{}", plan.record(), plan.folder().join("squares.csv").display());
    plan.make(&[]);
    fs::copy(plan.file(""), plan.folder().join("squares.csv")).unwrap();
    fs::remove_file(plan.file("")).unwrap();
    // The other is read, and no item of it is run.
    let output = plan.process(&[("STUDY", &both)]).output().unwrap();
    let text = String::from_utf8(output.stdout).unwrap();
    let made: Vec<&str> = text.lines().filter_map(|line| line.split_once("made: ")).map(|(_, made)| made).collect();
    assert_eq!(made, ["12 of 12", "0 of 12"]);
    // No record to read: said, whatever else is recorded.
    let missing = other.make(&[("IMPLICIT_BIAS_RECORD", "squares")]);
    assert!(missing.starts_with("DIR/roots.csv: there is no record yet"), "{missing}");
    assert_eq!(other.files(), Vec::<String>::new());
}
