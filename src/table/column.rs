//! One column: its values set as texts.

use super::value::{Kind, Value};
use crate::show::{exact, is_word, number, typeset};

/// How many digits a number gets.
#[derive(Clone, Copy, Default)]
pub(super) enum Digits {
    /// As many as a reader needs: four, two beside a power of ten, all of a whole number.
    #[default]
    Fitting,
    Significant(usize),
    Decimals(usize),
}

/// How the numbers of a column are set.
#[derive(Clone, Copy)]
pub(super) struct Format {
    pub digits: Digits,
    /// Numbers are multiplied by this: 100 for per cent.
    pub scale: f64,
    /// What follows each number.
    pub unit: &'static str,
}

impl Default for Format {
    fn default() -> Self {
        Self { digits: Digits::default(), scale: 1.0, unit: "" }
    }
}

#[derive(Clone)]
pub(super) struct Column {
    pub name: String,
    pub cells: Vec<Value>,
    pub format: Format,
}

impl Column {
    pub fn new(name: String, cells: Vec<Value>, format: Format) -> Self {
        Self { name, cells, format }
    }

    /// Whether words stand in it, at the left; numbers stand at the right.
    pub fn worded(&self) -> bool {
        self.cells.iter().any(|cell| matches!(&cell.0, Kind::Text(text) if is_word(text)))
    }

    pub fn texts(&self) -> Vec<String> {
        let decimals = self.common_decimals();
        self.cells.iter().map(|cell| self.text(&cell.0, decimals)).collect()
    }

    fn text(&self, kind: &Kind, decimals: Option<usize>) -> String {
        let set = |value: f64| match decimals {
            Some(decimals) if plain(self.ascii(value)).is_some() => {
                typeset(&format!("{:.decimals$}", self.scaled(value)))
            }
            _ => typeset(&self.ascii(value)),
        };
        let interval = |low: f64, high: f64| format!("{} – {}", set(low), set(high));
        let text = match *kind {
            Kind::Text(ref text) => return text.clone(),
            Kind::Share(share) => return share.short(),
            Kind::Number(value) if !value.is_nan() => set(value),
            Kind::Interval(low, high) if !(low.is_nan() && high.is_nan()) => interval(low, high),
            Kind::Estimate(value, (low, high)) if !value.is_nan() => {
                format!("{} ({})", set(value), interval(low, high))
            }
            Kind::Whole(value) if self.format.scale == 1.0 => typeset(&value.to_string()),
            Kind::Whole(value) => set(value as f64),
            _ => return typeset("NaN"),
        };
        text + self.format.unit
    }

    fn scaled(&self, value: f64) -> f64 {
        value * self.format.scale
    }

    /// The number as Rust would write it, with as many digits as the format says.
    fn ascii(&self, value: f64) -> String {
        let value = self.scaled(value) + 0.0;
        match self.format.digits {
            _ if !value.is_finite() => format!("{value}"),
            Digits::Fitting if value.fract() == 0.0 && value.abs() < 1e6 => exact(value),
            Digits::Fitting if value == 0.0 || (1e-3..1e6).contains(&value.abs()) => number(value),
            Digits::Fitting => exact(rounded(value, 2)),
            Digits::Significant(digits) => significant(value, digits),
            Digits::Decimals(decimals) if value.abs() < 1e15 => {
                let text = format!("{value:.decimals$}");
                // A minus before nothing but zeros is noise.
                if text.chars().any(|c| ('1'..='9').contains(&c)) { text } else { text.replace('-', "") }
            }
            Digits::Decimals(_) => exact(rounded(value, 4)),
        }
    }

    /// Where all numbers fit on six digits with the same number of decimals, they get it, and their points stand below
    /// each other.
    fn common_decimals(&self) -> Option<usize> {
        if !matches!(self.format.digits, Digits::Fitting) {
            return None;
        }
        let parts: Vec<(usize, usize)> =
            self.cells.iter().flat_map(|cell| numbers(&cell.0)).filter_map(|value| plain(self.ascii(value))).collect();
        let whole = parts.iter().map(|part| part.0).max()?;
        let decimals = parts.iter().map(|part| part.1).max()?;
        (whole + decimals <= 6).then_some(decimals)
    }
}

/// The numbers that a cell shows with decimals.
fn numbers(kind: &Kind) -> Vec<f64> {
    match *kind {
        Kind::Number(value) => vec![value],
        Kind::Interval(low, high) => vec![low, high],
        Kind::Estimate(value, (low, high)) => vec![value, low, high],
        _ => vec![],
    }
}

/// Digits before and after the point; none of a number with a power of ten, or of none at all.
fn plain(text: String) -> Option<(usize, usize)> {
    let digits = text.trim_start_matches('-');
    if !digits.bytes().all(|c| c.is_ascii_digit() || c == b'.') {
        return None;
    }
    Some(digits.split_once('.').map_or((digits.len(), 0), |(whole, part)| (whole.len(), part.len())))
}

/// The nearest number of so many significant digits.
fn rounded(value: f64, digits: usize) -> f64 {
    format!("{value:.*e}", digits - 1).parse().unwrap_or(value)
}

/// So many significant digits, zeros at the end too, and a power of ten where `exact` has one.
fn significant(value: f64, digits: usize) -> String {
    let rounded = rounded(value, digits);
    if rounded == 0.0 {
        return "0".into();
    }
    if !(1e-3..1e6).contains(&rounded.abs()) {
        return format!("{value:.*e}", digits - 1);
    }
    let exponent = rounded.abs().log10().floor() as i32;
    format!("{rounded:.*}", (digits as i32 - 1 - exponent).max(0) as usize)
}
