//! `GET /api/v1/gatherings.xlsx`: all gatherings of an association, one row each.

use axum::{
    extract::{Query, State, rejection::QueryRejection},
    http::{HeaderMap, header},
    response::{IntoResponse, Response},
};

use super::{members::AssociationParams, whole::Whole};
use crate::{
    Server,
    files::export::{MEDIA_TYPE, workbook},
    http::problem::{Problem, ProblemBody},
    identity::{scope::reviewer, sign_in::SignedIn},
    pages::document::language,
};

/// Tells all gatherings as a spreadsheet, in the language of the browser. It can be read by an import again.
#[utoipa::path(get, path = "/api/v1/gatherings.xlsx", params(AssociationParams), responses(
    (status = 200, content_type = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", body = String,
     description = "an XLSX file"),
    (status = 400, body = ProblemBody), (status = 401, body = ProblemBody), (status = 403, body = ProblemBody),
    (status = 503, body = ProblemBody),
))]
pub async fn gatherings(
    State(server): State<Server>,
    SignedIn(person): SignedIn,
    params: Result<Query<AssociationParams>, QueryRejection>,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    let Query(AssociationParams { association }) = params?;
    reviewer(&person, association)?;
    server.limits.association(association)?;
    let lang = language(&server, &headers);
    let found = Whole::read(&server, association).await?;
    let today = server.clock.today();
    let made = tokio::task::spawn_blocking(move || workbook(lang, &found.name, today, found.rows()));
    let file = made.await.ok().flatten().ok_or(Problem::TookTooLong)?;
    Ok(attached(&format!("hytevihko-{today}.xlsx"), file))
}

/// A spreadsheet that a browser keeps under this name.
pub(super) fn attached(name: &str, file: Vec<u8>) -> Response {
    let headers = [
        (header::CONTENT_TYPE, MEDIA_TYPE.to_owned()),
        (header::CONTENT_DISPOSITION, format!("attachment; filename=\"{name}\"")),
        (header::CACHE_CONTROL, "no-store".to_owned()),
    ];
    (headers, file).into_response()
}
