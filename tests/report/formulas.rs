//! What is a formula, what is not, and what becomes of it.

use super::*;

/// The prose of a cell and what could not be shown of it.
fn prose_of(markdown: &str) -> (String, Vec<String>) {
    let prose = Prepare::default().prose(markdown, None, Path::new("."));
    (prose.html, prose.problems)
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
        // As Jupyter has them, whatever Markdown or HTML would make of the same characters.
        ("$ x $", "<mi>x</mi>"),
        ("$x $ and more", "<mi>x</mi>"),
        (r"\\( x < y \\)", "<mo>&lt;</mo>"),
        (r"\\[ \sum_i x_i \\]", "display=\"block\""),
        ("\\begin{align}\na &= b \\\\\nc &= d\n\\end{align}", "<mtable"),
        ("\\begin{equation*}\nx_1 * y_1 * z\n\\end{equation*}", "display=\"block\""),
        ("$$\na\n+ b\n- c\n$$", "<mo>+</mo>"),
        ("$$\n- a\n= b\n$$", "<mo>=</mo>"),
        ("$f[a](b)$", "<mo stretchy=\"false\">[</mo>"),
        ("<div>\n\n$x_1$\n</div>", "<msub>"),
        ("<div>$x_1$ and *y*</div>", "<msub>"),
        ("<p align=center>$$x_1$$</p>", "<msub>"),
        ("> $$\n> x_1\n> $$", "<msub>"),
        ("- item\n  $$\n  x_1\n  $$", "<msub>"),
        ("*$x_1$* and **$y$**", "<em><math><msub>"),
        (r"$a \text{ costs \$5}$", "$5"),
        (r"$a_\text{if $b_1$ or $c$}$", "<mtext>if\u{a0}</mtext><msub>"),
    ] {
        let (html, problems) = prose_of(tex);
        let rest = html.replace("$5", "");
        assert!(html.contains("<math") && html.contains(piece), "{tex}: {html} {problems:?}");
        assert!(!rest.contains('$') && problems.is_empty(), "{tex}: {html} {problems:?}");
    }
    let quoted = html("> $$\n> x\n> $$");
    assert!(!quoted.contains("&gt;"), "no sign of the quotation within the formula: {quoted}");
}

#[test]
fn what_stands_in_a_table_stays_in_its_cell() {
    let html = html("| norm | posterior | both |\n|---|---|---|\n| $\\|W\\|_F$ | $P(a|b)$ | `$a|b$` $|x|$ |\n");
    let cells: Vec<&str> = html.split("<td>").skip(1).map(|cell| cell.split("</td>").next().unwrap()).collect();
    assert_eq!(cells.len(), 3, "{html}");
    assert!(cells[0].contains('‖') && cells[1].contains("<mi>b</mi>"), "{html}");
    assert!(html.matches("<math").count() >= 3, "{html}");
}

#[test]
fn a_price_is_a_price_and_code_is_code() {
    for text in [
        "5$ and 6$",
        "from $5 to $6",
        "$5-$10",
        "$5 for a, then nothing",
        r"\$x\$",
        "`$x$` and ``$`y$``",
        "    $x$",
        "```\n$x$\n```",
        "- ~~~\n  $x$\n  ~~~",
        "<pre>$x$</pre>",
        "<code>$x$</code>",
        "a $x\n\ny$ b",
        "$$",
        "$ $",
    ] {
        let (html, problems) = prose_of(text);
        assert!(!html.contains("<math") && html.contains('$') && problems.is_empty(), "{text:?}: {html} {problems:?}");
        assert!(!html.contains('\u{E000}'), "{text:?}: {html}");
    }
    // A price before a formula does not swallow it.
    assert_eq!(html("$5 for a, then $x$").matches("<math>").count(), 1);
    assert!(html("$5 for `$a` and $x$").contains("<code>$a</code>"));
    assert!(html("```rust\nlet a = \"$x$\";\n```").contains("$x$"));
}

#[test]
fn markdown_within_a_formula_is_formula() {
    assert!(!html("$a_1 * b_1 * c_1$").contains("<em>"));
    assert!(!html("$a<b$ and $c>d$").contains("<b"));
    let table = html("$$\na | b\n--|--\n$$");
    assert!(!table.contains("<table"), "{table}");
    let both = html("$a [x](y) b$ and [x $z$](y.ipynb)");
    assert_eq!((both.matches("<a ").count(), both.matches("<math>").count()), (1, 2), "{both}");
}

#[test]
fn what_cannot_be_set_is_shown_as_written_and_named() {
    for (text, word) in
        [(r"$\nonsense{<b>}$", "nonsense"), (r"\begin{itemize} x \end{itemize}", "itemize"), ("$x_{$", "x_{")]
    {
        let (html, problems) = prose_of(text);
        assert!(
            html.contains("math-error") && html.contains(&text.replace('<', "&lt;").replace('>', "&gt;")),
            "{html}"
        );
        assert!(problems.len() == 1 && problems[0].contains(word), "{problems:?}");
    }
    let (html, problems) = prose_of(r"$\href{javascript:alert(1)}{x}$");
    assert!(!html.contains("<a ") && problems[0].contains("href"), "{html}");
    for name in [
        "<script>alert(1)</script>",
        "<img src=x onerror=y>",
        "</math>",
        "<mi onclick=\"x\">a</mi>",
        "<a href=\"//x\">a</a>",
    ] {
        let (html, problems) = prose_of(&format!("$\\operatorname{{{name}}} x$"));
        assert!(!html.contains("<math") && !html.contains(name) && problems.len() == 1, "{html}");
    }
    // Formulas that nest without end come to an end.
    for deep in ["{", "\\frac{", "\\sqrt", "x^{", "\\left(", "\\hat", "\\text{$", "\\begin{matrix}"] {
        let formula = format!("$${}$$", deep.repeat(9_990 / deep.len()));
        prose_of(&formula);
        prose_of(&formula.replace(deep, &format!("{deep} ")));
    }
}

#[test]
fn equations_are_numbered_and_referred_to_across_cells() {
    let equation = |label: &str| prose(label, &format!("\\begin{{equation}} x \\label{{{label}}} \\end{{equation}}"));
    let cells = json!([equation("one"), equation("two"), prose("ref", r"by $\eqref{two}$"), equation("two")]);
    let report = render("n", &parse(cells), Path::new(".")).unwrap();
    assert!(report.html.contains("id=\"eq:two\"") && report.html.contains("<a href=\"#eq:two\">(2)</a>"));
    assert!(report.problems.len() == 1 && report.problems[0].contains("label"), "{:?}", report.problems);
}

#[test]
fn a_placeholder_cannot_be_forged_and_attributes_get_the_source() {
    let text = "$a$ &#xE000;0&#xE001; \u{E000}0\u{E001} <i title=\"$\\text{x\" onclick=\"y}$\">t</i> ![$b$](gone.png) [l](a$c$d)";
    let (html, _) = prose_of(text);
    assert_eq!(html.matches("<math>").count(), 1, "{html}");
    assert!(!html.contains("onclick=\""), "{html}");
    assert!(html.contains("alt=\"$b$\"") && html.contains("href=\"a$c$d\""), "{html}");
}
