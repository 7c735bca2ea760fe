//! Who is signed in, and to which associations they belong.

use axum::{Json, extract::State};
use serde::Serialize;
use utoipa::ToSchema;

use crate::{
    Server,
    auth::SignedIn,
    error::{Problem, ProblemBody},
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

/// Tells who is signed in.
#[utoipa::path(get, path = "/api/v1/me", responses(
    (status = 200, body = Me), (status = 401, body = ProblemBody), (status = 503, body = ProblemBody)
))]
pub async fn me(State(server): State<Server>, SignedIn(person): SignedIn) -> Result<Json<Me>, Problem> {
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
    Ok(Json(Me {
        user: person.user.to_string(),
        nickname: person.nickname,
        associations,
        coordinates: person.coordinates,
        server_time: server.clock.now_ms(),
    }))
}
