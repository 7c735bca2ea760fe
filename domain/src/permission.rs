//! Permissions: who may do what. The screens and the server call the same function.

use crate::{Content, Kind};

/// What a user is in one association.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Role {
    Volunteer,
    Reviewer,
}

impl Role {
    pub const fn name(self) -> &'static str {
        match self {
            Role::Volunteer => "volunteer",
            Role::Reviewer => "reviewer",
        }
    }

    pub fn from_name(name: &str) -> Option<Role> {
        [Role::Volunteer, Role::Reviewer].into_iter().find(|role| role.name() == name)
    }
}

/// Whether `role` may change a record of `kind`. Volunteers record, and set up series where their association allows it.
pub fn may_change(role: Role, kind: Kind, volunteers_set_up_series: bool) -> bool {
    match (role, kind) {
        (_, Kind::Alternative) => false,
        (Role::Reviewer, _) => true,
        (Role::Volunteer, Kind::Gathering | Kind::YearlyPeople) => true,
        (Role::Volunteer, Kind::Series) => volunteers_set_up_series,
        (Role::Volunteer, Kind::Association | Kind::Review | Kind::Settlement) => false,
    }
}

/// The content as `role` may see it: a volunteer's phone is not given what others wrote in words.
pub fn visible(role: Role, is_own: bool, kind: Kind, content: &Content) -> Content {
    let mut content = content.clone();
    if role == Role::Volunteer && kind == Kind::Gathering && !is_own {
        content.remove("note");
    }
    content
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_volunteer_records_but_does_not_review() {
        assert!(may_change(Role::Volunteer, Kind::Gathering, false));
        assert!(!may_change(Role::Volunteer, Kind::Review, true));
        assert!(!may_change(Role::Volunteer, Kind::Series, false));
        assert!(may_change(Role::Volunteer, Kind::Series, true));
    }

    #[test]
    fn a_note_is_for_its_writer_and_the_reviewer() {
        let content = serde_json::json!({"note": "x", "place": "y"});
        let content = content.as_object().expect("object");
        let sees_note = |role, own| visible(role, own, Kind::Gathering, content).contains_key("note");
        assert!(sees_note(Role::Reviewer, false) && sees_note(Role::Volunteer, true));
        assert!(!sees_note(Role::Volunteer, false));
    }

    #[test]
    fn nobody_makes_an_alternative_by_hand() {
        assert!(!may_change(Role::Reviewer, Kind::Alternative, true));
    }
}
