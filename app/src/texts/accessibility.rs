//! The accessibility statement.

super::texts!("accessibility");
