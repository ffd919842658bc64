//! A probe of small layers allocates what it returns and nothing else.

use super::counting;
use implicit_bias::diagnose::{alignment_with, imbalance_norms};
use implicit_bias::prelude::*;

fn allocations<T>(f: impl FnOnce() -> Result<T>) -> usize {
    let mut value = None;
    let count = counting::allocations(|| value = Some(f()));
    assert!(value.is_some_and(|value| value.is_ok()));
    count
}

#[test]
fn small_layers_allocate_only_the_returned_vector() {
    let net = super::Draw(61).network(&[2, 2, 2, 2, 1]);
    let data = Dataset::new(array![[1.0, 0.5], [0.2, -0.4]], array![1.0, -1.0]).unwrap();
    for f in [rank_one_gaps, spectral_ratios, spectral_norms, frobenius_norms, adjacent_alignment, adjacent_angles] {
        assert_eq!(allocations(|| f(&net)), 1);
    }
    assert_eq!(allocations(|| product_alignment(&net)), 0);
    assert_eq!(allocations(|| alignment_with(&net, &[0.6, 0.8])), 0);
    assert_eq!(allocations(|| angle(&[1.0, 0.5], &[0.6, 0.8])), 0);
    assert_eq!(allocations(|| margin(&[0.6, 0.8], &data)), 0);
    assert_eq!(allocations(|| training_error(&[0.6, 0.8], &data)), 0);
    // Negative control: the counter counts.
    assert!(allocations(|| imbalance_norms(&net)) > 3);
}
