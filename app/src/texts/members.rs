//! The association's people and its invitations.

super::texts!("members");
