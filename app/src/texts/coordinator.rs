//! The municipality's page.

super::texts!("coordinator");
