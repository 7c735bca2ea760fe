//! Requests to the provider: over HTTPS, with an end to their time and to the size of their answers, and never led elsewhere.

use std::{fmt, pin::Pin, time::Duration};

use axum::{body::Bytes, http::Uri};
use http_body_util::{BodyExt, Full, Limited};
use hyper_rustls::{HttpsConnector, HttpsConnectorBuilder};
use hyper_util::{
    client::legacy::{Client, connect::HttpConnector},
    rt::TokioExecutor,
};
use openidconnect::{AsyncHttpClient, HttpRequest, HttpResponse};
use tokio::time::timeout;

/// From a request to the end of its answer.
pub const WITHIN: Duration = Duration::from_secs(5);
/// Until somebody is there. Before [`WITHIN`] is over, so that it is certain that nothing was sent.
const CONNECTED_WITHIN: Duration = Duration::from_secs(3);
/// Largest answer that is read, in bytes. Metadata have 3 kB, a provider's keys 20, a token 10.
pub const ANSWER_BYTES_MAX: usize = 256 * 1024;

/// A client for one provider.
#[derive(Debug)]
pub struct Wire {
    client: Client<HttpsConnector<HttpConnector>, Full<Bytes>>,
    /// The provider runs on this machine, as in a trial: its addresses may be without encryption.
    is_local: bool,
}

/// Why there is no answer; for the log. It holds nothing of what was sent.
#[derive(Debug)]
pub enum WireError {
    NotEncrypted,
    TooLarge,
    TooLate,
    /// Nobody was reached: nothing was sent.
    NoConnection(String),
    Failed(String),
}

impl fmt::Display for WireError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            WireError::NotEncrypted => f.write_str("the address is not https"),
            WireError::TooLarge => write!(f, "the answer has more than {ANSWER_BYTES_MAX} bytes"),
            WireError::TooLate => write!(f, "no answer within {} s", WITHIN.as_secs()),
            WireError::NoConnection(why) | WireError::Failed(why) => f.write_str(why),
        }
    }
}

impl std::error::Error for WireError {}

impl Wire {
    pub fn new(is_local: bool) -> Wire {
        let mut http = HttpConnector::new();
        // An address with https is the next connector's.
        http.enforce_http(false);
        http.set_connect_timeout(Some(CONNECTED_WITHIN));
        let connector = HttpsConnectorBuilder::new().with_webpki_roots().https_or_http().enable_http1();
        let connector = connector.wrap_connector(http);
        Wire { client: Client::builder(TokioExecutor::new()).build(connector), is_local }
    }

    /// Whether a request may go there.
    pub fn may_ask(&self, uri: &Uri) -> bool {
        match uri.scheme_str() {
            Some("https") => true,
            Some("http") => self.is_local && uri.host().is_some_and(is_local),
            _ => false,
        }
    }

    /// Sends a request, and reads the answer to its end.
    pub async fn ask(&self, request: HttpRequest) -> Result<HttpResponse, WireError> {
        if !self.may_ask(request.uri()) {
            return Err(WireError::NotEncrypted);
        }
        let request = request.map(|body| Full::new(Bytes::from(body)));
        let answered = async {
            let response = self.client.request(request).await;
            let (head, body) = response
                .map_err(|error| match error.is_connect() {
                    true => WireError::NoConnection(with_causes(&error)),
                    false => WireError::Failed(with_causes(&error)),
                })?
                .into_parts();
            let body = Limited::new(body, ANSWER_BYTES_MAX).collect().await.map_err(|error| {
                match error.is::<http_body_util::LengthLimitError>() {
                    true => WireError::TooLarge,
                    false => WireError::Failed(error.to_string()),
                }
            })?;
            Ok(HttpResponse::from_parts(head, body.to_bytes().into()))
        };
        timeout(WITHIN, answered).await.unwrap_or(Err(WireError::TooLate))
    }
}

impl<'c> AsyncHttpClient<'c> for Wire {
    type Error = WireError;
    type Future = Pin<Box<dyn Future<Output = Result<HttpResponse, WireError>> + Send + 'c>>;

    fn call(&'c self, request: HttpRequest) -> Self::Future {
        Box::pin(self.ask(request))
    }
}

/// Whether a host of an address is this machine.
pub fn is_local(host: &str) -> bool {
    let address = host.trim_start_matches('[').trim_end_matches(']').parse::<std::net::IpAddr>();
    host == "localhost" || address.is_ok_and(|address| address.is_loopback())
}

/// An error with what it comes from: "client error (Connect): Connection refused".
pub fn with_causes(error: &dyn std::error::Error) -> String {
    let mut said = error.to_string();
    let mut cause = error.source();
    while let Some(next) = cause {
        said = format!("{said}: {next}");
        cause = next.source();
    }
    said
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test(start_paused = true)]
    async fn where_nobody_is_there_it_is_certain_that_nothing_was_sent() {
        let socket = tokio::net::TcpSocket::new_v4().expect("a socket");
        socket.bind("127.0.0.1:0".parse().expect("an address")).expect("bound");
        // Nobody takes the connections: those that find no place get no answer at all, as behind a wall that drops them.
        let listener = socket.listen(1).expect("a listener");
        let address = listener.local_addr().expect("an address");
        let connect = |_: &u8| std::net::TcpStream::connect_timeout(&address, Duration::from_millis(100)).ok();
        let places: Vec<_> = (0..16).map_while(|n| connect(&n)).collect();
        assert!(places.len() < 16, "it is full");
        let request = axum::http::Request::get(format!("http://{address}/")).body(Vec::new()).expect("a request");
        let asked = Wire::new(true).ask(request).await;
        assert!(matches!(asked, Err(WireError::NoConnection(_))), "{asked:?}");
    }

    #[test]
    fn only_a_provider_on_this_machine_is_asked_without_encryption() {
        let may = |is_local, uri| Wire::new(is_local).may_ask(&Uri::from_static(uri));
        assert!(may(false, "https://login.example.fi/x") && may(true, "https://login.example.fi/x"));
        for local in ["http://127.0.0.1:4000/x", "http://[::1]:4000/x", "http://localhost:4000/x"] {
            assert!(may(true, local) && !may(false, local), "{local}");
        }
        for other in ["http://login.example.fi/x", "http://127.0.0.1.evil.example/", "/x"] {
            assert!(!may(true, other), "{other}");
        }
    }
}
