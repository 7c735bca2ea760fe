//! The coordinator's page and its CSV: one report, protected before it gets here.

use app::server_pages::{MunicipalityPage, MunicipalityPageProps};
use axum::{
    extract::{Query, Request, State, rejection::QueryRejection},
    http::{HeaderMap, StatusCode, header},
    response::{IntoResponse, Redirect, Response},
};
use domain::{
    Month,
    codes::{ActivityForm, Municipality},
    municipality_report::{Inputs, KnownAssociation, MunicipalityReport, TallyRow, TidyRow, Value},
    protection::{Published, PublishedSum},
};
use serde::Deserialize;

use super::{FILES, language, message, render};
use crate::{
    Server, auth,
    error::Problem,
    releases,
    store::{Store, StoreError},
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
        Err(Problem::NotSignedIn) => Redirect::to("/").into_response(),
        Err(Problem::NotAllowed) => {
            message(request, lang, StatusCode::FORBIDDEN, pages::not_allowed(lang), pages::not_allowed_help(lang)).await
        }
        Err(other) => {
            tracing::error!(?other, "the municipality's page");
            message(request, lang, StatusCode::SERVICE_UNAVAILABLE, pages::try_again(lang), pages::back_to_start(lang))
                .await
        }
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
    Ok((headers, csv(&report)).into_response())
}

/// Who: a coordinator. May they: their own municipality only. Load: releases that are due first, then the sums.
async fn load(server: &Server, headers: &HeaderMap, year: Year) -> Result<MunicipalityReport, Problem> {
    let person = auth::signed_in(server, headers).await?.ok_or(Problem::NotSignedIn)?;
    let code = person.coordinates.ok_or(Problem::NotAllowed)?;
    let municipality = Municipality::parse(&code).ok_or(StoreError::Damaged("municipality of a coordinator"))?;
    releases::release_due(server).await?;
    let today = server.clock.today();
    let year = year.vuosi.unwrap_or(today.year()).clamp(domain::bounds::FIRST_YEAR, today.year());
    let (Some(from), Some(to)) = (Month::new(year - 1, 1), Month::new(year, 12)) else { return Err(Problem::NotFound) };
    let rows: Vec<TallyRow> = server
        .store
        .tallies(municipality.code(), from, to)
        .await?
        .into_iter()
        .filter_map(|row| {
            let form = ActivityForm::parse(&row.form)?;
            Some(TallyRow { month: row.month, association: row.association, form, amounts: row.amounts })
        })
        .collect();
    let mut guests: Vec<_> = rows.iter().map(|row| row.association).collect();
    guests.sort_unstable();
    guests.dedup();
    let associations = server
        .store
        .associations(municipality.code(), &guests)
        .await?
        .into_iter()
        .map(|row| KnownAssociation {
            id: row.id,
            home_is_here: row.home.as_deref() == Some(municipality.code()),
            no_activity: row.no_activity,
        })
        .collect();
    Ok(MunicipalityReport::new(Inputs {
        municipality,
        year,
        today,
        rows,
        associations,
        releases: releases::of_municipality(server, municipality, year).await?,
        breakdowns: releases::breakdowns(server, municipality, year).await?,
    }))
}

fn csv(report: &MunicipalityReport) -> String {
    let mut out = String::from("\u{feff}municipality;table;period;class;measure;value;precision;release\r\n");
    for row in report.tidy() {
        let TidyRow { table, period, class, measure, value, release } = row;
        let (value, precision) = text(value);
        let release = release.map(|number| number.to_string()).unwrap_or_default();
        let code = report.municipality.code();
        out.push_str(&format!("{code};{table};{period};{class};{measure};{value};{precision};{release}\r\n"));
    }
    out
}

/// The value, and how exact it is. A hidden value is the word, never a number (rule 6).
fn text(value: Value) -> (String, &'static str) {
    match value {
        Value::Published(Published::Exact(exact)) | Value::Sum(PublishedSum::Exact(exact)) => {
            (exact.to_string(), "exact")
        }
        Value::Published(Published::Rounded(rounded)) | Value::Sum(PublishedSum::Rounded(rounded)) => {
            (rounded.to_string(), "rounded to 5")
        }
        Value::Sum(PublishedSum::AtLeast(least)) => (least.to_string(), "at least"),
        Value::Published(Published::Suppressed) | Value::Sum(PublishedSum::Suppressed) => {
            ("suojattu".to_owned(), "suppressed")
        }
        Value::QuarterHours(quarters) => {
            let cents = quarters * 25;
            (format!("{},{:02}", cents / 100, cents % 100), "exact")
        }
    }
}
