//! Formats dates and numbers as each language writes them. There are no locale tables: each language gives a few
//! examples beside its texts.

use domain::{Date, Lang, Month, date};

use crate::texts::{common, formats};

/// `21.11.2026`, `21.11.2026`, `21 November 2026`.
pub fn day(lang: Lang, day: Date) -> String {
    let month = Month::of(day);
    formats::day(lang, day.day(), month.number(), common::month_name(lang, month), day.year())
}

/// `ma 16.11.`, `må 16.11`, `Mon 16 Nov`.
pub fn short_day(lang: Lang, day: Date) -> String {
    let (weekday, month) = (common::weekday_short(lang, date::weekday(day)), Month::of(day));
    formats::short_day(lang, weekday, day.day(), month.number(), common::month_short(lang, month))
}

/// `13.00`, `13.00`, `13:00`; of minutes since midnight.
pub fn clock(lang: Lang, minutes: u16) -> String {
    formats::clock(lang, minutes / 60, format_args!("{:02}", minutes % 60))
}

/// `14 230` with a no-break space, `14,230` in English.
pub fn number(lang: Lang, value: u64) -> String {
    let digits = value.to_string();
    let separator = formats::ten_thousand(lang).chars().nth(2).filter(|sign| !sign.is_ascii_digit());
    // A number of four digits is written together in Finnish and Swedish.
    let is_grouped = digits.len() > 4 || formats::thousand(lang).len() > 4;
    let mut out = String::with_capacity(digits.len() + 4);
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index).is_multiple_of(3) && is_grouped {
            out.extend(separator);
        }
        out.push(digit);
    }
    out
}

/// One decimal: `11,5`, `11.5` in English; a whole number without.
pub fn tenths(lang: Lang, value: u64) -> String {
    let whole = number(lang, value / 10);
    match value % 10 {
        0 => whole,
        rest => format!("{whole}{}{rest}", decimal_sign(lang)),
    }
}

/// Quarter hours as hours: `4`, `4,5`, `4,25`.
pub fn hours(lang: Lang, quarter_hours: u64) -> String {
    let whole = number(lang, quarter_hours / 4);
    let rest = ["", "25", "5", "75"][(quarter_hours % 4) as usize];
    if rest.is_empty() { whole } else { format!("{whole}{}{rest}", decimal_sign(lang)) }
}

fn decimal_sign(lang: Lang) -> char {
    formats::half(lang).chars().nth(1).unwrap_or(',')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_grouped_as_each_language_does() {
        assert_eq!(number(Lang::Fi, 1234), "1234");
        assert_eq!(number(Lang::Fi, 12_345_678), "12\u{a0}345\u{a0}678");
        assert_eq!(number(Lang::En, 1234), "1,234");
        assert_eq!(tenths(Lang::Sv, 115), "11,5");
        assert_eq!(hours(Lang::Fi, 17), "4,25");
        assert_eq!(hours(Lang::En, 18), "4.5");
        assert_eq!(hours(Lang::En, 16), "4");
    }

    #[test]
    fn days_are_written_as_each_language_does() {
        let date = Date::constant(2026, 11, 16);
        assert_eq!(day(Lang::Fi, date), "16.11.2026");
        assert_eq!(short_day(Lang::Sv, date), "må 16.11");
        assert_eq!(short_day(Lang::En, date), "Mon 16 Nov");
        assert_eq!(clock(Lang::Fi, 785), "13.05");
        assert_eq!(clock(Lang::Sv, 785), "13.05");
        assert_eq!(clock(Lang::En, 785), "13:05");
    }
}
