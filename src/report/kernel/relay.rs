//! A process between a stream of the cells' process and evcxr, which outlives the cells: what they wrote last still comes.

use std::io::{BufRead as _, BufReader, Write as _, stdin, stdout};

use super::marks::Sorter;

/// Passes standard input on to standard output, line by line, until it ends.
pub(super) fn run() {
    let (mut lines, mut out) = (BufReader::new(stdin().lock()), stdout().lock());
    let (mut sorter, mut line) = (Sorter::default(), Vec::new());
    while matches!(lines.read_until(b'\n', &mut line), Ok(1..)) {
        let ended = line.pop_if(|last| *last == b'\n').is_some();
        // evcxr would stop reading at a line that is not UTF-8.
        let mut passed = String::new();
        sorter.sort(&String::from_utf8_lossy(&line), |piece| {
            passed.push_str(piece);
            passed.push('\n');
        });
        // Nobody left to read: nothing left to do.
        if out.write_all(passed.as_bytes()).and_then(|()| out.flush()).is_err() || !ended {
            return;
        }
        line.clear();
    }
}
