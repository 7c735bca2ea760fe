//! `GET /api/v1/associations/{association}/report`: the figures of a pack, of any days, as a tidy table.

use axum::{
    extract::{Query, State, rejection::QueryRejection},
    http::HeaderMap,
    response::Response,
};
use domain::{
    Date, bounds, date,
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
    reports::association,
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
    let (from, to) = (day(&params.from)?, day(&params.to)?);
    if from > to {
        return Err(Problem::Unreadable("The first day is after the last one."));
    }
    let asked = format!("report {} {} {}", pack.code(), date::iso(from), date::iso(to));
    let version = Version::of(&server, of, &asked).await?;
    if let Some(unchanged) = version.unchanged(&headers) {
        return Ok(unchanged);
    }
    let whole = Whole::read(&server, of).await?;
    let today = server.clock.today();
    let computed = tokio::task::spawn_blocking(move || rows(&whole, pack, Range::Days(from, to), today));
    let rows = computed.await.map_err(|_| Problem::TookTooLong)?;
    let [from, to, today] = [from, to, today].map(date::iso);
    version.answer(&server, ReportRows { pack: pack.code(), from, to, today, rows }).await
}

/// A day that a gathering can have.
fn day(text: &str) -> Result<Date, Problem> {
    let day = date::parse(text).filter(|day| (bounds::FIRST_YEAR..=bounds::LAST_YEAR).contains(&day.year()));
    day.ok_or(Problem::Unreadable("A day is written as 2026-01-31, from 2000 to 2100."))
}

/// By the functions that a phone has, too.
fn rows(whole: &Whole, pack: Pack, range: Range, today: Date) -> Vec<FigureRow> {
    let found = association::packs(&[pack], range, today, whole.report_rows(), &whole.series, &whole.people());
    found.packs.iter().flat_map(|(_, figures)| figures).map(FigureRow::of).collect()
}
