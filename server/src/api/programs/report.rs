//! `GET /api/v1/associations/{association}/report`: the figures of a pack, of any days, as a tidy table.

use axum::{
    extract::{Query, State, rejection::QueryRejection},
    http::HeaderMap,
    response::Response,
};
use domain::{
    Date, date,
    report::{packs::Pack, range::Range},
};
use serde::{Deserialize, Serialize};

use super::{
    answer::Version,
    cells::{FigureRow, PackCode},
};
use crate::{
    Server,
    api::association::whole::Whole,
    http::problem::{Problem, ProblemBody},
    identity::read_token::Reading,
    reports::association::{self, Packs},
};

#[derive(Debug, Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
pub struct ReportParams {
    /// What somebody asks the association for.
    #[param(inline, value_type = PackCode)]
    pub pack: String,
    /// The first day. Both days are in the range; from 1 January to 31 December it is a whole year.
    #[param(format = Date, example = "2026-01-01")]
    pub from: String,
    /// The last day.
    #[param(format = Date, example = "2026-12-31")]
    pub to: String,
}

/// The figures of a pack, in the order in which they are shown.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct ReportRows {
    pub pack: &'static str,
    #[schema(format = Date)]
    pub from: String,
    #[schema(format = Date)]
    pub to: String,
    /// The day on which they were computed: what can be compared with the year before depends on it.
    #[schema(format = Date)]
    pub today: String,
    pub rows: Vec<FigureRow>,
}

/// Tells the figures that somebody asks the association for, by stable codes.
#[utoipa::path(get, path = "/api/v1/associations/{association}/report",
    params(("association" = String, Path, format = Uuid), ReportParams), security(("token" = []), ()), responses(
    (status = 200, body = ReportRows, description = "its version is in `ETag`",
     headers(("ETag" = Option<String>, description = "none where somebody wrote while it was read"))),
    (status = 304, description = "it is the version of `If-None-Match`"),
    (status = 400, body = ProblemBody),
    (status = 401, body = ProblemBody, description = "no sign-in; `token-unknown`: this token opens nothing here"),
    (status = 403, body = ProblemBody, description = "not a reviewer, or a token without the scope `figures`"),
    (status = 503, body = ProblemBody),
))]
pub async fn report(
    State(server): State<Server>,
    reading: Reading,
    params: Result<Query<ReportParams>, QueryRejection>,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    let of = reading.figures()?;
    let Query(params) = params?;
    let pack = Pack::parse(&params.pack).ok_or(Problem::Unreadable("There is no such pack."))?;
    const NO_DAYS: &str = "A day is written as 2026-01-31, from 2000 to 2100, and the first is not after the last.";
    let range = association::days(&params.from, &params.to).ok_or(Problem::Unreadable(NO_DAYS))?;
    let [from, to] = [range.first(), range.last()].map(date::iso);
    let asked = format!("report {} {from} {to}", pack.code());
    let version = Version::of(&server, of, &asked).await?;
    if let Some(unchanged) = version.unchanged(&headers) {
        return Ok(unchanged);
    }
    let whole = Whole::read(&server, of).await?;
    let today = server.clock.today();
    let computed = tokio::task::spawn_blocking(move || rows(&packs(&whole, pack, range, today)));
    let rows = computed.await.map_err(|_| Problem::TookTooLong)?;
    let rows = rows.ok_or(Problem::Unreadable("These are more figures than an answer has. Ask for fewer days."))?;
    let today = date::iso(today);
    version.answer(&server, ReportRows { pack: pack.code(), from, to, today, rows }).await
}

/// By the functions that a phone has, too.
fn packs(whole: &Whole, pack: Pack, range: Range, today: Date) -> Packs {
    association::packs(&[pack], range, today, whole.report_rows(), &whole.series, &whole.people())
}

/// None where they are too many ([`Packs::are_too_many`]).
fn rows(found: &Packs) -> Option<Vec<FigureRow>> {
    if found.are_too_many() {
        return None;
    }
    Some(found.packs.iter().flat_map(|(_, figures)| figures).map(FigureRow::of).collect())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::reports::association::FIGURES_MAX;
    use domain::report::{
        key::{Key, Table},
        measure::Measure,
        tidy::{Basis, Cover, Figure, Span, Value},
    };

    #[test]
    fn an_answer_has_as_many_figures_as_a_file_and_not_one_more() {
        let figure = Figure {
            table: Table::Whole,
            group: Key::all(),
            span: Span::Whole,
            measure: Measure::Visits,
            value: Value::Count(1),
            covers: Cover::default(),
            basis: Basis::default(),
        };
        let told = |figures: usize| {
            let packs = vec![(Pack::Year, vec![figure.clone(); figures])];
            rows(&Packs { range: Range::Year(2026), packs, cover: Vec::new() }).map(|rows| rows.len())
        };
        assert_eq!((told(0), told(FIGURES_MAX), told(FIGURES_MAX + 1)), (Some(0), Some(FIGURES_MAX), None));
    }
}
