//! Rust source as HTML with classes, tokenised by the compiler's own lexer.

use crate::show::escape;
use ra_ap_rustc_lexer::{FrontmatterAllowed, LiteralKind, TokenKind, tokenize};

/// Words that Rust keeps for itself, edition 2024.
const KEYWORDS: &[&str] = &[
    "as", "async", "await", "break", "const", "continue", "crate", "dyn", "else", "enum", "extern", "false", "fn",
    "for", "if", "impl", "in", "let", "loop", "match", "mod", "move", "mut", "pub", "ref", "return", "self", "Self",
    "static", "struct", "super", "trait", "true", "type", "unsafe", "use", "where", "while",
];

/// Names of the primitive types.
const PRIMITIVES: &[&str] = &[
    "bool", "char", "f32", "f64", "i8", "i16", "i32", "i64", "i128", "isize", "str", "u8", "u16", "u32", "u64", "u128",
    "usize",
];

/// `source` as escaped HTML, its tokens wrapped in `<span class="k">` (keyword), `t` (type), `f` (function or macro),
/// `s` (text), `n` (number), `c` (comment), `l` (lifetime), `a` (attribute) and `m` (a line for the kernel, such as `:dep`).
///
/// ```
/// let html = implicit_bias::report::highlight("let a = \"<b>\";");
/// assert_eq!(html, "<span class=\"k\">let</span> a = <span class=\"s\">&quot;&lt;b&gt;&quot;</span>;");
/// ```
pub fn highlight(source: &str) -> String {
    let mut html = String::with_capacity(2 * source.len());
    let mut rust = String::new();
    for line in source.split_inclusive('\n') {
        // Lines for the kernel stand alone and are no Rust; only outside of a token that spans lines do they look like this.
        let is_command = line.starts_with(':') && line[1..].starts_with(|c: char| c.is_ascii_lowercase());
        if is_command {
            tokens(&std::mem::take(&mut rust), &mut html);
            span("m", line.trim_end_matches('\n'), &mut html);
            html.push_str(if line.ends_with('\n') { "\n" } else { "" });
        } else {
            rust.push_str(line);
        }
    }
    tokens(&rust, &mut html);
    html
}

fn tokens(source: &str, html: &mut String) {
    let mut at = 0;
    let mut pieces = Vec::new();
    for token in tokenize(source, FrontmatterAllowed::No) {
        let end = at + token.len as usize;
        pieces.push((token.kind, &source[at..end]));
        at = end;
    }
    let mut attribute_depth = None;
    for (index, (kind, text)) in pieces.iter().enumerate() {
        let next = |skip: usize| pieces.get(index + skip).map(|piece| piece.0);
        match (kind, attribute_depth) {
            (TokenKind::Pound, None) if matches!(next(1), Some(TokenKind::OpenBracket | TokenKind::Bang)) => {
                attribute_depth = Some(0)
            }
            (TokenKind::OpenBracket, Some(depth)) => attribute_depth = Some(depth + 1),
            (TokenKind::CloseBracket, Some(depth)) => attribute_depth = (depth > 1).then(|| depth - 1),
            _ => {}
        }
        let class = match kind {
            TokenKind::LineComment { .. } | TokenKind::BlockComment { .. } => "c",
            TokenKind::Literal { kind: LiteralKind::Int { .. } | LiteralKind::Float { .. }, .. } => "n",
            TokenKind::Literal { .. } => "s",
            TokenKind::Lifetime { .. } => "l",
            TokenKind::Pound if attribute_depth.is_some() => "a",
            TokenKind::Ident if attribute_depth.is_some() => "a",
            TokenKind::Ident if KEYWORDS.contains(text) => "k",
            TokenKind::Ident if PRIMITIVES.contains(text) || text.starts_with(char::is_uppercase) => "t",
            TokenKind::Ident if next(1) == Some(TokenKind::OpenParen) => "f",
            TokenKind::Ident if next(1) == Some(TokenKind::Bang) && next(2) != Some(TokenKind::Eq) => "f",
            _ => "",
        };
        span(class, text, html);
    }
}

fn span(class: &str, text: &str, html: &mut String) {
    let text = escape(text);
    if class.is_empty() {
        html.push_str(&text);
    } else {
        html.push_str(&format!("<span class=\"{class}\">{text}</span>"));
    }
}
