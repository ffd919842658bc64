//! Kernels that the crate keeps to itself, compiled here from their sources.

#[allow(dead_code)]
#[path = "../../src/matmul/mod.rs"]
mod matmul;
#[allow(dead_code)]
#[path = "../../src/simd/mod.rs"]
mod simd;
#[allow(dead_code)]
#[path = "../../src/team.rs"]
mod team;

mod members;
mod products;
