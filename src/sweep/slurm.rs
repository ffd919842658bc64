//! The share that a Slurm array task is to do.

use super::share::Share;
use crate::error::{Error, Result};
use std::env::var;

/// The task's place among the tasks of its array; none outside of an array, or where it is the only one. Only an array without
/// holes tells it: one that was submitted again for the tasks that were lost does not know how many there were at first.
pub(super) fn share() -> Result<Option<Share>> {
    let names = ["ID", "MIN", "MAX", "STEP", "COUNT"].map(|name| format!("SLURM_ARRAY_TASK_{name}"));
    let found = names.each_ref().map(|name| var(name).ok());
    let Some(set) = found.iter().position(Option::is_some) else { return Ok(None) };
    let number = |(name, text): (&String, &Option<String>)| {
        let number = text.as_ref().and_then(|text| text.parse::<usize>().ok());
        let found = text.as_ref().map_or("no such variable".into(), |text| format!("{text:?}"));
        number.ok_or_else(|| Error::argument(name, format_args!("a number, as {} is set", names[set]), found))
    };
    let numbers = names.iter().zip(&found).map(number).collect::<Result<Vec<_>>>()?;
    let [id, min, max, step, of] = numbers[..] else { return Ok(None) };
    let place = id.checked_sub(min).filter(|from| step > 0 && from % step == 0).map(|from| from / step);
    let last = of.checked_sub(1).and_then(|last| last.checked_mul(step)?.checked_add(min));
    match place {
        Some(place) if place < of && last == Some(max) => Ok((of > 1).then_some(Share { of, number: place + 1 })),
        _ => {
            let expected = "an array without holes, or IMPLICIT_BIAS_SHARE=i/N to say which share this task is";
            let found = format!("task {id} of {of}, which go from {min} to {max} in steps of {step}");
            Err(Error::argument("SLURM_ARRAY_TASK_*", expected, found))
        }
    }
}
