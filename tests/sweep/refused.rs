//! Records of other studies, malformed records and studies without sense are refused.

use crate::study::{ABOUT, Folder, items, outcome};
use implicit_bias::prelude::*;
use std::fs;

#[test]
fn the_record_of_another_study_is_refused() {
    let again =
        "; if the study changed, make the record again with `IMPLICIT_BIAS_RECORD=1 cargo notebooks --force report-0`";
    let cases = [
        (
            "two slopes",
            "3 slopes",
            "FILE, line 1: expected a record about \"outcomes, of two slopes × 12 seeds: \\\"all kinds\\\"\", found one about \"outcomes, of 3 slopes × 12 seeds: \\\"all kinds\\\"\"",
        ),
        (
            ",m,seed,",
            ",m,draw,",
            "FILE, line 4, column 3 (draw): expected the columns item,m,seed,ratios_1,ratios_2,end, found item,m,draw,ratios_1,ratios_2,end",
        ),
        ("(0.25, 12)", "(0.25, 13)", "FILE, line 16, column 1 (item): expected (0.25, 12), found (0.25, 13)"),
    ];
    for (from, to, expected) in cases {
        assert_eq!(Folder::made().changed(from, to), format!("{expected}{again}"));
    }
    let folder = Folder::made();
    let text = fs::read_to_string(folder.path()).unwrap();
    let with = |text: &str| {
        fs::write(folder.path(), text).unwrap();
        folder.study(24, outcome).unwrap_err().to_string().replace(folder.path().to_str().unwrap(), "FILE")
    };
    let last = text.lines().last().unwrap();
    let more = format!("{text}{last}\n");
    assert_eq!(with(&more), format!("FILE, line 29: expected 24 rows, one for each item, found more{again}"));
    let fewer = text.trim_end().strip_suffix(last).unwrap();
    assert_eq!(with(fewer), format!("FILE, line 27: expected 24 rows, one for each item, found 23{again}"));
    let header = text.replace(",end\n", "\n");
    assert!(with(&header).starts_with("FILE, line 4: expected the columns item,m,"), "{}", with(&header));
}

#[test]
fn a_malformed_record_says_where() {
    let cases = [
        ("# about", "about", "FILE, line 1: expected `# about: …`, found \"about: outcomes"),
        ("# with", "# made with", "FILE, line 3: expected `# with: …`, found \"# made with: implicit-bias"),
        (",1.2345678901e10\n", ",many\n", "FILE, line 7, column 6 (end): expected a number, found \"many\""),
        (",1.2345678901e10\n", ",\n", "FILE, line 7, column 6 (end): expected a number, found \"\""),
        (",1.2345678901e10\n", "\n", "FILE, line 7: expected 6 values as in the header, found 5"),
        (",1.2345678901e10\n", ",1,2\n", "FILE, line 7: expected 6 values as in the header, found 7"),
    ];
    for (from, to, expected) in cases {
        let found = Folder::made().changed(from, to);
        assert!(found.starts_with(expected), "{found}");
    }
    let folder = Folder::made();
    let text = fs::read(folder.path()).unwrap();
    let with = |bytes: &[u8]| {
        fs::write(folder.path(), bytes).unwrap();
        folder.study(24, outcome).unwrap_err().to_string().replace(folder.path().to_str().unwrap(), "FILE")
    };
    assert!(with(b"").starts_with("FILE, line 1: expected `# about: …`, found \"\""));
    assert_eq!(with(&[&text[..], &[b'\n', 0xff]].concat()), "FILE, line 30: expected UTF-8 text, found other bytes");
    // Line ends of another system change nothing.
    let crlf = String::from_utf8(text).unwrap().replace('\n', "\r\n");
    fs::write(folder.path(), crlf).unwrap();
    assert_eq!(folder.study(24, outcome).unwrap().deviation, 0.0);
}

#[test]
fn a_study_without_sense_is_refused() {
    let folder = Folder::made();
    let path = folder.path();
    let good = Study { record: path.to_str().unwrap(), about: ABOUT, notebook: "report-0", sample: 3 };
    let run =
        |study: Study, items: Vec<(f64, u64)>| study.run(items, |(m, seed)| outcome(m, seed)).unwrap_err().to_string();
    assert_eq!(
        run(Study { sample: 0, ..good }, items()),
        "Study.sample: expected at least 1 item to run again, found 0"
    );
    assert_eq!(run(good, vec![]), "Study::run(items): expected at least one item, found none");
    let line = "expected one line of text without spaces around it, found";
    assert_eq!(run(Study { about: "", ..good }, items()), format!("Study.about: {line} \"\""));
    assert_eq!(run(Study { about: "two\nlines", ..good }, items()), format!("Study.about: {line} \"two\\nlines\""));
    assert_eq!(run(Study { notebook: " x", ..good }, items()), format!("Study.notebook: {line} \" x\""));
    assert_eq!(run(Study { record: "", ..good }, items()), format!("Study.record: {line} \"\""));
}
