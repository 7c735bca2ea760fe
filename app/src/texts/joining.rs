//! Coming in by an invitation, as other screens than its own speak of it.

super::texts!("joining");
