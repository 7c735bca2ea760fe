//! HTTP requests to the server. Anything but the expected answer is a failure, never a guess (S4).

use std::{pin::Pin, time::Duration};

use domain::{AssociationId, DeviceId, UserId};
use leptos::prelude::window;
use serde::de::DeserializeOwned;
use serde_json::Value;
use sync::{
    engine::Failure,
    limits,
    local::Cursor,
    protocol::{HEADER, OfferReply, OfferRequest, PULL_MAGIC, PullReply, PushReply, PushRequest, REMOVED},
};
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{AbortSignal, RequestInit, RequestRedirect, Response};

/// A little under the engine's lease, so that a slow answer is given up before it is asked for again.
const TIMEOUT: Duration = Duration::from_millis(limits::LEASE_MS - 5_000);

pub async fn push(request: &PushRequest) -> Result<PushReply, Failure> {
    post("/api/v1/sync/push", serde_json::to_string(request)).await
}

pub async fn offer(request: &OfferRequest) -> Result<OfferReply, Failure> {
    post("/api/v1/sync/offer", serde_json::to_string(request)).await
}

async fn post<T: DeserializeOwned>(url: &str, body: serde_json::Result<String>) -> Result<T, Failure> {
    fetch(url, Some(&body.map_err(|_| Failure::NoAnswer)?)).await
}

/// What a device tells of itself at each contact, so that a loss can be noticed.
#[derive(Clone, Copy)]
pub struct SelfReport {
    pub device: DeviceId,
    pub counter: u64,
    pub waiting: usize,
    pub thrown: u64,
}

pub async fn pull(
    user: UserId,
    association: AssociationId,
    cursor: &Cursor,
    report: SelfReport,
) -> Result<PullReply, Failure> {
    let Cursor { epoch, seq } = cursor;
    let SelfReport { device, counter, waiting, thrown } = report;
    // By hand: a writer made by serde weighs more, and this is in the app's first file.
    let body = format!(
        r#"{{"magic":"{PULL_MAGIC}","user":"{user}","association":"{association}","device":"{device}","schema":{},"#,
        limits::SCHEMA
    ) + &format!(
        r#""after":{seq},"epoch":{},"counter":{counter},"waiting":{waiting},"thrown":{thrown}}}"#,
        // Not by `Display`, which brings a second writer of JSON, indented too.
        serde_json::to_string(epoch).unwrap_or_default()
    );
    fetch("/api/v1/sync/pull", Some(&body)).await
}

pub async fn get<T: DeserializeOwned>(url: &str) -> Result<T, Failure> {
    fetch(url, None).await
}

/// One type for all answers: a future is compiled into each place that awaits it.
type Fetching<'a> = Pin<Box<dyn Future<Output = Result<String, Failure>> + 'a>>;

async fn fetch<T: DeserializeOwned>(url: &str, body: Option<&str>) -> Result<T, Failure> {
    serde_json::from_str(&text(url, body).await?).map_err(|_| Failure::NoAnswer)
}

/// The text of an answer.
pub fn text<'a>(url: &'a str, body: Option<&'a str>) -> Fetching<'a> {
    Box::pin(async move { fetch_text(url, body).await.map_err(|failure| failure.unwrap_or(Failure::NoAnswer)) })
}

async fn fetch_text(url: &str, body: Option<&str>) -> Result<String, Option<Failure>> {
    let Answer { response, text } = ask(url, body).await.ok_or(None)?;
    match response.status() {
        200 => text.ok_or(None),
        403 if text.as_deref().is_some_and(is_removed) => Err(Some(Failure::Removed)),
        401 | 403 => Err(Some(Failure::SignIn)),
        413 => Err(Some(Failure::TooLarge)),
        426 => Err(Some(Failure::UpdateFirst)),
        _ => Err(None),
    }
}

fn is_removed(text: &str) -> bool {
    serde_json::from_str::<Value>(text).is_ok_and(|body| body["code"] == REMOVED)
}

/// An answer of whatever status, and by whomever.
pub struct Answer {
    pub response: Response,
    /// None where it broke off.
    pub text: Option<String>,
}

/// Asks an address, and reads the answer to its end; none without an answer.
pub fn ask<'a>(url: &'a str, body: Option<&'a str>) -> Pin<Box<dyn Future<Output = Option<Answer>> + 'a>> {
    Box::pin(async move { answer(url, body).await.ok() })
}

async fn answer(url: &str, body: Option<&str>) -> Result<Answer, JsValue> {
    let options = RequestInit::new();
    // A redirect is a captive portal or a sign-in page, never a receipt.
    options.set_redirect(RequestRedirect::Error);
    options.set_signal(Some(&AbortSignal::timeout_with_u32(TIMEOUT.as_millis() as u32)));
    if let Some(body) = body {
        options.set_method("POST");
        options.set_body(&body.into());
        let headers = web_sys::Headers::new()?;
        headers.set("content-type", "application/json")?;
        headers.set(HEADER, "1")?;
        options.set_headers(&headers);
    }
    let response: Response = JsFuture::from(window().fetch_with_str_and_init(url, &options)).await?.dyn_into()?;
    // A refusal is read to its end too: what nobody reads keeps its connection open.
    let text = JsFuture::from(response.text()?).await.ok().and_then(|text| text.as_string());
    Ok(Answer { response, text })
}
