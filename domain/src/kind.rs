//! The kinds of record that devices and the server exchange.

use serde::{Deserialize, Serialize};

/// What a record is. `Alternative` is made by the server only (invariant S11).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    Association,
    Series,
    Gathering,
    YearlyPeople,
    Review,
    Settlement,
    Alternative,
}

impl Kind {
    pub const ALL: [Kind; 7] = [
        Kind::Association,
        Kind::Series,
        Kind::Gathering,
        Kind::YearlyPeople,
        Kind::Review,
        Kind::Settlement,
        Kind::Alternative,
    ];

    /// The stable name on the wire and in the databases.
    pub const fn name(self) -> &'static str {
        match self {
            Kind::Association => "association",
            Kind::Series => "series",
            Kind::Gathering => "gathering",
            Kind::YearlyPeople => "yearly_people",
            Kind::Review => "review",
            Kind::Settlement => "settlement",
            Kind::Alternative => "alternative",
        }
    }

    pub fn from_name(name: &str) -> Option<Kind> {
        Kind::ALL.into_iter().find(|kind| kind.name() == name)
    }
}
