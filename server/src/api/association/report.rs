//! `GET /api/v1/report.xlsx`: the association's figures of some days, a sheet for each pack.

use axum::{
    extract::{Query, State, rejection::QueryRejection},
    http::HeaderMap,
    response::Response,
};
use domain::{
    AssociationId, date,
    report::{packs::Pack, range::Range},
};
use serde::Deserialize;

use super::{export::attached, whole::Whole};
use crate::{
    Server,
    files::report::{About, workbook},
    http::problem::{Problem, ProblemBody},
    identity::{scope::reviewer, sign_in::SignedIn},
    pages::document::language,
    reports::association,
};

#[derive(Debug, Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
pub struct ReportParams {
    #[param(value_type = String, format = Uuid)]
    pub association: AssociationId,
    /// A pack's code; every pack where none is named.
    #[param(pattern = "^(year|stea|municipality|youth_and_sport|county|sivis|annual_report|description)$")]
    pub pack: Option<String>,
    /// The first day, of the years 2000–2100.
    #[param(format = Date, example = "2026-01-01")]
    pub from: String,
    /// The last day, not before the first.
    #[param(format = Date, example = "2026-12-31")]
    pub to: String,
}

impl ReportParams {
    /// The packs and the days that are asked for. None of what is no pack, or no days that a gathering can have.
    fn parse(&self) -> Option<(Vec<Pack>, Range)> {
        let packs = match &self.pack {
            Some(code) => vec![Pack::parse(code)?],
            None => Pack::ALL.to_vec(),
        };
        Some((packs, association::days(&self.from, &self.to)?))
    }
}

/// Tells the association's figures as a spreadsheet, in the language of the browser: the figures that its devices have, one a row.
#[utoipa::path(get, path = "/api/v1/report.xlsx", params(ReportParams), responses(
    (status = 200, content_type = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", body = String,
     description = "an XLSX file"),
    (status = 400, body = ProblemBody), (status = 401, body = ProblemBody), (status = 403, body = ProblemBody),
    (status = 503, body = ProblemBody),
))]
pub async fn packs(
    State(server): State<Server>,
    SignedIn(person): SignedIn,
    params: Result<Query<ReportParams>, QueryRejection>,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    let Query(params) = params?;
    reviewer(&person, params.association)?;
    server.limits.association(params.association)?;
    let (packs, range) = params.parse().ok_or(Problem::Unreadable("No such pack, or no such days."))?;
    let lang = language(&server, &headers);
    let found = Whole::read(&server, params.association).await?;
    let today = server.clock.today();
    let days = format!("{}-{}", date::iso(range.first()), date::iso(range.last()));
    let name = match packs[..] {
        [one] => format!("hytevihko-{}-{days}.xlsx", one.code()),
        _ => format!("hytevihko-{days}.xlsx"),
    };
    let made = tokio::task::spawn_blocking(move || {
        let of = association::packs(&packs, range, today, found.report_rows(), &found.series, &found.people());
        workbook(About { lang, association: &found.name, series: &found.series, today }, &of)
    });
    let file = made.await.map_err(|_| Problem::TookTooLong)?;
    let file = file
        .ok_or(Problem::Unreadable("These are more figures than a file has. Ask for one pack, or for fewer days."))?;
    Ok(attached(&name, file))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn asked(pack: Option<&str>, from: &str, to: &str) -> Option<(usize, String)> {
        let params = ReportParams {
            association: AssociationId::from_bytes([1; 16]),
            pack: pack.map(str::to_owned),
            from: from.to_owned(),
            to: to.to_owned(),
        };
        params.parse().map(|(packs, range)| (packs.len(), range.to_string()))
    }

    #[test]
    fn one_pack_or_all_of_days_that_a_gathering_can_have() {
        let days = || "2026-01-01..2026-12-31".to_owned();
        assert_eq!(asked(None, "2026-01-01", "2026-12-31"), Some((Pack::ALL.len(), days())));
        assert_eq!(asked(Some("stea"), "2026-01-01", "2026-12-31"), Some((1, days())));
        assert!(asked(None, "2000-01-01", "2100-12-31").is_some());
        for (from, to) in [
            ("2026-12-31", "2026-01-01"),
            ("1999-12-31", "2026-01-01"),
            ("2026-01-01", "2101-01-01"),
            ("2026-02-30", "2026-12-31"),
            ("2026", "2026-12-31"),
            ("", ""),
        ] {
            assert_eq!(asked(None, from, to), None, "{from} {to}");
        }
        assert_eq!(asked(Some("bingo"), "2026-01-01", "2026-12-31"), None);
    }

    #[test]
    fn the_description_knows_every_pack() {
        let params = <ReportParams as utoipa::IntoParams>::into_params(|| None);
        let described = serde_json::to_string(&params).expect("a description");
        let codes: Vec<&str> = Pack::ALL.iter().map(|pack| pack.code()).collect();
        assert!(described.contains(&format!("^({})$", codes.join("|"))), "{described}");
    }
}
