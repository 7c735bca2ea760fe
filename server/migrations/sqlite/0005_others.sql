-- Whether an association lets its volunteers change and delete what others recorded: a copy of its own record's field, for the check of
-- each push. Nobody has said so yet.
alter table association add column volunteers_change_others integer not null default 0;

-- A user's devices are counted, and those beyond a bound forgotten, whatever associations they have to do with.
create index device_by_person on device (person_id, id);
