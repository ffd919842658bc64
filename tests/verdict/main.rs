//! Verdicts: the logic with its negative controls, intervals against published values, the catalogue, the ledger.

mod claims;
mod controls;
mod ledger;
mod logic;
mod shown;
mod wilson;

use implicit_bias::prelude::*;

fn r1() -> Verdict {
    Verdict::of("R1").unwrap()
}
