//! Texts of the pages that ask a reader to wait.

super::texts!("busy");
