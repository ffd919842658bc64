//! Hostile notebooks: what may stand on a page is read from the page itself. `PROPTEST_CASES=400000 cargo test --release
//! --features notebooks --test report hostile` makes that many pages and as many files.

mod judge;
mod pieces;

use std::collections::HashSet;
use std::time::{Duration, Instant};

use proptest::prelude::*;

use super::*;
use judge::faults;
use pieces::{HTML, MARKDOWN, TEXTS};

/// As many cases as the environment asks for, or enough for a few seconds.
fn config() -> ProptestConfig {
    let asked = std::env::var("PROPTEST_CASES").ok().and_then(|cases| cases.parse().ok());
    ProptestConfig::with_cases(asked.unwrap_or(3_000))
}

/// An input of some kilobytes takes milliseconds; this much is a hang.
const HANG: Duration = Duration::from_secs(10);

fn spliced(kinds: &[&[&'static str]]) -> impl Strategy<Value = String> + use<> {
    let all = || prop::sample::select(kinds.concat());
    let piece = prop_oneof![
        12 => all().prop_map(str::to_owned),
        1 => (all(), 1..200_usize).prop_map(|(piece, times)| piece.repeat(times)),
        1 => "[a-z<>\"'$&;=/ ]{0,12}",
    ];
    prop::collection::vec(piece, 0..14).prop_map(|pieces| pieces.concat())
}

/// Where outputs come from: their kind and what they hold.
fn outputs() -> impl Strategy<Value = Value> {
    let kinds = [
        "text/html",
        "text/plain",
        "text/markdown",
        "text/latex",
        "image/svg+xml",
        "image/png",
        "application/json",
        "text/x-odd",
        "application/pdf",
        "\"><script>",
        "application/vnd.implicit-bias.verdict+json",
    ];
    let text = || spliced(&[MARKDOWN, HTML, HTML, TEXTS]);
    let bundle = prop::collection::vec((prop::sample::select(kinds.to_vec()), text()), 0..3).prop_map(|kinds| {
        let data: Value = kinds.into_iter().map(|(mime, text)| (mime.to_owned(), Value::from(text))).collect();
        json!({ "output_type": "display_data", "data": data, "metadata": {} })
    });
    // A page with a figure carries three megabytes of plotly.js.
    let figure = text().prop_map(|text| {
        let figure = json!({ "data": [{ "name": text }], "layout": { "title": { "text": text } } });
        let data = json!({ "application/vnd.plotly.v1+json": figure, "text/plain": text });
        json!({ "output_type": "execute_result", "execution_count": 1, "data": data, "metadata": {} })
    });
    prop_oneof![
        300 => bundle,
        100 => text().prop_map(|text| json!({ "output_type": "stream", "name": "stdout", "text": text })),
        50 => text().prop_map(|text| json!({ "output_type": "error", "ename": text, "evalue": text, "traceback": [text] })),
        50 => text().prop_map(|text| json!({ "output_type": text, "data": text })),
        1 => figure,
    ]
}

fn notebooks() -> impl Strategy<Value = Value> {
    let markdown = || spliced(&[MARKDOWN, MARKDOWN, HTML]);
    let cells = (
        markdown(),
        markdown(),
        spliced(&[TEXTS, HTML]),
        prop::collection::vec(outputs(), 0..3),
        spliced(&[HTML, TEXTS]),
    );
    cells.prop_map(|(first, second, source, outputs, odd)| {
        let mut cell =
            json!({ "cell_type": "code", "id": odd, "metadata": {}, "source": source, "execution_count": null });
        cell["outputs"] = outputs.into();
        let attachments = json!({ "x": { odd.clone(): odd } });
        let first =
            json!({ "cell_type": "markdown", "id": "a", "metadata": {}, "source": first, "attachments": attachments });
        let mut file = file(json!([first, cell, prose("a", &second)]));
        file["metadata"]["implicit_bias"] =
            json!({ "rustc": odd, "finished": odd, "faults": [{ "number": 1, "cell": odd, "message": odd }] });
        file
    })
}

#[test]
fn the_judge_of_pages_sees_what_is_wrong() {
    let good = render("n", &parse(json!([prose("a", "# x")])), Path::new(".")).unwrap().html;
    assert!(faults(&good).is_empty(), "{:?}", faults(&good));
    for evil in [
        "<script>x</script>",
        "<img src=https://a>",
        "<i title='a' onclick=x>",
        "<i title=\"a\"onclick=x>",
        "<p style=\"background:url(//a)\">",
        "<a href=\"java\nscript:x\">",
        "<a href=&#106;avascript:x>",
        "<iframe>",
        "<use href='//a#b'>",
        "<script nonce=\"0\">",
        "<p id=q><p id=q>",
        "<link rel=x href=y>",
        "<rect fill=\"url('x.svg#a')\">",
        "<meta http-equiv=refresh>",
        "</script><script>x</script>",
        "<!-- --><svg/onload=x>",
    ] {
        let page = good.replacen("</main>", &format!("{evil}</main>"), 1);
        assert!(!faults(&page).is_empty(), "{evil}");
    }
}

proptest! {
    #![proptest_config(config())]

    #[test]
    fn no_page_acts_or_fetches(notebook in notebooks(), name in spliced(&[HTML])) {
        let start = Instant::now();
        let notebook = Notebook::parse(&notebook.to_string(), Path::new("n.ipynb")).unwrap();
        let report = render(&name, &notebook, Path::new("/nonexistent")).unwrap();
        prop_assert_eq!(faults(&report.html), Vec::<String>::new());
        prop_assert!(start.elapsed() < HANG, "{:?}", start.elapsed());
    }

    #[test]
    fn a_file_is_a_notebook_or_refused_in_words(
        notebook in notebooks(),
        cuts in prop::collection::vec((any::<prop::sample::Index>(), any::<prop::sample::Index>(), prop::sample::select(vec![
            "", "{", "}", "[", "]", "\"", ",", ":", "null", "1e999", "-", "NaN", "\\ud800", "\\u0000", "\u{feff}", "{\"a\":", "[[[[[[[[", "true", "\"id\":3,",
            "\"nbformat\":3,", "\"outputs\":{},", "\"source\":[1],", "\"cell_type\":\"raw\",", "\"metadata\":null,", "\u{0}",
        ])), 0..4),
        depth in prop_oneof![9 => Just(0_usize), 1 => 1..3_000_usize],
    ) {
        let start = Instant::now();
        let mut text = notebook.to_string();
        for (from, length, piece) in cuts {
            let from = text.floor_char_boundary(from.index(text.len() + 1));
            // Short cuts leave most of the file what it was.
            let end = text.floor_char_boundary((from + length.index(6)).min(text.len()));
            text.replace_range(from..end.max(from), piece);
        }
        if depth > 0 {
            text = text.replacen("\"metadata\":{}", &format!("\"metadata\":{{\"d\":{}{}}}", "[".repeat(depth), "]".repeat(depth)), 1);
        }
        match Notebook::parse(&text, Path::new("n.ipynb")) {
            Ok(read) => {
                let mut ids = HashSet::new();
                prop_assert!(read.cells.iter().all(|cell| !cell.id.is_empty() && ids.insert(&cell.id)));
                let written = read.to_json().unwrap();
                let again = Notebook::parse(&written, Path::new("n.ipynb")).unwrap();
                prop_assert_eq!(again.to_json().unwrap(), written);
            }
            Err(error) => prop_assert!(error.to_string().starts_with("n.ipynb, line "), "{}", error),
        }
        prop_assert!(start.elapsed() < HANG, "{:?}", start.elapsed());
    }
}
