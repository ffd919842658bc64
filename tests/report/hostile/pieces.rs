//! What hostile notebooks are spliced of.

#[rustfmt::skip]
pub(super) const MARKDOWN: &[&str] = &[
    "# ", "\n", "\n\n", " ", "    ", "\t", "> ", "- ", "1. ", "| ", "|", "|-|-|\n", "*", "**", "_", "`", "```",
    "```rust\n", "~~~\n", "[", "]", "(", ")", "![", "](x)", "](javascript:alert(1))", "](data:text/html,x)",
    "](//evil.example/a.png)", "<", ">", "[^1]", "[^1]: ", "[a]: javascript:x 'y'\n", "[a]", "- [x] ", "\\", "&lt;",
    "&#60;script&#62;", "&#xE000;0&#xE001;", "\u{e000}", "\u{e001}", "<https://evil.example>", "<javascript:x>",
    "---\n", "===\n", "{#id .c}", "~~", "é", "\u{0}", "\u{202e}", "\r", "x", "<!--", "-->", "$", "$$", "$x$", "\\$",
    "\\\\(", "\\\\)", "\\\\[", "\\\\]", "\\begin{align}", "\\end{align}", "\\begin{", "}", "{", "\\frac", "^",
    "\\left(", "\\right", "\\text{", "\\href{javascript:x}{y}", "\\href{https://a}{b}", "\\label{a}", "\\tag{\"<b>}",
    "\\eqref{a}", "&", "\\\\", "\\color{red}", "\\operatorname{<script>}", "%\n", "\\unicode{x3c}", "'", "\"",
    "5$ and 6$",
];

#[rustfmt::skip]
pub(super) const HTML: &[&str] = &[
    "<script>", "</script>", "<script src=//evil.example/x.js>", "<img src=x onerror=alert(1)>",
    "<img src='https://evil.example/p.png'>", "<img src=\"", "<svg onload=alert(1)>", "<svg>", "</svg>", "<math>",
    "</math>", "<mtext>", "<mglyph>", "<style>", "</style>", "<style>@import 'https://evil.example'", "<title>",
    "</title>", "<textarea>", "<xmp>", "<noscript>", "<iframe src=//evil.example>", "<object data=//evil.example>",
    "<embed src=x>", "<base href=//evil.example>", "<link rel=stylesheet href=//evil.example>",
    "<meta http-equiv=refresh content='0;url=//evil.example'>", "<form action=//evil.example>",
    "<button formaction=javascript:x>", "<a href=javascript:alert(1)>", "<a href=' java\nscript:alert(1)'>",
    "<a href=\"&#106;avascript:x\">", "<a href=#x id=x>", "<a name=y>", "<use href='https://evil.example/s.svg#a'/>",
    "<use xlink:href='#a'/>", "<image href='//evil.example/p.png'/>", "<foreignObject>",
    "<annotation-xml encoding='text/html'>", "<animate attributeName=href values='javascript:x'/>",
    "<set attributeName=onclick to=x>", "<p style='background:url(//evil.example)'>",
    "<p style=\"background:u\\72l(//evil.example)\">", "<rect fill='url(//evil.example#a)'/>",
    "<rect fill=\"url(#a)\"/>", "<linearGradient id=a>", "<p style='fill:url(#a);color:red'>",
    "<table background=//evil.example>", "<video poster=//evil.example src=x>", "<source srcset=//evil.example>",
    "<div id=code-toggle>", "<div>", "</div>", "<p>", "</p>", "<b>", "</b>", "<i title=\"", "\">", "'>", "<table>",
    "<tr>", "<td>", "</table>", "<select>", "<option>", "<template>", "<plaintext>", "<![CDATA[", "]]>",
    "<!doctype html>", "<?xml ?>", "<a ", "a=b ", "on=x ", "/", "=", "<details open ontoggle=alert(1)>", "<pre>",
    "<code>", "</pre>", "<input autofocus onfocus=alert(1)>", "<frameset>", "<body onload=alert(1)>", "<desc>",
    "<font color=1>", "</a>",
];

#[rustfmt::skip]
pub(super) const TEXTS: &[&str] = &[
    "\u{1b}[31m", "\u{1b}[K", "\u{1b}]0;t\u{7}", "\r", "\u{8}", "\n", "EVCXR_END_CONTENT", "()", ":dep x = \"1\"\n",
    "let a = r#\"", "\"#;", "/*", "#![a]", "'a", "1.5e", "\\u003c", "{\"a\":[1,{}]}", "[[[[", "\u{2028}", "{{", "}}",
    "{%",
];
