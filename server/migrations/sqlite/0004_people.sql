-- Who is who: memberships with a nickname of their own, coordinators of areas, operators, sign-ins that can be listed and ended one
-- by one, invitations, and the audit log. Tokens and codes are here as hashes only: a copy of this file lets nobody in.

-- Before this, only the demo's people could sign in: nobody is signed out by it but them.
drop table sign_in;

create table sign_in (
    -- SHA-256 of the cookie.
    token_hash blob primary key,
    -- The cookie before the last rotation: valid until the new one comes back, because an answer can be lost.
    previous_hash blob,
    -- Names the sign-in in lists; it signs nobody in.
    id blob not null,
    person_id blob not null,
    device blob,
    -- How long it lasts and what may be done with it: domain::permission::people::Class.
    class text not null check (class in ('volunteer', 'own', 'short')),
    way text not null,
    created_at integer not null,
    rotated_at integer not null,
    last_used_at integer not null,
    -- When the person last proved who they are: an invitation, a passkey, a code.
    proved_at integer not null,
    expires_at integer not null
) strict, without rowid;

create unique index sign_in_by_id on sign_in (id);
create unique index sign_in_by_previous on sign_in (previous_hash) where previous_hash is not null;
create index sign_in_by_person on sign_in (person_id);

-- What each association calls a member; a membership that ended stays for thirty days, so that its phone can hand in what it holds.
alter table membership add column nickname text not null default '';
alter table membership add column ended_at integer;
update membership set nickname = coalesce((select nickname from person where id = person_id), '');

create table coordinator_of (
    person_id blob not null,
    -- 'municipality', 'county' or 'nation'.
    area_kind text not null,
    -- Official code; empty for the nation.
    area text not null,
    primary key (person_id, area_kind, area)
) strict, without rowid;

insert into coordinator_of (person_id, area_kind, area) select person_id, 'municipality', municipality from coordinator;
drop table coordinator;

create table operator (
    person_id blob primary key
) strict, without rowid;

create table invitation (
    id blob primary key,
    -- HMAC-SHA-256, under a key that is not in this file, of the link's token and of the typed code.
    token_hash blob not null unique,
    code_hash blob not null unique,
    -- 'volunteer', 'reviewer', 'association', 'coordinator' or 'operator'.
    kind text not null,
    -- Of a volunteer's or a reviewer's.
    association_id blob,
    -- A member whose new phone it is for, or whose sign-in has run out: whoever accepts it is they.
    renews blob,
    -- Of a coordinator's, and of an association's: who invited it.
    area_kind text,
    area text,
    -- How many may accept it; null: all until it expires (an evening's).
    uses_max integer,
    uses integer not null default 0,
    -- Null: made by the operator's command.
    made_by blob,
    made_at integer not null,
    expires_at integer not null,
    revoked_at integer
) strict, without rowid;

create index invitation_by_association on invitation (association_id) where association_id is not null;
create index invitation_by_maker on invitation (made_by) where made_by is not null;

-- Who accepted which invitation.
create table acceptance (
    invitation_id blob not null,
    person_id blob not null,
    accepted_at integer not null,
    -- Made by the phone: an answer that was lost is given again to whoever knows it.
    attempt blob,
    -- Of an association's invitation: when the association was brought in.
    taken_up_at integer,
    primary key (invitation_id, person_id)
) strict, without rowid;

create index acceptance_by_person on acceptance (person_id);

-- Append-only: who did what to whom, without free text. Each row's hash covers the row and the hash before it.
create table audit (
    seq integer primary key,
    at integer not null,
    -- Null: the operator's command, or nobody.
    actor blob,
    association_id blob,
    act text not null,
    subject blob,
    hash blob not null
) strict;

create index audit_of_association on audit (association_id, seq) where association_id is not null;
