//! How an association comes in: four short steps and a summary, and what becomes of a request.
//!
//! Plain forms, one step on each page. The server keeps what was typed, right or wrong, and says beside the field and at the top of the
//! page what has to be mended.

use domain::{
    Date, FieldError, Lang, bounds,
    codes::Municipality,
    joining::{Draft, EXAMPLES, Step},
};
use leptos::prelude::*;

use super::document::{Document, Files};
use crate::{
    format::day,
    texts::{bringing as t, common},
};

/// Whether somebody was invited or asks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Way {
    Invited,
    Asking,
}

impl Way {
    /// The address of the steps, and of their form.
    pub const fn path(self) -> &'static str {
        match self {
            Way::Invited => "/yhdistys/mukaan",
            Way::Asking => "/yhdistys/pyynto",
        }
    }
}

/// A step as it is shown.
#[derive(Clone, Debug)]
pub struct StepView {
    pub way: Way,
    pub step: Step,
    pub draft: Draft,
    /// What has to be mended, where the step was sent.
    pub problems: Vec<FieldError>,
    /// The home municipality has nobody who could answer a request.
    pub nobody_to_ask: bool,
    /// Of the summary: another association may be the same.
    pub similar: bool,
    /// Of the summary: too many requests wait.
    pub too_many: bool,
    /// One came from the summary, and goes back there.
    pub is_change: bool,
}

/// One step, or the summary.
#[component]
pub fn JoiningPage(lang: Lang, files: Files, view: StepView) -> impl IntoView {
    let StepView { way, step, draft, problems, nobody_to_ask, similar, too_many, is_change } = view;
    let heading = title(lang, step);
    let is_summary = step == Step::Summary;
    let lead = match way {
        Way::Invited => t::lead_invited(lang),
        Way::Asking => t::lead_asking(lang),
    };
    let back = step.before().filter(|_| !is_change).unwrap_or(Step::Summary);
    let send = match (is_summary, way) {
        (false, _) => t::next(lang),
        (true, Way::Invited) => t::finish(lang),
        (true, Way::Asking) => t::send(lang),
    };
    let shown_problems = problems.clone();
    let fields = match step {
        Step::Name => name_step(lang, &draft, &problems, nobody_to_ask).into_any(),
        Step::BusinessId => business_step(lang, &draft, &problems).into_any(),
        Step::Contact => contact_step(lang, &draft, &problems).into_any(),
        Step::Groups => groups_step(lang, &draft).into_any(),
        Step::Summary => view! {
            {summary(lang, way, &draft)}
            {similar.then(|| view! { <p class="notice ask">{t::similar(lang)}</p> })}
            {too_many.then(|| view! { <p class="notice ask" role="alert">{t::too_many(lang)}</p> })}
            {(way == Way::Invited).then(|| own_device(lang, &problems))}
        }
        .into_any(),
    };
    let title = format!("{heading} – {}", t::title(lang));
    view! {
        <Document lang files title here=format!("{}?vaihe={}", way.path(), step.name())>
            {(!is_summary).then(|| view! { <p class="small">{t::title(lang)} " · " {t::step_of(lang, step.number())}</p> })}
            <h1>{heading}</h1>
            {(step == Step::Name).then(|| view! { <p class="lead">{lead}</p> })}
            {(step == Step::Groups).then(|| view! { <p>{t::groups_lead(lang)}</p> })}
            {errors(lang, &shown_problems, nobody_to_ask)}
            <form class="edit-form" method="post" action=way.path()>
                <input type="hidden" name="vaihe" value=step.name() />
                {is_change.then(|| view! { <input type="hidden" name="muutos" value="1" /> })}
                {fields}
                <div class="row">
                    <button class="button big">{send}</button>
                    {(step != Step::Name || is_change).then(|| view! {
                        <a class="button quiet" href=format!("{}?vaihe={}", way.path(), back.name())>{t::back(lang)}</a>
                    })}
                </div>
            </form>
        </Document>
    }
}

fn title(lang: Lang, step: Step) -> &'static str {
    match step {
        Step::Name => t::name_title(lang),
        Step::BusinessId => t::business_title(lang),
        Step::Contact => t::contact_title(lang),
        Step::Groups => t::groups_title(lang),
        Step::Summary => t::summary_title(lang),
    }
}

/// All that has to be mended, each a way to its field.
fn errors(lang: Lang, problems: &[FieldError], nobody_to_ask: bool) -> impl IntoView + use<> {
    let mut lines: Vec<(&str, String)> = problems.iter().map(|error| (error.field, t::problem(lang, *error))).collect();
    if nobody_to_ask {
        lines.push(("home", t::nobody_to_ask(lang).to_owned()));
    }
    let lines = lines.into_iter().map(|(field, text)| view! { <li><a href=format!("#{field}")>{text}</a></li> });
    let lines = lines.collect_view();
    (!lines.is_empty()).then(|| {
        view! {
            <div class="notice ask" role="alert">
                <h2>{t::errors_title(lang)}</h2>
                <ul>{lines}</ul>
            </div>
        }
    })
}

/// What is wrong with a field, beside it.
fn error_of(lang: Lang, field: &'static str, problems: &[FieldError]) -> Option<AnyView> {
    let error = problems.iter().find(|error| error.field == field)?;
    let text = t::problem(lang, *error);
    Some(view! { <p class="error" id=format!("{field}-error")>{text}</p> }.into_any())
}

/// A text field.
struct TextField<'a> {
    id: &'static str,
    label: &'static str,
    hint: &'static str,
    value: &'a str,
    chars_max: usize,
    autocomplete: &'static str,
}

fn text_field(lang: Lang, field: TextField<'_>, problems: &[FieldError]) -> impl IntoView + use<> {
    let TextField { id, label, hint, value, chars_max, autocomplete } = field;
    let error = error_of(lang, id, problems);
    let described = if error.is_some() { format!("{id}-hint {id}-error") } else { format!("{id}-hint") };
    let invalid = error.is_some().then_some("true");
    view! {
        <div class="field">
            <label for=id>{label}</label>
            <p class="hint" id=format!("{id}-hint")>{hint}</p>
            {error}
            // Longer than allowed, so that what was pasted is not cut without a word.
            <input
                type="text"
                id=id
                name=id
                value=value.to_owned()
                maxlength=chars_max * 2
                autocomplete=autocomplete
                aria-describedby=described
                aria-invalid=invalid
            />
        </div>
    }
}

fn name_step(lang: Lang, draft: &Draft, problems: &[FieldError], nobody_to_ask: bool) -> impl IntoView + use<> {
    let name = TextField {
        id: "name",
        label: t::name(lang),
        hint: t::name_hint(lang),
        value: &draft.name,
        chars_max: bounds::ASSOCIATION_NAME_MAX_CHARS,
        autocomplete: "organization",
    };
    let error = error_of(lang, "home", problems).or_else(|| {
        nobody_to_ask.then(|| view! { <p class="error" id="home-error">{t::nobody_to_ask(lang)}</p> }.into_any())
    });
    let (described, invalid) = (error.is_some().then_some("home-error"), error.is_some().then_some("true"));
    let chosen = draft.home();
    let mut all: Vec<Municipality> = Municipality::all().collect();
    all.sort_by_key(|one| alphabetical(one.name(lang)));
    let options = all
        .into_iter()
        .map(|one| view! { <option value=one.code() selected=chosen == Some(one)>{one.name(lang)}</option> })
        .collect_view();
    view! {
        {text_field(lang, name, problems)}
        <div class="field">
            <label for="home">{t::home(lang)}</label>
            {error}
            <select id="home" name="home" aria-describedby=described aria-invalid=invalid>
                <option value="">{t::home_choose(lang)}</option>
                {options}
            </select>
        </div>
    }
}

/// The Finnish alphabet ends in å, ä and ö, and Unicode has another order.
fn alphabetical(name: &str) -> String {
    let key = |c: char| match c {
        'å' => "~1".to_owned(),
        'ä' => "~2".to_owned(),
        'ö' => "~3".to_owned(),
        c => c.to_string(),
    };
    name.to_lowercase().chars().map(key).collect()
}

fn business_step(lang: Lang, draft: &Draft, problems: &[FieldError]) -> impl IntoView + use<> {
    let id = TextField {
        id: "business_id",
        label: t::business_id(lang),
        hint: t::business_id_hint(lang),
        value: &draft.business_id,
        chars_max: bounds::ASSOCIATION_NAME_MAX_CHARS,
        autocomplete: "off",
    };
    view! {
        {text_field(lang, id, problems)}
        <label class="check">
            <input type="checkbox" name="no_business_id" value="1" checked=draft.has_no_business_id />
            {t::no_business_id(lang)}
        </label>
    }
}

fn contact_step(lang: Lang, draft: &Draft, problems: &[FieldError]) -> impl IntoView + use<> {
    let contact = TextField {
        id: "contact",
        label: t::contact(lang),
        hint: t::contact_hint(lang),
        value: &draft.contact,
        chars_max: bounds::ASSOCIATION_NAME_MAX_CHARS,
        autocomplete: "off",
    };
    let nickname = TextField {
        id: "nickname",
        label: t::nickname(lang),
        hint: t::nickname_hint(lang),
        value: &draft.nickname,
        chars_max: bounds::NICKNAME_MAX_CHARS,
        autocomplete: "off",
    };
    view! {
        {text_field(lang, contact, problems)}
        {text_field(lang, nickname, problems)}
    }
}

fn groups_step(lang: Lang, draft: &Draft) -> impl IntoView + use<> {
    let choices = EXAMPLES
        .map(|example| {
            let is_chosen = draft.groups.iter().any(|(code, _)| code == example.code);
            view! {
                <label class="check">
                    <input type="checkbox" name="group" value=example.code checked=is_chosen />
                    {t::example(lang, example)}
                </label>
            }
        })
        .into_iter()
        .collect_view();
    view! { <fieldset><legend>{t::groups(lang)}</legend>{choices}</fieldset> }
}

fn summary(lang: Lang, way: Way, draft: &Draft) -> impl IntoView + use<> {
    let groups: Vec<&str> = draft.groups.iter().map(|(_, name)| name.as_str()).collect();
    let business_id = match draft.association() {
        Ok(association) => association.business_id.unwrap_or_else(|| t::no_id(lang).to_owned()),
        Err(_) => draft.business_id.clone(),
    };
    let lines = [
        (Step::Name, t::name(lang), draft.name.clone()),
        (Step::Name, t::home(lang), draft.home().map(|home| home.name(lang)).unwrap_or_default().to_owned()),
        (Step::BusinessId, t::business_id(lang), business_id),
        (Step::Contact, t::contact(lang), draft.contact.clone()),
        (Step::Contact, t::nickname(lang), draft.nickname.clone()),
        (
            Step::Groups,
            t::groups(lang),
            if groups.is_empty() { t::no_groups(lang).to_owned() } else { groups.join(", ") },
        ),
    ];
    let lines = lines
        .into_iter()
        .map(|(step, name, value)| {
            let change = format!("{}?vaihe={}&muutos=1", way.path(), step.name());
            view! {
                <li>
                    <strong>{name}</strong>
                    <span>{value}</span>
                    <a href=change>{t::change(lang, name.trim_end_matches('?'))}</a>
                </li>
            }
        })
        .collect_view();
    view! { <ul class="list">{lines}</ul> }
}

/// Who uses this device: it says for how long one stays signed in.
fn own_device(lang: Lang, problems: &[FieldError]) -> impl IntoView + use<> {
    let error = error_of(lang, "own_device", problems);
    let described = error.is_some().then_some("own_device-error");
    view! {
        <fieldset id="own_device" aria-describedby=described>
            <legend>{t::own_device(lang)}</legend>
            {error}
            <label class="check"><input type="radio" name="own_device" value="1" />{t::own_device_yes(lang)}</label>
            <label class="check"><input type="radio" name="own_device" value="0" />{t::own_device_no(lang)}</label>
        </fieldset>
    }
}

/// What has become of a request.
#[derive(Clone, Debug)]
pub enum Asked {
    Waiting {
        home: Municipality,
        until: Date,
    },
    Refused,
    Expired,
    /// The question who uses the device was sent without an answer.
    Accepted {
        is_unanswered: bool,
    },
}

/// The page of whoever has asked.
#[component]
pub fn AskedPage(lang: Lang, files: Files, name: String, asked: Asked) -> impl IntoView {
    let again = move |text: &'static str| {
        view! {
            <form method="post" action="/yhdistys/pyynto/peru"><button class="button quiet">{text}</button></form>
        }
    };
    let (heading, body) = match asked {
        Asked::Waiting { home, until } => (
            t::waiting_title(lang),
            view! {
                <p class="lead">{t::waiting_lead(lang, name, home.name(lang))}</p>
                <p>{t::waiting_until(lang, day(lang, until))}</p>
                {again(t::take_back(lang))}
            }
            .into_any(),
        ),
        Asked::Refused => (
            t::refused_title(lang),
            view! { <p class="lead">{t::refused_lead(lang)}</p> {again(t::ask_again(lang))} }.into_any(),
        ),
        Asked::Expired => (
            t::expired_title(lang),
            view! { <p class="lead">{t::expired_lead(lang)}</p> {again(t::ask_again(lang))} }.into_any(),
        ),
        Asked::Accepted { is_unanswered } => {
            let unanswered = FieldError { field: "own_device", problem: domain::Problem::Missing };
            let problems: &[FieldError] = if is_unanswered { &[unanswered] } else { &[] };
            (
                t::accepted_title(lang),
                view! {
                    <p class="lead">{t::accepted_lead(lang, name)}</p>
                    {errors(lang, problems, false)}
                    <form class="edit-form" method="post" action="/yhdistys/pyynto/jatka">
                        {own_device(lang, problems)}
                        <div class="row"><button class="button big">{t::next(lang)}</button></div>
                    </form>
                }
                .into_any(),
            )
        }
    };
    view! {
        <Document lang files title=format!("{heading} – {}", t::title(lang)) here=Way::Asking.path().to_owned()>
            <h1>{heading}</h1>
            {body}
        </Document>
    }
}

/// The association is in: what to do next.
#[component]
pub fn JoinedPage(lang: Lang, files: Files, name: String) -> impl IntoView {
    let ways = [
        ("/app/yhdistys/ihmiset", t::done_invite(lang), t::done_invite_hint(lang)),
        ("/oma", t::done_key(lang), t::done_key_hint(lang)),
    ];
    let ways = ways
        .map(|(href, name, hint)| {
            view! { <a class="card" href=href rel="external"><strong>{name}</strong><span>{hint}</span></a> }
        })
        .into_iter()
        .collect_view();
    view! {
        <Document lang files title=format!("{} – {}", t::done_title(lang), t::title(lang)) here="/yhdistys/valmis".to_owned()>
            <h1>{t::done_title(lang)}</h1>
            <p class="lead">{t::done_lead(lang, name)}</p>
            <div class="front-ways">{ways}</div>
            <p><a class="button quiet" href="/app/yhdistys" rel="external">{crate::texts::pages::open_app(lang)}</a></p>
            <form method="post" action="/kirjaudu/ulos"><button class="button quiet">{common::sign_out(lang)}</button></form>
        </Document>
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn municipalities_stand_in_the_order_of_the_finnish_alphabet() {
        let mut names = ["Äänekoski", "Ähtäri", "Akaa", "Åland", "Ypäjä", "Alajärvi"];
        names.sort_by_key(|name| alphabetical(name));
        assert_eq!(names, ["Akaa", "Alajärvi", "Ypäjä", "Åland", "Ähtäri", "Äänekoski"]);
    }

    #[test]
    fn every_example_has_a_name_of_its_own_in_every_language() {
        for lang in [Lang::Fi, Lang::Sv, Lang::En] {
            let mut names: Vec<_> = EXAMPLES.into_iter().map(|example| t::example(lang, example)).collect();
            names.sort_unstable();
            names.dedup();
            assert_eq!(names.len(), EXAMPLES.len());
            assert!(names.iter().all(|name| name.chars().count() <= bounds::SERIES_NAME_MAX_CHARS));
        }
    }
}
