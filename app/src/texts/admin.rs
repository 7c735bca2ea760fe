//! The page for whoever operates the server, and what `hytevihko check` says.

super::texts!("admin");
