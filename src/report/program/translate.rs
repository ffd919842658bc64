//! One notebook as the text of a program.

use std::path::Path;

use ra_ap_syntax::ast::{self, AstNode as _};

use super::again::Items;
use super::dependencies::{self, Dependency};
use crate::error::{Error, Result};
use crate::report::notebook::Notebook;
use crate::report::records::named_in;
use crate::report::syntax::{Parsed, is_item, unbalanced};

/// Commands after which the cells mean something else than without them; all others set up the kernel or ask it something.
const REFUSED: &[&str] = &[":clear", ":codegen_backend", ":env", ":quit", ":restart", ":toolchain"];

/// A notebook as a program.
#[derive(Clone, Debug)]
pub(crate) struct Program {
    /// The notebook's name.
    pub name: String,
    /// The program's name: what is neither a letter, a digit, `-` nor `_` has become `-`.
    pub binary: String,
    /// Its source.
    pub text: String,
    /// What its `:dep` lines ask for.
    pub dependencies: Vec<Dependency>,
    /// What a program has no use for, with its place.
    pub left_out: Vec<String>,
    /// Where each cell stands in the source.
    cells: Vec<Place>,
}

/// The lines of one cell in the program's source.
#[derive(Clone, Copy, Debug)]
struct Place {
    first: usize,
    lines: usize,
    cell: usize,
}

impl Program {
    /// Joins the code cells of `notebook`, which stands in `folder`, in their order.
    ///
    /// A cell that defines items opens a block that ends with the program, so that a later cell may define them again.
    ///
    /// # Errors
    /// [`Error::Argument`] with cell and line where brackets do not match, a `:dep` line cannot be read, a command to the
    /// kernel changes what the cells do, or an item is defined again that an earlier one uses.
    pub(crate) fn of(name: &str, notebook: &Notebook, folder: &Path) -> Result<Self> {
        let mut program = Self {
            name: name.to_owned(),
            binary: binary(name),
            text: String::new(),
            dependencies: Vec::new(),
            left_out: Vec::new(),
            cells: Vec::new(),
        };
        program.dependencies = dependencies::of_setup(folder)?;
        let (mut attributes, mut body, mut blocks) = (String::new(), String::new(), 0);
        let mut items = Items::default();
        // Line by line as the cells have them, so that a line of the program is a line of a cell.
        for (number, cell) in notebook.code_cells() {
            if cell.has_tag("raises-exception") {
                program.left_out.push(format!("{name}, cell {number}: is there to fail"));
                continue;
            }
            let parsed = Parsed::of(&cell.source);
            if let Some((line, found)) = unbalanced(&cell.source, &parsed) {
                return Err(Error::argument(place(name, number, line), "brackets and quotes in pairs", found));
            }
            if let Some(found) = items.add(&parsed, number) {
                return Err(Error::argument(format!("{name}, cell {number}"), "names of its own for its items", found));
            }
            program.commands(&parsed, number, folder)?;
            let (source, inner) = rewritten(&cell.source, &parsed);
            inner.iter().for_each(|attribute| attributes += &format!("{attribute}\n"));
            let id: String = cell.id.chars().filter(|c| !c.is_control()).collect();
            body += &format!("\n// cell {number} ({id})\ncrate::runner::at({number});");
            if parsed.statements.iter().any(is_item) {
                body += " {";
                blocks += 1;
            }
            body.push('\n');
            program.cells.push(Place {
                first: 1 + body.matches('\n').count(),
                lines: source.lines().count().max(1),
                cell: number,
            });
            body += source.trim_end_matches('\n');
            body.push('\n');
        }
        let records = named_in(notebook).map(|names| names.into_iter().collect::<Vec<_>>());
        let records = records.map_or("None".to_owned(), |names| format!("Some(&{names:?})"));
        let head = format!(
            "// The cells of {name}.ipynb, written by `cargo notebooks --program`, which writes them anew each time.\n\
             #![allow(warnings)]\n{attributes}\
             #[path = \"../runner.rs\"]\nmod runner;\n\n\
             fn main() -> std::process::ExitCode {{\n    runner::main({name:?}, {folder:?}, {records}, notebook)\n}}\n\n\
             fn notebook() -> Result<(), runner::Failed> {{\nuse crate::runner::Show as _;\n"
        );
        let before = head.matches('\n').count();
        program.cells.iter_mut().for_each(|place| place.first += before);
        program.text = format!("{head}{body}\n{}\nstd::result::Result::Ok(())\n}}\n", "}".repeat(blocks));
        Ok(program)
    }

    /// `NOTEBOOK, cell N, line M` for a line of the program; the notebook's name alone for what stands before the cells.
    pub(crate) fn place(&self, line: usize) -> String {
        match self.cells.iter().rfind(|place| place.first <= line) {
            Some(found) => place(&self.name, found.cell, (line - found.first + 1).min(found.lines)),
            None => self.name.clone(),
        }
    }

    fn commands(&mut self, parsed: &Parsed, number: usize, folder: &Path) -> Result<()> {
        for command in &parsed.commands {
            let at = place(&self.name, number, command.line);
            let (word, rest) = command.text.split_once(' ').unwrap_or((&command.text, ""));
            if word == ":dep" {
                self.dependencies.push(dependencies::parse(rest, &at, folder)?);
            } else if REFUSED.contains(&word) {
                let found = format!("`{}`, which has no meaning in a program", command.text);
                return Err(Error::argument(at, "Rust and `:dep` lines", found));
            } else if command.text.starts_with('!') {
                self.left_out.push(format!("{at}: `{}` is for the shell", command.text));
            }
        }
        Ok(())
    }
}

/// The cell's lines: commands as comments, the last value shown, and the inner attributes, which belong to the program's head.
fn rewritten(source: &str, parsed: &Parsed) -> (String, Vec<String>) {
    let mut text = source.to_owned();
    let mut attributes = Vec::new();
    if let Some(range) = parsed.shown().map(|node| parsed.range(node)) {
        text.insert_str(range.end, ").evcxr_display();");
        text.insert(range.start, '(');
    }
    // From the back, so that the places before stay where they are.
    for node in parsed.statements.iter().rev().filter(|node| ast::Attr::can_cast(node.kind())) {
        let range = parsed.range(node);
        attributes.insert(0, source[range.clone()].to_owned());
        text.replace_range(range.clone(), &"\n".repeat(source[range].matches('\n').count()));
    }
    let commented = |(index, line): (usize, &str)| {
        let command = parsed.commands.iter().any(|command| command.line == index + 1);
        if command { format!("// {line}") } else { line.to_owned() }
    };
    (text.split('\n').enumerate().map(commented).collect::<Vec<_>>().join("\n"), attributes)
}

fn place(name: &str, cell: usize, line: usize) -> String {
    format!("{name}, cell {cell}, line {line}")
}

/// A name that cargo and rustc take for a program.
fn binary(name: &str) -> String {
    name.chars().map(|c| if c.is_ascii_alphanumeric() || c == '_' { c } else { '-' }).collect()
}
