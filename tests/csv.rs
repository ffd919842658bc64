//! Both readers of CSV against hostile files. `PROPTEST_CASES=200000 cargo test --release --test csv` reads that many files
//! with each of them.

use implicit_bias::prelude::*;
use proptest::prelude::*;
use std::fs;
use std::path::Path;

/// As many cases as the environment asks for, or enough for a few seconds.
fn config() -> ProptestConfig {
    let asked = std::env::var("PROPTEST_CASES").ok().and_then(|cases| cases.parse().ok());
    ProptestConfig::with_cases(asked.unwrap_or(2_000))
}

#[rustfmt::skip]
const PIECES: &[&str] = &[
    "x1,y\n", "x1,x2,y\n", "x1,x2,y\r", "y\n", "1,2,1\n", "1,2,-1\r\n", "3.5,1\n", "1,1\r", "0,0,0\n", "\n", "\r",
    "\r\n", "  \t \n", "\u{feff}", "\0", ",", ",,", "1e400", "-1e-400", "NaN", "inf", "+1", "−1", " 1 ", "\u{a0}",
    "é", "#", ";", "1_000", "0x1", "99999999999999999999", "x1", "y", "1", "-1",
];
/// What quotes do is the reader's affair; the oracle below knows none.
#[rustfmt::skip]
const QUOTES: &[&str] = &[
    "\"", "\"\"", "\"1\"", "\"a\nb\"", "\"1,2\"", "\"\r\"",
];

fn files(pieces: Vec<&'static str>) -> impl Strategy<Value = String> {
    prop::collection::vec(prop::sample::select(pieces), 0..24).prop_map(|pieces| pieces.concat())
}

/// What a file says, or the line that is wrong in it, by nothing but splitting.
fn by_splitting(text: &str) -> std::result::Result<Vec<Vec<f64>>, usize> {
    let text = text.strip_prefix('\u{feff}').unwrap_or(text).replace("\r\n", "\n").replace('\r', "\n");
    let mut lines = text.split('\n').enumerate().map(|(index, line)| (index + 1, line));
    // Before the header and between rows, a line without anything does not count.
    let (_, header) = lines.find(|(_, line)| !line.is_empty()).ok_or(1_usize)?;
    let width = header.split(',').count();
    if header.split(',').next_back().map(str::trim) != Some("y") || width < 2 {
        return Err(1);
    }
    let mut rows = Vec::new();
    for (number, line) in lines.filter(|(_, line)| !line.trim().is_empty()) {
        let values: Option<Vec<f64>> =
            line.split(',').map(|value| value.trim().parse().ok().filter(|v: &f64| v.is_finite())).collect();
        rows.push(values.filter(|values| values.len() == width).ok_or(number)?);
    }
    if rows.is_empty() { Err(2) } else { Ok(rows) }
}

fn check(text: &[u8], oracle: Option<&str>, path: &Path) -> std::result::Result<(), TestCaseError> {
    fs::write(path, text).unwrap();
    let found = Regression::read_csv(path);
    match (&found, oracle.map(by_splitting)) {
        (Ok(data), Some(Ok(rows))) => {
            let read: Vec<Vec<f64>> =
                data.x().outer_iter().zip(data.y()).map(|(x, y)| x.iter().copied().chain([*y]).collect()).collect();
            prop_assert_eq!(read, rows);
        }
        (Err(error), Some(Err(line))) => {
            let place = format!("{}, line {line}", path.display());
            let error = error.to_string();
            prop_assert!(error.starts_with(&place), "{} but {}", error, place);
        }
        (Ok(data), None) => prop_assert!(data.x().iter().chain(data.y()).all(|v| v.is_finite())),
        (Err(error), None) => {
            let place = format!("{}, line ", path.display());
            prop_assert!(error.to_string().starts_with(&place), "{}", error);
        }
        (found, oracle) => prop_assert!(false, "{:?} but {:?}", found, oracle),
    }
    // Labels are targets that are −1 or +1.
    if let Ok(data) = Dataset::read_csv(path) {
        prop_assert!(data.y().iter().all(|label| label.abs() == 1.0) && found.is_ok_and(|found| found.x() == data.x()));
        data.write_csv(path).unwrap();
        prop_assert_eq!(Dataset::read_csv(path).unwrap(), data);
    }
    Ok(())
}

#[derive(Debug)]
struct Pair {
    value: f64,
    end: f64,
}

impl Recordable for Pair {
    columns! { value, end }
}

#[rustfmt::skip]
const RECORD: &[&str] = &[
    "# about: names\n", "# made by: hand\n", "# with: this test\n", "item,value,end\n", "1,1.5,NaN\n",
    "2,1e300,inf\n", "2,0,0", "1,", "\n", "\r\n", "\r", "#", "\"", "\"1\",0,0\n", "\"1\n\"", "1,2\n", "x,1,1\n",
    "1,1e999,0x1\n", "\0", "\u{feff}", " ", "é",
];

proptest! {
    #![proptest_config(config())]

    #[test]
    fn data_without_quotes_are_what_stands_between_commas(text in files(PIECES.to_vec())) {
        let folder = tempfile::tempdir().unwrap();
        check(text.as_bytes(), Some(&text), &folder.path().join("points.csv"))?;
    }

    #[test]
    fn data_are_read_or_refused_with_a_line(
        head in prop::sample::select(vec!["", "x1,y\n", "x1,x2,y\n1,2,1\n"]),
        text in files([PIECES, QUOTES].concat()),
        bytes in prop::collection::vec(any::<u8>(), 0..3),
    ) {
        let folder = tempfile::tempdir().unwrap();
        check(&[head.as_bytes(), text.as_bytes(), &bytes].concat(), None, &folder.path().join("points.csv"))?;
    }

    #[test]
    fn records_are_read_or_refused_with_a_line(
        whole in any::<bool>(),
        text in files(RECORD.to_vec()),
        bytes in prop::collection::vec(any::<u8>(), 0..2),
    ) {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("study.csv");
        let head = if whole { RECORD[..4].concat() } else { String::new() };
        fs::write(&path, [head.as_bytes(), text.as_bytes(), &bytes].concat()).unwrap();
        let record = path.to_str().unwrap();
        let study = Study { record, about: "names", notebook: "n", sample: 1 };
        match study.run([1, 2], |_| Ok(Pair { value: 1.5, end: f64::NAN })) {
            Ok(found) => prop_assert!(found.rows.len() == 2 && found.rows.iter().all(|row| !row.value.is_nan() || row.end.is_nan())),
            // Also a deviation is said with the file.
            Err(error) => prop_assert!(error.to_string().contains(record), "{}", error),
        }
    }
}
