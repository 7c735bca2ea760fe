//! The app on the home screen.

super::texts!("install");
