//! The worker's side.

use std::fs::File;
use std::io::{BufRead as _, BufReader, Write as _};
use std::os::fd::AsFd as _;
use std::path::Path;
use std::sync::mpsc::{Receiver, channel};

use super::super::{Kernel, cells};
use super::{HOME, RUSTC, Reply, Request};

/// Does not return in a process that was started as a worker.
pub(crate) fn hook() {
    let Some(home) = std::env::var_os(HOME) else { return };
    let rustc = std::env::var(RUSTC).unwrap_or_default();
    // SAFETY: no other thread runs yet. What this process starts is no worker.
    unsafe { std::env::remove_var(HOME) };
    let code = match serve(Path::new(&home), &rustc) {
        Ok(()) => 0,
        Err(error) => {
            eprintln!("the kernel's process: {error}");
            1
        }
    };
    std::process::exit(code);
}

fn serve(home: &Path, rustc: &str) -> std::io::Result<()> {
    let requests = receive(cells::private_input()?);
    // What evcxr prints by itself must not fall among the replies.
    let mut replies = File::from(std::io::stdout().as_fd().try_clone_to_owned()?);
    rustix::stdio::dup2_stdout(std::io::stderr())?;
    let mut reply = |reply: &Reply| -> std::io::Result<()> {
        let mut line = serde_json::to_vec(reply)?;
        line.push(b'\n');
        replies.write_all(&line)
    };
    let mut kernel = match Kernel::start(home, rustc) {
        Ok(kernel) => kernel,
        Err(error) => return reply(&Reply::Broken(error.to_string())),
    };
    for request in requests {
        let done = match request {
            Request::Open(folder) => kernel.open(&folder).map(|()| Reply::Opened),
            Request::Cell { number, source } => {
                // The end of the replies' reader is noticed by `receive`.
                let mut watch = |line: Option<&str>| drop(reply(&Reply::Line(line.map(str::to_owned))));
                kernel.run(number, &source, &mut watch).map(Reply::Ran)
            }
        };
        match done {
            Ok(done) => reply(&done)?,
            Err(error) => return reply(&Reply::Broken(error.to_string())),
        }
    }
    Ok(())
}

/// The requests as they come. When they end the runner is gone, and nobody waits for the cell at work.
fn receive(input: File) -> Receiver<Request> {
    let (sender, requests) = channel();
    std::thread::spawn(move || {
        for line in BufReader::new(input).lines().map_while(Result::ok) {
            if let Ok(request) = serde_json::from_str(&line)
                && sender.send(request).is_err()
            {
                return;
            }
        }
        super::handle::end_group_of(None);
    });
    requests
}
