//! Notebooks as programs: what they print, what rustc says of them, how they end.

use super::*;

impl Project {
    /// Builds the programs that were written and gives the path of one; without optimisation, which would take longer.
    fn build(&self, name: &str) -> PathBuf {
        let manifest = self.path("target/programs/Cargo.toml");
        let built = Command::new(env!("CARGO")).args(["build", "--quiet", "--manifest-path"]).arg(manifest).output();
        let built = built.unwrap();
        assert!(built.status.success(), "{}", said(&built).1);
        self.path("target/programs/target/debug").join(name)
    }

    fn program(&self, arguments: &[&str]) -> (Option<i32>, String, String) {
        let finished = self.run(&[&["--program"], arguments].concat());
        let (stdout, stderr) = said(&finished);
        (finished.status.code(), stdout, stderr)
    }
}

fn ended(program: &Path, arguments: &[&str]) -> (Option<i32>, String, String) {
    let finished = Command::new(program).args(arguments).current_dir("/").output().unwrap();
    let (stdout, stderr) = said(&finished);
    (finished.status.code(), stdout, stderr)
}

/// What the cells of an executed notebook printed and showed as text, but for `()`, which says nothing.
fn shown(notebook: &Notebook) -> String {
    let mut text = String::new();
    for output in notebook.code_cells().flat_map(|(_, cell)| cell.outputs.iter().flatten()) {
        let output = serde_json::to_value(output).unwrap();
        let piece = output.get("text").unwrap_or(&output["data"]["text/plain"]);
        let piece = piece.as_str().map_or_else(
            || piece.as_array().into_iter().flatten().filter_map(Value::as_str).collect::<String>(),
            str::to_owned,
        );
        if piece.trim() != "()" {
            text += &format!("{}\n", piece.trim_end());
        }
    }
    text
}

#[test]
fn a_program_prints_what_the_kernel_shows() {
    let project = Project::new(&[(
        "all.kinds",
        json!([
            prose("m", "# All"),
            code(
                "use",
                "// first\n:dep helper = { path = \"../helper\" }\nuse helper::seven;\nuse std::collections::BTreeMap;"
            ),
            code(
                "items",
                "#[derive(Clone, Debug)]\nstruct Point { x: i32 }\nfn size(p: &Point) -> i32 { 2 * p.x }\nconst FEW: i32 = 3;"
            ),
            code("of-use", "fn through(p: &Point) -> i32 { p.x }"),
            code("value", "let p = Point { x: seven() };\np"),
            code("kept", "p.x + FEW // not moved by being shown"),
            code(
                "again",
                "use std::collections::BTreeMap;\nfn size(p: &Point) -> i32 { 20 * p.x }\nconst FEW: i32 = 4;\n[size(&p), FEW]"
            ),
            code("shadowed", "let p = \"a text\";\np"),
            code("loop", "for i in 0..2 { println!(\"{i}\"); }"),
            code("mutable", "let mut sum = 0;\nfor i in [1, 2] {\n    sum += i;\n}\nsum"),
            code("question", "let n: i32 = \"7\".parse()?;\nlet s = r#\"two\n:lines\"#;\ns.len() as i32 + n"),
            code(
                "own",
                "struct Own(u8);\nimpl Own {\n    fn evcxr_display(&self) { println!(\"EVCXR_BEGIN_CONTENT text/plain\\nown {}\\nEVCXR_END_CONTENT\", self.0); }\n}\nOwn(1)"
            ),
            code("macro", "macro_rules! five { () => { 5 } }\nfive!()"),
            code("nothing", "let _ = BTreeMap::<i32, i32>::new();\n// that is all"),
            code("empty", ""),
        ]),
    )]);
    fs::create_dir_all(project.path("helper/src")).unwrap();
    let manifest = "[package]\nname = \"helper\"\nversion = \"0.1.0\"\nedition = \"2024\"\n[workspace]\n";
    fs::write(project.path("helper/Cargo.toml"), manifest).unwrap();
    fs::write(project.path("helper/src/lib.rs"), "pub fn seven() -> i32 { 7 }\n").unwrap();

    let (status, _, stderr) = project.program(&[]);
    assert_eq!(status, Some(0), "{stderr}");
    // A dot cannot be in a program's name.
    let (status, printed, stderr) = ended(&project.build("all-kinds"), &[]);
    assert_eq!((status, stderr.as_str()), (Some(0), ""));
    // A display that writes the kernel's blocks by itself is not of this crate: the blocks stay.
    let blocks = |line: &&str| !line.starts_with("EVCXR_");
    let printed: String = printed.lines().filter(blocks).map(|line| format!("{line}\n")).collect();
    assert_eq!(printed, "Point { x: 7 }\n10\n[140, 4]\n\"a text\"\n0\n1\n3\n17\nown 1\n5\n");
    // The kernel is the oracle.
    let kernel = project.run(&[]);
    assert_eq!(kernel.status.code(), Some(0), "{:?}", said(&kernel));
    let executed = Notebook::read(&project.path("target/report/all.kinds.ipynb")).unwrap();
    assert_eq!(shown(&executed), printed);
}

#[test]
fn rustc_speaks_of_notebook_cell_and_line() {
    let project = Project::new(&[
        ("good", json!([code("a", "#![allow(unused)]\nlet x = 1;\nx")])),
        (
            "bad",
            json!([
                code("a", "let x: u64 = 1;"),
                prose("m", "text"),
                code("b", "// two lines\nlet y = x;\nlet z: &str = y;")
            ]),
        ),
        (
            "worse",
            json!([
                code("a", "let x = 1;\nprintln!(\"{}\", x + nowhere);\nstruct Mute;"),
                code("b", "let m = Mute;\nm"),
                code("c", "let x = 3")
            ]),
        ),
    ]);
    let (status, stdout, stderr) = project.program(&[]);
    assert_eq!(status, Some(1), "{stdout}");
    for words in [
        "failed: bad, cell 2, line 3: mismatched types [E0308]",
        "bad, cell 2, line 3 | let z: &str = y;",
        "expected `&str`, found `u64`",
        "failed: worse, cell 3, line 1: expected `;`",
    ] {
        assert!(stderr.contains(words), "{words}: {stderr}");
    }
    assert!(!stderr.contains("failed: good"), "{stderr}");
    // Without the semicolon's fault, which keeps rustc from looking further.
    project.write(
        "worse",
        json!([code("a", "let x = 1;\nprintln!(\"{}\", x + nowhere);\nstruct Mute;"), code("b", "let m = Mute;\nm")]),
    );
    let (status, _, stderr) = project.program(&["worse"]);
    assert_eq!(status, Some(1));
    assert!(stderr.contains("failed: worse, cell 1, line 2: cannot find value `nowhere`"), "{stderr}");
    project.write("worse", json!([code("a", "struct Mute;"), code("b", "let m = Mute;\nm")]));
    let (status, _, stderr) = project.program(&["worse"]);
    assert_eq!(status, Some(1));
    assert!(stderr.contains("failed: worse, cell 2, line 2: ") && stderr.contains("Debug"), "{stderr}");
    // What is not asked for any more is gone, so that nothing hides behind an old file.
    assert!(project.path("target/programs/src/bin/worse.rs").exists());
    assert!(!project.path("target/programs/src/bin/bad.rs").exists());
    // One that is asked for by name is built, and its path told.
    let (status, stdout, _) = project.program(&["good"]);
    assert!(status == Some(0) && Path::new(stdout.lines().last().unwrap()).is_file(), "{stdout}");
    project.write("bad", json!([code("a", "1 + 1")]));
    let (status, stdout, _) = project.program(&[]);
    assert!(status == Some(1) && !stdout.contains("rustc accepts"), "{stdout}");
    fs::remove_file(project.path("notebooks/worse.ipynb")).unwrap();
    let (status, stdout, _) = project.program(&[]);
    assert!(status == Some(0) && stdout.contains("2 programs, all of which rustc accepts"), "{stdout}");
}

#[test]
fn what_cannot_become_a_program_is_refused_in_words() {
    for (name, cells, words) in [
        (
            "open",
            json!([code("a", "let a = 1;\nlet b = (1 + \"x)\";\nb")]),
            "open, cell 1, line 2: expected brackets and quotes in pairs, found `(` that is not closed",
        ),
        (
            "shut",
            json!([code("a", "let a = 1; }")]),
            "shut, cell 1, line 1: expected brackets and quotes in pairs, found `}` that closes nothing",
        ),
        (
            "text",
            json!([code("a", ":opt 3\nlet a = r#\"x\";")]),
            "text, cell 1, line 2: expected brackets and quotes in pairs, found a text without end",
        ),
        (
            "quit",
            json!([code("a", "1"), code("b", "\n:quit")]),
            "quit, cell 2, line 2: expected Rust and `:dep` lines, found `:quit`",
        ),
        ("dep", json!([code("a", ":dep x = {")]), "dep, cell 1, line 1: expected `:dep NAME = VERSION"),
        (
            "gone",
            json!([code("a", ":dep x = { path = \"../nowhere\" }")]),
            "gone, cell 1, line 1: expected the folder of a package",
        ),
    ] {
        let project = Project::new(&[(name, cells), ("good", json!([code("a", "1")]))]);
        let (status, _, stderr) = project.program(&[]);
        assert_eq!(status, Some(1), "{stderr}");
        assert!(stderr.contains(words), "{stderr}");
        // The others are checked all the same.
        assert!(project.path("target/programs/src/bin/good.rs").exists());
    }
    let two =
        [("a", "x = \"1\""), ("b", "x = \"2\"")].map(|(name, dep)| (name, json!([code("a", &format!(":dep {dep}"))])));
    let (status, _, stderr) = Project::new(&two).program(&[]);
    assert_eq!(status, Some(2));
    assert!(
        stderr.contains("b, cell 1, line 1: expected `x = \"1\"`, as a, cell 1, line 1 has it, found `x = \"2\"`"),
        "{stderr}"
    );
    let same = ["a.b", "a-b"].map(|name| (name, json!([code("a", "1")])));
    let (status, _, stderr) = Project::new(&same).program(&[]);
    assert!(status == Some(2) && stderr.contains("a-b and a.b, both of which become a-b"), "{stderr}");
}

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
