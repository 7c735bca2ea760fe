//! The languages of the product, from `domain/data/languages.csv`. Finnish is the first and the fallback.

include!(concat!(env!("OUT_DIR"), "/lang.rs"));

impl Lang {
    /// The BCP 47 tag, as in the `lang` attribute.
    pub const fn tag(self) -> &'static str {
        TAGS[self as usize]
    }

    /// The language's own name for itself, as a word in the header.
    pub const fn own_name(self) -> &'static str {
        OWN_NAMES[self as usize]
    }

    /// The languages that the header shows. Others are being translated, and only a demo server has them.
    pub fn offered() -> impl Iterator<Item = Lang> {
        Lang::ALL.into_iter().filter(|lang| lang.is_offered())
    }

    pub const fn is_offered(self) -> bool {
        IS_OFFERED[self as usize]
    }

    /// Reads a tag, with or without a region; one of no language here is none.
    pub fn from_tag(tag: &str) -> Option<Lang> {
        let primary = tag.split(['-', '_']).next().unwrap_or_default();
        let is_it = |lang: &Lang| [tag, primary].iter().any(|tag| lang.tag().eq_ignore_ascii_case(tag));
        Lang::ALL.into_iter().find(is_it)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_tag_is_read_with_or_without_its_region() {
        assert_eq!(Lang::from_tag("sv-FI"), Some(Lang::Sv));
        assert_eq!(Lang::from_tag("EN_gb"), Some(Lang::En));
        assert_eq!(Lang::from_tag("qps-ploc"), Some(Lang::QpsPloc));
        assert_eq!(Lang::from_tag("de"), None);
        assert_eq!(Lang::from_tag(""), None);
    }

    #[test]
    fn the_header_shows_what_is_translated_and_never_the_pseudo_language() {
        assert_eq!(Lang::offered().map(Lang::own_name).collect::<Vec<_>>(), ["Suomi", "Svenska", "English"]);
    }
}
