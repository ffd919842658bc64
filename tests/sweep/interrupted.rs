//! Studies that are cut off: at an item, at a byte, at a moment.

use crate::recording::{Plan, alone, forged, numbers, run, wait_for};
use crate::{child, said};
use std::collections::HashSet;
use std::fs;
use std::process::Stdio;
use std::time::{Duration, Instant};

const ONE: (&str, &str) = ("IMPLICIT_BIAS_THREADS", "1");

/// A plan whose study failed at item 9 of 12, after eight rows.
fn begun() -> Plan {
    let plan = Plan::new();
    let error = plan.make(&[ONE, ("FAIL", "9")]);
    assert!(error.starts_with("items[8] = 9: "), "{error}");
    assert_eq!(plan.files(), ["roots.csv.part"]);
    assert_eq!(numbers(&fs::read(plan.file(".part")).unwrap()), (1..=8).collect::<Vec<_>>());
    plan
}

#[test]
fn the_next_run_goes_on() {
    let plan = begun();
    // One of the eight is run again to see that the experiment is the same, and the four that are missing.
    assert_eq!(plan.make(&[]), "5 of 12");
    assert_eq!(plan.files(), ["roots.csv"]);
    assert!(fs::read(plan.file("")).unwrap() == alone("12"));
    // What is finished is made again from the start.
    assert_eq!(plan.make(&[]), "12 of 12");
}

#[test]
fn an_old_record_stays_until_the_new_one_is_whole() {
    let plan = begun();
    fs::write(plan.file(""), "what stood there").unwrap();
    plan.make(&[ONE, ("FAIL", "11")]);
    assert_eq!(fs::read(plan.file("")).unwrap(), b"what stood there");
    plan.make(&[]);
    assert!(fs::read(plan.file("")).unwrap() == alone("12"));
}

#[test]
fn a_line_cut_off_at_any_byte_is_dropped() {
    let plan = begun();
    fs::copy(plan.file(".part"), plan.file(".whole")).unwrap();
    fs::write(plan.file(".alone"), alone("12")).unwrap();
    let found = child("interrupted::cut", &[("STUDY", &plan.record()), ("IMPLICIT_BIAS_RECORD", "1"), ONE]);
    let cuts: usize = said(&found, "cuts: ").parse().unwrap();
    assert!(cuts > 250, "every byte of the head and of the last line: {cuts}");
}

#[test]
#[ignore = "run by the test above"]
fn cut() {
    let Ok(record) = std::env::var("STUDY") else { return };
    let at = |end: &str| format!("{record}{end}");
    let (whole, alone) = (fs::read(at(".whole")).unwrap(), fs::read(at(".alone")).unwrap());
    let ends: Vec<usize> = (0..whole.len()).filter(|i| whole[*i] == b'\n').collect();
    let head = 0..=ends[0] + 1;
    let last = ends[ends.len() - 2] + 1..=whole.len();
    let mut cuts = 0;
    for cut in head.chain(last) {
        fs::write(at(".part"), &whole[..cut]).unwrap();
        let rows = numbers(&whole[..cut]).len();
        let again = usize::from(rows > 0);
        assert_eq!(run(&record), format!("{} of 12", 12 - rows + again), "cut at byte {cut}");
        assert!(fs::read(&record).unwrap() == alone, "cut at byte {cut}");
        cuts += 1;
    }
    println!("cuts: {cuts}");
}

#[test]
fn a_damaged_line_is_no_cut() {
    let plan = begun();
    let text = fs::read_to_string(plan.file(".part")).unwrap();
    for (from, to, line) in [("\"number\":3", "\"number\":4", 4), ("roots", "boots", 1), ("}\n", "}", 1)] {
        fs::write(plan.file(".part"), text.replacen(from, to, 1)).unwrap();
        let error = plan.make(&[]);
        let expected = "expected a line as a recording study writes it, found another: the file is damaged";
        assert!(error.starts_with(&format!("DIR/roots.csv.part, line {line}: {expected}")), "{error}");
        assert_eq!(plan.files(), ["roots.csv.part"]);
    }
    // Its words help.
    let rest: String = text.split_inclusive('\n').filter(|line| !line.contains("\"number\":3")).collect();
    fs::write(plan.file(".part"), rest).unwrap();
    assert_eq!(plan.make(&[]), "6 of 12");
    assert!(fs::read(plan.file("")).unwrap() == alone("12"));
}

#[test]
fn rows_of_another_study_are_never_mixed() {
    let end = "; rows are never mixed: finish with the version that began them, or delete DIR/roots.csv.part";
    let refused = |environment: &[(&str, &str)], forge: &dyn Fn(&Plan)| {
        let plan = begun();
        forge(&plan);
        let before = fs::read(plan.file(".part")).unwrap();
        let error = plan.make(environment);
        assert!(fs::read(plan.file(".part")).unwrap() == before && plan.files() == ["roots.csv.part"], "{error}");
        error
    };
    let head = "DIR/roots.csv.part, line 1: expected";
    let untouched = |_: &Plan| {};
    let found = refused(&[("ABOUT", "cube roots")], &untouched);
    assert_eq!(found, format!("{head} rows about \"cube roots\", found rows about \"roots\"{end}"));
    let found = refused(&[("OTHER", "1")], &untouched);
    assert_eq!(found, format!("{head} the columns number,root,sort, found the columns number,root,kind{end}"));
    let found = refused(&[("COUNT", "13")], &untouched);
    assert_eq!(found, format!("{head} 13 items, found 12 items{end}"));
    let found = refused(&[], &|plan| forged(&plan.file(".part"), 0, env!("CARGO_PKG_VERSION"), "0.0.9"));
    let version = concat!("implicit-bias ", env!("CARGO_PKG_VERSION"));
    assert_eq!(found, format!("{head} rows made with {version}, found rows made with implicit-bias 0.0.9{end}"));
    let found = refused(&[], &|plan| forged(&plan.file(".part"), 0, "\"names\":\"", "\"names\":\"0"));
    assert!(found.starts_with(&format!("{head} items of the fingerprint ")), "{found}");

    // The same words about it, another experiment.
    let found = refused(&[("FACTOR", "1.0001")], &untouched);
    assert!(
        found.starts_with("DIR/roots.csv.part: item ") && found.contains(", root: expected the recorded "),
        "{found}"
    );
    assert!(
        found.ends_with(
            &end.replace("version that began them", "one that began").replace("rows are", "rows of two versions are")
        ),
        "{found}"
    );
    // A change that rounding hides is none.
    let plan = begun();
    assert_eq!(plan.make(&[("FACTOR", "1.000001")]), "5 of 12");

    // A journal without rows is no more than a beginning.
    let plan = Plan::new();
    plan.make(&[ONE, ("FAIL", "1")]);
    assert_eq!(plan.files(), ["roots.csv.part"]);
    assert_eq!(plan.make(&[("ABOUT", "cube roots")]), "12 of 12");
}

#[test]
fn two_processes_are_never_at_one_journal() {
    let plan = Plan::new();
    let mut first = plan.process(&[("PAUSE", "100000"), ONE]).stdout(Stdio::null()).spawn().unwrap();
    wait_for(1, &plan.file(".part"), &mut first);
    let busy = "DIR/roots.csv.part: another process is recording into this file: wait for its end";
    assert_eq!(plan.make(&[]), busy);
    assert_eq!(plan.make(&[("IMPLICIT_BIAS_SHARE", "1/2")]), busy);
    assert!(first.wait().unwrap().success());
    assert!(fs::read(plan.file("")).unwrap() == alone("12"));
}

/// Seeded numbers, for moments to kill at.
struct Dice(u64);

impl Dice {
    /// Below `n`, by xorshift.
    fn roll(&mut self, n: u64) -> u64 {
        for (left, by) in [(true, 13), (false, 7), (true, 17)] {
            self.0 ^= if left { self.0 << by } else { self.0 >> by };
        }
        self.0 % n
    }
}

/// `KILLS=300` in the environment for the whole test.
#[test]
fn killed_at_any_moment_no_row_is_lost_or_doubled() {
    let kills: usize = std::env::var("KILLS").map_or(40, |text| text.parse().unwrap());
    let (count, alone) = ("40", alone("40"));
    let mut dice = Dice(20_240_229);
    let (mut struck, mut in_the_midst, mut cut_off, mut finished) = (0, 0, 0, 0);
    let mut plan = Plan::new();
    let mut before: Vec<u64> = vec![];
    while struck < kills {
        let threads = if finished % 2 == 0 { "1" } else { "2" };
        let environment = [("COUNT", count), ("PAUSE", "1000"), ("IMPLICIT_BIAS_THREADS", threads)];
        let mut process = plan.process(&environment).stdout(Stdio::null()).spawn().unwrap();
        let started = Instant::now();
        let moment = Duration::from_micros(dice.roll(60_000));
        while started.elapsed() < moment && process.try_wait().unwrap().is_none() {
            std::thread::sleep(Duration::from_micros(100));
        }
        process.kill().unwrap();
        if process.wait().unwrap().success() {
            assert!(fs::read(plan.file("")).unwrap() == alone, "after {struck} kills");
            assert_eq!(plan.files(), ["roots.csv"], "after {struck} kills");
            (plan, before) = (Plan::new(), vec![]);
            finished += 1;
            continue;
        }
        struck += 1;
        let journal = fs::read(plan.file(".part")).unwrap_or_default();
        let rows = numbers(&journal);
        if journal.is_empty() && plan.file("").exists() {
            // Struck after the record was there and its journal gone.
            assert!(fs::read(plan.file("")).unwrap() == alone, "after {struck} kills");
            (plan, before) = (Plan::new(), vec![]);
            continue;
        }
        assert!(rows.starts_with(&before), "lost after {struck} kills: {before:?}, then {rows:?}");
        assert_eq!(rows.iter().collect::<HashSet<_>>().len(), rows.len(), "doubled after {struck} kills: {rows:?}");
        in_the_midst += usize::from(rows.len() > before.len());
        cut_off += usize::from(journal.last().is_some_and(|byte| *byte != b'\n'));
        before = rows;
    }
    println!("{kills} kills, {in_the_midst} with new rows, {cut_off} with a line cut off, {finished} studies finished");
    assert!(in_the_midst > kills / 4 && finished > 1, "the kills did not strike: {in_the_midst}, {finished}");
}

/// What a kill costs: with slow items, no more than those in flight.
#[test]
fn what_was_done_is_on_the_disk() {
    let plan = Plan::new();
    let environment = [("PAUSE", "50000"), ("IMPLICIT_BIAS_THREADS", "2")];
    let mut process = plan.process(&environment).stdout(Stdio::null()).spawn().unwrap();
    wait_for(4, &plan.file(".part"), &mut process);
    process.kill().unwrap();
    process.wait().unwrap();
    let rows = numbers(&fs::read(plan.file(".part")).unwrap());
    let largest = *rows.iter().max().unwrap() as usize;
    assert!(rows.len() + 2 > largest, "two threads had begun {largest} items, {rows:?} are there");
    let rest = 12 - rows.len() + 1;
    assert_eq!(plan.make(&[]), format!("{rest} of 12"));
}

#[test]
fn a_terminated_process_goes_on_too() {
    let plan = Plan::new();
    for signal in ["TERM", "USR1"] {
        let before = fs::read(plan.file(".part")).map_or(0, |journal| numbers(&journal).len());
        let mut process = plan.process(&[("PAUSE", "20000"), ONE]).stdout(Stdio::null()).spawn().unwrap();
        wait_for(before + 2, &plan.file(".part"), &mut process);
        let sent = std::process::Command::new("kill").args(["-s", signal, &process.id().to_string()]).status().unwrap();
        assert!(sent.success() && !process.wait().unwrap().success());
    }
    plan.make(&[]);
    assert!(fs::read(plan.file("")).unwrap() == alone("12"));
}
