//! Records against what was computed, and against records that were changed.

use crate::{child, log_risk, log_risk_of_nothing, said};
use implicit_bias::prelude::*;
use proptest::prelude::*;
use std::collections::HashSet;
use std::fs;
use std::path::PathBuf;
use std::sync::Mutex;

#[derive(Clone, Debug, PartialEq)]
pub struct Outcome {
    m: f64,
    seed: f64,
    ratios: [f64; 2],
    end: f64,
}

impl Recordable for Outcome {
    columns! { m, seed, ratios, end }
}

/// Numbers of all kinds: more than seven digits, whole, tiny, not finite.
pub fn outcome(m: f64, seed: u64) -> Result<Outcome> {
    let end = [f64::NAN, f64::INFINITY, f64::NEG_INFINITY, 12_345_678_901.0, -0.0, 1e-300 / 3.0][seed as usize % 6];
    Ok(Outcome { m, seed: seed as f64, ratios: [log_risk(seed)?, (m + 0.1) / 3.0], end })
}

pub struct Folder(tempfile::TempDir);

pub const ABOUT: &str = "outcomes, of two slopes × 12 seeds: \"all kinds\"";

impl Folder {
    fn new() -> Self {
        Self(tempfile::tempdir().unwrap())
    }

    pub fn path(&self) -> PathBuf {
        self.0.path().join("study.csv")
    }

    /// As the notebook does.
    pub fn study(
        &self,
        sample: usize,
        experiment: impl Fn(f64, u64) -> Result<Outcome> + Sync,
    ) -> Result<Recorded<Outcome>> {
        let path = self.path();
        Study { record: path.to_str().unwrap(), about: ABOUT, notebook: "report-0", sample }
            .run(items(), |(m, seed)| experiment(m, seed))
    }

    /// The record, made in a process that was asked for it.
    pub fn made() -> Self {
        let folder = Self::new();
        let path = folder.path();
        let found = child("study::make_record", &[("STUDY", path.to_str().unwrap()), ("IMPLICIT_BIAS_RECORD", "1")]);
        assert_eq!(said(&found, "made: "), "24 of 24, deviation 0");
        folder
    }

    /// The record with `from` replaced by `to` everywhere.
    pub fn changed(&self, from: &str, to: &str) -> String {
        let text = fs::read_to_string(self.path()).unwrap();
        assert!(text.contains(from), "{text}");
        fs::write(self.path(), text.replace(from, to)).unwrap();
        self.study(24, outcome).unwrap_err().to_string().replace(self.path().to_str().unwrap(), "FILE")
    }
}

pub fn items() -> Vec<(f64, u64)> {
    grid([0.25, 1.0], 1..=12)
}

#[test]
#[ignore = "run by the tests below"]
fn make_record() {
    let Ok(path) = std::env::var("STUDY") else { return };
    let study = Study { record: &path, about: ABOUT, notebook: "report-0", sample: 3 };
    match study.run(items(), |(m, seed)| outcome(m, seed)) {
        Ok(found) => println!("made: {} of {}, deviation {}", found.checked, found.rows.len(), found.deviation),
        Err(error) => println!("made: {error}"),
    }
}

#[test]
fn a_record_gives_back_its_rows() {
    let folder = Folder::made();
    let text = fs::read_to_string(folder.path()).unwrap();
    let lines: Vec<&str> = text.lines().collect();
    assert_eq!(lines[0], format!("# about: {ABOUT}"));
    assert_eq!(lines[1], "# made by: IMPLICIT_BIAS_RECORD=1 cargo notebooks --force report-0");
    assert_eq!(lines[2], concat!("# with: implicit-bias ", env!("CARGO_PKG_VERSION")));
    assert_eq!(lines[3], "item,m,seed,ratios_1,ratios_2,end");
    assert!(
        lines[6].starts_with("\"(0.25, 3)\",0.25,3,-") && lines[6].ends_with(",0.1166667,1.2345678901e10"),
        "{}",
        lines[6]
    );
    assert_eq!(lines.len(), 4 + 24);
    assert_eq!(fs::read_dir(folder.0.path()).unwrap().count(), 1, "nothing but the record is left");

    let study = folder.study(24, outcome).unwrap();
    for ((m, seed), row) in items().into_iter().zip(&study.rows) {
        let fresh = outcome(m, seed).unwrap();
        assert_eq!((row.m, row.seed), (m, seed as f64));
        let near = |a: f64, b: f64| a == b || (a.is_nan() && b.is_nan()) || (a - b).abs() <= 5.1e-7 * b.abs();
        assert!(near(row.ratios[0], fresh.ratios[0]) && near(row.ratios[1], fresh.ratios[1]), "{row:?}, {fresh:?}");
        assert!(near(row.end, fresh.end) && row.end.is_sign_negative() == fresh.end.is_sign_negative(), "{row:?}");
    }
    assert_eq!((study.checked, study.deviation), (24, 0.0));
    let before = fs::metadata(folder.path()).unwrap().modified().unwrap();
    let told = format!("{:?}", folder.study(5, outcome).unwrap());
    let start =
        format!("24 rows from {} (made with implicit-bias 0.1.0 by `IMPLICIT_BIAS_RECORD=1", folder.path().display());
    assert!(told.starts_with(&start), "{told}");
    assert!(told.ends_with("report-0`); 5 of them run now: largest relative deviation 0"), "{told}");
    assert_eq!(fs::metadata(folder.path()).unwrap().modified().unwrap(), before, "reading must not write");

    // Making it again gives the same bytes.
    let again = Folder::made();
    assert_eq!(fs::read(again.path()).unwrap(), text.into_bytes());
}

#[test]
fn a_record_is_replaced_only_by_a_whole_one() {
    let folder = Folder::new();
    fs::write(folder.path(), "what stood there").unwrap();
    let path = folder.path();
    let make = |environment: &[(&str, &str)]| {
        let found = child("study::make_failing_record", environment);
        (said(&found, "made: ").to_owned(), fs::read_to_string(folder.path()).unwrap())
    };
    let (error, left) = make(&[("STUDY", path.to_str().unwrap()), ("IMPLICIT_BIAS_RECORD", "1")]);
    assert!(error.starts_with("items[3] = (0.25, 4): "), "{error}");
    assert_eq!(left, "what stood there");
    assert_eq!(fs::read_dir(folder.0.path()).unwrap().count(), 2, "the record and the journal of what was done");
    for bad in ["", "study.csv", "data/study"] {
        let (error, _) = make(&[("STUDY", path.to_str().unwrap()), ("IMPLICIT_BIAS_RECORD", bad)]);
        let expected = "expected 1, the name of a record without its .csv, or no such variable";
        assert_eq!(error, format!("IMPLICIT_BIAS_RECORD: {expected}, found {bad:?}"));
    }
    let nowhere = folder.0.path().join("no/study.csv");
    let (error, _) = make(&[("STUDY", nowhere.to_str().unwrap()), ("IMPLICIT_BIAS_RECORD", "1")]);
    assert!(error.contains("no/study.csv") && error.contains("No such file"), "{error}");
}

#[test]
#[ignore = "run by the test above"]
fn make_failing_record() {
    let Ok(path) = std::env::var("STUDY") else { return };
    let study = Study { record: &path, about: ABOUT, notebook: "report-0", sample: 3 };
    let fourth = |(m, seed)| if seed == 4 { Err(log_risk_of_nothing()) } else { outcome(m, seed) };
    println!("made: {}", study.run(items(), fourth).unwrap_err());
}

/// Runs the study with one of its numbers scaled, and says what was run.
fn scaled(folder: &Folder, by: f64, sample: usize) -> (Result<Recorded<Outcome>>, Vec<(f64, u64)>) {
    let seen = Mutex::new(vec![]);
    let result = folder.study(sample, |m, seed| {
        seen.lock().unwrap().push((m, seed));
        let mut row = outcome(m, seed)?;
        row.ratios[1] *= by;
        Ok(row)
    });
    let mut seen = seen.into_inner().unwrap();
    seen.sort_by(|a, b| a.partial_cmp(b).unwrap());
    (result, seen)
}

#[test]
fn a_deviation_is_an_error_and_rounding_is_none() {
    let folder = Folder::made();
    let (result, _) = scaled(&folder, 1.0 + 8e-6, 24);
    let deviation = result.unwrap().deviation;
    assert!((7e-6..9e-6).contains(&deviation), "{deviation}");
    let (result, _) = scaled(&folder, 1.0 + 1.2e-5, 24);
    let Err(Error::Deviation { item, column, recorded, found, .. }) = result else { panic!("{result:?}") };
    assert_eq!((item.as_str(), column.as_str(), recorded), ("(0.25, 1)", "ratios_2", 0.1166667));
    assert!((found / recorded - 1.0 - 1.2e-5).abs() < 1e-6, "{found}");
    for (from, to) in [("NaN", "inf"), ("inf", "-inf"), ("inf", "1e300"), ("1.2345678901e10", "1.2346678901e10")] {
        let message = Folder::made().changed(&format!(",{from}\n"), &format!(",{to}\n"));
        assert!(message.contains(&format!("end: expected the recorded {:?}", to.parse::<f64>().unwrap())), "{message}");
        assert!(
            message.ends_with("make the record again with `IMPLICIT_BIAS_RECORD=1 cargo notebooks --force report-0`")
        );
    }
    // Near zero, 1e-12 is the same as nothing and 1e-11 is not.
    let tiny = |value: f64| {
        let run = |m, seed| outcome(m, seed).map(|row| if seed % 6 == 5 { Outcome { end: value, ..row } } else { row });
        folder.study(24, run)
    };
    assert!(tiny(9e-13).is_ok());
    assert!(matches!(tiny(1.1e-12), Err(Error::Deviation { column, .. }) if column == "end"));
}

#[test]
fn the_sample_is_spread_over_the_items() {
    let folder = Folder::made();
    for sample in [1, 2, 5, 12, 23] {
        let (result, seen) = scaled(&folder, 1.0, sample);
        assert_eq!(result.unwrap().checked, sample);
        let places: Vec<usize> = seen.iter().map(|item| items().iter().position(|i| i == item).unwrap()).collect();
        for k in 0..sample {
            assert!((k * 24 / sample..(k + 1) * 24 / sample).contains(&places[k]), "{places:?}");
        }
    }
    let (_, seen) = scaled(&folder, 1.0, 4);
    assert!(seen.iter().map(|item| item.1).collect::<HashSet<_>>().len() == 4, "one column of the grid: {seen:?}");
    let (result, seen) = scaled(&folder, 1.0, usize::MAX);
    assert_eq!(seen, items());
    assert!(format!("{:?}", result.unwrap()).contains("; all of them run now: "));
}

#[test]
fn no_record_names_the_command() {
    let folder = Folder::new();
    let error = folder.study(3, |_, _| panic!("nothing is run without a record")).unwrap_err().to_string();
    let path = folder.path();
    let command = "IMPLICIT_BIAS_RECORD=1 cargo notebooks --force report-0";
    assert_eq!(error, format!("{}: there is no record yet: make it with `{command}`", path.display()));
    fs::create_dir(&path).unwrap();
    assert!(matches!(folder.study(3, outcome), Err(Error::Io { message, .. }) if !message.contains("no record")));
}

proptest! {
    /// Items with commas, quotes, line ends and comment signs; numbers of any size.
    #[test]
    fn any_text_is_kept_as_an_item(names in prop::collection::vec("[a#\", \r\n;×]{0,6}", 1..5), value: f64) {
        #[derive(Clone)]
        struct Bare(String);
        impl std::fmt::Debug for Bare {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result { f.write_str(&self.0) }
        }
        #[derive(Debug)]
        struct One { value: f64 }
        impl Recordable for One { columns! { value } }
        let folder = Folder::new();
        let path = folder.path();
        let mut writer = csv::WriterBuilder::new().comment(Some(b'#')).from_writer(
            b"# about: names\n# made by: hand\n# with: this test\n".to_vec());
        writer.write_record(["item", "value"]).unwrap();
        for name in &names {
            writer.write_record([name.as_str(), &format!("{value:.6e}")]).unwrap();
        }
        fs::write(&path, writer.into_inner().unwrap()).unwrap();
        let study = Study { record: path.to_str().unwrap(), about: "names", notebook: "n", sample: 9 };
        let found = study.run(names.iter().cloned().map(Bare), |_| Ok(One { value })).unwrap();
        prop_assert!(found.rows.len() == names.len() && found.deviation <= 1e-6);
        let written = format!("{value:.6e}").parse::<f64>().unwrap();
        prop_assert!(found.rows.iter().all(|row| row.value.to_bits() == written.to_bits() || value.is_nan()));
    }
}

#[test]
fn rows_take_no_more_and_no_fewer_numbers() {
    assert_eq!(Outcome::columns(), ["m", "seed", "ratios_1", "ratios_2", "end"]);
    let row = Outcome::from_values(&[1.0, 2.0, 3.0, 4.0, 5.0]).unwrap();
    assert_eq!(row, Outcome { m: 1.0, seed: 2.0, ratios: [3.0, 4.0], end: 5.0 });
    assert_eq!(row.values(), [1.0, 2.0, 3.0, 4.0, 5.0]);
    for count in [0, 1, 3, 4, 6] {
        assert_eq!(Outcome::from_values(&vec![1.0; count]), None);
    }
}
