//! What stands on a page, and what must not.

use super::*;

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
fn images_of_html_and_encoded_paths_are_inlined_or_noted() {
    let folder = tempfile::tempdir().unwrap();
    for name in ["a b.png", "100%25.png", "é.svg"] {
        fs::write(folder.path().join(name), "ABC").unwrap();
    }
    let attachments = json!({ "my a.png": { "image/png": "QUJD" } });
    let of = |text: &str| Prepare::default().prose(text, Some(&attachments), folder.path());
    for shown in [
        "<img src=\"a%20b.png\" width=300>",
        "<div><img width=\"300\" src=\"a b.png\"></div>",
        "![x](a%20b.png)",
        "![x](<a b.png>)",
        "![x](a%20b.png?raw=true#top)",
        "![x](100%25.png)",
        "![x](%C3%A9.svg)",
        "![x](attachment:my%20a.png)",
        "<img src=\"attachment:my a.png\">",
        "<img src=\"data:image/png;base64,QUJD\">",
    ] {
        let prose = of(shown);
        assert!(
            prose.html.contains("src=\"data:image/") && prose.html.contains("base64,QUJD"),
            "{shown}: {}",
            prose.html
        );
        assert!(prose.problems.is_empty(), "{shown}: {:?}", prose.problems);
        assert!(!shown.contains("width") || prose.html.contains("width=\"300\""), "{}", prose.html);
    }
    for lost in [
        "<img src=\"gone.png\">",
        "<img src=\"https://example.org/a.png\">",
        "![x](//example.org/a.png)",
        "![x](attachment:gone.png)",
        "<img src=\"file:///a.png\">",
        "<img src=\"notes.txt\">",
        "<img alt=\"nothing\">",
    ] {
        let prose = of(lost);
        assert!(
            !prose.html.contains(" src=") && prose.problems.len() == 1,
            "{lost}: {} {:?}",
            prose.html,
            prose.problems
        );
    }
    // What a cell printed lies in the same folder.
    let mut cell = code("c", "1");
    cell["outputs"] = json!([{ "output_type": "display_data", "metadata": {}, "data": { "text/html": "<img src='a%20b.png'><img src='gone.png'>" } }]);
    let report = render("n", &parse(json!([cell])), folder.path()).unwrap();
    assert!(report.html.contains("base64,QUJD") && report.problems.len() == 1, "{:?}", report.problems);
    assert!(report.html.contains("the image `gone.png`"));
}

#[test]
fn ids_are_given_once() {
    let note = "a[^1] b[^n]\n\n[^1]: one\n[^n]: two\n";
    let mut plot = code("plot", "1");
    plot["outputs"] = json!([{ "output_type": "display_data", "metadata": {}, "data": { "application/vnd.plotly.v1+json": { "data": [] } } }]);
    let cells = json!([
        prose("title", "# Title\n# Title\n## Figure 1\n<a id=\"here\"></a>"),
        prose("b", &format!("{note}# Title\n<p id=\"here\">x</p> <p id=\"b\">")),
        prose("c", &format!("{note}<div id=\"title-2\">\n\n# O1 a")),
        plot,
    ]);
    let html = render("n", &parse(cells), Path::new(".")).unwrap().html;
    let ids: Vec<&str> = html.split(" id=\"").skip(1).map(|rest| rest.split('"').next().unwrap()).collect();
    let mut once = ids.clone();
    once.sort_unstable();
    once.dedup();
    assert_eq!(once.len(), ids.len(), "{ids:?}");
    for (id, word) in [
        ("title-2", "heading beside the cell `title`"),
        ("title-4", "third heading"),
        ("here", "author's anchor"),
        ("figure-1-2", "figure"),
    ] {
        assert!(ids.contains(&id), "{word}: {ids:?}");
    }
    // Every footnote is reached, and numbered within its cell.
    let links: Vec<&str> =
        html.split("<a href=\"#footnote").skip(1).map(|rest| rest.split('"').next().unwrap()).collect();
    assert_eq!(links, ["-1", "-2", "-1-2", "-2-2"]);
    assert!(links.iter().all(|link| ids.contains(&format!("footnote{link}").as_str())), "{ids:?}");
    assert_eq!(html.matches("<sup class=\"footnote-definition-label\">1</sup>").count(), 2);
}

#[test]
fn links_of_html_lead_to_reports() {
    let html = html("<a href=\"report-2.ipynb#v\">x</a> [y](my%20notes.ipynb) [z](https://example.org/a.ipynb)");
    for piece in ["\"report-2.html#v\"", "\"my%20notes.html\"", "\"https://example.org/a.ipynb\""] {
        assert!(html.contains(piece), "{html}");
    }
}

#[test]
fn the_projects_own_notebooks_are_shown_whole() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("notebooks");
    let mut count = 0;
    for path in fs::read_dir(&folder)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.extension().is_some_and(|end| end == "ipynb"))
    {
        let report = render("n", &Notebook::read(&path).unwrap(), &folder).unwrap();
        assert!(report.problems.is_empty(), "{}: {:?}", path.display(), report.problems);
        let prose =
            report.html.split("<section class=\"prose\"").skip(1).map(|cell| cell.split("</section>").next().unwrap());
        count += prose
            .map(|cell| {
                assert!(!cell.contains('$'), "{}: {cell}", path.display());
                cell.matches("<math").count()
            })
            .sum::<usize>();
    }
    assert!(count > 500, "{count} formulas");
}

#[test]
fn the_start_page_leads_to_reports_of_any_name() {
    let project = Project::new(&[("50% a#b?", json!([prose("c d", "# Odd\n\n# Claim P9")]))]);
    fs::write(project.path("notebooks/._x.ipynb"), "no notebook").unwrap();
    let finished = project.run(&[]);
    let (stdout, stderr) = said(&finished);
    assert!(stderr.contains("claim P9") && !stderr.contains("._x") && !stdout.contains("._x"), "{stdout}\n{stderr}");
    let (index, page) = (project.read("index.html"), project.read("50% a#b?.html"));
    assert!(index.contains("href=\"50%25%20a%23b%3F.html\""), "{index}");
    assert!(page.contains("href=\"50%25%20a%23b%3F.ipynb\""), "{page}");
}

#[test]
fn what_nests_without_end_is_shown_as_written() {
    let deep = |piece: &str| piece.repeat(20_000);
    for text in
        [deep("<div>"), deep("> "), deep("<b><p>"), deep("<div><font a=1></div>"), format!("<i {}>x", deep("a "))]
    {
        let prose = Prepare::default().prose(&text, None, Path::new("."));
        assert!(prose.html.starts_with("<pre>") && prose.problems.len() == 1, "{text:.30}");
    }
    for text in [
        deep("["),
        deep("*a **"),
        deep("`a"),
        deep("$a "),
        deep("\\\\("),
        deep("\\begin{a}"),
        deep("${"),
        deep("| a "),
        deep("<!--"),
        deep("<a "),
    ] {
        Prepare::default().prose(&text, None, Path::new("."));
    }
    // What people write is not too deep.
    assert!(html(&format!("{}x", "> ".repeat(20))).contains("<blockquote>"));
    assert!(html(&"<p><li>x<br>".repeat(2_000)).contains("<li>"));
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
