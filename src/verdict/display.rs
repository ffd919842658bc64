//! How a verdict shows itself: a badge, a sentence, and JSON for the ledger.

use super::claims::{self, Claim};
use super::ledger::{is_decided, standing};
use super::{Comparison, Outcome, Verdict};
use crate::show::{Bundle, escape};
use serde::Serialize;
use std::fmt;

/// The ledger's kind of content: one verdict's object, or an array of them.
pub(crate) const MIME: &str = "application/vnd.implicit-bias.verdict+json";

/// Several verdicts of one cell, which can show one thing only. Where they are on all parts of a claim, the claim stands
/// above them with what follows for it, see [`standing`].
///
/// ```
/// use implicit_bias::verdict::{Verdict, Verdicts};
/// let both = Verdicts::new([
///     Verdict::of("P1")?.below("risk", 1e-9, 1e-6)?,
///     Verdict::of("P2")?.above("min ‖W_k‖_F", 7.5, 5.0)?,
/// ]);
/// # Ok::<(), implicit_bias::error::Error>(())
/// ```
#[derive(Clone, Serialize)]
pub struct Verdicts(Vec<Verdict>);

impl Verdicts {
    /// Collects verdicts in their order.
    pub fn new(verdicts: impl IntoIterator<Item = Verdict>) -> Self {
        Self(verdicts.into_iter().collect())
    }

    /// The verdicts' badges, with a badge for each claim whose parts are all here.
    pub fn to_html(&self) -> String {
        let mut html = String::new();
        let mut above: Option<&Claim> = None;
        for verdict in &self.0 {
            let whole = claims::find(&verdict.id).ok().and_then(Claim::part_of);
            let has_own = |claim: &Claim| self.0.iter().any(|verdict| verdict.id == claim.id);
            let whole = whole.filter(|claim| is_decided(&self.0, claim.id) && !has_own(claim));
            if let (Some(claim), Some(outcome)) = (whole, whole.and_then(|claim| standing(&self.0, claim.id))) {
                if above != whole {
                    html += &badge(outcome, claim.id, claim.statement, claim.source, "", "0");
                }
                html += &verdict.badge("1.4em");
            } else {
                html += &verdict.badge("0");
            }
            above = whole;
        }
        html
    }

    /// What evcxr calls when this is the value of a cell.
    pub fn evcxr_display(&self) {
        Bundle::new().block(MIME, json(self)).html(self.to_html()).plain(self).print();
    }
}

impl Verdict {
    /// The badge with the claim, one line for each comparison, and the controls apart from them.
    pub fn to_html(&self) -> String {
        self.badge("0")
    }

    /// What evcxr calls when the verdict is the value of a cell.
    pub fn evcxr_display(&self) {
        Bundle::new().block(MIME, json(self)).html(self.to_html()).plain(self).print();
    }

    fn badge(&self, indent: &str) -> String {
        let lines = |lines: Vec<String>| -> String {
            lines.iter().map(|line| format!("<div>{}</div>", escape(line))).collect()
        };
        let mut below = lines(self.evidence_lines());
        if self.controls().next().is_some() {
            let controls = lines(self.control_lines());
            below += &format!("<div style=\"margin-top:.3em;opacity:.75\">{controls}</div>");
        }
        below += &lines(self.remarks());
        badge(self.outcome(), &self.id, &self.statement, &self.source, &below, indent)
    }

    /// The evidence as sentences.
    fn evidence_lines(&self) -> Vec<String> {
        let several = self.evidence().nth(1).is_some();
        let mut lines: Vec<String> = self.evidence().map(|c| outcome_first(c, several)).collect();
        if lines.is_empty() {
            lines.push("no comparison was made".to_owned());
        }
        lines
    }

    /// The controls as sentences, and what follows if one does not hold.
    fn control_lines(&self) -> Vec<String> {
        let mut lines: Vec<String> = self.controls().map(|c| format!("control {}", outcome_first(c, true))).collect();
        if self.controls().any(|c| c.outcome != Outcome::Holds) {
            lines.push("a control does not hold, so the comparisons decide nothing".to_owned());
        }
        lines
    }

    /// The seeds where they were only stated, and the note.
    fn remarks(&self) -> Vec<String> {
        self.seeds.map(|n| format!("seeds: {n}")).into_iter().chain(self.note.clone()).collect()
    }
}

fn outcome_first(comparison: &Comparison, shown: bool) -> String {
    if shown { format!("{}: {comparison}", comparison.outcome) } else { comparison.to_string() }
}

/// As JSON; numbers in it are finite, and nothing else could be refused.
fn json(verdicts: &impl Serialize) -> String {
    serde_json::to_string(verdicts).expect("a verdict holds texts and finite numbers")
}

/// What is shown of a claim; `below` is HTML, all else text.
fn badge(outcome: Outcome, id: &str, statement: &str, source: &str, below: &str, indent: &str) -> String {
    let (mark, color) = match outcome {
        Outcome::Holds => ("✓", "#1a7f37"),
        Outcome::Fails => ("✗", "#b3261e"),
        Outcome::Open => ("?", "#8a5a00"),
    };
    format!(
        "<div style=\"border-left:4px solid {color};padding:.4em .9em;margin:.6em 0 .6em {indent};line-height:1.5\">\
         <span style=\"background:{color};color:#fff;border-radius:4px;padding:.1em .6em;font-weight:600;white-space:nowrap\">{mark} {outcome}</span> \
         <b>{}</b> {} <span style=\"opacity:.75\">({})</span>{below}</div>",
        escape(id),
        escape(statement),
        escape(source),
    )
}

impl fmt::Display for Verdict {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let lines = [self.evidence_lines(), self.control_lines(), self.remarks()].concat();
        write!(f, "{} {}: {}", self.id, self.outcome(), lines.join("\n  "))
    }
}

impl fmt::Debug for Verdict {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Verdict({} {})", self.id, self.outcome())
    }
}

impl fmt::Display for Verdicts {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|verdict| writeln!(f, "{verdict}"))
    }
}

impl fmt::Debug for Verdicts {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_list().entries(&self.0).finish()
    }
}
