//! Notebooks side by side: a kernel a thread, each taking the next notebook when it has done one.

use std::collections::VecDeque;
use std::sync::mpsc::channel;
use std::sync::{Mutex, PoisonError};
use std::thread;

use super::execute::{Job, Seat};
use super::home::Homes;
use super::overview::Outcome;
use super::session::Session;
use crate::error::Result;

struct Released<'a>(&'a Homes);

impl Drop for Released<'_> {
    fn drop(&mut self) {
        self.0.release();
    }
}

impl Session {
    /// Runs `jobs`, the longest first so that none is left over at the end, and hands each outcome to `done` as it comes.
    ///
    /// # Errors
    /// The first error of writing a report or of `done`; notebooks that are not begun by then are not run.
    pub(crate) fn run_all(&self, mut jobs: Vec<Job>, mut done: impl FnMut(Outcome) -> Result<()>) -> Result<()> {
        jobs.sort_by(|a, b| b.judged.total_cmp(&a.judged));
        let queue = Mutex::new(VecDeque::from(jobs));
        let next = || queue.lock().unwrap_or_else(PoisonError::into_inner).pop_front();
        thread::scope(|scope| {
            let (sender, outcomes) = channel();
            for index in 0..self.jobs {
                let sender = sender.clone();
                scope.spawn(move || {
                    let mut seat = Seat { index, worker: None };
                    // However the first kernel's work ends, nobody waits for it for ever.
                    let _first = (index == 0).then(|| Released(&self.homes));
                    self.homes.wait(index);
                    while let Some(job) = next() {
                        if sender.send(self.notebook(job, &mut seat)).is_err() {
                            break;
                        }
                    }
                    self.dismiss(&mut seat);
                });
            }
            drop(sender);
            let result = outcomes.iter().try_for_each(|outcome| done(outcome?));
            if result.is_err() {
                queue.lock().unwrap_or_else(PoisonError::into_inner).clear();
            }
            result
        })
    }
}
