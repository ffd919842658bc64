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
    assert_eq!(failed[6], "report-10-last: a heading names claim P9, but no cell reaches its verdict");
    assert!(
        stdout.find("report-6-exit").unwrap() < stdout.find("report-10-last").unwrap(),
        "numbers count as numbers: {stdout}"
    );

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
    for (field, value) in
        [("id", json!("R1")), ("notebook", json!("report-1-good")), ("cell", json!("decide")), ("value", json!(0.25))]
    {
        assert_eq!(ledger[0][field], value, "{field}");
    }
    let index = project.read("index.html");
    assert!(index.contains("href=\"report-1-good.html#decide\"") && index.contains("report-6-exit"), "{index}");
}
