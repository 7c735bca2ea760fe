-- A demo and a real database are not mixed from now on: 'demo' in `meta` says which of the two this is. A database that an earlier
-- release filled with the demo has its coordinator, who has one id everywhere.
insert into meta (name, value)
select 'demo', '1' where exists (select 1 from person where id = x'd2d2d2d2d2d2d2d2d2d2d2d2d2d2d2d2');
