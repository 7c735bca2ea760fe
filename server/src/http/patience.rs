//! How long the server waits for whom.
//!
//! A connection costs some 10 kB, and at most [`Patience::connections`] of them are open: a client that says nothing is not worth more than
//! [`Patience::head`]. A push has at most 256 kB: over the slowest mobile network that is worth the name (100 kbit/s) it takes 21 s, within
//! [`Patience::body`]. Nothing of ours takes longer than a second or two by itself, so [`Patience::request`] is for a database that
//! stands still. A proxy keeps its connections to us open and uses them again: [`Patience::idle`] is longer than the 60 s of nginx, so that
//! the proxy is the one to close them.

use std::time::Duration;

#[derive(Clone, Copy, Debug)]
pub struct Patience {
    /// From the first byte of a request (or from the connection's beginning) to the end of its headers.
    pub head: Duration,
    /// Between two parts of a body.
    pub body_idle: Duration,
    /// A whole body.
    pub body: Duration,
    /// A whole request, from its headers to the answer.
    pub request: Duration,
    /// A connection between two requests, and a client that does not read its answer.
    pub idle: Duration,
    /// Open requests after the signal to stop; then they are cut off.
    pub stop: Duration,
    /// The database's last writes after that.
    pub close: Duration,
    /// Connections at once.
    pub connections: usize,
    /// Connections at once of one address that is neither a trusted proxy nor this machine. A browser opens six.
    pub connections_each: usize,
}

impl Default for Patience {
    fn default() -> Patience {
        Patience {
            head: Duration::from_secs(10),
            body_idle: Duration::from_secs(10),
            body: Duration::from_secs(30),
            request: Duration::from_secs(60),
            idle: Duration::from_secs(75),
            stop: Duration::from_secs(10),
            close: Duration::from_secs(4),
            connections: 512,
            connections_each: 64,
        }
    }
}
