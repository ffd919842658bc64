//! Linear algebra that the crate keeps to itself, compiled here from its sources, against exact integers and other libraries.

mod double_double;
mod lu;

/// The sources.
#[allow(dead_code)]
#[path = "../../src/algebra"]
mod source {
    pub mod double_double;
    pub mod lu;
}
