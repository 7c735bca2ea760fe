//! Draws the counts of one held gathering.

use domain::{
    Date,
    codes::RecordKind,
    gathering::{CountBasis, Heads, Mode},
};

use super::{profile::Activity, random::Random};

/// Volunteers at a group give two to three hours each, preparation included, as public annual reports say.
const QUARTER_HOURS_EACH_MIN: u32 = 8;
const QUARTER_HOURS_EACH_MAX: u32 = 12;
/// A shift of staff, in quarter hours.
const STAFF_QUARTER_HOURS_EACH: u32 = 18;
/// Estimates are said in fives.
const ESTIMATED_FROM: u32 = 20;

/// The numbers, and how they came about. `key` is the activity's own seed, of which the year's level is drawn.
pub fn heads(activity: &Activity, key: &[u64], day: Date, random: &mut Random) -> (Heads, CountBasis) {
    let basis = basis(activity, random);
    let participants = participants(activity, key, day, basis, random);
    let (fewest, most) = activity.volunteers;
    let volunteers = random.between(fewest, most);
    let mut heads = Heads {
        participants,
        volunteers,
        volunteer_quarter_hours: volunteers * quarter_hours_each(activity, random),
        staff: activity.staff,
        staff_quarter_hours: activity.staff.map(|staff| staff * STAFF_QUARTER_HOURS_EACH),
        ..Heads::default()
    };
    if activity.series.is_some() && random.percent(30) {
        heads.first_timers = Some(random.below(4).min(participants));
    }
    if activity.mode == Mode::Both {
        heads.digital_participants = Some(participants / random.between(3, 5));
    }
    // Nobody in a peer group is asked where they live or how old they are.
    if activity.is_sensitive() {
        return (heads, basis);
    }
    if random.percent(30) {
        let [residents, _] = random.deal(participants, [92, 8]);
        heads.residents = Some(residents);
    }
    if random.percent(activity.breakdown_percent) {
        let (ages, genders) = weights(activity);
        heads.ages = Some(random.deal(participants, ages));
        // Fewer forms ask for the gender.
        heads.genders = random.percent(70).then(|| random.deal(participants, genders));
    }
    (heads, basis)
}

/// Groups are counted; where people come and go, and at feasts, many are not.
fn basis(activity: &Activity, random: &mut Random) -> CountBasis {
    let (estimated, sample) = match activity.form.record_kind() {
        RecordKind::Single if activity.heads > 40 => (60, 0),
        RecordKind::OpenDay => (12, 14),
        RecordKind::Contacts => (6, 0),
        _ => (3, 0),
    };
    match random.below(100) {
        n if n < estimated => CountBasis::Estimated,
        n if n < estimated + sample => CountBasis::Sample,
        _ => CountBasis::Counted,
    }
}

fn participants(activity: &Activity, key: &[u64], day: Date, basis: CountBasis, random: &mut Random) -> u32 {
    // Each year has its level, so that the change on the year before is not noise around zero.
    let of_year = [key, &[day.year() as u64]].concat();
    let level = Random::of(&of_year).between(92, 108);
    // Three draws make most weeks usual ones and a few thin or crowded.
    let week = 76 + random.below(17) + random.below(17) + random.below(17);
    let participants = ((activity.heads * level * week + 5_000) / 10_000).max(1);
    match basis {
        CountBasis::Estimated if participants >= ESTIMATED_FROM => (participants + 2) / 5 * 5,
        _ => participants,
    }
}

fn quarter_hours_each(activity: &Activity, random: &mut Random) -> u32 {
    let duration = activity.defaults.duration.unwrap_or(0) / 15;
    match activity.days {
        // The helpers of a camp are there all the time and count their waking hours.
        Some(days) => days * random.between(32, 40),
        None if activity.series.is_none() => duration + random.between(2, 6),
        None => (duration + random.between(1, 4)).clamp(QUARTER_HOURS_EACH_MIN, QUARTER_HOURS_EACH_MAX),
    }
}

/// How ages ([`domain::gathering::AGE_BANDS`]) and genders ([`domain::gathering::GENDERS`]) are spread, in percent, by whom it
/// is for.
fn weights(activity: &Activity) -> ([u32; 9], [u32; 4]) {
    let is_for = |code| activity.defaults.target_groups.iter().any(|group| group.code() == code);
    let ages = if is_for("ikaihmiset") {
        [0, 0, 0, 0, 0, 8, 50, 42, 0]
    } else if is_for("lapset") {
        [36, 15, 0, 0, 8, 39, 2, 0, 0]
    } else if is_for("nuoret") {
        [0, 14, 62, 14, 6, 4, 0, 0, 0]
    } else if is_for("kaikki") {
        [7, 10, 5, 2, 8, 34, 20, 11, 3]
    } else {
        [0, 0, 0, 2, 12, 64, 16, 4, 2]
    };
    let genders = if is_for("miehet") {
        [0, 100, 0, 0]
    } else if is_for("naiset") {
        [100, 0, 0, 0]
    } else if is_for("nuoret") {
        [46, 48, 3, 3]
    } else {
        [68, 30, 1, 1]
    };
    (ages, genders)
}
