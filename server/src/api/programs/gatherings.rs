//! `GET /api/v1/associations/{association}/gatherings`: all gatherings, one row each, page by page.

use axum::{
    extract::{Query, State, rejection::QueryRejection},
    http::HeaderMap,
    response::Response,
};
use domain::Lang;
use serde::{Deserialize, Serialize};

use super::{
    answer::Version,
    cells::GatheringRow,
    page::{LIMIT_MAX, PageParams},
};
use crate::{
    Server,
    api::association::whole::Whole,
    http::problem::{Problem, ProblemBody},
    identity::read_token::Reading,
};

const _: () = assert!(LIMIT_MAX == 500, "as the description says");

#[derive(Debug, Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
pub struct GatheringsParams {
    /// `next` of the page before; none for the first page.
    pub cursor: Option<String>,
    /// Gatherings in a page: 100 where it is not said.
    #[param(minimum = 1, maximum = 500)]
    pub limit: Option<u32>,
    /// Language of the names of codes: `fi` where it is not said.
    #[param(example = "fi")]
    pub lang: Option<String>,
}

/// A page of gatherings, in the order of their ids.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct GatheringsPage {
    pub gatherings: Vec<GatheringRow>,
    /// `cursor` of the next page; null at the end.
    pub next: Option<String>,
}

/// Tells the association's gatherings as the file of all rows has them. What is recorded or changed meanwhile is told as it is then; what is
/// there from the first page to the last is told exactly once.
#[utoipa::path(get, path = "/api/v1/associations/{association}/gatherings",
    params(("association" = String, Path, format = Uuid), GatheringsParams), security(("token" = []), ()), responses(
    (status = 200, body = GatheringsPage, description = "its version is in `ETag`",
     headers(("ETag" = Option<String>, description = "none where somebody wrote while it was read"))),
    (status = 304, description = "it is the version of `If-None-Match`"),
    (status = 400, body = ProblemBody),
    (status = 401, body = ProblemBody, description = "no sign-in; `token-unknown`: this token opens nothing here"),
    (status = 403, body = ProblemBody, description = "not a reviewer, or a token without the scope `gatherings`"),
    (status = 503, body = ProblemBody),
))]
pub async fn gatherings(
    State(server): State<Server>,
    reading: Reading,
    params: Result<Query<GatheringsParams>, QueryRejection>,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    let association = reading.gatherings()?;
    let Query(GatheringsParams { cursor, limit, lang }) = params?;
    let known = lang.as_deref().map_or(Some(Lang::Fi), Lang::from_tag).filter(|lang| lang.is_offered());
    let lang = known.ok_or(Problem::Unreadable("There is no such language."))?;
    let params = PageParams { cursor, limit };
    let page = params.read()?;
    let version = Version::of(&server, association, &format!("gatherings {params:?} {}", lang.tag())).await?;
    if let Some(unchanged) = version.unchanged(&headers) {
        return Ok(unchanged);
    }
    let whole = Whole::read(&server, association).await?;
    let (rows, next) = page.of(whole.gatherings.iter().map(|(id, row)| (*id, row)));
    let gatherings = rows.into_iter().map(|(id, row)| GatheringRow::of(lang, whole.file_row(id, row))).collect();
    version.answer(&server, GatheringsPage { gatherings, next }).await
}
