//! How a verdict shows itself: a badge, a sentence, and JSON for the ledger.

use super::{Outcome, Verdict};
use crate::show::{Bundle, escape};
use serde_json::{Value, json};
use std::fmt;

/// The ledger's kind of content: one verdict's object, or an array of them.
pub(crate) const MIME: &str = "application/vnd.implicit-bias.verdict+json";

/// Several verdicts of one cell, which can show one thing only.
///
/// ```
/// use implicit_bias::verdict::{Verdict, Verdicts};
/// let both = Verdicts::new([
///     Verdict::of("P1")?.below("risk", 1e-9, 1e-6)?,
///     Verdict::of("P2")?.above("min ‖W_k‖_F", 7.5, 5.0)?,
/// ]);
/// # Ok::<(), implicit_bias::error::Error>(())
/// ```
#[derive(Clone)]
pub struct Verdicts(Vec<Verdict>);

impl Verdicts {
    /// Collects verdicts in their order.
    pub fn new(verdicts: impl IntoIterator<Item = Verdict>) -> Self {
        Self(verdicts.into_iter().collect())
    }

    /// The verdicts' objects in an array, see [`Verdict::to_json`].
    pub fn to_json(&self) -> Value {
        self.0.iter().map(Verdict::to_json).collect()
    }

    /// What evcxr calls when this is the value of a cell.
    pub fn evcxr_display(&self) {
        let html: String = self.0.iter().map(Verdict::to_html).collect();
        Bundle::new().block(MIME, self.to_json().to_string()).html(html).plain(self).print();
    }
}

impl Verdict {
    /// The ledger's entry: `id`, `source`, `statement`, `verdict`, then `quantity`, `relation`, `value`, `threshold`
    /// (a number, or two for `within`), `seeds` and `interval` of the comparison that decides, `note`, and all
    /// comparisons as `evidence`. What is not known is null.
    pub fn to_json(&self) -> Value {
        let deciding = self.deciding();
        json!({
            "id": self.claim.id,
            "source": self.claim.source,
            "statement": self.claim.statement,
            "verdict": self.outcome(),
            "quantity": deciding.map(|c| &c.quantity),
            "relation": deciding.map(|c| c.relation),
            "value": deciding.map(|c| c.value),
            "threshold": deciding.map(|c| c.threshold),
            "seeds": deciding.and_then(|c| c.seeds).or(self.seeds),
            "interval": deciding.and_then(|c| c.interval),
            "note": self.note,
            "evidence": self.evidence,
        })
    }

    /// The badge with the claim and one line for each comparison.
    pub fn to_html(&self) -> String {
        let (mark, color) = match self.outcome() {
            Outcome::Holds => ("✓", "#1a7f37"),
            Outcome::Fails => ("✗", "#b3261e"),
            Outcome::Open => ("?", "#8a5a00"),
        };
        let lines: String = self.lines().iter().map(|l| format!("<div>{}</div>", escape(l))).collect();
        format!(
            "<div style=\"border-left:4px solid {color};padding:.4em .9em;margin:.6em 0;line-height:1.5\">\
             <span style=\"background:{color};color:#fff;border-radius:4px;padding:.1em .6em;font-weight:600;white-space:nowrap\">{mark} {}</span> \
             <b>{}</b> {} <span style=\"opacity:.75\">({})</span>{lines}</div>",
            self.outcome(),
            escape(self.claim.id),
            escape(self.claim.statement),
            escape(self.claim.source),
        )
    }

    /// What evcxr calls when the verdict is the value of a cell.
    pub fn evcxr_display(&self) {
        Bundle::new().block(MIME, self.to_json().to_string()).html(self.to_html()).plain(self).print();
    }

    /// The comparisons as sentences, the seeds where they were only stated, the note.
    fn lines(&self) -> Vec<String> {
        let mut lines: Vec<String> = self.evidence.iter().map(ToString::to_string).collect();
        if lines.len() > 1 {
            for (line, comparison) in lines.iter_mut().zip(&self.evidence) {
                *line = format!("{}: {line}", comparison.outcome);
            }
        }
        if lines.is_empty() {
            lines.push("no comparison was made".to_owned());
        }
        lines.extend(self.seeds.map(|n| format!("seeds: {n}")));
        lines.extend(self.note.clone());
        lines
    }
}

impl fmt::Display for Verdict {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}: {}", self.claim.id, self.outcome(), self.lines().join("\n  "))
    }
}

impl fmt::Debug for Verdict {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Verdict({} {})", self.claim.id, self.outcome())
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
