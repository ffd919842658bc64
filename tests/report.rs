//! The notebook runner: what it reads, what it shows, what it catches. Run with `--release`: the kernel is slow otherwise.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output as Finished};

use implicit_bias::report::{
    Arguments, Entry, Notebook, Prepare, claims_in, differences, highlight, named, render, verdicts,
};
use serde_json::{Value, json};

/// A project folder of its own, with a kernel set-up and the given notebooks.
struct Project {
    folder: tempfile::TempDir,
}

impl Project {
    fn new(notebooks: &[(&str, Value)]) -> Self {
        let project = Self { folder: tempfile::tempdir().unwrap() };
        fs::create_dir(project.path("notebooks")).unwrap();
        let setup = "[evcxr]\nprelude = \"\"\"\n:build_env CARGO_PROFILE_DEV_OVERFLOW_CHECKS=false\n\"\"\"\n";
        fs::write(project.path("notebooks/evcxr.toml"), setup).unwrap();
        for (name, cells) in notebooks {
            project.write(name, cells.clone());
        }
        project
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    fn write(&self, name: &str, cells: Value) {
        fs::write(self.path("notebooks").join(format!("{name}.ipynb")), file(cells).to_string()).unwrap();
    }

    /// Runs the program from a subfolder, as a user may.
    fn run(&self, arguments: &[&str]) -> Finished {
        Command::new(env!("CARGO_BIN_EXE_notebooks"))
            .args(arguments)
            .current_dir(self.path("notebooks"))
            .env_remove("CARGO_MANIFEST_DIR")
            .output()
            .unwrap()
    }

    fn read(&self, name: &str) -> String {
        fs::read_to_string(self.path("target/report").join(name)).unwrap_or_else(|error| panic!("{name}: {error}"))
    }
}

fn file(cells: Value) -> Value {
    json!({ "nbformat": 4, "nbformat_minor": 5, "metadata": {}, "cells": cells })
}

fn code(id: &str, source: &str) -> Value {
    json!({ "cell_type": "code", "id": id, "metadata": {}, "source": source, "outputs": [], "execution_count": null })
}

fn prose(id: &str, source: &str) -> Value {
    json!({ "cell_type": "markdown", "id": id, "metadata": {}, "source": source })
}

/// A cell that shows `content` under `mime`, as the crate's own types do.
fn shows(id: &str, mime: &str, content: &str) -> Value {
    code(id, &format!("println!(\"EVCXR_BEGIN_CONTENT {mime}\\n{{}}\\nEVCXR_END_CONTENT\", {content:?});"))
}

fn verdict(id: &str, claim: &str, verdict: &str) -> Value {
    let content = json!({ "id": claim, "source": "S", "statement": "it is so", "verdict": verdict, "value": 0.25, "threshold": 1.0 });
    shows(id, "application/vnd.implicit-bias.verdict+json", &content.to_string())
}

fn parse(cells: Value) -> Notebook {
    Notebook::parse(&file(cells).to_string(), Path::new("test.ipynb")).unwrap()
}

fn html(markdown: &str) -> String {
    Prepare::default().prose(markdown, None, Path::new(".")).html
}

fn said(finished: &Finished) -> (String, String) {
    (String::from_utf8_lossy(&finished.stdout).into_owned(), String::from_utf8_lossy(&finished.stderr).into_owned())
}

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
    assert!(fresh.contains("2 | let z = x + y;") && fresh.contains("  |         ^ not found in this scope"), "{fresh}");
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

#[test]
fn verdicts_are_recorded_compared_and_not_repeated() {
    let project = Project::new(&[("one", json!([prose("h", "# One\n## Claim R1"), verdict("v", "R1", "HOLDS")]))]);
    let first = project.run(&["--record"]);
    assert_eq!(first.status.code(), Some(0), "{:?}", said(&first));
    let recorded = fs::read_to_string(project.path("data/claims.json")).unwrap();
    assert!(recorded.contains("HOLDS"));

    let again = project.run(&["one"]);
    assert!(said(&again).0.contains("unchanged"), "{:?}", said(&again));
    assert!(said(&project.run(&["--force"])).0.contains("done, "));

    fs::remove_dir_all(project.path("target/report")).unwrap();
    assert_eq!(project.run(&["--check"]).status.code(), Some(0));
    assert!(!project.path("target/report").exists(), "--check writes nothing");

    project.write(
        "one",
        json!([prose("h", "# One\n## Claim R1"), verdict("v", "R1", "FAILS"), code("loud", "eprintln!(\"hm\");")]),
    );
    let changed = project.run(&["--check"]);
    let (_, stderr) = said(&changed);
    assert_eq!(changed.status.code(), Some(1));
    assert!(stderr.contains("R1 in one (cell v): recorded HOLDS, now FAILS"), "{stderr}");
    assert!(stderr.contains("one, cell 2: wrote to standard error"), "{stderr}");
    assert_eq!(fs::read_to_string(project.path("data/claims.json")).unwrap(), recorded);
}

#[test]
fn what_cannot_be_run_is_said_at_once() {
    let project = Project::new(&[]);
    assert_eq!(project.run(&[]).status.code(), Some(2));
    fs::write(project.path("notebooks/broken.ipynb"), "{\"nbformat\": 4,\n \"cells\": [}").unwrap();
    let finished = project.run(&["broken"]);
    let (_, stderr) = said(&finished);
    assert_eq!(finished.status.code(), Some(1));
    assert!(stderr.contains("broken.ipynb, line 2, column 12: not a Jupyter notebook"), "{stderr}");

    let unknown = project.run(&["brokem"]);
    assert_eq!(unknown.status.code(), Some(2));
    assert!(said(&unknown).1.contains("one of: broken"), "{:?}", said(&unknown));

    fs::write(project.path("file"), "").unwrap();
    let blocked = project.run(&["--out", "../file"]);
    assert_eq!(blocked.status.code(), Some(2));
    assert!(said(&blocked).1.contains("file"), "{:?}", said(&blocked));

    let none = Command::new(env!("CARGO_BIN_EXE_notebooks"));
    let mut none = none;
    let none = none.current_dir(project.path("notebooks")).env("PATH", "/nonexistent").output().unwrap();
    assert_eq!(none.status.code(), Some(2));
    assert!(said(&none).1.contains("`rustc` on the PATH"), "{:?}", said(&none));
}

#[test]
fn arguments_that_contradict_are_refused() {
    assert!(Arguments::parse(["--record", "a", "b.ipynb"]).unwrap().record);
    for wrong in [&["--chekc"][..], &["--out"], &["--check", "--record"], &["--check", "--out", "x"]] {
        assert!(Arguments::parse(wrong).is_err(), "{wrong:?}");
    }
}

#[test]
fn a_notebook_that_is_none_is_refused_with_its_place() {
    let path = Path::new("n.ipynb");
    for (text, words) in [
        ("", "line 1"),
        ("{}", "cells"),
        (r#"{"nbformat": 3, "worksheets": [], "cells": [], "metadata": {}}"#, "format 4, found format 3"),
        (r#"{"nbformat": 4, "cells": [{"cell_type": "code", "source": 3}]}"#, "a string or a list of strings"),
        (r#"{"nbformat": 4, "cells": [{"cell_type": "music", "source": ""}]}"#, "music"),
    ] {
        let error = Notebook::parse(text, path).unwrap_err().to_string();
        assert!(error.starts_with("n.ipynb, line ") && error.contains(words), "{text}: {error}");
    }
    let twice = file(json!([prose("a", ""), prose("a", "")])).to_string();
    assert!(Notebook::parse(&twice, path).unwrap_err().to_string().contains("id `a`"));
}

#[test]
fn a_notebook_survives_being_read_and_written() {
    let attached = json!({ "cell_type": "markdown", "id": "m", "metadata": { "tags": ["x"] }, "source": ["a\n", "b"],
        "attachments": { "p.png": { "image/png": "AAAA" } } });
    let output = json!([{ "output_type": "display_data", "data": { "text/plain": ["1"], "application/x+json": { "k": [1.5] } }, "metadata": { "i": 1 } },
        { "output_type": "stream", "name": "stdout", "text": ["a\n", "b"] }]);
    let shown = json!({ "cell_type": "code", "id": "c", "metadata": {}, "source": ["1"], "outputs": output, "execution_count": 7 });
    let before = file(json!([attached, shown, { "cell_type": "raw", "id": "r", "metadata": {}, "source": [] }]));
    let after = Notebook::parse(&before.to_string(), Path::new("n")).unwrap().to_json().unwrap();
    assert_eq!(serde_json::from_str::<Value>(&after).unwrap(), before);
    // Without ids, as written before format 4.5, cells get some.
    let old =
        Notebook::parse(r#"{"nbformat": 4, "cells": [{"cell_type": "raw", "source": ""}]}"#, Path::new("n")).unwrap();
    assert_eq!((old.cells[0].id.as_str(), old.nbformat_minor), ("cell-1", 5));
}

#[test]
fn formulas_become_mathml() {
    for (tex, piece) in [
        (r"$\frac{1}{2}$", "<mfrac>"),
        (r"$\|W\|_F$", "‖"),
        (r"$\langle \bar u, v_1\rangle$", "⟨"),
        (r"$$\prod_{k=1}^L W_k$$", "∏"),
        (r"$$\begin{aligned} a &= b \\ c &= d \end{aligned}$$", "<mtable"),
        (r"$\mathbb R^{d}$", "ℝ"),
        (r"$\begin{pmatrix} 1 & 0 \\ 0 & 1 \end{pmatrix}$", "<mtd"),
        (r"$\operatorname*{argmax}_w \min_i y_i w^\top x_i$", "argmax"),
    ] {
        let html = html(tex);
        assert!(html.contains("<math") && html.contains(piece) && !html.contains('$'), "{tex}: {html}");
    }
    // Markdown inside of a formula is formula, a price is a price, and the unknown is shown as it was written.
    assert!(!html("$a_1 * b_1 * c_1$").contains("<em>"));
    assert!(html("5$ and 6$").contains("5$ and 6$"));
    let unknown = Prepare::default().prose(r"$\nonsense{<b>}$", None, Path::new("."));
    assert!(unknown.html.contains("math-error") && unknown.html.contains("&lt;b&gt;"), "{}", unknown.html);
    assert!(unknown.problems[0].contains("nonsense"));
}

#[test]
fn nothing_from_a_cell_acts_on_the_page() {
    let evil = "</script></div><script>alert(1)</script><img src=x onerror=alert(2)><svg onload=alert(3)><a href=\"javascript:alert(4)\">x</a><style>p{}</style><iframe srcdoc=x></iframe><p style=\"position:fixed;color:red\">";
    let bundle = |mime: &str, content: Value| json!({ "output_type": "execute_result", "execution_count": 1, "metadata": {}, "data": { mime: content } });
    let figure = json!({ "data": [{ "name": evil }], "layout": { "title": { "text": evil } } });
    let outputs = json!([
        bundle("text/html", json!(evil)),
        bundle("text/plain", json!(evil)),
        bundle("application/vnd.plotly.v1+json", figure),
        bundle("image/svg+xml", json!(evil)),
        bundle("image/png", json!("\"><script>alert(5)</script>")),
        { "output_type": "stream", "name": "stdout", "text": evil },
        { "output_type": "error", "ename": evil, "evalue": evil, "traceback": [evil, "more"] },
    ]);
    let mut cell = code("\"><script>alert(6)</script>", evil);
    cell["outputs"] = outputs;
    let page = render(
        evil,
        &parse(json!([prose("p", &format!("# {evil}\n\n{evil} \u{E000}0\u{E001}")), cell])),
        Path::new("."),
    )
    .unwrap()
    .html;
    // Outside of the page's own two scripts and the figure's data.
    let mut rest = page.as_str();
    let mut scripts = Vec::new();
    let mut outside = String::new();
    while let Some(at) = rest.find("<script") {
        outside.push_str(&rest[..at]);
        let end = at + rest[at..].find("</script>").expect("every script ends") + "</script>".len();
        scripts.push(&rest[at..end]);
        rest = &rest[end..];
    }
    outside.push_str(rest);
    assert_eq!(scripts.len(), 3, "the figure's data, plotly.js, the page's own");
    assert!(scripts[0].starts_with("<script type=\"application/json\">") && !scripts[0].contains("<img"));
    // Text may say anything once its brackets are escaped; of real tags only quoted values may.
    for tag in outside.split('<').skip(1).filter_map(|piece| piece.split('>').next()) {
        let bare: String = tag.split('"').step_by(2).collect();
        assert!(!bare.contains("onerror") && !bare.contains("onload") && !bare.starts_with("iframe"), "<{tag}>");
        let value = |name: &str| tag.split(&format!(" {name}=\"")).nth(1).unwrap_or_default().to_owned();
        assert!(!value("style").contains("position") && !value("href").contains("javascript"), "<{tag}>");
        assert!(value("src").is_empty() || value("src").starts_with("data:"), "<{tag}>");
    }
    assert_eq!(outside.matches("<style").count(), 1);
    assert!(page.contains("color:red"), "harmless style stays");
    assert!(page.contains("default-src 'none'") && !outside.contains("http://") && !outside.contains("https://"));
}

#[test]
fn tables_badges_and_pictures_survive() {
    let rich = "<table><tr><th style=\"text-align:right\">a</th></tr></table><span style=\"background:#1a7f37;color:#fff\">HOLDS</span><svg viewBox=\"0 0 9 9\"><circle cx=\"1\" cy=\"2\" r=\"3\" fill=\"red\"></circle></svg>";
    let mut cell = code("c", "1");
    cell["outputs"] = json!([{ "output_type": "display_data", "metadata": {}, "data": { "text/html": rich, "text/plain": "hidden" } }]);
    let page = render("n", &parse(json!([cell])), Path::new(".")).unwrap().html;
    for piece in ["text-align:right", "background:#1a7f37", "viewBox=\"0 0 9 9\"", "<circle "] {
        assert!(page.contains(piece), "{piece}");
    }
    assert!(!page.contains("hidden</pre>") && !page.contains("Plotly.newPlot.toString"), "the richest kind only");
    assert!(page.len() < 100_000, "no plotly.js on a page without figures: {} bytes", page.len());
}

#[test]
fn prose_links_images_and_contents() {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("p.svg"), "<svg/>").unwrap();
    let attachments = json!({ "a.png": { "image/png": "QUJD" } });
    let text = "# T\n## One $x$\n## One\n[next](report-2.ipynb#v) [out](https://example.org/a.ipynb)\n\n![p](p.svg) ![a](attachment:a.png) ![no](gone.png)";
    let prose = Prepare::default().prose(text, Some(&attachments), folder.path());
    for piece in [
        "href=\"report-2.html#v\"",
        "https://example.org/a.ipynb",
        "data:image/svg+xml;base64,PHN2Zy8+",
        "data:image/png;base64,QUJD",
    ] {
        assert!(prose.html.contains(piece), "{piece}: {}", prose.html);
    }
    assert_eq!(prose.problems.len(), 1, "{:?}", prose.problems);
    let ids: Vec<&str> = prose.headings.iter().map(|heading| heading.id.as_str()).collect();
    assert_eq!(ids, ["t", "one", "one-2"]);
    assert!(prose.headings[1].html.contains("<math"));
}

#[test]
fn rust_is_highlighted_and_lossless() {
    let source = ":dep implicit-bias = { path = \"..\" }\n#[derive(Debug)] struct A<'a>(&'a str); // <b>\nlet s = r#\"a \"quoted\" b\"#; if a != b { vec![1.5e3] }";
    let html = highlight(source);
    for piece in [
        "<span class=\"m\">:dep implicit-bias = { path = &quot;..&quot; }</span>",
        "<span class=\"k\">struct</span>",
        "<span class=\"l\">&#39;a</span>",
        "<span class=\"c\">// &lt;b&gt;</span>",
        "<span class=\"f\">vec</span>",
        "<span class=\"n\">1.5e3</span>",
    ] {
        assert!(html.contains(piece), "{piece}: {html}");
    }
    assert!(!html.contains("<span class=\"f\">a</span> !="), "`a != b` is no macro");
    let mut text = String::new();
    let mut inside = false;
    html.chars().for_each(|c| match c {
        '<' => inside = true,
        '>' => inside = false,
        c if !inside => text.push(c),
        _ => {}
    });
    let text = text
        .replace("&lt;", "<")
        .replace("&gt;", ">")
        .replace("&quot;", "\"")
        .replace("&#39;", "'")
        .replace("&amp;", "&");
    assert_eq!(text, source);
}

#[test]
fn ledgers_differ_by_claim_cell_and_verdict() {
    let entry = |id: &str, cell: &str, verdict: &str, value: f64| -> Entry {
        serde_json::from_value(json!({ "id": id, "verdict": verdict, "notebook": "n", "cell": cell, "value": value }))
            .unwrap()
    };
    let recorded = [entry("R1", "a", "HOLDS", 1.0), entry("R1", "b", "OPEN", 1.0), entry("P1", "c", "HOLDS", 1.0)];
    assert!(differences(&recorded, &recorded).is_empty());
    let new = [entry("P1", "c", "HOLDS", 2.0), entry("R1", "a", "FAILS", 1.0), entry("R2", "d", "OPEN", 1.0)];
    assert_eq!(
        differences(&recorded, &new),
        [
            "R1 in n (cell a): recorded HOLDS, now FAILS",
            "R1 in n (cell b): recorded OPEN, now no verdict",
            "R2 in n (cell d): not recorded, now OPEN"
        ]
    );
}

#[test]
fn claims_and_verdicts_are_found() {
    assert_eq!(claims_in("Claims P13, P14 and P15 (Figure 1)"), ["P13", "P14", "P15"]);
    assert!(claims_in("The claim of R. Claim: R is 1").is_empty());
    let notebook =
        parse(json!([prose("a", "# x\nClaim R9 in prose\n## Claim R1: $\\|W\\|$\n## Claim R1 again\n### Claim T2")]));
    assert_eq!(named(&notebook), ["R1", "T2"]);
    let shown = |value: Value| {
        let mut cell = code("c", "v");
        cell["outputs"] = json!([{ "output_type": "execute_result", "execution_count": 1, "metadata": {},
            "data": { "application/vnd.implicit-bias.verdict+json": value } }]);
        verdicts("n", &parse(json!([cell])))
    };
    let two = shown(json!([{ "id": "P1", "verdict": "HOLDS", "threshold": [0, 1] }, { "id": "P2", "verdict": "OPEN", "value": null }])).unwrap();
    assert_eq!((two.len(), two[1].value), (2, None));
    for wrong in [json!("HOLDS"), json!({ "verdict": "HOLDS" }), json!({ "id": "P1", "verdict": "MAYBE" })] {
        assert!(shown(wrong.clone()).unwrap_err().to_string().starts_with("n, cell 1, verdict"), "{wrong}");
    }
}
