//! The number of different people who came to a group in a year: asked once, together with how it was counted.

use domain::{Kind, Lang, RecordId, Series, gathering::CountBasis, yearly_people::YearlyPeople};
use leptos::prelude::*;
use sync::local::Body;

use crate::{
    format::number,
    phone::{
        base::{
            half_written::Field,
            phone::{Phone, phone},
            records::Row,
            widgets::{Show, focus},
            words::basis_name,
        },
        forms::{
            counter::{NumberInput, read_whole},
            details::BasisChoice,
            editing::{SmallForm, half_written},
        },
    },
    texts::{my_year as t, volunteer as v},
};

/// A group that this user records, or all for the reviewer; with its answer.
#[derive(Clone, PartialEq)]
struct Question {
    series: RecordId,
    name: String,
    answer: Option<(RecordId, YearlyPeople)>,
}

impl Question {
    /// An answer may be about volunteers alone.
    fn saved(&self) -> Option<(u32, CountBasis)> {
        self.answer.as_ref().and_then(|(_, answer)| Some((answer.distinct_people?, answer.basis)))
    }

    fn key(&self, year: i16) -> String {
        let answer = self.saved().map(text_of);
        format!("{} {year} {}", self.series, answer.unwrap_or_default())
    }
}

fn questions(phone: Phone, year: i16) -> Vec<Question> {
    let all = phone.records.shown(Kind::YearlyPeople).into_iter();
    let answers: Vec<_> = all.filter_map(|shown| Some((shown.id, YearlyPeople::parse(&shown.content).ok()?))).collect();
    let rows = phone.records.gatherings();
    let everybodys = phone.identity.is_reviewer();
    let met = |id: RecordId| {
        rows.iter().any(|row| {
            let of_year = row.gathering.series == Some(id) && row.gathering.date.year() == year;
            of_year && row.gathering.is_held() && (row.shown.mine || everybodys)
        })
    };
    let with_answer = |(series, of): &(RecordId, Series)| {
        let answer = answers.iter().find(|(_, answer)| (answer.series, answer.year) == (Some(*series), year)).cloned();
        Question { series: *series, name: of.name.clone(), answer }
    };
    phone.records.series().iter().filter(|(id, _)| met(*id)).map(with_answer).collect()
}

/// Of a group's year, the participants of its largest gathering and all visits: fewer different people cannot have come, nor more.
fn least_and_most(phone: Phone, series: RecordId, year: i16) -> (u32, u32) {
    let rows = phone.records.gatherings();
    let of_year = |row: &&Row| row.gathering.series == Some(series) && row.gathering.date.year() == year;
    let counts = || rows.iter().filter(of_year).filter_map(|row| Some(row.gathering.heads.as_ref()?.participants));
    (counts().max().unwrap_or(0), counts().sum())
}

/// What is odd about an answer. Asked and not refused: not all gatherings may have been recorded.
fn odd(lang: Lang, answer: u32, (least, most): (u32, u32)) -> Option<String> {
    match answer {
        answer if answer < least => Some(t::people_too_few(lang, number(lang, least.into()))),
        answer if answer > most => Some(t::people_too_many(lang, number(lang, most.into()))),
        _ => None,
    }
}

/// What is saved where somebody answered about people: how many different volunteers there were is answered elsewhere, and stays as it is
/// `now`, not as it was when the question was drawn.
fn answered(
    (series, year): (RecordId, i16),
    (people, basis): (u32, CountBasis),
    now: Option<&YearlyPeople>,
) -> YearlyPeople {
    let distinct_volunteers = now.and_then(|now| now.distinct_volunteers);
    YearlyPeople { series: Some(series), year, distinct_people: Some(people), basis, distinct_volunteers }
}

/// Whether there is a group about which nobody has answered yet.
pub fn has_unanswered(phone: Phone, year: i16) -> bool {
    questions(phone, year).iter().any(|question| question.saved().is_none())
}

#[component]
pub fn PeopleQuestions(year: RwSignal<i16>) -> impl IntoView {
    let phone = phone();
    let lang = phone.lang.get_untracked();
    let all = Memo::new(move |_| questions(phone, year.get()));
    view! {
        <Show when=move || !all.with(Vec::is_empty)>
            <section aria-labelledby="people">
                <h2 id="people">{move || t::people_title(lang, year.get())}</h2>
                <p>{t::people_help(lang)}" "{v::basis_help(lang)}</p>
                <ul class="list">
                    <For each=move || all.get() key=move |question| question.key(year.get_untracked()) let:question>
                        <One question year=year.get_untracked() />
                    </For>
                </ul>
            </section>
        </Show>
    }
}

#[component]
fn One(question: Question, year: i16) -> impl IntoView {
    let phone = phone();
    let lang = phone.lang.get_untracked();
    let saved = question.saved();
    let Question { series, name, answer } = question;
    let name = StoredValue::new(name);
    let id = answer.map_or_else(|| YearlyPeople::id(series, year), |(id, _)| id);
    let typed = half_written(phone, Field::DistinctPeople, id).and_then(|text| typed_in(&text));
    let open = RwSignal::new(saved.is_none() || typed.is_some());
    let shown = typed.or(saved);
    let count = RwSignal::new(shown.map(|(people, _)| people));
    // Most clubs keep no list: an estimate is what they have.
    let basis = RwSignal::new(shown.map_or(CountBasis::Estimated, |(_, basis)| basis));
    let wrong = RwSignal::new(Vec::new());
    let kept = SmallForm::follow(Field::DistinctPeople, id, move || {
        let typed = count.get().map(|people| (people, basis.get()));
        let unsaved = typed.filter(|_| typed != saved);
        unsaved.map(text_of).unwrap_or_default()
    });
    let save = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        let Some(distinct_people) = count.get_untracked() else {
            return wrong.update(|wrong: &mut Vec<&'static str>| wrong.push(PEOPLE));
        };
        let basis = basis.get_untracked();
        let all = untrack(|| phone.records.shown(Kind::YearlyPeople));
        let now = all.iter().find(|shown| shown.id == id).and_then(|shown| YearlyPeople::parse(&shown.content).ok());
        let people = answered((series, year), (distinct_people, basis), now.as_ref());
        let said = t::people_saved(lang, name.get_value(), distinct_people);
        open.set(saved.is_none());
        kept.save(vec![(id, Kind::YearlyPeople, Body::Content(people.to_edit()))], said);
    };
    let cancel = move |_| {
        count.set(saved.map(|(people, _)| people));
        basis.set(saved.map_or(CountBasis::Estimated, |(_, basis)| basis));
        open.set(false);
        focus(&format!("#change-{id}"));
    };
    let label = move || t::people_of(lang, name.get_value());
    let counts = Memo::new(move |_| least_and_most(phone, series, year));
    view! {
        <li>
            <p><strong>{name.get_value()}</strong></p>
            {saved.map(|(people, basis)| view! {
                <p>{t::people_answered(lang, number(lang, people.into()), basis_name(lang, basis))}</p>
                {move || odd(lang, people, counts.get()).map(|text| view! { <p class="notice">{text}</p> })}
                <Show when=move || !open.get()>
                    <button class="button quiet" id=format!("change-{id}") on:click=move |_| open.set(true)>
                        {t::change_answer(lang)}<span class="visually-hidden">" "{name.get_value()}</span>
                    </button>
                </Show>
            })}
            {move || (!wrong.with(Vec::is_empty)).then(|| view! { <p class="error" role="alert">{t::people_needed(lang)}</p> })}
            <Show when=move || open.get()>
                <form on:submit=save novalidate>
                    <label class="field">
                        <span class="visually-hidden">{label()}</span>
                        <NumberInput id=PEOPLE is_one_of_many=true value=count wrong
                            show=Callback::new(move |count: u32| number(lang, count.into())) read=Callback::new(read_whole) />
                    </label>
                    <BasisChoice value=basis />
                    <p class="row">
                        <button class="button">{v::save(lang)}<span class="visually-hidden">" "{label()}</span></button>
                        {saved.map(|_| view! {
                            <button type="button" class="button quiet" on:click=cancel>
                                {v::cancel(lang)}<span class="visually-hidden">" "{label()}</span>
                            </button>
                        })}
                    </p>
                </form>
            </Show>
        </li>
    }
}

const PEOPLE: &str = "distinct_people";

/// A number and how it was counted, as it is kept while it is not saved.
fn text_of((people, basis): (u32, CountBasis)) -> String {
    format!("{people} {}", basis.code())
}

/// None of what another version wrote and this one cannot read.
fn typed_in(text: &str) -> Option<(u32, CountBasis)> {
    let (people, basis) = text.split_once(' ')?;
    Some((read_whole(people.to_owned())?, CountBasis::parse(basis)?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_answer_about_people_keeps_what_was_answered_about_volunteers_since() {
        let series = RecordId::from_bytes([1; 16]);
        let people = (34, CountBasis::Estimated);
        let before = answered((series, 2026), people, None);
        assert_eq!(before.distinct_volunteers, None);
        let since = YearlyPeople { distinct_volunteers: Some(7), ..before };
        let now = answered((series, 2026), (35, CountBasis::Counted), Some(&since));
        let expected = YearlyPeople { distinct_people: Some(35), basis: CountBasis::Counted, ..since };
        assert_eq!(now, expected);
    }

    #[test]
    fn an_unsaved_answer_is_kept_as_the_version_before_kept_it() {
        let answer = (34, CountBasis::Estimated);
        assert_eq!(text_of(answer), "34 estimated");
        assert_eq!(typed_in("34 estimated"), Some(answer));
        for other in ["", "34", "34 guessed", "many estimated"] {
            assert_eq!(typed_in(other), None, "{other}");
        }
    }
}
