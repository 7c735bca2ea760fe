//! Tokens with which programs read the association.

super::texts!("tokens");
