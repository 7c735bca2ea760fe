//! Weeks without a record, as the association settles them.

super::texts!("gaps");
