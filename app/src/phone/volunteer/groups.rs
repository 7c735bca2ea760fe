//! The association's groups: the list, and the form of one group: its name, its usual time, and the defaults that its
//! gatherings take from it.

use domain::{
    Content, FieldError, Kind, Problem, RecordId, Series, bounds,
    codes::{ActivityForm, Municipality, TargetGroup, Theme},
    content::overlay,
    date,
    gathering::GatheringLanguage,
    permission::may_change,
    personal,
    series::{Break, breaks_value},
};
use leptos::prelude::*;
use serde_json::{Value, json};
use sync::local::Body;

use crate::{
    format::{clock, day, hours},
    phone::{
        base::{
            address::Link,
            draft::{About, Draft, over},
            keep::drafts,
            phone::{Phone, phone},
            widgets::{Folded, Pressed, Show},
        },
        forms::{
            calendar::AnyDay,
            counter::{NumberInput, read_hours, read_whole},
            details::Municipalities,
            editing::{Editing, FieldProblem, GoesOn, SaveBar, ToMend, described, invalid, once_loaded},
        },
    },
    texts::{common, details as d, groups as g, paper as p, volunteer as t},
};

const NEW: &str = "uusi";

/// What a group's record says.
fn content_of(phone: Phone, id: RecordId) -> Option<Content> {
    phone.records.outbox.with(|outbox| outbox.content(Kind::Series, id))
}

/// Whether this user may change the association's groups.
pub fn may_set_up(phone: Phone) -> bool {
    let allowed = phone.records.own_association().is_none_or(|association| association.volunteers_set_up_series);
    phone.identity.role().is_some_and(|role| may_change(role, Kind::Series, allowed))
}

/// `/app/ryhmat`
#[component]
pub fn GroupsPage() -> impl IntoView {
    let phone = phone();
    let lang = phone.lang.get_untracked();
    let of = move |archived: bool| {
        let all = phone.records.series();
        all.iter().filter(|(_, series)| series.archived == archived).cloned().collect::<Vec<_>>()
    };
    let item = move |(id, series): (RecordId, Series)| {
        let when = series.weekday.map(|weekday| common::weekday_name(lang, weekday));
        let start = series.start.map(|start| t::at_time(lang, clock(lang, start)));
        let again = series.archived && may_set_up(phone);
        let name = series.name.clone();
        let (of_which, on_paper, taken_up) = (name.clone(), name.clone(), name.clone());
        view! {
            <li>
                <p><strong>{series.name}</strong></p>
                <p>{when}" "{start}</p>
                <p class="row">
                    {may_set_up(phone).then(|| view! {
                        <Link href=format!("/app/ryhma/{id}") class="button quiet">{t::edit(lang)}<span class="visually-hidden">" "{of_which}</span></Link>
                    })}
                    {(!series.archived).then(|| view! {
                        <Link href=format!("/app/paperi/{id}") class="button quiet">{p::blank_form(lang)}<span class="visually-hidden">" "{on_paper}</span></Link>
                    })}
                    {again.then(|| view! {
                        <button class="button quiet" on:click=move |_| set_archived(phone, id, &name, false)>{g::take_up(lang)}<span class="visually-hidden">" "{taken_up}</span></button>
                    })}
                </p>
            </li>
        }
    };
    view! {
        <h1 tabindex="-1">{t::groups(lang)}</h1>
        {move || if may_set_up(phone) {
            view! { <p><Link href="/app/ryhma/uusi" class="button big">{g::new_group(lang)}</Link></p> }.into_any()
        } else {
            view! { <p class="notice">{g::secretary_sets_up(lang)}</p> }.into_any()
        }}
        <ul class="list">{move || of(false).into_iter().map(item).collect_view()}</ul>
        <Show when=move || !of(true).is_empty()>
            <details>
                <summary>{move || g::ended(lang, of(true).len())}</summary>
                <ul class="list">{move || of(true).into_iter().map(item).collect_view()}</ul>
            </details>
        </Show>
    }
}

fn set_archived(phone: Phone, id: RecordId, name: &str, archived: bool) {
    let lang = phone.lang.get_untracked();
    let Some(mut content) = untrack(|| content_of(phone, id)) else { return };
    content.insert("archived".into(), if archived { json!(true) } else { Value::Null });
    let said = if archived { g::was_ended(lang, name) } else { g::was_taken_up(lang, name) };
    phone.run(phone.save(vec![(id, Kind::Series, Body::Content(content))], said));
}

/// `/app/ryhma/{id}`, `/app/ryhma/uusi`
#[component]
pub fn GroupPage(id: String) -> impl IntoView {
    let phone = phone();
    once_loaded(move |anew| match open(phone, &id).filter(|_| may_set_up(phone)) {
        Some(group) => view! { <GroupForm group anew /> }.into_any(),
        None => view! { <p class="notice">{g::secretary_sets_up(phone.lang.get_untracked())}</p> }.into_any(),
    })
}

/// The form's state is the content itself: a group has many fields, and few of them are ever touched.
#[derive(Clone, Copy)]
struct Group {
    id: RecordId,
    is_new: bool,
    goes_on: bool,
    content: RwSignal<Content>,
    /// What a group that was there before says.
    opened: StoredValue<Option<Content>>,
}

fn open(phone: Phone, id: &str) -> Option<Group> {
    let mut drafts = drafts(phone).into_iter().filter(|draft| matches!(draft.about, About::Group { .. }));
    let known = RecordId::parse(id).filter(|id| phone.records.one_series(*id).is_some());
    let (id, content, draft) = if let Some(id) = known {
        (id, content_of(phone, id)?, drafts.find(|draft| draft.id == id))
    } else {
        // A new one, or one that was taken back.
        let draft = drafts.rfind(|draft| phone.records.one_series(draft.id).is_none());
        if id != NEW && draft.is_none() {
            return None;
        }
        let home = phone.records.own_association().map(|own| own.home).or_else(|| Municipality::all().next())?;
        let content = json!({"municipality": home.code()}).as_object().cloned()?;
        (draft.as_ref().map_or_else(|| phone.ask(|services| services.new_id()), |draft| draft.id), content, draft)
    };
    let is_new = known.is_none();
    let goes_on = draft.is_some();
    let opened = (!is_new).then(|| content.clone());
    let content = draft.map_or(content, |draft| match &opened {
        Some(now) => draft.over(Kind::Series, now),
        None => draft.content,
    });
    Some(Group { id, is_new, goes_on, content: RwSignal::new(content), opened: StoredValue::new(opened) })
}

impl Group {
    fn text(self, name: &'static str) -> String {
        self.content.with(|content| content.get(name).and_then(Value::as_str).unwrap_or_default().to_owned())
    }

    fn value(self, name: &'static str) -> Value {
        self.content.with(|content| content.get(name).cloned().unwrap_or(Value::Null))
    }

    fn put(self, name: &'static str, value: Value) {
        self.content.update(|content| {
            content.insert(name.to_owned(), value);
        });
    }

    /// A value of a field, to be chosen.
    fn choice(self, name: &'static str, label: &'static str, value: Value) -> impl IntoView {
        let shown = value.clone();
        view! {
            <Pressed label is_it=Signal::derive(move || self.value(name) == shown) press=Callback::new(move |()| self.put(name, value.clone())) />
        }
    }

    fn put_text(self, name: &'static str, text: String) {
        self.put(name, if text.trim().is_empty() { Value::Null } else { Value::String(text) });
    }

    fn has(self, name: &'static str, code: &str) -> bool {
        self.content.with(|content| codes(content, name).iter().any(|known| known == code))
    }

    /// Puts a code on a list or takes it off.
    fn toggle(self, name: &'static str, code: &str, on: bool) {
        let mut list = self.content.with_untracked(|content| codes(content, name));
        list.retain(|known| known != code);
        if on {
            list.push(code.to_owned());
        }
        self.put(name, if list.is_empty() { Value::Null } else { json!(list) });
    }
}

fn codes(content: &Content, name: &str) -> Vec<String> {
    let list = content.get(name).and_then(Value::as_array);
    list.into_iter().flatten().filter_map(|code| Some(code.as_str()?.to_owned())).collect()
}

#[component]
fn GroupForm(group: Group, anew: RwSignal<()>) -> impl IntoView {
    let phone = phone();
    let lang = phone.lang.get_untracked();
    let Group { id, is_new, goes_on, content, opened } = group;
    let wrong = RwSignal::new(Vec::new());
    let unfolded = RwSignal::new(false);
    let association = phone.identity.association.get_untracked();
    let draft = move || {
        let about = About::Group { opened: opened.get_value() };
        Draft { id, content: content.get(), about, association }
    };
    let check = move |content: &Content| {
        let wrong = wrong.with_untracked(|wrong: &Vec<_>| !wrong.is_empty());
        let wrong = wrong.then_some(FieldError { field: "duration", problem: Problem::NotANumber });
        let others = Series::parse(&overlay(&Content::new(), content)).err().unwrap_or_default();
        let known = opened.get_value();
        let personal = personal::in_new_texts(Kind::Series, content, &known.iter().collect::<Vec<_>>());
        others.into_iter().chain(wrong).chain(personal).collect::<Vec<_>>()
    };
    let editing = Editing::new(id, wrong, draft, move || content.with_untracked(check));
    let save = move || {
        let typed = content.get_untracked();
        // What came while the form was open stands where the form says nothing else.
        let sent = match (untrack(|| content_of(phone, id)), opened.get_value()) {
            (Some(now), Some(opened)) => over(Kind::Series, &opened, &typed, &now),
            _ => typed,
        };
        let problems = check(&sent);
        if problems.is_empty() {
            let said = t::saved_what(lang, untrack(|| group.text("name")), "");
            return editing.save(vec![(id, Kind::Series, Body::Content(sent))], said, "/app/ryhmat");
        }
        if problems.iter().any(|error| !matches!(error.field, "name" | "form" | "start" | "duration" | "place")) {
            unfolded.set(true);
        }
        editing.mend(problems);
    };
    let text =
        move |name: &'static str| move |event: leptos::ev::Event| group.put_text(name, event_target_value(&event));
    let weekday = move |day: Option<u8>| {
        let label = day.map_or(g::no_weekday(lang), |day| common::weekday_name(lang, day));
        group.choice("weekday", label, json!(day))
    };
    let minutes = content.with_untracked(|content| content.get("duration").and_then(Value::as_u64));
    let quarters = RwSignal::new(minutes.map(|minutes| (minutes as u32).div_ceil(15)));
    let duration_changed = Callback::new(move |()| {
        let minutes = quarters.get_untracked().filter(|quarters| *quarters > 0).map(|quarters| quarters * 15);
        group.put("duration", json!(minutes));
    });
    let title = move || if is_new { g::new_group(lang).to_owned() } else { group.text("name") };
    let end = move |_| {
        set_archived(phone, id, &untrack(|| group.text("name")), true);
        editing.leave("/app/ryhmat");
    };
    let checks = move |name: &'static str, all: Vec<(&'static str, String)>| {
        all.into_iter()
            .map(move |(code, label)| {
                view! {
                    <label class="check">
                        <input type="checkbox" prop:checked=move || group.has(name, code)
                            on:change=move |event| group.toggle(name, code, event_target_checked(&event)) />
                        <span>{label}</span>
                    </label>
                }
            })
            .collect_view()
    };
    let targets =
        StoredValue::new(TargetGroup::all().map(|target| (target.code(), target.name(lang).to_owned())).collect());
    let themes = StoredValue::new(Theme::all().map(|theme| (theme.code(), theme.name(lang).to_owned())).collect());
    view! {
        <form class="edit-form" novalidate on:submit=move |event| { event.prevent_default(); save(); }>
            <h1 tabindex="-1">{title}</h1>
            <ToMend line=g::line />
            {goes_on.then(|| view! { <GoesOn text=g::goes_on(lang) is_new anew /> })}
            <label class="field">
                <span>{g::name(lang)}</span>
                <input id="name" aria-invalid=invalid("name") aria-describedby=described("name") autocomplete="off" prop:value=move || group.text("name") on:input=text("name") />
            </label>
            <FieldProblem of="name" />
            <label class="field">
                <span>{g::form(lang)}</span>
                <select id="form" aria-invalid=invalid("form") aria-describedby=described("form") on:change=text("form")>
                    <option value="" selected=move || group.text("form").is_empty()>"–"</option>
                    {ActivityForm::all().map(|form| view! {
                        <option value=form.code() selected=move || group.text("form") == form.code()>{form.name(lang)}</option>
                    }).collect_view()}
                </select>
            </label>
            <FieldProblem of="form" />
            <fieldset>
                <legend>{g::weekday(lang)}</legend>
                <div class="chips">{(0..7).map(Some).chain([None]).map(weekday).collect_view()}</div>
            </fieldset>
            <label class="field">
                <span>{g::start(lang)}</span>
                <input type="time" class="number" prop:value=move || group.text("start") on:input=text("start") />
            </label>
            <label class="field" for="duration">
                <span>{g::duration(lang)}</span>
                <NumberInput id="duration" value=quarters wrong
                    show=Callback::new(move |quarters: u32| hours(lang, quarters.into())) read=Callback::new(read_hours) changed=duration_changed />
            </label>
            <FieldProblem of="duration" />
            <label class="field">
                <span>{t::place(lang)}</span>
                <input id="place" aria-invalid=invalid("place") aria-describedby=described("place") prop:value=move || group.text("place") on:input=text("place") />
            </label>
            <FieldProblem of="place" />
            <Folded summary=t::add_details(lang) open=unfolded>
                <label class="field">
                    <span>{t::municipality(lang)}</span>
                    <select on:change=text("municipality")>
                        <Municipalities chosen=Signal::derive(move || group.text("municipality")) />
                    </select>
                </label>
                <fieldset><legend>{g::target_groups(lang)}</legend>{checks("target_groups", targets.get_value())}</fieldset>
                <fieldset><legend>{g::themes(lang)}</legend>{checks("themes", themes.get_value())}</fieldset>
                <YesNo group name="free" legend=g::free(lang) />
                <YesNo group name="open" legend=g::open(lang) />
                <YesNo group name="municipal_premises" legend=g::municipal_premises(lang) />
                <label class="field">
                    <span>{g::language(lang)}</span>
                    <select on:change=text("language")>
                        <option value="">{d::not_said(lang)}</option>
                        {GatheringLanguage::ALL.iter().map(|language| view! {
                            <option value=language.code() selected=move || group.text("language") == language.code()>{g::language_name(lang, *language)}</option>
                        }).collect_view()}
                    </select>
                </label>
                <Breaks group />
                <FieldProblem of="breaks" />
                <Funders group />
                <FieldProblem of="funders" />
                <label class="check">
                    <input type="checkbox" prop:checked=move || group.value("sensitive") == json!(true)
                        on:change=move |event| group.put("sensitive", if event_target_checked(&event) { json!(true) } else { Value::Null }) />
                    <span>{g::sensitive(lang)}</span>
                </label>
                <p class="hint">{g::sensitive_help(lang)}</p>
            </Folded>
            {(!is_new).then(|| view! {
                <p class="hint">{g::past_stays(lang)}</p>
                <p class="row">
                    <button type="button" class="button quiet" on:click=move |_| editing.leave("/app/ryhmat")>{t::cancel(lang)}</button>
                    <button type="button" class="button quiet" on:click=end>{g::end(lang)}</button>
                </p>
            })}
            <SaveBar label=t::save(lang) />
        </form>
    }
}

/// Yes, no, or nothing said.
#[component]
fn YesNo(group: Group, name: &'static str, legend: &'static str) -> impl IntoView {
    let lang = phone().lang.get_untracked();
    view! {
        <fieldset>
            <legend>{legend}</legend>
            <div class="chips">
                {group.choice(name, g::yes(lang), json!(true))}
                {group.choice(name, g::no(lang), json!(false))}
                {group.choice(name, d::not_said(lang), Value::Null)}
            </div>
        </fieldset>
    }
}

/// When the group does not meet, and nobody is asked about it.
#[component]
fn Breaks(group: Group) -> impl IntoView {
    let phone = phone();
    let lang = phone.lang.get_untracked();
    let list = move || group.content.with(read_breaks);
    let put = move |breaks: Vec<Break>| {
        group.put("breaks", if breaks.is_empty() { Value::Null } else { breaks_value(&breaks) });
    };
    let add = move |one: Break| {
        let mut now = untrack(list);
        now.push(one);
        put(now);
    };
    let count = Memo::new(move |_| list().len());
    let row = move |at: usize| {
        let one = untrack(list).get(at).copied()?;
        let (from, to) = (RwSignal::new(one.from), RwSignal::new(one.to));
        let chosen = Callback::new(move |is_first: bool| {
            if from.get_untracked() > to.get_untracked() {
                if is_first { to.set(from.get_untracked()) } else { from.set(to.get_untracked()) }
            }
            let mut now = untrack(list);
            if let Some(one) = now.get_mut(at) {
                *one = Break { from: from.get_untracked(), to: to.get_untracked() };
            }
            put(now);
        });
        let remove = move |_| {
            let mut now = untrack(list);
            now.remove(at);
            put(now);
        };
        Some(view! {
            <div class="row">
                <AnyDay label=g::break_from(lang) value=from chosen=Callback::new(move |()| chosen.run(true)) />
                <AnyDay label=g::break_to(lang) value=to chosen=Callback::new(move |()| chosen.run(false)) />
                <button type="button" class="button quiet" on:click=remove>{t::delete(lang)}<span class="visually-hidden">" "{move || day(lang, from.get())}</span></button>
            </div>
        })
    };
    let today = phone.clock.today.get_untracked();
    let summer = Break::next_summer(today);
    let suggestion = move || {
        let summer = summer.filter(|summer| !list().iter().any(|one| one.contains(summer.from)))?;
        let label = format!("{} – {}", day(lang, summer.from), day(lang, summer.to));
        Some(view! { <button type="button" class="button quiet" on:click=move |_| add(summer)>{label}</button> })
    };
    view! {
        <fieldset id="breaks" tabindex="-1" aria-describedby=described("breaks")>
            <legend>{g::breaks(lang)}</legend>
            <p class="hint">{g::breaks_help(lang)}</p>
            {move || (0..count.get()).map(row).collect_view()}
            <p class="row">
                {suggestion}
                <button type="button" class="button quiet" on:click=move |_| add(Break { from: today, to: today })>{g::add_break(lang)}</button>
            </p>
        </fieldset>
    }
}

/// As they stand on the form, in the order in which they were added.
fn read_breaks(content: &Content) -> Vec<Break> {
    let list = content.get("breaks").and_then(Value::as_array).into_iter().flatten();
    let day = |one: &Value, name: &str| date::parse(one.get(name)?.as_str()?);
    list.filter_map(|one| Some(Break { from: day(one, "from")?, to: day(one, "to")? })).collect()
}

/// The funders of the group and the years of their grants.
#[component]
fn Funders(group: Group) -> impl IntoView {
    let phone = phone();
    let lang = phone.lang.get_untracked();
    let list = move || {
        group.content.with(|content| content.get("funders").and_then(Value::as_array).cloned().unwrap_or_default())
    };
    let count = Memo::new(move |_| list().len());
    let update = move |change: &dyn Fn(&mut Vec<Value>)| {
        let mut now = untrack(list);
        change(&mut now);
        group.put("funders", if now.is_empty() { Value::Null } else { Value::Array(now) });
    };
    let of = move |at: usize, name: &'static str| {
        let now = list();
        match now.get(at).and_then(|tag| tag.get(name)) {
            Some(Value::String(text)) => text.clone(),
            Some(Value::Number(number)) => number.to_string(),
            _ => String::new(),
        }
    };
    let row = move |at: usize| {
        let set = move |name: &'static str, value: Value| {
            update(&|list| {
                if let Some(tag) = list.get_mut(at).and_then(Value::as_object_mut) {
                    tag.insert(name.to_owned(), value.clone());
                }
            });
        };
        view! {
            <div class="row">
                <label class="field">
                    <span>{g::funder(lang)}</span>
                    <input maxlength=bounds::FUNDER_MAX_CHARS.to_string() prop:value=move || of(at, "funder")
                        on:input=move |event| set("funder", json!(event_target_value(&event))) />
                </label>
                <label class="field">
                    <span>{g::grant_year(lang)}</span>
                    <input class="number" inputmode="numeric" prop:value=move || of(at, "year")
                        on:input=move |event| set("year", json!(read_whole(event_target_value(&event)))) />
                </label>
                <button type="button" class="button quiet" on:click=move |_| update(&|list| { list.remove(at); })>{t::delete(lang)}<span class="visually-hidden">" "{move || of(at, "funder")}</span></button>
            </div>
        }
    };
    view! {
        <fieldset id="funders" tabindex="-1" aria-describedby=described("funders")>
            <legend>{g::funders(lang)}</legend>
            {move || (0..count.get()).map(row).collect_view()}
            <button type="button" class="button quiet"
                on:click=move |_| update(&|list| list.push(json!({"funder": "", "year": phone.clock.today.get_untracked().year()})))>{g::add_funder(lang)}</button>
        </fieldset>
    }
}
