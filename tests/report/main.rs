//! The notebook runner: what it reads, what it shows, what it catches. Run with `--release`: the kernel is slow otherwise.

mod cells;
mod formulas;
mod hostile;
mod ledger;
mod notebooks;
mod outputs;
mod pages;
mod parameters;
mod program_ends;
mod programs;
mod runs;

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output as Finished};

use implicit_bias::report::{
    Arguments, Change, Notebook, Prepare, claims_in, differences, highlight, named, parameters, render, set_parameters,
    verdicts,
};
use implicit_bias::verdict::Verdict;
use serde_json::{Value, json};

/// A project folder of its own, with a kernel set-up and the given notebooks.
struct Project {
    folder: tempfile::TempDir,
    name: &'static str,
}

impl Project {
    fn new(notebooks: &[(&str, Value)]) -> Self {
        Self::in_folder("project", notebooks)
    }

    /// A project in a folder of this name.
    fn in_folder(name: &'static str, notebooks: &[(&str, Value)]) -> Self {
        let project = Self { folder: tempfile::tempdir().unwrap(), name };
        fs::create_dir_all(project.path("notebooks")).unwrap();
        let setup = "[evcxr]\nprelude = \"\"\"\n:build_env CARGO_PROFILE_DEV_OVERFLOW_CHECKS=false\n\"\"\"\n";
        fs::write(project.path("notebooks/evcxr.toml"), setup).unwrap();
        for (name, cells) in notebooks {
            project.write(name, cells.clone());
        }
        project
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(self.name).join(name)
    }

    fn write(&self, name: &str, cells: Value) {
        fs::write(self.path("notebooks").join(format!("{name}.ipynb")), file(cells).to_string()).unwrap();
    }

    /// Runs the program from a subfolder, as a user may.
    fn run(&self, arguments: &[&str]) -> Finished {
        self.run_with(arguments, &[])
    }

    fn run_with(&self, arguments: &[&str], variables: &[(&str, &str)]) -> Finished {
        Command::new(env!("CARGO_BIN_EXE_notebooks"))
            .args(arguments)
            .envs(variables.iter().copied())
            .current_dir(self.path("notebooks"))
            .env_remove("CARGO_MANIFEST_DIR")
            .output()
            .unwrap()
    }

    fn read(&self, name: &str) -> String {
        fs::read_to_string(self.path("target/report").join(name)).unwrap_or_else(|error| panic!("{name}: {error}"))
    }
}

fn file(cells: Value) -> Value {
    json!({ "nbformat": 4, "nbformat_minor": 5, "metadata": {}, "cells": cells })
}

fn code(id: &str, source: &str) -> Value {
    json!({ "cell_type": "code", "id": id, "metadata": {}, "source": source, "outputs": [], "execution_count": null })
}

fn tagged(id: &str, tag: &str, source: &str) -> Value {
    let mut cell = code(id, source);
    cell["metadata"] = json!({ "tags": [tag] });
    cell
}

fn prose(id: &str, source: &str) -> Value {
    json!({ "cell_type": "markdown", "id": id, "metadata": {}, "source": source })
}

/// A cell that shows `content` under `mime`, as the crate's own types do.
fn shows(id: &str, mime: &str, content: &str) -> Value {
    code(id, &format!("println!(\"EVCXR_BEGIN_CONTENT {mime}\\n{{}}\\nEVCXR_END_CONTENT\", {content:?});"))
}

/// A cell whose constants the command line may set.
fn settable(id: &str, source: &str) -> Value {
    let mut cell = code(id, source);
    cell["metadata"] = json!({ "tags": ["parameters"] });
    cell
}

/// A cell that decides the claim: HOLDS or FAILS by one comparison, OPEN by none.
fn verdict(id: &str, claim: &str, outcome: &str) -> Value {
    shows(id, "application/vnd.implicit-bias.verdict+json", &decided(claim, outcome).to_string())
}

/// The verdict's JSON, as a cell prints it.
fn decided(claim: &str, outcome: &str) -> Value {
    let threshold = if outcome == "HOLDS" { 1.0 } else { 0.125 };
    let comparison =
        json!({ "quantity": "gap", "relation": "below", "value": 0.25, "threshold": threshold, "verdict": outcome });
    let evidence = if outcome == "OPEN" { json!([]) } else { json!([comparison]) };
    json!({ "id": claim, "source": "S", "statement": "it is so", "verdict": outcome, "evidence": evidence })
}

fn parse(cells: Value) -> Notebook {
    Notebook::parse(&file(cells).to_string(), Path::new("test.ipynb")).unwrap()
}

fn html(markdown: &str) -> String {
    Prepare::default().prose(markdown, None, Path::new(".")).html
}

fn said(finished: &Finished) -> (String, String) {
    (String::from_utf8_lossy(&finished.stdout).into_owned(), String::from_utf8_lossy(&finished.stderr).into_owned())
}
