//! Coming in by an invitation.

super::texts!("joining");
