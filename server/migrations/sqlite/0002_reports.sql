-- Sums of ordinary activity, kept in the transaction that stores a gathering, so that a coordinator's page reads a municipality's
-- months and never scans gatherings. The columns are domain::report::Amounts::NAMES, in that order.
create table tally (
    municipality text not null,
    -- Months since year 0.
    month integer not null,
    association_id blob not null,
    form text not null,
    gatherings integer not null,
    visits integer not null,
    volunteers integer not null,
    quarter_hours integer not null,
    provisional integer not null,
    free integer not null,
    open integer not null,
    municipal_premises integer not null,
    first_timers integer not null,
    counted integer not null,
    age_0_6 integer not null,
    age_7_12 integer not null,
    age_13_17 integer not null,
    age_18_19 integer not null,
    age_20_28 integer not null,
    age_29_63 integer not null,
    age_64_74 integer not null,
    age_75 integer not null,
    age_unknown integer not null,
    women integer not null,
    men integer not null,
    gender_other integer not null,
    gender_unknown integer not null,
    residents integer not null,
    residence_known integer not null,
    primary key (municipality, month, association_id, form)
) strict, without rowid;

-- Sensitive gatherings wait here for the release of a quarter and are counted in exactly one (protection rule 5).
create table sensitive_gathering (
    association_id blob not null,
    gathering_id blob not null,
    municipality text not null,
    -- Day number.
    day integer not null,
    form text not null,
    visits integer not null,
    volunteers integer not null,
    quarter_hours integer not null,
    -- Number of the release that counted it; from then on the row is frozen.
    released_in integer,
    primary key (association_id, gathering_id)
) strict, without rowid;

create index sensitive_unreleased on sensitive_gathering (day) where released_in is null;

-- Numbered and frozen: never revised.
create table release (
    number integer primary key,
    -- Quarters since year 0.
    quarter integer not null unique,
    computed_at integer not null
) strict;

-- One published table cell: the figures as published, with hidden ones as null and never as zero.
create table release_cell (
    release integer not null,
    -- 'municipality' or 'county'.
    area_kind text not null,
    area text not null,
    -- Activity form of a county's cell; empty for a municipality's, which is all sensitive forms together.
    form text not null,
    figures text not null,
    primary key (release, area_kind, area, form)
) strict, without rowid;
