//! How many different people came in a year, to each group and to the whole association, and how many different volunteers helped: asked
//! once, and used in every report. A figure that lacks an answer leads here, and the answer leads back to the figure.

use std::collections::BTreeSet;

use domain::{
    Kind, Lang, RecordId,
    gathering::CountBasis,
    report::{
        key::{Group, Key, Table},
        measure::Measure,
        tidy::{Figure, Missing, Value, Verdict},
        words,
    },
    yearly_people::{Asked, Expected, ExpectedOfYear, YearlyPeople},
};
use leptos::prelude::*;
use sync::local::Body;

use crate::{
    format::number,
    phone::{
        association::slices::one_by_one,
        base::{
            half_written::Field,
            phone::{Phone, phone},
            widgets::{Show, focus},
            words::basis_name,
        },
        forms::{
            counter::{NumberInput, read_whole},
            details::BasisChoice,
            editing::{SmallForm, half_written},
        },
    },
    texts::{asked as t, my_year as m, volunteer as v},
};

/// About whom: a group, or the whole association.
type Of = Option<RecordId>;

/// The way from a figure to its question, and back.
#[derive(Clone, Copy)]
pub struct Asking {
    wanted: RwSignal<Option<(Of, Asked)>>,
    /// Of the figure from which somebody came.
    from: StoredValue<Option<(Of, String)>>,
    /// The figure to go back to, once it is drawn with its answer.
    back: StoredValue<Option<String>>,
    /// Whether all figures are in sight; a report that is drawn anew keeps it.
    pub unfolded: RwSignal<bool>,
}

impl Asking {
    pub fn provide() -> Asking {
        let asking = Asking {
            wanted: RwSignal::new(None),
            from: StoredValue::new(None),
            back: StoredValue::new(None),
            unfolded: RwSignal::new(false),
        };
        provide_context(asking);
        asking
    }

    /// To be called when the report has been drawn.
    pub fn come_back(self) {
        if let Some(place) = self.back.try_update_value(Option::take).flatten() {
            focus(&format!("#{place}"));
        }
    }

    fn answered(self, of: Of) {
        if let Some((from, place)) = self.from.try_update_value(Option::take).flatten()
            && from == of
        {
            self.back.set_value(Some(place));
        }
    }
}

/// Which answer a measure is made of.
fn asked_of(measure: Measure) -> Option<Asked> {
    match measure {
        Measure::DistinctPeople | Measure::SivisPeople => Some(Asked::People),
        Measure::DistinctVolunteers | Measure::VolunteerClass => Some(Asked::Volunteers),
        _ => None,
    }
}

/// About whom is asked what a figure lacks; nothing of a figure that no answer would make whole: a funder's waits for those of its groups,
/// which have figures of their own.
fn asked_about(figure: &Figure) -> Option<(Of, Asked)> {
    let asked = asked_of(figure.measure)?;
    let of = match (figure.table, &figure.group) {
        (Table::Whole, Key(_, Group::All)) => None,
        (Table::BySeries, Key(Group::Series(Some(series)), Group::All))
        | (Table::FunderBySeries, Key(_, Group::Series(Some(series)))) => Some(*series),
        _ => return None,
    };
    let lacks = match figure.value {
        Value::Missing(why) => why == Missing::NotSaid,
        Value::Verdict(verdict) => verdict == Verdict::PeopleNotAsked,
        Value::Range { .. } | Value::Class { .. } if figure.table == Table::Whole => !is_exact(figure.value),
        // Of what a funder has a part of, no answer tells more than between which numbers.
        _ => !figure.covers.is_whole(),
    };
    lacks.then_some((of, asked))
}

fn is_exact(value: Value) -> bool {
    match value {
        Value::Range { least, most } => least == most,
        Value::Class { least, most } => least == most,
        _ => true,
    }
}

/// The id of the place in which a figure stands, where an answer may lead back to it.
pub fn place(figure: &Figure) -> Option<String> {
    use_context::<Asking>()?;
    asked_of(figure.measure)?;
    let Key(outer, inner) = &figure.group;
    let name = format!("asked-{}-{}-{}-{}", figure.table.code(), outer.code(), inner.code(), figure.measure.code());
    Some(name.replace(|letter: char| !letter.is_ascii_alphanumeric(), "-"))
}

/// The way from a figure to the question that it waits for.
#[component]
pub fn Answer(figure: Figure, #[prop(into)] group: String) -> impl IntoView {
    let lang = phone().lang.get_untracked();
    let asking = use_context::<Asking>()?;
    let (of, asked) = asked_about(&figure)?;
    let place = place(&figure)?;
    let press = move |_| {
        asking.from.set_value(Some((of, place.clone())));
        asking.wanted.set(Some((of, asked)));
    };
    Some(view! {
        <button type="button" class="button quiet" on:click=press>
            {t::answer(lang)}
            <span class="visually-hidden">" "{words::name(lang, figure.measure)}" "{group}</span>
        </button>
    })
}

/// With its answer.
#[derive(Clone, PartialEq)]
struct Question {
    year: i16,
    of: Of,
    id: RecordId,
    name: String,
    answer: Option<YearlyPeople>,
}

impl Question {
    fn key(&self) -> String {
        let answer = self.answer.as_ref().map(|answer| text_of(Typed::of(answer)));
        format!("{} {} {}", self.id, self.year, answer.unwrap_or_default())
    }
}

/// The answers as they are shown here.
fn answers(phone: Phone) -> Vec<(RecordId, YearlyPeople)> {
    let all = phone.records.shown(Kind::YearlyPeople).into_iter();
    all.filter_map(|shown| Some((shown.id, YearlyPeople::parse(&shown.content).ok()?))).collect()
}

/// The whole association, and the groups that met.
fn questions(phone: Phone, year: i16) -> Vec<Question> {
    let lang = phone.lang.get_untracked();
    let (answers, rows) = (answers(phone), phone.records.gatherings());
    let question = |of: Of, id: Option<RecordId>, name: String| {
        let known = answers.iter().find(|(_, answer)| (answer.series, answer.year) == (of, year));
        let id = known.map(|(id, _)| *id).or(id)?;
        Some(Question { year, of, id, name, answer: known.map(|(_, answer)| answer.clone()) })
    };
    let of_year = rows.iter().filter(|row| row.gathering.is_held() && row.gathering.date.year() == year);
    let met: BTreeSet<Of> = of_year.map(|row| row.gathering.series).collect();
    let whole = met.first().and_then(|_| {
        let association = phone.identity.association.get()?;
        question(None, Some(YearlyPeople::id_of_whole(association, year)), t::whole(lang).to_owned())
    });
    let series = phone.records.series();
    let groups = series
        .iter()
        .filter(|(id, _)| met.contains(&Some(*id)))
        .filter_map(|(id, of)| question(Some(*id), Some(YearlyPeople::id(*id, year)), of.name.clone()));
    whole.into_iter().chain(groups).collect()
}

/// What the answers of a year are expected to be: about people, and about volunteers.
fn expected(phone: Phone, year: i16) -> [ExpectedOfYear; 2] {
    let rows = phone.records.gatherings();
    let answers: Vec<YearlyPeople> = answers(phone).into_iter().map(|(_, answer)| answer).collect();
    Asked::ALL.map(|asked| ExpectedOfYear::of(asked, year, rows.iter().map(|row| &row.gathering), &answers))
}

/// What is odd about an answer. Asked and not refused: not all gatherings may have been recorded.
fn odd(lang: Lang, of: Of, asked: Asked, answer: u32, expected: Expected) -> Option<String> {
    if expected.holds(answer) {
        return None;
    }
    let is_few = u64::from(answer) < expected.least;
    let bound = number(lang, if is_few { expected.least } else { expected.most });
    Some(match (of, asked, is_few) {
        (None, _, true) => t::whole_too_few(lang, bound),
        (None, _, false) => t::whole_too_many(lang, bound),
        (Some(_), Asked::People, true) => m::people_too_few(lang, bound),
        (Some(_), Asked::People, false) => m::people_too_many(lang, bound),
        (Some(_), Asked::Volunteers, true) => t::volunteers_too_few(lang, bound),
        (Some(_), Asked::Volunteers, false) => t::volunteers_too_many(lang, bound),
    })
}

#[component]
pub fn Questions(year: RwSignal<i16>) -> impl IntoView {
    let phone = phone();
    let lang = phone.lang.get_untracked();
    let all = Memo::new(move |_| questions(phone, year.get()));
    let shown = one_by_one(all, Question::key);
    let expected = Memo::new(move |_| expected(phone, year.get()));
    view! {
        <Show when=move || !all.with(Vec::is_empty)>
            <section aria-labelledby="people">
                <h2 id="people">{move || m::people_title(lang, year.get())}</h2>
                <p>{m::people_help(lang)}" "{v::basis_help(lang)}</p>
                <ul class="list">
                    <For each=move || shown.get() key=Question::key let:question>
                        <One question expected />
                    </For>
                </ul>
            </section>
        </Show>
    }
}

const PEOPLE: &str = "distinct_people";
const VOLUNTEERS: &str = "distinct_volunteers";

#[component]
fn One(question: Question, expected: Memo<[ExpectedOfYear; 2]>) -> impl IntoView {
    let phone = phone();
    let lang = phone.lang.get_untracked();
    let asking = use_context::<Asking>();
    let Question { year, of, id, name, answer } = question;
    let saved = answer.as_ref().map_or(Typed::NOTHING, Typed::of);
    let typed = half_written(phone, Field::DistinctPeople, id).and_then(|text| typed_in(&text));
    let open = RwSignal::new(saved.is_empty() || typed.is_some());
    let shown = typed.map_or(saved, |typed| typed.over(saved));
    let people = RwSignal::new(shown.people);
    let volunteers = RwSignal::new(shown.volunteers);
    let basis = RwSignal::new(shown.basis);
    let wrong = RwSignal::new(Vec::<&'static str>::new());
    let needed = RwSignal::new(false);
    let typed = move || Typed { people: people.get(), basis: basis.get(), volunteers: volunteers.get() };
    let kept = SmallForm::follow(Field::DistinctPeople, id, move || {
        let typed = typed();
        if typed.is_empty() || typed == saved { String::new() } else { text_of(typed) }
    });
    // Somebody comes from a figure that lacks it.
    Effect::new(move |_| {
        if let Some(asking) = asking
            && let Some((wanted, asked)) = asking.wanted.get()
            && wanted == of
        {
            asking.wanted.set(None);
            open.set(true);
            focus(&format!("#{} input", label_id(id, asked)));
        }
    });
    let said_name = name.clone();
    let save = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        let typed = untrack(typed);
        needed.set(typed.is_empty() || wrong.with_untracked(|wrong| !wrong.is_empty()));
        if needed.get_untracked() {
            return;
        }
        let Typed { people, basis, volunteers } = typed;
        let answer = YearlyPeople { series: of, year, distinct_people: people, basis, distinct_volunteers: volunteers };
        let said = match people {
            Some(people) => m::people_saved(lang, said_name.clone(), people),
            None => t::volunteers_saved(lang, said_name.clone(), volunteers.unwrap_or(0)),
        };
        open.set(saved.is_empty());
        if let Some(asking) = asking {
            asking.answered(of);
        }
        kept.save(vec![(id, Kind::YearlyPeople, Body::Content(answer.to_edit()))], said);
    };
    let cancel = move |_| {
        people.set(saved.people);
        volunteers.set(saved.volunteers);
        basis.set(saved.basis);
        wrong.set(Vec::new());
        needed.set(false);
        open.set(false);
        focus(&format!("#change-{id}"));
    };
    let oddities = move || {
        let of_asked = |(asked, expected): (Asked, &ExpectedOfYear)| {
            let expected = match of {
                Some(series) => *expected.series.get(&series)?,
                None => expected.whole,
            };
            odd(lang, of, asked, asked.answer(answer.as_ref()?)?, expected)
        };
        expected.with(|expected| Asked::ALL.into_iter().zip(expected).filter_map(of_asked).collect::<Vec<_>>())
    };
    let input = move |asked: Asked, id_of: &'static str, value: RwSignal<Option<u32>>, label: String| {
        view! {
            <label class="field" id=label_id(id, asked)>
                <span>{label}</span>
                <NumberInput id=id_of is_one_of_many=true value wrong
                    show=Callback::new(move |count: u32| number(lang, count.into())) read=Callback::new(read_whole) />
            </label>
        }
    };
    let name = StoredValue::new(name);
    let of_name = move || view! { <span class="visually-hidden">" "{name.get_value()}</span> };
    view! {
        <li>
            <p><strong>{name.get_value()}</strong></p>
            {of.is_none().then(|| view! { <p>{t::whole_help(lang)}</p> })}
            {saved.people.map(|count| view! {
                <p>{m::people_answered(lang, number(lang, count.into()), basis_name(lang, saved.basis))}</p>
            })}
            {saved.volunteers.map(|count| view! { <p>{t::volunteers_answered(lang, number(lang, count.into()))}</p> })}
            {move || oddities().into_iter().map(|text| view! { <p class="notice">{text}</p> }).collect_view()}
            <Show when=move || !open.get()>
                <button class="button quiet" id=format!("change-{id}") on:click=move |_| open.set(true)>
                    {m::change_answer(lang)}{of_name()}
                </button>
            </Show>
            {move || needed.get().then(|| view! { <p class="error" role="alert">{m::people_needed(lang)}</p> })}
            <Show when=move || open.get()>
                <form on:submit=save.clone() novalidate>
                    {input(Asked::People, PEOPLE, people, m::people_of(lang, name.get_value()))}
                    {input(Asked::Volunteers, VOLUNTEERS, volunteers, t::volunteers_of(lang, name.get_value()))}
                    <BasisChoice value=basis />
                    <p class="row">
                        <button class="button">{v::save(lang)}{of_name()}</button>
                        {(!saved.is_empty()).then(|| view! {
                            <button type="button" class="button quiet" on:click=cancel>{v::cancel(lang)}{of_name()}</button>
                        })}
                    </p>
                </form>
            </Show>
        </li>
    }
}

fn label_id(id: RecordId, asked: Asked) -> String {
    let what = match asked {
        Asked::People => "people",
        Asked::Volunteers => "volunteers",
    };
    format!("asked-{id}-{what}")
}

/// What is in a form.
#[derive(Clone, Copy, Debug, PartialEq)]
struct Typed {
    people: Option<u32>,
    basis: CountBasis,
    volunteers: Option<u32>,
}

impl Typed {
    /// Most clubs keep no list: an estimate is what they have.
    const NOTHING: Typed = Typed { people: None, basis: CountBasis::Estimated, volunteers: None };

    fn of(answer: &YearlyPeople) -> Typed {
        Typed { people: answer.distinct_people, basis: answer.basis, volunteers: answer.distinct_volunteers }
    }

    /// What was typed, over what is saved: a form that asks about people alone says nothing of the volunteers.
    fn over(self, saved: Typed) -> Typed {
        Typed { people: self.people.or(saved.people), volunteers: self.volunteers.or(saved.volunteers), ..self }
    }

    fn is_empty(self) -> bool {
        self.people.is_none() && self.volunteers.is_none()
    }
}

/// As it is kept while it is not saved: without volunteers as the volunteer's own year keeps it, which reads no other.
fn text_of(Typed { people, basis, volunteers }: Typed) -> String {
    let people = people.map_or_else(|| "-".to_owned(), |people| people.to_string());
    let volunteers = volunteers.map(|volunteers| format!(" {volunteers}")).unwrap_or_default();
    format!("{people} {}{volunteers}", basis.code())
}

/// None of what another version wrote and this one cannot read.
fn typed_in(text: &str) -> Option<Typed> {
    let mut parts = text.split(' ');
    let people = parts.next()?;
    let people = if people == "-" { None } else { Some(read_whole(people.to_owned())?) };
    let basis = CountBasis::parse(parts.next()?)?;
    let volunteers = match parts.next() {
        Some(volunteers) => Some(read_whole(volunteers.to_owned())?),
        None => None,
    };
    Some(Typed { people, basis, volunteers })
}

#[cfg(test)]
mod tests {
    use super::*;
    use domain::report::tidy::{Basis, Cover, Span, VolunteerClass};

    #[test]
    fn an_unsaved_answer_is_kept() {
        let basis = CountBasis::Estimated;
        for (people, volunteers, text) in
            [(Some(34), None, "34 estimated"), (Some(34), Some(5), "34 estimated 5"), (None, Some(5), "- estimated 5")]
        {
            let typed = Typed { people, basis, volunteers };
            assert_eq!(text_of(typed), text);
            assert_eq!(typed_in(text), Some(typed));
        }
        for other in ["", "34", "34 guessed", "many estimated", "34 estimated few"] {
            assert_eq!(typed_in(other), None, "{other}");
        }
    }

    #[test]
    fn a_half_written_answer_takes_no_number_away() {
        let saved = Typed { people: Some(30), basis: CountBasis::Counted, volunteers: Some(5) };
        let typed = typed_in("34 estimated").expect("kept by the volunteer's year");
        let shown = Typed { people: Some(34), basis: CountBasis::Estimated, volunteers: Some(5) };
        assert_eq!(typed.over(saved), shown);
        assert_eq!(typed_in("- estimated 7").expect("kept").over(saved).people, Some(30));
    }

    fn figure(table: Table, group: Key<'static>, measure: Measure, value: Value, known: u32) -> Figure {
        let covers = Cover { known, of: 2, is_of_groups: true, ..Cover::default() };
        Figure { table, group, span: Span::Whole, measure, value, covers, basis: Basis::default() }
    }

    #[test]
    fn a_figure_that_lacks_an_answer_leads_to_its_question() {
        let series = RecordId::from_bytes([1; 16]);
        let of_series = || Key::from(Group::Series(Some(series)));
        let range = Value::Range { least: 13, most: 673 };
        let not_said = Value::Missing(Missing::NotSaid);
        use Measure::{DistinctPeople, DistinctVolunteers, Residents, SivisPeople, VolunteerClass as Class};
        let of_whole = |measure, value, known| asked_about(&figure(Table::Whole, Key::all(), measure, value, known));
        assert_eq!(of_whole(DistinctPeople, not_said, 0), Some((None, Asked::People)));
        assert_eq!(of_whole(DistinctVolunteers, not_said, 0), Some((None, Asked::Volunteers)));
        assert_eq!(of_whole(DistinctPeople, range, 2), Some((None, Asked::People)));
        assert_eq!(of_whole(DistinctPeople, Value::Count(14), 1), Some((None, Asked::People)), "of one group only");
        assert_eq!(of_whole(DistinctPeople, Value::Count(14), 2), None);
        assert_eq!(of_whole(DistinctPeople, Value::Missing(Missing::YearsOnly), 0), None);
        assert_eq!(of_whole(Residents, not_said, 0), None);
        let class = Value::Class { least: VolunteerClass::From1To9, most: VolunteerClass::From10To29 };
        assert_eq!(of_whole(Class, class, 2), Some((None, Asked::Volunteers)));
        let of_group = |measure, value| asked_about(&figure(Table::BySeries, of_series(), measure, value, 2));
        assert_eq!(of_group(DistinctPeople, not_said), Some((Some(series), Asked::People)));
        let verdict = |verdict| of_group(SivisPeople, Value::Verdict(verdict));
        assert_eq!(verdict(Verdict::PeopleNotAsked), Some((Some(series), Asked::People)));
        assert_eq!(verdict(Verdict::Passes), None);
        let funder = Key(Group::Funder(None), Group::All);
        for (value, known) in [(range, 2), (range, 1), (not_said, 0)] {
            let of_funder = figure(Table::ByFunder, funder.clone(), DistinctPeople, value, known);
            assert_eq!(asked_about(&of_funder), None, "the whole's answer would not make it whole");
        }
        let of_both = Key(Group::Funder(None), Group::Series(Some(series)));
        let of_both = figure(Table::FunderBySeries, of_both, DistinctPeople, not_said, 0);
        assert_eq!(asked_about(&of_both), Some((Some(series), Asked::People)));
    }
}
