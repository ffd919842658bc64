//! Live progress: one line that rewrites itself on a terminal, few lines elsewhere.

use std::io::{IsTerminal as _, Write as _, stderr, stdout};
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use super::duration::duration;

/// Says which notebooks are at which cell, and what is left.
pub(crate) struct Board {
    live: bool,
    state: Mutex<State>,
}

struct State {
    /// Since when time is taken for a measure of what is left: what is built once is behind.
    since: Instant,
    /// Whether it is.
    built: bool,
    /// The notebooks at work, one a kernel.
    seats: Vec<Option<Seat>>,
    /// How many notebooks are done, of how many.
    done: (usize, usize),
    /// Seconds that those to be run may take, judged beforehand: of the finished ones and of all.
    judged: (f64, f64),
    /// When the live line was last written.
    last: Instant,
}

struct Seat {
    name: String,
    start: Instant,
    last: Instant,
    text: String,
}

impl Board {
    /// For `count` notebooks, of which those that are run may take `judged` seconds.
    pub(crate) fn new(count: usize, judged: f64, jobs: usize) -> Self {
        let now = Instant::now();
        let seats = (0..jobs).map(|_| None).collect();
        let state = State { since: now, built: false, seats, done: (0, count), judged: (0.0, judged), last: now };
        Self { live: stdout().is_terminal(), state: Mutex::new(state) }
    }

    /// What all notebooks depend on is built.
    pub(crate) fn built(&self) {
        let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        if !std::mem::replace(&mut state.built, true) {
            state.since = Instant::now();
        }
    }

    /// A notebook begins on a kernel.
    pub(crate) fn begin(&self, seat: usize, name: &str) {
        let now = Instant::now();
        let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        state.seats[seat] = Some(Seat { name: name.to_owned(), start: now, last: now, text: String::new() });
    }

    /// It is at cell `cell` of `cells`, and `what` says more: shown five times a second on a terminal, else every ten seconds.
    pub(crate) fn at(&self, seat: usize, cell: usize, cells: usize, what: impl FnOnce() -> String) {
        let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        let pause = if self.live { Duration::from_millis(200) } else { Duration::from_secs(10) };
        let Some(place) = state.seats[seat].as_mut().filter(|place| place.last.elapsed() >= pause) else { return };
        place.last = Instant::now();
        let more: String = what().chars().filter(|c| !c.is_control()).take(60).collect();
        let separator = if more.is_empty() { "" } else { "  " };
        let seconds = place.start.elapsed().as_secs_f64();
        place.text = format!("{}  cell {cell}/{cells}  {seconds:.1} s{separator}{more}", place.name);
        if !self.live {
            say(&format!("{}\n", place.text));
        } else if state.last.elapsed() >= pause {
            state.last = Instant::now();
            let texts: Vec<&str> = state.seats.iter().flatten().map(|seat| seat.text.as_str()).collect();
            say(&format!("\r\x1b[2K{}", cut(&texts.join("   |   "))));
        }
    }

    /// A notebook's closing line; `judged` is what it had been judged to take, 0 for one that was not run.
    pub(crate) fn end(&self, seat: Option<usize>, name: &str, judged: f64, outcome: &str) {
        let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(seat) = seat {
            state.seats[seat] = None;
        }
        state.done.0 += 1;
        state.judged.0 += judged;
        let (done, all) = state.judged;
        let left = state.since.elapsed().as_secs_f64() * (all - done) / done;
        let left = if done > 0.0 && all > done { format!("; about {} left", duration(left)) } else { String::new() };
        let clear = if self.live { "\r\x1b[2K" } else { "" };
        say(&format!("{clear}[{}/{}] {name}  {outcome}{left}\n", state.done.0, state.done.1));
    }
}

/// So much that a line which rewrites itself does not wrap.
fn cut(text: &str) -> String {
    let columns = std::env::var("COLUMNS").ok().and_then(|columns| columns.parse().ok()).unwrap_or(120);
    text.chars().take(columns).collect()
}

/// Prints a line to standard error; nobody there to read it is no reason to stop the notebooks either.
pub(crate) fn complain(text: &str) {
    let mut errors = stderr().lock();
    let _ = writeln!(errors, "{text}");
}

/// Prints; a reader that went away (`cargo notebooks | head`) is no reason to stop the notebooks.
pub(crate) fn say(text: &str) {
    let mut out = stdout().lock();
    let _ = out.write_all(text.as_bytes()).and_then(|()| out.flush());
}
