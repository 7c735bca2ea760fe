-- How an association comes in: what its first reviewer has told so far, and those that have asked for it without an invitation.

create table joining_draft (
    person_id blob primary key,
    -- JSON of domain::joining::Draft, as it was typed.
    draft text not null,
    -- The step to go on with: domain::joining::Step.
    step text not null,
    updated_at integer not null
) strict;

create index joining_draft_by_time on joining_draft (updated_at);

-- One a person, until it asks again.
create table joining_request (
    id blob primary key,
    person_id blob not null unique,
    -- The browser that asked: only it gets in.
    device blob not null,
    -- Official code of the home municipality, whose coordinator answers.
    municipality text not null,
    -- JSON of domain::joining::Draft, without anything wrong.
    draft text not null,
    state text not null check (state in ('open', 'accepted', 'refused')),
    asked_at integer not null,
    expires_at integer not null
) strict;

create index joining_request_by_municipality on joining_request (municipality, state, expires_at);
