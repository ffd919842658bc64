//! How programs end: as their cells do, or well when a share of a study is done.

use super::programs::ended;
use super::*;

#[test]
fn a_program_ends_as_its_cells_do() {
    let mut expected_to_fail = code("f", "panic!(\"on purpose\");");
    expected_to_fail["metadata"] = json!({ "tags": ["raises-exception"] });
    let ends = "match std::env::var(\"ENDS\").as_deref() {\n    Ok(\"err\") => { \"x\".parse::<u8>()?; }\n    Ok(\"panic\") => panic!(\"in the cell\"),\n    _ => {}\n}";
    let sees = "std::env::var(\"IMPLICIT_BIAS_RECORD\").ok()";
    let project = Project::new(&[(
        "ends",
        json!([
            code("read", "!echo not this\nlet record = \"../data/s.csv\";\nstd::fs::read_to_string(\"beside.txt\")?"),
            expected_to_fail,
            code(
                "sees",
                &format!("({sees}, {}, {})", sees.replace("RECORD", "SHARE"), sees.replace("RECORD", "THREADS"))
            ),
            code("ends", ends),
            code(
                "deep",
                "fn deep(n: u64) -> u64 { let a = [n; 512]; if n == 0 { a[0] } else { 1 + deep(std::hint::black_box(n - 1)) + a[1] - n } }\ndeep(3000)"
            ),
        ]),
    )]);
    fs::write(project.path("notebooks/beside.txt"), "beside").unwrap();
    let (status, stdout, stderr) = project.program(&[]);
    assert_eq!(status, Some(0), "{stderr}");
    assert!(stdout.contains("left out: ends, cell 1, line 1: `!echo not this` is for the shell"), "{stdout}");
    assert!(stdout.contains("left out: ends, cell 2: is there to fail"), "{stdout}");
    let program = project.build("ends");
    // From any folder the paths start in the notebook's.
    let (status, stdout, _) = ended(&program, &[]);
    assert_eq!((status, stdout.as_str()), (Some(0), "\"beside\"\n(None, None, None)\n3000\n"));
    let (status, stdout, _) = ended(&program, &["--study", "s", "--share", "2/3", "--threads", "1"]);
    assert!(status == Some(0) && stdout.contains("(Some(\"s\"), Some(\"2/3\"), Some(\"1\"))"), "{stdout}");
    let ending = |how: &str| Command::new(&program).env("ENDS", how).output().unwrap();
    let (err, panic) = (ending("err"), ending("panic"));
    assert_eq!(err.status.code(), Some(1));
    assert!(said(&err).1.contains("ends, cell 4: ParseIntError"), "{:?}", said(&err));
    assert_eq!(panic.status.code(), Some(101));
    assert!(said(&panic).1.contains("in the cell") && said(&panic).1.contains("ends, cell 4: panicked"));
    let (status, stdout, _) = ended(&program, &["--help"]);
    assert!(status == Some(0) && stdout.contains("--share I/N") && !stdout.contains("beside"), "{stdout}");
    for (wrong, words) in [
        (&["--shares", "1/2"][..], "--shares"),
        (&["--share"], "--share: expected a value"),
        (&["--folder", "/nowhere"], "/nowhere"),
    ] {
        let (status, stdout, stderr) = ended(&program, wrong);
        assert!(status == Some(2) && stdout.is_empty() && stderr.contains(words), "{wrong:?}: {stderr}");
    }
    let (status, _, stderr) = ended(&program, &["--status", "../data/s.csv"]);
    assert!(status == Some(1) && stderr.contains("depends on implicit-bias"), "{stderr}");
}

#[test]
fn a_program_whose_share_is_done_ends_well() {
    // In the place of this crate, which takes a minute to compile: the same names, and studies that are done at once.
    let library = "pub mod error {
        #[derive(Debug)]
        pub enum Error { Share { path: String }, Other }
        impl std::fmt::Display for Error { fn fmt(&self, f: &mut std::fmt::Formatter) -> std::fmt::Result { write!(f, \"{self:?}\") } }
    }
    pub mod sweep {
        use crate::error::Error;
        pub fn status(record: &str) -> Result<String, Error> { Ok(format!(\"status of {record}\")) }
        pub fn merge(_record: &str) -> Result<u8, Error> { Err(Error::Other) }
    }
    pub fn study(name: &str) -> Result<u8, error::Error> {
        if name == \"fails\" { Err(error::Error::Other) } else { Err(error::Error::Share { path: name.into() }) }
    }";
    let project = Project::new(&[(
        "study",
        json!([
            code(
                "dep",
                ":dep implicit-bias = { path = \"../crate\" }\nlet study = std::env::var(\"IMPLICIT_BIAS_RECORD\")?;"
            ),
            code("records", "let records = [\"../data/sizes.csv\", \"../data/fails.csv\"];"),
            code("run", "let rows = implicit_bias::study(&study)?;"),
            code("after", "println!(\"not reached\");"),
        ]),
    )]);
    fs::create_dir_all(project.path("crate/src")).unwrap();
    let manifest = "[package]\nname = \"implicit-bias\"\nversion = \"0.1.0\"\nedition = \"2024\"\n[workspace]\n";
    fs::write(project.path("crate/Cargo.toml"), manifest).unwrap();
    fs::write(project.path("crate/src/lib.rs"), library).unwrap();
    let (status, _, stderr) = project.program(&[]);
    assert_eq!(status, Some(0), "{stderr}");
    let program = project.build("study");
    let done = ended(&program, &["--study", "sizes", "--share", "1/2"]);
    assert_eq!(done, (Some(0), "Share { path: \"sizes\" }\n".to_owned(), String::new()));
    let failed = ended(&program, &["--study", "fails"]);
    assert_eq!(failed, (Some(1), String::new(), "study, cell 3: Other\n".to_owned()));
    let unknown = "study: --study: expected 1 or one of fails, sizes, found size\n".to_owned();
    assert_eq!(ended(&program, &["--study", "size", "--share", "1/2"]), (Some(2), String::new(), unknown));
    assert_eq!(ended(&program, &["--status", "a.csv"]), (Some(0), "status of a.csv\n".to_owned(), String::new()));
    assert_eq!(ended(&program, &["--merge", "a.csv"]), (Some(1), String::new(), "Other\n".to_owned()));
}
