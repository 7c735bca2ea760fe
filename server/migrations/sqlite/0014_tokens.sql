-- Tokens with which a program reads one association's rows or figures, and does nothing else. A copy of this file lets nobody read.

create table read_token (
    -- Names the token in lists and in the log; it opens nothing.
    id blob primary key,
    -- HMAC-SHA-256 under a key that is not in this file.
    token_hash blob not null unique,
    association_id blob not null,
    -- The reviewer who made it. The token is good as long as they are one, and goes with them.
    person_id blob not null,
    -- What the association calls it.
    name text not null,
    -- Words with spaces between: 'gatherings', 'figures'.
    scope text not null,
    made_at integer not null,
    expires_at integer not null,
    -- Written once an hour at most.
    last_used_at integer,
    -- When it was ended in the list, or its maker stopped being a reviewer of the association.
    ended_at integer
) strict, without rowid;

create index read_token_by_association on read_token (association_id);
create index read_token_by_person on read_token (person_id);
