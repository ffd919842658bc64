//! Notebooks as programs: what they print, what rustc says of them.

use super::*;

impl Project {
    /// Builds the programs that were written and gives the path of one; without optimisation, which would take longer.
    pub fn build(&self, name: &str) -> PathBuf {
        let manifest = self.path("target/programs/Cargo.toml");
        let built = Command::new(env!("CARGO")).args(["build", "--quiet", "--manifest-path"]).arg(manifest).output();
        let built = built.unwrap();
        assert!(built.status.success(), "{}", said(&built).1);
        self.path("target/programs/target/debug").join(name)
    }

    pub fn program(&self, arguments: &[&str]) -> (Option<i32>, String, String) {
        let finished = self.run(&[&["--program"], arguments].concat());
        let (stdout, stderr) = said(&finished);
        (finished.status.code(), stdout, stderr)
    }
}

pub fn ended(program: &Path, arguments: &[&str]) -> (Option<i32>, String, String) {
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
