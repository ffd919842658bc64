//! The start page: the notebooks, the claims ledger, and the claims nobody tested yet.

use askama::Template;

use super::ledger::claim_order;
use super::page::Stop;
use crate::error::{Error, Result};
use crate::verdict::{Claim, Comparison, Outcome, Relation, Threshold, Verdict, claims, parts, standing};

/// One notebook in the table.
#[derive(Clone, Debug, Default)]
pub(crate) struct Row {
    pub name: String,
    pub title: String,
    pub state: &'static str,
    pub stops: Vec<Stop>,
    pub time: String,
    pub claims: String,
    pub has_report: bool,
}

/// One row of the ledger: a claim, a part of it, or one of several verdicts on it.
#[derive(Default)]
struct Line<'a> {
    id: &'a str,
    source: &'a str,
    statement: &'a str,
    /// Stands below its claim.
    below: bool,
    outcome: Option<Outcome>,
    controls: String,
    value: String,
    quantity: String,
    threshold: String,
    settled: bool,
    seeds: String,
    notebook: &'a str,
    cell: &'a str,
    note: &'a str,
}

#[derive(Template)]
#[template(path = "index.html", config = "src/report/askama.toml")]
struct Index<'a> {
    rows: &'a [Row],
    lines: Vec<Line<'a>>,
    tally: Vec<(Outcome, usize)>,
    untested: Vec<&'static Claim>,
    style: &'static str,
}

/// The start page.
pub(crate) fn render(rows: &[Row], verdicts: &[Verdict]) -> Result<String> {
    let mut tested: Vec<&str> = verdicts.iter().map(|verdict| whole(&verdict.id)).collect();
    tested.sort_by_key(|id| claim_order(id));
    tested.dedup();
    let count = |outcome| tested.iter().filter(|id| standing(verdicts, id) == Some(outcome)).count();
    let is_untested = |claim: &&Claim| claim.part_of().is_none() && !tested.contains(&claim.id);
    let mut untested: Vec<_> = claims().iter().filter(is_untested).collect();
    untested.sort_by_key(|claim| claim_order(claim.id));
    let index = Index {
        rows,
        lines: tested.iter().flat_map(|id| lines(id, verdicts)).collect(),
        tally: Outcome::ALL.map(|outcome| (outcome, count(outcome))).into(),
        untested,
        style: include_str!("style.css"),
    };
    index.render().map_err(|error| Error::argument("index.html", "reports that fit the template", error))
}

/// The claim itself, or the one of which this is a part.
fn whole(id: &str) -> &str {
    claims().iter().find(|claim| claim.id == id).and_then(Claim::part_of).map_or(id, |claim| claim.id)
}

/// The one verdict on a claim, or the claim with what follows for it, its verdicts and its parts below it.
fn lines<'a>(id: &'a str, verdicts: &'a [Verdict]) -> Vec<Line<'a>> {
    let on = |id: &str| verdicts.iter().filter(|verdict| verdict.id == id).collect::<Vec<_>>();
    let in_parts = parts(id).any(|part| !on(part.id).is_empty());
    let own = on(id);
    if let ([one], false) = (own.as_slice(), in_parts) {
        return vec![line(one)];
    }
    let known = claims().iter().find(|claim| claim.id == id).map(|claim| (claim.source, claim.statement));
    let recorded = own.first().map(|verdict| (verdict.source.as_str(), verdict.statement.as_str()));
    let (source, statement) = recorded.or(known).unwrap_or_default();
    let mut lines = vec![Line { id, source, statement, outcome: standing(verdicts, id), ..Line::default() }];
    // The claim has been said above.
    lines.extend(own.into_iter().map(|verdict| Line {
        below: true,
        id: "",
        source: "",
        statement: "",
        ..line(verdict)
    }));
    for part in parts(id).filter(|_| in_parts) {
        let of_part = on(part.id);
        if of_part.is_empty() {
            let (id, source, statement) = (part.id, part.source, part.statement);
            lines.push(Line { below: true, id, source, statement, ..Line::default() });
        }
        lines.extend(of_part.into_iter().map(|verdict| Line { below: true, ..line(verdict) }));
    }
    lines
}

fn line(verdict: &Verdict) -> Line<'_> {
    let deciding = verdict.deciding();
    let controls = match verdict.controls().count() {
        0 => String::new(),
        _ if deciding.is_some_and(|c| c.control) => "a control does not hold".to_owned(),
        1 => "its control holds".to_owned(),
        count => format!("its {count} controls hold"),
    };
    let of = |f: fn(&Comparison) -> String| deciding.map(f).unwrap_or_default();
    Line {
        id: &verdict.id,
        source: &verdict.source,
        statement: &verdict.statement,
        below: false,
        outcome: Some(verdict.outcome()),
        controls,
        value: of(|c| short(c.value)),
        quantity: of(|c| if c.control { format!("control: {}", c.quantity) } else { c.quantity.clone() }),
        threshold: of(threshold),
        settled: deciding.is_some_and(|c| c.settled_after_trials),
        seeds: deciding.and_then(|c| c.seeds).or(verdict.seeds).map(|seeds| seeds.to_string()).unwrap_or_default(),
        notebook: &verdict.notebook,
        cell: &verdict.cell,
        note: verdict.note.as_deref().unwrap_or_default(),
    }
}

fn threshold(comparison: &Comparison) -> String {
    let relation = match comparison.relation {
        Relation::Below => "<",
        Relation::Above => ">",
        Relation::Within => "in",
        Relation::ShareBelow | Relation::ShareAbove => "≥",
    };
    match comparison.threshold {
        Threshold::One(limit) => format!("{relation} {}", short(limit)),
        Threshold::Ends(low, high) => format!("{relation} [{}, {}]", short(low), short(high)),
    }
}

/// Four significant digits, as an ordinary number where that is short and as a power of ten where it is not.
///
/// A ratio close to one keeps its distance from one: `1 − 3.2e-7`.
fn short(value: f64) -> String {
    let size = value.abs();
    let gap = 1.0 - value;
    if value != 1.0 && gap.abs() < 1e-3 {
        return format!("1 {} {:.1e}", if gap > 0.0 { '−' } else { '+' }, gap.abs());
    }
    if size != 0.0 && !(1e-3..1e6).contains(&size) {
        return trim(format!("{value:.3e}"));
    }
    let decimals = (3 - size.max(1e-3).log10().floor() as i32).max(0) as usize;
    trim(format!("{value:.decimals$}"))
}

/// Without zeros that say nothing: `0.5000` is `0.5`, `2.000e-4` is `2e-4`.
fn trim(number: String) -> String {
    let (digits, exponent) = match number.split_once('e') {
        Some((digits, exponent)) => (digits, format!("e{exponent}")),
        None => (number.as_str(), String::new()),
    };
    let digits = if digits.contains('.') { digits.trim_end_matches('0').trim_end_matches('.') } else { digits };
    format!("{}{exponent}", digits.replace('-', "−"))
}
