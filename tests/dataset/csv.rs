//! CSV files of labels and of targets against what was written, and where they are malformed.

use super::written;
use implicit_bias::prelude::*;

#[test]
fn csv_comes_back_to_the_bit() {
    let (_folder, path) = written("");
    let x = array![[0.1, -0.0, 1e308], [5e-324, f64::MAX, 1.0 / 3.0], [1e-308, -1e22, f64::MIN_POSITIVE]];
    let data = Dataset::new(x, array![1.0, -1.0, 1.0]).unwrap();
    data.write_csv(&path).unwrap();
    let back = Dataset::read_csv(&path).unwrap();
    let all_bits = |d: &Dataset| d.x().iter().chain(d.y()).map(|v| v.to_bits()).collect::<Vec<_>>();
    assert_eq!(all_bits(&back), all_bits(&data));
    assert!(std::fs::read_to_string(&path).unwrap().starts_with("x1,x2,x3,y\n0.1,-0.0,1e308,1\n"));
}

#[test]
fn csv_reads_what_people_write() {
    let (_folder, path) = written("\u{feff}sepal length, petal width ,y\r\n 5.1, 0.2, +1\r\n\r\n4.9,1e-1,-1.0\r\n");
    let data = Dataset::read_csv(path).unwrap();
    assert_eq!((data.x(), data.y()), (array![[5.1, 0.2], [4.9, 0.1]].view(), array![1.0, -1.0].view()));
    // Lines of blanks, and line ends of three kinds.
    for text in ["a,y\n1,1\n  \t\n\n2,-1\n   ", "a,y\r1,1\r \r\r2,-1\r", "a,y\r\n1,1\r\r\n \n2,-1"] {
        let (_folder, path) = written(text);
        let data = Dataset::read_csv(&path).unwrap_or_else(|error| panic!("{text:?}: {error}"));
        assert_eq!((data.x(), data.y()), (array![[1.0], [2.0]].view(), array![1.0, -1.0].view()), "{text:?}");
        assert_eq!(Regression::read_csv(&path).unwrap().x(), data.x(), "{text:?}");
    }
}

#[test]
fn csv_errors_name_the_place() {
    let header = "expected a header x1,…,xd,y with y last";
    let cases: [(&[u8], String); 20] = [
        (b"", format!("line 1: {header}, found an empty file")),
        (b"y\n1\n", format!("line 1: {header}, found y alone")),
        (b"1.0,2.0,1\n", format!("line 1, column 3: {header}, found \"1\"")),
        (b"x1,x2,y\n", "line 2: expected at least one row below the header, found none".into()),
        (b"x1,y\n1,1\nabc,1\n", "line 3, column 1 (x1): expected a finite number, found \"abc\"".into()),
        (b"x1,y\n1,1\n\n\n,1\n", "line 5, column 1 (x1): expected a finite number, found \"\"".into()),
        (b"x1,y\r\n1,1\r\n\r\n?,1\r\n", "line 4, column 1 (x1): expected a finite number, found \"?\"".into()),
        (b"x1,y\r\n1,1\r\n\r\n1\r\n", "line 4: expected 2 values as in the header, found 1".into()),
        (b"x1,x2,y\n1,NaN,1\n", "line 2, column 2 (x2): expected a finite number, found \"NaN\"".into()),
        (b"x1,x2,y\n1,1e999,1\n", "line 2, column 2 (x2): expected a finite number, found \"1e999\"".into()),
        (b"x1,y\n1,-inf\n", "line 2, column 2 (y): expected a finite number, found \"-inf\"".into()),
        (b"x1,y\n1,2\n", "line 2, column 2 (y): expected a label −1 or +1, found 2".into()),
        (
            b"x1,y\n1,1\n2,0\n",
            "line 3, column 2 (y): expected a label −1 or +1, found 0 (files labelled 0 and 1 need −1 for 0)".into(),
        ),
        (b"x1,x2,y\n1,2,1\n1,1\n", "line 3: expected 3 values as in the header, found 2".into()),
        (b"x1,x2,y\n1,2,1\n1,2,3,1\n", "line 3: expected 3 values as in the header, found 4".into()),
        (b"x1,y\n1,1\n  \n\n?,1\n", "line 5, column 1 (x1): expected a finite number, found \"?\"".into()),
        (b"x1,y\r1,1\r\r?,1\r", "line 4, column 1 (x1): expected a finite number, found \"?\"".into()),
        (b"x1,y\r1,1\r \r1\r", "line 4: expected 2 values as in the header, found 1".into()),
        (b"x1,y\r1,1\r1,\xff\r", "line 3, column 2: expected UTF-8 text, found other bytes".into()),
        (b"x1,x2,y\n1,\xff,1\n", "line 2, column 2: expected UTF-8 text, found other bytes".into()),
    ];
    for (text, expected) in cases {
        let (_folder, path) = written(text);
        let error = Dataset::read_csv(&path).unwrap_err();
        assert_eq!(error.to_string(), format!("{}, {expected}", path.display()));
    }
    let missing = Dataset::read_csv("/nowhere/points.csv").unwrap_err().to_string();
    assert!(missing.starts_with("/nowhere/points.csv: "), "{missing}");
    let data = Dataset::new(array![[1.0]], array![1.0]).unwrap();
    assert!(matches!(data.write_csv("/nowhere/points.csv"), Err(Error::Io { .. })));
}

#[test]
fn regression_csv_is_read_and_bad_lines_are_named() -> Result<()> {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("targets.csv");
    let read = |text: &str| {
        std::fs::write(&path, text).unwrap();
        Regression::read_csv(&path)
    };
    let data = read("a,b,y\n1, 2,-3.5\n\n0.5,1e-3,7\n")?;
    assert_eq!((data.x(), data.y()), (array![[1.0, 2.0], [0.5, 1e-3]].view(), array![[-3.5], [7.0]].view()));
    for (text, line, what) in [
        ("a,y\n1,2\nx,3\n", "line 3", "finite number"),
        ("a,y\n1,2\n1,inf\n", "line 3", "finite number"),
        ("a,y\n1,2,3\n", "line 2", "expected 2 values"),
        ("a,b\n1,2\n", "line 1", "y"),
        ("a,y\n", "line 2", "at least one row"),
    ] {
        let message = read(text).unwrap_err().to_string();
        assert!(message.contains(line) && message.contains(what), "{text:?}: {message}");
    }
    assert!(Regression::read_csv(dir.path().join("missing.csv")).is_err());
    let diabetes = Regression::read_csv("data/diabetes.csv")?;
    assert_eq!((diabetes.n(), diabetes.d(), diabetes.y()[[441, 0]]), (442, 10, 57.0));
    Ok(())
}
