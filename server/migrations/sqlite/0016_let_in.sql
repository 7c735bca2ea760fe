-- By which associations' invitations the browser of a sign-in came in: their reviewers may end it when the phone is lost. A row whose sign-in
-- is gone says nothing, and goes with the next look for what is no longer needed.

create table let_in (
    association_id blob not null,
    sign_in_id blob not null,
    person_id blob not null,
    primary key (association_id, sign_in_id)
) strict, without rowid;

create index let_in_by_sign_in on let_in (sign_in_id);

-- Which invitation let a browser in was not kept until now: it is known of whoever belongs to one association only.
insert into let_in (association_id, sign_in_id, person_id)
select m.association_id, s.id, s.person_id from sign_in s
join membership m on m.person_id = s.person_id and m.ended_at is null
where s.way = 'invitation'
  and not exists (select 1 from membership o where o.person_id = s.person_id and o.association_id <> m.association_id);
