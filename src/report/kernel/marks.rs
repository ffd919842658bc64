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
/// All that the cell wrote to this stream has come.
pub(super) const END: &str = "\u{1}implicit-bias end";

/// evcxr's line after a cell, however it ended.
pub(super) const COMPLETE: &str = "EVCXR_EXECUTION_COMPLETE";
const EVCXR_PANIC: &str = "EVCXR_PANIC_NOTIFICATION";
const EVCXR_ERROR: &str = "EVCXR_ERROR_OCCURRED";
const CONTENT: &str = "EVCXR_BEGIN_CONTENT ";
const CONTENT_END: &str = "EVCXR_END_CONTENT";
const LOST: &str = "EVCXR_VARIABLE_CHANGED_TYPE:";

/// Turns the lines that the process of the cells writes into those that evcxr is to read.
#[derive(Debug, Default)]
pub(super) struct Sorter {
    /// Within a block of content, whose lines are nobody's signal.
    inside: bool,
}

impl Sorter {
    /// The lines to pass on for `line`, which came without its newline.
    pub(super) fn sort(&mut self, line: &str, mut pass: impl FnMut(&str)) {
        if self.inside {
            self.inside = line != CONTENT_END && !line.ends_with(EVCXR_PANIC);
            if !self.inside && line != CONTENT_END {
                // A panic while a value shows itself: what it has shown so far ends here.
                pass(line.strip_suffix(EVCXR_PANIC).unwrap_or_default());
                pass(CONTENT_END);
                pass(PANIC);
                pass(EVCXR_PANIC);
            } else {
                pass(line);
            }
            return;
        }
        let at = [EVCXR_PANIC, EVCXR_ERROR, COMPLETE, END]
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
            _ => self.inside = mark.starts_with(CONTENT),
        }
        pass(mark);
    }
}
