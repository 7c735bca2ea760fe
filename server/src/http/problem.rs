//! One closed error enum, one place that sets the status, one JSON envelope with stable codes that the screens
//! translate.

use axum::{
    Json,
    extract::rejection::{BytesRejection, FormRejection, JsonRejection, QueryRejection},
    http::{HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};
use domain::UserId;
use serde::Serialize;
use sync::protocol::{REMOVED, hand_in::SIGN_IN_ENDED, invitations::codes, tokens};
use utoipa::ToSchema;

use crate::{
    files::FileProblem,
    identity::refused::Refused,
    store::{InvitationState, StoreError},
};

/// What a request can be answered with instead of what it asked for.
#[derive(Debug)]
pub enum Problem {
    NotSignedIn,
    /// The sign-in was ended from elsewhere: the phone hands in what it has, and forgets the rest.
    SignInEnded(UserId),
    NotAllowed,
    /// Whoever asks belonged to the association, and does no more.
    Removed,
    NotFound,
    /// The body is not what the route reads.
    Unreadable(&'static str),
    WrongMediaType,
    WrongMethod,
    TooLarge,
    /// A request from another site.
    CrossSite,
    /// The client is older than the server understands (S13).
    UpdateFirst,
    /// There is no such invitation.
    InvitationUnknown,
    /// The invitation can no longer be accepted.
    InvitationOver(InvitationState),
    /// A sensitive act: the person has to prove again who they are.
    ProveAgain,
    /// The association would be without a reviewer.
    LastReviewer,
    /// Nobody becomes a reviewer but by an invitation.
    InviteInstead,
    /// The token opens nothing here: it is nobody's, another association's, over, or not shaped as one. It does not say which.
    TokenUnknown,
    /// The association has as many tokens as it may have.
    TokensFull,
    /// The server did not come to an answer in time.
    TookTooLong,
    Passkey(Refused),
    /// A file that cannot be read.
    File(FileProblem),
    /// The server has too much to do; seconds until it is worth trying again.
    Busy(u64),
    /// One address, person or association has asked too often; seconds until it may ask again.
    TooMany(u64),
    Store(StoreError),
}

/// The body of every error of the API.
#[derive(Debug, Serialize, ToSchema)]
pub struct ProblemBody {
    /// Stable; the UI translates it.
    #[schema(example = "not-signed-in")]
    pub code: &'static str,
    /// For the reader of a log, in English.
    pub message: &'static str,
    /// Of `sign-in-ended`: whose sign-in it was.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>, format = Uuid)]
    pub user: Option<UserId>,
}

impl Problem {
    fn parts(&self) -> (StatusCode, &'static str, &'static str) {
        match self {
            Problem::NotSignedIn => (StatusCode::UNAUTHORIZED, "not-signed-in", "Sign in first."),
            Problem::SignInEnded(_) => {
                (StatusCode::UNAUTHORIZED, SIGN_IN_ENDED, "This sign-in was ended from elsewhere.")
            }
            Problem::NotAllowed => (StatusCode::FORBIDDEN, "not-allowed", "This sign-in may not do this."),
            Problem::Removed => (StatusCode::FORBIDDEN, REMOVED, "The membership has ended. Nothing was taken."),
            Problem::NotFound => (StatusCode::NOT_FOUND, "not-found", "There is nothing here."),
            Problem::Unreadable(what) => (StatusCode::BAD_REQUEST, "unreadable", what),
            Problem::WrongMediaType => (
                StatusCode::UNSUPPORTED_MEDIA_TYPE,
                "wrong-media-type",
                "Send application/json without a Content-Encoding.",
            ),
            Problem::WrongMethod => {
                (StatusCode::METHOD_NOT_ALLOWED, "wrong-method", "This address is asked in another way.")
            }
            Problem::TooLarge => (StatusCode::PAYLOAD_TOO_LARGE, "too-large", "Send fewer changes at a time."),
            Problem::CrossSite => (StatusCode::FORBIDDEN, "cross-site", "The request came from another site."),
            Problem::UpdateFirst => {
                (StatusCode::UPGRADE_REQUIRED, "update-first", "This version of the app is too old.")
            }
            Problem::InvitationUnknown => (StatusCode::NOT_FOUND, codes::UNKNOWN, "There is no such invitation."),
            Problem::InvitationOver(InvitationState::Expired) => {
                (StatusCode::GONE, codes::EXPIRED, "The invitation's time is over.")
            }
            Problem::InvitationOver(InvitationState::Revoked) => {
                (StatusCode::GONE, codes::REVOKED, "The invitation was taken back.")
            }
            Problem::InvitationOver(_) => (StatusCode::GONE, codes::USED, "Somebody has joined with this invitation."),
            Problem::ProveAgain => (StatusCode::FORBIDDEN, codes::PROVE_AGAIN, "Prove again who you are."),
            Problem::LastReviewer => {
                (StatusCode::CONFLICT, codes::LAST_REVIEWER, "The association would be without a reviewer.")
            }
            Problem::InviteInstead => {
                (StatusCode::CONFLICT, "invite-instead", "Nobody becomes a reviewer but by an invitation.")
            }
            Problem::TokenUnknown => (StatusCode::UNAUTHORIZED, "token-unknown", "This token opens nothing here."),
            Problem::TokensFull => (StatusCode::CONFLICT, tokens::FULL, "End a token first."),
            Problem::TookTooLong => (StatusCode::SERVICE_UNAVAILABLE, "try-again", "It took too long. Try again."),
            Problem::Passkey(refused) => passkey(*refused),
            Problem::File(problem) => (StatusCode::UNPROCESSABLE_ENTITY, problem.code(), problem.message()),
            Problem::Busy(_) => (StatusCode::SERVICE_UNAVAILABLE, "busy", "There is too much to do. Try again later."),
            Problem::TooMany(_) => (StatusCode::TOO_MANY_REQUESTS, "too-many", "Too many requests. Try again later."),
            Problem::Store(StoreError::Damaged(_)) => (
                StatusCode::SERVICE_UNAVAILABLE,
                "damaged",
                "Something in the database cannot be read. Nothing was taken or told; the operator's log names it.",
            ),
            Problem::Store(_) => {
                (StatusCode::SERVICE_UNAVAILABLE, "try-again", "The database did not answer. Try again.")
            }
        }
    }
}

/// Why a passkey was not taken.
fn passkey(refused: Refused) -> (StatusCode, &'static str, &'static str) {
    match refused {
        Refused::NoDomain => (StatusCode::CONFLICT, "passkey-no-domain", "Browsers make no passkeys for this address."),
        Refused::Expired => (StatusCode::GONE, "passkey-expired", "This took too long, or was finished before."),
        Refused::Unknown => (StatusCode::FORBIDDEN, "passkey-unknown", "This passkey is not known here."),
        Refused::OtherOrigin => (StatusCode::FORBIDDEN, "passkey-other-origin", "It was used at another address."),
        Refused::Copied => (StatusCode::FORBIDDEN, "passkey-copied", "There may be a copy of this passkey."),
        Refused::OtherPerson => (StatusCode::FORBIDDEN, "passkey-other-person", "This is another person's passkey."),
        Refused::TooMany => (StatusCode::CONFLICT, "passkey-too-many", "Remove a passkey first."),
        Refused::AlreadyThere => (StatusCode::CONFLICT, "passkey-already-there", "It is there already."),
        Refused::Failed => (StatusCode::FORBIDDEN, "passkey-failed", "The passkey did not do what was asked for."),
    }
}

impl From<Refused> for Problem {
    fn from(refused: Refused) -> Self {
        Problem::Passkey(refused)
    }
}

impl From<FileProblem> for Problem {
    fn from(problem: FileProblem) -> Self {
        Problem::File(problem)
    }
}

impl Problem {
    /// Seconds after which it is worth trying again.
    pub fn retry_after(&self) -> Option<u64> {
        match self {
            Problem::Busy(seconds) | Problem::TooMany(seconds) => Some(*seconds),
            _ => None,
        }
    }
}

impl From<StoreError> for Problem {
    fn from(error: StoreError) -> Self {
        metrics::counter!("hytevihko_database_errors_total").increment(1);
        Problem::Store(error)
    }
}

// What axum refuses before a handler sees it has our envelope too.

impl From<BytesRejection> for Problem {
    fn from(rejection: BytesRejection) -> Self {
        match rejection.status() {
            StatusCode::PAYLOAD_TOO_LARGE => Problem::TooLarge,
            _ => Problem::Unreadable("The body broke off. Nothing was taken."),
        }
    }
}

impl From<JsonRejection> for Problem {
    fn from(rejection: JsonRejection) -> Self {
        match rejection.status() {
            StatusCode::PAYLOAD_TOO_LARGE => Problem::TooLarge,
            StatusCode::UNSUPPORTED_MEDIA_TYPE => Problem::WrongMediaType,
            _ => Problem::Unreadable("The body is not what this route reads."),
        }
    }
}

impl From<QueryRejection> for Problem {
    fn from(_: QueryRejection) -> Self {
        Problem::Unreadable("The address is not what this route reads.")
    }
}

impl From<FormRejection> for Problem {
    fn from(rejection: FormRejection) -> Self {
        match rejection.status() {
            StatusCode::PAYLOAD_TOO_LARGE => Problem::TooLarge,
            _ => Problem::Unreadable("The form is not what this route reads."),
        }
    }
}

impl IntoResponse for Problem {
    fn into_response(self) -> Response {
        let (status, code, message) = self.parts();
        if let Problem::Store(error) = &self {
            tracing::error!(%error, "the database did not do what it should");
        }
        let user = match &self {
            Problem::SignInEnded(user) => Some(*user),
            _ => None,
        };
        let mut response = (status, Json(ProblemBody { code, message, user })).into_response();
        if let Problem::TokenUnknown = &self {
            // RFC 6750, section 3. Browsers ask their users nothing for this word.
            response.headers_mut().insert(header::WWW_AUTHENTICATE, HeaderValue::from_static("Bearer"));
        }
        if let Some(seconds) = self.retry_after() {
            response.headers_mut().insert(header::RETRY_AFTER, seconds.into());
        }
        response
    }
}
