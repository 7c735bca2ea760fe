//! What an association says in public of itself: fields of its own record, and two of each series.
//!
//! They are read apart from [`crate::association::Association`] and [`crate::Series`]: every volunteer's phone reads those at each
//! start, and these never. What becomes of them is a page ([`crate::public_page`]).

use serde_json::{Value, json};

use crate::{
    Content, Date, FieldError, Kind, Lang, Problem, bounds,
    codes::HandbookPart,
    content::{self, Reader, put},
    date, personal,
};

/// The association lets everybody see its page.
const IS_PUBLIC: &str = "public_page";
/// Whom everybody may ask, and when the association last said that it is so. One field: what was confirmed is the text that was on the
/// screen, and the two merge together (S11).
const CONTACT: &str = "public_contact";
/// The association's own words about each part, in each language: a field of its own each, so that two people who write different ones
/// never clash.
const ABOUT: [(HandbookPart, Lang, &str); 9] = [
    (HandbookPart::Support, Lang::Fi, "about_support_fi"),
    (HandbookPart::Support, Lang::Sv, "about_support_sv"),
    (HandbookPart::Support, Lang::En, "about_support_en"),
    (HandbookPart::Inclusion, Lang::Fi, "about_inclusion_fi"),
    (HandbookPart::Inclusion, Lang::Sv, "about_inclusion_sv"),
    (HandbookPart::Inclusion, Lang::En, "about_inclusion_en"),
    (HandbookPart::Expertise, Lang::Fi, "about_expertise_fi"),
    (HandbookPart::Expertise, Lang::Sv, "about_expertise_sv"),
    (HandbookPart::Expertise, Lang::En, "about_expertise_en"),
];

/// The parts in their order.
pub const PARTS: [HandbookPart; 3] = [HandbookPart::Support, HandbookPart::Inclusion, HandbookPart::Expertise];

/// Days after which the association is asked whether its contact is still right: twice a year.
const CONFIRM_AFTER_DAYS: i32 = 182;

/// Whom everybody may ask.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Contact {
    /// A role, an office's number or address; never a private person's.
    pub text: String,
    /// The day on which the association last said that it is right.
    pub confirmed: Date,
}

impl Contact {
    /// Whether it is time to ask. A day ahead of `today` is a device's wrong clock, and confirms nothing.
    pub fn is_due(&self, today: Date) -> bool {
        let latest = date::plus_days(today, bounds::DAYS_AHEAD_MAX);
        self.confirmed > latest || date::plus_days(self.confirmed, CONFIRM_AFTER_DAYS) < today
    }

    fn read(value: &Value) -> Result<Contact, Problem> {
        let text = content::line(bounds::ASSOCIATION_NAME_MAX_CHARS)(value.get("text").ok_or(Problem::Missing)?)?;
        let confirmed = value.get("confirmed").and_then(Value::as_str).and_then(date::parse);
        let is_day = |day: &Date| (bounds::FIRST_YEAR..=bounds::LAST_YEAR).contains(&day.year());
        Ok(Contact { text, confirmed: confirmed.filter(is_day).ok_or(Problem::NotADate)? })
    }

    /// As the association's record has it.
    pub fn value(&self) -> Value {
        json!({"text": self.text, "confirmed": date::iso(self.confirmed)})
    }
}

/// A public page's fields of the association's record, all of them checked.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct OwnPage {
    pub is_public: bool,
    pub contact: Option<Contact>,
    /// In the order of the parts and languages.
    about: Vec<(HandbookPart, Lang, String)>,
}

impl OwnPage {
    /// Reads the page's fields; all others are passed over.
    ///
    /// # Errors
    /// Every field that is not what it should be.
    pub fn parse(content: &Content) -> Result<OwnPage, Vec<FieldError>> {
        let mut read = Reader::new(content);
        let is_public = read.optional(IS_PUBLIC, content::yes_or_no).unwrap_or(false);
        let contact = read.optional(CONTACT, Contact::read);
        let mut about = Vec::new();
        for (part, lang, field) in ABOUT {
            if let Some(text) = read.optional(field, content::line(bounds::ABOUT_MAX_CHARS)) {
                about.push((part, lang, text));
            }
        }
        read.finish(Some(OwnPage { is_public, contact, about }))
    }

    /// Puts the page's fields into a content, in their normal form.
    pub(crate) fn write(self, out: &mut Content) {
        put(out, IS_PUBLIC, self.is_public.then_some(true));
        put(out, CONTACT, self.contact.as_ref().map(Contact::value));
        for (part, lang, text) in self.about {
            put(out, about_field(part, lang), Some(text));
        }
    }

    /// The association's own words about a part in one language.
    pub fn about(&self, part: HandbookPart, lang: Lang) -> Option<&str> {
        self.about.iter().find(|(of, in_lang, _)| (*of, *in_lang) == (part, lang)).map(|(_, _, text)| text.as_str())
    }

    /// The words for a reader of `lang`, with the language that they are in: where the association has none in that one, those of the
    /// first language in which it has.
    pub fn about_for(&self, part: HandbookPart, lang: Lang) -> Option<(Lang, &str)> {
        let first = || self.about.iter().find(|(of, _, _)| *of == part).map(|(_, lang, text)| (*lang, text.as_str()));
        self.about(part, lang).map(|text| (lang, text)).or_else(first)
    }
}

/// The languages of the association's own words.
pub fn languages() -> impl Iterator<Item = Lang> {
    ABOUT.into_iter().filter(|(part, _, _)| *part == PARTS[0]).map(|(_, lang, _)| lang)
}

/// The field of the words about a part in a language; of a language that is being translated only, the one of the Finnish words.
pub fn about_field(part: HandbookPart, lang: Lang) -> &'static str {
    let of = |lang: Lang| ABOUT.iter().find(|(of, in_lang, _)| (*of, *in_lang) == (part, lang)).map(|one| one.2);
    of(lang).or_else(|| of(Lang::Fi)).unwrap_or(ABOUT[0].2)
}

/// An edit that makes the page public, or takes it back.
pub fn public_edit(is_public: bool) -> (&'static str, Value) {
    (IS_PUBLIC, if is_public { true.into() } else { Value::Null })
}

/// An edit of the contact; an empty text takes it away. Whoever writes it says that it is right today.
pub fn contact_edit(text: &str, today: Date) -> (&'static str, Value) {
    match text.trim() {
        "" => (CONTACT, Value::Null),
        text => (CONTACT, Contact { text: text.to_owned(), confirmed: today }.value()),
    }
}

/// What is wrong with words about a part before they are saved; nothing with none.
pub fn wrong_about(text: &str) -> Option<Problem> {
    if text.trim().is_empty() {
        return None;
    }
    content::line(bounds::ABOUT_MAX_CHARS)(&text.into()).err().or_else(|| personal::find(text))
}

/// The same of a contact. An office's number and address belong there, an identity code nowhere.
pub fn wrong_contact(text: &str) -> Option<Problem> {
    if text.trim().is_empty() {
        return None;
    }
    let too_long = content::line(bounds::ASSOCIATION_NAME_MAX_CHARS)(&text.into()).err();
    too_long.or_else(|| personal::find(text).filter(|problem| *problem == Problem::IdentityCode))
}

/// As [`personal::in_new_texts`], of the public texts.
pub(crate) fn personal_in_new_texts(kind: Kind, content: &Content, known: &[&Content]) -> Vec<FieldError> {
    if kind != Kind::Association {
        return Vec::new();
    }
    let text_of = |content: &Content, field: &str| match content.get(field)? {
        Value::String(text) => Some(text.clone()),
        whole => Some(whole.get("text")?.as_str()?.to_owned()),
    };
    let new = |field: &str| {
        let text = text_of(content, field)?;
        known.iter().all(|known| text_of(known, field).as_ref() != Some(&text)).then_some(text)
    };
    let about = ABOUT
        .into_iter()
        .filter_map(|(_, _, field)| Some(FieldError { field, problem: personal::find(&new(field)?)? }));
    let contact =
        new(CONTACT).and_then(|text| wrong_contact(&text)).map(|problem| FieldError { field: CONTACT, problem });
    about.chain(contact).collect()
}

/// The association lets everybody see that the group is.
pub const SHOWN: &str = "shown";
/// It says so of a group whose mere visit tells something of a person's health or life. A word of its own: a group that becomes such a
/// one later is not shown by the first yes.
const SHOWN_SENSITIVE: &str = "shown_sensitive";

/// The fields of a series that only its association's reviewers say.
pub const OF_SERIES: &[&str] = &[SHOWN, SHOWN_SENSITIVE];

/// What an association has said of showing a group.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Showing {
    pub shown: bool,
    pub shown_sensitive: bool,
}

impl Showing {
    /// Reads the two fields of a series' content.
    ///
    /// # Errors
    /// Every field that is neither yes nor no.
    pub fn parse(content: &Content) -> Result<Showing, Vec<FieldError>> {
        let mut read = Reader::new(content);
        let shown = read.optional(SHOWN, content::yes_or_no).unwrap_or(false);
        let shown_sensitive = read.optional(SHOWN_SENSITIVE, content::yes_or_no).unwrap_or(false);
        read.finish(Some(Showing { shown, shown_sensitive }))
    }

    /// Puts the two fields into a content, in their normal form: what is not said is left out.
    pub(crate) fn write(self, out: &mut Content) {
        put(out, SHOWN, self.shown.then_some(true));
        put(out, SHOWN_SENSITIVE, self.shown_sensitive.then_some(true));
    }

    /// A series' content that says so, with nulls for what is not said: so that an edit takes back what stood there.
    pub fn edited(self, mut content: Content) -> Content {
        for (field, yes) in [(SHOWN, self.shown), (SHOWN_SENSITIVE, self.shown_sensitive)] {
            content.insert(field.to_owned(), if yes { true.into() } else { Value::Null });
        }
        content
    }

    /// Whether everybody may see the group.
    pub fn of(self, is_sensitive: bool) -> bool {
        self.shown && (self.shown_sensitive || !is_sensitive)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        association,
        content::overlay,
        record::{self, field_group},
        series,
    };

    const TODAY: Date = Date::constant(2026, 11, 27);

    fn object(value: Value) -> Content {
        value.as_object().cloned().expect("object")
    }

    fn own(more: Value) -> Content {
        let mut content = object(json!({"name": "Kylän Väki ry", "home": "005"}));
        content.extend(object(more));
        content
    }

    fn errors(kind: Kind, content: &Content) -> Vec<(&'static str, Problem)> {
        let errors = record::normalise(kind, content, TODAY).err().unwrap_or_default();
        errors.into_iter().map(|error| (error.field, error.problem)).collect()
    }

    #[test]
    fn each_part_has_a_field_in_each_language_that_is_offered() {
        let offered: Vec<Lang> = Lang::offered().collect();
        assert_eq!(languages().collect::<Vec<_>>(), offered);
        for part in PARTS {
            for lang in &offered {
                let field = about_field(part, *lang);
                assert!(association::FIELDS.contains(&field), "{field}");
                assert!(field.ends_with(lang.tag()), "{field}");
            }
        }
        for field in [IS_PUBLIC, CONTACT].into_iter().chain(ABOUT.map(|one| one.2)) {
            assert!(association::FIELDS.contains(&field), "{field}");
            assert_eq!(field_group(Kind::Association, field), field, "merged by itself");
        }
        for field in OF_SERIES {
            assert!(series::FIELDS.contains(field), "{field}");
        }
    }

    #[test]
    fn the_page_is_read_and_written_back() {
        let content =
            own(json!({"public_page": true, "about_support_fi": "Tukea arkeen.", "about_expertise_sv": "Kunskap.",
            "public_contact": {"text": "Toimisto 019 000 000", "confirmed": "2026-05-03"}, "deadlines":
            [{"funder": "STEA", "day": "02-28"}]}));
        assert_eq!(record::normalise(Kind::Association, &content, TODAY), Ok(content.clone()));
        let page = OwnPage::parse(&content).expect("valid");
        assert!(page.is_public);
        assert_eq!(page.about(HandbookPart::Support, Lang::Fi), Some("Tukea arkeen."));
        assert_eq!(page.about(HandbookPart::Support, Lang::Sv), None);
        assert_eq!(page.about_for(HandbookPart::Support, Lang::Sv), Some((Lang::Fi, "Tukea arkeen.")));
        assert_eq!(page.about_for(HandbookPart::Expertise, Lang::En), Some((Lang::Sv, "Kunskap.")));
        assert_eq!(page.about_for(HandbookPart::Inclusion, Lang::Fi), None);
    }

    #[test]
    fn the_normal_form_is_trimmed_without_what_goes_without_saying() {
        let sent =
            own(json!({"public_page": false, "about_support_fi": "  Tukea\n arkeen. ", "about_support_sv": null,
            "public_contact": {"text": " Toimisto ", "confirmed": "2026-05-03", "by": "Aila"}}));
        let normal = record::normalise(Kind::Association, &sent, TODAY).expect("valid");
        let expected = own(json!({"about_support_fi": "Tukea  arkeen.",
            "public_contact": {"text": "Toimisto", "confirmed": "2026-05-03"}}));
        assert_eq!(normal, expected);
        assert_eq!(record::normalise(Kind::Association, &normal, TODAY), Ok(expected));
        let series = object(json!({"name": "Kerho", "form": "kerho", "municipality": "005", "shown": false,
            "shown_sensitive": true}));
        let normal = record::normalise(Kind::Series, &series, TODAY).expect("valid");
        assert!(!normal.contains_key("shown") && normal["shown_sensitive"] == true);
    }

    #[test]
    fn what_is_too_long_or_of_another_sort_is_refused_by_its_field() {
        let long = "a".repeat(bounds::ABOUT_MAX_CHARS + 1);
        let wrong = own(json!({"public_page": "yes", "about_support_fi": long, "about_inclusion_sv": 7,
            "about_expertise_en": " ", "public_contact": {"text": "Toimisto"}}));
        let too_long = Problem::TooLong { max: bounds::ABOUT_MAX_CHARS };
        assert_eq!(
            errors(Kind::Association, &wrong),
            [
                ("public_page", Problem::NotYesOrNo),
                ("public_contact", Problem::NotADate),
                ("about_support_fi", too_long),
                ("about_inclusion_sv", Problem::NotText),
                ("about_expertise_en", Problem::Missing)
            ]
        );
        for contact in [json!("Toimisto"), json!({"text": "x", "confirmed": "1999-01-01"}), json!([]), json!({})] {
            assert_eq!(errors(Kind::Association, &own(json!({"public_contact": contact}))).len(), 1, "{contact}");
        }
        let series = object(json!({"name": "Kerho", "form": "kerho", "municipality": "005", "shown": 1,
            "shown_sensitive": "true"}));
        let refused = errors(Kind::Series, &series);
        assert_eq!(refused, [("shown", Problem::NotYesOrNo), ("shown_sensitive", Problem::NotYesOrNo)]);
    }

    #[test]
    fn all_words_in_all_languages_fit_into_one_record() {
        // Finnish and Swedish: one letter of ten takes two bytes. The most deadlines and months without activity beside them.
        let text = "aäbcdefghi".repeat(bounds::ABOUT_MAX_CHARS / 10);
        let mut content = own(json!({"public_page": true,
            "public_contact": {"text": "ä".repeat(bounds::ASSOCIATION_NAME_MAX_CHARS), "confirmed": "2026-05-03"},
            "contact": "ä".repeat(bounds::ASSOCIATION_NAME_MAX_CHARS), "no_activity": vec!["2026-07"; 60],
            "deadlines": vec![json!({"funder": "Kunnan järjestöavustus", "day": "02-28"}); bounds::DEADLINES_MAX]}));
        for (_, _, field) in ABOUT {
            content.insert(field.to_owned(), text.clone().into());
        }
        let normal = record::normalise(Kind::Association, &content, TODAY).expect("valid");
        // `sync::limits::RECORD_BYTES_MAX`
        assert!(Value::Object(normal).to_string().len() < 8 * 1024);
    }

    #[test]
    fn an_edit_changes_its_field_and_no_other() {
        let before = own(json!({"public_page": true, "about_support_fi": "Tukea.", "newer": {"a": 1}}));
        let edit = |(field, value): (&str, Value)| {
            let edit = Content::from_iter([(field.to_owned(), value)]);
            record::normalise(Kind::Association, &overlay(&before, &edit), TODAY).expect("valid")
        };
        let off = edit(public_edit(false));
        assert!(!off.contains_key("public_page") && off["newer"]["a"] == 1 && off["about_support_fi"] == "Tukea.");
        let asked = edit(contact_edit(" Toimisto ", TODAY));
        assert_eq!(asked["public_contact"], json!({"text": "Toimisto", "confirmed": "2026-11-27"}));
        assert!(!edit(contact_edit(" ", TODAY)).contains_key("public_contact"));
    }

    #[test]
    fn nobodys_number_or_address_stands_in_the_words_and_no_identity_code_in_the_contact() {
        let new = |more: Value| record::personal_in_new_texts(Kind::Association, &own(more), &[]);
        let field = |field, problem| FieldError { field, problem };
        assert_eq!(
            new(json!({"about_support_fi": "Soita 040 1234567", "about_inclusion_sv": "aila@esimerkki.fi",
                "name": "131052-308T"})),
            [
                field("name", Problem::IdentityCode),
                field("about_support_fi", Problem::PhoneNumber),
                field("about_inclusion_sv", Problem::EmailAddress)
            ]
        );
        let contact = |text: &str| new(json!({"public_contact": {"text": text, "confirmed": "2026-05-03"}}));
        assert_eq!(contact("Toimisto, 019 123 4567, toimisto@yhdistys.example"), []);
        assert_eq!(contact("131052-308T"), [field("public_contact", Problem::IdentityCode)]);
        assert_eq!(wrong_contact("131052-308T"), Some(Problem::IdentityCode));
        assert_eq!((wrong_contact(""), wrong_contact("Toimisto 019 123 4567")), (None, None));
        assert_eq!(wrong_about("Soita 040 1234567"), Some(Problem::PhoneNumber));
        assert_eq!((wrong_about("  "), wrong_about("Tukea.")), (None, None));
    }

    #[test]
    fn what_stands_already_is_not_looked_at_again() {
        let old = own(json!({"about_support_fi": "Soita 040 1234567",
            "public_contact": {"text": "131052-308T", "confirmed": "2026-05-03"}}));
        let mut new = old.clone();
        new.insert("public_contact".to_owned(), json!({"text": "131052-308T", "confirmed": "2026-11-27"}));
        assert_eq!(record::personal_in_new_texts(Kind::Association, &new, &[&old]), []);
        assert_eq!(record::personal_in_new_texts(Kind::Association, &new, &[]).len(), 2);
    }

    #[test]
    fn a_contact_is_asked_about_twice_a_year() {
        let confirmed = |days: i32| Contact { text: "x".to_owned(), confirmed: date::plus_days(TODAY, -days) };
        let is_due = |days| confirmed(days).is_due(TODAY);
        assert_eq!([0, 182, 183, 5_000].map(is_due), [false, false, true, true]);
        assert_eq!([-1, -2, -3_650].map(is_due), [false, true, true], "a clock that was ahead confirms nothing");
    }

    #[test]
    fn a_sensitive_group_needs_the_second_yes_and_the_second_alone_is_none() {
        let of =
            |shown, shown_sensitive| [false, true].map(|sensitive| Showing { shown, shown_sensitive }.of(sensitive));
        assert_eq!(of(false, false), [false, false]);
        assert_eq!(of(true, false), [true, false]);
        assert_eq!(of(false, true), [false, false]);
        assert_eq!(of(true, true), [true, true]);
    }

    #[test]
    fn showing_a_group_keeps_what_this_version_does_not_know() {
        let series = object(json!({"name": "Kerho", "form": "kerho", "municipality": "005", "colour": "green"}));
        let edited = Showing { shown: true, shown_sensitive: false }.edited(series.clone());
        let stored = record::normalise(Kind::Series, &overlay(&series, &edited), TODAY).expect("valid");
        assert!(stored["colour"] == "green" && stored["shown"] == true && !stored.contains_key("shown_sensitive"));
        let taken_back = overlay(&stored, &Showing::default().edited(stored.clone()));
        assert_eq!(record::normalise(Kind::Series, &taken_back, TODAY), Ok(series));
    }
}
