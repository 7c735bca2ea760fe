//! What is measured: the list of measures, with their units and how they sum.

/// In what a measure is counted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unit {
    Gatherings,
    /// People at gatherings; one who came five times is five.
    Heads,
    /// Different people.
    People,
    Hours,
    Days,
    Groups,
    Weeks,
    /// A class or a verdict, in words.
    Words,
}

impl Unit {
    pub const fn code(self) -> &'static str {
        match self {
            Unit::Gatherings => "gatherings",
            Unit::Heads => "heads",
            Unit::People => "people",
            Unit::Hours => "hours",
            Unit::Days => "days",
            Unit::Groups => "groups",
            Unit::Weeks => "weeks",
            Unit::Words => "words",
        }
    }
}

/// How figures of several groups become one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Sums {
    /// They add up.
    Adds,
    /// They are computed from sums: a share, an average.
    FromSums,
    /// They cannot be added: different people.
    Never,
}

macro_rules! measures {
    ($($(#[$doc:meta])* $name:ident = $code:literal: $unit:ident $sums:ident,)+) => {
        /// What a figure measures.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum Measure { $($(#[$doc])* $name),+ }

        impl Measure {
            pub const ALL: &'static [Measure] = &[$(Measure::$name),+];

            /// The stable code; the key of its name and of its definition among the texts.
            pub const fn code(self) -> &'static str {
                match self { $(Measure::$name => $code),+ }
            }

            pub const fn unit(self) -> Unit {
                match self { $(Measure::$name => Unit::$unit),+ }
            }

            pub const fn sums(self) -> Sums {
                match self { $(Measure::$name => Sums::$sums),+ }
            }
        }
    };
}

measures! {
    /// Held gatherings.
    Gatherings = "gatherings": Gatherings Adds,
    /// Gatherings that were recorded as not held; in no other figure.
    Cancelled = "cancelled": Gatherings Adds,
    /// Heads summed; volunteers are not in it.
    Visits = "visits": Heads Adds,
    /// Visits divided by held gatherings, one decimal, rounded half up.
    Average = "average": Heads FromSums,
    /// Series with a held gathering.
    Groups = "groups": Groups Never,
    DistinctPeople = "distinct_people": People Never,
    FirstTimers = "first_timers": Heads Adds,
    Residents = "residents": Heads Adds,
    Digital = "digital": Heads Adds,
    Women = "women": Heads Adds,
    Men = "men": Heads Adds,
    OtherGender = "other_gender": Heads Adds,
    GenderUnknown = "gender_unknown": Heads Adds,
    Age0To6 = "age_0_6": Heads Adds,
    Age7To12 = "age_7_12": Heads Adds,
    Age13To17 = "age_13_17": Heads Adds,
    Age18To19 = "age_18_19": Heads Adds,
    Age20To28 = "age_20_28": Heads Adds,
    Age29To63 = "age_29_63": Heads Adds,
    Age64To74 = "age_64_74": Heads Adds,
    Age75 = "age_75": Heads Adds,
    AgeUnknown = "age_unknown": Heads Adds,
    /// Under 29.
    Under29 = "age_under_29": Heads Adds,
    Age7To28 = "age_7_28": Heads Adds,
    Age29 = "age_29": Heads Adds,
    Under20 = "age_under_20": Heads Adds,
    Age20To63 = "age_20_63": Heads Adds,
    Age64 = "age_64": Heads Adds,
    /// Asked by some funders; the bands cannot give it.
    Age9To12 = "age_9_12": Heads Adds,
    /// As [`Measure::Age9To12`].
    Age18To24 = "age_18_24": Heads Adds,
    /// Volunteers at gatherings, summed.
    Volunteers = "volunteers": Heads Adds,
    VolunteerHours = "volunteer_hours": Hours Adds,
    DistinctVolunteers = "distinct_volunteers": People Never,
    /// STEA's class of the number of different volunteers.
    VolunteerClass = "volunteer_class": Words Never,
    Staff = "staff": Heads Adds,
    StaffHours = "staff_hours": Hours Adds,
    /// Hours that gatherings lasted.
    InstructedHours = "instructed_hours": Hours Adds,
    /// Outings and camps: their number, people, days, nights.
    Outings = "outings": Gatherings Adds,
    OutingPeople = "outing_people": Heads Adds,
    OutingDays = "outing_days": Days Adds,
    OutingNights = "outing_nights": Days Adds,
    /// Participants times days.
    PersonDays = "person_days": Days Adds,
    /// Participants times nights.
    PersonNights = "person_nights": Days Adds,
    Free = "free": Gatherings FromSums,
    Open = "open": Gatherings FromSums,
    MunicipalPremises = "municipal_premises": Gatherings FromSums,
    Counted = "counted": Gatherings FromSums,
    Sample = "sample": Gatherings FromSums,
    Estimated = "estimated": Gatherings FromSums,
    /// Held gatherings that nobody has approved yet, those asked about included.
    Waiting = "waiting": Gatherings Adds,
    /// Weeks of the series' weekday on which nothing was recorded.
    MissingWeeks = "missing_weeks": Weeks Adds,
    /// At least five people aged 15 or more.
    SivisPeople = "sivis_people": Words Never,
    /// At least ten hours in the calendar year.
    SivisHours = "sivis_hours": Words Never,
    Sivis = "sivis": Words Never,
}

impl Measure {
    /// The age bands that it sums, by their place in [`crate::gathering::AGE_BANDS`].
    pub const fn bands(self) -> Option<(usize, usize)> {
        Some(match self {
            Measure::Age0To6 => (0, 0),
            Measure::Age7To12 => (1, 1),
            Measure::Age13To17 => (2, 2),
            Measure::Age18To19 => (3, 3),
            Measure::Age20To28 => (4, 4),
            Measure::Age29To63 => (5, 5),
            Measure::Age64To74 => (6, 6),
            Measure::Age75 => (7, 7),
            Measure::AgeUnknown => (8, 8),
            Measure::Under29 => (0, 4),
            Measure::Age7To28 => (1, 4),
            Measure::Age29 => (5, 7),
            Measure::Under20 => (0, 3),
            Measure::Age20To63 => (4, 5),
            Measure::Age64 => (6, 7),
            _ => return None,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    #[test]
    fn every_measure_has_a_code_of_its_own() {
        let codes: BTreeSet<&str> = Measure::ALL.iter().map(|measure| measure.code()).collect();
        assert_eq!(codes.len(), Measure::ALL.len());
    }

    #[test]
    fn cuttings_that_divide_all_ages_have_each_band_once() {
        for cutting in [
            &[Measure::Age0To6, Measure::Age7To28, Measure::Age29][..],
            &[Measure::Under20, Measure::Age20To63, Measure::Age64],
            &[Measure::Under29, Measure::Age29],
        ] {
            let bands: Vec<usize> =
                cutting.iter().filter_map(|measure| measure.bands()).flat_map(|(first, last)| first..=last).collect();
            assert_eq!(bands, (0..8).collect::<Vec<_>>(), "{cutting:?}");
        }
    }
}
