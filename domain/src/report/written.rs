//! Figures as a reader reads them, in any language: numbers, days, the annual report's paragraph, and the text document of it.
//!
//! A phone has the texts of its screens in one language at a time. An association's meeting may have another one, so what is written here
//! takes its words from [`super::words`] alone.

use crate::{
    Date, Lang, Month,
    numbers::Numbers,
    report::{
        chart::text::escaped,
        key::Table,
        packs::annual_report::Sentence,
        range::Range,
        summing::percent_of,
        tidy::{Figure, Span, Value, Words},
        words::{self, InWords, word},
    },
};

fn numbers(lang: Lang) -> Numbers<'static> {
    let example = |code: &str| word(lang, "number", code);
    Numbers { thousand: example("thousand"), ten_thousand: example("ten_thousand"), half: example("half") }
}

/// [`Numbers::whole`].
pub fn number(lang: Lang, value: u64) -> String {
    numbers(lang).whole(value)
}

/// [`Numbers::tenths`].
pub fn tenths(lang: Lang, value: u64) -> String {
    numbers(lang).tenths(value)
}

/// [`Numbers::hours`].
pub fn hours(lang: Lang, quarter_hours: u64) -> String {
    numbers(lang).hours(quarter_hours)
}

fn percent(lang: Lang, value: &str) -> String {
    word(lang, "number", "percent").replace("{0}", value)
}

/// `21.11.2026`, `21 November 2026`.
pub fn day(lang: Lang, day: Date) -> String {
    let month = Month::of(day);
    word(lang, "number", "day")
        .replace("{day}", &day.day().to_string())
        .replace("{month_name}", month_name(lang, month))
        .replace("{month}", &month.number().to_string())
        .replace("{year}", &day.year().to_string())
}

fn month_name(lang: Lang, month: Month) -> &'static str {
    word(lang, "month", &month.number().to_string())
}

/// `2026`, `marraskuu 2026`, `1.1.2026 – 30.6.2026`.
pub fn range(lang: Lang, range: Range) -> String {
    match range {
        Range::Year(year) => year.to_string(),
        Range::Month(month) => format!("{} {}", month_name(lang, month), month.year()),
        _ => format!("{} – {}", day(lang, range.first()), day(lang, range.last())),
    }
}

/// A figure's value, without what it covers.
pub fn value(in_words: &InWords<'_>, figure: &Figure) -> String {
    let lang = in_words.lang;
    let signed = |value: i64, text: String| match value {
        1.. => format!("+{text}"),
        0 => text,
        _ => format!("−{text}"),
    };
    match figure.value {
        Value::Count(count) => number(lang, count),
        Value::QuarterHours(quarters) => hours(lang, quarters),
        Value::Minutes(minutes) => tenths(lang, (minutes + 3) / 6),
        Value::Tenths(value) => tenths(lang, value),
        Value::Share { part, of } => {
            let share = percent_of(i64::try_from(part).unwrap_or(i64::MAX), of);
            format!("{} / {} ({})", number(lang, part), number(lang, of), percent(lang, &share.to_string()))
        }
        Value::Range { least, most } => format!("{}–{}", number(lang, least), number(lang, most)),
        Value::Class { least, most } if least == most => least.code().to_owned(),
        Value::Class { least, most } => format!("{} … {}", least.code(), most.code()),
        Value::Verdict(verdict) => in_words.verdict(verdict),
        Value::Change(change) => signed(change, number(lang, change.unsigned_abs())),
        Value::ChangeQuarterHours(change) => signed(change, hours(lang, change.unsigned_abs())),
        Value::Percent(change) => percent(lang, &signed(change, number(lang, change.unsigned_abs()))),
        Value::Missing(why) => in_words.missing(why),
    }
}

/// Of some gatherings or groups only, and never shown as if it were of all. Shares, verdicts and classes say so by themselves.
pub fn is_of_a_part(figure: &Figure) -> bool {
    let says_so =
        matches!(figure.value, Value::Missing(_) | Value::Share { .. } | Value::Verdict(_) | Value::Class { .. });
    !says_so && !figure.covers.is_whole()
}

/// The value, and in brackets of how many gatherings or groups it is known where that is not all.
pub fn with_cover(in_words: &InWords<'_>, figure: &Figure) -> String {
    let value = value(in_words, figure);
    match is_of_a_part(figure) {
        true => format!("{value} ({}/{})", figure.covers.known, figure.covers.of),
        false => value,
    }
}

/// The sentences of the annual report, one after the other.
pub fn paragraph(in_words: &InWords<'_>, sentences: &[Sentence]) -> String {
    let fill = |sentence: &Sentence| {
        let mut text = words::sentence(in_words.lang, sentence.said)
            .replace("{when}", &range(in_words.lang, sentence.range))
            .replace("{group}", &in_words.group(&sentence.group));
        for (at, figure) in sentence.figures.iter().enumerate() {
            text = text.replace(&format!("{{{at}}}"), &with_cover(in_words, figure));
        }
        text
    };
    sentences.iter().map(fill).collect::<Vec<_>>().join(" ")
}

/// A document that word processors open: HTML with a heading, the paragraph, and under it every figure of the pack.
pub fn document(
    in_words: &InWords<'_>,
    association: &str,
    title: &str,
    of: Range,
    today: Date,
    (sentences, figures): (&[Sentence], &[Figure]),
) -> String {
    let lang = in_words.lang;
    let heading = escaped(&format!("{association}: {title} {}", range(lang, of)));
    let mut out = format!(
        "<!doctype html>\n<html lang=\"{}\">\n<head><meta charset=\"utf-8\"><title>{heading}</title></head>\n<body>\n\
         <h1>{heading}</h1>\n<p>{}</p>\n",
        lang.tag(),
        escaped(&paragraph(in_words, sentences))
    );
    let same = |a: &Figure, b: &Figure| a.table == b.table && (a.span == Span::Whole) == (b.span == Span::Whole);
    for section in figures.chunk_by(same) {
        let table: Table = section[0].table;
        out.push_str(&format!("<h2>{}</h2>\n<table border=\"1\">\n", escaped(words::table(lang, table))));
        for figure in section {
            let span = if figure.span == Span::Whole { String::new() } else { in_words.span(figure.span) };
            let names = [in_words.key(&figure.group), in_words.measure(figure.measure), span];
            let names: Vec<String> = names.into_iter().filter(|name| !name.is_empty()).collect();
            let (name, value) = (escaped(&names.join(" · ")), escaped(&with_cover(in_words, figure)));
            out.push_str(&format!("<tr><th align=\"left\">{name}</th><td align=\"right\">{value}</td></tr>\n"));
        }
        out.push_str("</table>\n");
    }
    if figures.iter().any(is_of_a_part) {
        out.push_str(&format!("<p>{}</p>\n", escaped(word(lang, "document", "part"))));
    }
    let made = word(lang, "document", "made").replace("{day}", &day(lang, today));
    out.push_str(&format!("<p>{}</p>\n</body>\n</html>\n", escaped(&made)));
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        Gathering, RecordId, Series,
        report::{
            Row,
            packs::{Pack, annual_report},
            summing::Report,
        },
        review::ReviewState,
    };
    use serde_json::json;
    use std::collections::BTreeMap;

    #[test]
    fn numbers_and_days_are_written_as_each_language_does() {
        assert_eq!(number(Lang::Fi, 1234), "1234");
        assert_eq!(number(Lang::Sv, 12_345_678), "12\u{a0}345\u{a0}678");
        assert_eq!(number(Lang::En, 1234), "1,234");
        assert_eq!([tenths(Lang::Fi, 176), tenths(Lang::En, 176), tenths(Lang::En, 170)], ["17,6", "17.6", "17"]);
        assert_eq!([hours(Lang::Sv, 17), hours(Lang::En, 18), hours(Lang::En, 16)], ["4,25", "4.5", "4"]);
        let date = Date::constant(2026, 11, 6);
        assert_eq!(
            [Lang::Fi, Lang::Sv, Lang::En].map(|lang| day(lang, date)),
            ["6.11.2026", "6.11.2026", "6 November 2026"]
        );
        assert_eq!(range(Lang::Fi, Range::parse("2026-11").expect("a code")), "marraskuu 2026");
        assert_eq!(range(Lang::Sv, Range::parse("2026-H1").expect("a code")), "1.1.2026 – 30.6.2026");
    }

    /// A year of 51 gatherings, of which some said the first-timers.
    fn of_a_year(lang: Lang) -> (String, Vec<String>, String) {
        let id = RecordId::from_bytes([1; 16]);
        let series = json!({"name": "<Maanantait> & muut", "form": "kerho", "municipality": "005"});
        let series: BTreeMap<RecordId, Series> =
            [(id, Series::parse(series.as_object().expect("an object")).expect("a series"))].into();
        let gathering = |week: i32| {
            let day = crate::date::plus_days(Date::constant(2025, 1, 6), week * 7);
            let mut content = json!({"form": "kerho", "date": crate::date::iso(day), "municipality": "005", "series": id,
                "participants": 30 + week, "volunteers": 2, "volunteer_quarter_hours": 17, "free": true});
            if week % 4 == 0 {
                content["first_timers"] = json!(3);
            }
            Gathering::parse(content.as_object().expect("an object"), Date::MAX).expect("a gathering")
        };
        let gatherings: Vec<Gathering> = (0..51).map(gathering).collect();
        let (pack, year) = (Pack::AnnualReport, Range::Year(2025));
        let (tables, compared) = (pack.tables().iter().copied(), pack.compared().iter().copied());
        let mut report = Report::new(year, Date::constant(2026, 1, 20), tables, compared);
        for gathering in &gatherings {
            report.add(Row { gathering, state: ReviewState::Approved });
        }
        let figures = pack.figures(&report.finish(&series, &[]));
        let sentences = annual_report::sentences(year, &figures);
        let in_words = InWords { lang, series: &series };
        let whole = document(
            &in_words,
            "Kuoro & \"Soitto\" ry <script>",
            words::pack(lang, pack),
            year,
            Date::constant(2026, 1, 20),
            (&sentences, &figures),
        );
        let cells = figures.iter().map(|figure| with_cover(&in_words, figure)).collect();
        (paragraph(&in_words, &sentences), cells, whole)
    }

    #[test]
    fn the_paragraphs_numbers_are_all_in_the_tables_under_it() {
        for lang in [Lang::Fi, Lang::Sv, Lang::En] {
            let (paragraph, cells, whole) = of_a_year(lang);
            let (head, tables) = whole.split_once("<h2>").expect("tables");
            assert!(head.contains(&paragraph), "{head}");
            // Digits with what stands between them are one number.
            let numbers = paragraph.split(|c: char| !c.is_ascii_digit() && !"\u{a0},.".contains(c));
            let numbers: Vec<&str> =
                numbers.map(|number| number.trim_matches([',', '.', '\u{a0}'])).filter(|one| !one.is_empty()).collect();
            assert!(numbers.len() >= 12, "{paragraph}");
            for number in numbers.iter().filter(|number| **number != "2025") {
                assert!(cells.iter().any(|cell| cell.contains(number)), "{number} of {paragraph}");
                assert!(tables.contains(number), "{number}");
            }
        }
    }

    #[test]
    fn a_document_is_in_its_language_and_says_which_figures_are_of_a_part() {
        let texts = [Lang::Fi, Lang::Sv, Lang::En].map(|lang| of_a_year(lang).2);
        let wanted = [
            [
                "<html lang=\"fi\">",
                "Toimintakertomus 2025",
                "keskimäärin 55 kerralla",
                "39 (13/51)",
                "Suluissa",
                "Tehty 20.1.2026",
            ],
            [
                "<html lang=\"sv\">",
                "Verksamhetsberättelse 2025",
                "i snitt 55 per träff",
                "39 (13/51)",
                "Inom parentes",
                "Gjord 20.1.2026",
            ],
            [
                "<html lang=\"en\">",
                "Annual report 2025",
                "on average 55 at a time",
                "39 (13/51)",
                "In brackets",
                "Made on 20 January 2026",
            ],
        ];
        for (text, wanted) in texts.iter().zip(wanted) {
            for part in wanted {
                assert!(text.contains(part), "{part} is not in {text}");
            }
        }
    }

    #[test]
    fn a_name_is_never_a_part_of_the_document() {
        let (.., whole) = of_a_year(Lang::Fi);
        assert!(whole.contains("Kuoro &amp; &quot;Soitto&quot; ry &lt;script&gt;") && !whole.contains("<script"));
    }
}
