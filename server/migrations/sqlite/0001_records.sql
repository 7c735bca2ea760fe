-- Everything an association owns is led by association_id, so that one association's rows lie together and the same tables can
-- later be spread over several machines by that key. No triggers, no sequences: the application counts (invariant S8).

-- Facts about this database itself. 'epoch' changes with every restore from a backup (S9).
create table meta (
    name text primary key,
    value text not null
) strict;

create table association (
    id blob primary key,
    -- The last sequence number given in this association; taken by every write inside its transaction (S8).
    seq integer not null default 0,
    -- Copies of fields of the association's own record, so that a coordinator's page does not parse it.
    home text,
    shown_alone integer not null default 0,
    volunteers_set_up_series integer not null default 1,
    name text not null default '',
    -- JSON list of months ('2026-07') in which the association said that it had no activity.
    no_activity text not null default '[]'
) strict;

create index association_by_home on association (home);

-- The newest revision of each record.
create table record (
    association_id blob not null,
    kind text not null,
    id blob not null,
    rev integer not null,
    seq integer not null,
    -- Canonical JSON; null when deleted.
    content text,
    -- Who made the first revision. Never shown to a coordinator.
    recorder blob not null,
    -- The record that this one is about: a review's gathering, a gathering's series.
    about blob,
    -- Day number (days since 1970-01-01) of a gathering, so that a volunteer's phone is given thirteen months only.
    day integer,
    primary key (association_id, kind, id)
) strict, without rowid;

create unique index record_in_order on record (association_id, seq);
create index record_about on record (association_id, about, kind) where about is not null;

-- Every revision, for ever: nothing is overwritten without trace (S11).
create table revision (
    association_id blob not null,
    record_id blob not null,
    rev integer not null,
    seq integer not null,
    kind text not null,
    content text,
    change_id blob not null,
    author blob not null,
    device blob not null,
    -- The device's clock; information only (S7).
    made_at integer not null,
    stored_at integer not null,
    -- With the kind, as in record: a sender that gives one id to two kinds must not stop the others of its batch (S6).
    primary key (association_id, kind, record_id, rev)
) strict, without rowid;

-- What each change was answered, so that a repeat gets the same answer (S5).
create table change_result (
    association_id blob not null,
    change_id blob not null,
    result text not null,
    primary key (association_id, change_id)
) strict, without rowid;

create table person (
    id blob primary key,
    -- What the association calls this user. A role or a nickname; nobody is asked for a name.
    nickname text not null
) strict;

create table membership (
    association_id blob not null,
    person_id blob not null,
    role text not null check (role in ('volunteer', 'reviewer')),
    primary key (association_id, person_id)
) strict, without rowid;

create index membership_by_person on membership (person_id);

create table coordinator (
    person_id blob primary key,
    municipality text not null
) strict;

-- Sign-ins by the SHA-256 of their cookie: a copy of this file signs nobody in.
create table sign_in (
    token_hash blob primary key,
    person_id blob not null,
    created_at integer not null,
    expires_at integer not null
) strict, without rowid;

-- What each device said at its last contact; the detection of lost phones reads it.
create table device (
    association_id blob not null,
    id blob not null,
    person_id blob not null,
    counter integer not null,
    waiting integer not null,
    last_contact_at integer not null,
    primary key (association_id, id)
) strict, without rowid;
