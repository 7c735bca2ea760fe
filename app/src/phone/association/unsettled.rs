//! What the association has to settle: records that may be one ("Sama kerta?", S14), and alternatives that lost a clash (S11). Both stand
//! side by side, field by field, and are settled as a whole or one group of fields at a time. It works without a network.

use domain::{
    Alternative, Content, Date, Gathering, Kind, RecordId,
    alternative::Proposal,
    content::overlay,
    history::{Choice, Difference, choices, chosen},
    pair::unsettled_pairs,
    review::Settlement,
};
use leptos::prelude::*;
use sync::{local::Body, view::Shown};

use super::values::{field_name, value_text};
use crate::{
    format::short_day,
    phone::base::{
        phone::{Phone, phone},
        records::Row,
        widgets::Folded,
        words::{change_name, count_text},
    },
    texts::{association as t, board as b, problems, volunteer},
};

/// Pairs about which the association is asked.
pub fn pairs(phone: Phone) -> Vec<(RecordId, RecordId)> {
    let rows = phone.records.gatherings();
    unsettled_pairs(rows.iter().map(|row| (row.shown.id, &row.gathering)), &phone.records.settlements())
}

/// Alternatives about which the association is asked.
pub fn clashes(phone: Phone) -> Vec<(RecordId, Alternative)> {
    let settlements = phone.records.settlements();
    let read = |shown: Shown| Some((shown.id, Alternative::parse(&shown.content).ok()?));
    let all = phone.records.shown(Kind::Alternative).into_iter().filter_map(read);
    all.filter(|(id, alternative)| alternative.is_open(*id, &settlements)).collect()
}

/// One of two versions.
#[derive(Clone, Copy, PartialEq)]
enum Side {
    First,
    Second,
}

/// "Sama kerta?": two held gatherings of one series and date that nobody has settled (S14).
#[component]
pub fn Pairs(pairs: Memo<Vec<(RecordId, RecordId)>>) -> impl IntoView {
    let phone = phone();
    let lang = phone.lang.get_untracked();
    let settlement = move |first: RecordId, second: RecordId, same: bool| {
        let settlement = Settlement::Pair { first, second, same };
        (phone.ask(|services| services.new_id()), Kind::Settlement, Body::Content(settlement.to_content()))
    };
    let keep = move |keep: RecordId, other: RecordId, content: Option<Content>| {
        let kept = phone.records.gatherings().iter().find(|row| row.shown.id == keep).map(|row| row.gathering.clone());
        let kept = content.as_ref().and_then(|content| Gathering::parse(content, Date::MAX).ok()).or(kept);
        let what = kept.map(|kept| count_text(lang, &kept)).unwrap_or_default();
        let mut edits = vec![settlement(keep, other, true), (other, Kind::Gathering, Body::Deleted)];
        edits.extend(content.map(|content| (keep, Kind::Gathering, Body::Content(content))));
        phone.run(phone.save(edits, t::kept_one(lang, what)));
    };
    let both = move |first: RecordId, second: RecordId| {
        phone.run(phone.save(vec![settlement(first, second, false)], t::both_happened(lang).to_owned()));
    };
    let side = move |row: &Row, other: RecordId, values: Vec<String>| {
        let id = row.shown.id;
        let by = row.shown.by.clone().map(|by| view! { <p class="small">{t::recorded_by(lang, by)}</p> });
        view! {
            <div>
                <p><strong>{count_text(lang, &row.gathering)}</strong></p>
                {by}
                <Values values />
                <button class="button" on:click=move |_| keep(id, other, None)>{t::same_keep_first(lang)}</button>
            </div>
        }
    };
    let pair = move |a: Row, b: Row| {
        let title = format!("{} {}", phone.name_of(&a.gathering), short_day(lang, a.gathering.date));
        let (first, second) = (a.shown.id, b.shown.id);
        let choices = choices(Kind::Gathering, &a.shown.content, &b.shown.content);
        let (of_first, of_second) = (values(phone, &choices, Side::First), values(phone, &choices, Side::Second));
        let content = StoredValue::new(a.shown.content.clone());
        let save = Callback::new(move |content: Content| keep(first, second, Some(content)));
        view! {
            <section class="notice ask month-pair">
                <h2>{t::same_gathering(lang)}" "{title}</h2>
                <p>{t::same_gathering_help(lang)}</p>
                <div class="columns">{side(&a, second, of_first)}{side(&b, first, of_second)}</div>
                <ByField of=first kind=Kind::Gathering content choices save />
                <button class="button quiet" on:click=move |_| both(first, second)>{t::both_happened(lang)}</button>
            </section>
        }
    };
    // A memo: what is chosen and not saved stays while something else arrives.
    let pairs = Memo::new(move |_| {
        let (pairs, rows) = (pairs.get(), phone.records.gatherings());
        let row = |id: RecordId| rows.iter().find(|row| row.shown.id == id).cloned();
        pairs.into_iter().filter_map(|(a, b)| Some((row(a)?, row(b)?))).collect::<Vec<_>>()
    });
    move || pairs.get().into_iter().map(|(a, b)| pair(a, b)).collect_view()
}

/// Alternatives that lost a clash: the association says which is right (S11).
#[component]
pub fn Clashes(clashes: Memo<Vec<(RecordId, Alternative)>>) -> impl IntoView {
    let phone = phone();
    let lang = phone.lang.get_untracked();
    let open = Memo::new(move |_| {
        let now = |(id, alternative): (RecordId, Alternative)| {
            let now = phone.records.outbox.with(|outbox| outbox.content(alternative.kind, alternative.record))?;
            Some((id, alternative, now))
        };
        clashes.get().into_iter().filter_map(now).collect::<Vec<_>>()
    });
    let settle = move |alternative: RecordId, taken: bool, edit: Option<(RecordId, Kind, Body)>| {
        let id = phone.ask(|services| services.new_id());
        let settlement = Settlement::Alternative { alternative, taken };
        let mut edits = vec![(id, Kind::Settlement, Body::Content(settlement.to_content()))];
        edits.extend(edit);
        phone.run(phone.save(edits, volunteer::saved(lang).to_owned()));
    };
    let clash = move |(id, alternative, now): (RecordId, Alternative, Content)| {
        let (kind, of) = (alternative.kind, alternative.record);
        let title = change_name(phone, kind, Some(&now));
        let body = match (&alternative.proposal, alternative.taken(&now)) {
            (Proposal::Edit { .. }, Some(whole)) => {
                let choices = choices(kind, &now, &whole);
                let (ours, theirs) = (values(phone, &choices, Side::First), values(phone, &choices, Side::Second));
                // As it is sent: what the alternative clears is said to be cleared.
                let whole = chosen(&now, &choices, |_| true);
                let content = StoredValue::new(now.clone());
                let take = move |content: Content| settle(id, true, Some((of, kind, Body::Content(content))));
                let before = now.clone();
                let save = Callback::new(move |content: Content| match content == before {
                    true => settle(id, false, None),
                    false => take(content),
                });
                view! {
                    <p>{t::clash_help(lang)}</p>
                    <div class="columns">
                        <div>
                            <Values values=ours />
                            <button class="button" on:click=move |_| settle(id, false, None)>{t::clash_keep(lang)}</button>
                        </div>
                        <div>
                            <Values values=theirs />
                            <button class="button" on:click=move |_| take(whole.clone())>{t::clash_take(lang)}</button>
                        </div>
                    </div>
                    <ByField of=id kind content choices save />
                }
                .into_any()
            }
            _ => view! {
                <p>{t::clash_deletion(lang)}</p>
                <p class="row">
                    <button class="button" on:click=move |_| settle(id, false, None)>{t::clash_keep(lang)}</button>
                    <button class="button quiet" on:click=move |_| settle(id, true, Some((of, kind, Body::Deleted)))>
                        {t::clash_delete(lang)}
                    </button>
                </p>
            }
            .into_any(),
        };
        view! { <section class="notice ask"><h2>{t::clash_title(lang)}" "{title}</h2>{body}</section> }
    };
    move || open.get().into_iter().map(clash).collect_view()
}

/// What one version says where the other says something else.
#[component]
fn Values(values: Vec<String>) -> impl IntoView {
    view! { <ul>{values.into_iter().map(|value| view! { <li>{value}</li> }).collect_view()}</ul> }
}

fn values(phone: Phone, choices: &[Choice], side: Side) -> Vec<String> {
    choices.iter().flat_map(|choice| &choice.fields).map(|one| value(phone, one, side)).collect()
}

fn value(phone: Phone, Difference { field, before, after }: &Difference, side: Side) -> String {
    let lang = phone.lang.get_untracked();
    let value = if side == Side::First { before } else { after };
    b::value(lang, field_name(lang, field), value_text(phone, field, value.as_ref()))
}

/// The choice between two versions, one group of fields at a time; offered where there is more than one.
#[component]
fn ByField(
    /// Whose choice it is: names the buttons.
    of: RecordId,
    kind: Kind,
    content: StoredValue<Content>,
    choices: Vec<Choice>,
    save: Callback<Content>,
) -> impl IntoView {
    let phone = phone();
    let lang = phone.lang.get_untracked();
    if choices.len() < 2 {
        return None;
    }
    let from_second = RwSignal::new(Vec::<String>::new());
    let wrong = RwSignal::new(Vec::<String>::new());
    let choices = StoredValue::new(choices);
    let open = RwSignal::new(false);
    let press = move |_| {
        let content = from_second.with_untracked(|names| {
            choices.with_value(|choices| {
                content.with_value(|content| chosen(content, choices, |choice| names.contains(&choice.group)))
            })
        });
        // Parts of two versions may not fit together: the hours of many helpers and the helpers of few.
        let problems = match kind {
            Kind::Gathering => {
                Gathering::parse(&overlay(&Content::new(), &content), Date::MAX).err().unwrap_or_default()
            }
            _ => Vec::new(),
        };
        wrong.set(problems.into_iter().map(|problem| problems::line(lang, problem)).collect());
        if wrong.with_untracked(Vec::is_empty) {
            save.run(content);
        }
    };
    let choice = move |index: usize, choice: &Choice| {
        let group = choice.group.clone();
        let name = format!("{of}-{index}");
        let option = move |choice: &Choice, side: Side| {
            let text: Vec<String> = choice.fields.iter().map(|one| value(phone, one, side)).collect();
            let (of_group, name) = (group.clone(), name.clone());
            let pick = move |_| {
                from_second.update(|names| {
                    names.retain(|name| *name != of_group);
                    if side == Side::Second {
                        names.push(of_group.clone());
                    }
                });
            };
            view! {
                <label class="check">
                    <input type="radio" name=name checked=side == Side::First on:change=pick />
                    <span>{text.join(", ")}</span>
                </label>
            }
        };
        let legend: Vec<&str> = choice.fields.iter().map(|one| field_name(lang, &one.field)).collect();
        view! {
            <fieldset>
                <legend>{legend.join(", ")}</legend>
                <div class="columns">{option(choice, Side::First)}{option(choice, Side::Second)}</div>
            </fieldset>
        }
    };
    Some(view! {
        <Folded summary=b::by_field(lang) open>
            {choices.with_value(|choices| choices.iter().enumerate().map(|(index, one)| choice(index, one)).collect_view())}
            {move || wrong.with(|wrong| (!wrong.is_empty()).then(|| view! {
                <div role="alert">{wrong.iter().map(|line| view! { <p class="error">{line.clone()}</p> }).collect_view()}</div>
            }))}
            <p><button class="button" on:click=press>{b::keep_chosen(lang)}</button></p>
        </Folded>
    })
}
