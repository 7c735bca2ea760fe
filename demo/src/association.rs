//! Makes the records of one association from its profile, day by day.

use domain::{
    AssociationId, Content, Date, Gathering, Month, RecordId, Series,
    association::Association,
    date,
    deadline::Deadline,
    gathering::{CountBasis, Defaults, FunderTag},
    yearly_people::YearlyPeople,
};

use super::{
    DEMO_ASSOCIATION, PlannedAssociation, PlannedGathering, PlannedReview, RECORDERS,
    calendar::is_holiday,
    heads::heads,
    notes,
    profile::{Activity, Profile},
    random::Random,
    review::review,
};

/// Whole months of history before the current one, so that every month can be compared with the year before.
pub const MONTHS_BACK: i32 = 24;
/// The day on which the associations and series were set up, as far as their ids tell: the same in every plan.
const SET_UP: Date = Date::constant(2024, 1, 8);
/// The demo association's last weeks have no gaps, so that its screens show a club in full swing.
const DAYS_WITHOUT_GAPS: i32 = 28;
const MISSED_PERCENT: u32 = 4;
const CANCELLED_PERCENT: u32 = 3;
/// Series of a hundred for which the year's different people have been answered.
const YEARLY_ANSWERED_PERCENT: u32 = 85;

// What a draw is for; beside it stand the association, the activity and the day or year.
const FOR_SERIES: u64 = 1;
const FOR_GATHERING: u64 = 2;
const FOR_YEARLY_PEOPLE: u64 = 3;

/// A gathering, held or cancelled, before it is written as content.
struct Draft<'a> {
    id: RecordId,
    activity: &'a Activity,
    gathering: Gathering,
    recorder: usize,
    review: Option<PlannedReview>,
}

pub fn planned(index: usize, profile: &Profile, today: Date) -> PlannedAssociation {
    let last = date::plus_days(today, -profile.records_after_days);
    let mut drafts: Vec<Draft> = (profile.activities.iter().enumerate())
        .flat_map(|(nth, activity)| gatherings([index, nth], profile, activity, last, today))
        .collect();
    drafts.sort_by_key(|draft| (draft.gathering.date, draft.id));
    if index == DEMO_ASSOCIATION {
        return_one(&mut drafts, today);
    }
    PlannedAssociation {
        id: AssociationId::from_bytes(Random::of(&[index as u64]).uuid_v7(SET_UP, 0)),
        content: association(profile, &drafts, first_day(today), last).to_content(),
        series: (profile.activities.iter().enumerate())
            .filter_map(|(nth, activity)| {
                let content = series(profile, activity, today)?.to_content();
                Some((series_id([index, nth]), content))
            })
            .collect(),
        yearly_people: (profile.activities.iter().enumerate())
            .filter(|(_, activity)| activity.series.is_some())
            .flat_map(|(nth, _)| yearly_people([index, nth], &drafts, today))
            .collect(),
        gatherings: drafts
            .into_iter()
            .map(|draft| PlannedGathering {
                id: draft.id,
                content: draft.gathering.to_content(),
                recorder: draft.recorder,
                review: draft.review,
            })
            .collect(),
    }
}

fn first_day(today: Date) -> Date {
    Month::of(today).plus(-MONTHS_BACK).first_day()
}

fn association(profile: &Profile, drafts: &[Draft], first: Date, last: Date) -> Association {
    let mut no_activity = Vec::new();
    let mut month = Month::of(first);
    while profile.says_no_activity && month.last_day() <= last {
        if !drafts.iter().any(|draft| month.contains(draft.gathering.date)) {
            no_activity.push(month);
        }
        month = month.plus(1);
    }
    Association {
        name: profile.name.to_owned(),
        home: profile.home,
        business_id: None,
        contact: Some(profile.contact.to_owned()),
        shown_alone: profile.shown_alone,
        volunteers_set_up_series: profile.volunteers_set_up_series,
        volunteers_change_others: false,
        no_activity,
        deadlines: deadlines(profile),
    }
}

/// STEA wants last year's figures by the end of February.
fn deadlines(profile: &Profile) -> Vec<Deadline> {
    let has_grant = profile.activities.iter().any(|activity| activity.funders.contains(&"STEA"));
    let stea = has_grant.then(|| Deadline { funder: "STEA".to_owned(), month: 2, day: 28 });
    stea.into_iter().collect()
}

fn series_id([association, nth]: [usize; 2]) -> RecordId {
    RecordId::from_bytes(Random::of(&[FOR_SERIES, association as u64, nth as u64]).uuid_v7(SET_UP, nth as u16))
}

fn series(profile: &Profile, activity: &Activity, today: Date) -> Option<Series> {
    Some(Series {
        name: activity.series?.to_owned(),
        form: activity.form,
        municipality: activity.held_in.unwrap_or(profile.home),
        weekday: activity.rhythm.every_week(),
        start: Some(activity.start),
        defaults: defaults(activity, today),
        archived: false,
        breaks: activity.pause.breaks(today),
    })
}

/// The grant is for a year: the series has this year's, and a gathering keeps the one of when it was recorded.
fn defaults(activity: &Activity, day: Date) -> Defaults {
    let tag = |funder: &&str| FunderTag { funder: (*funder).to_owned(), year: day.year() };
    Defaults { funders: activity.funders.iter().map(tag).collect(), ..activity.defaults.clone() }
}

fn gatherings<'a>(
    key: [usize; 2],
    profile: &'a Profile,
    activity: &'a Activity,
    last: Date,
    today: Date,
) -> impl Iterator<Item = Draft<'a>> {
    // A camp is recorded when it is over.
    let last = date::plus_days(last, 1 - activity.days.unwrap_or(1) as i32);
    let days = date::day_number(first_day(today))..=date::day_number(last);
    days.map(date::from_day_number)
        .filter(|day| activity.rhythm.falls_on(*day) && !activity.pause.covers(*day))
        .filter_map(move |day| gathering(key, profile, activity, day, today))
}

/// What was recorded of this day; none when nobody did.
fn gathering<'a>(
    key: [usize; 2],
    profile: &Profile,
    activity: &'a Activity,
    day: Date,
    today: Date,
) -> Option<Draft<'a>> {
    let seed = [FOR_GATHERING, key[0] as u64, key[1] as u64];
    let mut random = Random::of(&[&seed[..], &[date::day_number(day) as u64]].concat());
    let id = RecordId::from_bytes(random.uuid_v7(day, activity.start));
    let holiday = is_holiday(day);
    let without_gaps = key[0] == DEMO_ASSOCIATION && day > date::plus_days(today, -DAYS_WITHOUT_GAPS);
    // Half of the holidays are told, the others are known to everybody.
    let missed = random.percent(if holiday { 50 } else { MISSED_PERCENT });
    let cancelled = holiday || (random.percent(CANCELLED_PERCENT) && !without_gaps);
    if missed && (holiday || !without_gaps) {
        return None;
    }
    // The first volunteer is the most eager one.
    let recorder = if random.percent(60) { 0 } else { random.below(RECORDERS as u32) as usize };
    let mut defaults = defaults(activity, day);
    if activity.series.is_none() {
        defaults.place = random.one_of(activity.places).map(str::to_owned);
    }
    let (heads, basis) = match cancelled {
        true => (None, CountBasis::Counted),
        false => {
            let (heads, basis) = heads(activity, &seed, day, &mut random);
            (Some(heads), basis)
        }
    };
    let note = match cancelled {
        true => notes::of_cancelled(activity, day, holiday, &mut random),
        false => notes::of_held(activity, &mut random),
    };
    let gathering = Gathering {
        series: activity.series.map(|_| series_id(key)),
        form: activity.form,
        date: day,
        start: Some(activity.start),
        municipality: activity.held_in.unwrap_or(profile.home),
        defaults,
        heads,
        basis,
        mode: activity.mode,
        days: activity.days,
        nights: activity.days.map(|days| days - 1),
        partner: activity.partner,
        note: note.map(str::to_owned),
        changed_because: None,
    };
    let review = review(key, activity, day, today, &mut random);
    Some(Draft { id, activity, gathering, recorder, review })
}

/// The one gathering that comes back to the demo's volunteer, its hours left out: the first of an ordinary series this month,
/// so that later ones of the same series still offer their hours as "last time". Early in a month it is the newest one.
fn return_one(drafts: &mut [Draft], today: Date) {
    let may =
        |held: &Draft| held.gathering.series.is_some() && held.gathering.is_held() && !held.activity.is_sensitive();
    let this_month = |draft: &Draft| Month::of(today).contains(draft.gathering.date);
    let index =
        (drafts.iter().position(|draft| may(draft) && this_month(draft))).or_else(|| drafts.iter().rposition(may));
    let Some(returned) = index.and_then(|index| drafts.get_mut(index)) else { return };
    if let Some(heads) = &mut returned.gathering.heads {
        heads.volunteer_quarter_hours = 0;
    }
    returned.recorder = 0;
    returned.review = Some(PlannedReview::Returned { comment: notes::HOURS_MISSING });
}

/// Answers for the years that the plan knows whole; of a part of a year nobody is asked.
fn yearly_people(key: [usize; 2], drafts: &[Draft], today: Date) -> Vec<(RecordId, Content)> {
    let first = first_day(today);
    let first_year = if (first.month(), first.day()) == (1, 1) { first.year() } else { first.year() + 1 };
    (first_year..today.year()).filter_map(|year| yearly_people_of(key, drafts, year, today)).collect()
}

fn yearly_people_of(key: [usize; 2], drafts: &[Draft], year: i16, today: Date) -> Option<(RecordId, Content)> {
    let series = series_id(key);
    let heads =
        drafts.iter().filter(|draft| draft.gathering.series == Some(series) && draft.gathering.date.year() == year);
    let heads: Vec<u32> = heads.filter_map(|draft| Some(draft.gathering.heads.as_ref()?.participants)).collect();
    let most = heads.iter().copied().max()?;
    let mut random = Random::of(&[FOR_YEARLY_PEOPLE, key[0] as u64, key[1] as u64, year as u64]);
    // The association counts in January.
    let counted_on = Date::new(year + 1, 1, 15).ok().filter(|day| *day <= today)?;
    let id = RecordId::from_bytes(random.uuid_v7(counted_on, 0));
    // As many as at the fullest gathering, and beside them those who come now and then.
    let distinct_people = (most * random.between(115, 190) / 100).min(heads.iter().sum());
    let basis = if random.percent(35) { CountBasis::Estimated } else { CountBasis::Counted };
    let (series, distinct_people) = (Some(series), Some(distinct_people));
    let answer = YearlyPeople { series, year, distinct_people, basis, distinct_volunteers: None };
    random.percent(YEARLY_ANSWERED_PERCENT).then(|| (id, answer.to_content()))
}
