-- Which phones lost records, from what they say of themselves at each contact. A browser's storage is one user's, over all of
-- their associations, and so are its counts: they are kept once a user and device, whichever association the contact was about.
create table phone (
    person_id blob not null,
    id blob not null,
    -- As last told: changes ever made, changes that wait, changes that the user threw away.
    counter integer not null,
    waiting integer not null,
    thrown integer not null,
    -- Distinct changes that got a final answer since the counting began.
    received integer not null,
    -- Of `counter`, what these columns do not explain and what is not missing: changes from before the counting began.
    unexplained integer not null,
    -- Missing from storage that was cleared; what is missing from today's storage is the sum above.
    missing_before integer not null,
    missing integer not null,
    last_contact_at integer not null,
    -- After a restore: the counting begins anew with the next contact.
    begins_anew integer not null default 0,
    primary key (person_id, id)
) strict, without rowid;

-- The first version of this table kept the counts themselves, once an association; nothing ever read it.
drop table device;

-- Which phones an association has to do with, and what its reviewers know already.
create table device (
    association_id blob not null,
    person_id blob not null,
    id blob not null,
    -- How many missing changes a reviewer has seen the notice of.
    missing_seen integer not null default 0,
    primary key (association_id, person_id, id)
) strict, without rowid;
