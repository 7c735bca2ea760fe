//! Fields and their values in words: for a gathering's history, and for two versions side by side.

use domain::{
    Lang, RecordId,
    codes::{ActivityForm, Municipality, TargetGroup, Theme},
    content, date,
    gathering::{AGE_BANDS, CountBasis, GENDERS, GatheringLanguage, Mode, Partner, Status},
};
use leptos::prelude::*;
use serde_json::Value;

use crate::{
    format::{clock, day, hours, number},
    phone::base::{phone::Phone, words::basis_name},
    texts::{asked as a, board as b, details as d, groups as g, problems, volunteer as t},
};

/// The field's name, without a question mark.
pub fn field_name(lang: Lang, field: &str) -> &'static str {
    let name = match field {
        "series" => t::series(lang),
        "name" => g::name(lang),
        "weekday" => g::weekday(lang),
        "status" => t::cancelled(lang),
        "mode" => d::mode(lang),
        "partner" => d::partner(lang),
        "start" => g::start(lang),
        "target_groups" => g::target_groups(lang),
        "themes" => g::themes(lang),
        "free" => g::free(lang),
        "open" => g::open(lang),
        "municipal_premises" => g::municipal_premises(lang),
        "language" => g::language(lang),
        "funders" => g::funders(lang),
        "sensitive" => g::sensitive(lang),
        "distinct_volunteers" => a::volunteers(lang),
        other => problems::field(lang, other),
    };
    name.trim_end_matches('?')
}

/// A field's value for people.
pub fn value_text(phone: Phone, field: &str, value: Option<&Value>) -> String {
    let lang = phone.lang.get_untracked();
    let text = value.and_then(Value::as_str);
    let known = match field {
        // Where nothing is said, everybody was counted, on site, and it was held.
        "basis" => Some(basis_name(lang, text.and_then(CountBasis::parse).unwrap_or(CountBasis::Counted)).to_owned()),
        "mode" => Some(mode_name(lang, text.and_then(Mode::parse).unwrap_or(Mode::OnSite)).to_owned()),
        "status" => Some(yes_or_no(lang, text.and_then(Status::parse) == Some(Status::Cancelled)).to_owned()),
        "date" => text.and_then(date::parse).map(|date| day(lang, date)),
        "start" => value.and_then(|value| content::time_of_day(value).ok()).map(|minutes| clock(lang, minutes)),
        "duration" => value.and_then(Value::as_u64).map(|minutes| b::minutes(lang, minutes)),
        "volunteer_quarter_hours" | "staff_quarter_hours" => {
            value.and_then(Value::as_u64).map(|quarters| hours(lang, quarters))
        }
        "form" => text.and_then(ActivityForm::parse).map(|form| form.name(lang).to_owned()),
        "municipality" => text.and_then(Municipality::parse_or_successor).map(|place| place.name(lang).to_owned()),
        "series" => {
            text.and_then(RecordId::parse).and_then(|id| phone.records.one_series(id)).map(|series| series.name)
        }
        "partner" => text.and_then(Partner::parse).map(|partner| partner_name(lang, partner).to_owned()),
        "language" => {
            text.and_then(GatheringLanguage::parse).map(|language| g::language_name(lang, language).to_owned())
        }
        "target_groups" => value.map(|value| names(value, |code| Some(TargetGroup::parse(code)?.name(lang)))),
        "themes" => value.map(|value| names(value, |code| Some(Theme::parse(code)?.name(lang)))),
        "ages" => value.map(|value| parts(&AGE_BANDS, value, |band| d::age_band(lang, band))),
        "genders" => value.map(|value| parts(&GENDERS, value, |gender| gender_name(lang, gender).to_owned())),
        _ => None,
    };
    known.unwrap_or_else(|| plain(lang, value))
}

/// A value of a field that has no words of its own.
fn plain(lang: Lang, value: Option<&Value>) -> String {
    match value {
        None | Some(Value::Null) => "–".to_owned(),
        Some(Value::Bool(yes)) => yes_or_no(lang, *yes).to_owned(),
        Some(Value::String(text)) => text.clone(),
        Some(Value::Number(of)) => of.as_u64().map_or_else(|| of.to_string(), |of| number(lang, of)),
        Some(Value::Array(all)) => all.iter().map(|one| plain(lang, Some(one))).collect::<Vec<_>>().join(", "),
        Some(Value::Object(all)) => all.values().map(|one| plain(lang, Some(one))).collect::<Vec<_>>().join(" "),
    }
}

fn names(list: &Value, name: impl Fn(&str) -> Option<&'static str>) -> String {
    let all = list.as_array().into_iter().flatten().filter_map(Value::as_str);
    all.map(|code| name(code).unwrap_or(code)).collect::<Vec<_>>().join(", ")
}

fn parts(order: &[&str], counts: &Value, name: impl Fn(&str) -> String) -> String {
    let part = |part: &&str| Some(format!("{} {}", name(part), counts.get(*part)?.as_u64()?));
    order.iter().filter_map(part).collect::<Vec<_>>().join(", ")
}

fn yes_or_no(lang: Lang, yes: bool) -> &'static str {
    if yes { g::yes(lang) } else { g::no(lang) }
}

fn mode_name(lang: Lang, mode: Mode) -> &'static str {
    match mode {
        Mode::OnSite => d::on_site(lang),
        Mode::Remote => d::remote(lang),
        Mode::Both => d::both_ways(lang),
    }
}

fn partner_name(lang: Lang, partner: Partner) -> &'static str {
    match partner {
        Partner::Municipality => d::partner_municipality(lang),
        Partner::Parish => d::partner_parish(lang),
        Partner::County => d::partner_county(lang),
        Partner::Association => d::partner_association(lang),
        Partner::Company => d::partner_company(lang),
        Partner::Other => d::other(lang),
    }
}

fn gender_name(lang: Lang, gender: &str) -> &'static str {
    match gender {
        "women" => d::women(lang),
        "men" => d::men(lang),
        "other" => d::other_gender(lang),
        _ => d::not_known(lang),
    }
}
