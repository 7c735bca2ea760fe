//! What people write into cells: days, times, numbers, hours, yes and no, and words of closed lists.

use std::{collections::HashMap, sync::LazyLock};

use super::{Cell, column::key};
use crate::{
    Date, Lang, Problem, bounds,
    codes::{ActivityForm, Municipality, ReadAs, TargetGroup, Theme, ValueName},
    date,
};

/// Days from 1899-12-30, the zero of spreadsheets, to 1970-01-01.
const SERIAL_OF_1970: i32 = 25_569;
/// Serials that are read as days where the file does not say that they are: the years 2000 to 2099.
const SERIALS: std::ops::Range<f64> = 36_526.0..73_051.0;

/// The day of a spreadsheet's serial number; none far from our time.
pub fn day_of_serial(serial: f64) -> Option<Date> {
    // From 1900-03-01 on, before which serials are a day off, to 9999-12-31.
    (61.0..2_958_466.0).contains(&serial).then(|| date::from_day_number(serial.floor() as i32 - SERIAL_OF_1970))
}

/// The only year from 2000 on that a title, a sheet's name or a file's name says.
pub fn year_in(text: &str) -> Option<i16> {
    let mut years = text
        .split(|c: char| !c.is_ascii_digit())
        .filter(|digits| digits.len() == 4)
        .filter_map(|digits| digits.parse::<i16>().ok())
        .filter(|year| (bounds::FIRST_YEAR..2100).contains(year));
    let first = years.next()?;
    years.all(|year| year == first).then_some(first)
}

pub fn is_number(text: &str) -> bool {
    !text.is_empty() && text.replace([',', ' ', '\u{a0}'], ".").parse::<f64>().is_ok()
}

/// `14.3.2025`, `14.3.`, `ma 14.3.25`, `2025-03-14`, `14/3/2025`, or a serial. Days without a year are of `year`.
pub fn day(cell: &Cell, year: Option<i16>) -> Result<Date, Problem> {
    match cell {
        Cell::Moment(serial) => day_of_serial(*serial),
        Cell::Number(serial) if SERIALS.contains(serial) => day_of_serial(*serial),
        Cell::Text(text) => day_in_text(text, year),
        _ => None,
    }
    .ok_or(Problem::NotADate)
}

fn day_in_text(text: &str, year: Option<i16>) -> Option<Date> {
    // A weekday may stand before it, a time behind it.
    let text = text.trim_start_matches(|c: char| !c.is_ascii_digit());
    let word = text.split([' ', 'T', '\u{a0}']).next()?;
    if let Some(day) = date::parse(word) {
        return Some(day);
    }
    // "14. 3. 2025"
    let joined: String = text.split_whitespace().take(3).collect();
    [word, &joined].into_iter().find_map(|text| parts(text, year))
}

fn parts(text: &str, year: Option<i16>) -> Option<Date> {
    let separator = if text.contains('/') { '/' } else { '.' };
    let mut parts = text.split(separator);
    let small = |part: &str| part.parse::<i8>().ok().filter(|_| part.len() <= 2);
    let (day, month) = (small(parts.next()?)?, small(parts.next()?)?);
    let year = match parts.next().unwrap_or_default() {
        "" => year?,
        digits if digits.len() == 4 => digits.parse().ok()?,
        digits if digits.len() == 2 => 2000 + digits.parse::<i16>().ok()?,
        _ => return None,
    };
    match parts.next() {
        Some(rest) if !rest.is_empty() => None,
        // An American order only where it cannot be ours.
        _ if month > 12 && separator == '/' => Date::new(year, day, month).ok(),
        _ => Date::new(year, month, day).ok(),
    }
}

/// A number, and whether it was said to be about so many.
pub fn number(cell: &Cell) -> Result<(f64, bool), Problem> {
    match cell {
        Cell::Number(number) => Ok((*number, false)),
        Cell::Text(text) => number_in_text(text).ok_or(Problem::NotANumber),
        _ => Err(Problem::NotANumber),
    }
}

fn number_in_text(text: &str) -> Option<(f64, bool)> {
    const ABOUT: [&str; 9] = ["noin", "n.", "arviolta", "n", "ca", "ca.", "cirka", "about", "~"];
    const UNITS: [&str; 11] =
        ["kpl", "hlö", "hlöä", "henkilöä", "henkeä", "st", "pers", "personer", "h", "t", "tuntia"];
    let mut text = text.trim().to_lowercase();
    let about = ABOUT.iter().find_map(|about| {
        let rest = text.strip_prefix(about)?;
        rest.trim_start().starts_with(|c: char| c.is_ascii_digit()).then(|| rest.trim_start().to_owned())
    });
    let is_about = about.is_some();
    if let Some(rest) = about {
        text = rest;
    }
    let digits = text.trim_end_matches(|c: char| c.is_alphabetic() || c == '.' || c == ' ');
    let unit = text[digits.len()..].trim_matches(['.', ' ']);
    if !unit.is_empty() && !UNITS.contains(&unit) {
        return None;
    }
    let plain = digits.replace([' ', '\u{a0}', '\u{202f}'], "").replace(',', ".");
    let is_plain = plain.bytes().all(|b| b.is_ascii_digit() || b == b'.' || b == b'-') && !plain.is_empty();
    is_plain.then(|| plain.parse().ok()).flatten().map(|number| (number, is_about))
}

/// A count: a whole number.
pub fn count(cell: &Cell) -> Result<(u32, bool), Problem> {
    let (number, about) = number(cell)?;
    if number < 0.0 {
        return Err(Problem::TooSmall { min: 0 });
    }
    if number.fract() != 0.0 || !number.is_finite() {
        return Err(Problem::NotANumber);
    }
    // What does not fit is more than any bound, which the parser says.
    Ok((number.min(f64::from(u32::MAX)) as u32, about))
}

/// Hours as quarter hours, rounded to the nearest: `4,5`, `4:30`, `4 h 30 min`, or a length of time.
pub fn quarter_hours(cell: &Cell) -> Result<u32, Problem> {
    let hours = match cell {
        Cell::Length(days) | Cell::Moment(days) => days * 24.0,
        Cell::Text(text) => match hours_and_minutes(text) {
            Some(minutes) => f64::from(minutes) / 60.0,
            None => number(cell)?.0,
        },
        _ => number(cell)?.0,
    };
    match hours {
        hours if hours < 0.0 => Err(Problem::TooSmall { min: 0 }),
        // More than all volunteers of all days have, and certainly a day that was read as a length.
        hours if !hours.is_finite() || hours > 1_000_000.0 => Err(Problem::NotANumber),
        hours => Ok((hours * 4.0).round() as u32),
    }
}

/// Minutes of `4:30`, `4 h 30 min` or `90 min`.
fn hours_and_minutes(text: &str) -> Option<u32> {
    let text = text.trim().to_lowercase();
    let number = |part: &str| part.trim().parse::<u32>().ok().filter(|number| *number < 100_000);
    if let Some((hours, minutes)) = text.split_once(':') {
        let minutes = minutes.split(':').next()?;
        return Some(number(hours)? * 60 + number(minutes).filter(|minutes| *minutes < 60)?);
    }
    let minutes = text.strip_suffix("min").or_else(|| text.strip_suffix("min."))?.trim_end();
    match minutes.split_once(['h', 't']) {
        Some((hours, minutes)) => Some(number(hours)? * 60 + number(minutes)?),
        None => number(minutes),
    }
}

/// A duration in minutes. A number below the shortest duration is hours: nobody writes "2" of a club that takes two minutes.
pub fn minutes(cell: &Cell) -> Result<u32, Problem> {
    match cell {
        Cell::Length(days) | Cell::Moment(days) if *days < 15.0 => Ok((days * 1_440.0).round() as u32),
        _ => {
            if let Cell::Text(text) = cell
                && let Some(minutes) = hours_and_minutes(text)
            {
                return Ok(minutes);
            }
            let (number, _) = number(cell)?;
            let minutes = if number < f64::from(bounds::DURATION_MIN_MINUTES) { number * 60.0 } else { number };
            if minutes < 0.0 || minutes.fract() != 0.0 || minutes > 1e6 {
                return Err(Problem::NotANumber);
            }
            Ok(minutes as u32)
        }
    }
}

/// Minutes since midnight: `18`, `18:00`, `klo 18.00`, `18–20`, or a moment's time.
pub fn time(cell: &Cell) -> Result<u16, Problem> {
    let minutes = match cell {
        Cell::Moment(days) | Cell::Length(days) => Some((days.fract() * 1_440.0).round() as u32),
        Cell::Number(number) if (0.0..1.0).contains(number) && *number > 0.0 => Some((number * 1_440.0).round() as u32),
        Cell::Number(number) => time_in_text(&number.to_string()),
        Cell::Text(text) => time_in_text(text),
        _ => None,
    };
    minutes.filter(|minutes| *minutes < 1_440).map(|minutes| minutes as u16).ok_or(Problem::NotATime)
}

fn time_in_text(text: &str) -> Option<u32> {
    let text = text.trim_start_matches(|c: char| !c.is_ascii_digit());
    let first = text.split(['-', '–', ' ']).next()?.trim_end_matches('.');
    let (hours, minutes) = first.split_once([':', '.']).unwrap_or((first, "0"));
    let minutes = minutes.split(':').next()?;
    let hours: u32 = hours.parse().ok()?;
    // 18.3 is what a spreadsheet makes of 18.30.
    let minutes: u32 = if minutes.len() == 1 { minutes.parse::<u32>().ok()? * 10 } else { minutes.parse().ok()? };
    (hours < 24 && minutes < 60).then_some(hours * 60 + minutes)
}

/// Yes, no, or not said.
pub fn yes_or_no(cell: &Cell) -> Result<bool, Problem> {
    match cell {
        Cell::Bool(value) => Ok(*value),
        Cell::Number(number) if *number == 1.0 => Ok(true),
        Cell::Number(number) if *number == 0.0 => Ok(false),
        Cell::Text(text) => match key(text).as_str() {
            "kyllä" | "k" | "x" | "on" | "1" | "ja" | "j" | "yes" | "y" | "true" | "tosi" => Ok(true),
            "ei" | "e" | "0" | "nej" | "n" | "no" | "false" | "epätosi" => Ok(false),
            _ => Err(Problem::NotYesOrNo),
        },
        _ => Err(Problem::NotYesOrNo),
    }
}

/// The codes of a closed list, and what else people call them than an export does ([`ValueName`]).
type Words = (&'static str, &'static [(&'static str, &'static [&'static str])]);

fn words(kind: ReadAs) -> Words {
    match kind {
        ReadAs::Basis => (
            "basis",
            &[
                ("counted", &["laskettu", "laskettiin", "räknat"]),
                ("sample", &["otos", "stickprov", "sampel"]),
                ("estimated", &["arvio", "arvioitu", "uppskattat", "uppskattning", "estimate"]),
            ],
        ),
        ReadAs::Status => (
            "status",
            &[("held", &["pidettiin", "pidetty", "toteutui", "hölls", "kyllä", "ja", "yes"]), ("cancelled", CANCELLED)],
        ),
        ReadAs::Mode => (
            "mode",
            &[
                ("on_site", &["paikan päällä", "läsnä", "lähi", "på plats", "on site"]),
                ("remote", &["etänä", "etä", "verkossa", "på distans", "distans", "online"]),
                ("both", &["molempia", "molemmat", "hybridi", "båda", "hybrid"]),
            ],
        ),
        ReadAs::Language => (
            "language",
            &[
                ("fi", &["suomi", "finska", "finnish"]),
                ("sv", &["ruotsi", "svenska", "swedish"]),
                ("se", &["saame", "samiska", "sámi", "sami"]),
                ("en", &["englanti", "engelska", "english"]),
                ("other", &["muu", "muu kieli", "annat", "annat språk"]),
            ],
        ),
        ReadAs::Partner => (
            "partner",
            &[
                ("municipality", &["kunta", "kommun", "kommunen"]),
                ("parish", &["seurakunta", "församling", "församlingen"]),
                ("county", &["hyvinvointialue", "välfärdsområde", "välfärdsområdet"]),
                ("association", &["yhdistys", "järjestö", "förening"]),
                ("company", &["yritys", "företag"]),
                ("other", &["muu", "annan", "annat"]),
            ],
        ),
        _ => ("", &[]),
    }
}

/// Words for "it was not held", wherever a head count would stand.
const CANCELLED: &[&str] = &[
    "peruttu",
    "peruttiin",
    "inställd",
    "peruuntui",
    "peruutettu",
    "ei pidetty",
    "ei pidetä",
    "ei",
    "inställt",
    "ställdes in",
    "nej",
    "no",
    "canceled",
];

/// Whether a cell in place of a head count says that there was no gathering.
pub fn says_cancelled(cell: &Cell) -> bool {
    let Cell::Text(text) = cell else { return false };
    let said = key(text);
    // In a column of numbers "ei" may be "not known".
    said == "cancelled" || (!["ei", "nej", "no"].contains(&said.as_str()) && CANCELLED.contains(&said.as_str()))
}

/// The code of a word of a closed list.
pub fn code(kind: ReadAs, cell: &Cell) -> Result<&'static str, Problem> {
    /// The codes by what they are called, of each list: comparing with each name would take a file of 10,000 rows seconds.
    static BY_NAME: LazyLock<HashMap<&'static str, HashMap<String, &'static str>>> = LazyLock::new(|| {
        let kinds = [ReadAs::Basis, ReadAs::Status, ReadAs::Mode, ReadAs::Language, ReadAs::Partner];
        kinds.map(words).into_iter().map(|(field, list)| (field, by_name(field, list))).collect()
    });
    let Cell::Text(text) = cell else { return Err(Problem::UnknownCode) };
    let (field, _) = words(kind);
    BY_NAME.get(field).and_then(|codes| codes.get(&key(text))).copied().ok_or(Problem::UnknownCode)
}

/// By the code, by what else people say, and by the names of all languages. A word of two codes is the first one's.
fn by_name(field: &str, list: &[(&'static str, &[&str])]) -> HashMap<String, &'static str> {
    let mut codes = HashMap::new();
    for (code, others) in list {
        let names = ValueName::parse(&format!("{field}.{code}"));
        let names = names.iter().flat_map(|name| Lang::ALL.iter().map(|lang| key(name.name(*lang))));
        let others = others.iter().map(|other| (*other).to_owned());
        for said in names.chain(others).chain([(*code).to_owned()]) {
            codes.entry(said).or_insert(*code);
        }
    }
    codes
}

macro_rules! named {
    ($($(#[$doc:meta])* $function:ident: $list:ident),+) => {$(
        $(#[$doc])*
        pub fn $function(text: &str) -> Result<$list, Problem> {
            /// The codes by the names of all languages: comparing with each name would take a file of 10,000 rows seconds.
            static BY_NAME: LazyLock<HashMap<String, $list>> = LazyLock::new(|| {
                let names = $list::all().flat_map(|one| Lang::ALL.iter().map(move |lang| (key(one.name(*lang)), one)));
                names.collect()
            });
            $list::parse(text.trim()).or_else(|| BY_NAME.get(&key(text)).copied()).ok_or(Problem::UnknownCode)
        }
    )+};
}

named! {
    /// By name in any language, or by code.
    form: ActivityForm,
    municipality: Municipality,
    target_group: TargetGroup,
    theme: Theme
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text(text: &str) -> Cell {
        Cell::text(text)
    }

    #[test]
    fn days_are_read_as_people_write_them() {
        let march = Date::constant(2025, 3, 14);
        for said in [
            "14.3.2025",
            "14.03.2025",
            "pe 14.3.2025",
            "perjantai 14.3.",
            "14.3.",
            "14.3",
            "14.3.25",
            "2025-03-14",
            "14/3/2025",
            "3/14/2025",
            "14. 3. 2025",
            "2025-03-14T00:00:00",
            "14.3.2025 klo 18",
        ] {
            assert_eq!(day(&text(said), Some(2025)), Ok(march), "{said}");
        }
        assert_eq!(day(&Cell::Moment(45_730.75), None), Ok(march));
        assert_eq!(day(&Cell::Number(45_730.0), None), Ok(march));
        for wrong in ["14.3.", "30.2.2025", "14.–16.3.2025", "maaliskuu", "2025", "1.2.3.4", "14.3.202"] {
            assert_eq!(day(&text(wrong), None), Err(Problem::NotADate), "{wrong}");
        }
        assert_eq!(day(&Cell::Number(14.0), Some(2025)), Err(Problem::NotADate));
    }

    #[test]
    fn counts_are_whole() {
        assert_eq!(count(&text("14")), Ok((14, false)));
        assert_eq!(count(&text("1 200 hlö")), Ok((1_200, false)));
        assert_eq!(count(&text("noin 20")), Ok((20, true)));
        assert_eq!(count(&text("n. 20 henkilöä")), Ok((20, true)));
        assert_eq!(count(&Cell::Number(14.0)), Ok((14, false)));
        assert_eq!(count(&text("14,0")), Ok((14, false)));
        assert_eq!(count(&text("-3")), Err(Problem::TooSmall { min: 0 }));
        for wrong in ["14,5", "10-15", "paljon", "14 kissaa", "1e9", "nan", "inf"] {
            assert_eq!(count(&text(wrong)), Err(Problem::NotANumber), "{wrong}");
        }
        assert_eq!(count(&Cell::Number(f64::NAN)), Err(Problem::NotANumber));
        assert!(count(&Cell::Number(1e300)).is_ok_and(|(count, _)| count > bounds::PARTICIPANTS_MAX));
    }

    #[test]
    fn hours_are_read_with_comma_colon_and_as_a_length_of_time() {
        for said in [
            text("4,5"),
            text("4.5"),
            text("4:30"),
            text("4 h 30 min"),
            text("4,5 h"),
            Cell::Number(4.5),
            Cell::Length(0.1875),
        ] {
            assert_eq!(quarter_hours(&said), Ok(18), "{said:?}");
        }
        assert_eq!(quarter_hours(&text("4:75")), Err(Problem::NotANumber));
        assert_eq!(quarter_hours(&text("-1")), Err(Problem::TooSmall { min: 0 }));
    }

    #[test]
    fn times_and_durations_are_read() {
        for said in
            [text("18"), text("klo 18.00"), text("18:00"), text("18–20"), Cell::Number(0.75), Cell::Moment(45_730.75)]
        {
            assert_eq!(time(&said), Ok(18 * 60), "{said:?}");
        }
        assert_eq!(time(&Cell::Number(18.3)), Ok(18 * 60 + 30));
        assert_eq!(time(&text("25:00")), Err(Problem::NotATime));
        for said in
            [text("120"), text("2:00"), text("2 h 0 min"), text("120 min"), Cell::Number(2.0), Cell::Length(1.0 / 12.0)]
        {
            assert_eq!(minutes(&said), Ok(120), "{said:?}");
        }
    }

    #[test]
    fn a_year_is_taken_only_where_one_is_said() {
        assert_eq!(year_in("Kävijät 2025"), Some(2025));
        assert_eq!(year_in("kerhot-2025-2025.xlsx"), Some(2025));
        assert_eq!(year_in("2024–2025"), None);
        assert_eq!(year_in("puh. 0401234567"), None);
    }

    #[test]
    fn every_word_of_an_export_is_read() {
        use ReadAs::{Basis, Language, Mode, Partner, Status};
        for kind in [Basis, Status, Mode, Language, Partner] {
            let (field, list) = words(kind);
            for (own, others) in list {
                let name =
                    ValueName::parse(&format!("{field}.{own}")).unwrap_or_else(|| panic!("{field}.{own} has no name"));
                let names = Lang::ALL.iter().map(|lang| name.name(*lang)).chain(others.iter().copied());
                for name in names {
                    assert_eq!(code(kind, &text(name)), Ok(*own), "{name}");
                }
            }
        }
        assert!(says_cancelled(&text("Peruttu!")) && !says_cancelled(&text("14")) && !says_cancelled(&text("ei")));
    }
}
