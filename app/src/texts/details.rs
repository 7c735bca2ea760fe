//! The optional fields of a gathering, and what a group gives to its gatherings.

use domain::Lang;

super::texts!("details");

/// An age band by its name on the wire.
pub fn age_band(lang: Lang, band: &str) -> String {
    match band {
        "75" => years(lang, "75+"),
        "unknown" => not_known(lang).to_owned(),
        band => years(lang, band.replace('_', "–")),
    }
}
