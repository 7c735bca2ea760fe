//! Who asks, and what they belong to.

pub mod guessing;
pub mod invitation;
pub mod joining;
pub mod mail_code;
pub mod oidc;
pub mod passkey;
pub mod proof;
pub mod read_token;
pub mod recovery;
pub mod refused;
pub mod scope;
pub mod secret;
pub mod sign_in;
pub mod typed_code;
