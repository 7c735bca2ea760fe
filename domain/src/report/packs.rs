//! What each funder asks for, as a list of figures: one page, one sheet, one file each.

pub mod annual_report;
pub mod county;
pub mod description;
pub mod municipality;
pub mod sivis;
pub mod stea;
pub mod year;
pub mod youth_and_sport;

use crate::report::{key::Table, summing::Summed, tidy::Figure};

macro_rules! packs {
    ($($(#[$doc:meta])* $name:ident = $code:ident,)+) => {
        /// A set of figures that somebody asks for.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum Pack { $($(#[$doc])* $name),+ }

        impl Pack {
            pub const ALL: &'static [Pack] = &[$(Pack::$name),+];

            /// The stable code.
            pub const fn code(self) -> &'static str {
                match self { $(Pack::$name => stringify!($code)),+ }
            }

            pub fn parse(code: &str) -> Option<Pack> {
                Pack::ALL.iter().copied().find(|pack| pack.code() == code)
            }

            /// The tables that have to be summed for it.
            pub const fn tables(self) -> &'static [Table] {
                match self { $(Pack::$name => $code::TABLES),+ }
            }

            /// Those of them that are compared with the year before.
            pub const fn compared(self) -> &'static [Table] {
                match self {
                    Pack::Year => year::TABLES_COMPARED,
                    Pack::AnnualReport => annual_report::TABLES_COMPARED,
                    _ => &[],
                }
            }

            /// Its figures, in the order in which they are shown.
            pub fn figures(self, summed: &Summed) -> Vec<Figure> {
                match self { $(Pack::$name => $code::figures(summed)),+ }
            }
        }
    };
}

packs! {
    /// The association's own year, by everything.
    Year = year,
    /// STEA, and the federations that collect for it.
    Stea = stea,
    Municipality = municipality,
    YouthAndSport = youth_and_sport,
    /// The wellbeing services county.
    County = county,
    /// The study centre OK Sivis.
    Sivis = sivis,
    /// The annual meeting's report.
    AnnualReport = annual_report,
    /// The region's description of the associations' work for wellbeing.
    Description = description,
}
