//! The catalogue, and what parts make of their claim.

use super::*;
use std::collections::BTreeSet;

#[test]
fn every_claim_is_in_the_catalogue_once() {
    let expected: BTreeSet<String> = [("P", 17), ("R", 10), ("S", 13), ("T", 19)]
        .iter()
        .flat_map(|(letter, n)| (1..=*n).map(move |i| format!("{letter}{i}")))
        .collect();
    let wholes: Vec<_> = claims().iter().filter(|c| c.part_of().is_none()).map(|c| c.id.to_owned()).collect();
    assert_eq!(wholes.len(), expected.len());
    assert_eq!(wholes.into_iter().collect::<BTreeSet<_>>(), expected);
    let statements: BTreeSet<_> = claims().iter().map(|c| c.statement).collect();
    assert_eq!(statements.len(), claims().len());
    for claim in claims() {
        assert!(claim.statement.ends_with('.') && claim.statement.len() > 40, "{}", claim.id);
        assert!(claim.source.contains(' '), "{}", claim.id);
        assert!(Verdict::of(claim.id).is_ok());
    }
}

#[test]
fn an_unknown_claim_lists_those_there_are() {
    let error = |id| Verdict::of(id).unwrap_err().to_string();
    assert!(error("R11").contains("R1 … R10") && !error("R11").contains("P1"));
    assert!(error("r1").contains("R1 … R10"));
    // Who asks for a part that is none is told the parts.
    assert!(error("S5c").contains("S5, S5a … S5b") && error("S6a").contains("S1 … S13"), "{}", error("S5c"));
    for id in ["", "Q7", "<b>", "17"] {
        assert!(error(id).contains("P1 … P17, R1 … R10, S1 … S13, T1 … T19"), "{}", error(id));
    }
}

#[test]
fn parts_stand_below_their_claim_in_order() {
    let ids: Vec<&str> = claims().iter().map(|c| c.id).collect();
    for (i, claim) in claims().iter().enumerate() {
        let Some(whole) = claim.part_of() else { continue };
        // The claim, then a, b, c without a gap, and at least two of them.
        let letter = claim.id.strip_prefix(whole.id).unwrap().bytes().next().unwrap();
        let above = i - usize::from(letter - b'a') - 1;
        assert_eq!(ids[above], whole.id, "{}", claim.id);
        assert!(claims().iter().filter(|other| other.part_of() == Some(whole)).count() > 1, "{}", whole.id);
        assert_eq!(claim.id.len(), whole.id.len() + 1);
        assert!(whole.part_of().is_none());
    }
    let wholes: BTreeSet<_> = claims().iter().filter_map(|c| Some(c.part_of()?.id)).collect();
    assert_eq!(wholes, ["R4", "S12", "S5", "S7", "S8"].into());
}

/// A verdict on `id` that comes out as asked.
fn verdict(id: &str, outcome: Outcome) -> Verdict {
    let verdict = Verdict::of(id).unwrap();
    match outcome {
        Outcome::Holds => verdict.below("q", 0.0, 1.0).unwrap(),
        Outcome::Fails => verdict.below("q", 1.0, 1.0).unwrap(),
        Outcome::Open => verdict,
    }
}

#[test]
fn a_claim_follows_from_its_parts() {
    use Outcome::{Fails, Holds, Open};
    let of = |list: &[(&str, Outcome)]| {
        let verdicts: Vec<Verdict> = list.iter().map(|(id, outcome)| verdict(id, *outcome)).collect();
        let backwards: Vec<Verdict> = verdicts.iter().rev().cloned().collect();
        assert_eq!(standing(&verdicts, "S7"), standing(&backwards, "S7"), "the order says nothing");
        standing(&verdicts, "S7")
    };
    assert_eq!(of(&[]), None);
    assert_eq!(of(&[("S8", Fails), ("S5a", Fails)]), None, "other claims' verdicts say nothing");
    assert_eq!(of(&[("S7a", Holds), ("S7b", Holds), ("S7c", Holds)]), Some(Holds));
    assert_eq!(of(&[("S7a", Holds), ("S7b", Holds)]), Some(Open), "S7c is not decided");
    assert_eq!(of(&[("S7a", Holds), ("S7b", Open), ("S7c", Holds)]), Some(Open));
    assert_eq!(of(&[("S7a", Open), ("S7b", Fails)]), Some(Fails));
    // A verdict on the whole speaks for all parts, but not against one of its own.
    assert_eq!(of(&[("S7", Holds)]), Some(Holds));
    assert_eq!(of(&[("S7", Holds), ("S7a", Holds)]), Some(Holds));
    assert_eq!(of(&[("S7", Holds), ("S7a", Fails)]), Some(Fails));
    assert_eq!(of(&[("S7", Fails), ("S7a", Holds), ("S7b", Holds), ("S7c", Holds)]), Some(Fails));
    // Several notebooks on one claim; a part knows nothing of its claim.
    assert_eq!(of(&[("S7", Holds), ("S7", Open)]), Some(Open));
    assert_eq!(standing(&[verdict("S7", Fails)], "S7a"), None);
    // P1 is no part of P10, nor P10 of P1.
    assert_eq!(standing(&[verdict("P10", Fails)], "P1"), None);
}
