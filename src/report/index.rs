//! The start page: the notebooks, the claims ledger, and the claims nobody tested yet.

use askama::Template;
use serde_json::Value;

use super::ledger::{Entry, claim_order};
use super::page::{Stop, duration};
use crate::error::{Error, Result};
use crate::verdict::{Claim, claims};

/// One notebook in the table.
#[derive(Clone, Debug)]
pub(crate) struct Row {
    pub name: String,
    pub title: String,
    pub state: &'static str,
    pub stops: Vec<Stop>,
    pub time: String,
    pub claims: String,
    pub has_report: bool,
}

struct Line<'a> {
    id: &'a str,
    source: &'a str,
    statement: &'a str,
    verdict: &'a str,
    value: String,
    quantity: &'a str,
    threshold: String,
    seeds: String,
    notebook: &'a str,
    cell: &'a str,
    note: &'a str,
}

#[derive(Template)]
#[template(path = "index.html", config = "src/report/askama.toml")]
struct Index<'a> {
    rows: &'a [Row],
    entries: Vec<Line<'a>>,
    tally: Vec<(&'static str, usize)>,
    untested: Vec<&'static Claim>,
    style: &'static str,
}

/// The start page.
pub(crate) fn render(rows: &[Row], entries: &[Entry]) -> Result<String> {
    let mut sorted: Vec<&Entry> = entries.iter().collect();
    sorted.sort_by_key(|entry| claim_order(&entry.id));
    let count = |verdict: &str| entries.iter().filter(|entry| entry.verdict == verdict).count();
    let mut untested: Vec<_> =
        claims().iter().filter(|claim| !entries.iter().any(|entry| entry.id == claim.id)).collect();
    untested.sort_by_key(|claim| claim_order(claim.id));
    let index = Index {
        rows,
        entries: sorted.into_iter().map(line).collect(),
        tally: ["HOLDS", "FAILS", "OPEN"].map(|verdict| (verdict, count(verdict))).into(),
        untested,
        style: include_str!("style.css"),
    };
    index.render().map_err(|error| Error::argument("index.html", "reports that fit the template", error))
}

fn line(entry: &Entry) -> Line<'_> {
    let relation = match entry.text("relation") {
        "below" => "<",
        "above" => ">",
        "within" => "in",
        "share below" | "share above" => "≥",
        other => other,
    };
    let threshold = match &entry.threshold {
        Value::Number(limit) => format!("{relation} {}", limit.as_f64().map(short).unwrap_or_default()),
        Value::Array(ends) => {
            let ends: Vec<String> = ends.iter().filter_map(Value::as_f64).map(short).collect();
            format!("{relation} [{}]", ends.join(", "))
        }
        _ => String::new(),
    };
    Line {
        id: &entry.id,
        source: &entry.source,
        statement: &entry.statement,
        verdict: &entry.verdict,
        value: entry.value.map(short).unwrap_or_default(),
        quantity: entry.text("quantity"),
        threshold: threshold.trim().to_owned(),
        seeds: entry.seeds.map(|seeds| seeds.to_string()).unwrap_or_default(),
        notebook: &entry.notebook,
        cell: &entry.cell,
        note: entry.text("note"),
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

/// A row for a notebook that has not been run yet.
pub(crate) fn waiting(name: &str) -> Row {
    Row {
        name: name.to_owned(),
        title: name.to_owned(),
        state: "not run",
        stops: Vec::new(),
        time: String::new(),
        claims: String::new(),
        has_report: false,
    }
}

/// A row's time, empty where nothing was measured.
pub(crate) fn row_time(seconds: f64) -> String {
    if seconds > 0.0 { duration(seconds) } else { String::new() }
}
