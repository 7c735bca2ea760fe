//! How an association comes in, told on pages that the server makes.

use domain::{FieldError, Lang, Problem, joining::Example};

use super::problems;

super::texts!("bringing");

/// Name of an example of a group; the group is called so until the association calls it otherwise.
pub fn example(lang: Lang, example: Example) -> &'static str {
    match example.code {
        "kerho" => example_club(lang),
        "kavely" => example_walks(lang),
        "liikunta" => example_exercise(lang),
        "kahvila" => example_cafe(lang),
        "kasityo" => example_crafts(lang),
        "vertaistuki" => example_peers(lang),
        "omaiset" => example_carers(lang),
        "digituki" => example_digital(lang),
        "perhe" => example_families(lang),
        "ystava" => example_friends(lang),
        _ => example.form().name(lang),
    }
}

/// What is wrong with a field of the steps, with its name.
pub fn problem(lang: Lang, error: FieldError) -> String {
    let (name, what) = match error {
        FieldError { field: "business_id", problem: Problem::Missing } => {
            (business_id(lang), business_id_missing(lang).to_owned())
        }
        FieldError { field: "business_id", .. } => (business_id(lang), business_id_wrong(lang).to_owned()),
        FieldError { field: "home", .. } => (home(lang), problems::unknown_code(lang).to_owned()),
        FieldError { field: "contact", .. } => (contact(lang), problems::what(lang, error)),
        FieldError { field: "nickname", .. } => (nickname(lang), problems::what(lang, error)),
        FieldError { field: "own_device", .. } => (own_device(lang), own_device_missing(lang).to_owned()),
        _ => (name(lang), problems::what(lang, error)),
    };
    format!("{}: {what}", name.trim_end_matches('?'))
}
