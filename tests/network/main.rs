//! Initialisations against their definitions, files against what was written.

mod build;
mod init;
mod json;
