//! The optional fields of a gathering, folded until the user opens them.

use domain::{
    FieldError, RecordId, Series, bounds,
    codes::Municipality,
    gathering::{AGE_BANDS, CountBasis, GENDERS, Mode, Partner},
};
use leptos::prelude::*;

use crate::{
    format::{hours, number},
    phone::{
        base::{
            phone::phone,
            widgets::{Chip, Folded, Pressed, Show},
            words::basis_name,
        },
        forms::{
            counter::{Counter, NumberInput, read_hours, read_whole},
            editing::{FieldProblem, described, invalid},
            gathering_form::GatheringForm,
        },
    },
    texts::{details as d, volunteer as t},
};

/// Ids of the parts' fields: see [`GatheringForm::wrong`].
const AGE_IDS: [&str; AGE_BANDS.len()] = [
    "ages-0_6",
    "ages-7_12",
    "ages-13_17",
    "ages-18_19",
    "ages-20_28",
    "ages-29_63",
    "ages-64_74",
    "ages-75",
    "ages-unknown",
];
const GENDER_IDS: [&str; GENDERS.len()] = ["genders-women", "genders-men", "genders-other", "genders-unknown"];

/// One part of a breakdown.
#[derive(Clone)]
struct Part {
    id: &'static str,
    label: String,
    value: RwSignal<Option<u32>>,
}

/// What of the optional fields is open.
#[derive(Clone, Copy)]
pub struct Folds {
    all: RwSignal<bool>,
    parts: RwSignal<bool>,
}

impl Folds {
    pub fn new() -> Folds {
        Folds { all: RwSignal::new(false), parts: RwSignal::new(false) }
    }

    /// Opens what hides a field that has to be mended.
    pub fn show(self, errors: &[FieldError]) {
        let is_in_sight =
            |field| matches!(field, "participants" | "volunteers" | "volunteer_quarter_hours" | "date" | "form");
        if errors.iter().any(|error| !is_in_sight(error.field)) {
            self.all.set(true);
        }
        if errors.iter().any(|error| matches!(error.field, "ages" | "genders")) {
            self.parts.set(true);
        }
    }
}

#[component]
pub fn Details(form: GatheringForm, folds: Folds) -> impl IntoView {
    let phone = phone();
    let lang = phone.lang.get_untracked();
    let text = |signal: RwSignal<String>| move |event: leptos::ev::Event| signal.set(event_target_value(&event));
    let mode_of = move || Mode::parse(&form.mode.get()).unwrap_or(Mode::OnSite);
    let mode = move |mode: Mode, label: &'static str| {
        view! {
            <Pressed label is_it=Signal::derive(move || mode_of() == mode) press=Callback::new(move |()| form.choose_mode(mode)) />
        }
    };
    let whole = Callback::new(move |count: u32| number(lang, count.into()));
    let field = move |name: &'static str, label: &'static str| {
        let (show, read) = match name {
            "staff_quarter_hours" => {
                (Callback::new(move |quarters: u32| hours(lang, quarters.into())), Callback::new(read_hours))
            }
            _ => (whole, Callback::new(read_whole)),
        };
        view! {
            <label class="field" for=name>
                <span>{label}</span>
                <NumberInput id=name value=form.number(name) wrong=form.wrong show read />
            </label>
            <FieldProblem of=name />
        }
    };
    let part = |((id, label), value)| Part { id, label, value };
    let ages = AGE_BANDS.map(|band| d::age_band(lang, band));
    let ages = AGE_IDS.into_iter().zip(ages).zip(form.ages).map(part);
    let genders = [d::women(lang), d::men(lang), d::other_gender(lang), d::not_known(lang)].map(str::to_owned);
    let genders = GENDER_IDS.into_iter().zip(genders).zip(form.genders).map(part);
    let (ages, genders) = (StoredValue::new(ages.collect()), StoredValue::new(genders.collect()));
    let not_said = move || d::not_said(lang);
    let groups = move || {
        let all = phone.records.series();
        let is_offered = |(id, of): &&(RecordId, Series)| !of.archived || form.series.get_untracked() == Some(*id);
        let option = |(id, series): &(RecordId, Series)| {
            let id = *id;
            let is_own = move || form.series.get() == Some(id);
            view! { <option value=id.to_string() selected=is_own>{series.name.clone()}</option> }
        };
        all.iter().filter(is_offered).map(option).collect_view()
    };
    let choose_series = move |event: leptos::ev::Event| {
        let id = RecordId::parse(&event_target_value(&event));
        let chosen = untrack(|| id.and_then(|id| Some((id, phone.records.one_series(id)?))));
        form.move_to(chosen.as_ref());
    };
    let partner_name = move |partner: Partner| match partner {
        Partner::Municipality => d::partner_municipality(lang),
        Partner::Parish => d::partner_parish(lang),
        Partner::County => d::partner_county(lang),
        Partner::Association => d::partner_association(lang),
        Partner::Company => d::partner_company(lang),
        Partner::Other => d::other(lang),
    };
    view! {
        <Folded summary=t::add_details(lang) open=folds.all>
            <Show when=move || !form.cancelled.get()>
                <Counter
                    id="first_timers"
                    label=t::first_timers(lang)
                    hint=""
                    value=form.number("first_timers")
                    wrong=form.wrong
                    max=bounds::PARTICIPANTS_MAX
                    show=whole
                    read=read_whole
                />
                <FieldProblem of="first_timers" />
                {field("residents", d::residents(lang))}
                <BasisChoice value=form.basis />
                <p class="hint">{t::basis_help(lang)}</p>
                <Folded summary=d::ages_and_genders(lang) open=folds.parts>
                <Parts id="ages" legend=d::ages(lang) form parts=ages />
                <Parts id="genders" legend=d::genders(lang) form parts=genders />
                </Folded>
                <fieldset>
                    <legend>{d::mode(lang)}</legend>
                    <div class="chips">
                        {mode(Mode::OnSite, d::on_site(lang))}
                        {mode(Mode::Remote, d::remote(lang))}
                        {mode(Mode::Both, d::both_ways(lang))}
                    </div>
                    <Show when=move || mode_of() != Mode::OnSite>
                        {field("digital_participants", d::digital_participants(lang))}
                    </Show>
                </fieldset>
                {field("staff", d::staff(lang))}
                {field("staff_quarter_hours", d::staff_hours(lang))}
            </Show>
            {field("days", d::days(lang))}
            {field("nights", d::nights(lang))}
            <label class="field">
                <span>{d::partner(lang)}</span>
                <select on:change=text(form.partner)>
                    <option value="">{not_said}</option>
                    {Partner::ALL.iter().map(|partner| view! {
                        <option value=partner.code() selected=move || form.partner.get() == partner.code()>{partner_name(*partner)}</option>
                    }).collect_view()}
                </select>
            </label>
            <label class="field">
                <span>{t::series(lang)}</span>
                <select on:change=choose_series>
                    <option value="" selected=move || form.series.get().is_none()>{t::no_series(lang)}</option>
                    {groups}
                </select>
            </label>
            <label class="field">
                <span>{t::place(lang)}</span>
                <input id="place" aria-invalid=invalid("place") aria-describedby=described("place") prop:value=move || form.place.get() on:input=text(form.place) />
            </label>
            <FieldProblem of="place" />
            <label class="field">
                <span>{t::municipality(lang)}</span>
                <select on:change=text(form.municipality)>
                    <Municipalities chosen=form.municipality />
                </select>
            </label>
            <label class="field">
                <span>{t::note(lang)}</span>
                <span class="hint">{t::note_hint(lang)}</span>
                <textarea id="note" aria-invalid=invalid("note") aria-describedby=described("note") rows="3" prop:value=move || form.note.get() on:input=text(form.note)></textarea>
            </label>
            <FieldProblem of="note" />
        </Folded>
    }
}

/// The municipalities by name.
#[component]
pub fn Municipalities(#[prop(into)] chosen: Signal<String>) -> impl IntoView {
    let lang = phone().lang.get_untracked();
    let mut all: Vec<Municipality> = Municipality::all().collect();
    all.sort_by_cached_key(|place| letters(place.name(lang)));
    let option = |place: Municipality| {
        view! { <option value=place.code() selected=move || chosen.get() == place.code()>{place.name(lang)}</option> }
    };
    all.into_iter().map(option).collect_view()
}

/// A name as Finnish and Swedish sort it: å, ä and ö stand behind z.
fn letters(name: &str) -> String {
    let behind_z = |letter: char| match letter {
        'å' | 'Å' => '{',
        'ä' | 'Ä' => '|',
        'ö' | 'Ö' => '}',
        letter => letter.to_ascii_lowercase(),
    };
    name.chars().map(behind_z).collect()
}

/// How the people were counted.
#[component]
pub fn BasisChoice(value: RwSignal<CountBasis>) -> impl IntoView {
    let lang = phone().lang.get_untracked();
    let all = [CountBasis::Counted, CountBasis::Sample, CountBasis::Estimated];
    let chips = all.into_iter().map(move |basis| view! { <Chip label=basis_name(lang, basis) value of=basis /> });
    view! { <fieldset><legend>{t::basis(lang)}</legend><div class="chips">{chips.collect_view()}</div></fieldset> }
}

/// A breakdown of the participants, with the sum that it has come to.
#[component]
fn Parts(id: &'static str, legend: &'static str, form: GatheringForm, parts: StoredValue<Vec<Part>>) -> impl IntoView {
    let lang = phone().lang.get_untracked();
    let show = Callback::new(move |count: u32| number(lang, count.into()));
    let read = Callback::new(read_whole);
    let sum = move || {
        let given: Vec<u32> = parts.with_value(|parts| parts.iter().filter_map(|part| part.value.get()).collect());
        let sum: u64 = given.iter().map(|count| u64::from(*count)).sum();
        (!given.is_empty()).then(|| {
            d::sum_of(
                lang,
                number(lang, sum),
                form.participants.get().map_or("–".to_owned(), |all| number(lang, all.into())),
            )
        })
    };
    // Who is not in any part is in the last one, "not known".
    let rest = move || {
        let given =
            parts.with_value(|parts| parts.iter().filter_map(|part| part.value.get()).fold(0, u32::saturating_add));
        form.participants.get().filter(|all| given > 0 && *all > given).map(|all| all - given)
    };
    let put_rest = move |rest: u32| {
        let not_known = parts.with_value(|parts| parts.last().map(|part| part.value));
        if let Some(not_known) = not_known {
            not_known.update(|count| *count = Some(count.unwrap_or(0).saturating_add(rest)));
        }
    };
    view! {
        <fieldset id=id tabindex="-1" aria-describedby=described(id)>
            <legend>{legend}</legend>
            <div class="record-parts">
                {parts.get_value().into_iter().map(|Part { id, label, value }| view! {
                    <label class="field" for=id>
                        <span>{label}</span>
                        <NumberInput id value wrong=form.wrong show read />
                    </label>
                }).collect_view()}
            </div>
            <p class="hint" role="status">{sum}</p>
            {move || rest().map(|rest| view! {
                <button type="button" class="button quiet" on:click=move |_| put_rest(rest)>{d::rest_not_known(lang, rest)}</button>
            })}
            <FieldProblem of=id />
        </fieldset>
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_sorted_as_in_a_finnish_list() {
        let mut names = ["Öja", "Åbo", "Ähtäri", "Zetterström", "lohja", "Luumäki", "Luhanka"];
        names.sort_by_cached_key(|name| letters(name));
        assert_eq!(names, ["lohja", "Luhanka", "Luumäki", "Zetterström", "Åbo", "Ähtäri", "Öja"]);
    }
}
