//! The current day and time in Helsinki, updated every half minute.

use domain::{Date, date};
use leptos::prelude::*;

/// Copied freely, like the phone.
#[derive(Clone, Copy)]
pub struct Clock {
    pub today: RwSignal<Date>,
    /// Minutes since midnight, for the series in turn.
    pub minutes: RwSignal<u16>,
}

impl Clock {
    pub fn new() -> Clock {
        Clock { today: RwSignal::new(Date::constant(2026, 1, 1)), minutes: RwSignal::new(0) }
    }

    /// Sets what the screens take for now, in milliseconds since 1970.
    pub fn look(self, now: i64) {
        let (today, minutes) = date::in_helsinki(now);
        self.today.set(today);
        self.minutes.set(minutes);
    }
}
