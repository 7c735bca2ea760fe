//! Forms that a page answers: their fields are read by hand, so that a box may be ticked more than once, and whatever goes wrong is
//! answered with a page.

use axum::{
    Form, RequestExt,
    body::Body,
    extract::Request,
    http::{HeaderMap, Method, StatusCode},
    response::{IntoResponse, Redirect, Response},
};

use super::document::language;
use crate::{
    Server,
    http::{
        cookies::with_cookies,
        own_path::{in_query, own_path},
        page_problem::{message, not_found, refused},
        problem::Problem,
    },
    store::StoreError,
};
use app::texts::pages;
use axum::extract::State;
use domain::Lang;

/// The fields of a form, in their order.
#[derive(Debug, Default)]
pub struct Fields(Vec<(String, String)>);

impl Fields {
    /// The first field of this name; empty where there is none.
    pub fn get(&self, name: &str) -> &str {
        self.0.iter().find(|(one, _)| one == name).map_or("", |(_, value)| value)
    }

    pub fn all<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a str> {
        self.0.iter().filter(move |(one, _)| one == name).map(|(_, value)| value.as_str())
    }
}

/// Reads a form. The request comes back without its body: a page is rendered for it.
pub async fn read(request: Request) -> (Request, Result<Fields, Problem>) {
    let (parts, body) = request.into_parts();
    let mut bare = Request::new(Body::empty());
    *bare.method_mut() = parts.method.clone();
    *bare.uri_mut() = parts.uri.clone();
    *bare.headers_mut() = parts.headers.clone();
    let fields = Request::from_parts(parts, body).extract::<Form<Vec<(String, String)>>, _>().await;
    (bare, fields.map(|Form(fields)| Fields(fields)).map_err(Problem::from))
}

/// A request as it came, without its address and body: a page after a form is made from the browser's wishes and not from what was sent.
pub fn bare(headers: HeaderMap) -> Request {
    let mut request = Request::default();
    *request.headers_mut() = headers;
    request
}

/// What a handler came to, as a page where it is a problem.
pub async fn answered(server: &Server, request: Request, answer: Result<Response, Problem>) -> Response {
    match answer {
        Ok(answer) => answer,
        Err(problem) => not_done(server, request, problem, pages::not_allowed_help).await,
    }
}

/// A problem as a page. `whose` says, to who may not see it, whose page it is.
pub async fn not_done(
    server: &Server,
    request: Request,
    problem: Problem,
    whose: fn(Lang) -> &'static str,
) -> Response {
    let lang = language(server, request.headers());
    let (status, title, help) = match problem {
        Problem::NotSignedIn => return sign_in_first(&back_to(&request)),
        Problem::NotFound => return not_found(State(server.clone()), request).await,
        Problem::NotAllowed => (StatusCode::FORBIDDEN, pages::not_allowed(lang), whose(lang)),
        Problem::Store(StoreError::Damaged(what)) => {
            tracing::error!(what, "a page: the database is damaged");
            (StatusCode::SERVICE_UNAVAILABLE, pages::damaged(lang), pages::damaged_help(lang))
        }
        Problem::Busy(_) | Problem::TooMany(_) => return refused(server, request, problem).await,
        // What no page of ours sends is told as to a program.
        Problem::Unreadable(_) | Problem::TooLarge | Problem::WrongMediaType => return problem.into_response(),
        other => {
            tracing::error!(?other, "a page");
            (StatusCode::SERVICE_UNAVAILABLE, pages::try_again(lang), pages::back_to_start(lang))
        }
    };
    message(request, lang, status, title, help).await
}

/// The way to the page that signs in, for who is not; it leads back to a path of ours, or to nowhere in particular.
pub fn sign_in_first(to: &str) -> Response {
    Redirect::to(&format!("/kirjaudu?to={}", in_query(to))).into_response()
}

/// The way to the page that signs in, for who has to prove again who they are; it leads back to a path of ours.
pub fn prove_again(to: &str) -> Response {
    Redirect::to(&format!("/kirjaudu?to={}&varmista=1", in_query(to))).into_response()
}

/// Where whoever signs in first comes back to: the page that they asked for. A form is sent from a page that has the first two words of
/// its address, and is filled in again there.
fn back_to(request: &Request) -> String {
    let (uri, path) = (request.uri(), request.uri().path());
    if request.method() == Method::POST {
        let page: String = path.split('/').skip(1).take(2).flat_map(|word| ["/", word]).collect();
        return own_path(&page).unwrap_or("/").to_owned();
    }
    // A page can be found without what was asked of it.
    let whole = uri.path_and_query().and_then(|whole| own_path(whole.as_str()));
    whole.or_else(|| own_path(path)).unwrap_or("/").to_owned()
}

/// Leads on after a form, with the cookies of a new sign-in.
pub fn go(to: &str, cookies: impl IntoIterator<Item = String>) -> Response {
    with_cookies(Redirect::to(to).into_response(), cookies)
}
