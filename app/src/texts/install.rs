//! The app on the home screen, or installed on a computer.

super::texts!("install");
