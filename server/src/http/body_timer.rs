//! A body that has to arrive in time.

use std::{
    fmt,
    pin::Pin,
    task::{Context, Poll},
    time::Duration,
};

use axum::body::{Body, Bytes, HttpBody};
use hyper::body::{Frame, SizeHint};
use tokio::time::{Instant, Sleep, sleep_until};

/// The rest of a body took too long.
#[derive(Debug)]
pub struct TooSlow;

impl fmt::Display for TooSlow {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the body did not arrive in time")
    }
}

impl std::error::Error for TooSlow {}

struct Timed {
    body: Body,
    idle: Duration,
    ends: Instant,
    sleep: Pin<Box<Sleep>>,
}

/// The same body, which breaks off where its next part takes longer than `idle`, or all of it longer than `whole`.
pub fn timed(body: Body, idle: Duration, whole: Duration) -> Body {
    let now = Instant::now();
    let sleep = Box::pin(sleep_until(now + idle.min(whole)));
    Body::new(Timed { body, idle, ends: now + whole, sleep })
}

impl HttpBody for Timed {
    type Data = Bytes;
    type Error = axum::Error;

    fn poll_frame(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Result<Frame<Bytes>, axum::Error>>> {
        // A body that drips all the time is never found pending: its end is looked at first.
        let now = Instant::now();
        if now < self.ends
            && let Poll::Ready(frame) = Pin::new(&mut self.body).poll_frame(cx)
        {
            let next = (now + self.idle).min(self.ends);
            self.sleep.as_mut().reset(next);
            return Poll::Ready(frame);
        }
        self.sleep.as_mut().poll(cx).map(|()| Some(Err(axum::Error::new(TooSlow))))
    }

    fn is_end_stream(&self) -> bool {
        self.body.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.body.size_hint()
    }
}
