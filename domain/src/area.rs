//! Areas whose protected counts a coordinator sees.

use crate::{
    Lang,
    codes::{County, Municipality},
};

/// A municipality, a wellbeing county or the whole country.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Area {
    Municipality(Municipality),
    County(County),
    Nation,
}

impl Area {
    /// Stable names of the kinds, in the order of the variants.
    pub const KINDS: [&'static str; 3] = ["municipality", "county", "nation"];

    pub fn kind(self) -> &'static str {
        match self {
            Area::Municipality(_) => Area::KINDS[0],
            Area::County(_) => Area::KINDS[1],
            Area::Nation => Area::KINDS[2],
        }
    }

    /// Official code (Statistics Finland); empty for the nation.
    pub fn code(self) -> &'static str {
        match self {
            Area::Municipality(municipality) => municipality.code(),
            Area::County(county) => county.code(),
            Area::Nation => "",
        }
    }

    /// The area's own name, in the nominative.
    pub fn name(self, lang: Lang) -> &'static str {
        match (self, lang) {
            (Area::Municipality(municipality), _) => municipality.name(lang),
            (Area::County(county), _) => county.name(lang),
            (Area::Nation, Lang::Sv) => "Hela landet",
            (Area::Nation, Lang::En) => "The whole country",
            (Area::Nation, _) => "Koko maa",
        }
    }

    /// A municipality that was merged into another is read as that one.
    pub fn parse(kind: &str, code: &str) -> Option<Area> {
        match kind {
            "municipality" => Municipality::parse_or_successor(code).map(Area::Municipality),
            "county" => County::parse(code).map(Area::County),
            "nation" if code.is_empty() => Some(Area::Nation),
            _ => None,
        }
    }

    /// The municipality, where the area is one.
    pub fn municipality(self) -> Option<Municipality> {
        match self {
            Area::Municipality(municipality) => Some(municipality),
            _ => None,
        }
    }

    /// Whether a municipality is the area or lies in it.
    pub fn contains(self, municipality: Municipality) -> bool {
        match self {
            Area::Municipality(own) => own == municipality,
            Area::County(county) => municipality.county() == county,
            Area::Nation => true,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_area_is_written_and_read_back() {
        let municipality = Municipality::parse("755").expect("a municipality");
        for area in [Area::Municipality(municipality), Area::County(municipality.county()), Area::Nation] {
            assert_eq!(Area::parse(area.kind(), area.code()), Some(area));
        }
        assert_eq!(Area::parse("nation", "755"), None);
        assert_eq!(Area::parse("village", "755"), None);
    }

    #[test]
    fn a_municipality_lies_in_itself_its_county_and_the_nation() {
        let [siuntio, akaa] = ["755", "020"].map(|code| Municipality::parse(code).expect("a municipality"));
        for area in [Area::Municipality(siuntio), Area::County(siuntio.county()), Area::Nation] {
            assert!(area.contains(siuntio));
            assert_eq!(area.contains(akaa), area == Area::Nation);
        }
    }
}
