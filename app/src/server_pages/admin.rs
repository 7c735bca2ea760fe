//! The page for whoever operates the server: what is set, what is missing, and who comes in first. Plain forms, no script.

use domain::{
    Area, Lang,
    codes::{County, Municipality},
};
use leptos::prelude::*;

use super::document::{Document, Files};
use crate::texts::{admin as t, common};

/// How something is that was looked at.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LookedState {
    Ok,
    Missing,
    Note,
}

/// Something that was looked at, in the reader's language.
#[derive(Clone, Debug)]
pub struct Looked {
    pub state: LookedState,
    pub said: String,
    pub to_do: Option<String>,
}

/// An invitation that nobody has accepted yet.
#[derive(Clone, Debug)]
pub struct Offered {
    pub id: String,
    pub what: String,
    /// Date and time.
    pub until: String,
}

/// A new invitation, shown once.
#[derive(Clone, Debug)]
pub struct Invited {
    pub what: String,
    pub url: String,
    pub code: String,
    pub until: String,
    /// Modules along a side, and the dark ones as an SVG path of one unit a module.
    pub qr: Option<(u32, String)>,
}

#[component]
pub fn AdminPage(
    lang: Lang,
    files: Files,
    /// Name and value of each setting; none where it is not set.
    settings: Vec<(&'static str, Option<String>)>,
    looked: Vec<Looked>,
    /// Name, and what for.
    officials: Vec<(String, String)>,
    offered: Vec<Offered>,
    invited: Option<Invited>,
    /// The form was sent without an area.
    area_missing: bool,
) -> impl IntoView {
    let is_new = invited.is_some();
    view! {
        <Document lang files title=t::title(lang).to_owned() here="/yllapito".to_owned()>
            <h1>{t::title(lang)}</h1>
            {invited.map(|invited| view! { <NewInvitation lang invited /> })}
            {(!is_new).then(|| view! {
                <p class="lead">{t::lead(lang)}</p>
                <InviteForm lang area_missing />
            })}
            <OfferedTable lang offered />
            <OfficialsTable lang officials />
            <LookedList lang looked />
            <section aria-labelledby="settings">
                <h2 id="settings">{t::settings_title(lang)}</h2>
                <dl class="list">
                    {settings.into_iter().map(|(name, value)| view! {
                        <div><dt><strong>{name}</strong></dt><dd>{value.unwrap_or_else(|| t::not_set(lang).to_owned())}</dd></div>
                    }).collect_view()}
                </dl>
            </section>
            <footer>
                <form method="post" action="/kirjaudu/ulos"><button class="button quiet">{common::sign_out(lang)}</button></form>
            </footer>
        </Document>
    }
}

#[component]
fn NewInvitation(lang: Lang, invited: Invited) -> impl IntoView {
    let Invited { what, url, code, until, qr } = invited;
    view! {
        <section aria-labelledby="made">
            <h2 id="made">{t::made_title(lang)}</h2>
            <p class="lead">{what}</p>
            <p class="notice ask">{t::made_help(lang)}</p>
            {qr.map(|(size, path)| view! {
                // The margin of four light modules is part of the code.
                <svg viewBox=format!("-4 -4 {0} {0}", size + 8) width="240" height="240" role="img" aria-label=t::made_qr(lang)>
                    <rect x="-4" y="-4" width=size + 8 height=size + 8 fill="#fff" />
                    <path d=path fill="#000" />
                </svg>
            })}
            <dl class="list">
                <div><dt><strong>{t::made_link(lang)}</strong></dt><dd>{url}</dd></div>
                <div><dt><strong>{t::made_code(lang)}</strong></dt><dd>{code}</dd></div>
                <div><dt><strong>{t::until_column(lang)}</strong></dt><dd>{until}</dd></div>
            </dl>
            <p><a class="button" href="/yllapito">{t::made_done(lang)}</a></p>
        </section>
    }
}

#[component]
fn InviteForm(lang: Lang, area_missing: bool) -> impl IntoView {
    let option = |area: Area, name: &'static str| {
        view! { <option value=format!("{}:{}", area.kind(), area.code())>{name}</option> }
    };
    let mut municipalities: Vec<_> = Municipality::all().collect();
    municipalities.sort_by_key(|one| one.name(lang));
    let municipalities = municipalities.into_iter().map(|one| option(Area::Municipality(one), one.name(lang)));
    let counties = County::all().map(|one| option(Area::County(one), one.name(lang)));
    let invalid = area_missing.then_some("true");
    view! {
        <section aria-labelledby="invite">
            <h2 id="invite">{t::invite_title(lang)}</h2>
            <p>{t::invite_help(lang)}</p>
            <form class="field" method="post" action="/yllapito/kutsu">
                <label for="area">{t::area(lang)}</label>
                {area_missing.then(|| view! { <p class="error" id="area-error" role="alert">{t::area_missing(lang)}</p> })}
                <select id="area" name="area" aria-invalid=invalid aria-describedby=area_missing.then_some("area-error")>
                    <option value="">{t::area_choose(lang)}</option>
                    <optgroup label=t::municipalities(lang)>{municipalities.collect_view()}</optgroup>
                    <optgroup label=t::counties(lang)>{counties.collect_view()}</optgroup>
                    {option(Area::Nation, Area::Nation.name(lang))}
                </select>
                <button class="button">{t::invite_coordinator(lang)}</button>
            </form>
            <form method="post" action="/yllapito/kutsu">
                <button class="button quiet" name="operator" value="1">{t::invite_operator(lang)}</button>
            </form>
        </section>
    }
}

#[component]
fn OfferedTable(lang: Lang, offered: Vec<Offered>) -> impl IntoView {
    let rows = offered.iter().map(|one| {
        view! {
            <tr>
                <th scope="row">{one.what.clone()}</th>
                <td>{one.until.clone()}</td>
                <td>
                    <form method="post" action="/yllapito/peru">
                        <button class="button quiet" name="id" value=one.id.clone()>
                            {t::revoke(lang)}<span class="visually-hidden">{format!(": {}, {}", one.what, one.until)}</span>
                        </button>
                    </form>
                </td>
            </tr>
        }
    });
    view! {
        <section>
            <h2 id="offered">{t::invitations_title(lang)}</h2>
            {if offered.is_empty() {
                view! { <p>{t::invitations_none(lang)}</p> }.into_any()
            } else {
                view! {
                    <div class="scroll" tabindex="0" role="region" aria-labelledby="offered">
                        <table>
                            <thead><tr>
                                <th scope="col">{t::what_column(lang)}</th>
                                <th scope="col">{t::until_column(lang)}</th>
                                <th scope="col"><span class="visually-hidden">{t::revoke_column(lang)}</span></th>
                            </tr></thead>
                            <tbody>{rows.collect_view()}</tbody>
                        </table>
                    </div>
                }
                .into_any()
            }}
        </section>
    }
}

#[component]
fn OfficialsTable(lang: Lang, officials: Vec<(String, String)>) -> impl IntoView {
    if officials.is_empty() {
        return view! { <section><h2>{t::officials_title(lang)}</h2><p>{t::officials_none(lang)}</p></section> }
            .into_any();
    }
    let rows = officials.into_iter().map(|(name, what)| view! { <tr><th scope="row">{name}</th><td>{what}</td></tr> });
    view! {
        <section>
            <h2 id="officials">{t::officials_title(lang)}</h2>
            <div class="scroll" tabindex="0" role="region" aria-labelledby="officials">
                <table>
                    <thead><tr><th scope="col">{t::name_column(lang)}</th><th scope="col">{t::what_column(lang)}</th></tr></thead>
                    <tbody>{rows.collect_view()}</tbody>
                </table>
            </div>
        </section>
    }
    .into_any()
}

/// What is missing first.
#[component]
fn LookedList(lang: Lang, looked: Vec<Looked>) -> impl IntoView {
    let mut looked = looked;
    looked.sort_by_key(|one| match one.state {
        LookedState::Missing => 0,
        LookedState::Note => 1,
        LookedState::Ok => 2,
    });
    let items = looked.into_iter().map(|one| {
        let (class, state) = match one.state {
            LookedState::Ok => ("badge received", t::state_ok(lang)),
            LookedState::Missing => ("badge refused", t::state_missing(lang)),
            LookedState::Note => ("badge waiting", t::state_note(lang)),
        };
        view! {
            <li>
                <span class=class>{state}</span>
                <span>{one.said}</span>
                {one.to_do.map(|to_do| view! { <span class="small">{to_do}</span> })}
            </li>
        }
    });
    view! {
        <section aria-labelledby="check">
            <h2 id="check">{t::check_title(lang)}</h2>
            <p>{t::check_help(lang, "hytevihko check")}</p>
            <ul class="list">{items.collect_view()}</ul>
        </section>
    }
}
