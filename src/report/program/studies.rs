//! Asks implicit-bias for the state of a study.

use implicit_bias::error::Error;

pub fn status(record: &str) -> Result<String, String> {
    told(implicit_bias::sweep::status(record))
}

pub fn merge(record: &str) -> Result<String, String> {
    told(implicit_bias::sweep::merge(record))
}

/// Did the cell end because its share of a study is recorded?
pub fn share_is_done(error: &dyn std::any::Any) -> bool {
    matches!(error.downcast_ref(), Some(Error::Share { .. }))
}

fn told(answer: Result<impl ToString, Error>) -> Result<String, String> {
    answer.map(|words| words.to_string()).map_err(|error| error.to_string())
}
