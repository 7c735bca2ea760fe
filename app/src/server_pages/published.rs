//! Texts for published values. A hidden value is a word and never a number (protection rule 6).

use domain::{
    Lang,
    protection::{Published, PublishedSum},
};

use crate::{format::number, texts::coordinator as t};

/// A cell's text.
pub fn cell(lang: Lang, value: Published<u64>) -> String {
    match value {
        Published::Exact(exact) => number(lang, exact),
        Published::Rounded(rounded) => t::about(lang, number(lang, rounded)),
        Published::Suppressed => t::suppressed(lang).to_owned(),
    }
}

/// A sum's text.
pub fn sum(lang: Lang, value: PublishedSum) -> String {
    match value {
        PublishedSum::Exact(exact) => number(lang, exact),
        PublishedSum::Rounded(rounded) => t::about(lang, number(lang, rounded)),
        PublishedSum::AtLeast(least) => t::at_least(lang, number(lang, least)),
        PublishedSum::Suppressed => t::suppressed(lang).to_owned(),
    }
}
