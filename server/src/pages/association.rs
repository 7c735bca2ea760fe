//! The page that everybody may read of an association, where it has made it public.

use app::server_pages::{AssociationPage, AssociationPageProps};
use axum::{
    extract::{Path, Query, Request, State, rejection::QueryRejection},
    http::{HeaderName, HeaderValue, header},
    response::Response,
};
use domain::{
    AssociationId, Kind, Lang,
    public_page::{Page, public_page},
};
use serde::Deserialize;

use super::document::{FILES, language, render};
use crate::{
    Server,
    http::{page_problem::not_found, problem::Problem},
    store::StoreError,
};

/// Groups that are read for a page: more than any association has.
const SERIES_MAX: u32 = 500;

/// Nobody shows the page again without asking: it depends on the chosen language, which is in a cookie, and what was withdrawn or hidden is
/// gone at once.
const NOT_KEPT: HeaderValue = HeaderValue::from_static("private, no-cache");

#[derive(Deserialize)]
pub struct InLanguage {
    /// A link can name a language, for whoever has chosen none.
    kieli: Option<String>,
}

/// `GET /yhdistykset/{id}`: without a sign-in, a cookie or a script. What is not public is answered as what is not there, word for word.
pub async fn page(
    State(server): State<Server>,
    Path(id): Path<String>,
    asked: Result<Query<InLanguage>, QueryRejection>,
    request: Request,
) -> Result<Response, Problem> {
    let Query(InLanguage { kieli }) = asked?;
    let page = match AssociationId::parse(&id) {
        Some(association) => load(&server, association).await?,
        None => None,
    };
    let Some(page) = page else { return Ok(not_found(State(server), request).await) };
    let named = kieli.as_deref().and_then(Lang::from_tag).filter(|lang| lang.is_offered());
    let lang = named.unwrap_or_else(|| language(&server, request.headers()));
    let here = format!("/yhdistykset/{id}");
    let draw = move || {
        let (page, here) = (page.clone(), here.clone());
        AssociationPage(AssociationPageProps { lang, files: FILES.clone(), page, here })
    };
    let mut response = render(request, draw).await;
    let headers = response.headers_mut();
    headers.insert(header::CACHE_CONTROL, NOT_KEPT);
    // The public directory is to decide whether search engines lead here.
    headers.insert(HeaderName::from_static("x-robots-tag"), HeaderValue::from_static("noindex"));
    Ok(response)
}

/// What the association shows today: of its own record and its groups, and of nothing else.
async fn load(server: &Server, association: AssociationId) -> Result<Option<Page>, StoreError> {
    let Some(own) = server.store.own_record(association).await? else { return Ok(None) };
    let series = server.store.contents(association, Kind::Series, SERIES_MAX).await?;
    Ok(public_page(&own, series.iter().map(|(_, content)| content), server.clock.today()))
}
