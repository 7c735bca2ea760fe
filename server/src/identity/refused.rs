//! Why a passkey was not taken.

/// Why a passkey was not taken. Only whoever has the key learns more than that it failed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Refused {
    /// This server has an address that browsers make no keys for: a number in place of a name.
    NoDomain,
    /// The ceremony took too long, was finished before, or is another browser's.
    Expired,
    /// The key is not known here, or was removed.
    Unknown,
    /// The browser made it for another address.
    OtherOrigin,
    /// Its counter went back: there may be a copy of it.
    Copied,
    /// It is not the key of whoever is signed in.
    OtherPerson,
    /// The person has as many as one may have.
    TooMany,
    /// The authenticator has a key already.
    AlreadyThere,
    /// It is not what was asked for.
    Failed,
}
