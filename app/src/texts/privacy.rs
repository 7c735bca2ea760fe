//! The privacy statement.

super::texts!("privacy");
