-- Personal data goes when it is no longer needed.

-- How long each account has lain unused. Days on which this server ran are counted, and not days of a clock: neither a server that stood
-- still for a winter nor a clock that jumps makes an account look unused.
create table idle (
    person_id blob primary key,
    days integer not null
) strict, without rowid;

-- What the phone of a removed member handed in: no record yet. A reviewer takes it up or discards it within thirty days.
create table quarantine (
    association_id blob not null,
    change_id blob not null,
    person_id blob not null,
    device blob not null,
    -- The change as it was sent, in JSON.
    body text not null,
    received_at integer not null,
    primary key (association_id, change_id)
) strict, without rowid;

create index quarantine_by_person on quarantine (person_id);
