//! Who people are: members of associations, coordinators of areas, operators.

use async_trait::async_trait;
use domain::{Area, AssociationId, Role, UserId};

use super::{AuditEntry, Member, Person, Result};

#[async_trait]
pub trait People: Send + Sync {
    /// Adds a user, known by `nickname`; one who is known already stays as they are.
    async fn add_person(&self, user: UserId, nickname: &str) -> Result<()>;

    /// Gives a user a role in an association, in place of the one that they had. A new member is called as the person is.
    async fn add_member(&self, association: AssociationId, user: UserId, role: Role) -> Result<()>;

    async fn add_coordinator(&self, user: UserId, area: Area) -> Result<()>;

    async fn add_operator(&self, user: UserId) -> Result<()>;

    async fn person(&self, user: UserId) -> Result<Option<Person>>;

    /// An association's public name.
    async fn association_name(&self, association: AssociationId) -> Result<Option<String>>;

    /// The members of an association, reviewers first, then by nickname.
    async fn members(&self, association: AssociationId) -> Result<Vec<Member>>;

    /// Calls a member otherwise. False where there is no such member.
    async fn rename_member(
        &self,
        association: AssociationId,
        user: UserId,
        nickname: &str,
        audit: AuditEntry,
    ) -> Result<bool>;

    /// Makes a reviewer a volunteer, unless they are the last reviewer, and ends the tokens that they made. False where it could not be.
    async fn make_volunteer(&self, association: AssociationId, user: UserId, audit: AuditEntry) -> Result<bool>;

    /// Ends a membership, unless it is the last reviewer's, and the tokens that they made. False where it could not be.
    async fn end_membership(&self, association: AssociationId, user: UserId, audit: AuditEntry) -> Result<bool>;

    /// What an association calls somebody who belongs to it or did; none where they never did.
    async fn member_name(&self, association: AssociationId, user: UserId) -> Result<Option<String>>;

    /// Whether, and when (milliseconds since 1970), a membership has ended.
    async fn membership_ended(&self, association: AssociationId, user: UserId) -> Result<Option<i64>>;

    /// The associations to which a user belonged and belongs no more, by their ids.
    async fn ended_memberships(&self, user: UserId) -> Result<Vec<AssociationId>>;

    /// Takes an area from a coordinator, and revokes what they have invited others to in it. False where they did not have it.
    async fn end_coordinator(&self, user: UserId, area: Area, audit: AuditEntry) -> Result<bool>;

    /// Takes the operator's role from a person, unless they are the last one, and revokes what they have invited others to. False where
    /// it could not be.
    async fn end_operator(&self, user: UserId, audit: AuditEntry) -> Result<bool>;

    /// Everybody who coordinates an area or operates the server.
    async fn officials(&self) -> Result<Vec<Person>>;
}
