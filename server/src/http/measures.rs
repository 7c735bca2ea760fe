//! Figures for Prometheus, on a listener of their own: off by default, and never on the address that browsers reach.

use std::{future::pending, net::SocketAddr, time::Duration};

use axum::{Router, extract::State, http::header, response::IntoResponse, routing::get};
use metrics_exporter_prometheus::{PrometheusBuilder, PrometheusHandle};
use tokio::{net::TcpListener, time::sleep};

use super::{client_address::TrustedProxies, patience::Patience, serve::serve};
use crate::{Server, store::group::Writer};

/// Upper bounds of a request's time, in seconds: a pull takes 2 ms, a page 20, a push with its disk 5; one second is too long.
const BUCKETS_S: [f64; 10] = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 1.0, 10.0];
/// How often the samples are summed up, so that they take no memory where nobody asks for them.
const UPKEEP: Duration = Duration::from_secs(5);
/// Connections at once: a monitor or two.
const CONNECTIONS: usize = 16;

/// Begins to measure, and answers `GET /metrics` there until the returned task is aborted.
///
/// # Errors
/// Where the address is taken, or something else in this process measures already.
pub async fn start(
    address: SocketAddr,
    server: &Server,
) -> Result<tokio::task::JoinHandle<()>, Box<dyn std::error::Error>> {
    let listener = TcpListener::bind(address).await.map_err(|error| format!("cannot listen on {address}: {error}"))?;
    let handle = PrometheusBuilder::new().set_buckets(&BUCKETS_S)?.install_recorder()?;
    describe();
    println!("Figures for Prometheus are on http://{}/metrics", listener.local_addr()?);
    let router = router(handle.clone(), server.writer.clone());
    let patience = Patience { connections: CONNECTIONS, ..server.patience };
    Ok(tokio::spawn(async move {
        let upkeep = async {
            loop {
                sleep(UPKEEP).await;
                handle.run_upkeep();
            }
        };
        tokio::select! {
            () = serve(listener, router, patience, TrustedProxies::default(), pending()) => {}
            () = upkeep => {}
        }
    }))
}

fn router(handle: PrometheusHandle, writer: Writer) -> Router {
    Router::new().route("/metrics", get(figures)).with_state((handle, writer))
}

async fn figures(State((handle, writer)): State<(PrometheusHandle, Writer)>) -> impl IntoResponse {
    metrics::gauge!("hytevihko_writer_waiting").set(writer.waiting() as f64);
    ([(header::CONTENT_TYPE, "text/plain; version=0.0.4")], handle.render())
}

fn describe() {
    metrics::describe_counter!("hytevihko_requests_total", "Answers, by the route's template, method and status.");
    metrics::describe_histogram!("hytevihko_request_seconds", "From a request's headers to its answer, by template.");
    metrics::describe_gauge!("hytevihko_writer_waiting", "Pushes that wait for the writer.");
    metrics::describe_counter!("hytevihko_database_errors_total", "What the database could not do for a request.");
    metrics::describe_counter!("hytevihko_csp_reports_total", "Reports of browsers that a page broke its own policy.");
}
