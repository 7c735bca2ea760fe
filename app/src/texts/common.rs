//! Words that several screens share.

super::texts!("common");

use domain::{Lang, Month, period::Period};

/// The month's name, in the form that stands alone.
pub fn month_name(lang: Lang, month: Month) -> &'static str {
    match month.number() {
        1 => month_1(lang),
        2 => month_2(lang),
        3 => month_3(lang),
        4 => month_4(lang),
        5 => month_5(lang),
        6 => month_6(lang),
        7 => month_7(lang),
        8 => month_8(lang),
        9 => month_9(lang),
        10 => month_10(lang),
        11 => month_11(lang),
        _ => month_12(lang),
    }
}

/// The month's name in a table's head.
pub fn month_short(lang: Lang, month: Month) -> &'static str {
    match month.number() {
        1 => month_short_1(lang),
        2 => month_short_2(lang),
        3 => month_short_3(lang),
        4 => month_short_4(lang),
        5 => month_short_5(lang),
        6 => month_short_6(lang),
        7 => month_short_7(lang),
        8 => month_short_8(lang),
        9 => month_short_9(lang),
        10 => month_short_10(lang),
        11 => month_short_11(lang),
        _ => month_short_12(lang),
    }
}

/// `2025`, `maaliskuu 2025`.
pub fn period_name(lang: Lang, period: Period) -> String {
    match period {
        Period::Year(year) => year.to_string(),
        Period::Month(month) => format!("{} {}", month_name(lang, month), month.year()),
    }
}

/// The weekday's name; 0 is Monday.
pub fn weekday_name(lang: Lang, weekday: u8) -> &'static str {
    match weekday {
        0 => weekday_0(lang),
        1 => weekday_1(lang),
        2 => weekday_2(lang),
        3 => weekday_3(lang),
        4 => weekday_4(lang),
        5 => weekday_5(lang),
        _ => weekday_6(lang),
    }
}

/// The weekday's abbreviation; 0 is Monday.
pub fn weekday_short(lang: Lang, weekday: u8) -> &'static str {
    match weekday {
        0 => weekday_short_0(lang),
        1 => weekday_short_1(lang),
        2 => weekday_short_2(lang),
        3 => weekday_short_3(lang),
        4 => weekday_short_4(lang),
        5 => weekday_short_5(lang),
        _ => weekday_short_6(lang),
    }
}
