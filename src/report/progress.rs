//! Live progress: one line that rewrites itself on a terminal, few lines elsewhere.

use std::io::{IsTerminal as _, Write as _, stdout};
use std::time::{Duration, Instant};

/// Says which notebook is at which cell.
pub(crate) struct Progress {
    head: String,
    start: Instant,
    last: Instant,
    live: bool,
}

impl Progress {
    /// Begins a notebook, the `index`-th of `count`.
    pub(crate) fn begin(index: usize, count: usize, name: &str) -> Self {
        let live = stdout().is_terminal();
        Self { head: format!("[{index}/{count}] {name}"), start: Instant::now(), last: Instant::now(), live }
    }

    /// At cell `cell` of `cells`, which last printed `line`: shown five times a second on a terminal, else every ten seconds.
    pub(crate) fn at(&mut self, cell: usize, cells: usize, line: &str) {
        let pause = if self.live { Duration::from_millis(200) } else { Duration::from_secs(10) };
        if self.last.elapsed() < pause {
            return;
        }
        self.last = Instant::now();
        let seconds = self.start.elapsed().as_secs_f64();
        let text = format!("{}  cell {cell}/{cells}  {seconds:.1} s", self.head);
        let printed: String = line.chars().filter(|c| !c.is_control()).take(60).collect();
        let separator = if printed.is_empty() { "" } else { "  " };
        if self.live {
            say(&format!("\r\x1b[2K{text}{separator}{printed}"));
        } else {
            say(&format!("{text}{separator}{printed}\n"));
        }
    }

    /// The notebook's closing line.
    pub(crate) fn end(&self, outcome: &str) {
        let clear = if self.live { "\r\x1b[2K" } else { "" };
        say(&format!("{clear}{}  {outcome}\n", self.head));
    }
}

/// Prints; a reader that went away (`cargo notebooks | head`) is no reason to stop the notebooks.
pub(crate) fn say(text: &str) {
    let mut out = stdout().lock();
    let _ = out.write_all(text.as_bytes()).and_then(|()| out.flush());
}
