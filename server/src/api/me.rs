//! Who is signed in, and to which associations they belong.

use axum::{
    Json,
    extract::State,
    http::{HeaderMap, header},
    response::{IntoResponse, Response},
};
use serde::Serialize;
use utoipa::ToSchema;

use crate::{
    Server,
    auth::{self, SignedIn},
    error::{Problem, ProblemBody},
    store::Store,
};

/// The signed-in user, as the app keeps it for use without a network.
#[derive(Debug, Serialize, ToSchema)]
pub struct Me {
    #[schema(format = Uuid)]
    pub user: String,
    pub nickname: String,
    pub associations: Vec<MyAssociation>,
    /// Code of the municipality whose protected counts the user may see.
    pub coordinates: Option<String>,
    pub server_time: i64,
    pub device: MyDevice,
}

/// The browser by its long-lived cookie, which outlives its storage: one that was met and whose storage is empty has lost it.
#[derive(Debug, Serialize, ToSchema)]
pub struct MyDevice {
    /// The browser's device id.
    #[schema(format = Uuid)]
    pub id: String,
    /// When this user's app on it last told of itself, milliseconds since 1970; null when it never did.
    pub last_contact: Option<i64>,
    /// Changes that waited there then.
    pub waiting: Option<u64>,
    /// Changes that had ever been made there then.
    pub counter: Option<u64>,
    /// Where this browser never told of itself: the user's device that did last, one on which something waited before all others.
    pub before: Option<DeviceBefore>,
}

/// Another browser of the same user: maybe this very one, before it was cleared together with its cookies.
#[derive(Debug, Serialize, ToSchema)]
pub struct DeviceBefore {
    /// Milliseconds since 1970.
    pub last_contact: i64,
    /// Changes that waited there then.
    pub waiting: u64,
}

#[derive(Debug, Serialize, ToSchema)]
pub struct MyAssociation {
    #[schema(format = Uuid)]
    pub id: String,
    pub name: String,
    #[schema(example = "volunteer")]
    pub role: &'static str,
    pub volunteers_set_up_series: bool,
}

/// Tells who is signed in, and gives the browser a device id where it has none.
#[utoipa::path(get, path = "/api/v1/me", responses(
    (status = 200, body = Me), (status = 401, body = ProblemBody), (status = 503, body = ProblemBody)
))]
pub async fn me(
    State(server): State<Server>,
    SignedIn(person): SignedIn,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    let (device, cookie) = auth::device(&headers);
    let contacts = server.store.last_contacts(person.user).await?;
    let last = contacts.iter().find(|last| last.device == device);
    // A browser that never told of itself may be one that was cleared together with its cookies.
    let waits = contacts.iter().find(|contact| contact.told.waiting > 0);
    let before = waits.or(contacts.first()).filter(|_| last.is_none());
    let associations = person
        .memberships
        .into_iter()
        .map(|membership| MyAssociation {
            id: membership.association.to_string(),
            name: membership.name,
            role: membership.role.name(),
            volunteers_set_up_series: membership.volunteers_set_up_series,
        })
        .collect();
    let me = Me {
        user: person.user.to_string(),
        nickname: person.nickname,
        associations,
        coordinates: person.coordinates,
        server_time: server.clock.now_ms(),
        device: MyDevice {
            id: device.to_string(),
            last_contact: last.map(|last| last.at_ms),
            waiting: last.map(|last| last.told.waiting),
            counter: last.map(|last| last.told.counter),
            before: before.map(|last| DeviceBefore { last_contact: last.at_ms, waiting: last.told.waiting }),
        },
    };
    let mut answer = Json(me).into_response();
    if let Some(cookie) = cookie.and_then(|cookie| cookie.parse().ok()) {
        answer.headers_mut().append(header::SET_COOKIE, cookie);
    }
    Ok(answer)
}
