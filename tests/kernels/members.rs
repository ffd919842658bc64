//! A team's members and their shares.

use crate::team::{Team, share};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::atomic::{AtomicUsize, Ordering::Relaxed};

#[test]
fn every_member_takes_its_share_of_every_job() {
    for members in 1..=4 {
        let team = Team::new(members);
        let sums: Vec<AtomicUsize> = (0..members).map(|_| AtomicUsize::new(0)).collect();
        for round in 0..1000 {
            team.run(&|member| {
                sums[member].fetch_add(round, Relaxed);
            });
        }
        assert!(sums.iter().all(|sum| sum.load(Relaxed) == 499_500), "{members}");
    }
}

#[test]
fn shares_cover_everything_once() {
    for count in [1, 7, 8, 9, 64, 100, 256, 257] {
        for members in 1..=5 {
            let all: Vec<usize> = (0..members).flat_map(|m| share(count, m, members)).collect();
            assert_eq!(all, (0..count).collect::<Vec<_>>(), "{count} for {members}");
        }
    }
}

#[test]
fn a_panic_of_a_helper_comes_out() {
    let team = Team::new(2);
    let attempt = catch_unwind(AssertUnwindSafe(|| team.run(&|member| assert!(member == 0, "share {member}"))));
    assert!(attempt.is_err());
}
