//! The constants of the cells tagged `parameters`, which the command line may set.

use std::ops::Range;

use ra_ap_syntax::ast::{self, AstNode as _, HasName as _};
use ra_ap_syntax::{SyntaxKind, SyntaxNode};
use serde::{Deserialize, Serialize};

use super::cli::Arguments;
use super::notebook::{CellType, Notebook};
use super::progress::say;
use super::project::{Project, name_of};
use super::syntax::Parsed;
use super::value;
use crate::error::{Error, Result};
use crate::table::Table;

/// The tag of a cell whose constants can be set.
const TAG: &str = "parameters";

/// A constant that can be set.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Parameter {
    /// Its name.
    pub name: String,
    /// Its type, such as `u64` or `[f64; 3]`.
    pub kind: String,
    /// Its value, as the cell has it.
    pub value: String,
    /// What the comment behind it says.
    pub comment: String,
    /// The number of its code cell, counted from 1.
    pub cell: usize,
}

/// A constant that was set.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Change {
    /// The constant.
    pub name: String,
    /// Its value in the notebook.
    pub from: String,
    /// Its value now.
    pub to: String,
}

/// A parameter and where its value stands in the cell's source.
struct Found {
    parameter: Parameter,
    range: Range<usize>,
}

/// What can be set in `notebook`: `const NAME: TYPE = VALUE;` and `let name = VALUE;` in the cells tagged `parameters`,
/// where VALUE is a number, a text, true or false, or a list of them. None when no cell has the tag.
///
/// ```
/// use implicit_bias::report::{Notebook, parameters};
/// let cell = r#"{"cell_type": "code", "id": "p", "metadata": {"tags": ["parameters"]}, "outputs": [],
///     "source": "const SEEDS: u64 = 20; // a run takes a second"}"#;
/// let text = format!(r#"{{"nbformat": 4, "nbformat_minor": 5, "metadata": {{}}, "cells": [{cell}]}}"#);
/// let found = parameters(&Notebook::parse(&text, "a.ipynb".as_ref())?);
/// assert_eq!((&*found[0].name, &*found[0].kind, &*found[0].value), ("SEEDS", "u64", "20"));
/// assert_eq!(found[0].comment, "a run takes a second");
/// # Ok::<(), implicit_bias::error::Error>(())
/// ```
pub fn parameters(notebook: &Notebook) -> Vec<Parameter> {
    let cells = notebook.code_cells().filter(|(_, cell)| cell.has_tag(TAG));
    cells.flat_map(|(number, cell)| found_in(&cell.source, number)).map(|found| found.parameter).collect()
}

/// Sets the constants that `pairs` name to their values, in the source of `notebook`, which is called `name`.
///
/// # Errors
/// [`Error::Argument`] when there is no constant of a name (the error lists those there are), or a value is none of its
/// type. Then nothing is changed.
pub fn set_parameters(notebook: &mut Notebook, name: &str, pairs: &[(String, String)]) -> Result<Vec<Change>> {
    known(&[(name, parameters(notebook))], pairs)?;
    let mut changed = notebook.clone();
    let mut changes: Vec<Change> = Vec::new();
    let code = changed.cells.iter_mut().filter(|cell| cell.cell_type == CellType::Code).enumerate();
    for (index, cell) in code.filter(|(_, cell)| cell.has_tag(TAG)) {
        // From the back, so that the places before stay where they are.
        for Found { parameter, range } in found_in(&cell.source, index + 1).into_iter().rev() {
            // Of two values for one name the last counts.
            let Some((_, value)) = pairs.iter().rfind(|(wanted, _)| *wanted == parameter.name) else { continue };
            let to = value::literal(value, &parameter.kind).map_err(|found| {
                Error::argument(format!("{name}, {}", parameter.name), format!("a value of {}", parameter.kind), found)
            })?;
            // Without a type of its own, a constant has that of its literal.
            let suffixed = parameter.kind != "&str" && parameter.value.ends_with(&parameter.kind);
            let to = if suffixed { to + &parameter.kind } else { to };
            cell.source.replace_range(range, &to);
            if to != parameter.value {
                changes.insert(0, Change { name: parameter.name, from: parameter.value, to });
            }
        }
    }
    *notebook = changed;
    Ok(changes)
}

/// Sets constants in several notebooks: each pair where there is one of its name; the changes of each notebook.
///
/// # Errors
/// As [`set_parameters`]; a name has to be in one of the notebooks at least.
pub(crate) fn apply(notebooks: &mut [(String, Notebook)], pairs: &[(String, String)]) -> Result<Vec<Vec<Change>>> {
    let all: Vec<_> = notebooks.iter().map(|(name, notebook)| (name.as_str(), parameters(notebook))).collect();
    known(&all, pairs)?;
    let fitting: Vec<Vec<(String, String)>> = all
        .iter()
        .map(|(_, here)| pairs.iter().filter(|(name, _)| here.iter().any(|p| p.name == *name)).cloned().collect())
        .collect();
    let mut changed: Vec<(String, Notebook)> = notebooks.to_vec();
    let set = changed.iter_mut().zip(&fitting).map(|((name, notebook), pairs)| set_parameters(notebook, name, pairs));
    let changes = set.collect::<Result<_>>()?;
    notebooks.clone_from_slice(&changed);
    Ok(changes)
}

/// Prints what can be set in the notebooks that `arguments` name.
///
/// # Errors
/// A notebook that cannot be found or read.
pub fn list_parameters(arguments: &Arguments) -> Result<()> {
    let here = std::env::current_dir().map_err(|error| Error::io(".", error))?;
    for path in Project::find(&here)?.select(&arguments.notebooks, &here)? {
        let found = parameters(&Notebook::read(&path)?);
        let name = name_of(&path);
        if found.is_empty() {
            say(&format!("{name}: no cell tagged `{TAG}` with constants in it\n"));
            continue;
        }
        let lines = found.into_iter().map(|p| [p.name, p.kind, p.value, format!("cell {}", p.cell), p.comment]);
        say(&format!("{name}:\n{}", Table::new(["name", "type", "value", "where", "what"], lines)?));
    }
    Ok(())
}

/// Refuses names that none of these notebooks has.
fn known(notebooks: &[(&str, Vec<Parameter>)], pairs: &[(String, String)]) -> Result<()> {
    let all = || notebooks.iter().flat_map(|(_, parameters)| parameters);
    let Some((wrong, _)) = pairs.iter().find(|(name, _)| all().all(|parameter| parameter.name != *name)) else {
        return Ok(());
    };
    let names: Vec<&str> = notebooks.iter().map(|(name, _)| *name).collect();
    let mut listed: Vec<String> = all().map(|parameter| format!("{} ({})", parameter.name, parameter.kind)).collect();
    listed.sort();
    listed.dedup();
    let expected = if listed.is_empty() {
        format!("a cell tagged `{TAG}` with constants that can be set (there is none)")
    } else {
        format!("one of the constants {}", listed.join(", "))
    };
    Err(Error::argument(format!("-p, {}", names.join(", ")), expected, format!("`{wrong}`")))
}

/// The constants of one cell, in their order.
fn found_in(source: &str, cell: usize) -> Vec<Found> {
    let parsed = Parsed::of(source);
    parsed.statements.iter().filter_map(|node| found_at(node, &parsed, source, cell)).collect()
}

fn found_at(node: &SyntaxNode, parsed: &Parsed, source: &str, cell: usize) -> Option<Found> {
    let (name, kind, value) = match (ast::Const::cast(node.clone()), ast::LetStmt::cast(node.clone())) {
        (Some(constant), _) => (constant.name(), constant.ty(), constant.body()),
        (_, Some(variable)) => match variable.pat() {
            Some(ast::Pat::IdentPat(pattern)) => (pattern.name(), variable.ty(), variable.initializer()),
            _ => return None,
        },
        _ => return None,
    };
    let value = value?;
    let kind = match kind {
        Some(kind) => kind.syntax().text().to_string(),
        None => value::kind_of(&value)?,
    };
    if !value::is_literal(&value) || !value::can_be_set(&kind) {
        return None;
    }
    let range = parsed.range(value.syntax());
    let parameter = Parameter {
        name: name?.text().to_string(),
        kind,
        value: source[range.clone()].to_owned(),
        comment: comment_behind(node),
        cell,
    };
    Some(Found { parameter, range })
}

/// The words of the comment on the line where a statement ends.
fn comment_behind(node: &SyntaxNode) -> String {
    // A comment may have become part of the statement before it.
    let inside = node.last_token().filter(|token| token.kind() == SyntaxKind::COMMENT);
    let behind = std::iter::successors(node.last_token().and_then(|token| token.next_token()), |t| t.next_token());
    let mut same_line = behind.take_while(|token| !token.text().contains('\n'));
    let comment = inside.or_else(|| same_line.find(|token| token.kind() == SyntaxKind::COMMENT));
    comment
        .map(|token| token.text().trim_start_matches('/').trim_matches(['*', '/', ' ']).to_owned())
        .unwrap_or_default()
}
