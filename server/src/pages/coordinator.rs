//! The coordinator's page and its CSV, both from one report that is protected before it gets here.

use app::server_pages::{MunicipalityPage, MunicipalityPageProps};
use axum::{
    extract::{Query, Request, State, rejection::QueryRejection},
    http::{HeaderMap, StatusCode, header},
    response::{IntoResponse, Response},
};
use domain::municipality_report::MunicipalityReport;
use serde::Deserialize;

use super::{
    document::{FILES, language, render},
    form::answered,
};
use crate::{
    Server,
    http::{page_problem::message, problem::Problem},
    identity::sign_in,
    reports::{export, municipality, releases},
};
use app::texts::{common, pages};

#[derive(Deserialize)]
pub struct Year {
    vuosi: Option<i16>,
}

/// `GET /kunta`
pub async fn municipality(
    State(server): State<Server>,
    year: Result<Query<Year>, QueryRejection>,
    request: Request,
) -> Response {
    let lang = language(&server, request.headers());
    let Ok(Query(year)) = year else {
        return message(request, lang, StatusCode::BAD_REQUEST, common::not_found(lang), pages::not_found_help(lang))
            .await;
    };
    match load(&server, request.headers(), year).await {
        Ok(report) => {
            let today = server.clock.today();
            let page = move || {
                MunicipalityPage(MunicipalityPageProps { lang, files: FILES.clone(), report: report.clone(), today })
            };
            render(request, page).await
        }
        Err(problem) => answered(&server, request, Err(problem)).await,
    }
}

/// `GET /kunta/csv`: the page's figures as CSV (UTF-8 with BOM, `;`), one a line.
pub async fn municipality_csv(
    State(server): State<Server>,
    year: Result<Query<Year>, QueryRejection>,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    let Query(year) = year?;
    let report = load(&server, &headers, year).await?;
    let name = format!("attachment; filename=\"hytevihko-{}-{}.csv\"", report.municipality.code(), report.year);
    let headers = [(header::CONTENT_TYPE, "text/csv; charset=utf-8".to_owned()), (header::CONTENT_DISPOSITION, name)];
    Ok((headers, export::csv(&report)).into_response())
}

/// Who: a coordinator. May they: their own municipality only. Load: releases that are due first, then the sums.
async fn load(server: &Server, headers: &HeaderMap, year: Year) -> Result<MunicipalityReport, Problem> {
    let person = sign_in::signed_in(server, headers).await?.ok_or(Problem::NotSignedIn)?;
    let municipality = person.areas.iter().find_map(|area| area.municipality()).ok_or(Problem::NotAllowed)?;
    releases::release_due(server).await?;
    Ok(municipality::report(server, municipality, year.vuosi).await?)
}
