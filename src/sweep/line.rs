//! Lines that tell whether they are whole: a check, a blank, JSON.

use crate::dataset::csv::parse_error;
use crate::error::{Error, Result};
use serde::Serialize;
use serde::de::DeserializeOwned;
use std::path::Path;

/// The value as one line.
pub(super) fn line(path: &Path, value: &impl Serialize) -> Result<String> {
    let json = serde_json::to_string(value).map_err(|error| Error::io(path, error))?;
    Ok(format!("{:016x} {json}\n", fingerprint(json.as_bytes())))
}

/// The whole lines of a file as JSON, and how many bytes they take. A line is written in one piece and JSON has no line end
/// of its own, so what stands behind the last line end was cut off in the writing, and nothing else is.
pub(super) fn whole<'a>(path: &Path, bytes: &'a [u8]) -> Result<(Vec<&'a [u8]>, usize)> {
    let length = bytes.iter().rposition(|byte| *byte == b'\n').map_or(0, |end| end + 1);
    let lines = bytes[..length].split_inclusive(|byte| *byte == b'\n').enumerate();
    let json = |(k, line): (usize, &'a [u8])| {
        let parts = line.strip_suffix(b"\n").and_then(|line| line.split_at_checked(17));
        let fits = |&(check, json): &(&[u8], &[u8])| check == format!("{:016x} ", fingerprint(json)).as_bytes();
        parts.filter(fits).map(|(_, json)| json).ok_or_else(|| damaged(path, k))
    };
    Ok((lines.map(json).collect::<Result<_>>()?, length))
}

/// The value of line `k`, counted from 0.
pub(super) fn value<T: DeserializeOwned>(path: &Path, k: usize, json: &[u8]) -> Result<T> {
    serde_json::from_slice(json).map_err(|_| damaged(path, k))
}

pub(super) fn damaged(path: &Path, k: usize) -> Error {
    let remedy = if k == 0 { "delete the file" } else { "remove the line, and its item is run again" };
    let message =
        format!("expected a line as a recording study writes it, found another: the file is damaged ({remedy})");
    parse_error(path, k as u64 + 1, None, message)
}

/// FNV-1a of 64 bits: the same on every machine and with every toolchain, which the standard library's hash need not be.
pub(super) fn fingerprint(bytes: &[u8]) -> u64 {
    bytes.iter().fold(0xcbf2_9ce4_8422_2325, |hash, byte| (hash ^ u64::from(*byte)).wrapping_mul(0x100_0000_01b3))
}
