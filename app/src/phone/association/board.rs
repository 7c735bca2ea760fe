//! The association's month: its groups and their gatherings, approved with one press. What has to be settled stands
//! first.

use domain::{
    Alternative, Content, Date, FieldError, Kind, Lang, Month, RecordId, Series,
    alternative::Proposal,
    bounds::COMMENT_MAX_CHARS,
    gathering::CountBasis,
    pair::unsettled_pairs,
    personal,
    report::missing_days,
    review::{BulkApproval, Listed, ReviewState, Settlement, Verdict},
};
use leptos::prelude::*;
use sync::{
    local::Body,
    view::{Delivery, Shown},
};

use crate::{
    format::{hours, short_day},
    phone::{
        association::devices::{self, HelpersFile, MissingRecords, Phones},
        base::{
            address::Link,
            half_written::Field,
            phone::{Phone, phone},
            records::Row,
            widgets::{Show, Steps},
            words::{basis_name, change_name, count_text, key, numbers_text},
        },
        forms::editing::{SmallForm, half_written},
    },
    texts::{association as t, common, members, problems, volunteer},
};

/// A series, or none for gatherings outside any, and its gatherings.
type GroupRows = (Option<(RecordId, Series)>, Vec<Row>);

#[component]
pub fn MonthPage() -> impl IntoView {
    let phone = phone();
    let lang = phone.lang.get_untracked();
    let month = RwSignal::new(Month::of(phone.clock.today.get_untracked()));
    let in_month = move || {
        let rows = phone.records.gatherings();
        rows.iter().filter(|row| month.get().contains(row.gathering.date)).cloned().collect::<Vec<_>>()
    };
    let groups = Memo::new(move |_| {
        let rows = in_month();
        let mut groups: Vec<GroupRows> =
            phone.records.series().iter().map(|series| (Some(series.clone()), Vec::new())).collect();
        groups.push((None, Vec::new()));
        for row in rows {
            let own = |group: &GroupRows| id_of(group) == row.gathering.series;
            let index = groups.iter().position(own).unwrap_or(groups.len() - 1);
            groups[index].1.push(row);
        }
        let meets = |series: &Series| series.weekday.is_some() && !series.archived;
        groups.retain(|(series, rows)| !rows.is_empty() || series.as_ref().is_some_and(|(_, series)| meets(series)));
        groups
    });
    let ids = move || groups.with(|groups| groups.iter().map(id_of).collect::<Vec<_>>());
    let in_pairs = Memo::new(move |_| unsettled(phone).into_iter().flat_map(|(a, b)| [a, b]).collect::<Vec<_>>());
    let today = Memo::new(move |_| phone.clock.today.get());
    let devices = devices::ask(phone);
    let step = move |months: i32| month.update(|month| *month = month.plus(months));
    view! {
        <h1 tabindex="-1">{move || t::month_title(lang, common::month_name(lang, month.get()), month.get().year())}</h1>
        <Steps
            earlier=volunteer::earlier_month(lang).to_owned()
            later=volunteer::later_month(lang).to_owned()
            is_last=Signal::derive(move || month.get() >= Month::of(phone.clock.today.get()))
            step=Callback::new(step)
        />
        <MissingRecords answer=devices />
        <Pairs />
        <Clashes />
        <Show when=move || in_month().is_empty()><p class="empty">{t::no_month(lang)}</p></Show>
        <div class="month-grid">
            <For each=ids key=|id| *id let:id><Group id groups month today in_pairs /></For>
        </div>
        <p><Link href="/app/yhdistys/ihmiset" class="button quiet">{members::title(lang)}</Link></p>
        <div class="month-grid"><Phones answer=devices /><HelpersFile /></div>
    }
}

fn id_of((series, _): &GroupRows) -> Option<RecordId> {
    series.as_ref().map(|(id, _)| *id)
}

/// One series' month: missing days, gatherings, and one button that approves what is on the screen. A gathering is not drawn anew, with
/// its open question, before something of it has changed.
#[component]
fn Group(
    id: Option<RecordId>,
    groups: Memo<Vec<GroupRows>>,
    month: RwSignal<Month>,
    today: Memo<Date>,
    /// Gatherings of unsettled pairs.
    in_pairs: Memo<Vec<RecordId>>,
) -> impl IntoView {
    let phone = phone();
    let lang = phone.lang.get_untracked();
    let own = move || {
        let found = groups.with(|groups| groups.iter().find(|group| id_of(group) == id).cloned());
        found.unwrap_or_default()
    };
    let name = move || own().0.map_or_else(|| t::outside_series(lang).to_owned(), |(_, series)| series.name);
    let missing = move || {
        let (series, rows) = own();
        let recorded: Vec<Date> = rows.iter().map(|row| row.gathering.date).collect();
        let days = missing_days(series?.1.weekday?, month.get(), today.get(), &recorded);
        let listed = days.iter().map(|day| short_day(lang, *day)).collect::<Vec<_>>().join(", ");
        (!days.is_empty()).then(|| view! { <p class="notice">{t::missing(lang, listed)}</p> })
    };
    let button = move || {
        // The list that is on the screen: each with the revision that is seen.
        let listed: Vec<Listed> = own().1.iter().map(listed).collect();
        let to_approve = match BulkApproval::of(&listed, &in_pairs.get()) {
            BulkApproval::Nothing => return None,
            BulkApproval::Done => Vec::new(),
            BulkApproval::Approve(gatherings) => gatherings,
        };
        let text = match to_approve.len() {
            0 => t::approved_all(lang).to_owned(),
            count => t::approve_month(lang, count),
        };
        let is_done = to_approve.is_empty();
        let approve = move |_| {
            let review = |(id, rev): &(RecordId, u32)| phone.review(*id, *rev, Verdict::Approved, None);
            let reviews: Vec<_> = to_approve.iter().map(review).collect();
            let said = t::approved(lang, reviews.len());
            phone.run(phone.save(reviews, said));
        };
        Some(view! {
            <button class="button" disabled=is_done on:click=approve>{text}<span class="visually-hidden">" "{name()}</span></button>
        })
    };
    view! {
        <section class="card">
            <h2>{name}</h2>
            {missing}
            <ul class="list"><For each=move || own().1 key let:row><Line row /></For></ul>
            {button}
        </section>
    }
}

fn listed(row: &Row) -> Listed {
    let Shown { id, rev, .. } = row.shown;
    Listed { gathering: id, revision: rev, state: row.state, is_received: is_received(row) }
}

fn is_received(row: &Row) -> bool {
    matches!(row.shown.delivery, Delivery::Received { .. })
}

/// One gathering of the month.
#[component]
fn Line(row: Row) -> impl IntoView {
    let phone = phone();
    let lang = phone.lang.get_untracked();
    let (id, rev) = (row.shown.id, row.shown.rev);
    let received = is_received(&row);
    let can_return = received && row.state != ReviewState::Returned;
    // A question that somebody is in the middle of stands open; after an approval it waits to be asked for.
    let returning = RwSignal::new(
        received && row.state == ReviewState::Recorded && half_written(phone, Field::ReturnComment, id).is_some(),
    );
    let (class, state) = match (received, row.state) {
        (false, _) => ("badge waiting", t::state_on_this_device(lang)),
        (true, ReviewState::Recorded) => ("badge recorded", t::state_recorded(lang)),
        (true, ReviewState::Approved) => ("badge received", t::state_approved(lang)),
        (true, ReviewState::Returned) => ("badge returned", t::state_returned(lang)),
    };
    let numbers = match &row.gathering.heads {
        None => volunteer::cancelled(lang).to_owned(),
        Some(heads) => {
            let (people, helpers) = (Some(heads.participants), Some(heads.volunteers));
            numbers_text(lang, people, helpers, Some(heads.volunteer_quarter_hours))
        }
    };
    let day = short_day(lang, row.gathering.date);
    let approve = move |_| {
        let review = phone.review(id, rev, Verdict::Approved, None);
        phone.run(phone.save(vec![review], t::state_approved(lang).to_owned()));
    };
    let (accessible, approved) = (day.clone(), day.clone());
    view! {
        <li>
            <p><strong>{day}</strong>" "<span>{numbers}</span></p>
            {row.gathering.note.clone().map(|note| view! { <p class="small">{note}</p> })}
            <p class=class><span>{state}</span></p>
            {row.comment.clone().map(|comment| view! { <p class="small">"„"{comment}"”"</p> })}
            {row.shown.by.clone().map(|by| view! { <p class="small">{t::recorded_by(lang, by)}</p> })}
            {can_return.then(|| view! {
                <button class="button quiet" aria-expanded=move || returning.get().to_string()
                    on:click=move |_| returning.update(|open| *open = !*open)>
                    {t::return_gathering(lang)}<span class="visually-hidden">" "{accessible}</span>
                </button>
            })}
            {(received && row.state == ReviewState::Returned).then(|| view! {
                <button class="button quiet" on:click=approve>
                    {t::approve_after_all(lang)}<span class="visually-hidden">" "{approved}</span>
                </button>
            })}
            <Show when=move || returning.get()><ReturnForm id rev /></Show>
        </li>
    }
}

/// The question with which a gathering goes back to who recorded it.
#[component]
fn ReturnForm(id: RecordId, rev: u32) -> impl IntoView {
    let phone = phone();
    let lang = phone.lang.get_untracked();
    let comment = RwSignal::new(half_written(phone, Field::ReturnComment, id).unwrap_or_default());
    let wrong = RwSignal::new(None::<String>);
    let kept = SmallForm::follow(Field::ReturnComment, id, move || comment.get());
    let send = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        let text = comment.get_untracked();
        wrong.set(match text.chars().count() {
            _ if text.trim().is_empty() => Some(t::return_needs_question(lang).to_owned()),
            length if length > COMMENT_MAX_CHARS => Some(problems::too_long(lang, COMMENT_MAX_CHARS)),
            _ => personal::find(&text).map(|problem| problems::what(lang, FieldError { field: "comment", problem })),
        });
        if wrong.with_untracked(Option::is_some) {
            return;
        }
        let review = phone.review(id, rev, Verdict::Returned, Some(text));
        kept.save(vec![review], t::state_returned(lang).to_owned());
    };
    view! {
        <form on:submit=send novalidate>
            <label class="field">
                <span>{t::return_comment(lang)}</span>
                <span class="hint">{t::return_hint(lang)}</span>
                <textarea rows="2" aria-invalid=move || wrong.with(Option::is_some).then_some("true") prop:value=move || comment.get()
                    on:input=move |event| comment.set(event_target_value(&event))></textarea>
            </label>
            {move || wrong.get().map(|wrong| view! { <p class="error" role="alert">{wrong}</p> })}
            <button class="button">{t::return_send(lang)}</button>
        </form>
    }
}

/// "Sama kerta?": two held gatherings of one series and date that nobody has settled (S14).
#[component]
fn Pairs() -> impl IntoView {
    let phone = phone();
    let lang = phone.lang.get_untracked();
    let keep = move |keep: RecordId, other: RecordId| {
        let settlement = Settlement::Pair { first: keep, second: other, same: true };
        let id = phone.ask(|services| services.new_id());
        let edits = vec![
            (id, Kind::Settlement, Body::Content(settlement.to_content())),
            (other, Kind::Gathering, Body::Deleted),
        ];
        phone.run(phone.save(edits, volunteer::deleted(lang).to_owned()));
    };
    let both = move |first: RecordId, second: RecordId| {
        let settlement = Settlement::Pair { first, second, same: false };
        let id = phone.ask(|services| services.new_id());
        let edits = vec![(id, Kind::Settlement, Body::Content(settlement.to_content()))];
        phone.run(phone.save(edits, t::both_happened(lang).to_owned()));
    };
    let side = move |row: &Row, other: RecordId| {
        let id = row.shown.id;
        let count = count_text(lang, &row.gathering);
        let by = row.shown.by.clone().map(|by| t::recorded_by(lang, by));
        view! {
            <div>
                <p><strong>{count}</strong></p>
                <p class="small">{by}</p>
                <button class="button" on:click=move |_| keep(id, other)>{t::same_keep_first(lang)}</button>
            </div>
        }
    };
    move || {
        let rows = phone.records.gatherings();
        let row = |id: RecordId| rows.iter().find(|row| row.shown.id == id);
        unsettled(phone)
            .into_iter()
            .filter_map(|(a, b)| Some((row(a)?, row(b)?)))
            .map(|(a, b)| {
                let title = format!("{} {}", phone.name_of(&a.gathering), short_day(lang, a.gathering.date));
                let (first, second) = (a.shown.id, b.shown.id);
                view! {
                    <section class="notice ask month-pair">
                        <h2>{t::same_gathering(lang)}" "{title}</h2>
                        <p>{t::same_gathering_help(lang)}</p>
                        <div class="columns">{side(a, second)}{side(b, first)}</div>
                        <button class="button quiet" on:click=move |_| both(first, second)>{t::both_happened(lang)}</button>
                    </section>
                }
            })
            .collect_view()
    }
}

/// Alternatives that lost a clash: the association says which is right (S11).
#[component]
fn Clashes() -> impl IntoView {
    let phone = phone();
    let lang = phone.lang.get_untracked();
    let open = move || {
        let settlements = phone.records.settlements();
        let read = |shown: Shown| Some((shown.id, Alternative::parse(&shown.content).ok()?));
        let all = phone.records.shown(Kind::Alternative).into_iter().filter_map(read);
        all.filter(|(id, alternative)| alternative.is_open(*id, &settlements)).collect::<Vec<_>>()
    };
    let settle = move |alternative: RecordId, taken: bool, edit: Option<(RecordId, Kind, Body)>| {
        let id = phone.ask(|services| services.new_id());
        let settlement = Settlement::Alternative { alternative, taken };
        let mut edits = vec![(id, Kind::Settlement, Body::Content(settlement.to_content()))];
        edits.extend(edit);
        phone.run(phone.save(edits, volunteer::saved(lang).to_owned()));
    };
    let clash = move |(id, alternative): (RecordId, Alternative)| {
        let (kind, of) = (alternative.kind, alternative.record);
        let now = phone.records.outbox.with(|outbox| outbox.content(kind, of))?;
        let title = change_name(phone, kind, Some(&now));
        let body = match (&alternative.proposal, alternative.taken(&now)) {
            (Proposal::Edit { content, fields }, Some(whole)) => {
                let values = |content: &Content| {
                    let value = |name: &String| {
                        format!("{}: {}", problems::field(lang, name), value_text(lang, name, content.get(name)))
                    };
                    fields.iter().map(value).collect::<Vec<_>>().join(", ")
                };
                view! {
                    <p>{t::clash_help(lang)}</p>
                    <div class="columns">
                        <div>
                            <p>{values(&now)}</p>
                            <button class="button" on:click=move |_| settle(id, false, None)>{t::clash_keep(lang)}</button>
                        </div>
                        <div>
                            <p>{values(content)}</p>
                            <button class="button" on:click=move |_| {
                                settle(id, true, Some((of, kind, Body::Content(whole.clone()))));
                            }>{t::clash_take(lang)}</button>
                        </div>
                    </div>
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
        Some(view! { <section class="notice ask"><h2>{t::clash_title(lang)}" "{title}</h2>{body}</section> })
    };
    move || open().into_iter().filter_map(clash).collect_view()
}

/// A field's value for people.
fn value_text(lang: Lang, field: &str, value: Option<&serde_json::Value>) -> String {
    match (field, value) {
        // Where nothing is said, everybody was counted.
        ("basis", value) => {
            let basis = value.and_then(|value| CountBasis::parse(value.as_str()?)).unwrap_or(CountBasis::Counted);
            basis_name(lang, basis).to_owned()
        }
        (_, None) => "–".to_owned(),
        ("volunteer_quarter_hours" | "staff_quarter_hours", Some(value)) => hours(lang, value.as_u64().unwrap_or(0)),
        (_, Some(value)) => value.to_string().trim_matches('"').to_owned(),
    }
}

/// The pairs about which the association is asked.
fn unsettled(phone: Phone) -> Vec<(RecordId, RecordId)> {
    let rows = phone.records.gatherings();
    unsettled_pairs(rows.iter().map(|row| (row.shown.id, &row.gathering)), &phone.records.settlements())
}
