//! The coordinator's page of associations and invitations.

super::texts!("invites");
