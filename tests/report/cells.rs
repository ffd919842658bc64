//! How cells end, under the program itself.

use super::*;

#[test]
fn cells_end_as_they_end() {
    let project = Project::new(&[
        (
            "report-1-good",
            json!([
                prose("head", "# Good\n\n## Claim R1: it is so"),
                code("declare", "let x = 2_u8;\nlet kept = vec![1.5, 2.5];"),
                code("show", "println!(\"hello {}\", x);\n// a panic that is caught is none\nkept[1] + x as f64"),
                code("wrap", "let y = x + std::hint::black_box(254);\ny"),
                verdict("decide", "R1", "HOLDS"),
            ]),
        ),
        (
            "report-2-fresh",
            json!([code("ok", "let y = 1;"), code("gone", "let a = 1;\nlet z = x + y;"), code("after", "y")]),
        ),
        (
            "report-3-err",
            json!([code("parse", "let n: i32 = \"seven\".parse::<i32>()?;"), code("after", "println!(\"reached\");")]),
        ),
        (
            "report-4-panic",
            json!([code("index", "let v: Vec<i32> = vec![];\nv[3]"), code("after", "println!(\"reached\");")]),
        ),
        (
            "report-5-abort",
            json!([code("abort", "println!(\"last words\");\nstd::process::abort();"), code("after", "1")]),
        ),
        (
            "report-7-command",
            json!([code("only", "// set up\n\n:build_env A=1"), code("both", ":build_env A=2\nlet w: u8 = \"\";")]),
        ),
        ("report-6-exit", json!([code("exit", "std::process::exit(3);"), code("after", "1")])),
        ("report-10-last", json!([code("loud", "eprintln!(\"careful\");"), prose("t", "# Last\n\n# Claim P9")])),
    ]);
    let finished = project.run(&[]);
    let (stdout, stderr) = said(&finished);
    assert_eq!(finished.status.code(), Some(1), "{stdout}\n{stderr}");
    let failed: Vec<&str> = stderr.lines().filter_map(|line| line.strip_prefix("failed: ")).collect();
    assert_eq!(failed.len(), 7, "{stderr}");
    assert_eq!(failed[0], "report-2-fresh, cell 2: compile error: line 2: cannot find value `x` in this scope [E0425]");
    assert!(failed[1].starts_with("report-3-err, cell 1: Err: invalid digit"), "{stderr}");
    assert!(failed[2].starts_with("report-4-panic, cell 1: panic: index out of bounds"), "{stderr}");
    assert!(failed[3].starts_with("report-5-abort, cell 1: died: ") && failed[3].contains("SIGABRT"), "{stderr}");
    assert!(failed[4].starts_with("report-6-exit, cell 1: died: ") && failed[4].contains("exit status: 3"), "{stderr}");
    assert_eq!(failed[5], "report-7-command, cell 2: compile error: line 2: mismatched types [E0308]");
    assert_eq!(failed[6], "report-10-last: a heading names claim P9, but no cell reached its verdict");
    let place = |name: &str| failed.iter().position(|line| line.starts_with(name)).unwrap();
    assert!(place("report-6-exit") < place("report-10-last"), "numbers count as numbers: {stderr}");

    // The good notebook: results, a line of output, overflow checks off as evcxr.toml says, a clean page.
    let good = Notebook::parse(&project.read("report-1-good.ipynb"), Path::new("good")).unwrap();
    let outputs =
        |id: &str| serde_json::to_value(&good.cells.iter().find(|cell| cell.id == id).unwrap().outputs).unwrap();
    assert_eq!(outputs("show")[0]["text"], json!(["hello 2\n"]));
    assert_eq!(outputs("show")[1]["data"]["text/plain"], "4.5");
    assert_eq!(outputs("wrap")[0]["data"]["text/plain"], "0");
    assert!(project.read("report-1-good.html").contains("hello 2"));

    // The failure stands at its cell, and what came after was not run.
    for (name, message) in [("report-3-err", "invalid digit"), ("report-4-panic", "index out of bounds")] {
        let page = project.read(&format!("{name}.html"));
        assert!(page.contains(message) && page.contains("not run") && !page.contains("<pre>reached"), "{name}");
    }
    let fresh = project.read("report-2-fresh.html");
    assert!(fresh.contains("2 | let z = x + y;") && fresh.contains("\n  |         ^\n"), "{fresh}");
    assert!(project.read("report-5-abort.html").contains("last words"));
    assert!(project.read("report-10-last.html").contains("careful"));

    let ledger: Vec<Value> = serde_json::from_str(&project.read("claims.json")).unwrap();
    assert_eq!(ledger.len(), 1);
    for (field, value) in [("id", "R1"), ("notebook", "report-1-good"), ("cell", "decide"), ("verdict", "HOLDS")] {
        assert_eq!(ledger[0][field], value, "{field}");
    }
    assert_eq!(ledger[0]["evidence"][0]["value"], 0.25);
    let index = project.read("index.html");
    assert!(index.contains("href=\"report-1-good.html#decide\"") && index.contains("report-6-exit"), "{index}");
}

/// Each of these once looked like a success, or took the other notebooks with it.
#[test]
fn no_failure_looks_like_success() {
    let project = Project::in_folder(
        "a folder with spaces",
        &[
            ("a-quit", json!([prose("h", "# Quit\n## Claims R1 and R2"), code("q", ":quit"), code("after", "1")])),
            ("b-panic", json!([code("c", "let risk = 0.5;\nprint!(\"checking\");\nassert!(risk < 0.1);")])),
            ("c-err", json!([code("c", "print!(\"a: \");\nlet r: f64 = \"abc\".parse()?;")])),
            ("d-before", json!([code("b", "print!(\"before\");"), code("c", "assert!(1 > 2);")])),
            ("e-import", json!([code("c", "use std::str::FromStr; let v = i32::from_str(\"x\")?;")])),
            ("f-exit", json!([code("c", "print!(\"bye\");\nstd::process::exit(0);")])),
            ("g-killed", json!([code("c", KILLED), code("after", "1")])),
            ("h-loop", json!([code("c", "println!(\"begun\");\nloop {}"), code("after", "1")])),
            ("i-command", json!([code("c", ":dep no-such-crate-at-all = { path = \"nowhere\" }")])),
            ("j-show", json!([code("c", SHOWS_AND_PANICS), code("s", "Shown")])),
            (
                "k-caught",
                json!([code("c", "std::panic::catch_unwind(|| panic!(\"no harm\"));\nlet n: u8 = \"x\".parse()?;")]),
            ),
            (
                "l-open",
                json!([code("c", "print!(\"EVCXR_BEGIN_CONTENT text/html\\n<b>half\");\nlet n: u8 = \"y\".parse()?;")]),
            ),
            (
                "m-orphan",
                json!([code(
                    "c",
                    "std::process::Command::new(\"sleep\").arg(\"300\").spawn()?;\nstd::process::exit(4);"
                )]),
            ),
        ],
    );
    let finished = project.run(&["--jobs", "2", "--cell-limit", "40"]);
    let (stdout, stderr) = said(&finished);
    assert_eq!(finished.status.code(), Some(1), "{stdout}\n{stderr}");
    let failed: Vec<&str> = stderr.lines().filter_map(|line| line.strip_prefix("failed: ")).collect();
    let expected = [
        "a-quit, cell 1: died: the kernel's process ended (exit status: 0), as `:quit` in a cell ends it",
        "a-quit: headings name claims R1, R2, but no cell reached their verdicts",
        "b-panic, cell 1: panic: assertion failed: risk < 0.1",
        "c-err, cell 1: Err: invalid float literal",
        "d-before, cell 2: panic: assertion failed: 1 > 2",
        "e-import, cell 1: Err: invalid digit found in string",
        "f-exit, cell 1: died: the process that runs the cells ended (exit status: 0)",
        "g-killed, cell 1: died: the process that runs the cells ended (signal: 9 (SIGKILL))",
        "h-loop, cell 1: time: took longer than the limit of 40 s",
        "i-command, cell 1: compile error: line 1: No such file or directory (os error 2)",
        "j-show, cell 2: panic: while it shows itself",
        "k-caught, cell 1: Err: invalid digit found in string",
        "l-open, cell 1: Err: invalid digit found in string",
        "m-orphan, cell 1: died: the process that runs the cells ended (exit status: 4)",
    ];
    assert_eq!(failed.len(), expected.len(), "{stderr}");
    for (failed, expected) in failed.iter().zip(expected) {
        assert!(failed.starts_with(expected), "{failed}\n{expected}");
    }
    assert!(stdout.contains("[13/13]") && stdout.contains("13 notebooks, 0 verdicts"), "{stdout}");
    // What was printed without a newline is on its own page, at its own cell.
    for (name, text) in
        [("b-panic", "checking"), ("c-err", "a: "), ("d-before", "before"), ("f-exit", "bye"), ("h-loop", "begun")]
    {
        let run = Notebook::parse(&project.read(&format!("{name}.ipynb")), Path::new(name)).unwrap();
        let outputs = serde_json::to_value(&run.cells[0].outputs).unwrap();
        assert!(outputs.to_string().contains(&format!("\"{text}\\n\"")), "{name}: {outputs}");
    }
}

/// Ends its own process as the system would.
const KILLED: &str = "std::process::Command::new(\"kill\").arg(\"-9\").arg(std::process::id().to_string()).status()?;";

/// A value that panics in the middle of showing itself.
const SHOWS_AND_PANICS: &str = "struct Shown;
impl Shown {
    fn evcxr_display(&self) {
        print!(\"EVCXR_BEGIN_CONTENT text/html\\n<b>half\");
        panic!(\"while it shows itself\");
    }
}";

/// The negative controls: what looks odd and is no failure.
#[test]
fn no_success_looks_like_failure() {
    let project = Project::new(&[(
        "odd",
        json!([
            code("attribute", "#![allow(unused)]\nlet kept = 3;"),
            code("input", "let mut line = String::new();\nlet read = std::io::stdin().read_line(&mut line)?;\nread"),
            code("caught", "let caught = std::panic::catch_unwind(|| panic!(\"no harm\")).is_err();\ncaught"),
            code("bytes", "std::io::Write::write_all(&mut std::io::stdout(), &[b'f', 0xff, b'\\n'])?;"),
            code("open", "print!(\"no end\");\neprint!(\"nor here\");\nkept"),
            code("mark", "println!(\"it says EVCXR_PANIC_NOTIFICATION, and goes on\");"),
            tagged("expected", "raises-exception", "let gone: Vec<u8> = vec![];\ngone[3]"),
            tagged("typo", "raises-exception", "let wrong: u8 = \"\";"),
            code("last", "kept + 1"),
        ]),
    )]);
    let finished = project.run(&[]);
    assert_eq!(finished.status.code(), Some(0), "{:?}", said(&finished));
    let run = Notebook::parse(&project.read("odd.ipynb"), Path::new("odd")).unwrap();
    let outputs =
        |id: &str| serde_json::to_value(&run.cells.iter().find(|cell| cell.id == id).unwrap().outputs).unwrap();
    assert_eq!(outputs("input")[0]["data"]["text/plain"], "0", "input is at its end");
    assert_eq!(outputs("bytes")[0]["text"], json!(["f\u{fffd}\n"]));
    let open = outputs("open").to_string();
    assert!(open.contains("no end\\n") && open.contains("nor here\\n") && open.contains("\"3\""), "{open}");
    assert!(outputs("expected")[0]["evalue"].as_str().unwrap().starts_with("index out of bounds"));
    assert_eq!(outputs("typo")[0]["ename"], "compile error");
    assert_eq!(outputs("last")[0]["data"]["text/plain"], "4");
    // A caught panic has written to standard error, which --check does not pass over; a tagged cell may.
    let checked = project.run(&["--check"]);
    let expected = "failed: odd, cell 3: wrote to standard error";
    assert!(said(&checked).1.contains(expected), "{:?}", said(&checked));
}

/// Displays of one cell are all there, in their order among the lines; of each the kinds that belong together.
#[test]
fn every_display_of_a_cell_is_kept() {
    let show = |text: &str| {
        format!(
            "print!(\"EVCXR_BEGIN_CONTENT text/html\\n<b>{text}</b>\\nEVCXR_END_CONTENT\\nEVCXR_BEGIN_CONTENT text/plain\\n{text}\\nEVCXR_END_CONTENT\\n\");"
        )
    };
    // The second has no newline at its end.
    let open = show("two").replace("EVCXR_END_CONTENT\\n\");", "EVCXR_END_CONTENT\");");
    let source = format!("{}\nprintln!(\"between\");\n{open}\n\"value\"", show("one"));
    let project = Project::new(&[("shows", json!([code("c", &source)]))]);
    assert_eq!(project.run(&[]).status.code(), Some(0));
    let run = Notebook::parse(&project.read("shows.ipynb"), Path::new("shows")).unwrap();
    let outputs = serde_json::to_value(&run.cells[0].outputs).unwrap();
    let told: Vec<String> = outputs
        .as_array()
        .unwrap()
        .iter()
        .map(|output| match &output["data"] {
            Value::Null => output["text"][0].as_str().unwrap().to_owned(),
            data => format!("{} {}", data["text/html"], data["text/plain"]),
        })
        .collect();
    let expected = ["\"<b>one</b>\" \"one\"", "between\n", "\"<b>two</b>\" \"two\"", "null \"\\\"value\\\"\""];
    assert_eq!(told, expected, "{outputs}");
    let page = project.read("shows.html");
    assert!(page.contains("<b>one</b>") && page.contains("<b>two</b>") && page.contains("&quot;value&quot;"));
}
