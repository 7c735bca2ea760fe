//! The page that everybody may read of an association: what it does, for whom, where and when, and whom to ask.
//!
//! It is made of the association's own record and its series, and of what the association has said yes to there. Nothing of a gathering
//! is asked for: no heads, no notes, nobody who recorded.

use crate::{
    Content, Date, Lang, Series,
    association::Association,
    codes::{ActivityForm, HandbookPart, Municipality, TargetGroup},
    date,
    own_page::{Contact, OwnPage, PARTS, Showing},
    series::Break,
};

/// For so many days before it a break is told.
const BREAK_AHEAD_DAYS: i32 = 60;

/// What everybody may read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Page {
    pub name: String,
    pub home: Municipality,
    pub contact: Option<Contact>,
    /// By weekday, time and name.
    pub groups: Vec<Group>,
    own: OwnPage,
}

/// A group that the association shows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Group {
    pub name: String,
    pub form: ActivityForm,
    pub target_groups: Vec<TargetGroup>,
    pub place: Option<String>,
    pub municipality: Municipality,
    /// 0 is Monday.
    pub weekday: Option<u8>,
    /// Minutes since midnight.
    pub start: Option<u16>,
    /// Minutes.
    pub duration: Option<u32>,
    pub free: Option<bool>,
    pub open: Option<bool>,
    /// The break that goes on, or begins in the next sixty days.
    pub on_break: Option<Break>,
}

impl Page {
    /// The association's own words for a reader of `lang`, by part, each with the language that it is in. A part without words is left out.
    pub fn about(&self, lang: Lang) -> impl Iterator<Item = (HandbookPart, Lang, &str)> {
        PARTS.into_iter().filter_map(move |part| {
            let (in_lang, text) = self.own.about_for(part, lang)?;
            Some((part, in_lang, text))
        })
    }

    /// Whom the groups are for, each once.
    pub fn for_whom(&self) -> Vec<TargetGroup> {
        let is_named = |target: &TargetGroup| self.groups.iter().any(|group| group.target_groups.contains(target));
        TargetGroup::all().filter(is_named).collect()
    }
}

/// The page as everybody sees it on a day; none where the association has not made it public, and none of what cannot be read.
pub fn public_page<'a>(
    association: &Content,
    series: impl IntoIterator<Item = &'a Content>,
    today: Date,
) -> Option<Page> {
    preview(association, series, today).filter(|page| page.own.is_public)
}

/// As [`public_page`], also before the association has made it public: for its own eyes.
pub fn preview<'a>(association: &Content, series: impl IntoIterator<Item = &'a Content>, today: Date) -> Option<Page> {
    let own = OwnPage::parse(association).ok()?;
    let Association { name, home, .. } = Association::parse(association).ok()?;
    let mut groups: Vec<Group> = series.into_iter().filter_map(|content| group(content, today)).collect();
    groups.sort_by(|a, b| {
        let key = |group: &Group| (group.weekday.is_none(), group.weekday, group.start);
        key(a).cmp(&key(b)).then_with(|| a.name.cmp(&b.name))
    });
    Some(Page { name, home, contact: own.contact.clone(), groups, own })
}

/// A group that still meets and that the association shows.
fn group(content: &Content, today: Date) -> Option<Group> {
    let series = Series::parse(content).ok()?;
    let showing = Showing::parse(content).ok()?;
    if series.archived || !showing.of(series.is_sensitive()) {
        return None;
    }
    let soon = date::plus_days(today, BREAK_AHEAD_DAYS);
    let on_break = series.breaks.iter().find(|one| one.to >= today && one.from <= soon).copied();
    let defaults = series.defaults;
    Some(Group {
        name: series.name,
        form: series.form,
        target_groups: defaults.target_groups,
        place: defaults.place,
        municipality: series.municipality,
        weekday: series.weekday,
        start: series.start,
        duration: defaults.duration,
        free: defaults.free,
        open: defaults.open,
        on_break,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::{Value, json};

    const TODAY: Date = Date::constant(2026, 11, 27);

    fn object(value: Value) -> Content {
        value.as_object().cloned().expect("object")
    }

    fn own(more: Value) -> Content {
        let mut content = object(json!({"name": "Kylän Väki ry", "home": "755", "public_page": true}));
        content.extend(object(more));
        content
    }

    fn series(more: Value) -> Content {
        let mut content =
            object(json!({"name": "Maanantaikerho", "form": "kerho", "municipality": "755", "weekday": 0,
            "start": "13:00", "duration": 120, "place": "Kylätalo", "shown": true}));
        content.extend(object(more));
        content
    }

    fn names(groups: &[Content]) -> Vec<String> {
        let page = public_page(&own(json!({})), groups, TODAY).expect("public");
        page.groups.into_iter().map(|group| group.name).collect()
    }

    #[test]
    fn without_the_associations_yes_there_is_no_page() {
        let groups = [series(json!({}))];
        for said in [json!({"public_page": null}), json!({"public_page": false}), json!({"public_page": "true"})] {
            assert_eq!(public_page(&own(said.clone()), &groups, TODAY), None, "{said}");
        }
        assert!(public_page(&own(json!({})), &groups, TODAY).is_some());
        assert!(preview(&own(json!({"public_page": null})), &groups, TODAY).is_some(), "for its own eyes");
    }

    #[test]
    fn a_record_that_cannot_be_read_has_no_page() {
        for wrong in [
            json!({"name": null}),
            json!({"home": "x"}),
            json!({"public_contact": "x"}),
            json!({"about_support_fi": 7}),
        ] {
            assert_eq!(public_page(&own(wrong.clone()), [], TODAY), None, "{wrong}");
        }
    }

    #[test]
    fn a_group_is_shown_only_by_its_own_yes() {
        let shown = |more: Value| names(&[series(more)]).len();
        assert_eq!(shown(json!({})), 1);
        for no in [json!({"shown": null}), json!({"shown": false}), json!({"shown": "true"}), json!({"shown": 1})] {
            assert_eq!(shown(no.clone()), 0, "{no}");
        }
        assert_eq!(shown(json!({"shown": null, "shown_sensitive": true})), 0, "nor by the second yes alone");
    }

    #[test]
    fn a_group_that_is_or_becomes_sensitive_waits_for_the_second_yes() {
        // By its mark, by its form, and by whom it is for.
        let target = TargetGroup::all().find(|target| target.is_sensitive()).expect("one").code();
        for sensitive in
            [json!({"sensitive": true}), json!({"form": "vertaistuki"}), json!({"target_groups": [target]})]
        {
            let one = series(sensitive.clone());
            assert_eq!(names(std::slice::from_ref(&one)), [""; 0], "{sensitive}");
            let mut twice = one;
            twice.insert("shown_sensitive".to_owned(), json!(true));
            assert_eq!(names(&[twice]), ["Maanantaikerho"], "{sensitive}");
        }
    }

    #[test]
    fn an_ended_group_and_one_that_cannot_be_read_are_left_out() {
        let groups =
            [series(json!({"archived": true})), series(json!({"form": "nothing"})), series(json!({"name": "B"}))];
        assert_eq!(names(&groups), ["B"]);
    }

    #[test]
    fn a_break_is_told_while_it_lasts_and_sixty_days_before() {
        let told = |from: &str, to: &str| {
            let one = series(json!({"breaks": [{"from": from, "to": to}]}));
            let page = public_page(&own(json!({})), [&one], TODAY).expect("public");
            page.groups[0].on_break.map(|one| date::iso(one.to))
        };
        assert_eq!(told("2026-11-01", "2026-11-26"), None, "it is over");
        assert_eq!(told("2026-11-01", "2026-11-27").as_deref(), Some("2026-11-27"));
        assert_eq!(told("2026-12-20", "2027-01-10").as_deref(), Some("2027-01-10"));
        assert_eq!(told("2027-01-26", "2027-02-10").as_deref(), Some("2027-02-10"));
        assert_eq!(told("2027-01-27", "2027-02-10"), None, "it is far away");
    }

    #[test]
    fn the_page_holds_what_was_said_yes_to_and_nothing_else() {
        let association =
            own(json!({"business_id": "0116297-6", "contact": "sihteeri-sisäinen", "no_activity": ["2026-07"],
            "deadlines": [{"funder": "rahoittaja-STEA", "day": "02-28"}], "volunteers_change_others": true,
            "about_support_fi": "Tukea arkeen.", "secret": "uudempi",
            "public_contact": {"text": "Toimisto", "confirmed": "2026-05-03"}}));
        let groups = [
            series(json!({"funders": [{"funder": "rahoittaja-kunta", "year": 2026}], "note": "muistiinpano",
                "themes": ["liikunta"], "recorder": "kirjaaja", "postal_code": "02580"})),
            series(json!({"name": "piilotettu", "shown": null, "target_groups": ["lapset"]})),
        ];
        let page = public_page(&association, &groups, TODAY).expect("public");
        let all = format!("{page:?}");
        for hidden in [
            "0116297",
            "sisäinen",
            "rahoittaja",
            "2026-07",
            "uudempi",
            "muistiinpano",
            "kirjaaja",
            "02580",
            "piilotettu",
        ] {
            assert!(!all.contains(hidden), "{hidden} in {all}");
        }
        for shown in ["Tukea arkeen.", "Toimisto", "Maanantaikerho", "Kylätalo"] {
            assert!(all.contains(shown), "{shown} in {all}");
        }
        assert_eq!(page.for_whom(), [], "whom a hidden group is for is not told either");
    }

    #[test]
    fn groups_stand_by_their_weekday_and_those_without_one_last() {
        let groups = [
            series(json!({"name": "Ei päivää", "weekday": null})),
            series(json!({"name": "Perjantai", "weekday": 4})),
            series(json!({"name": "Ilta", "start": "18:00"})),
            series(json!({"name": "Aamu", "start": "09:00"})),
            series(json!({"name": "Aamu A", "start": "09:00"})),
        ];
        assert_eq!(names(&groups), ["Aamu", "Aamu A", "Ilta", "Perjantai", "Ei päivää"]);
    }

    #[test]
    fn words_are_told_in_the_readers_language_where_there_are_any() {
        let association =
            own(json!({"about_support_fi": "Tukea.", "about_support_sv": "Stöd.", "about_expertise_fi": "Tietoa."}));
        let page = public_page(&association, [], TODAY).expect("public");
        let told = |lang| page.about(lang).map(|(part, lang, text)| (part, lang, text.to_owned())).collect::<Vec<_>>();
        let (support, expertise) = (HandbookPart::Support, HandbookPart::Expertise);
        let text = str::to_owned;
        assert_eq!(told(Lang::Sv), [(support, Lang::Sv, text("Stöd.")), (expertise, Lang::Fi, text("Tietoa."))]);
        assert_eq!(told(Lang::En), [(support, Lang::Fi, text("Tukea.")), (expertise, Lang::Fi, text("Tietoa."))]);
    }
}
