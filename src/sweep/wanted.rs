//! What the environment asks of a study.

use super::share::Share;
use super::slurm;
use crate::error::{Error, Result};
use std::env::var_os;
use std::path::Path;

pub(super) const RECORD: &str = "IMPLICIT_BIAS_RECORD";
const SHARE: &str = "IMPLICIT_BIAS_SHARE";

pub(super) enum Wanted {
    /// Read the record and run a sample again.
    Sample,
    /// Read the record: another study of the notebook is being recorded.
    Rows,
    /// Run all items, or a share of them, and keep their rows.
    Record(Option<Share>),
}

impl Wanted {
    /// What is asked of the study with this record.
    pub fn of(record: &str) -> Result<Self> {
        let share = var_os(SHARE);
        let Some(named) = var_os(RECORD) else {
            return match share {
                None => Ok(Self::Sample),
                Some(_) => Err(Error::argument(RECORD, format_args!("a study to record beside {SHARE}"), "none")),
            };
        };
        let own = Path::new(record).file_name().map(|name| name.to_string_lossy());
        let own = own.as_deref().map(|name| name.strip_suffix(".csv").unwrap_or(name));
        let expected = "1, the name of a record without its .csv, or no such variable";
        let named = match named.to_str() {
            Some(name) if !name.is_empty() && !name.contains(['/', '\\']) && !name.ends_with(".csv") => name,
            _ => return Err(Error::argument(RECORD, expected, format_args!("{named:?}"))),
        };
        if named != "1" && Some(named) != own {
            return Ok(Self::Rows);
        }
        let share = match share {
            Some(text) => Share::parse(SHARE, &text.to_string_lossy())?,
            None => slurm::share()?,
        };
        match share {
            // A study ends with its share, and the notebook with it: with 1 the next study would never be reached.
            Some(_) if named == "1" => {
                let expected = "the name of the one record whose items are shared out, without its .csv";
                Err(Error::argument(RECORD, expected, named))
            }
            share => Ok(Self::Record(share)),
        }
    }
}
