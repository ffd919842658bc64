//! Is everything here that a cell needs: cargo, rustc, and the source of the standard library?

use std::path::PathBuf;
use std::process::Command;

use crate::error::{Error, Result};

/// Checks the toolchain, adding rust-src through rustup if that is all that is missing; gives `rustc`'s version line.
///
/// # Errors
/// [`Error::Argument`] naming the part that is missing and how to get it.
pub(crate) fn check() -> Result<String> {
    let version = answer("rustc", &["--version"])?;
    answer("cargo", &["--version"])?;
    let library =
        PathBuf::from(answer("rustc", &["--print", "sysroot"])?).join("lib/rustlib/src/rust/library/core/src/lib.rs");
    if !library.exists() {
        eprintln!("rust-src is missing; trying `rustup component add rust-src`");
        // Whether rustup is there and has a network only shows in whether the source is here afterwards.
        let added = Command::new("rustup").args(["component", "add", "rust-src"]).status();
        if !library.exists() {
            let found = match added {
                Ok(status) => {
                    format!("none at {}, and `rustup component add rust-src` ended with {status}", library.display())
                }
                Err(error) => format!("none at {}, and rustup could not be run ({error})", library.display()),
            };
            let expected = "the component rust-src, without which evcxr cannot tell the types of variables \
                            (`rustup component add rust-src`, or the distribution's package rust-src)";
            return Err(Error::argument("toolchain", expected, found));
        }
    }
    Ok(version)
}

fn answer(program: &str, arguments: &[&str]) -> Result<String> {
    let expected = format!("`{program}` on the PATH (https://rustup.rs installs it)");
    let output = Command::new(program).args(arguments).output();
    let output = output.map_err(|error| Error::argument("toolchain", &expected, error))?;
    if !output.status.success() {
        return Err(Error::argument("toolchain", &expected, String::from_utf8_lossy(&output.stderr).trim()));
    }
    Ok(String::from_utf8_lossy(&output.stdout).trim().to_owned())
}
