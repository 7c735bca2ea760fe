//! `POST /api/v1/passkey/…`: signing in with a passkey, and making one. The page asks its browser in between, by `public/passkey.js`.

use axum::{
    Json,
    extract::{State, rejection::JsonRejection},
    http::HeaderMap,
    response::{IntoResponse, Response},
};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::ToSchema;
use uuid::Uuid;

use crate::{
    Server,
    http::{
        client_address::ClientAddress,
        cookies::with_cookies,
        own_path::own_path,
        problem::{Problem, ProblemBody},
    },
    identity::{
        passkey::{self, Begun},
        proof,
        refused::Refused,
        sign_in::{self, NewSignIn, Session},
    },
    pages::first_page::first_page,
};

/// What the browser is to ask its authenticator.
#[derive(Serialize, ToSchema)]
pub struct PasskeyBegun {
    /// Names the ceremony at its end, within five minutes and once.
    pub ceremony: Uuid,
    /// The `publicKey` of `navigator.credentials`, with every binary value in base 64 for addresses.
    #[schema(value_type = Object)]
    pub options: Value,
}

/// What the authenticator has answered.
#[derive(Deserialize, ToSchema)]
pub struct PasskeySignIn {
    pub ceremony: Uuid,
    /// The `PublicKeyCredential` in JSON.
    #[schema(value_type = Object)]
    pub credential: Value,
    /// Nobody else uses this device.
    #[serde(default)]
    pub own_device: bool,
    /// Only whoever is signed in already proves again who they are.
    #[serde(default)]
    pub again: bool,
    /// A path of ours to go on to.
    #[serde(default)]
    pub to: String,
}

#[derive(Serialize, ToSchema)]
pub struct PasskeySignedIn {
    /// A path of ours to go on to.
    pub to: String,
}

#[derive(Deserialize, ToSchema)]
pub struct NewPasskey {
    pub ceremony: Uuid,
    /// The `PublicKeyCredential` in JSON.
    #[schema(value_type = Object)]
    pub credential: Value,
    /// What the person calls the key; of more than 40 characters the first.
    #[serde(default)]
    #[schema(max_length = 4096)]
    pub name: String,
}

#[derive(Serialize, ToSchema)]
pub struct PasskeyAdded {
    pub id: Uuid,
}

/// Begins to sign somebody in: whom, their passkey says.
#[utoipa::path(post, path = "/api/v1/passkey/begin", request_body = Object, responses(
    (status = 200, body = PasskeyBegun), (status = 400, body = ProblemBody), (status = 403, body = ProblemBody),
    (status = 409, body = ProblemBody), (status = 413, body = ProblemBody), (status = 415, body = ProblemBody),
    (status = 429, body = ProblemBody), (status = 503, body = ProblemBody)
))]
pub async fn begin(State(server): State<Server>, from: ClientAddress) -> Result<Json<PasskeyBegun>, Problem> {
    Ok(begun(passkey::begin_sign_in(&server, from)?))
}

/// Signs in whoever's passkey it was, or takes it as a further proof of whoever is signed in.
#[utoipa::path(post, path = "/api/v1/passkey/finish", request_body = PasskeySignIn, responses(
    (status = 200, body = PasskeySignedIn), (status = 400, body = ProblemBody), (status = 401, body = ProblemBody),
    (status = 403, body = ProblemBody), (status = 409, body = ProblemBody), (status = 410, body = ProblemBody),
    (status = 413, body = ProblemBody), (status = 415, body = ProblemBody), (status = 429, body = ProblemBody),
    (status = 503, body = ProblemBody)
))]
pub async fn finish(
    State(server): State<Server>,
    headers: HeaderMap,
    body: Result<Json<PasskeySignIn>, JsonRejection>,
) -> Result<Response, Problem> {
    let Json(asked) = body?;
    let only = match asked.again {
        true => Some(sign_in::signed_in(&server, &headers).await?.ok_or(Problem::NotSignedIn)?.user),
        false => None,
    };
    let key = passkey::finish_sign_in(&server, asked.ceremony, asked.credential).await?;
    if only.is_some_and(|user| user != key.user) {
        return Err(Refused::OtherPerson.into());
    }
    let new = NewSignIn { user: key.user, way: passkey::way(&key), is_own_device: asked.own_device };
    let came = proof::proved(&server, &headers, new).await?;
    let to = own_path(&asked.to).unwrap_or_else(|| first_page(&came.person)).to_owned();
    Ok(with_cookies(Json(PasskeySignedIn { to }).into_response(), came.cookies))
}

/// Begins to make a passkey of whoever is signed in and has proved in the last minutes who they are.
#[utoipa::path(post, path = "/api/v1/passkey/register/begin", request_body = Object, responses(
    (status = 200, body = PasskeyBegun), (status = 400, body = ProblemBody), (status = 401, body = ProblemBody),
    (status = 403, body = ProblemBody), (status = 409, body = ProblemBody), (status = 413, body = ProblemBody),
    (status = 415, body = ProblemBody), (status = 503, body = ProblemBody)
))]
pub async fn register_begin(State(server): State<Server>, session: Session) -> Result<Json<PasskeyBegun>, Problem> {
    Ok(begun(passkey::begin_registration(&server, &session).await?))
}

/// Keeps the passkey that was made.
#[utoipa::path(post, path = "/api/v1/passkey/register/finish", request_body = NewPasskey, responses(
    (status = 200, body = PasskeyAdded), (status = 400, body = ProblemBody), (status = 401, body = ProblemBody),
    (status = 403, body = ProblemBody), (status = 409, body = ProblemBody), (status = 410, body = ProblemBody),
    (status = 413, body = ProblemBody), (status = 415, body = ProblemBody), (status = 503, body = ProblemBody)
))]
pub async fn register_finish(
    State(server): State<Server>,
    session: Session,
    body: Result<Json<NewPasskey>, JsonRejection>,
) -> Result<Json<PasskeyAdded>, Problem> {
    let Json(NewPasskey { ceremony, credential, name }) = body?;
    let key = passkey::finish_registration(&server, &session, ceremony, &name, credential).await?;
    Ok(Json(PasskeyAdded { id: key.id }))
}

fn begun((ceremony, options): Begun) -> Json<PasskeyBegun> {
    Json(PasskeyBegun { ceremony, options })
}
