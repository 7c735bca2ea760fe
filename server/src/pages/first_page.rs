//! Where a person goes first.

use domain::Role;

use crate::store::Person;

/// Where a person goes first. `person`: as their sign-in makes them, so that it leads nowhere that they may not see.
pub fn first_page(person: &Person) -> &'static str {
    if person.areas.iter().any(|area| area.municipality().is_some()) {
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
    }
}
