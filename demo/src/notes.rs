//! Short notes and reviewers' comments, as associations write them: no names and nothing about anybody's health.

use domain::Date;

use super::{profile::Activity, random::Random};

const INDOORS: &[&str] = &[
    "Laulettiin yhdessä ja juotiin pullakahvit.",
    "Kahvinkeitin reistaili, lainattiin naapurista.",
    "Suunniteltiin kevään ohjelmaa.",
    "Sovittiin, että ensi kerralla on arpajaiset.",
    "Tuolit loppuivat kesken, ensi kerralla isompi sali.",
    "Uusi ohjelmavihko otettiin käyttöön.",
    "Vierailija kertoi paikkakunnan historiasta.",
];
const OUTDOORS: &[&str] = &[
    "Kierrettiin pidempi lenkki ja keitettiin nokipannukahvit.",
    "Polku oli märkä, kierrettiin hiekkatietä.",
    "Heijastimet jaettiin kaikille.",
    "Hyvä sää, mukana uusia kulkijoita.",
];
const OCCASION: &[&str] = &[
    "Kyydit järjestyivät kimppakyydeillä.",
    "Arpajaisten tuotto käytetään kevään retkeen.",
    "Väkeä enemmän kuin osattiin odottaa.",
    "Järjestelyt sujuivat, kahvia meni kaksi pannullista yli arvion.",
];
const PEER: &[&str] = &["Sovittiin seuraavan kerran aiheesta.", "Rauhallinen ilta, tila oli hyvä."];
const SWEDISH: &[&str] = &[
    "Vi sjöng tillsammans och drack kaffe.",
    "Nya idéer till vårens program.",
    "Kaffebrödet tog slut, vi bakar mer nästa gång.",
    "Stolarna räckte precis.",
];

const CANCELLED: &[&str] = &["Peruttu, tila oli varattu muuhun käyttöön.", "Peruttu, ohjaaja estynyt.", "Peruttu."];
const CANCELLED_IN_WINTER: &[&str] = &["Peruttu kovan pakkasen vuoksi.", "Peruttu, tiet olivat liian liukkaat."];
const CANCELLED_ON_HOLIDAY: &str = "Pyhäpäivä, ei kokoontumista.";
const CANCELLED_SWEDISH: &[&str] = &["Inställt, lokalen var bokad.", "Inställt på grund av föret."];
const CANCELLED_ON_HOLIDAY_SWEDISH: &str = "Helgdag, ingen träff.";

/// The comment on the gathering that the demo's volunteer finds returned; its hours are missing.
pub const HOURS_MISSING: &str = "Puuttuuko vapaaehtoisten tunnit?";
pub const COMMENTS: &[&str] = &[
    "Kiitos kirjauksesta! Onko päivä varmasti oikein?",
    "Onko vapaaehtoiset laskettu tässä myös osallistujiin?",
    "Tuliko yksi nolla liikaa? Tarkistatko vielä osallistujat, kiitos.",
];
pub const COMMENTS_SWEDISH: &[&str] = &["Tack! Kan du ännu kontrollera antalet deltagare?", "Stämmer datumet?"];

/// A note for about every tenth held gathering.
pub fn of_held(activity: &Activity, random: &mut Random) -> Option<&'static str> {
    let notes = match activity.form.code() {
        _ if activity.is_swedish() => SWEDISH,
        _ if activity.is_sensitive() => PEER,
        "ulkoilu" => OUTDOORS,
        _ if activity.series.is_none() => OCCASION,
        _ => INDOORS,
    };
    if random.percent(10) { random.one_of(notes) } else { None }
}

/// Why a gathering was not held; most say it.
pub fn of_cancelled(activity: &Activity, day: Date, holiday: bool, random: &mut Random) -> Option<&'static str> {
    match (holiday, activity.is_swedish()) {
        (true, true) => return Some(CANCELLED_ON_HOLIDAY_SWEDISH),
        (true, false) => return Some(CANCELLED_ON_HOLIDAY),
        _ => {}
    }
    let winter = matches!(day.month(), 12 | 1..=3);
    let reasons = match activity.is_swedish() {
        // The second blames the state of the roads.
        true if winter => CANCELLED_SWEDISH,
        true => &CANCELLED_SWEDISH[..1],
        false if winter => CANCELLED_IN_WINTER,
        false => CANCELLED,
    };
    if random.percent(80) { random.one_of(reasons) } else { None }
}

/// A kind question on a gathering that is returned.
pub fn comment(activity: &Activity, random: &mut Random) -> &'static str {
    let comments = if activity.is_swedish() { COMMENTS_SWEDISH } else { COMMENTS };
    random.one_of(comments).unwrap_or(HOURS_MISSING)
}
