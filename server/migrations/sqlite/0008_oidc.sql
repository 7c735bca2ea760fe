-- Who signs in with an account of an OpenID Connect provider, a municipality's own.

create table oidc_account (
    -- HMAC-SHA-256, under a key that is not in this file, of the provider's issuer and its name for the account: neither can be read from
    -- here. Name and e-mail address are not kept at all.
    account_hash blob primary key,
    person_id blob not null
) strict, without rowid;

create index oidc_account_by_person on oidc_account (person_id);
