//! What `evcxr_jupyter` itself is.

fn main() {
    if let Err(error) = evcxr_jupyter::main() {
        eprintln!("{error}");
        std::process::exit(1);
    }
}
