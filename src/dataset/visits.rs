//! In which order the points of a data set are visited.

use crate::random::{Purpose, rng};
use ndarray_rand::rand::Rng;
use ndarray_rand::rand::seq::SliceRandom;
use rand_chacha::ChaCha8Rng;

/// In which order the points of a data set are visited, one epoch after the other.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Order {
    /// As they stand in the data, over and over.
    Cyclic,
    /// A new random order for every epoch, drawn from the seed (without replacement).
    Shuffled(u64),
    /// Independent uniform draws from the seed (with replacement).
    Drawn(u64),
}

/// The endless sequence of points of an [`Order`].
#[derive(Clone, Debug)]
pub(crate) struct Visits {
    order: Order,
    rng: ChaCha8Rng,
    /// The order of this epoch.
    epoch: Vec<usize>,
    /// How many of it were visited.
    next: usize,
}

impl Visits {
    /// Of n ≥ 1 points.
    pub fn new(n: usize, order: Order) -> Self {
        let seed = match order {
            Order::Cyclic => 0,
            Order::Shuffled(seed) | Order::Drawn(seed) => seed,
        };
        Self { order, rng: rng(Purpose::Order, seed), epoch: (0..n).collect(), next: n }
    }

    /// The next at most `size` points, in one piece of one epoch.
    pub fn take(&mut self, size: usize) -> &[usize] {
        let n = self.epoch.len();
        if let Order::Drawn(_) = self.order {
            let (epoch, rng) = (&mut self.epoch[..size], &mut self.rng);
            epoch.fill_with(|| rng.gen_range(0..n));
            return epoch;
        }
        if self.next == n {
            self.next = 0;
            if let Order::Shuffled(_) = self.order {
                self.epoch.shuffle(&mut self.rng);
            }
        }
        let first = self.next;
        self.next = n.min(first + size);
        &self.epoch[first..self.next]
    }
}
