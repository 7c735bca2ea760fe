//! Texts of the pages about signing in with an organisation's account.

super::texts!("open_id");
