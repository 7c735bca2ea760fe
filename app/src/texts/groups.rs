//! The association's groups.

use domain::{FieldError, Lang, Problem, gathering::GatheringLanguage};

use super::{problems, volunteer as t};

super::texts!("groups");

pub fn language_name(lang: Lang, language: GatheringLanguage) -> &'static str {
    match language {
        GatheringLanguage::Fi => finnish(lang),
        GatheringLanguage::Sv => swedish(lang),
        GatheringLanguage::Se => sami(lang),
        GatheringLanguage::En => english(lang),
        GatheringLanguage::Other => other_language(lang),
    }
}

/// Field and problem as one line of the group's form.
pub fn line(lang: Lang, error: FieldError) -> String {
    let field = match error.field {
        "name" => name(lang),
        "form" => form(lang),
        "start" => start(lang),
        "duration" => duration(lang),
        "place" => t::place(lang),
        "funders" => funders(lang),
        "breaks" => breaks(lang),
        other => problems::field(lang, other),
    };
    let problem = match error {
        FieldError { field: "duration", problem: Problem::TooLarge { max } } => problems::too_large(lang, max / 60),
        error => problems::what(lang, error),
    };
    format!("{}: {problem}", field.trim_end_matches('?'))
}
