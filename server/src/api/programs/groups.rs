//! `GET /api/v1/associations/{association}/groups`: the association's groups, page by page.

use axum::{
    extract::{Query, State, rejection::QueryRejection},
    http::HeaderMap,
    response::Response,
};
use domain::{Content, Kind, RecordId, Series};
use serde::Serialize;

use super::{answer::Version, page::PageParams};
use crate::{
    Server,
    http::problem::{Problem, ProblemBody},
    identity::read_token::Reading,
};

/// A page of groups, in the order of their ids.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct GroupsPage {
    pub groups: Vec<GroupRow>,
    /// `cursor` of the next page; null at the end.
    pub next: Option<String>,
}

/// A group: what rows name as `series_id`, and reports as `group`.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct GroupRow {
    #[schema(value_type = String, format = Uuid)]
    pub id: RecordId,
    pub name: String,
    /// It has ended.
    pub archived: bool,
    /// All its fields by their codes; what was not said is left out.
    #[schema(value_type = Object)]
    pub fields: Content,
}

/// Tells the association's groups. With a token of any scope: a report names them by their ids.
#[utoipa::path(get, path = "/api/v1/associations/{association}/groups",
    params(("association" = String, Path, format = Uuid), PageParams), security(("token" = []), ()), responses(
    (status = 200, body = GroupsPage, description = "its version is in `ETag`",
     headers(("ETag" = Option<String>, description = "none where somebody wrote while it was read"))),
    (status = 304, description = "it is the version of `If-None-Match`"),
    (status = 400, body = ProblemBody),
    (status = 401, body = ProblemBody, description = "no sign-in; `token-unknown`: this token opens nothing here"),
    (status = 403, body = ProblemBody, description = "not a reviewer"),
    (status = 503, body = ProblemBody),
))]
pub async fn groups(
    State(server): State<Server>,
    Reading { association, .. }: Reading,
    params: Result<Query<PageParams>, QueryRejection>,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    let Query(params) = params?;
    let page = params.read()?;
    let version = Version::of(&server, association, &format!("groups {params:?}")).await?;
    if let Some(unchanged) = version.unchanged(&headers) {
        return Ok(unchanged);
    }
    let all = server.store.contents(association, Kind::Series, u32::MAX).await?;
    // One that this version cannot read is none, as on a device.
    let (groups, next) = page.of(all.into_iter().filter_map(|(id, content)| Some((id, Series::parse(&content).ok()?))));
    let row = |(id, series): (RecordId, Series)| {
        let fields = series.to_content();
        GroupRow { id, name: series.name, archived: series.archived, fields }
    };
    version.answer(&server, GroupsPage { groups: groups.into_iter().map(row).collect(), next }).await
}
