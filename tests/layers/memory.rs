//! What an evaluation of many points by a wide network needs, counted by the allocator.

use implicit_bias::prelude::*;
use std::alloc::{GlobalAlloc, Layout, System};
use std::cell::Cell;

struct Counting;

thread_local! {
    static LIVE: Cell<isize> = const { Cell::new(0) };
    static MOST: Cell<isize> = const { Cell::new(0) };
    static CALLS: Cell<usize> = const { Cell::new(0) };
}

// SAFETY: every call goes to the system's allocator unchanged.
unsafe impl GlobalAlloc for Counting {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        CALLS.set(CALLS.get() + 1);
        LIVE.set(LIVE.get() + layout.size() as isize);
        MOST.set(MOST.get().max(LIVE.get()));
        unsafe { System.alloc(layout) }
    }

    unsafe fn dealloc(&self, pointer: *mut u8, layout: Layout) {
        LIVE.set(LIVE.get() - layout.size() as isize);
        unsafe { System.dealloc(pointer, layout) }
    }
}

#[global_allocator]
static COUNTING: Counting = Counting;

/// The most bytes that `f` holds at a time beyond what was there before, and what it returns.
fn most<T>(f: impl FnOnce() -> T) -> (isize, T) {
    let before = LIVE.get();
    MOST.set(before);
    let result = f();
    (MOST.get() - before, result)
}

const MEGABYTE: isize = 1_000_000;

/// n = 100,000 points through 10-1-1000-1, data and all: the activations alone would take 1.6 GB.
#[test]
fn a_hundred_thousand_points_and_a_thousand_units_fit_in_sixty_megabytes() {
    for loss in [Some(Loss::Logistic), None] {
        let (bytes, at) = most(|| {
            let risk = super::risk(loss, 100_000, 10);
            let net = Network::bottleneck(10, 1, 1000, Init::LeCun, 1).unwrap();
            risk.at(&net).unwrap()
        });
        assert!(at.risk().is_finite() && at.grad_norm() > 0.0);
        assert!(bytes < 60 * MEGABYTE, "{loss:?}: {} MB", bytes / MEGABYTE);
        // Ten times the width costs the bits of the activation pattern and the gradient.
        let (wider, _) = most(|| {
            let risk = super::risk(loss, 10_000, 10);
            risk.at(&Network::bottleneck(10, 1, 10_000, Init::LeCun, 1).unwrap()).unwrap()
        });
        assert!(wider < 60 * MEGABYTE, "{loss:?}: {} MB", wider / MEGABYTE);
    }
}

/// Strips, kinks, scale and centre: nothing is allocated once the descent is there.
#[test]
fn steps_in_strips_allocate_nothing() {
    for loss in super::LOSSES {
        let risk = super::risk(loss, 2_000, 3);
        for net in [
            Network::bottleneck(3, 2, 700, Init::LeCun, 1).unwrap().with_scale(0.1).unwrap().centred(),
            Network::bottleneck(3, 1, 5, Init::LeCun, 1).unwrap(),
        ] {
            let mut d = Descent::new(&risk, &net, StepRule::Constant(1e-3)).unwrap();
            let before = CALLS.get();
            (0..10).for_each(|_| d.step().unwrap());
            assert_eq!(CALLS.get() - before, 0, "{net:?}, {loss:?}");
        }
    }
}
