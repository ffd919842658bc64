//! Disks that are full, folders that cannot be written to.

use crate::recording::{Plan, alone, numbers};
use crate::said;
use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::process::Command;

#[test]
fn a_full_disk_costs_no_row() {
    let plan = Plan::new();
    // A limit of 1024 bytes a file stands for the disk: the head and a few rows go in, then half a row.
    let process = plan.process(&[("IMPLICIT_BIAS_THREADS", "2")]);
    let mut limited = Command::new("sh");
    limited.args(["-c", "trap '' XFSZ; ulimit -f 2; exec \"$@\"", "sh"]).arg(process.get_program());
    limited.args(process.get_args());
    for (name, value) in process.get_envs() {
        match value {
            Some(value) => limited.env(name, value),
            None => limited.env_remove(name),
        };
    }
    let error = plan.short(said(&limited.output().unwrap(), "made: "));
    assert!(error.starts_with("DIR/roots.csv.part: File too large"), "{error}");
    let journal = fs::read(plan.file(".part")).unwrap();
    let rows = numbers(&journal).len();
    assert!(rows > 2 && rows < 12, "{rows} rows");
    assert_eq!(plan.make(&[]), format!("{} of 12", 12 - rows + 1));
    assert!(fs::read(plan.file("")).unwrap() == alone("12"));
}

#[test]
fn a_folder_that_is_missing_or_closed_is_named_before_anything_runs() {
    let plan = Plan::new();
    let missing = plan.folder().join("no/roots.csv");
    let made = plan.make(&[("STUDY", missing.to_str().unwrap()), ("FAIL", "1")]);
    assert_eq!(made, "DIR/no/roots.csv.part: No such file or directory (os error 2)");
    let below_a_file = plan.folder().join("file/roots.csv");
    fs::write(plan.folder().join("file"), "").unwrap();
    let made = plan.make(&[("STUDY", below_a_file.to_str().unwrap()), ("FAIL", "1")]);
    assert_eq!(made, "DIR/file/roots.csv.part: Not a directory (os error 20)");

    let closed = plan.folder().join("closed");
    fs::create_dir(&closed).unwrap();
    fs::set_permissions(&closed, fs::Permissions::from_mode(0o555)).unwrap();
    // For the super-user no folder is closed.
    if fs::write(closed.join("probe"), "").is_err() {
        let made = plan.make(&[("STUDY", closed.join("roots.csv").to_str().unwrap()), ("FAIL", "1")]);
        assert_eq!(made, "DIR/closed/roots.csv.part: Permission denied (os error 13)");
    }
    fs::set_permissions(&closed, fs::Permissions::from_mode(0o755)).unwrap();
}

#[test]
fn a_record_that_cannot_be_written_leaves_its_journal() {
    let plan = Plan::new();
    fs::create_dir(plan.file("")).unwrap();
    assert_eq!(plan.make(&[]), "DIR/roots.csv: Is a directory (os error 21)");
    assert_eq!(numbers(&fs::read(plan.file(".part")).unwrap()).len(), 12);
    fs::remove_dir(plan.file("")).unwrap();
    fs::create_dir(plan.file(".new")).unwrap();
    assert_eq!(plan.make(&[]), "DIR/roots.csv.new: Is a directory (os error 21)");
    fs::remove_dir(plan.file(".new")).unwrap();
    // All is there: one item is run for the check alone.
    assert_eq!(plan.make(&[]), "1 of 12");
    assert_eq!(plan.files(), ["roots.csv"]);
    assert!(fs::read(plan.file("")).unwrap() == alone("12"));
}
