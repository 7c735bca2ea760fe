//! Starts and stops the real server in a process of its own.

use std::{
    io::{BufRead, BufReader},
    net::SocketAddr,
    path::Path,
    process::{Child, Command, Stdio},
};

/// Killed when the value is dropped.
pub struct Program {
    pub child: Child,
    pub address: SocketAddr,
}

impl Program {
    /// Starts the server and waits until it says where it listens.
    pub fn start(program: &Path, data: &Path) -> Program {
        let mut child = Command::new(program)
            .args(["serve", "--listen", "127.0.0.1:0", "--data"])
            .arg(data)
            .env("RUST_LOG", "warn")
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap_or_else(|error| panic!("{} does not start: {error}", program.display()));
        let mut lines = BufReader::new(child.stdout.take().expect("the output is piped")).lines();
        let address = lines
            .by_ref()
            .map_while(Result::ok)
            .find_map(|line| line.strip_prefix("Hytevihko is ready on http://")?.parse().ok())
            .expect("the server says where it listens");
        // Whoever prints into a full pipe stands still.
        std::thread::spawn(move || lines.map_while(Result::ok).for_each(drop));
        Program { child, address }
    }
}

impl Drop for Program {
    /// SIGKILL: no time to finish anything.
    fn drop(&mut self) {
        // An error here means that it has ended already.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
