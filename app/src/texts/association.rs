//! The association's words.

super::texts!("association");
