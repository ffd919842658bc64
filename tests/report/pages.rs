//! What stands on a page, and what must not.

use super::*;

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
