-- Who asked to be reminded of an association's deadlines outside the app. A row is one wish, and no row is a no.

-- By a letter to the address that the person has confirmed: without one there is nothing to send to.
create table mail_reminder (
    association_id blob not null,
    person_id blob not null references mail_address (person_id) on delete cascade,
    -- In which the person reads.
    lang text not null,
    -- Day number (days since 1970-01-01, in Helsinki) up to which was looked whether there is something to send. Written before it is sent:
    -- a reminder may be lost, and never comes twice.
    looked_on integer not null,
    primary key (association_id, person_id)
) strict, without rowid;

create index mail_reminder_by_person on mail_reminder (person_id);

-- On a device, by its browser's push service. It goes with the sign-in of that device, however that ends.
create table push_reminder (
    association_id blob not null,
    sign_in_id blob not null references sign_in (id) on delete cascade,
    person_id blob not null,
    lang text not null,
    looked_on integer not null,
    -- Where the push service takes messages for this browser. Only somebody with this server's key can send there, and the key is not in
    -- this file.
    endpoint text not null,
    -- The browser's public key and what it shares with us (RFC 8291): the push service reads nothing.
    p256dh blob not null,
    auth blob not null,
    primary key (association_id, sign_in_id)
) strict, without rowid;

create index push_reminder_by_sign_in on push_reminder (sign_in_id);
create index push_reminder_by_person on push_reminder (person_id);
