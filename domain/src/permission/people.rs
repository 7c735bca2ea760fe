//! What a sign-in may do, and who may do what with people: one function a question.
//!
//! A sign-in has a [`Class`], which says how long it lasts and bounds what the person may do with it. A volunteer's sign-in lasts for
//! half a year on a phone that lies on a table in the hall; whatever else the person is, with that sign-in they are a volunteer.

use super::Role;

const HOUR_MS: i64 = 60 * 60 * 1000;
const DAY_MS: i64 = 24 * HOUR_MS;

/// How long after a proof of who one is the sensitive acts are open, milliseconds.
pub const FRESH_MS: i64 = 15 * 60 * 1000;

/// The class of a sign-in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Class {
    /// A volunteer's phone, by invitation.
    Volunteer,
    /// A reviewer's own phone or computer.
    Own,
    /// A computer that others use too, and every coordinator and operator.
    Short,
}

impl Class {
    pub const ALL: [Class; 3] = [Class::Volunteer, Class::Own, Class::Short];

    pub const fn name(self) -> &'static str {
        match self {
            Class::Volunteer => "volunteer",
            Class::Own => "own",
            Class::Short => "short",
        }
    }

    pub fn from_name(name: &str) -> Option<Class> {
        Class::ALL.into_iter().find(|class| class.name() == name)
    }

    /// How long a sign-in lasts unused, milliseconds. A volunteer's club rests in the summer.
    pub const fn idle_ms(self) -> i64 {
        match self {
            Class::Volunteer => 180 * DAY_MS,
            Class::Own => 30 * DAY_MS,
            Class::Short => 12 * HOUR_MS,
        }
    }

    /// How long it lasts at most, milliseconds.
    pub const fn whole_ms(self) -> i64 {
        match self {
            Class::Volunteer | Class::Own => 365 * DAY_MS,
            Class::Short => 7 * DAY_MS,
        }
    }

    /// The class of a new sign-in of somebody who proved who they are. `is_official`: a coordinator of an area or an operator.
    pub const fn of(is_official: bool, is_reviewer: bool, is_own_device: bool) -> Class {
        match (is_official, is_reviewer, is_own_device) {
            (false, false, _) => Class::Volunteer,
            (false, true, true) => Class::Own,
            (true, _, _) | (false, true, false) => Class::Short,
        }
    }
}

/// What a member is in their association with a sign-in of this class.
pub const fn role_with(class: Class, role: Role) -> Role {
    match class {
        Class::Volunteer => Role::Volunteer,
        Class::Own | Class::Short => role,
    }
}

/// Whether a coordinator or an operator is one with a sign-in of this class.
pub const fn is_official_with(class: Class) -> bool {
    matches!(class, Class::Short)
}

/// Whether a sign-in is still one, all in milliseconds.
pub const fn is_alive(class: Class, last_used_ms: i64, expires_ms: i64, now_ms: i64) -> bool {
    now_ms < expires_ms && now_ms.saturating_sub(last_used_ms) < class.idle_ms()
}

/// Whether the person has proved who they are so lately that a sensitive act needs no further proof.
pub const fn is_fresh(proved_ms: i64, now_ms: i64) -> bool {
    now_ms.saturating_sub(proved_ms) < FRESH_MS
}

/// Whether a member sees the association's people and devices, and the invitations that are open.
pub const fn may_see_people(role: Role) -> bool {
    matches!(role, Role::Reviewer)
}

/// Whether a member may invite somebody to be `as_role`. A further reviewer is a key to everything: only with a fresh proof.
pub const fn may_invite(role: Role, as_role: Role, is_fresh: bool) -> Invite {
    match (role, as_role) {
        (Role::Volunteer, _) => Invite::No,
        (Role::Reviewer, Role::Volunteer) => Invite::Yes,
        (Role::Reviewer, Role::Reviewer) => {
            if is_fresh {
                Invite::Yes
            } else {
                Invite::ProveAgain
            }
        }
    }
}

/// Whether a member may make a token with which a program reads the association: a door that stays open, as a further reviewer is.
pub const fn may_make_token(role: Role, is_fresh: bool) -> Invite {
    may_invite(role, Role::Reviewer, is_fresh)
}

/// The answer to [`may_invite`] and [`may_make_token`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Invite {
    Yes,
    /// The person has to prove again who they are.
    ProveAgain,
    No,
}

/// A member's sign-in, as their association knows it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct MembersSignIn {
    /// What its person is in the association, whatever they are with this sign-in.
    pub whose: Role,
    pub class: Class,
    /// Its browser came in by an invitation of this association.
    pub is_let_in_here: bool,
}

/// Whether somebody sees a member's sign-in and may end it, because its phone is lost. `by` is what they are in the association with
/// their own sign-in; none: no member, such as a coordinator or an operator.
///
/// Reviewers end those of volunteers, on browsers that their association let in. Whoever is more than a volunteer, in the association or
/// with that sign-in, ends their own, on their own page. It rests on nothing but what the association knows: the answer must not tell
/// what a member is elsewhere.
pub const fn may_end_sign_in(by: Option<Role>, of: MembersSignIn) -> bool {
    matches!(
        (by, of),
        (Some(Role::Reviewer), MembersSignIn { whose: Role::Volunteer, class: Class::Volunteer, is_let_in_here: true })
    )
}

/// Whether a member may be removed, or be made a volunteer, when `reviewers` are left with them: the last reviewer cannot go.
pub const fn may_leave(role: Role, reviewers: usize) -> bool {
    !matches!(role, Role::Reviewer) || reviewers > 1
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_volunteers_sign_in_makes_nobody_more_than_a_volunteer() {
        for role in [Role::Volunteer, Role::Reviewer] {
            assert_eq!(role_with(Class::Volunteer, role), Role::Volunteer);
            assert_eq!((role_with(Class::Own, role), role_with(Class::Short, role)), (role, role));
        }
        assert!(is_official_with(Class::Short) && !is_official_with(Class::Own) && !is_official_with(Class::Volunteer));
    }

    #[test]
    fn an_official_is_never_signed_in_for_long() {
        for (is_reviewer, is_own) in [(false, false), (false, true), (true, false), (true, true)] {
            assert_eq!(Class::of(true, is_reviewer, is_own), Class::Short);
        }
        assert_eq!(Class::of(false, true, true), Class::Own);
        assert_eq!(Class::of(false, true, false), Class::Short);
        assert_eq!(Class::of(false, false, false), Class::Volunteer);
    }

    #[test]
    fn a_sign_in_ends_unused_and_at_last() {
        let alive = |class: Class, unused| is_alive(class, 1_000, i64::MAX, 1_000 + unused);
        for class in Class::ALL {
            assert!(alive(class, class.idle_ms() - 1) && !alive(class, class.idle_ms()));
            assert!(!is_alive(class, 99, 100, 100) && is_alive(class, 99, 101, 100));
            assert!(class.idle_ms() < class.whole_ms());
            assert_eq!(Class::from_name(class.name()), Some(class));
        }
        assert!(is_alive(Class::Short, 5_000, i64::MAX, 1_000), "a clock that was put back ends nothing");
    }

    #[test]
    fn a_reviewer_is_invited_with_a_fresh_proof_only() {
        assert_eq!(may_invite(Role::Volunteer, Role::Volunteer, true), Invite::No);
        assert_eq!(may_invite(Role::Reviewer, Role::Volunteer, false), Invite::Yes);
        assert_eq!(may_invite(Role::Reviewer, Role::Reviewer, false), Invite::ProveAgain);
        assert_eq!(may_invite(Role::Reviewer, Role::Reviewer, true), Invite::Yes);
        assert!(is_fresh(1_000, 1_000 + FRESH_MS - 1) && !is_fresh(1_000, 1_000 + FRESH_MS));
    }

    #[test]
    fn a_reviewer_ends_what_the_association_let_in_of_its_volunteers_and_everybody_else_their_own_only() {
        let mut allowed = Vec::new();
        for by in [None, Some(Role::Volunteer), Some(Role::Reviewer)] {
            for whose in [Role::Volunteer, Role::Reviewer] {
                for class in Class::ALL {
                    for is_let_in_here in [false, true] {
                        let of = MembersSignIn { whose, class, is_let_in_here };
                        if may_end_sign_in(by, of) {
                            allowed.push((by, of));
                        }
                    }
                }
            }
        }
        // A coordinator, an operator and a reviewer of another association are no members here; with a sign-in by which they see what
        // they see elsewhere they are of another class.
        let only = MembersSignIn { whose: Role::Volunteer, class: Class::Volunteer, is_let_in_here: true };
        assert_eq!(allowed, [(Some(Role::Reviewer), only)]);
    }

    #[test]
    fn the_last_reviewer_cannot_leave() {
        assert!(!may_leave(Role::Reviewer, 1) && may_leave(Role::Reviewer, 2) && may_leave(Role::Volunteer, 1));
    }
}
