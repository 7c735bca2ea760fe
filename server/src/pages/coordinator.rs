//! The coordinator's page and its CSV, both from one report that is protected before it gets here.

use app::server_pages::{AreasPage, AreasPageProps, MunicipalityPage, MunicipalityPageProps};
use axum::{
    extract::{Query, Request, State, rejection::QueryRejection},
    http::{HeaderMap, StatusCode, header},
    response::{IntoResponse, Response},
};
use domain::{Area, codes::Municipality, municipality_report::MunicipalityReport};
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
pub struct Asked {
    vuosi: Option<i16>,
    /// A municipality's code. Nothing remembers it.
    kunta: Option<String>,
}

/// What a coordinator is shown.
enum Figures {
    /// Of one of the municipalities to choose from.
    Of(Box<MunicipalityReport>, Vec<Municipality>),
    /// None yet: these are areas that have no figures of their own, and the municipalities in them that can be looked at.
    NotYet(Vec<Area>, Vec<Municipality>),
}

/// `GET /kunta`
pub async fn municipality(
    State(server): State<Server>,
    asked: Result<Query<Asked>, QueryRejection>,
    request: Request,
) -> Response {
    let lang = language(&server, request.headers());
    let Ok(Query(asked)) = asked else {
        return message(request, lang, StatusCode::BAD_REQUEST, common::not_found(lang), pages::not_found_help(lang))
            .await;
    };
    match load(&server, request.headers(), asked).await {
        Ok(Figures::Of(report, choices)) => {
            let today = server.clock.today();
            let page = move || {
                let (report, choices) = ((*report).clone(), choices.clone());
                MunicipalityPage(MunicipalityPageProps { lang, files: FILES.clone(), report, choices, today })
            };
            render(request, page).await
        }
        Ok(Figures::NotYet(areas, choices)) => {
            let page = move || {
                let (areas, choices) = (areas.clone(), choices.clone());
                AreasPage(AreasPageProps { lang, files: FILES.clone(), areas, choices })
            };
            render(request, page).await
        }
        Err(problem) => answered(&server, request, Err(problem)).await,
    }
}

/// `GET /kunta/csv`: the page's figures as CSV (UTF-8 with BOM, `;`), one a line.
pub async fn municipality_csv(
    State(server): State<Server>,
    asked: Result<Query<Asked>, QueryRejection>,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    let Query(asked) = asked?;
    let Figures::Of(report, _) = load(&server, &headers, asked).await? else { return Err(Problem::NotFound) };
    let name = format!("attachment; filename=\"hytevihko-{}-{}.csv\"", report.municipality.code(), report.year);
    let headers = [(header::CONTENT_TYPE, "text/csv; charset=utf-8".to_owned()), (header::CONTENT_DISPOSITION, name)];
    Ok((headers, export::csv(&report)).into_response())
}

/// Who: a coordinator. May they: a municipality of their own areas; any other is answered as one that does not exist. Load: releases that
/// are due first, then the sums.
async fn load(server: &Server, headers: &HeaderMap, asked: Asked) -> Result<Figures, Problem> {
    let person = sign_in::signed_in(server, headers).await?.ok_or(Problem::NotSignedIn)?;
    if person.areas.is_empty() {
        return Err(Problem::NotAllowed);
    }
    let choices = choices(&person.areas);
    let first = person.areas.iter().find_map(|area| area.municipality());
    let municipality = match &asked.kunta {
        Some(code) => choices.iter().copied().find(|one| one.code() == code).ok_or(Problem::NotFound)?,
        None => match first {
            Some(first) => first,
            None => return Ok(Figures::NotYet(person.areas, choices)),
        },
    };
    releases::release_due(server).await?;
    let report = municipality::report(server, municipality, asked.vuosi).await?;
    Ok(Figures::Of(Box::new(report), choices))
}

/// The municipalities whose pages a coordinator of these areas may look at: their own, and those of a county of theirs. What is on such a page
/// is published, or exact by rule 1; the county's own figures are protected against whoever knows every municipality's (rule 4). A
/// coordinator of the nation looks at none of 300 municipalities.
fn choices(areas: &[Area]) -> Vec<Municipality> {
    let of = |area: &Area| -> Vec<Municipality> {
        match area {
            Area::Municipality(municipality) => vec![*municipality],
            Area::County(county) => Municipality::all().filter(|one| one.county() == *county).collect(),
            Area::Nation => Vec::new(),
        }
    };
    let mut choices: Vec<Municipality> = areas.iter().flat_map(of).collect();
    choices.sort_unstable();
    choices.dedup();
    choices
}
