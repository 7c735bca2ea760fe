//! What is wrong with a field, in words that say what to do.

use domain::{FieldError, Lang, Problem};

use super::{details as d, volunteer as t};

super::texts!("problems");

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
        Problem::IdentityCode => identity_code(lang).to_owned(),
        Problem::PhoneNumber => phone_number(lang).to_owned(),
        Problem::EmailAddress => email_address(lang).to_owned(),
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
        "participants" => t::participants(lang),
        "first_timers" => t::first_timers(lang),
        "volunteers" => t::volunteers(lang),
        "volunteer_quarter_hours" => t::hours_together(lang),
        "date" => t::date(lang),
        "form" => t::form(lang),
        "place" => t::place(lang),
        "municipality" => t::municipality(lang),
        "note" => t::note(lang),
        "changed_because" => super::common::why_now(lang),
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
    format!("{}: {}", field(lang, error.field).trim_end_matches('?'), what(lang, error))
}

/// Why the server refused a change, by its code and the first field.
pub fn refusal(lang: Lang, code: &str, fields: &[String]) -> String {
    let what = match code {
        "in-the-future" => return in_the_future(lang).to_owned(),
        "too-early" => return too_early(lang).to_owned(),
        "not-allowed" => return not_allowed(lang).to_owned(),
        "recorded-by-another" => return recorded_by_another(lang).to_owned(),
        "unknown-series" | "unknown-gathering" => return nothing_to_belong_to(lang).to_owned(),
        "record-too-large" | "too-much-unknown" => return too_large_record(lang).to_owned(),
        "missing" => missing(lang),
        "identity-code" => identity_code(lang),
        "phone-number" => phone_number(lang),
        "email-address" => email_address(lang),
        _ => not_valid(lang),
    };
    match fields.first() {
        Some(name) => format!("{} – {what}", field(lang, name).trim_end_matches('?')),
        None => what.to_owned(),
    }
}
