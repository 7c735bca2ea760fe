-- How a person with a role proves who they are: passkeys, and recovery codes for when there is none at hand. Ceremonies that are under way
-- are in the server's memory only.

create table passkey (
    id blob primary key,
    -- What the authenticator calls the key: one of its own making, at most 1,023 bytes.
    credential blob not null unique,
    person_id blob not null,
    -- The public key and what else is checked at each use, as webauthn-rs writes it in JSON.
    key text not null,
    -- How often the key was used, as the authenticator counts; 0 for ever where it does not.
    counter integer not null,
    -- What the person calls it.
    name text not null,
    created_at integer not null,
    last_used_at integer,
    -- Since when there may be a copy of it: it is accepted no more.
    suspect_at integer
) strict, without rowid;

create index passkey_by_person on passkey (person_id);

create table recovery_code (
    -- HMAC-SHA-256 under a key that is not in this file.
    hash blob primary key,
    person_id blob not null
) strict, without rowid;

create index recovery_code_by_person on recovery_code (person_id);
