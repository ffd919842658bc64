//! The runner's side.

use std::collections::VecDeque;
use std::io::{BufRead as _, BufReader, Write as _};
use std::os::unix::process::CommandExt as _;
use std::path::Path;
use std::process::{Child, ChildStderr, ChildStdin, Command, Stdio};
use std::sync::mpsc::{Receiver, RecvTimeoutError, channel};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use rustix::process::{Pid, Signal, getpgrp, kill_process_group};

use super::super::CellRun;
use super::super::cells::program;
use super::super::collect::Watch;
use super::{HOME, RUSTC, Reply, Request};
use crate::error::{Error, Result};

/// Why there is no [`CellRun`].
#[derive(Debug)]
pub(crate) enum Gone {
    /// The kernel's process ended while it ran the cell.
    Ended(String),
    /// evcxr broke down.
    Broken(String),
    /// The time was up.
    Late,
}

/// Names the file that asks runs to stop; none where it is empty.
const STOP: &str = "IMPLICIT_BIAS_STOP";
/// As good as for ever.
const LONG: Duration = Duration::from_secs(1 << 30);
/// How many lines of what the kernel's own process says are kept: it says something where evcxr breaks down.
const KEPT: usize = 40;

/// What the kernel's own process says: cargo's lines while it compiles, evcxr's where it breaks down.
#[derive(Default)]
struct Said {
    compiled: usize,
    last: VecDeque<String>,
}

/// A kernel's process. It leads a group of its own, which ends with this handle: cells, compilers and all.
pub(crate) struct Worker {
    process: Child,
    requests: ChildStdin,
    replies: Receiver<Reply>,
    said: Arc<Mutex<Said>>,
}

impl Worker {
    /// Starts a process whose kernel keeps what it compiles in `home`, evcxr's cache included if it is to have its own: the one that
    /// all evcxr on a machine share is not made for two who fill it at the same moment.
    pub(crate) fn start(home: &Path, rustc: &str, own_cache: bool) -> Result<Self> {
        let failed = |error: std::io::Error| Error::argument("the kernel", "a process of its own", error);
        let mut command = Command::new(program().map_err(failed)?);
        // A set-up of the user's own would make the notebooks run differently from one machine to the next.
        command.env(HOME, home).env(RUSTC, rustc).env("EVCXR_CONFIG_DIR", home).env("EVCXR_TMPDIR", home);
        if own_cache {
            command.env("XDG_CACHE_HOME", home.join("cache"));
        }
        if std::env::var_os(STOP).is_none() {
            // A forgotten file would shorten runs, and verdicts be reached on what is left of them.
            command.env(STOP, "");
        }
        command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).process_group(0);
        let mut process = command.spawn().map_err(failed)?;
        let (requests, output) = process.stdin.take().zip(process.stdout.take()).expect("both were asked for");
        let said = Arc::default();
        if let Some(errors) = process.stderr.take() {
            let said = Arc::clone(&said);
            std::thread::spawn(move || listen(errors, &said));
        }
        let (sender, replies) = channel();
        std::thread::spawn(move || {
            for line in BufReader::new(output).lines().map_while(Result::ok) {
                let broken =
                    |error: serde_json::Error| Reply::Broken(format!("sent a reply that cannot be read: {error}"));
                let reply = serde_json::from_str(&line).unwrap_or_else(broken);
                if sender.send(reply).is_err() {
                    return;
                }
            }
        });
        Ok(Self { process, requests, replies, said })
    }

    /// The number of the group of all its processes.
    pub(crate) fn group(&self) -> u32 {
        self.process.id()
    }

    /// A look at what cargo says it compiles: how many crates so far, and its last line.
    pub(crate) fn building(&self) -> impl Fn() -> Option<String> + Send + use<> {
        let said = Arc::clone(&self.said);
        move || {
            let said = said.lock().unwrap_or_else(PoisonError::into_inner);
            let last = said.last.back().filter(|_| said.compiled > 0)?;
            Some(format!("{} ({} crates so far)", last.trim(), said.compiled))
        }
    }

    /// The last lines of what the kernel's own process said.
    pub(crate) fn last_words(&self) -> String {
        let said = self.said.lock().unwrap_or_else(PoisonError::into_inner);
        said.last.iter().map(|line| format!("{line}\n")).collect()
    }

    /// Makes the kernel as fresh as a new one, in `folder`, within `limit` if there is one.
    pub(crate) fn open(&mut self, folder: &Path, limit: Option<Duration>) -> Result<()> {
        let broken = |found: String| Error::argument("evcxr", "a working kernel", found);
        self.ask(&Request::Open(folder.to_owned()));
        match self.replies.recv_timeout(limit.unwrap_or(LONG)) {
            Ok(Reply::Opened) => Ok(()),
            Ok(Reply::Broken(error)) => Err(broken(error)),
            Ok(other) => Err(broken(format!("the reply {other:?}"))),
            Err(RecvTimeoutError::Timeout) => Err(broken("one that was not ready within the limit".into())),
            Err(_) => Err(broken(format!("{}: {}", self.status(), self.last_words().trim()))),
        }
    }

    /// Runs a cell, until `deadline` if there is one.
    pub(crate) fn run(
        &mut self,
        number: usize,
        source: &str,
        deadline: Option<Instant>,
        watch: Watch,
    ) -> Result<CellRun, Gone> {
        self.ask(&Request::Cell { number, source: source.to_owned() });
        loop {
            let left = deadline.map_or(LONG, |deadline| deadline.saturating_duration_since(Instant::now()));
            match self.replies.recv_timeout(left) {
                Ok(Reply::Line(line)) if !left.is_zero() => watch(line.as_deref()),
                Ok(Reply::Ran(run)) => return Ok(run),
                Ok(Reply::Broken(error)) => return Err(Gone::Broken(error)),
                Ok(Reply::Line(_)) | Err(RecvTimeoutError::Timeout) => return Err(Gone::Late),
                Ok(Reply::Opened) => {}
                Err(RecvTimeoutError::Disconnected) => return Err(Gone::Ended(self.status())),
            }
        }
    }

    /// A worker that cannot be written to is one whose replies end.
    fn ask(&mut self, request: &Request) {
        if let Ok(mut line) = serde_json::to_vec(request) {
            line.push(b'\n');
            let _ = self.requests.write_all(&line).and_then(|()| self.requests.flush());
        }
    }

    fn status(&mut self) -> String {
        self.process.wait().map_or_else(|error| error.to_string(), |status| status.to_string())
    }
}

impl Drop for Worker {
    fn drop(&mut self) {
        end_group_of(Some(self.process.id()));
        let _ = self.process.wait();
    }
}

/// Keeps what comes.
fn listen(errors: ChildStderr, said: &Mutex<Said>) {
    for line in BufReader::new(errors).split(b'\n').map_while(Result::ok) {
        let line = String::from_utf8_lossy(&line).into_owned();
        let mut said = said.lock().unwrap_or_else(PoisonError::into_inner);
        said.compiled += usize::from(line.trim_start().starts_with("Compiling "));
        if said.last.len() == KEPT {
            said.last.pop_front();
        }
        said.last.push_back(line);
    }
}

/// Ends all processes of the group that `leader` leads, or of the caller's own.
pub(crate) fn end_group_of(leader: Option<u32>) {
    let leader = leader.map_or(Some(getpgrp()), |leader| i32::try_from(leader).ok().and_then(Pid::from_raw));
    if let Some(leader) = leader {
        // A group that is gone already is what was wanted.
        let _ = kill_process_group(leader, Signal::KILL);
    }
}
