//! Which group is next: by its usual weekday and time, and by what has been recorded.

use domain::{Date, RecordId, turn::in_turn};
use leptos::prelude::*;

use super::{phone::Phone, records::Row, words::count_text};
use crate::{format::short_day, texts::volunteer as t};

/// The series in turn, with its day. What has been recorded is not asked for again.
pub fn next_to_record(phone: Phone) -> Option<(RecordId, Date)> {
    let rows = phone.records.gatherings();
    let is_open = |id, day| !rows.iter().any(|row| row.gathering.series == Some(id) && row.gathering.date >= day);
    in_turn(&phone.records.series_in_use(), phone.clock.today.get(), phone.clock.minutes.get(), is_open)
}

/// Said before saving: another gathering of this series and day is there already (S14); with its id.
pub fn same_evening(phone: Phone, series: RecordId, day: Date, but: RecordId) -> Option<(String, RecordId)> {
    let same = |row: &&Row| row.shown.id != but && row.gathering.series == Some(series) && row.gathering.date == day;
    let rows = phone.records.gatherings();
    let row = rows.iter().find(same)?;
    let lang = phone.lang.get_untracked();
    let text = t::same_evening(lang, count_text(lang, &row.gathering).to_lowercase(), short_day(lang, day));
    Some((text, row.shown.id))
}
