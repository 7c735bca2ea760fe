//! Who uses this phone, and which of their associations is in view.

use domain::{AssociationId, Role, UserId};
use leptos::prelude::*;

/// Who uses this device, as kept for use without a network.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Me {
    pub user: UserId,
    pub nickname: String,
    pub memberships: Vec<Membership>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Membership {
    pub association: AssociationId,
    pub name: String,
    pub role: Role,
}

/// Copied freely, like the phone.
#[derive(Clone, Copy)]
pub struct Identity {
    /// None until it is known who is signed in.
    pub me: RwSignal<Option<Me>>,
    /// The association in view, one of the user's.
    pub association: RwSignal<Option<AssociationId>>,
    /// The server has refused the sign-in; recording goes on.
    pub sign_in_needed: RwSignal<bool>,
}

impl Identity {
    pub fn new(me: Option<Me>) -> Identity {
        let first = me.as_ref().and_then(|me| me.memberships.first()).map(|membership| membership.association);
        Identity { me: RwSignal::new(me), association: RwSignal::new(first), sign_in_needed: RwSignal::new(false) }
    }

    pub fn user(self) -> Option<UserId> {
        self.me.with_untracked(|me| me.as_ref().map(|me| me.user))
    }

    /// The user's role in the association in view.
    pub fn role(self) -> Option<Role> {
        let association = self.association.get()?;
        self.me.get()?.memberships.iter().find(|m| m.association == association).map(|m| m.role)
    }

    /// The name of the association in view.
    pub fn association_name(self) -> Option<String> {
        let association = self.association.get()?;
        self.me.get()?.memberships.into_iter().find(|m| m.association == association).map(|m| m.name)
    }

    pub fn is_reviewer(self) -> bool {
        self.role() == Some(Role::Reviewer)
    }
}
