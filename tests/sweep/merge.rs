//! Merging shares, and telling how far they are.

use crate::recording::{Plan, alone, forged, wait_for};
use implicit_bias::sweep::{merge, status};
use std::fs;
use std::process::Stdio;

/// Share i of N, recorded by this many threads.
fn share(plan: &Plan, text: &str, threads: &str) {
    let made = plan.make(&[("IMPLICIT_BIAS_SHARE", text), ("IMPLICIT_BIAS_THREADS", threads)]);
    assert!(made.contains(" is complete, "), "{made}");
}

fn merged(plan: &Plan) -> String {
    match merge(&plan.record()) {
        Ok(merged) => plan.short(&merged.to_string()),
        Err(error) => plan.short(&error.to_string()),
    }
}

fn told(plan: &Plan) -> String {
    plan.short(&status(&plan.record()).unwrap().to_string())
}

#[test]
fn shares_in_any_order_give_the_bytes_of_one_run() {
    let alone = alone("12");
    for (order, threads) in [(["1/3", "2/3", "3/3"], "1"), (["3/3", "1/3", "2/3"], "2"), (["2/3", "3/3", "1/3"], "3")] {
        let plan = Plan::new();
        for text in order {
            share(&plan, text, threads);
        }
        assert_eq!(merged(&plan), "DIR/roots.csv: 12 items from 3 journals");
        assert_eq!(plan.files(), ["roots.csv"]);
        assert!(fs::read(plan.file("")).unwrap() == alone, "{order:?}");
    }
    // One of thirteen has no item at all.
    let plan = Plan::new();
    (1..=13).for_each(|i| share(&plan, &format!("{i}/13"), "1"));
    assert_eq!(merged(&plan), "DIR/roots.csv: 12 items from 13 journals");
    assert!(fs::read(plan.file("")).unwrap() == alone);
    // Nothing to merge is no success.
    assert_eq!(
        merged(&plan),
        "DIR/roots.csv: expected journals of its shares beside it, found none: there is nothing to merge"
    );
}

#[test]
fn status_tells_what_is_missing_as_an_array() {
    let plan = Plan::new();
    let error = status(&plan.record()).unwrap_err().to_string();
    assert!(error.ends_with("roots.csv: there is neither a record nor a journal of one that is being made"), "{error}");
    for text in ["1/6", "5/6"] {
        share(&plan, text, "2");
    }
    plan.make(&[("IMPLICIT_BIAS_SHARE", "2/6"), ("FAIL", "8"), ("IMPLICIT_BIAS_THREADS", "1")]);
    let found = status(&plan.record()).unwrap();
    assert_eq!((found.items, found.done, found.journals, found.array.as_str()), (12, 5, 3, "2-4,6"));
    let lines = "5 of 12 items in 3 journals\nmissing: shares 2-4,6 of 6\nto run again: --array=2-4,6";
    assert_eq!(told(&plan), format!("DIR/roots.csv: {lines}"));

    // The whole run that was cut off names its items.
    let plan = Plan::new();
    plan.make(&[("FAIL", "9"), ("IMPLICIT_BIAS_THREADS", "1")]);
    assert_eq!(told(&plan), "DIR/roots.csv: 8 of 12 items in 1 journal\nmissing: items 9-12");
    let missing = "expected the rows of all 12 items, found those of 8; missing: items 9-12";
    assert_eq!(merged(&plan), format!("DIR/roots.csv: {missing}"));
    // What the whole had and what the shares have make one record.
    (2..=4).for_each(|i| share(&plan, &format!("{i}/4"), "1"));
    let lines = "11 of 12 items in 4 journals\nmissing: shares 1 of 4\nto run again: --array=1";
    assert_eq!(told(&plan), format!("DIR/roots.csv: {lines}"));
    share(&plan, "1/4", "1");
    assert_eq!(told(&plan), "DIR/roots.csv: 12 of 12 items in 5 journals\nall there, to be merged");
    merge(&plan.record()).unwrap();
    assert!(fs::read(plan.file("")).unwrap() == alone("12"));
    assert_eq!(told(&plan), "DIR/roots.csv: finished");

    // A journal whose first line was cut off, and one that is being written.
    let plan = Plan::new();
    fs::write(plan.file(".part"), "0123").unwrap();
    assert_eq!(told(&plan), "DIR/roots.csv: 0 of 0 items in 1 journal\nnothing yet");
    assert_eq!(merged(&plan), "DIR/roots.csv: expected journals with rows, found none that has begun");
}

#[test]
fn gaps_are_refused_and_nothing_is_touched() {
    let plan = Plan::new();
    for text in ["1/4", "2/4", "4/4"] {
        share(&plan, text, "1");
    }
    let files = plan.files();
    let expected = "DIR/roots.csv: expected the rows of all 12 items, found those of 9; missing: shares 3 of 4";
    assert_eq!(merged(&plan), expected);
    assert_eq!(plan.files(), files);
    // A share whose last line was cut off has a gap as well.
    share(&plan, "3/4", "1");
    let journal = plan.file(".3-of-4.part");
    let bytes = fs::read(&journal).unwrap();
    fs::write(&journal, &bytes[..bytes.len() - 1]).unwrap();
    assert_eq!(merged(&plan), expected.replace("those of 9", "those of 11"));
    fs::write(&journal, &bytes).unwrap();
    assert_eq!(merged(&plan), "DIR/roots.csv: 12 items from 4 journals");
}

#[test]
fn contradictions_are_refused_by_name() {
    let both = || {
        let plan = Plan::new();
        plan.make(&[("FAIL", "9"), ("IMPLICIT_BIAS_THREADS", "1")]);
        for text in ["1/2", "2/2"] {
            share(&plan, text, "1");
        }
        plan
    };
    // An item in two journals, with the same row: once in the record.
    let plan = both();
    let row = fs::read_to_string(plan.file(".part")).unwrap().lines().nth(2).unwrap().to_owned();
    let journal = fs::read_to_string(plan.file(".2-of-2.part")).unwrap();
    fs::write(plan.file(".2-of-2.part"), format!("{journal}{row}\n")).unwrap();
    assert_eq!(merged(&plan), "DIR/roots.csv: 12 items from 3 journals");
    assert!(fs::read(plan.file("")).unwrap() == alone("12"));
    // With another.
    let plan = both();
    fs::write(plan.file(".2-of-2.part"), format!("{journal}{row}\n")).unwrap();
    let last = journal.lines().count();
    forged(&plan.file(".2-of-2.part"), last, "1.414214", "1.414215");
    let files = plan.files();
    let found = merged(&plan);
    let line = last + 1;
    let here = "item 2: expected 2,1.414214,0.3333333 as in DIR/roots.csv.part, line 3, found 2,1.414215,0.3333333";
    assert_eq!(found, format!("DIR/roots.csv.2-of-2.part, line {line}: {here}; delete the file that is wrong"));
    assert_eq!(plan.files(), files);
    assert!(status(&plan.record()).is_err());
    // Items that are not the share's own.
    let plan = both();
    forged(&plan.file(".2-of-2.part"), 1, "\"number\":", "\"number\":1");
    assert!(merged(&plan).contains("2-of-2.part, line 2: expected a line as a recording study writes it"));
}

#[test]
fn foreign_heads_are_refused() {
    let with = |from: &str, to: &str| {
        let plan = Plan::new();
        for text in ["1/3", "2/3", "3/3"] {
            share(&plan, text, "1");
        }
        forged(&plan.file(".3-of-3.part"), 0, from, to);
        let found = merged(&plan);
        assert_eq!(plan.files().len(), 3, "{found}");
        found
    };
    let head = "DIR/roots.csv.3-of-3.part, line 1: expected";
    let end = "; rows are never mixed: finish with the version that began them, or delete DIR/roots.csv.3-of-3.part";
    let found = with("\"about\":\"roots\"", "\"about\":\"moons\"");
    assert_eq!(found, format!("{head} rows about \"roots\", found rows about \"moons\"{end}"));
    let found = with("\"kind\"", "\"sort\"");
    assert_eq!(found, format!("{head} the columns number,root,kind, found the columns number,root,sort{end}"));
    assert!(with("\"items\":12", "\"items\":13").contains("expected 12 items, found 13 items"));
    assert!(with("implicit-bias 0.", "implicit-bias 9.").contains("found rows made with implicit-bias 9."));
    // A share under the name of another.
    let plan = Plan::new();
    share(&plan, "1/2", "1");
    fs::rename(plan.file(".1-of-2.part"), plan.file(".2-of-2.part")).unwrap();
    let found = plan.make(&[("IMPLICIT_BIAS_SHARE", "2/2")]);
    assert!(
        found.contains("line 1: expected rows of share 2 of 2, found rows of share 1 of 2; rows are never"),
        "{found}"
    );
    // Shares of two numbers.
    let (plan, other) = (Plan::new(), Plan::new());
    for text in ["1/2", "2/2"] {
        share(&plan, text, "1");
    }
    share(&other, "3/4", "1");
    fs::copy(other.file(".3-of-4.part"), plan.file(".3-of-4.part")).unwrap();
    let found = merged(&plan);
    let message = "expected a share of 2 as in the journals beside it, found share 3 of 4";
    assert!(found.starts_with(&format!("DIR/roots.csv.3-of-4.part, line 1: {message}")), "{found}");
    assert_eq!(plan.files().len(), 3);
}

#[test]
fn nobody_merges_what_is_being_written() {
    let plan = Plan::new();
    share(&plan, "1/2", "1");
    let slow = [("IMPLICIT_BIAS_SHARE", "2/2"), ("PAUSE", "100000"), ("IMPLICIT_BIAS_THREADS", "1")];
    let mut second = plan.process(&slow).stdout(Stdio::null()).spawn().unwrap();
    wait_for(2, &plan.file(".2-of-2.part"), &mut second);
    assert!(merged(&plan).ends_with("missing: shares 2 of 2"));
    // All rows there, and still not free.
    assert!(second.wait().unwrap().success());
    let held = fs::File::open(plan.file(".2-of-2.part")).unwrap();
    held.lock().unwrap();
    assert_eq!(
        merged(&plan),
        "DIR/roots.csv.2-of-2.part: another process is recording into this file: wait for its end"
    );
    drop(held);
    assert!(merge(&plan.record()).is_ok());
    assert!(fs::read(plan.file("")).unwrap() == alone("12"));
}

/// Wherever a merge dies, the next one has all it needs.
#[test]
fn an_interrupted_merge_is_called_again() {
    let plan = Plan::new();
    for text in ["1/2", "2/2"] {
        share(&plan, text, "1");
    }
    let [first, second] = [".1-of-2.part", ".2-of-2.part"].map(|end| fs::read(plan.file(end)).unwrap());
    fs::create_dir(plan.file("")).unwrap();
    assert_eq!(merged(&plan), "DIR/roots.csv: Is a directory (os error 21)");
    fs::remove_dir(plan.file("")).unwrap();
    let whole = fs::read(plan.file(".part")).unwrap();
    let alone = alone("12");
    for (one, two, record) in [(true, true, false), (true, true, true), (false, true, true), (false, false, true)] {
        let plan = Plan::new();
        let write = |end: &str, bytes: &[u8], there: bool| {
            if there {
                fs::write(plan.file(end), bytes).unwrap();
            }
        };
        write(".1-of-2.part", &first, one);
        write(".2-of-2.part", &second, two);
        write(".part", &whole, true);
        write("", &alone, record);
        assert!(merged(&plan).starts_with("DIR/roots.csv: 12 items from "));
        assert_eq!(plan.files(), ["roots.csv"]);
        assert!(fs::read(plan.file("")).unwrap() == alone);
    }
}
