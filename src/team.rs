//! A few threads that take the shares of one job after another, without allocating.
//!
//! A step of a wide network has eight jobs of a few hundred microseconds: too short to spawn a thread for each. Members wait
//! for the next job in a short spin and then sleep.

use std::cell::UnsafeCell;
use std::hint::spin_loop;
use std::marker::PhantomData;
use std::ops::Range;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering::*};
use std::thread::{self, JoinHandle};

/// Looks at the next job before a member goes to sleep: about 20 µs, more than a step takes between two jobs.
const SPINS: usize = 2_000;

/// What a member runs, told its number.
type Job<'a> = &'a (dyn Fn(usize) + Sync);

struct Board {
    /// The present job; valid from the moment `round` is raised until `left` is back at 0.
    job: UnsafeCell<Job<'static>>,
    round: AtomicUsize,
    /// Members that have not finished the present job.
    left: AtomicUsize,
    failed: AtomicBool,
    quit: AtomicBool,
    /// Whether a job is under way.
    busy: AtomicBool,
}

// SAFETY: `job` is written only by the one who holds `busy`, while no member reads it, and read only after `round` was raised.
unsafe impl Sync for Board {}
// SAFETY: what it points to is `Sync`.
unsafe impl Send for Board {}

/// The caller's thread and some helpers.
pub(crate) struct Team {
    board: Arc<Board>,
    helpers: Vec<JoinHandle<()>>,
}

impl Team {
    /// At most `members` threads, of which the caller's is one; fewer where the system grants no more.
    pub fn new(members: usize) -> Self {
        let board = Arc::new(Board {
            job: UnsafeCell::new(&|_| ()),
            round: AtomicUsize::new(0),
            left: AtomicUsize::new(0),
            failed: AtomicBool::new(false),
            quit: AtomicBool::new(false),
            busy: AtomicBool::new(false),
        });
        let spawn = |member| {
            let board = Arc::clone(&board);
            thread::Builder::new().name("implicit-bias".into()).spawn(move || help(&board, member)).ok()
        };
        let helpers = (1..members).map_while(spawn).collect();
        Self { board, helpers }
    }

    pub fn members(&self) -> usize {
        self.helpers.len() + 1
    }

    /// `job(0)`, …, `job(members − 1)`, side by side; returns when all are done.
    pub fn run(&self, job: Job<'_>) {
        let board = &*self.board;
        if self.helpers.is_empty() || board.busy.swap(true, Acquire) {
            (0..self.members()).for_each(job);
            return;
        }
        // SAFETY: this call does not return before every helper has finished with the job, so the lifetime is long enough;
        // `busy` keeps other callers out, and the helpers wait for the next round.
        unsafe { *board.job.get() = std::mem::transmute::<Job<'_>, Job<'static>>(job) };
        board.left.store(self.helpers.len(), Relaxed);
        board.round.fetch_add(1, Release);
        self.helpers.iter().for_each(|helper| helper.thread().unpark());
        let own = catch_unwind(AssertUnwindSafe(|| job(0)));
        let mut spins = 0;
        while board.left.load(Acquire) > 0 {
            spins += 1;
            if spins < SPINS { spin_loop() } else { thread::yield_now() }
        }
        let failed = board.failed.swap(false, Relaxed);
        board.busy.store(false, Release);
        if let Err(panic) = own {
            std::panic::resume_unwind(panic);
        }
        assert!(!failed, "a helper's share of the kernel panicked");
    }
}

impl Drop for Team {
    fn drop(&mut self) {
        self.board.quit.store(true, Relaxed);
        self.board.round.fetch_add(1, Release);
        for helper in self.helpers.drain(..) {
            helper.thread().unpark();
            // A helper's panic was told by `run`.
            let _ = helper.join();
        }
    }
}

/// Runs job after job until the team is dropped.
fn help(board: &Board, member: usize) {
    let mut seen = 0;
    loop {
        let mut spins = 0;
        while board.round.load(Acquire) == seen {
            spins += 1;
            if spins < SPINS { spin_loop() } else { thread::park() }
        }
        seen += 1;
        if board.quit.load(Relaxed) {
            return;
        }
        // SAFETY: the round was raised, so the job is there until `left` says that this member is done.
        let job = unsafe { *board.job.get() };
        if catch_unwind(AssertUnwindSafe(|| job(member))).is_err() {
            board.failed.store(true, Relaxed);
        }
        board.left.fetch_sub(1, Release);
    }
}

/// The share of `member` of 0 … `count` − 1, a whole number of eights but for the last.
pub(crate) fn share(count: usize, member: usize, members: usize) -> Range<usize> {
    let end = |m: usize| (count * m / members).next_multiple_of(8).min(count);
    if member == 0 { 0..end(1) } else { end(member)..if member + 1 == members { count } else { end(member + 1) } }
}

/// A slice whose parts go to different members.
pub(crate) struct Parts<'a, T> {
    start: *mut T,
    len: usize,
    whole: PhantomData<&'a mut [T]>,
}

// SAFETY: members take disjoint parts, see `of`.
unsafe impl<T: Send> Sync for Parts<'_, T> {}

impl<'a, T> Parts<'a, T> {
    pub fn new(whole: &'a mut [T]) -> Self {
        Self { start: whole.as_mut_ptr(), len: whole.len(), whole: PhantomData }
    }

    /// One part.
    ///
    /// # Safety
    /// No two parts that are alive overlap.
    #[allow(clippy::mut_from_ref, reason = "the caller keeps the parts apart")]
    pub unsafe fn of(&self, part: Range<usize>) -> &mut [T] {
        assert!(part.start <= part.end && part.end <= self.len, "part {part:?} of {}", self.len);
        // SAFETY: inside the slice; disjoint by the caller's word.
        unsafe { std::slice::from_raw_parts_mut(self.start.add(part.start), part.len()) }
    }
}
