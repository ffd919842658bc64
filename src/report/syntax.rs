//! What a code cell is made of: lines for the kernel first, then Rust, taken apart as evcxr does it.

use std::ops::Range;

use ra_ap_rustc_lexer::{FrontmatterAllowed, LiteralKind, TokenKind, tokenize};
use ra_ap_syntax::ast::{self, AstNode};
use ra_ap_syntax::{Edition, SourceFile, SyntaxNode};

/// Makes statements of what is parsed: they stand in a function.
const HEAD: &str = "fn cell() {";

/// A line for the kernel: `:dep …`, or `!` and a command of the shell.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Command {
    /// Its line in the cell, counted from 1.
    pub line: usize,
    /// The whole line, trimmed.
    pub text: String,
}

/// A cell, taken apart.
pub(crate) struct Parsed {
    /// What comes before the first line of Rust.
    pub commands: Vec<Command>,
    /// Statements, items, inner attributes and, last, the expression whose value is shown.
    pub statements: Vec<SyntaxNode>,
    /// Where the first line of Rust begins, in bytes.
    rust: usize,
}

impl Parsed {
    /// Takes the source of a cell apart.
    pub(crate) fn of(source: &str) -> Self {
        let (mut commands, mut rust) = (Vec::new(), 0);
        for (index, line) in source.split_inclusive('\n').enumerate() {
            let text = line.trim();
            if line.starts_with('!') || line.trim_start_matches(' ').starts_with(':') {
                commands.push(Command { line: index + 1, text: text.to_owned() });
            } else if !(text.is_empty() || line.starts_with("//")) {
                break;
            }
            rust += line.len();
        }
        let file = SourceFile::parse(&format!("{HEAD}{}\n}}", &source[rust..]), Edition::Edition2024).syntax_node();
        let body = file.children().next().and_then(ast::Fn::cast).and_then(|function| function.body());
        let list = body.and_then(|body| body.stmt_list());
        let statements = list.map(|list| list.syntax().children().collect()).unwrap_or_default();
        Self { commands, statements, rust }
    }

    /// Where `node` stands in the cell, in bytes.
    pub(crate) fn range(&self, node: &SyntaxNode) -> Range<usize> {
        let place = |at| (usize::from(at) + self.rust).saturating_sub(HEAD.len());
        place(node.text_range().start())..place(node.text_range().end())
    }

    /// The expression whose value evcxr shows: the last, when no semicolon ends it.
    pub(crate) fn shown(&self) -> Option<&SyntaxNode> {
        self.statements.last().filter(|node| ast::Expr::can_cast(node.kind()))
    }
}

/// Is it an item, which a later cell may define again?
pub(crate) fn is_item(node: &SyntaxNode) -> bool {
    ast::Item::can_cast(node.kind())
}

/// The first bracket, text or comment of the Rust in a cell that is never closed or closes nothing: its line and what it is.
pub(crate) fn unbalanced(source: &str, parsed: &Parsed) -> Option<(usize, String)> {
    let mut at = parsed.rust;
    let mut open: Vec<(TokenKind, usize, &str)> = Vec::new();
    for token in tokenize(&source[at..], FrontmatterAllowed::No) {
        let text = &source[at..at + token.len as usize];
        let line = 1 + source[..at].matches('\n').count();
        at += text.len();
        let close = match token.kind {
            TokenKind::OpenParen => Some(TokenKind::CloseParen),
            TokenKind::OpenBracket => Some(TokenKind::CloseBracket),
            TokenKind::OpenBrace => Some(TokenKind::CloseBrace),
            _ => None,
        };
        match token.kind {
            _ if close.is_some() => open.extend(close.map(|close| (close, line, text))),
            TokenKind::CloseParen | TokenKind::CloseBracket | TokenKind::CloseBrace => match open.pop() {
                Some((close, ..)) if close == token.kind => {}
                Some((_, line, text)) => return Some((line, format!("`{text}` that is not closed"))),
                None => return Some((line, format!("`{text}` that closes nothing"))),
            },
            TokenKind::BlockComment { terminated: false, .. } => {
                return Some((line, "a comment without end".to_owned()));
            }
            TokenKind::Literal {
                kind:
                    LiteralKind::Str { terminated: false }
                    | LiteralKind::ByteStr { terminated: false }
                    | LiteralKind::CStr { terminated: false }
                    | LiteralKind::RawStr { n_hashes: None }
                    | LiteralKind::RawByteStr { n_hashes: None }
                    | LiteralKind::RawCStr { n_hashes: None },
                ..
            } => return Some((line, "a text without end".to_owned())),
            _ => {}
        }
    }
    open.first().map(|(_, line, text)| (*line, format!("`{text}` that is not closed")))
}
