//! Who is signed in, and to which associations they belong.

use axum::{
    Json,
    extract::State,
    http::HeaderMap,
    response::{IntoResponse, Response},
};
use sync::protocol::me::{DeviceBefore, MeReply, MyAssociation, MyDevice};

use crate::{
    Server,
    http::{
        cookies::with_cookies,
        problem::{Problem, ProblemBody},
    },
    identity::sign_in,
};

/// Tells who is signed in, and gives the browser a device id where it has none.
#[utoipa::path(get, path = "/api/v1/me", responses(
    (status = 200, body = MeReply),
    (status = 401, body = ProblemBody, description = "not signed in; `sign-in-ended`: no more, and the phone forgets"),
    (status = 503, body = ProblemBody)
))]
pub async fn me(State(server): State<Server>, headers: HeaderMap) -> Result<Response, Problem> {
    let Some(session) = sign_in::session(&server, &headers).await? else {
        return Err(match sign_in::ended(&server, &headers).await? {
            Some(ended) => Problem::SignInEnded(ended.user),
            None => Problem::NotSignedIn,
        });
    };
    let rotated = sign_in::rotate(&server, &session).await?;
    let person = session.person;
    let (device, cookie) = sign_in::device(&server, &headers);
    let contacts = server.store.last_contacts(person.user).await?;
    let ended = server.store.ended_memberships(person.user).await?;
    let last = contacts.iter().find(|last| last.device == device);
    // A browser that never told of itself may be one that was cleared together with its cookies.
    let waits = contacts.iter().find(|contact| contact.counts.waiting > 0);
    let before = waits.or(contacts.first()).filter(|_| last.is_none());
    let associations = person
        .memberships
        .into_iter()
        .map(|membership| MyAssociation {
            id: membership.association,
            name: membership.name,
            role: membership.role,
            volunteers_set_up_series: membership.volunteers_set_up_series,
        })
        .collect();
    let municipality = person.areas.iter().find_map(|area| area.municipality());
    let me = MeReply {
        user: person.user,
        nickname: person.nickname,
        associations,
        coordinates: municipality.map(|municipality| municipality.code().to_owned()),
        server_time: server.clock.now_ms(),
        device: Some(MyDevice {
            id: device,
            last_contact: last.map(|last| last.at_ms),
            waiting: last.map(|last| last.counts.waiting),
            counter: last.map(|last| last.counts.counter),
            before: before.map(|last| DeviceBefore { last_contact: last.at_ms, waiting: last.counts.waiting }),
        }),
        ended,
    };
    Ok(with_cookies(Json(me).into_response(), rotated.into_iter().chain(cookie)))
}
