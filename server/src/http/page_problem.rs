//! Errors as a reader sees them: a page with a sentence, in their language.

use app::{
    server_pages::{MessagePage, MessagePageProps},
    texts::common,
};
use axum::{
    extract::Request,
    http::StatusCode,
    response::{IntoResponse, Response},
};

use domain::Lang;

use super::problem::Problem;
use crate::pages::document::{FILES, language, render};

/// Everything that is not there: JSON under `/api`, a page elsewhere.
pub async fn not_found(request: Request) -> Response {
    if request.uri().path().starts_with("/api/") {
        return Problem::NotFound.into_response();
    }
    let lang = language(request.headers());
    message(request, StatusCode::NOT_FOUND, common::not_found(lang), common::not_found_help(lang)).await
}

/// Title and help of a page whose figures cannot be read: none are better than some. Only a server that has such a page says it,
/// so it is here and not among the texts of the app; a language without it reads Finnish.
pub fn damaged(lang: Lang) -> (&'static str, &'static str) {
    match lang {
        Lang::Sv => (
            "Uppgifterna kan inte läsas",
            "Något i databasen kan inte läsas. Därför visas inga siffror alls. Kontakta den som sköter tjänsten.",
        ),
        Lang::En => (
            "The figures cannot be read",
            "Something in the database cannot be read, so no figures are shown. Contact whoever runs this service.",
        ),
        _ => (
            "Tietoja ei voi lukea",
            "Jotain tietokannassa ei voi lukea. Siksi lukuja ei näytetä lainkaan. Ota yhteyttä palvelun ylläpitoon.",
        ),
    }
}

/// A route that is asked in a way that it has no answer to.
pub async fn wrong_method() -> Problem {
    Problem::WrongMethod
}

pub async fn message(request: Request, status: StatusCode, title: &'static str, help: &'static str) -> Response {
    let lang = language(request.headers());
    let page = move || MessagePage(MessagePageProps { lang, files: FILES.clone(), title, help });
    let mut response = render(request, page).await;
    *response.status_mut() = status;
    response
}
