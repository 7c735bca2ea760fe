//! `/app/yhdistys/sivu`: the page that everybody may read of the association. What it says is written on the left and seen on the right;
//! each field is saved by itself, without a network too.

mod text_box;

use domain::{
    Content, Kind, Lang, RecordId, Series, bounds,
    own_page::{self, Contact, OwnPage, PARTS, Showing, about_field, languages},
    public_page::preview,
};
use leptos::prelude::*;
use serde_json::Value;
use text_box::TextBox;

use super::own::{self, Change};
use crate::{
    format::day,
    phone::base::{
        address::Link,
        phone::{Phone, phone},
        widgets::Show,
    },
    public_page::{body, own_words, part_name},
    texts::own_page as t,
};

fn own_content(phone: Phone) -> Option<Content> {
    own::shown(phone).map(|own| own.content)
}

fn own_page(phone: Phone) -> Memo<OwnPage> {
    Memo::new(move |_| own_content(phone).and_then(|content| OwnPage::parse(&content).ok()).unwrap_or_default())
}

#[component]
pub fn OwnPagePage() -> impl IntoView {
    let phone = phone();
    let lang = phone.lang.get_untracked();
    let is_known = Memo::new(move |_| own_content(phone).is_some());
    view! {
        <h1 tabindex="-1">{t::title(lang)}</h1>
        <p class="lead">{t::help(lang)}</p>
        // Drawn anew for another association: what is typed about one is not written to the page of another.
        {move || {
            phone.identity.association.track();
            view! {
                // The association's record may be on its way.
                <Show when=is_known>
                    <div class="own-page">
                        <div class="own-page-form">
                            <Publish />
                            <About />
                            <ContactCard />
                            <Groups />
                        </div>
                        <Preview />
                    </div>
                </Show>
            }
        }}
    }
}

fn save(phone: Phone, (field, value): (&'static str, Value), said: String) {
    own::save(phone, field, value, said);
}

/// Whether everybody may read the page, and where it is.
#[component]
fn Publish() -> impl IntoView {
    let phone = phone();
    let lang = phone.lang.get_untracked();
    let page = own_page(phone);
    let is_public = Memo::new(move |_| page.with(|page| page.is_public));
    let publish = move |event| {
        let yes = event_target_checked(&event);
        let said = if yes { t::was_published(lang) } else { t::was_withdrawn(lang) };
        save(phone, own_page::public_edit(yes), said.to_owned());
    };
    let address = move || {
        let association = phone.identity.association.get().filter(|_| is_public.get())?;
        Some(format!("/yhdistykset/{association}"))
    };
    view! {
        <section class="card">
            <label class="check">
                <input type="checkbox" prop:checked=move || is_public.get() on:change=publish />
                <span>{t::publish(lang)}</span>
            </label>
            {move || address().map(|href| view! { <p><a href=href rel="external">{t::open_page(lang)}</a></p> })}
        </section>
    }
}

/// The three parts, each with its texts side by side.
#[component]
fn About() -> impl IntoView {
    let phone = phone();
    let lang = phone.lang.get_untracked();
    let page = own_page(phone);
    let part = move |part| {
        let of_language = move |of: Lang| {
            let value = Memo::new(move |_| page.with(|page| page.about(part, of).unwrap_or_default().to_owned()));
            let field = about_field(part, of);
            let what = format!("{}, {}", part_name(lang, part), of.own_name());
            let write = move |text: String| {
                let value = if text.is_empty() { Value::Null } else { text.into() };
                Some((own::change(phone, field, value)?, t::text_saved(lang, &what)))
            };
            view! {
                <TextBox
                    field
                    label=of.own_name()
                    of
                    value
                    max=bounds::ABOUT_MAX_CHARS
                    wrong=own_page::wrong_about
                    write=Callback::new(write)
                />
            }
        };
        view! {
            <fieldset>
                <legend>{part_name(lang, part)}</legend>
                <div class="own-page-languages">{languages().map(of_language).collect_view()}</div>
            </fieldset>
        }
    };
    view! {
        <section class="card">
            <h2>{t::about(lang)}</h2>
            <p class="hint">{t::about_help(lang, bounds::ABOUT_MAX_CHARS)}</p>
            {PARTS.map(part).into_iter().collect_view()}
        </section>
    }
}

fn write_contact(phone: Phone, text: &str, said: &'static str) {
    save(phone, own_page::contact_edit(text, phone.clock.today.get_untracked()), said.to_owned());
}

/// Whom everybody may ask: written, taken from the volunteers' contact, or said to be right.
#[component]
fn ContactCard() -> impl IntoView {
    let phone = phone();
    let lang = phone.lang.get_untracked();
    let page = own_page(phone);
    let contact = Memo::new(move |_| page.with(|page| page.contact.clone()));
    let value = Memo::new(move |_| contact.get().map(|contact| contact.text).unwrap_or_default());
    // A contact that is written anew is right today.
    let write = move |text: String| {
        let (field, value) = own_page::contact_edit(&text, phone.clock.today.get_untracked());
        Some((own::change(phone, field, value)?, t::contact_saved(lang).to_owned()))
    };
    let of_volunteers = move || phone.records.own_association().and_then(|own| own.contact);
    let same = move || {
        let text = of_volunteers().filter(|_| contact.get().is_none())?;
        let label = t::same_contact(lang, &text);
        let take = move |_| write_contact(phone, &text, t::contact_saved(lang));
        Some(view! { <p><button type="button" class="button quiet" on:click=take>{label}</button></p> })
    };
    view! {
        <section class="card">
            <h2>{t::contact(lang)}</h2>
            <TextBox
                field="public_contact"
                label=t::contact_label(lang)
                hint=t::contact_hint(lang)
                value
                max=bounds::ASSOCIATION_NAME_MAX_CHARS
                wrong=own_page::wrong_contact
                write=Callback::new(write)
            />
            {same}
            {move || contact.get().map(|contact| view! {
                <p class="small">{t::confirmed(lang, day(lang, contact.confirmed))}</p>
                <Confirm contact />
            })}
        </section>
    }
}

/// One press: the contact is still right.
#[component]
fn Confirm(contact: Contact) -> impl IntoView {
    let phone = phone();
    let lang = phone.lang.get_untracked();
    let is_of_today = {
        let confirmed = contact.confirmed;
        move || phone.clock.today.get() == confirmed
    };
    let confirm = move |_| write_contact(phone, &contact.text, t::was_confirmed(lang));
    view! { <p><button type="button" class="button" disabled=is_of_today on:click=confirm>{t::confirm(lang)}</button></p> }
}

/// Twice a year, on top of the association's room: is the public contact still right? Only where everybody may read it.
#[component]
pub fn ContactDue() -> AnyView {
    let phone = phone();
    let lang = phone.lang.get_untracked();
    let page = own_page(phone);
    let due = Memo::new(move |_| {
        let today = phone.clock.today.get();
        page.with(|page| page.contact.clone().filter(|contact| page.is_public && contact.is_due(today)))
    });
    (move || {
        due.get().map(|contact| {
            view! {
                <div class="notice">
                    <p>{t::confirm_asked(lang, &contact.text)}</p>
                    <Confirm contact />
                    <p><Link href="/app/yhdistys/sivu" class="button quiet">{t::title(lang)}</Link></p>
                </div>
            }
        })
    })
    .into_any()
}

/// A group, as far as the page asks.
#[derive(Clone, PartialEq)]
struct GroupLine {
    name: String,
    is_sensitive: bool,
    showing: Showing,
}

/// The groups that go on, with what has been said of showing them.
fn group_lines(phone: Phone) -> Vec<(RecordId, GroupLine)> {
    let all = phone.records.shown(Kind::Series);
    let showing = |id| Showing::parse(&all.iter().find(|shown| shown.id == id)?.content).ok();
    let line = |(id, series): (RecordId, Series)| {
        let showing = showing(id)?;
        Some((id, GroupLine { is_sensitive: series.is_sensitive(), name: series.name, showing }))
    };
    phone.records.series_in_use().into_iter().filter_map(line).collect()
}

#[component]
fn Groups() -> impl IntoView {
    let phone = phone();
    let lang = phone.lang.get_untracked();
    let lines = Memo::new(move |_| group_lines(phone));
    view! {
        <section class="card">
            <h2>{t::groups(lang)}</h2>
            <p class="hint">{t::groups_help(lang)}</p>
            <For each=move || lines.get() key=|(id, line)| (*id, line.name.clone(), line.is_sensitive) let:item>
                <GroupChoice id=item.0 first=item.1 lines />
            </For>
        </section>
    }
}

/// A tick for an ordinary group, and a second one for a sensitive group.
#[component]
fn GroupChoice(id: RecordId, first: GroupLine, lines: Memo<Vec<(RecordId, GroupLine)>>) -> impl IntoView {
    let phone = phone();
    let lang = phone.lang.get_untracked();
    let GroupLine { name, is_sensitive, .. } = first;
    let showing = Memo::new(move |_| {
        let of =
            |lines: &Vec<(RecordId, GroupLine)>| lines.iter().find(|(of, _)| *of == id).map(|(_, line)| line.showing);
        lines.with(of).unwrap_or_default()
    });
    let (label, second) = (name.clone(), t::sensitive_too(lang, &name));
    let choose = Callback::new(move |new: Showing| {
        let said = if new.of(is_sensitive) { t::group_shown(lang, &name) } else { t::group_hidden(lang, &name) };
        let change = Change { id, kind: Kind::Series, fields: new.edited(Content::new()) };
        phone.run(own::save_change(phone, change, said));
    });
    // Whoever takes the first yes back has taken back the second one, too: it is asked again.
    let tick = move |event| {
        let shown = event_target_checked(&event);
        choose.run(Showing { shown, shown_sensitive: shown && showing.get_untracked().shown_sensitive });
    };
    let tick_second = move |event| {
        choose.run(Showing { shown_sensitive: event_target_checked(&event), ..showing.get_untracked() });
    };
    let help = format!("sensitive-{id}");
    let asks_twice = Memo::new(move |_| is_sensitive && showing.get().shown);
    view! {
        <label class="check">
            <input type="checkbox" prop:checked=move || showing.get().shown on:change=tick />
            <span>{label}</span>
        </label>
        <Show when=asks_twice>
            <div class="own-page-second">
                <label class="check">
                    <input type="checkbox" aria-describedby=help.clone()
                        prop:checked=move || showing.get().shown_sensitive on:change=tick_second />
                    <span>{second.clone()}</span>
                </label>
                <p class="hint" id=help.clone()>{t::sensitive_help(lang)}</p>
            </div>
        </Show>
    }
}

/// The page as others see it.
#[component]
fn Preview() -> impl IntoView {
    let phone = phone();
    let lang = phone.lang.get_untracked();
    let page = Memo::new(move |_| {
        let own = own_content(phone)?;
        let series: Vec<Content> = phone.records.shown(Kind::Series).into_iter().map(|shown| shown.content).collect();
        preview(&own, &series, phone.clock.today.get())
    });
    let heading = |text: &'static str| view! { <h3>{text}</h3> }.into_any();
    view! {
        <section class="own-page-preview">
            <h2>{t::preview(lang)}</h2>
            <p class="hint">{t::preview_help(lang)}</p>
            {move || page.get().map(|page| view! {
                <div class="card">
                    <p><strong>{page.name.clone()}</strong></p>
                    {body(lang, &page, heading)}
                </div>
            })}
        </section>
    }
}

/// The association's own description, which stands beside the figures that a region's description asks for.
#[component]
pub fn OwnWords() -> AnyView {
    let phone = phone();
    let lang = phone.lang.get_untracked();
    let page = own_page(phone);
    (move || {
        let texts = page.with(|page| {
            let of = |part| page.about_for(part, lang).map(|(of, text)| own_words(lang, part, of, text));
            PARTS.into_iter().filter_map(of).collect::<Vec<_>>()
        });
        view! {
            <section>
                <h2>{t::own_words(lang)}</h2>
                {texts}
                <p><Link href="/app/yhdistys/sivu" class="button quiet">{t::title(lang)}</Link></p>
            </section>
        }
    })
    .into_any()
}
