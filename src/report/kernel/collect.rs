//! What a cell prints while it runs, stream by stream in the order it came.

use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use evcxr::EvalContextOutputs;
use serde_json::{Map, Value};

use super::super::notebook::Output;
use super::marks::{BLOCK, END, ERROR, OWN, PANIC};

/// Standard error's last lines travel on a pipe of their own; after this long its process is taken to have died.
const PATIENCE: Duration = Duration::from_secs(2);

/// A line that a running cell printed, or none after a while without one.
pub(super) type Watch<'a> = &'a mut (dyn FnMut(Option<&str>) + Send);

/// What a cell printed, and whether it got to its end.
#[derive(Debug, Default)]
pub(super) struct Collected {
    pub outputs: Vec<Output>,
    /// The signal of what ended it early: a panic, or an error passed to its top.
    pub ended_by: Option<&'static str>,
}

/// Gathers what the cell prints until it is `done` and both streams have said that all has come. `watch` gets every line of standard
/// output as it comes, and nothing some ten times a second.
pub(super) fn collect(lines: &EvalContextOutputs, done: &AtomicBool, watch: Watch) -> Collected {
    let mut collected = Collected::default();
    // Ends seen of standard output and of standard error: a cell of commands runs nothing, an odd one several things.
    let mut ends = [0_usize; 2];
    let mut finished_at = None;
    loop {
        let finished = done.load(Ordering::Acquire);
        while let Ok(line) = lines.stderr.try_recv() {
            ends[1] += usize::from(line == END);
            collected.take("stderr", &line);
        }
        let patience = Duration::from_millis(if finished { 1 } else { 20 });
        match lines.stdout.recv_timeout(patience) {
            Ok(line) => {
                ends[0] += usize::from(line == END);
                if collected.take("stdout", &line) {
                    watch(Some(&line));
                }
            }
            Err(_) if finished => {
                let since = *finished_at.get_or_insert_with(Instant::now);
                if ends[1] >= ends[0] || since.elapsed() > PATIENCE {
                    return collected;
                }
            }
            Err(_) => watch(None),
        }
    }
}

impl Collected {
    /// Adds a line of the stream; false for a signal.
    fn take(&mut self, stream: &str, line: &str) -> bool {
        if line.starts_with(OWN) {
            self.ended_by = [PANIC, ERROR].into_iter().find(|signal| line == *signal).or(self.ended_by);
            if let Some((kind, content)) = line.strip_prefix(BLOCK).and_then(|block| block.split_once(' ')) {
                self.block(kind, content);
            }
            return false;
        }
        match self.outputs.last_mut() {
            Some(Output::Stream { name, text }) if name == stream => {
                text.push_str(line);
                text.push('\n');
            }
            _ => self.outputs.push(Output::Stream { name: stream.to_owned(), text: format!("{line}\n") }),
        }
        true
    }

    /// Adds a block of content: to the display before it, or to one of its own where that one has the kind already.
    fn block(&mut self, kind: &str, content: &str) {
        let text: String = serde_json::from_str(content).unwrap_or_default();
        let json = if kind.contains("json") { serde_json::from_str(&text).ok() } else { None };
        let value = json.unwrap_or(Value::String(text));
        match self.outputs.last_mut() {
            Some(Output::DisplayData { data, .. }) if !data.contains_key(kind) => {
                data.insert(kind.to_owned(), value);
            }
            _ => {
                let data = Map::from_iter([(kind.to_owned(), value)]);
                self.outputs.push(Output::DisplayData { data, metadata: Map::new() });
            }
        }
    }
}

/// Takes out what was written to standard error: all of it, and the last piece, which has what stopped the cell unless standard
/// output came in between.
pub(super) fn take_stderr(outputs: &mut Vec<Output>) -> (String, String) {
    let (mut all, mut last) = (String::new(), String::new());
    outputs.retain(|output| match output {
        Output::Stream { name, text } if name == "stderr" => {
            all.push_str(text);
            last.clone_from(text);
            false
        }
        _ => true,
    });
    (all, last)
}
