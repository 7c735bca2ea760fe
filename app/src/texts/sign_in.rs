//! Signing in with a passkey or a recovery code.

super::texts!("sign_in");
