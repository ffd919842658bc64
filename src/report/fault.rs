//! What stopped a cell, in words that point at the cell.

use std::fmt::Write as _;

use serde::{Deserialize, Serialize};

use super::kernel::marks::OWN;
use super::notebook::Output;

/// What stopped a cell.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Fault {
    /// `compile error`, `Err`, `panic`, `died`, `kernel` or `time`.
    pub kind: String,
    /// One line.
    pub message: String,
    /// All of it.
    pub detail: String,
}

impl Fault {
    /// The fault as a cell's output.
    pub(crate) fn output(&self) -> Output {
        Output::Error {
            ename: self.kind.clone(),
            evalue: self.message.clone(),
            traceback: self.detail.lines().map(str::to_owned).collect(),
        }
    }
}

/// A compile error or the end of the process in which cells run.
pub(crate) fn from_evcxr(error: &evcxr::Error, source: &str) -> Fault {
    match error {
        evcxr::Error::CompilationErrors(errors) => {
            let detail = errors.iter().map(|error| explain(error, source)).collect::<Vec<_>>().join("\n\n");
            let message = errors.first().map(one_line).unwrap_or_default();
            Fault { kind: "compile error".into(), message, detail }
        }
        evcxr::Error::SubprocessTerminated(text) => {
            // What the cell printed last comes first, the status last.
            let text: Vec<&str> = text.lines().filter(|line| !line.starts_with(OWN)).collect();
            let status = text.last().copied().unwrap_or_default();
            let status = status.strip_prefix("Subprocess terminated with status: ").unwrap_or(status);
            let message = format!("the process that runs the cells ended ({status})");
            Fault { kind: "died".into(), message, detail: text.join("\n") }
        }
        other => {
            let detail = other.to_string();
            let message = detail.lines().find(|line| !line.trim().is_empty()).unwrap_or_default().trim().to_owned();
            Fault { kind: "compile error".into(), message, detail }
        }
    }
}

/// An error that the cell passed to its top, of which only what was written to standard error is known: `all`, and its `last` piece.
pub(crate) fn from_error(all: &str, last: &str) -> Fault {
    // A panic that was caught before has a note at its end.
    let after_panics = |text: &str| {
        let lines: Vec<&str> = text.lines().collect();
        let start = lines.iter().rposition(|line| line.starts_with("note: ")).map_or(0, |at| at + 1);
        lines[start..].join("\n")
    };
    let detail = all.trim_end().to_owned();
    let text = Some(after_panics(last)).filter(|text| !text.is_empty()).unwrap_or_else(|| after_panics(all));
    let message = text.lines().next().unwrap_or("the cell ended early and said nothing").to_owned();
    Fault { kind: "Err".into(), message, detail }
}

/// A panic, of which only what was written to standard error is known.
pub(crate) fn from_panic(all: &str) -> Fault {
    let lines: Vec<&str> = all.lines().collect();
    let Some(at) = lines.iter().rposition(|line| line.starts_with("thread '") && line.contains("panicked at")) else {
        let message = lines.first().copied().unwrap_or("no message").to_owned();
        return Fault { kind: "panic".into(), message, detail: all.trim_end().to_owned() };
    };
    // Frames from the one that starts the cell downwards belong to the runner.
    let is_frame = |line: &&&str| !line.trim_start().starts_with("at ") && !line.contains("stack backtrace:");
    let message = lines[at + 1..].iter().take_while(|line| !line.starts_with("stack backtrace:")).filter(is_frame);
    let message: Vec<&str> = message.copied().filter(|line| !line.starts_with("note: ")).collect();
    let detail = format!("{}\n{}", lines[..=at].join("\n"), message.join("\n"));
    let first = message.first().copied().unwrap_or("no message").to_owned();
    Fault { kind: "panic".into(), message: first, detail: detail.trim().to_owned() }
}

fn one_line(error: &evcxr::CompilationError) -> String {
    let code = error.code().map(|code| format!(" [{code}]")).unwrap_or_default();
    let place = error.primary_spanned_message().and_then(|message| message.span);
    let place = place.map(|span| format!("line {}: ", span.start_line)).unwrap_or_default();
    let text = error.message();
    // Of what cargo prints about a `:dep` line, its progress comes first.
    let cargo = text.lines().find_map(|line| line.strip_prefix("error: "));
    format!("{place}{}{code}", cargo.or_else(|| text.lines().next()).unwrap_or_default())
}

/// The error as rustc would draw it, with the lines of the cell.
fn explain(error: &evcxr::CompilationError, source: &str) -> String {
    let code = error.code().map(|code| format!("[{code}]")).unwrap_or_default();
    let mut text = format!("error{code}: {}", error.message());
    let lines: Vec<&str> = source.lines().collect();
    for message in error.spanned_messages() {
        let Some(span) = message.span else {
            if !message.label.is_empty() {
                let _ = write!(text, "\n  = {}", message.label);
            }
            continue;
        };
        let line = span.start_line;
        let Some(shown) = line.checked_sub(1).and_then(|index| lines.get(index)) else { continue };
        let margin = " ".repeat(line.to_string().len());
        let end = if span.end_line == span.start_line { span.end_column } else { shown.chars().count() + 1 };
        let width = end.saturating_sub(span.start_column).max(1);
        let mark = if message.is_primary { "^" } else { "-" }.repeat(width);
        let indent = " ".repeat(span.start_column.saturating_sub(1));
        // A span without words of its own comes with the headline again.
        let label = if message.label.ends_with(&error.message()) { "" } else { &message.label };
        let drawn = format!("\n{margin} |\n{line} | {shown}\n{margin} | {indent}{mark} {label}");
        text.push_str(drawn.trim_end());
    }
    for help in error.help() {
        let _ =
            write!(text, "\n  = help: {}", help.replace("\n\n", ": `") + if help.contains("\n\n") { "`" } else { "" });
    }
    if let Some(hint) = error.evcxr_extra_hint() {
        let _ = write!(text, "\n  = note: {hint}");
    }
    text
}
