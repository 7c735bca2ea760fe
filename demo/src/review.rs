//! Which gatherings have been reviewed by `today`. A reviewer approves a month of a series with one press, so one draw
//! decides for each month and series.

use domain::{Date, Month};

use super::{DEMO_ASSOCIATION, PlannedReview, notes, profile::Activity, random::Random};

/// Of the demo association's activities, the one whose last month waits for the demo's reviewer: its walking group.
const WAITING_ACTIVITY: usize = 2;

/// `key` is the association's and the activity's index.
pub fn review(
    key: [usize; 2],
    activity: &Activity,
    day: Date,
    today: Date,
    random: &mut Random,
) -> Option<PlannedReview> {
    let months_ago = Month::of(today).index() - Month::of(day).index();
    let of_month = [key[0] as u64, key[1] as u64, Month::of(day).index() as u64];
    let approved = Random::of(&of_month).percent(approved_percent(key, months_ago));
    if approved {
        return Some(PlannedReview::Approved);
    }
    // Now and then one waits for its recorder. The demo association has exactly one, chosen elsewhere.
    let returned = key[0] != DEMO_ASSOCIATION && months_ago <= 2 && random.percent(3);
    returned.then(|| PlannedReview::Returned { comment: notes::comment(activity, random) })
}

fn approved_percent(key: [usize; 2], months_ago: i32) -> u32 {
    match (key, months_ago) {
        (_, 0) => 0,
        ([DEMO_ASSOCIATION, WAITING_ACTIVITY], 1) => 0,
        ([DEMO_ASSOCIATION, _], _) => 100,
        (_, 1) => 40,
        (_, 2) => 65,
        _ => 90,
    }
}
