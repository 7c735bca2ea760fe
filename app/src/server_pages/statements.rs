//! The privacy statement and the accessibility statement. They are links at the foot of every page, and need no sign-in.

use domain::{Date, Lang};
use leptos::prelude::*;

use super::document::{Document, Files};
use crate::{
    format::day,
    texts::{accessibility as a, common, own_data, privacy as p},
};

/// Who runs the service, as its operator has set it; empty where nothing is set.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Operator {
    pub name: String,
    /// An office's address or number, as one would write it in a sentence.
    pub contact: String,
}

/// The day on which the privacy statement was last changed.
pub const PRIVACY_UPDATED: Date = Date::constant(2026, 11, 27);
/// The day on which the accessibility statement was made.
pub const ACCESSIBILITY_PREPARED: Date = Date::constant(2026, 11, 27);
/// The day on which it was last compared with the service. The law asks for a review whenever the service changes much.
pub const ACCESSIBILITY_REVIEWED: Date = Date::constant(2026, 11, 27);

/// The supervisor's own address of its instructions, in each language that it has.
const SUPERVISOR_SITE: [(Lang, &str); 3] = [
    (Lang::Fi, "https://www.saavutettavuusvaatimukset.fi"),
    (Lang::Sv, "https://www.tillganglighetskrav.fi"),
    (Lang::En, "https://www.webaccessibility.fi"),
];
const SUPERVISOR_MAIL: &str = "saavutettavuus@traficom.fi";
const SUPERVISOR_PHONE: &str = "+358 29 534 5000";
const OMBUDSMAN_SITE: &str = "https://tietosuoja.fi";

/// `/tietosuoja`
#[component]
pub fn PrivacyPage(lang: Lang, files: Files, operator: Operator) -> impl IntoView {
    let title = format!("{} – {}", p::title(lang), common::product(lang));
    view! {
        <Document lang files title here="/tietosuoja".to_owned()>
            <h1>{p::title(lang)}</h1>
            <p class="lead">{p::lead(lang)}</p>
            {part(p::who_title(lang), [p::who_association(lang).to_owned(), run_by(lang, &operator), asked_at(lang, &operator)])}
            {part(p::participants_title(lang), [p::participants(lang), p::participants_texts(lang)])}
            {part(
                p::recorders_title(lang),
                [p::recorders(lang), p::recorders_basis(lang), p::recorders_mail(lang), p::recorders_reminded(lang)],
            )}
            <section>
                <h2>{p::seen_title(lang)}</h2>
                <ul>
                    <li>{p::seen_volunteer(lang)}</li>
                    <li>{p::seen_reviewer(lang)}</li>
                    <li>{p::seen_municipality(lang)}</li>
                    <li>{p::seen_operator(lang)}</li>
                    <li>{p::seen_nobody(lang)}</li>
                </ul>
            </section>
            {part(p::kept_title(lang), [p::kept_phone(lang), p::kept_server(lang)])}
            {part(p::cookies_title(lang), [p::cookies(lang)])}
            <section>
                <h2>{p::rights_title(lang)}</h2>
                <p>{p::rights(lang)}</p>
                <p><a href="/oma/tiedot">{own_data::from_statement(lang)}</a></p>
                <p>{p::rights_complaint(lang)}" "<a href=OMBUDSMAN_SITE>"tietosuoja.fi"</a></p>
            </section>
            <p class="small">{p::updated(lang, day(lang, PRIVACY_UPDATED))}</p>
        </Document>
    }
}

/// `/saavutettavuus`, in the form of the model statement (Commission Implementing Decision (EU) 2018/1523), which the Act on the
/// Provision of Digital Services (306/2019) asks of authorities.
#[component]
pub fn AccessibilityPage(lang: Lang, files: Files, operator: Operator) -> impl IntoView {
    let title = format!("{} – {}", a::title(lang), common::product(lang));
    let site = SUPERVISOR_SITE.iter().find(|(of, _)| *of == lang).map_or(SUPERVISOR_SITE[0].1, |(_, site)| *site);
    let phone = format!("tel:{}", SUPERVISOR_PHONE.replace(' ', ""));
    view! {
        <Document lang files title here="/saavutettavuus".to_owned()>
            <h1>{a::title(lang)}</h1>
            <p class="lead">{a::lead(lang)}</p>
            <p>{run_by(lang, &operator)}</p>
            {part(a::status_title(lang), [a::status(lang)])}
            <section>
                <h2>{a::gaps_title(lang)}</h2>
                <p>{a::gaps_lead(lang)}</p>
                <ul>
                    <li>{a::gap_large_text(lang)}</li>
                    <li>{a::gap_hint(lang)}</li>
                </ul>
                <p>{a::gaps_more(lang)}</p>
            </section>
            <section>
                <h2>{a::prepared_title(lang)}</h2>
                <p>{a::prepared(lang, day(lang, ACCESSIBILITY_PREPARED))}" "{a::prepared_how(lang)}</p>
                <p>{a::reviewed(lang, day(lang, ACCESSIBILITY_REVIEWED))}</p>
            </section>
            {part(a::feedback_title(lang), [a::feedback(lang).to_owned(), asked_at(lang, &operator)])}
            <section>
                <h2>{a::enforcement_title(lang)}</h2>
                <p>{a::enforcement(lang)}</p>
                <p>{a::supervisor(lang)}<br />{a::supervisor_unit(lang)}</p>
                <p>{a::supervisor_site(lang)}" "<a href=site>{site.trim_start_matches("https://")}</a></p>
                <p>{a::supervisor_mail(lang)}" "<a href=format!("mailto:{SUPERVISOR_MAIL}")>{SUPERVISOR_MAIL}</a></p>
                <p>{a::supervisor_phone(lang)}" "<a href=phone>{SUPERVISOR_PHONE}</a></p>
            </section>
        </Document>
    }
}

/// A heading and its paragraphs.
fn part<T: Into<String>, const N: usize>(title: &'static str, paragraphs: [T; N]) -> impl IntoView + use<T, N> {
    let paragraphs = paragraphs.map(|text| view! { <p>{text.into()}</p> });
    view! { <section><h2>{title}</h2>{paragraphs.into_iter().collect_view()}</section> }
}

fn run_by(lang: Lang, operator: &Operator) -> String {
    match operator.name.as_str() {
        "" => p::operator_unknown(lang).to_owned(),
        name => p::operator(lang, name),
    }
}

fn asked_at(lang: Lang, operator: &Operator) -> String {
    match operator.contact.as_str() {
        "" => p::contact_unknown(lang).to_owned(),
        contact => p::contact(lang, contact),
    }
}
