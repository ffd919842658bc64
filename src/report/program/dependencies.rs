//! `:dep` lines as the dependencies of a cargo package.

use std::path::Path;

use toml::{Table, Value};

use crate::error::{Error, Result};
use crate::report::files;
use crate::report::syntax::Parsed;

/// One dependency, as Cargo.toml has it.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Dependency {
    /// The package, or the name it is given.
    pub name: String,
    /// A version, or a table with `version`, `path`, `features`, ...
    pub wanted: Value,
    /// The notebook, cell and line that ask for it.
    pub at: String,
}

/// What follows `:dep`: `name = …`, a name alone, or the folder of a package.
pub(super) fn parse(text: &str, at: &str, folder: &Path) -> Result<Dependency> {
    let refuse = |found: String| Error::argument(at, "`:dep NAME = VERSION or { … }`", found);
    let text = text.trim();
    let (name, wanted) = if text.starts_with(['.', '/']) {
        let mut table = Table::new();
        table.insert("path".to_owned(), Value::String(text.to_owned()));
        (package_in(&folder.join(text), at)?, Value::Table(table))
    } else if text.contains('=') {
        let table: Table = toml::from_str(text).map_err(|error| refuse(format!("`{text}`: {}", error.message())))?;
        table.into_iter().next().ok_or_else(|| refuse("nothing".to_owned()))?
    } else if text.is_empty() {
        return Err(refuse("nothing".to_owned()));
    } else {
        (text.to_owned(), Value::String("*".to_owned()))
    };
    absolute(name, wanted, at, folder)
}

/// A path counts from the notebook's folder; the package stands elsewhere.
fn absolute(name: String, mut wanted: Value, at: &str, folder: &Path) -> Result<Dependency> {
    if let Some(Value::String(path)) = wanted.get_mut("path") {
        let found = folder.join(&*path);
        let whole = found
            .canonicalize()
            .map_err(|error| Error::argument(at, "the folder of a package", format!("{}: {error}", found.display())))?;
        *path = whole.to_string_lossy().into_owned();
    }
    Ok(Dependency { name, wanted, at: at.to_owned() })
}

/// What `evcxr.toml` in `folder` gives to every notebook there.
///
/// # Errors
/// [`Error::Parse`] where it is no TOML; [`Error::Argument`] where its prelude has Rust in it, which a program does not run.
pub(super) fn of_setup(folder: &Path) -> Result<Vec<Dependency>> {
    let file = folder.join("evcxr.toml");
    let text = String::from_utf8_lossy(&files::bytes_or_empty(&file)).into_owned();
    let setup: Table = toml::from_str(&text).map_err(|error| {
        let line = 1 + text[..error.span().map_or(0, |span| span.start)].matches('\n').count();
        let message = error.message().to_owned();
        Error::Parse { path: file.display().to_string(), line: line as u64, column: None, message }
    })?;
    let at = file.display().to_string();
    let listed = setup.get("dependencies").and_then(Value::as_table).cloned().unwrap_or_default();
    let mut found = Vec::new();
    for (name, wanted) in listed {
        found.push(absolute(name, wanted, &at, folder)?);
    }
    let prelude = setup.get("evcxr").and_then(|evcxr| evcxr.get("prelude")?.as_str()).unwrap_or_default();
    let parsed = Parsed::of(prelude);
    if !parsed.statements.is_empty() {
        return Err(Error::argument(at, "a prelude of commands, for notebooks that become programs", "Rust in it"));
    }
    let texts = parsed.commands.iter().filter_map(|command| command.text.strip_prefix(":dep "));
    for text in texts {
        found.push(parse(text, &at, folder)?);
    }
    Ok(found)
}

/// The dependencies of all notebooks together: one package holds all programs.
///
/// # Errors
/// [`Error::Argument`] naming two places that want one package in different ways.
pub(super) fn union<'a>(wanted: impl Iterator<Item = &'a Dependency>) -> Result<Table> {
    let mut chosen: Vec<&Dependency> = Vec::new();
    for dependency in wanted {
        match chosen.iter().find(|other| library(&other.name) == library(&dependency.name)) {
            None => chosen.push(dependency),
            Some(other) if other.name == dependency.name && other.wanted == dependency.wanted => {}
            Some(other) => {
                let expected = format!("`{} = {}`, as {} has it", other.name, other.wanted, other.at);
                let found = format!("`{} = {}`", dependency.name, dependency.wanted);
                return Err(Error::argument(&dependency.at, expected, found));
            }
        }
    }
    Ok(chosen.into_iter().map(|dependency| (dependency.name.clone(), dependency.wanted.clone())).collect())
}

/// The name under which Rust knows a package.
pub(super) fn library(name: &str) -> String {
    name.replace('-', "_")
}

fn package_in(folder: &Path, at: &str) -> Result<String> {
    let file = folder.join("Cargo.toml");
    let text = std::fs::read_to_string(&file).map_err(|error| Error::io(&file, error))?;
    let table: Option<Table> = toml::from_str(&text).ok();
    let name = table.as_ref().and_then(|table| table.get("package")?.get("name")?.as_str());
    let missing = || Error::argument(at, "the folder of a package", format!("no package in {}", file.display()));
    name.map(str::to_owned).ok_or_else(missing)
}
