//! Every output stands on the page, or a word in its place.

use super::*;

fn page_of(outputs: Value) -> implicit_bias::report::Report {
    let mut cell = code("c", "1");
    cell["outputs"] = outputs;
    render("n", &parse(json!([cell])), Path::new(".")).unwrap()
}

fn shown(data: Value) -> Value {
    json!({ "output_type": "display_data", "metadata": {}, "data": data })
}

fn printed(text: &str) -> String {
    let page = page_of(json!([{ "output_type": "stream", "name": "stdout", "text": text }])).html;
    page.split("<div class=\"stream\"><pre>").nth(1).unwrap().split("</pre>").next().unwrap().to_owned()
}

#[test]
fn every_kind_is_shown_or_noted() {
    for (data, piece) in [
        (json!({ "text/latex": "norm $\\|w\\|$ and \\(x_1\\) \\[y\\] <b>" }), "<math display=\"block\">"),
        (json!({ "text/markdown": ["# A *title*\n", "$x_1$"] }), "<em>title</em>"),
        (json!({ "application/json": { "a": [1, { "b": "<i>" }] } }), "&lt;i&gt;"),
        (json!({ "application/json": [1, 2] }), "[\n  1,\n  2\n]"),
        (json!({ "text/csv": "a,b\n1,2" }), "a,b\n1,2"),
        (json!({ "image/webp": "QUJD" }), "data:image/webp;base64,QUJD"),
        (json!({ "application/pdf": "JVBE" }), "an output of kind application/pdf is not shown here"),
        (json!({ "application/x-a": 1, "video/mp4": "" }), "kind application/x-a, video/mp4 is not"),
        (json!({ "application/x-a": 1, "text/plain": "words" }), "words"),
        (json!({ "application/x-a": 1, "text/plain": "()" }), "kind application/x-a is not"),
        // HTML of which nothing is left is no output.
        (json!({ "text/html": "<div></div><script>draw()</script>", "text/plain": "a chart" }), "a chart"),
        (json!({ "text/html": "<div></div><script>draw()</script>" }), "an output of kind text/html is not shown here"),
        (
            json!({ "text/html": "<b>bold</b><script>draw()</script>" }),
            "parts of this output are not shown here: script",
        ),
    ] {
        let page = page_of(json!([shown(data.clone())])).html;
        assert!(page.contains(piece), "{data}: {piece}");
    }
    for nothing in [json!({}), json!({ "text/plain": "()" }), json!({ "text/plain": " " })] {
        let page = page_of(json!([shown(nothing)])).html;
        assert!(!page.contains("class=\"output\""), "{page}");
    }
}

#[test]
fn two_displays_in_one_cell_are_both_shown() {
    let figure =
        |name: &str| shown(json!({ "application/vnd.plotly.v1+json": { "data": [{ "name": name }], "layout": {} } }));
    let page =
        page_of(json!([figure("first"), shown(json!({ "text/html": "<b>between</b>" })), figure("second")])).html;
    let at = |piece: &str| page.find(piece).unwrap_or_else(|| panic!("{piece}"));
    assert!(at("\"name\":\"first\"") < at("<b>between</b>") && at("<b>between</b>") < at("\"name\":\"second\""));
    assert!(page.contains("id=\"figure-1\"") && page.contains("id=\"figure-2\""));
}

#[test]
fn progress_is_shown_as_a_terminal_leaves_it() {
    for (text, expected) in [
        ("10 %\r50 %\r100 %\ndone\n", "100 %\ndone\n"),
        ("a long line\rshort\n", "shortg line\n"),
        ("a long line\r\u{1b}[Kshort\n", "short\n"),
        ("a long line\u{1b}[2K\rshort\n", "short      \n"),
        ("windows\r\nlines\r\n", "windows\nlines\n"),
        ("50 %\u{8}\u{8}\u{8}\u{8}60 %", "60 %"),
        ("\u{1b}[1;31mred\u{1b}[0m \u{1b}]8;;http://x\u{7}link\u{1b}]8;;\u{1b}\\", "red link"),
        ("tab\there\0", "tab\there"),
        ("last\r", "last"),
    ] {
        assert_eq!(printed(text), expected, "{text:?}");
    }
}

#[test]
fn pictures_keep_their_definitions_and_no_address() {
    let svg = r##"<svg viewBox="0 0 9 9"><defs><linearGradient id="a"><stop offset="0" stop-color="red"/></linearGradient>
        <clipPath id="c"><rect width="4" height="4"/></clipPath><marker id="m" markerWidth="3" refX="1"><path d="M0 0"/></marker>
        <g id="g"><circle r="1"/></g></defs><rect fill="url(#a)" clip-path="url(#c)" style="stroke:url(#a)"/>
        <path d="M0 0L1 1" marker-end="url('#m')"/><use xlink:href="#g" x="3"/><use href="#g"/>
        <use href="https://example.org/x.svg#g"/><rect fill="url(https://example.org/x.svg#a)"/><a href="#c"><text>t</text></a>
        <image href="data:image/png;base64,QUJD"/><image href="https://example.org/p.png"/></svg>"##;
    let page = page_of(json!([shown(json!({ "image/svg+xml": svg })), shown(json!({ "text/html": svg }))])).html;
    for prefix in ["o1:", "o2:"] {
        for piece in ["linearGradient id=\"#a", "clipPath id=\"#c", "marker markerWidth=\"3\" refX=\"1\" id=\"#m"] {
            let (tag, id) = piece.split_once('#').unwrap();
            assert!(
                page.contains(&format!("{tag}{prefix}{id}\"")) || page.contains(&format!("id=\"{prefix}{id}\"")),
                "{piece}"
            );
        }
        for piece in [
            "fill=\"url(##a)\"",
            "clip-path=\"url(##c)\"",
            "marker-end=\"url(##m)\"",
            "xlink:href=\"##g\"",
            "<use href=\"##g\"",
        ] {
            let piece = piece.replacen("##", &format!("#{prefix}"), 1);
            assert!(page.contains(&piece), "{piece}");
        }
    }
    assert!(page.contains("href=\"data:image/png;base64,QUJD\"") && page.contains("<a href=\"#c\""));
    assert!(!page.contains("example.org"));
}

#[test]
fn styles_colour_and_load_nothing() {
    for style in [
        "background:url(https://example.org/a.png)",
        "background:UR\\4c(https://example.org/a.png)",
        "background:image-set('https://example.org/a.png' 1x)",
        "color:red;background:url( 'https://example.org' )",
        "background:url(//example.org/a;color:red)",
    ] {
        let page = page_of(json!([shown(json!({ "text/html": format!("<b style=\"{style}\">x</b>") }))])).html;
        assert!(!page.contains("example.org"), "{style}");
        assert!(!html(&format!("<b style=\"{style}\">x</b>")).contains("example.org"), "{style}");
    }
    assert!(html("<b style=\"color:red;background:#fff\">x</b>").contains("color:red;background:#fff"));
}
