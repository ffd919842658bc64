//! Reading and writing notebooks.

use super::*;

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
