//! Where a person goes first.

use domain::{Role, UserId};

use crate::{Server, http::problem::Problem};

/// Where a person goes first.
pub async fn first_page(server: &Server, user: UserId) -> Result<&'static str, Problem> {
    let person = server.store.person(user).await?.ok_or(Problem::NotSignedIn)?;
    Ok(if person.areas.iter().any(|area| area.municipality().is_some()) {
        "/kunta"
    } else if !person.areas.is_empty() {
        "/kunta/yhdistykset"
    } else if person.memberships.iter().any(|membership| membership.role == Role::Reviewer) {
        "/app/yhdistys"
    } else if person.is_operator {
        "/yllapito"
    } else if person.memberships.is_empty() {
        "/oma"
    } else {
        "/app"
    })
}
