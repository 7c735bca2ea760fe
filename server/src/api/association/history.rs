//! `GET /api/v1/gatherings/history`: who recorded and changed a gathering, when, on which device, and how it was reviewed.

use axum::{
    Json,
    extract::{Query, State, rejection::QueryRejection},
};
use domain::{AssociationId, RecordId, UserId};
use serde::Deserialize;
use sync::{
    limits,
    protocol::history::{HistoryReply, RevisionShown},
};

use super::devices::code;
use crate::{
    Server,
    http::problem::{Problem, ProblemBody},
    identity::{scope::reviewer, sign_in::SignedIn},
    store::RevisionRow,
};

#[derive(Debug, Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
pub struct GatheringParams {
    #[param(value_type = String, format = Uuid)]
    pub association: AssociationId,
    #[param(value_type = String, format = Uuid)]
    pub gathering: RecordId,
}

/// Tells what happened to a gathering. For the reviewers of its association only: a gathering of another one is answered as one that
/// does not exist.
#[utoipa::path(get, path = "/api/v1/gatherings/history", params(GatheringParams), responses(
    (status = 200, body = HistoryReply),
    (status = 400, body = ProblemBody), (status = 401, body = ProblemBody), (status = 403, body = ProblemBody),
    (status = 404, body = ProblemBody, description = "the association has no such gathering"),
    (status = 503, body = ProblemBody),
))]
pub async fn history(
    State(server): State<Server>,
    SignedIn(person): SignedIn,
    params: Result<Query<GatheringParams>, QueryRejection>,
) -> Result<Json<HistoryReply>, Problem> {
    let Query(GatheringParams { association, gathering }) = params?;
    let association = reviewer(&person, association)?.membership.association;
    let most = limits::HISTORY_MAX;
    // One more than is told, to know whether there are older ones.
    let mut rows = server.store.revisions(association, gathering, most + 1).await?;
    if rows.is_empty() {
        return Err(Problem::NotFound);
    }
    let more = rows.len() > most as usize;
    rows.truncate(most as usize);
    Ok(Json(HistoryReply { revisions: rows.into_iter().map(|row| shown(association, row)).collect(), more }))
}

fn shown(association: AssociationId, row: RevisionRow) -> RevisionShown {
    let is_known = row.author != UserId::DELETED;
    RevisionShown {
        kind: row.kind,
        rev: row.rev,
        content: row.content,
        at: row.stored_at_ms,
        by: row.nickname.filter(|_| is_known),
        device: is_known.then(|| code(association, row.author, row.device)),
    }
}
