//! `cargo notebooks`: executes the notebooks and writes HTML reports; see [`implicit_bias::report`].

fn main() -> std::process::ExitCode {
    implicit_bias::report::main()
}
