//! Reading and writing notebooks.

use super::*;

#[test]
fn a_notebook_that_is_none_is_refused_with_its_place() {
    let path = Path::new("n.ipynb");
    for (text, words) in [
        ("", "line 1"),
        ("{}", "cells"),
        (r#"{"nbformat": 3, "worksheets": [], "cells": [], "metadata": {}}"#, "format 4, found format 3"),
        (
            r#"{"nbformat": 3, "nbformat_minor": 0, "worksheets": []}"#,
            "`jupyter nbconvert --to notebook --inplace n.ipynb`",
        ),
        (r#"{"nbformat": 5, "notebook": {}}"#, "format 4, found format 5"),
        (r#"{"nbformat": 4, "cells": [{"cell_type": "code", "source": 3}]}"#, "a string or a list of strings"),
        (r#"{"nbformat": 4, "cells": [{"cell_type": "music", "source": ""}]}"#, "music"),
        (
            &format!("{{\"nbformat\": 4, \"cells\": [], \"metadata\": {{\"a\": {}", "[".repeat(100_000)),
            "recursion limit",
        ),
    ] {
        let error = Notebook::parse(text, path).unwrap_err().to_string();
        assert!(error.starts_with("n.ipynb, line ") && error.contains(words), "{text:.100}: {error}");
    }
    let folder = tempfile::tempdir().unwrap();
    let latin = folder.path().join("latin.ipynb");
    fs::write(&latin, b"{\n\"a\": \"\xe9\"}").unwrap();
    let error = Notebook::read(&latin).unwrap_err().to_string();
    assert!(error.contains("latin.ipynb, line 2: ") && error.contains("expected UTF-8"), "{error}");
}

#[test]
fn a_notebook_survives_being_read_and_written() {
    let attached = json!({ "cell_type": "markdown", "id": "m", "metadata": { "tags": ["x"] }, "source": ["a\n", "b"],
        "attachments": { "p.png": { "image/png": "AAAA" } } });
    let output = json!([{ "output_type": "display_data", "data": { "text/plain": ["1"], "application/x+json": { "k": [1.5] } }, "metadata": { "i": 1 } },
        { "output_type": "stream", "name": "stdout", "text": ["a\n", "b"] }]);
    let shown = json!({ "cell_type": "code", "id": "c", "metadata": {}, "source": ["1"], "outputs": output, "execution_count": 7 });
    let before = file(json!([attached, shown, { "cell_type": "raw", "id": "r", "metadata": {}, "source": [] }]));
    let text = before.to_string();
    let after = Notebook::parse(&text, Path::new("n")).unwrap().to_json().unwrap();
    assert_eq!(serde_json::from_str::<Value>(&after).unwrap(), before);
    let marked = Notebook::parse(&format!("\u{feff}{text}"), Path::new("n")).unwrap();
    assert_eq!(marked.to_json().unwrap(), after, "with the mark that some editors write");
    let tags: Vec<&str> = marked.cells[0].tags().collect();
    assert_eq!((tags, marked.cells[0].has_tag("x"), marked.cells[1].has_tag("x")), (vec!["x"], true, false));
}

#[test]
fn ids_are_mended() {
    let cells =
        json!([prose("a", ""), prose("cell-3", ""), prose("", ""), prose("a", ""), prose("a-2", ""), prose("a", "")]);
    let ids = |cells: Value| parse(cells).cells.into_iter().map(|cell| cell.id).collect::<Vec<_>>();
    assert_eq!(ids(cells), ["a", "cell-3", "cell-3-2", "a-3", "a-2", "a-4"]);
    // Without ids, as written before format 4.5, cells get some.
    let old = json!([{ "cell_type": "raw", "source": "" }, { "cell_type": "raw", "id": 7, "source": "" }]);
    assert_eq!(ids(old.clone()), ["cell-1", "cell-2"]);
    assert_eq!(parse(old).nbformat_minor, 5);
}

#[test]
fn no_output_refuses_a_notebook() {
    let odd = json!([
        { "output_type": "stream", "text": "nameless\n" },
        { "output_type": "update_display_data", "data": { "text/plain": "updated" }, "metadata": {}, "transient": {} },
        { "output_type": "error", "ename": "E" },
        { "output_type": "execute_result", "data": 3 },
        { "output_type": "music" },
        {}, 3, null, ["x"],
    ]);
    let mut cell = code("c", "1");
    cell["outputs"] = odd.clone();
    let notebook = parse(json!([cell]));
    let kept = serde_json::to_value(&notebook.cells[0].outputs).unwrap();
    for index in [1, 3, 4, 5, 6, 7, 8] {
        assert_eq!(kept[index], odd[index], "kept as it came");
    }
    assert_eq!((&kept[0]["name"], &kept[2]["evalue"]), (&json!("stdout"), &json!("")));
    let page = render("n", &notebook, Path::new(".")).unwrap().html;
    for words in ["nameless", "updated", "<strong>E</strong>", "an output of kind music is not shown here"] {
        assert!(page.contains(words), "{words}");
    }
    for outputs in [json!(null), json!({}), json!("x")] {
        let mut cell = code("c", "1");
        cell["outputs"] = outputs;
        parse(json!([cell]));
    }
}
