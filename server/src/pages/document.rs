//! What every rendered page is made with: the browser's files, the reader's language, the nonce.

use std::sync::LazyLock;

use app::server_pages::{Files, page_language, shell_html};
use axum::{
    body::Body,
    extract::Request,
    http::{HeaderMap, header},
    response::Response,
};
use domain::Lang;
use leptos::prelude::{IntoView, use_context};

use crate::{
    Server, assets,
    http::{cookies::cookie, headers::content_security_policy},
};

/// URLs of the browser's files, for documents.
pub(crate) static FILES: LazyLock<Files> = LazyLock::new(|| {
    let all = assets::list();
    let url =
        |role: &str| all.iter().find(|asset| asset.role == role).map(|asset| asset.url.clone()).unwrap_or_default();
    Files { style: url("style"), boot: url("boot"), script: url("script"), wasm: url("wasm") }
});

/// The shell's bytes: made once, the same for every path and visitor.
pub(crate) static SHELL: LazyLock<String> = LazyLock::new(|| shell_html(FILES.clone()));

/// A demo server also speaks what is not offered, so that whoever translates sees their words where they will stand.
pub(crate) fn language(server: &Server, headers: &HeaderMap) -> Lang {
    let accept = headers.get(header::ACCEPT_LANGUAGE).and_then(|value| value.to_str().ok());
    page_language(cookie(headers, "kieli").as_deref(), accept, server.demo)
}

/// leptos_axum writes its (empty) hydration data as inline scripts; a nonce lets those and no others run.
fn allow_own_scripts() {
    leptos::nonce::provide_nonce();
    let nonce = leptos::nonce::use_nonce().map(|nonce| nonce.to_string()).unwrap_or_default();
    let policy = content_security_policy(&format!("'nonce-{nonce}'"));
    if let (Some(response), Ok(policy)) = (use_context::<leptos_axum::ResponseOptions>(), policy.parse()) {
        response.insert_header(header::CONTENT_SECURITY_POLICY, policy);
    }
}

pub(crate) async fn render<V: IntoView + 'static>(
    request: Request<Body>,
    page: impl Fn() -> V + Clone + Send + Sync + 'static,
) -> Response {
    leptos_axum::render_app_async_with_context(allow_own_scripts, page)(request).await
}
