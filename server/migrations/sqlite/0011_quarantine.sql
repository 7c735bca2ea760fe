-- What comes from devices of people who have left: of a removed member, and of a sign-in that was ended from elsewhere. It stands apart
-- from the records until the association decides: no pull, sum, report or release reads this table.

create table quarantine (
    association_id blob not null,
    change_id blob not null,
    record_id blob not null,
    -- Whoever handed it in, as records have their recorder. The rows go with the person.
    person_id blob not null,
    -- Of the sign-in, and not what the device says of itself: bounds are counted by it.
    device blob not null,
    -- The revision that the edit started from; 0 of a new gathering.
    base integer not null,
    -- As sent, in canonical JSON; null once it is decided.
    content text,
    bytes integer not null,
    -- What a repeat has to name, also after the decision: it then changes nothing.
    sent_hash text not null,
    made_at integer not null,
    handed_in_at integer not null,
    decided text check (decided in ('taken', 'discarded')),
    primary key (association_id, change_id)
) strict, without rowid;

create index quarantine_by_person on quarantine (person_id);

-- Sign-ins that their person ended from elsewhere, by the hash of each cookie that was valid then: whoever comes with one is told to hand in
-- and to forget, and is given nothing.
create table ended_sign_in (
    token_hash blob primary key,
    id blob not null,
    person_id blob not null,
    device blob,
    created_at integer not null,
    ended_at integer not null
) strict, without rowid;

create index ended_sign_in_by_person on ended_sign_in (person_id);
