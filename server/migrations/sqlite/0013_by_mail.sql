-- Which keys were made by somebody whose last proof was a code by e-mail: such a key proves no more than that code did. Nought in all that
-- were made before.

alter table passkey add column by_mail integer not null default 0;
alter table recovery_code add column by_mail integer not null default 0;
