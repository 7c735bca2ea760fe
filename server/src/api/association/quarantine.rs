//! `GET /api/v1/quarantine` and `POST /api/v1/quarantine/take`, `/discard`: an association's reviewers decide about what people who have left
//! handed in.

use std::collections::{HashMap, hash_map::Entry};

use axum::{
    Json,
    extract::{
        Query, State,
        rejection::{JsonRejection, QueryRejection},
    },
};
use domain::{AssociationId, ChangeId, DeviceId, Kind, RecordId, UserId};
use serde_json::Value;
use sync::{
    limits,
    protocol::{
        Change, Outcome,
        quarantine::{DecideRequest, QuarantineReply, QuarantinedRecord},
    },
    rules::hand_in::one_who_left,
};

use super::members::AssociationParams;
use crate::{
    Server,
    http::problem::{Problem, ProblemBody},
    identity::{
        scope::reviewer,
        sign_in::{Session, SignedIn},
    },
    store::{Act, AuditEntry, Decided, DeviceReport, Quarantined, group::Push},
};

/// So many are shown, and decided about, at once.
const SHOWN_MAX: u32 = 200;

/// Tells what people who have left handed in.
#[utoipa::path(get, path = "/api/v1/quarantine", params(AssociationParams), responses(
    (status = 200, body = QuarantineReply),
    (status = 400, body = ProblemBody), (status = 401, body = ProblemBody), (status = 403, body = ProblemBody),
    (status = 503, body = ProblemBody),
))]
pub async fn waiting(
    State(server): State<Server>,
    SignedIn(person): SignedIn,
    params: Result<Query<AssociationParams>, QueryRejection>,
) -> Result<Json<QuarantineReply>, Problem> {
    let Query(params) = params?;
    reviewer(&person, params.association)?;
    list(&server, params.association, 0).await
}

/// Takes in what was handed in: each becomes a record of the association, with the id that it had and by whoever recorded it.
#[utoipa::path(post, path = "/api/v1/quarantine/take", request_body = DecideRequest, responses(
    (status = 200, body = QuarantineReply),
    (status = 400, body = ProblemBody), (status = 401, body = ProblemBody), (status = 403, body = ProblemBody),
    (status = 413, body = ProblemBody), (status = 415, body = ProblemBody), (status = 503, body = ProblemBody),
))]
pub async fn take(
    State(server): State<Server>,
    session: Session,
    body: Result<Json<DecideRequest>, JsonRejection>,
) -> Result<Json<QuarantineReply>, Problem> {
    let (association, named) = named(&server, &session, body).await?;
    let count = named.len();
    let mut by_device: HashMap<(UserId, DeviceId), Vec<Quarantined>> = HashMap::new();
    for one in named {
        by_device.entry((one.user, one.device)).or_default().push(one);
    }
    // As a push of whoever recorded them, in their order: a repeat, from here or from the phone, changes nothing (S5).
    let mut taken = Vec::with_capacity(count);
    for ((user, device), of_device) in by_device {
        for batch in of_device.chunks(limits::CHANGES_PER_PUSH_MAX) {
            let results = server.writer.take(push(&server, association, user, device, batch)).await?;
            let is_in = |outcome| matches!(outcome, Outcome::Stored | Outcome::Merged | Outcome::Clash);
            taken.extend(results.iter().filter(|result| is_in(result.outcome)).map(|result| result.change));
        }
    }
    decide(&server, &session, association, &taken, Decided::Taken).await?;
    list(&server, association, count - taken.len()).await
}

/// Throws away what was handed in.
#[utoipa::path(post, path = "/api/v1/quarantine/discard", request_body = DecideRequest, responses(
    (status = 200, body = QuarantineReply),
    (status = 400, body = ProblemBody), (status = 401, body = ProblemBody), (status = 403, body = ProblemBody),
    (status = 413, body = ProblemBody), (status = 415, body = ProblemBody), (status = 503, body = ProblemBody),
))]
pub async fn discard(
    State(server): State<Server>,
    session: Session,
    body: Result<Json<DecideRequest>, JsonRejection>,
) -> Result<Json<QuarantineReply>, Problem> {
    let (association, named) = named(&server, &session, body).await?;
    let changes: Vec<ChangeId> = named.iter().map(|one| one.change).collect();
    decide(&server, &session, association, &changes, Decided::Discarded).await?;
    list(&server, association, 0).await
}

/// Of what waits, what a reviewer has named.
async fn named(
    server: &Server,
    session: &Session,
    body: Result<Json<DecideRequest>, JsonRejection>,
) -> Result<(AssociationId, Vec<Quarantined>), Problem> {
    let Json(DecideRequest { association, changes }) = body?;
    reviewer(&session.person, association)?;
    let mut waiting = server.store.quarantined(association, SHOWN_MAX).await?;
    waiting.retain(|one| changes.contains(&one.change));
    Ok((association, waiting))
}

async fn decide(
    server: &Server,
    session: &Session,
    association: AssociationId,
    changes: &[ChangeId],
    decided: Decided,
) -> Result<(), Problem> {
    let act = match decided {
        Decided::Taken => Act::HandedInTaken,
        Decided::Discarded => Act::HandedInDiscarded,
    };
    let entry = server.entry(Some(session.person.user), act, None);
    let entry = AuditEntry { association: Some(association), ..entry };
    server.store.decide_quarantined(association, changes, decided, entry).await?;
    Ok(())
}

fn push(server: &Server, association: AssociationId, user: UserId, device: DeviceId, batch: &[Quarantined]) -> Push {
    let change = |one: &Quarantined| {
        Ok(Change {
            change: one.change,
            record: one.record,
            kind: Kind::Gathering,
            base: one.base,
            content: Some(one.content.clone()),
            deleted: false,
            made_at: one.made_at,
            filed: false,
        })
    };
    Push {
        who: one_who_left(user, device, association, server.clock.today()),
        changes: batch.iter().map(change).collect(),
        // The device told nothing of itself.
        report: DeviceReport { device, user, counts: None, brought: None },
        now_ms: server.clock.now_ms(),
    }
}

async fn list(server: &Server, association: AssociationId, not_taken: usize) -> Result<Json<QuarantineReply>, Problem> {
    let waiting = server.store.quarantined(association, SHOWN_MAX).await?;
    let mut names: HashMap<UserId, String> = HashMap::new();
    for one in &waiting {
        if let Entry::Vacant(name) = names.entry(one.user) {
            name.insert(server.store.member_name(association, one.user).await?.unwrap_or_default());
        }
    }
    let shown = |one: Quarantined| {
        let text = |field: &str| one.content.get(field).and_then(Value::as_str);
        QuarantinedRecord {
            change: one.change,
            by: names.get(&one.user).cloned().unwrap_or_default(),
            date: text("date").unwrap_or_default().to_owned(),
            series: text("series").and_then(RecordId::parse),
            form: text("form").unwrap_or_default().to_owned(),
            participants: one.content.get("participants").and_then(Value::as_u64),
            is_edit: one.base > 0,
            until: one.handed_in_ms + limits::HAND_IN_MS,
        }
    };
    let records = waiting.into_iter().map(shown).collect();
    Ok(Json(QuarantineReply { records, not_taken: u32::try_from(not_taken).unwrap_or(u32::MAX) }))
}
