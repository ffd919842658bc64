//! How many of them.

use super::wilson;
use crate::error::{Error, Result};
use std::fmt;

/// k of n, with the 95 % [`wilson`] interval of the share that it stands for.
///
/// It prints as `19 of 20 (95 % CI 76–99 %)`; in a [`Table`](crate::table::Table) the words 95 % CI are left to the
/// column's name. Of none at all nothing is known: it is shown as –.
///
/// ```
/// use implicit_bias::prelude::*;
/// let gaps = [0.2, 0.01, 0.03];
/// let aligned = Share::among(gaps, |gap| *gap < 0.1);
/// assert_eq!(aligned.to_string(), "2 of 3 (95 % CI 21–94 %)");
/// assert_eq!(Share::of(19, 20)?.to_string(), "19 of 20 (95 % CI 76–99 %)");
/// # Ok::<(), Error>(())
/// ```
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct Share {
    k: usize,
    n: usize,
}

impl Share {
    /// k of n.
    ///
    /// # Errors
    /// k > n.
    pub fn of(k: usize, n: usize) -> Result<Self> {
        if k > n { Err(Error::argument("Share::of(k)", format_args!("at most n = {n}"), k)) } else { Ok(Self { k, n }) }
    }

    /// Those among the rows for which something is true; of booleans `Share::among(flags, |flag| *flag)`.
    pub fn among<T>(rows: impl IntoIterator<Item = T>, is: impl Fn(&T) -> bool) -> Self {
        rows.into_iter()
            .fold(Self { k: 0, n: 0 }, |share, row| Self { k: share.k + usize::from(is(&row)), n: share.n + 1 })
    }

    /// k.
    pub fn k(self) -> usize {
        self.k
    }

    /// n.
    pub fn n(self) -> usize {
        self.n
    }

    /// k/n; NaN for n = 0.
    pub fn value(self) -> f64 {
        self.k as f64 / self.n as f64
    }

    /// The ends of the 95 % Wilson interval; (0, 1) for n = 0.
    pub fn interval(self) -> (f64, f64) {
        wilson(self.k, self.n).unwrap_or((0.0, 1.0))
    }

    /// As a table shows it.
    pub(crate) fn short(self) -> String {
        if self.n == 0 {
            return "–".into();
        }
        let (low, high) = self.interval();
        format!("{} of {} ({}–{})", self.k, self.n, percent(low).trim_end_matches(" %"), percent(high))
    }
}

impl fmt::Display for Share {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.short().replace('(', "(95 % CI "))
    }
}

impl fmt::Debug for Share {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{self}")
    }
}

/// Whole per cents; as many decimals as it takes next to an end that is not reached, where fewer would say that it is.
fn percent(share: f64) -> String {
    let percent = 100.0 * share;
    let rest = percent.min(100.0 - percent);
    let decimals = if rest <= 0.0 || rest >= 0.5 { 0.0 } else { (-(2.0 * rest).log10()).ceil().clamp(1.0, 12.0) };
    format!("{percent:.*} %", decimals as usize)
}
