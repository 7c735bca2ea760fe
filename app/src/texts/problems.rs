//! What is wrong with a field, in words that say what to do.

use domain::{FieldError, Lang, Problem};

use super::{details as d, volunteer as t};

super::texts! {
    missing => "täytä tämä" | "fyll i det här" | "fill this in";
    not_a_number => "kirjoita kokonaisluku numeroina, esimerkiksi 12" | "skriv ett helt tal med siffror, till exempel 12" | "write a whole number in digits, for example 12";
    not_hours => "kirjoita tunnit numeroina, esimerkiksi 4,5 tai 4:30" | "skriv timmarna med siffror, till exempel 4,5 eller 4:30" | "write the hours in digits, for example 4.5 or 4:30";
    too_small(min) => "vähintään {min}" | "minst {min}" | "at least {min}";
    too_large(max) => "enintään {max}" | "högst {max}" | "at most {max}";
    too_many_hours(hours) => "enintään {hours} tuntia: 24 tuntia päivässä jokaiselle" | "högst {hours} timmar: 24 timmar om dagen för var och en" | "at most {hours} hours: 24 hours a day for each";
    not_a_date => "kirjoita päivä, joka on olemassa, esimerkiksi 16.11." | "skriv ett datum som finns, till exempel 16.11." | "write a date that exists, for example 16.11.";
    too_early => "päivä on ennen vuotta 2000" | "datumet är före år 2000" | "the date is before the year 2000";
    in_the_future => "korjaa päivämäärä: se on tulevaisuudessa" | "rätta datumet: det är i framtiden" | "fix the date: it is in the future";
    unknown_code => "valitse luettelosta" | "välj ur listan" | "choose from the list";
    too_long(max) => "lyhennä, enintään {max} merkkiä" | "förkorta, högst {max} tecken" | "shorten it, at most {max} characters";
    does_not_sum(sum, expected) => "yhteensä {sum}, pitäisi olla {expected}" | "sammanlagt {sum}, borde vara {expected}" | "sums to {sum}, should be {expected}";
    more_than_participants(participants) => "enintään osallistujien määrä {participants}" | "högst antalet deltagare {participants}" | "at most the number of participants {participants}";
    numbers_of_cancelled => "pitämättömällä kerralla ei ole lukuja" | "en gång som inte blev av har inga tal" | "a gathering that was not held has no numbers";
    not_valid => "tarkista" | "kontrollera" | "check this";
    not_allowed => "sinulla ei ole oikeutta tähän" | "du har inte rätt till detta" | "you may not do this";
    nothing_to_belong_to => "ryhmää tai kertaa, johon tämä kuuluu, ei enää ole. Valitse toinen ryhmä tai heitä tämä pois" | "gruppen eller gången som det här hör till finns inte längre. Välj en annan grupp eller kasta bort det här" | "the group or gathering that this belongs to is gone. Choose another group, or throw this away";
    too_large_record => "kirjaus on liian suuri, lyhennä muistiinpanoa" | "anteckningen är för stor, förkorta texten" | "the record is too large, shorten the note";
    time => "Kellonaika" | "Klockslag" | "Time";
    other_field => "Tiedot" | "Uppgifter" | "Details";
}

/// The problem in words.
fn problem(lang: Lang, problem: Problem) -> String {
    match problem {
        Problem::Missing => missing(lang).to_owned(),
        Problem::NotANumber => not_a_number(lang).to_owned(),
        Problem::TooSmall { min } => too_small(lang, min),
        Problem::TooLarge { max } => too_large(lang, max),
        Problem::NotADate => not_a_date(lang).to_owned(),
        Problem::TooEarly => too_early(lang).to_owned(),
        Problem::InTheFuture => in_the_future(lang).to_owned(),
        Problem::UnknownCode | Problem::NotATime => unknown_code(lang).to_owned(),
        Problem::TooLong { max } => too_long(lang, max),
        Problem::DoesNotSum { sum, expected } => does_not_sum(lang, sum, expected),
        Problem::MoreThanParticipants { participants } => more_than_participants(lang, participants),
        Problem::NumbersOfCancelled => numbers_of_cancelled(lang).to_owned(),
        Problem::NotText
        | Problem::NotYesOrNo
        | Problem::TooMany { .. }
        | Problem::BadBusinessId
        | Problem::NotAnId => not_valid(lang).to_owned(),
    }
}

/// The field's name on the form.
pub fn field(lang: Lang, name: &str) -> &'static str {
    match name {
        "participants" => t::how_many(lang),
        "first_timers" => t::first_timers(lang),
        "volunteers" => t::volunteers(lang),
        "volunteer_quarter_hours" => t::hours_together(lang),
        "date" => t::date(lang),
        "form" => t::form(lang),
        "place" => t::place(lang),
        "municipality" => t::municipality(lang),
        "note" => t::note(lang),
        "residents" => d::residents(lang),
        "distinct_people" => super::my_year::people(lang),
        "basis" => t::basis(lang),
        "ages" => d::ages(lang),
        "genders" => d::genders(lang),
        "digital_participants" => d::digital_participants(lang),
        "staff" => d::staff(lang),
        "staff_quarter_hours" => d::staff_hours(lang),
        "days" => d::days(lang),
        "nights" => d::nights(lang),
        "start" | "duration" => time(lang),
        _ => other_field(lang),
    }
}

/// The problem of a field in words, in the field's own unit.
pub fn what(lang: Lang, error: FieldError) -> String {
    match error {
        FieldError { field: "volunteer_quarter_hours" | "staff_quarter_hours", problem: Problem::TooLarge { max } } => {
            too_many_hours(lang, u64::from(max) / 4)
        }
        FieldError {
            field: "volunteer_quarter_hours" | "staff_quarter_hours" | "duration",
            problem: Problem::NotANumber,
        } => not_hours(lang).to_owned(),
        FieldError { problem: of, .. } => problem(lang, of),
    }
}

/// Field and problem as one line.
pub fn line(lang: Lang, error: FieldError) -> String {
    let name = field(lang, error.field);
    let colon = if name.ends_with('?') { "" } else { ":" };
    format!("{name}{colon} {}", what(lang, error))
}

/// Why the server refused a change, by its code and the first field.
pub fn refusal(lang: Lang, code: &str, fields: &[String]) -> String {
    let what = match code {
        "in-the-future" => return in_the_future(lang).to_owned(),
        "too-early" => return too_early(lang).to_owned(),
        "not-allowed" => return not_allowed(lang).to_owned(),
        "unknown-series" | "unknown-gathering" => return nothing_to_belong_to(lang).to_owned(),
        "record-too-large" => return too_large_record(lang).to_owned(),
        "missing" => missing(lang),
        _ => not_valid(lang),
    };
    match fields.first() {
        Some(name) => format!("{} – {what}", field(lang, name)),
        None => what.to_owned(),
    }
}
