-- Where codes are sent by which a reviewer signs in. Codes themselves are in the server's memory only.

create table mail_address (
    person_id blob primary key,
    -- In lower case, so that it is found however it is typed. Whoever has it has shown that they read what is sent there. At most one
    -- person's: a code signs in one person.
    address text not null unique,
    confirmed_at integer not null
) strict, without rowid;
