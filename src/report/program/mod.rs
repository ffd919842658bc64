//! Notebooks as plain cargo programs: for rustc, which checks all of them in one build, for a debugger, and for studies on
//! machines without a kernel.
//!
//! All programs are one package in `target/programs`, so that their dependencies are built once. A program runs the cells
//! in their order, each in the scope of those before, and prints what the cells show as text.

mod again;
mod check;
mod dependencies;
mod translate;

use std::path::{Path, PathBuf};

use toml::{Table, Value};

use super::cli::Arguments;
use super::notebook::Notebook;
use super::progress::{complain, say};
use super::project::{Project, name_of};
use super::{files, parameters};
use crate::error::{Error, Result};
use translate::Program;

/// What every program runs on: options, the folder, what is shown, what went wrong.
const RUNNER: &str = include_str!("runner.rs");

/// Where programs whose notebooks use this crate ask it for the state of a study.
const STUDIES: &str = include_str!("studies.rs");

/// The same for programs that know no studies.
const NO_STUDIES: &str = include_str!("no_studies.rs");

/// Writes the notebooks that `arguments` name as programs and has rustc check them; `true` when all can be built.
///
/// # Errors
/// When nothing could be written or cargo not be run; what is wrong with a single notebook is printed.
pub fn write_programs(arguments: &Arguments) -> Result<bool> {
    let here = std::env::current_dir().map_err(|error| Error::io(".", error))?;
    let project = Project::find(&here)?;
    let paths = project.select(&arguments.notebooks, &here)?;
    let mut failures = Vec::new();
    let mut notebooks: Vec<(String, Notebook)> = Vec::new();
    let mut folders: Vec<PathBuf> = Vec::new();
    for path in &paths {
        match Notebook::read(path) {
            Ok(notebook) => {
                let folder = path.parent().unwrap_or(Path::new("."));
                folders.push(folder.canonicalize().map_err(|error| Error::io(folder, error))?);
                notebooks.push((name_of(path), notebook));
            }
            Err(error) => failures.push(error.to_string()),
        }
    }
    parameters::apply(&mut notebooks, &arguments.parameters)?;
    let mut programs: Vec<Program> = Vec::new();
    for ((name, notebook), folder) in notebooks.iter().zip(&folders) {
        match Program::of(name, notebook, folder) {
            Ok(program) => programs.push(program),
            Err(error) => failures.push(error.to_string()),
        }
    }
    let folder = project.root.join("target/programs");
    write(&folder, &project, &programs)?;
    for note in programs.iter().flat_map(|program| &program.left_out) {
        say(&format!("left out: {note}\n"));
    }
    // All are checked; those that are asked for by name are to be run.
    let build = !arguments.notebooks.is_empty();
    if !programs.is_empty() {
        failures.extend(check::check(&folder, &programs, build)?);
    }
    for failure in &failures {
        complain(&format!("failed: {failure}"));
    }
    say(&summary(&folder, &programs, build, &failures));
    Ok(failures.is_empty())
}

fn summary(folder: &Path, programs: &[Program], built: bool, failures: &[String]) -> String {
    let count = programs.len();
    if !failures.is_empty() {
        return format!("{count} programs, {} errors\n", failures.len());
    }
    let Some(first) = programs.first() else { return String::new() };
    if built {
        let paths = programs.iter().map(|program| folder.join("target/release").join(&program.binary));
        return paths.map(|path| format!("{}\n", path.display())).collect();
    }
    format!("{count} programs, all of which rustc accepts; `cargo notebooks --program {}` builds one\n", first.name)
}

/// Writes the package. Files that are as they should be are left alone: cargo would check them again.
fn write(folder: &Path, project: &Project, programs: &[Program]) -> Result<()> {
    for (index, program) in programs.iter().enumerate() {
        if let Some(other) = programs[..index].iter().find(|other| other.binary == program.binary) {
            let found = format!("{} and {}, both of which become {}", other.name, program.name, program.binary);
            return Err(Error::argument("cargo notebooks --program", "notebooks whose programs' names differ", found));
        }
    }
    let dependencies = dependencies::union(programs.iter().flat_map(|program| &program.dependencies))?;
    let knows_studies = dependencies.keys().any(|name| dependencies::library(name) == env!("CARGO_CRATE_NAME"));
    let bin = folder.join("src/bin");
    std::fs::create_dir_all(&bin).map_err(|error| Error::io(&bin, error))?;
    let mut wanted = vec![
        (folder.join("Cargo.toml"), manifest(dependencies)?),
        (folder.join("src/runner.rs"), RUNNER.to_owned()),
        (folder.join("src/studies.rs"), if knows_studies { STUDIES } else { NO_STUDIES }.to_owned()),
    ];
    wanted.extend(programs.iter().map(|program| (bin.join(format!("{}.rs", program.binary)), program.text.clone())));
    // Programs of an earlier call may be of notebooks that are gone.
    for file in files::below(&bin).iter().filter(|file| !wanted.iter().any(|(path, _)| path == *file)) {
        std::fs::remove_file(file).map_err(|error| Error::io(file, error))?;
    }
    for (path, text) in &wanted {
        if files::bytes_or_empty(path) != text.as_bytes() {
            files::write_whole(path, text.as_bytes())?;
        }
    }
    versions(&project.root.join("Cargo.lock"), &folder.join("Cargo.lock"))
}

/// The versions of the project's own lock file, so that a program computes what the project's tests tested.
fn versions(project: &Path, programs: &Path) -> Result<()> {
    let age = |path: &Path| std::fs::metadata(path).and_then(|file| file.modified()).ok();
    if age(project).is_some_and(|changed| age(programs).is_none_or(|copied| copied < changed)) {
        std::fs::copy(project, programs).map_err(|error| Error::io(programs, error))?;
    }
    Ok(())
}

fn manifest(dependencies: Table) -> Result<String> {
    let table = |pairs: &[(&str, Value)]| -> Value {
        Value::Table(pairs.iter().map(|(key, value)| ((*key).to_owned(), value.clone())).collect())
    };
    let package = [("name", "notebooks"), ("version", "0.0.0"), ("edition", "2024")];
    let package = package.map(|(key, value)| (key, Value::String(value.to_owned())));
    // As in the notebooks: optimised, without overflow checks and debug assertions; lines, so that a panic names its own.
    let release = [
        ("opt-level", Value::Integer(3)),
        ("debug", Value::String("line-tables-only".to_owned())),
        ("debug-assertions", Value::Boolean(false)),
        ("overflow-checks", Value::Boolean(false)),
    ];
    let manifest = table(&[
        ("package", table(&package)),
        // Whatever stands above in the tree has no part in it.
        ("workspace", table(&[])),
        ("dependencies", Value::Table(dependencies)),
        ("profile", table(&[("release", table(&release))])),
    ]);
    let text = toml::to_string(&manifest).map_err(|error| Error::io("target/programs/Cargo.toml", error))?;
    Ok(format!("# Written by `cargo notebooks --program`.\n{text}"))
}
