//! `GET /api/v1/gatherings.xlsx`: all gatherings of an association, one row each.

use std::collections::HashMap;

use axum::{
    extract::{Query, State, rejection::QueryRejection},
    http::{HeaderMap, header},
    response::{IntoResponse, Response},
};
use domain::{
    Gathering, Kind, RecordId, Series,
    report::rows::FileRow,
    review::{Review, ReviewState},
};
use sync::limits;

use super::members::AssociationParams;
use crate::{
    Server,
    files::export::{MEDIA_TYPE, workbook},
    http::problem::{Problem, ProblemBody},
    identity::{scope::reviewer, sign_in::SignedIn},
    pages::document::language,
    store::{RowsQuery, StoreError},
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
    let mut gatherings: Vec<(RecordId, u32, Gathering)> = Vec::new();
    let mut series: HashMap<RecordId, String> = HashMap::new();
    let mut reviews = HashMap::new();
    let (mut name, mut after) = (String::new(), 0);
    loop {
        let query = RowsQuery { association, after, limit: limits::PULL_PAGE_MAX, reviews_for: None };
        let rows = server.store.rows_after(&query).await?;
        let Some(last) = rows.last() else { break };
        after = last.seq;
        for row in rows {
            let Some(content) = &row.content else { continue };
            match row.kind {
                Kind::Gathering => {
                    // A row that is left out unsaid would be a wrong figure.
                    let one = Gathering::parse(content, domain::Date::MAX);
                    gatherings.push((row.id, row.rev, one.map_err(|_| StoreError::Damaged("a gathering"))?));
                }
                Kind::Series => {
                    if let Ok(one) = Series::parse(content) {
                        series.insert(row.id, one.name);
                    }
                }
                // In the order of the association's changes: the latest stands.
                Kind::Review => {
                    if let Ok(review) = Review::parse(content) {
                        reviews.insert(review.gathering, (review.revision, review.verdict));
                    }
                }
                Kind::Association => {
                    content.get("name").and_then(|name| name.as_str()).unwrap_or_default().clone_into(&mut name);
                }
                _ => {}
            }
        }
    }
    gatherings.sort_by_key(|(id, _, gathering)| (gathering.date, gathering.start, *id));
    let today = server.clock.today();
    let made = tokio::task::spawn_blocking(move || {
        let row = |(id, rev, gathering): &(RecordId, u32, Gathering)| {
            let name = gathering.series.and_then(|id| series.get(&id));
            let state = ReviewState::of(*rev, reviews.get(id).copied());
            (*id, gathering.clone(), name.cloned(), state)
        };
        let rows: Vec<_> = gatherings.iter().map(row).collect();
        let rows = rows.iter().map(|(id, gathering, series, state)| FileRow {
            id: *id,
            gathering,
            series: series.as_deref(),
            state: *state,
        });
        workbook(lang, &name, today, rows)
    });
    let file = made.await.ok().flatten().ok_or(Problem::TookTooLong)?;
    let headers = [
        (header::CONTENT_TYPE, MEDIA_TYPE.to_owned()),
        (header::CONTENT_DISPOSITION, format!("attachment; filename=\"hytevihko-{today}.xlsx\"")),
        (header::CACHE_CONTROL, "no-store".to_owned()),
    ];
    Ok((headers, file).into_response())
}
