//! A process between a stream of the cells' process and evcxr, which outlives the cells: what they wrote last still comes.

use std::io::{BufRead as _, BufReader, Write as _, stdin, stdout};
use std::path::Path;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use rustix::process::getppid;

use super::marks::Sorter;

/// Counts the lines that were passed on.
static PASSED: AtomicU64 = AtomicU64::new(0);

/// Passes standard input on to standard output, line by line, until it ends; as it comes while `starting` is there, because evcxr then
/// runs a cell of its own before anybody hears.
pub(super) fn run(starting: &Path) {
    end_after_parent();
    let (mut lines, mut out) = (BufReader::new(stdin().lock()), stdout().lock());
    let (mut sorter, mut line) = (Sorter::default(), Vec::new());
    while matches!(lines.read_until(b'\n', &mut line), Ok(1..)) {
        let ended = line.pop_if(|last| *last == b'\n').is_some();
        // evcxr would stop reading at a line that is not UTF-8.
        let text = String::from_utf8_lossy(&line);
        let mut passed = String::new();
        let mut pass = |piece: &str| {
            passed.push_str(piece);
            passed.push('\n');
        };
        if starting.exists() {
            pass(&text)
        } else {
            sorter.sort(&text, &mut pass)
        }
        // Nobody left to read: nothing left to do.
        if out.write_all(passed.as_bytes()).and_then(|()| out.flush()).is_err() || !ended {
            return;
        }
        PASSED.fetch_add(1, Ordering::Relaxed);
        line.clear();
    }
}

/// Ends this process when the cells' process has ended and no more comes: what that one has started may live on and hold the
/// stream open.
fn end_after_parent() {
    let parent = getppid();
    let passed = || PASSED.load(Ordering::Relaxed);
    std::thread::spawn(move || {
        while getppid() == parent {
            std::thread::sleep(Duration::from_millis(100));
        }
        loop {
            let before = passed();
            std::thread::sleep(Duration::from_millis(300));
            if passed() == before {
                std::process::exit(0);
            }
        }
    });
}
