//! Authorisation of a sync request: its user and association must be those of the sign-in, or the server accepts and
//! returns nothing (S10).

use domain::{AssociationId, DeviceId, UserId, permission::people::may_see_people};
use sync::rules::Who;

use crate::{
    Server,
    http::problem::Problem,
    store::{Membership, Person},
};

/// A person who was found to belong to an association.
#[derive(Clone, Copy)]
pub struct Member<'a> {
    pub user: UserId,
    pub membership: &'a Membership,
}

/// The sign-in's membership of an association. A `user` that the request names has to be that of the sign-in: another tab may have
/// signed somebody else in.
pub fn member(person: &Person, user: Option<UserId>, association: AssociationId) -> Result<Member<'_>, Problem> {
    let mut memberships = person.memberships.iter();
    let membership = memberships.find(|membership| membership.association == association);
    match membership {
        Some(membership) if user.is_none_or(|user| user == person.user) => Ok(Member { user: person.user, membership }),
        _ => Err(Problem::NotAllowed),
    }
}

/// That member on one of their devices, as the rules know them.
pub fn who(server: &Server, Member { user, membership }: Member<'_>, device: DeviceId) -> Who {
    Who {
        user,
        device,
        association: membership.association,
        role: membership.role,
        volunteers_set_up_series: membership.volunteers_set_up_series,
        volunteers_change_others: membership.volunteers_change_others,
        today: server.clock.today(),
    }
}

/// The sign-in's membership of an association whose people it may see: a reviewer's. A coordinator or a volunteer is told nothing.
pub fn reviewer(person: &Person, association: AssociationId) -> Result<Member<'_>, Problem> {
    let member = member(person, None, association)?;
    if may_see_people(member.membership.role) { Ok(member) } else { Err(Problem::NotAllowed) }
}
