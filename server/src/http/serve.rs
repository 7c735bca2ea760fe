//! Takes connections, and never waits for ever for any of them.
//!
//! `axum::serve` sets no timers: a client that sends half a header would hold its connection, and the server's stop, as long as it likes. Here
//! each connection has a deadline, which follows from what it is at: see [`Patience`]. When all places are taken, the connection
//! that has been waiting longest without a request gives its place up.

use std::{
    collections::HashMap,
    io,
    net::IpAddr,
    pin::{Pin, pin},
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    task::{Context, Poll},
    time::Duration,
};

use axum::{Router, body::Body};
use hyper::{Request, body::Incoming, server::conn::http1, service::service_fn};
use hyper_util::rt::TokioIo;
use tokio::{
    io::{AsyncRead, AsyncWrite, ReadBuf},
    net::{TcpListener, TcpStream},
    sync::{Notify, watch},
    task::yield_now,
    time::{Instant, sleep, sleep_until, timeout},
};
use tower::ServiceExt;

use super::{
    client_address::{ClientAddress, Peer, TrustedProxies},
    patience::Patience,
};

/// Most of a request's head, and the largest part of a body that is read at once, in bytes.
const BUFFER_BYTES_MAX: usize = 64 * 1024;
/// A full answer takes some time to be written after its deadline was set, and the handler's own timer comes first.
const MARGIN: Duration = Duration::from_secs(5);
/// When the system has no more files to give, a moment later it may.
const AFTER_ERROR: Duration = Duration::from_millis(100);

/// An honest head comes in one piece.
const LATE_HEAD: Duration = Duration::from_secs(2);

/// How far the server is with stopping.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Stop {
    Serving,
    /// Open requests are finished.
    Finishing,
    /// Nothing is waited for.
    Cut,
}

/// Serves until `stop`, finishes what was begun within [`Patience::stop`], and cuts the rest.
pub async fn serve(
    listener: TcpListener,
    router: Router,
    patience: Patience,
    trusted: TrustedProxies,
    stop: impl Future<Output = ()>,
) {
    let (stopping, stops) = watch::channel(Stop::Serving);
    let places = Arc::new(Places { patience, trusted, taken: Mutex::default() });
    let mut stop = pin!(stop);
    loop {
        let accepted = tokio::select! {
            accepted = listener.accept() => accepted,
            () = &mut stop => break,
        };
        match accepted {
            Ok((stream, peer)) => {
                if let Some(place) = places.take(peer.ip().to_canonical()) {
                    tokio::spawn(connection(stream, place, router.clone(), stops.clone()));
                }
            }
            Err(error) if is_of_the_client(&error) => {}
            Err(error) => {
                tracing::error!(%error, "no connection can be taken");
                sleep(AFTER_ERROR).await;
            }
        }
    }
    drop((listener, stops));
    stopping.send_replace(Stop::Finishing);
    if timeout(patience.stop, stopping.closed()).await.is_err() {
        tracing::warn!(connections = places.taken().open.len(), "what was not finished in time is cut off");
        stopping.send_replace(Stop::Cut);
        stopping.closed().await;
    }
}

fn is_of_the_client(error: &io::Error) -> bool {
    use io::ErrorKind::{ConnectionAborted, ConnectionRefused, ConnectionReset};
    matches!(error.kind(), ConnectionAborted | ConnectionRefused | ConnectionReset)
}

async fn connection(stream: TcpStream, place: Place, router: Router, mut stops: watch::Receiver<Stop>) {
    // An answer is written at once; there is nothing to wait for.
    let _ = stream.set_nodelay(true);
    let open = &place.open;
    let peer = Peer(place.address);
    let service = service_fn(|request: Request<Incoming>| {
        open.at(Doing::Answering);
        let mut request = request.map(Body::new);
        request.extensions_mut().insert(peer);
        let answer = router.clone().oneshot(request);
        async {
            // Whoever sends a hundred requests in one go has them answered one by one, between those of the others.
            yield_now().await;
            let answer = answer.await;
            open.at(Doing::Idle);
            answer
        }
    });
    let io = TokioIo::new(Watched { stream, open: open.clone() });
    let http = http1::Builder::new()
        // Our own deadline is kept instead, which also knows of a connection between two requests.
        .header_read_timeout(None)
        .max_buf_size(BUFFER_BYTES_MAX)
        .serve_connection(io, service);
    let mut http = pin!(http);
    let mut is_finishing = false;
    loop {
        tokio::select! {
            biased;
            // An error is a client that went away or sent what is no HTTP, and has been answered where that is possible.
            _ = &mut http => return,
            () = sleep_until(open.deadline()) => {
                if open.deadline() <= Instant::now() {
                    return;
                }
            }
            // The next wait ends with the new deadline.
            () = open.sooner.notified() => {}
            () = open.leave.notified() => return,
            changed = stops.changed() => {
                if changed.is_err() || *stops.borrow() == Stop::Cut {
                    return;
                }
                if !is_finishing {
                    is_finishing = true;
                    http.as_mut().graceful_shutdown();
                }
            }
        }
    }
}

/// What a connection is at.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Doing {
    /// Between two requests; or its answer is being written.
    Idle,
    /// Its request has begun to arrive; or it is new.
    Head,
    /// A handler has its request.
    Answering,
}

/// An open connection, as seen from outside.
struct Open {
    patience: Patience,
    now: Mutex<(Doing, Instant)>,
    /// The deadline has come nearer, as when a head begins on a connection that was at rest.
    sooner: Notify,
    leave: Notify,
}

impl Open {
    fn state(&self) -> MutexGuard<'_, (Doing, Instant)> {
        self.now.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn deadline(&self) -> Instant {
        self.state().1
    }

    fn at(&self, doing: Doing) {
        let patience = match doing {
            Doing::Idle => self.patience.idle,
            Doing::Head => self.patience.head,
            Doing::Answering => self.patience.request + MARGIN,
        };
        let deadline = Instant::now() + patience;
        let (_, before) = std::mem::replace(&mut *self.state(), (doing, deadline));
        if deadline < before {
            self.sooner.notify_one();
        }
    }

    fn has_read(&self) {
        if self.state().0 == Doing::Idle {
            self.at(Doing::Head);
        }
    }

    fn has_written(&self) {
        if self.state().0 == Doing::Idle {
            self.at(Doing::Idle);
        }
    }
}

/// All open connections.
struct Places {
    patience: Patience,
    trusted: TrustedProxies,
    taken: Mutex<Taken>,
}

#[derive(Default)]
struct Taken {
    last: u64,
    open: HashMap<u64, Arc<Open>>,
    each: HashMap<IpAddr, usize>,
}

/// A connection's place, given back when it is dropped.
struct Place {
    number: u64,
    address: IpAddr,
    open: Arc<Open>,
    places: Arc<Places>,
}

impl Places {
    fn taken(&self) -> MutexGuard<'_, Taken> {
        self.taken.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// None where the address has its share, or everybody is being answered.
    fn take(self: &Arc<Places>, address: IpAddr) -> Option<Place> {
        let mut taken = self.taken();
        let network = ClientAddress(address).network();
        let is_limited = !address.is_loopback() && !self.trusted.has(address);
        if is_limited && taken.each.get(&network).is_some_and(|each| *each >= self.patience.connections_each) {
            return None;
        }
        if taken.open.len() >= self.patience.connections {
            let states = taken.open.iter().map(|(number, open)| (*number, *open.state()));
            let waiting = states.filter_map(|(number, (doing, deadline))| Some((self.worth(doing, deadline)?, number)));
            let (_, first) = waiting.min()?;
            // Its place is free at once; its own task notices a moment later.
            if let Some(open) = taken.open.remove(&first) {
                open.leave.notify_one();
            }
        }
        taken.last += 1;
        let number = taken.last;
        let now = Mutex::new((Doing::Head, Instant::now() + self.patience.head));
        let open = Arc::new(Open { patience: self.patience, now, sooner: Notify::new(), leave: Notify::new() });
        taken.open.insert(number, open.clone());
        *taken.each.entry(network).or_default() += 1;
        Some(Place { number, address, open, places: self.clone() })
    }
}

impl Places {
    /// Who goes first: a head that does not come to its end, then whoever asks nothing, then a new connection. None: nobody who is answered.
    fn worth(&self, doing: Doing, deadline: Instant) -> Option<(u8, Instant)> {
        let is_late = deadline < Instant::now() + self.patience.head.saturating_sub(LATE_HEAD);
        match doing {
            Doing::Head if is_late => Some((0, deadline)),
            Doing::Idle => Some((1, deadline)),
            Doing::Head => Some((2, deadline)),
            Doing::Answering => None,
        }
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        let mut taken = self.places.taken();
        taken.open.remove(&self.number);
        let network = ClientAddress(self.address).network();
        if let Some(each) = taken.each.get_mut(&network) {
            *each -= 1;
            if *each == 0 {
                taken.each.remove(&network);
            }
        }
    }
}

/// A stream that tells when something moves.
struct Watched {
    stream: TcpStream,
    open: Arc<Open>,
}

impl AsyncRead for Watched {
    fn poll_read(mut self: Pin<&mut Self>, cx: &mut Context<'_>, buffer: &mut ReadBuf<'_>) -> Poll<io::Result<()>> {
        let before = buffer.filled().len();
        let read = Pin::new(&mut self.stream).poll_read(cx, buffer);
        if buffer.filled().len() > before {
            self.open.has_read();
        }
        read
    }
}

impl Watched {
    fn noted(&self, written: Poll<io::Result<usize>>) -> Poll<io::Result<usize>> {
        if matches!(written, Poll::Ready(Ok(1..))) {
            self.open.has_written();
        }
        written
    }
}

impl AsyncWrite for Watched {
    fn poll_write(mut self: Pin<&mut Self>, cx: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        let written = Pin::new(&mut self.stream).poll_write(cx, bytes);
        self.noted(written)
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        parts: &[io::IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        let written = Pin::new(&mut self.stream).poll_write_vectored(cx, parts);
        self.noted(written)
    }

    fn is_write_vectored(&self) -> bool {
        self.stream.is_write_vectored()
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_flush(cx)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_shutdown(cx)
    }
}
