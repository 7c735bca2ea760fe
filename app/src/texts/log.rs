//! What was done in an association, as sentences.

super::texts!("log");
