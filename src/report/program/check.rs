//! Has rustc check the programs and leads its errors back to the cells.

use std::io::{BufRead as _, BufReader};
use std::path::Path;
use std::process::{Command, Stdio};

use serde_json::Value;

use super::translate::Program;
use crate::error::{Error, Result};

/// Checks the programs, or builds them, so that they can be run. What rustc found: a sentence for each error, with the place in the notebook and the lines in question.
///
/// # Errors
/// [`Error::Argument`] when cargo cannot be run, or ended for another reason than an error in a program.
pub(super) fn check(folder: &Path, programs: &[Program], build: bool) -> Result<Vec<String>> {
    let manifest = folder.join("Cargo.toml");
    let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let broken = |found: String| Error::argument(format!("cargo check of {}", manifest.display()), "an answer", found);
    // The profile in which a study is built: so cargo compiles build scripts and derive macros once for both.
    let mut child = Command::new(cargo)
        .args([
            if build { "build" } else { "check" },
            "--release",
            "--keep-going",
            "--message-format=json",
            "--manifest-path",
        ])
        .arg(&manifest)
        .arg("--target-dir")
        .arg(folder.join("target"))
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .spawn()
        .map_err(|error| broken(format!("`cargo` could not be run: {error}")))?;
    let lines = child.stdout.take().into_iter().flat_map(|out| BufReader::new(out).lines());
    let messages = lines.map_while(std::result::Result::ok).filter_map(|line| serde_json::from_str(&line).ok());
    let found: Vec<String> = messages.filter_map(|message: Value| error_in(&message, programs)).collect();
    let status = child.wait().map_err(|error| broken(error.to_string()))?;
    if !status.success() && found.is_empty() {
        return Err(broken(format!("{status}, for the reason above")));
    }
    Ok(found)
}

/// The sentence for one message of cargo's, if it is an error.
fn error_in(message: &Value, programs: &[Program]) -> Option<String> {
    let diagnostic = message.get("message").filter(|diagnostic| diagnostic["level"] == "error")?;
    let text = diagnostic["message"].as_str().unwrap_or_default();
    if text.starts_with("aborting due to") {
        return None;
    }
    let code = diagnostic["code"]["code"].as_str().map(|code| format!(" [{code}]")).unwrap_or_default();
    let target = message["target"]["name"].as_str().unwrap_or_default();
    let is_program = message["target"]["kind"].as_array().is_some_and(|kinds| kinds.iter().any(|kind| kind == "bin"));
    let Some(program) = programs.iter().find(|program| is_program && program.binary == target) else {
        return Some(format!("the package {target}: {}", diagnostic["rendered"].as_str().unwrap_or(text)));
    };
    let spans: Vec<&Value> = diagnostic["spans"].as_array().into_iter().flatten().collect();
    let primary = spans.iter().find(|span| span["is_primary"] == true).and_then(|span| in_program(span, program));
    let mut sentence = format!("{}: {text}{code}", primary.map_or(program.name.clone(), |span| place(span, program)));
    for (span, shown) in spans.iter().filter_map(|span| Some((span, in_program(span, program)?))) {
        sentence += &drawn(span, shown, program);
    }
    for child in diagnostic["children"].as_array().into_iter().flatten() {
        let (level, text) =
            (child["level"].as_str().unwrap_or_default(), child["message"].as_str().unwrap_or_default());
        sentence += &format!("\n  = {level}: {text}");
    }
    Some(sentence)
}

/// The span in the program itself: that of the macro's call when the error lies in what a macro made.
fn in_program<'a>(span: &'a Value, program: &Program) -> Option<&'a Value> {
    let file = span["file_name"].as_str().unwrap_or_default();
    if Path::new(file).file_stem().is_some_and(|stem| *stem == *program.binary) {
        return Some(span);
    }
    span["expansion"].get("span").and_then(|outer| in_program(outer, program))
}

fn place(span: &Value, program: &Program) -> String {
    program.place(span["line_start"].as_u64().unwrap_or_default() as usize)
}

/// The first line of a span with a mark below what it means and the words that go with it.
fn drawn(span: &Value, shown: &Value, program: &Program) -> String {
    let line = &shown["text"][0];
    let text = line["text"].as_str().unwrap_or_default();
    let number = |field: &str| line[field].as_u64().unwrap_or(1).max(1) as usize;
    let width = number("highlight_end").saturating_sub(number("highlight_start")).max(1);
    let mark = if span["is_primary"] == true { "^" } else { "-" }.repeat(width);
    let (indent, label) = (" ".repeat(number("highlight_start") - 1), span["label"].as_str().unwrap_or_default());
    let at = place(shown, program);
    format!(
        "\n  {at} | {text}\n  {} | {}",
        " ".repeat(at.chars().count()),
        format!("{indent}{mark} {label}").trim_end()
    )
}
