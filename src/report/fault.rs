//! What stopped a cell, in words that point at the cell.

use std::fmt::Write as _;

use super::kernel::Fault;

/// A compile error or the end of the process in which cells run; the runner put one line of its own after the first `head`.
pub(crate) fn from_evcxr(error: &evcxr::Error, source: &str, head: usize) -> Fault {
    match error {
        evcxr::Error::CompilationErrors(errors) => {
            let detail = errors.iter().map(|error| explain(error, source, head)).collect::<Vec<_>>().join("\n\n");
            let message = errors.first().map(|error| one_line(error, head)).unwrap_or_default();
            Fault { kind: "compile error".into(), message, detail }
        }
        evcxr::Error::SubprocessTerminated(text) => {
            // What the cell printed last comes first, the status last.
            let status = text.lines().last().unwrap_or_default();
            let status = status.strip_prefix("Subprocess terminated with status: ").unwrap_or(status);
            let message = format!("the process that runs the cells ended ({status})");
            Fault { kind: "died".into(), message, detail: text.clone() }
        }
        other => {
            let detail = other.to_string();
            let message = detail.lines().find(|line| !line.trim().is_empty()).unwrap_or_default().trim().to_owned();
            Fault { kind: "compile error".into(), message, detail }
        }
    }
}

/// A panic or an `Err` at the cell's top, of which only what it wrote to standard error is known.
pub(crate) fn from_stderr(text: &str) -> Fault {
    let lines: Vec<&str> = text.lines().collect();
    let Some(at) = lines.iter().rposition(|line| line.starts_with("thread '") && line.contains("panicked at")) else {
        let detail = text.trim_end().to_owned();
        let message = detail.lines().next().unwrap_or("the cell ended early and said nothing").to_owned();
        return Fault { kind: "Err".into(), message, detail };
    };
    // Frames from the one that starts the cell downwards belong to the runner.
    let is_frame = |line: &&&str| !line.trim_start().starts_with("at ") && !line.contains("stack backtrace:");
    let message = lines[at + 1..].iter().take_while(|line| !line.starts_with("stack backtrace:")).filter(is_frame);
    let message: Vec<&str> = message.copied().filter(|line| !line.starts_with("note: ")).collect();
    let detail = format!("{}\n{}", lines[..=at].join("\n"), message.join("\n"));
    let first = message.first().copied().unwrap_or("no message").to_owned();
    Fault { kind: "panic".into(), message: first, detail: detail.trim().to_owned() }
}

fn one_line(error: &evcxr::CompilationError, head: usize) -> String {
    let code = error.code().map(|code| format!(" [{code}]")).unwrap_or_default();
    let place = error.primary_spanned_message().and_then(|message| message.span);
    let place = place.map(|span| format!("line {}: ", line_in_cell(span.start_line, head))).unwrap_or_default();
    format!("{place}{}{code}", error.message().lines().next().unwrap_or_default())
}

/// The line of the cell for a line of what evcxr saw.
fn line_in_cell(line: usize, head: usize) -> usize {
    if line > head { line.saturating_sub(1) } else { line }
}

/// The error as rustc would draw it, with the lines of the cell.
fn explain(error: &evcxr::CompilationError, source: &str, head: usize) -> String {
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
        let line = line_in_cell(span.start_line, head);
        let Some(shown) = line.checked_sub(1).and_then(|index| lines.get(index)) else { continue };
        let margin = " ".repeat(line.to_string().len());
        let end = if span.end_line == span.start_line { span.end_column } else { shown.chars().count() + 1 };
        let width = end.saturating_sub(span.start_column).max(1);
        let mark = if message.is_primary { "^" } else { "-" }.repeat(width);
        let indent = " ".repeat(span.start_column.saturating_sub(1));
        let _ = write!(text, "\n{margin} |\n{line} | {shown}\n{margin} | {indent}{mark} {}", message.label);
    }
    for help in error.help() {
        let _ = write!(text, "\n  = help: {}", help.replace('\n', "\n          "));
    }
    if let Some(hint) = error.evcxr_extra_hint() {
        let _ = write!(text, "\n  = note: {hint}");
    }
    text
}
