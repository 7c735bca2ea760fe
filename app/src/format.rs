//! Formats dates and numbers as each language writes them. There are no locale tables: each language gives a few
//! examples beside its texts.

use domain::{Date, Lang, Month, date, numbers::Numbers};

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

fn numbers(lang: Lang) -> Numbers<'static> {
    Numbers { thousand: formats::thousand(lang), ten_thousand: formats::ten_thousand(lang), half: formats::half(lang) }
}

/// `14 230` with a no-break space, `14,230` in English.
pub fn number(lang: Lang, value: u64) -> String {
    numbers(lang).whole(value)
}

/// One decimal: `11,5`, `11.5` in English; a whole number without.
pub fn tenths(lang: Lang, value: u64) -> String {
    numbers(lang).tenths(value)
}

/// Quarter hours as hours: `4`, `4,5`, `4,25`.
pub fn hours(lang: Lang, quarter_hours: u64) -> String {
    numbers(lang).hours(quarter_hours)
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
