//! The lines by which evcxr, the process of the cells and this runner tell each other how a cell ended.
//!
//! evcxr knows its own lines only where they stand alone: behind text without a newline it sees neither a panic nor an
//! `Err` nor the end of the cell. The [`relay`](super::relay) sets them apart, and says beforehand, on a line of the
//! runner's own, what evcxr would keep to itself.

/// Begins every line of the runner's own; no text that a cell means to show begins so.
pub(in crate::report) const OWN: &str = "\u{1}implicit-bias ";
/// The cell panicked.
pub(super) const PANIC: &str = "\u{1}implicit-bias panic";
/// A `?` passed an error to the cell's top.
pub(super) const ERROR: &str = "\u{1}implicit-bias error";
/// Begins a line with a block of content: its kind, a space, and the content as a JSON text.
pub(super) const BLOCK: &str = "\u{1}implicit-bias block ";
/// All that the cell wrote to this stream has come.
pub(super) const END: &str = "\u{1}implicit-bias end";

/// evcxr's line after a cell, however it ended.
pub(super) const COMPLETE: &str = "EVCXR_EXECUTION_COMPLETE";
const EVCXR_PANIC: &str = "EVCXR_PANIC_NOTIFICATION";
const EVCXR_ERROR: &str = "EVCXR_ERROR_OCCURRED";
const CONTENT: &str = "EVCXR_BEGIN_CONTENT ";
const CONTENT_END: &str = "EVCXR_END_CONTENT";
const LOST: &str = "EVCXR_VARIABLE_CHANGED_TYPE:";

/// What ends a line whatever stands before it on that line.
const SIGNALS: [&str; 4] = [EVCXR_PANIC, EVCXR_ERROR, COMPLETE, END];

/// Turns the lines that the process of the cells writes into those that evcxr is to read.
///
/// Blocks of content go past evcxr, which keeps one of a kind for a cell and forgets where it stood.
#[derive(Debug, Default)]
pub(super) struct Sorter {
    /// The kind of the block at work, and its lines so far.
    block: Option<(String, Vec<String>)>,
}

impl Sorter {
    /// The lines to pass on for `line`, which came without its newline.
    pub(super) fn sort(&mut self, line: &str, pass: &mut dyn FnMut(&str)) {
        if let Some((kind, mut lines)) = self.block.take() {
            // The end of the block; or of the cell, which a value that fails while it shows itself leaves open.
            let closed = line.split_once(CONTENT_END);
            let ended = || SIGNALS.iter().find_map(|mark| Some((line.strip_suffix(mark)?, *mark)));
            let Some((text, rest)) = closed.or_else(ended) else {
                lines.push(line.to_owned());
                self.block = Some((kind, lines));
                return;
            };
            lines.extend((!text.is_empty()).then(|| text.to_owned()));
            pass(&format!("{BLOCK}{kind} {}", serde_json::Value::from(lines.join("\n"))));
            if !rest.is_empty() {
                self.sort(rest, pass);
            }
            return;
        }
        let at = SIGNALS
            .iter()
            .find(|mark| line.ends_with(*mark))
            .map(|mark| line.len() - mark.len())
            .or_else(|| [CONTENT, LOST].iter().find_map(|mark| line.find(mark)));
        let Some(at) = at else { return pass(line) };
        let (text, mark) = line.split_at(at);
        if !text.is_empty() {
            pass(text);
        }
        match mark {
            EVCXR_PANIC => pass(PANIC),
            EVCXR_ERROR => pass(ERROR),
            _ => {}
        }
        match mark.strip_prefix(CONTENT) {
            Some(kind) => self.block = Some((kind.trim().to_owned(), Vec::new())),
            None => pass(mark),
        }
    }
}
