//! How a public page of an association looks: on the server for everybody, and as a preview where the association writes it.

use domain::{
    Lang,
    codes::{HandbookPart, ReportWord},
    public_page::{Group, Page},
};
use leptos::prelude::*;

use crate::{
    contact::address_of,
    format::{clock, day},
    texts::{common, own_page as t},
};

/// The name of a part of the associations' work, as in the reports.
pub fn part_name(lang: Lang, part: HandbookPart) -> &'static str {
    ReportWord::parse(&format!("part.{}", part.code())).map_or(part.code(), |word| word.name(lang))
}

/// Everything of the page below the association's name. `heading` is of the level that the place asks for.
pub fn body(lang: Lang, page: &Page, heading: fn(&'static str) -> AnyView) -> AnyView {
    let about: Vec<AnyView> = page.about(lang).map(|(part, of, text)| own_words(lang, part, of, text)).collect();
    let has_told = !about.is_empty() || !page.groups.is_empty();
    let about = (!about.is_empty()).then(|| view! { <section>{heading(t::about(lang))}{about}</section> });
    let for_whom: Vec<&str> = page.for_whom().into_iter().map(|target| target.name(lang)).collect();
    let for_whom = (!for_whom.is_empty())
        .then(|| view! { <section>{heading(t::for_whom(lang))}<p>{for_whom.join(", ")}</p></section> });
    let groups: Vec<AnyView> = page.groups.iter().map(|one| group(lang, one)).collect();
    let groups = (!groups.is_empty()).then(|| {
        view! { <section>{heading(t::where_when(lang))}<ul class="list">{groups}</ul></section> }
    });
    let contact = page.contact.as_ref().map(|contact| {
        let text = contact.text.clone();
        let reached = match address_of(&text) {
            Some(address) => view! { <a href=address>{text}</a> }.into_any(),
            None => text.into_any(),
        };
        let confirmed = t::confirmed(lang, day(lang, contact.confirmed));
        view! { <section>{heading(t::contact(lang))}<p>{reached}</p><p class="small">{confirmed}</p></section> }
    });
    view! {
        <p>{t::home(lang, page.home.name(lang))}</p>
        {(!has_told).then(|| view! { <p class="empty">{t::nothing_told(lang)}</p> })}
        {about}
        {for_whom}
        {groups}
        {contact}
    }
    .into_any()
}

/// The association's words about a part, marked with the language that they are in.
pub fn own_words(lang: Lang, part: HandbookPart, of: Lang, text: &str) -> AnyView {
    let (text, of) = (text.to_owned(), (of != lang).then(|| of.tag()));
    view! { <p><strong>{part_name(lang, part)}</strong></p><p lang=of>{text}</p> }.into_any()
}

fn group(lang: Lang, group: &Group) -> AnyView {
    let targets = group.target_groups.iter().map(|target| target.name(lang));
    let what: Vec<&str> = std::iter::once(group.form.name(lang)).chain(targets).collect();
    let day_name = group.weekday.map(|weekday| common::weekday_name(lang, weekday).to_owned());
    let when: Vec<String> =
        day_name.into_iter().chain(group.start.map(|start| hours(lang, start, group.duration))).collect();
    let place: Vec<&str> = group.place.as_deref().into_iter().chain([group.municipality.name(lang)]).collect();
    let said = |is_so: Option<bool>, text: &'static str| (is_so == Some(true)).then_some(text);
    let terms: Vec<&str> =
        [said(group.free, t::is_free(lang)), said(group.open, t::is_open(lang))].into_iter().flatten().collect();
    let on_break = group.on_break.map(|one| t::on_break(lang, day(lang, one.from), day(lang, one.to)));
    let line = |text: String| (!text.is_empty()).then(|| view! { <p>{text}</p> });
    view! {
        <li>
            <p><strong>{group.name.clone()}</strong></p>
            {line(what.join(" · "))}
            {line(when.join(" "))}
            {line(place.join(", "))}
            {line(terms.join(" · "))}
            {on_break.map(|text| view! { <p><strong>{text}</strong></p> })}
        </li>
    }
    .into_any()
}

/// `13.00–15.00`; without an end where nobody said how long, and where it is on another day.
fn hours(lang: Lang, start: u16, duration: Option<u32>) -> String {
    const DAY_MINUTES: u32 = 24 * 60;
    let begins = clock(lang, start);
    let ends = duration.map(|duration| u32::from(start) + duration).filter(|end| *end < DAY_MINUTES);
    match ends.and_then(|end| u16::try_from(end).ok()) {
        Some(end) => format!("{begins}–{}", clock(lang, end)),
        None => begins,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_groups_hours_end_on_the_same_day_or_are_not_said() {
        assert_eq!(hours(Lang::Fi, 13 * 60, Some(120)), "13.00–15.00");
        assert_eq!(hours(Lang::Fi, 13 * 60, None), "13.00");
        assert_eq!(hours(Lang::En, 23 * 60, Some(60)), "23:00");
        assert_eq!(hours(Lang::Fi, 9 * 60, Some(14 * 24 * 60)), "9.00");
    }

    #[test]
    fn each_part_has_the_name_that_the_reports_give_it() {
        assert_eq!(part_name(Lang::Fi, HandbookPart::Support), "Tuki elämäntilanteessa");
        assert_eq!(part_name(Lang::Sv, HandbookPart::Expertise), "Specialkunnande");
    }
}
