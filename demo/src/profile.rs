//! Describes what an invented association does in a usual week: a few lines for each activity.

use domain::{
    codes::{ActivityForm, Municipality, TargetGroup, Theme},
    gathering::{Defaults, GatheringLanguage, Mode, Partner},
};

use super::calendar::{Pause, Rhythm};

/// One invented association.
pub struct Profile {
    pub name: &'static str,
    pub home: Municipality,
    /// A role at a domain that cannot exist (RFC 2606), so that nobody is written to.
    pub contact: &'static str,
    pub shown_alone: bool,
    pub volunteers_set_up_series: bool,
    /// Answers "ei toimintaa" for a month in which nothing was held.
    pub says_no_activity: bool,
    /// Days from a gathering to its record; some bring their papers to the secretary after weeks.
    pub records_after_days: i32,
    pub activities: Vec<Activity>,
}

impl Profile {
    pub fn new(name: &'static str, home: &str, contact: &'static str, activities: Vec<Activity>) -> Profile {
        Profile {
            name,
            home: municipality(home),
            contact,
            shown_alone: false,
            volunteers_set_up_series: true,
            says_no_activity: false,
            records_after_days: 2,
            activities,
        }
    }

    pub fn agrees_to_be_shown_alone(self) -> Profile {
        Profile { shown_alone: true, ..self }
    }

    pub fn secretary_sets_up_series(self) -> Profile {
        Profile { volunteers_set_up_series: false, ..self }
    }

    pub fn says_no_activity(self) -> Profile {
        Profile { says_no_activity: true, ..self }
    }

    pub fn records_after(self, days: i32) -> Profile {
        Profile { records_after_days: days, ..self }
    }
}

/// One thing that an association does: a series, or occasions of one kind without a series.
pub struct Activity {
    /// None for occasions without a series.
    pub series: Option<&'static str>,
    pub form: ActivityForm,
    pub rhythm: Rhythm,
    pub pause: Pause,
    /// Minutes since midnight.
    pub start: u16,
    /// Of the series, and copied into its gatherings; the place is the first of `places`, the funders' year is the record's.
    pub defaults: Defaults,
    /// Occasions are held in one of these.
    pub places: &'static [&'static str],
    pub funders: &'static [&'static str],
    /// Held elsewhere than in the association's home municipality.
    pub held_in: Option<Municipality>,
    /// Participants at a usual gathering.
    pub heads: u32,
    /// Fewest and most.
    pub volunteers: (u32, u32),
    /// Paid staff at each gathering.
    pub staff: Option<u32>,
    pub mode: Mode,
    pub partner: Option<Partner>,
    /// Days of an outing or a camp.
    pub days: Option<u32>,
    /// In how many gatherings of a hundred ages and genders are asked.
    pub breakdown_percent: u32,
}

impl Activity {
    /// A group with a series of its own.
    pub fn series(name: &'static str, form: &str, rhythm: Rhythm) -> Activity {
        Activity { series: Some(name), ..Activity::occasions(form, rhythm) }
    }

    /// Occasions that nobody sets up a series for.
    pub fn occasions(form: &str, rhythm: Rhythm) -> Activity {
        Activity {
            series: None,
            form: ActivityForm::parse(form).expect("a code of activity_forms.csv"),
            rhythm,
            pause: Pause::July,
            start: 0,
            defaults: Defaults {
                free: Some(true),
                open: Some(true),
                language: Some(GatheringLanguage::Fi),
                ..Defaults::default()
            },
            places: &[],
            funders: &[],
            held_in: None,
            heads: 0,
            volunteers: (1, 3),
            staff: None,
            mode: Mode::OnSite,
            partner: None,
            days: None,
            breakdown_percent: 15,
        }
    }

    /// Start, and duration in minutes.
    pub fn at(mut self, hour: u16, minute: u16, duration: u32) -> Activity {
        self.start = hour * 60 + minute;
        self.defaults.duration = Some(duration);
        self
    }

    pub fn pause(self, pause: Pause) -> Activity {
        Activity { pause, ..self }
    }

    /// Usual participants, and the fewest and most volunteers.
    pub fn people(self, heads: u32, volunteers_min: u32, volunteers_max: u32) -> Activity {
        Activity { heads, volunteers: (volunteers_min, volunteers_max), ..self }
    }

    pub fn place(mut self, places: &'static [&'static str], postal_code: &str) -> Activity {
        self.places = places;
        self.defaults.place = places.first().map(|place| (*place).to_owned());
        self.defaults.postal_code = Some(postal_code.to_owned());
        self
    }

    /// Places that have no address: a forest, a lake, another parish.
    pub fn outdoors(mut self, places: &'static [&'static str]) -> Activity {
        self.places = places;
        self.defaults.place = places.first().map(|place| (*place).to_owned());
        self
    }

    pub fn in_municipal_premises(mut self) -> Activity {
        self.defaults.municipal_premises = Some(true);
        self
    }

    pub fn held_in(self, code: &str) -> Activity {
        Activity { held_in: Some(municipality(code)), ..self }
    }

    pub fn targets(mut self, codes: &[&str]) -> Activity {
        let group = |code: &&str| TargetGroup::parse(code).expect("a code of target_groups.csv");
        self.defaults.target_groups = codes.iter().map(group).collect();
        self
    }

    pub fn themes(mut self, codes: &[&str]) -> Activity {
        self.defaults.themes = codes.iter().map(|code| Theme::parse(code).expect("a code of themes.csv")).collect();
        self
    }

    pub fn funders(self, funders: &'static [&'static str]) -> Activity {
        Activity { funders, ..self }
    }

    pub fn sensitive(mut self) -> Activity {
        self.defaults.sensitive = true;
        self
    }

    pub fn with_fee(mut self) -> Activity {
        self.defaults.free = Some(false);
        self
    }

    pub fn for_members(mut self) -> Activity {
        self.defaults.open = Some(false);
        self
    }

    pub fn in_swedish(mut self) -> Activity {
        self.defaults.language = Some(GatheringLanguage::Sv);
        self
    }

    pub fn mode(self, mode: Mode) -> Activity {
        Activity { mode, ..self }
    }

    pub fn partner(self, partner: Partner) -> Activity {
        Activity { partner: Some(partner), ..self }
    }

    pub fn staff(self, staff: u32) -> Activity {
        Activity { staff: Some(staff), ..self }
    }

    pub fn days(self, days: u32) -> Activity {
        Activity { days: Some(days), ..self }
    }

    pub fn breakdown(self, percent: u32) -> Activity {
        Activity { breakdown_percent: percent, ..self }
    }

    pub fn is_sensitive(&self) -> bool {
        self.defaults.sensitive
            || self.form.is_sensitive()
            || self.defaults.target_groups.iter().any(|group| group.is_sensitive())
    }

    pub fn is_swedish(&self) -> bool {
        self.defaults.language == Some(GatheringLanguage::Sv)
    }
}

pub fn weekly(weekday: u8) -> Rhythm {
    Rhythm::Weeks { weekday, every: 1 }
}

pub fn every_second_week(weekday: u8) -> Rhythm {
    Rhythm::Weeks { weekday, every: 2 }
}

/// On the `nth` weekday of these months.
pub fn months(weekday: u8, nth: i8, months: &'static [u8]) -> Rhythm {
    Rhythm::Months { weekday, nth, months }
}

fn municipality(code: &str) -> Municipality {
    Municipality::parse(code).expect("a code of municipalities.csv")
}
