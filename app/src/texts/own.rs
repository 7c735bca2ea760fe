//! What a person sees of themselves: roles, sign-ins, passkeys, recovery codes.

super::texts!("own");
