-- Personal data goes when it is no longer needed.

-- How long each account has lain unused. Days on which this server ran are counted, and not days of a clock: neither a server that stood
-- still for a winter nor a clock that jumps makes an account look unused.
create table idle (
    person_id blob primary key,
    days integer not null
) strict, without rowid;
