//! A process between a stream of the cells' process and evcxr, which outlives the cells: what they wrote last still comes.

use std::io::{BufRead as _, BufReader, Write as _, stdin, stdout};
use std::path::Path;

use super::marks::Sorter;

/// Passes standard input on to standard output, line by line, until it ends; as it comes while `starting` is there, because evcxr then
/// runs a cell of its own before anybody hears.
pub(super) fn run(starting: &Path) {
    let (mut lines, mut out) = (BufReader::new(stdin().lock()), stdout().lock());
    let (mut sorter, mut line) = (Sorter::default(), Vec::new());
    while matches!(lines.read_until(b'\n', &mut line), Ok(1..)) {
        let ended = line.pop_if(|last| *last == b'\n').is_some();
        // evcxr would stop reading at a line that is not UTF-8.
        let mut passed = String::new();
        let text = String::from_utf8_lossy(&line);
        let mut pass = |piece: &str| {
            passed.push_str(piece);
            passed.push('\n');
        };
        if starting.exists() {
            pass(&text)
        } else {
            sorter.sort(&text, pass)
        }
        // Nobody left to read: nothing left to do.
        if out.write_all(passed.as_bytes()).and_then(|()| out.flush()).is_err() || !ended {
            return;
        }
        line.clear();
    }
}
