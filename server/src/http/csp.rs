//! Browsers' reports that a page of ours broke its content security policy. They are counted, and not read: anybody can send one.

use std::{
    sync::{Mutex, PoisonError},
    time::{Duration, Instant},
};

use axum::http::{HeaderMap, StatusCode, header};

/// The log has a line this often, however many reports there are.
const LINE_EACH: Duration = Duration::from_secs(60);

/// Reports, and since when the log was not told of them.
struct Count {
    all: u64,
    told: Option<Instant>,
}

static COUNT: Mutex<Count> = Mutex::new(Count { all: 0, told: None });

/// `POST /csp`
pub async fn report(headers: HeaderMap) -> StatusCode {
    let media_type = headers.get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    if !["application/csp-report", "application/reports+json"].iter().any(|of| media_type.starts_with(of)) {
        return StatusCode::UNSUPPORTED_MEDIA_TYPE;
    }
    metrics::counter!("hytevihko_csp_reports_total").increment(1);
    let mut count = COUNT.lock().unwrap_or_else(PoisonError::into_inner);
    count.all += 1;
    if count.told.is_none_or(|told| told.elapsed() >= LINE_EACH) {
        count.told = Some(Instant::now());
        tracing::warn!(reports = count.all, "browsers report that a page broke its content security policy");
    }
    StatusCode::NO_CONTENT
}
