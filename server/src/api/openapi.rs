//! The OpenAPI description of the API: `/api/v1/openapi.json`.

use axum::Json;
use utoipa::{
    Modify, OpenApi,
    openapi::{
        ContentBuilder, Deprecated, Ref, ResponseBuilder,
        path::Operation,
        security::{HttpAuthScheme, HttpBuilder, SecurityScheme},
    },
};

#[derive(OpenApi)]
#[openapi(
    info(
        title = "Hytevihko",
        description = "How devices and the server agree. Within /api/v1 fields are only ever added."
    ),
    paths(
        super::sync::push::push,
        super::sync::offer::offer,
        super::sync::hand_in::hand_in,
        super::sync::pull::pull,
        super::sync::pull::pull_by_address,
        super::account::me::me,
        super::account::passkey::begin,
        super::account::passkey::finish,
        super::account::passkey::register_begin,
        super::account::passkey::register_finish,
        super::association::devices::devices,
        super::association::devices::seen,
        super::association::history::history,
        super::invitations::look,
        super::invitations::accept,
        super::association::import::preview,
        super::association::import::save,
        super::association::import::undo,
        super::association::export::gatherings,
        super::association::invitations::open,
        super::association::invitations::invite,
        super::association::invitations::revoke,
        super::association::members::members,
        super::association::members::rename,
        super::association::members::role,
        super::association::members::remove,
        super::association::quarantine::waiting,
        super::association::quarantine::take,
        super::association::quarantine::discard,
        super::association::tokens::tokens,
        super::association::tokens::make,
        super::association::tokens::end,
        super::programs::gatherings::gatherings,
        super::programs::groups::groups,
        super::programs::report::report,
        super::association::report::packs,
        super::health::healthz,
        super::health::readyz,
        openapi,
        super::association::sign_ins::sign_ins,
        super::association::sign_ins::end,
        super::association::audit::audit,
        super::association::reminders::reminders,
        super::association::reminders::mail,
        super::association::reminders::here,
    ),
    modifiers(&OfEveryRoute, &OfEarlierReleases, &OfPrograms),
    components(schemas(sync::protocol::Change, sync::protocol::Held, sync::protocol::Offered))
)]
pub struct Api;

/// What the layer around the handlers (`http/around.rs`) may answer in place of each of them.
struct OfEveryRoute;

impl Modify for OfEveryRoute {
    fn modify(&self, api: &mut utoipa::openapi::OpenApi) {
        const EACH: [(&str, &str); 2] = [("429", "asked too often; Retry-After"), ("503", "busy; Retry-After")];
        const CHANGING: [(&str, &str); 4] = [
            ("400", "the body broke off or cannot be read"),
            ("403", "from a page of another site"),
            ("413", "more than the route reads"),
            ("415", "not application/json"),
        ];
        for (_, item) in api.paths.paths.iter_mut().filter(|(path, _)| path.starts_with("/api/")) {
            item.get.iter_mut().chain(&mut item.post).for_each(|operation| add(operation, &EACH));
            item.post.iter_mut().for_each(|operation| add(operation, &CHANGING));
        }
    }
}

/// What only apps of earlier releases call.
struct OfEarlierReleases;

impl Modify for OfEarlierReleases {
    fn modify(&self, description: &mut utoipa::openapi::OpenApi) {
        let pull = description.paths.paths.get_mut("/api/v1/sync/pull").and_then(|path| path.get.as_mut());
        if let Some(pull) = pull {
            pull.deprecated = Some(Deprecated::True);
        }
    }
}

/// How a program says that it may read.
struct OfPrograms;

impl Modify for OfPrograms {
    fn modify(&self, description: &mut utoipa::openapi::OpenApi) {
        let said =
            "A token that a reviewer of the association has made. It reads this association and signs nobody in.";
        let scheme = HttpBuilder::new().scheme(HttpAuthScheme::Bearer).bearer_format("hyte_…").description(Some(said));
        let components = description.components.get_or_insert_default();
        components.add_security_scheme("token", SecurityScheme::Http(scheme.build()));
    }
}

fn add(operation: &mut Operation, answers: &[(&str, &str)]) {
    for (status, description) in answers {
        let envelope = ContentBuilder::new().schema(Some(Ref::from_schema_name("ProblemBody"))).build();
        let response = ResponseBuilder::new().description(*description).content("application/json", envelope).build();
        operation.responses.responses.entry((*status).to_owned()).or_insert_with(|| response.into());
    }
}

/// This description.
#[utoipa::path(get, path = "/api/v1/openapi.json", responses((status = 200, body = Object)))]
pub async fn openapi() -> Json<utoipa::openapi::OpenApi> {
    Json(Api::openapi())
}
