#![doc = include_str!("cluster.md")]
//! # The job script
//! ```bash
#![doc = include_str!("job.sh")]
//! ```
