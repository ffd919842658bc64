//! The values that a notebook's parameters can have, as Rust writes them.

use ra_ap_syntax::ast::{self, LiteralKind};

/// The type that Rust gives to a literal without one beside it.
pub(crate) fn kind_of(value: &ast::Expr) -> Option<String> {
    match value {
        ast::Expr::Literal(literal) => Some(match literal.kind() {
            LiteralKind::IntNumber(number) => number.suffix().unwrap_or("i32").to_owned(),
            LiteralKind::FloatNumber(number) => number.suffix().unwrap_or("f64").to_owned(),
            LiteralKind::String(_) => "&str".to_owned(),
            LiteralKind::Bool(_) => "bool".to_owned(),
            _ => return None,
        }),
        ast::Expr::PrefixExpr(negative) => kind_of(&negative.expr()?),
        ast::Expr::ArrayExpr(list) => {
            let members: Vec<ast::Expr> = list.exprs().collect();
            Some(format!("[{}; {}]", kind_of(members.first()?)?, members.len()))
        }
        _ => None,
    }
}

/// Is it written out, without any computation?
pub(crate) fn is_literal(value: &ast::Expr) -> bool {
    match value {
        ast::Expr::Literal(_) => true,
        ast::Expr::PrefixExpr(negative) => {
            let minus = negative.op_kind() == Some(ast::UnaryOp::Neg);
            minus && matches!(negative.expr(), Some(ast::Expr::Literal(_)))
        }
        // `[0.0; 3]` has a semicolon.
        ast::Expr::ArrayExpr(list) => list.semicolon_token().is_none() && list.exprs().all(|e| is_literal(&e)),
        ast::Expr::RefExpr(list) => {
            matches!(list.expr(), Some(inner @ ast::Expr::ArrayExpr(_)) if is_literal(&inner))
        }
        _ => false,
    }
}

/// Can a value of this type be given on the command line?
pub(crate) fn can_be_set(kind: &str) -> bool {
    matches!(shape(kind).0.as_str(), "u32" | "u64" | "usize" | "i32" | "i64" | "f64" | "bool" | "&str")
}

/// What a type says: its members, how many there must be, and whether it is a reference to them.
fn shape(kind: &str) -> (String, Members) {
    let plain: String = kind.replace("'static", "").split_whitespace().collect();
    let (borrowed, list) = plain.strip_prefix('&').map_or((false, plain.as_str()), |list| (true, list));
    match list.strip_prefix('[').and_then(|list| list.strip_suffix(']')) {
        None => (plain.clone(), Members::One),
        Some(inside) => match inside.split_once(';') {
            Some((member, count)) => (member.to_owned(), Members::Exactly(count.parse().ok(), borrowed)),
            None => (inside.to_owned(), Members::Any),
        },
    }
}

/// How many values a type takes.
enum Members {
    One,
    /// `[T; N]`, none where N is a constant's name; behind a reference or not.
    Exactly(Option<usize>, bool),
    /// `&[T]`.
    Any,
}

/// `text` as a literal of the type `kind`; where it is none, what was found.
pub(crate) fn literal(text: &str, kind: &str) -> std::result::Result<String, String> {
    let (member, members) = shape(kind);
    let (wanted, borrowed) = match members {
        Members::One => return single(text, &member).ok_or_else(|| format!("`{text}`")),
        Members::Exactly(count, borrowed) => (count, borrowed),
        Members::Any => (None, true),
    };
    let inside = text.trim().trim_start_matches('&').strip_prefix('[').and_then(|list| list.strip_suffix(']'));
    let inside = inside.ok_or_else(|| format!("`{text}`, which is no list [A, B, …]"))?.trim();
    let parts: Vec<&str> = if inside.is_empty() { Vec::new() } else { inside.split(',').map(str::trim).collect() };
    if wanted.is_some_and(|wanted| wanted != parts.len()) {
        return Err(format!("{} values in `{text}`", parts.len()));
    }
    let literals = parts.iter().map(|part| single(part, &member).ok_or_else(|| format!("`{part}` in `{text}`")));
    let list = literals.collect::<std::result::Result<Vec<_>, _>>()?.join(", ");
    Ok(if borrowed { format!("&[{list}]") } else { format!("[{list}]") })
}

fn single(text: &str, kind: &str) -> Option<String> {
    let digits = text.replace('_', "");
    let begins = text.trim_start_matches(['+', '-']).starts_with(|c: char| c.is_ascii_digit() || c == '.');
    let whole = |ok: bool| (ok && begins).then(|| text.trim_start_matches('+').to_owned());
    match kind {
        "u32" => whole(digits.parse::<u32>().is_ok()),
        "u64" => whole(digits.parse::<u64>().is_ok()),
        "usize" => whole(digits.parse::<usize>().is_ok()),
        "i32" => whole(digits.parse::<i32>().is_ok()),
        "i64" => whole(digits.parse::<i64>().is_ok()),
        // `Debug` writes a number so that Rust reads it as the same one, and never as an integer.
        "f64" => digits.parse::<f64>().ok().filter(|value| value.is_finite()).map(|value| format!("{value:?}")),
        "bool" => text.parse::<bool>().ok().map(|value| value.to_string()),
        "&str" => Some(format!("{text:?}")),
        _ => None,
    }
}
