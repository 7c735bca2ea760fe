//! The columns of a table of gatherings: their codes, their headings in three languages, and what else people call them.

use std::{collections::HashMap, fmt, sync::LazyLock};

use crate::{
    Lang,
    codes::{self, ColumnCell},
    text,
};

/// A column of [`COLUMNS`].
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Column(u8);

/// How a column's cells are read and written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    Id,
    Day,
    Time,
    /// A group by its name.
    Series,
    /// A group by its id, as our own export has it.
    SeriesId,
    Form,
    Municipality,
    Text,
    PostalCode,
    Minutes,
    Number,
    /// Hours in the file, quarter hours in the record.
    Hours,
    YesNo,
    /// One of a closed list.
    Basis,
    Status,
    Mode,
    Language,
    Partner,
    TargetGroups,
    Themes,
    /// `STEA 2026; Kunta 2026`
    Funders,
    /// A band of [`crate::gathering::AGE_BANDS`].
    Age(usize),
    /// One of [`crate::gathering::GENDERS`].
    Gender(usize),
}

/// What there is to know of a column.
#[derive(Debug)]
pub struct Spec {
    /// That of the export's column ([`codes::Column`]).
    pub code: &'static str,
    pub kind: Kind,
    /// What it is called beside its names in an export, as [`key`] writes it.
    others: &'static [&'static str],
}

macro_rules! columns {
    ($($code:literal $kind:expr; [$($other:literal),*])+) => {
        /// Every column, in the order of an export.
        pub static COLUMNS: &[Spec] = &[$(
            Spec { code: $code, kind: $kind, others: &[$($other),*] }
        ),+];
    };
}

columns! {
    "id" Kind::Id; ["uuid", "kerran tunniste"]
    "date" Kind::Day; ["päivä", "date", "pvm", "päivämäärä", "päiväys", "ajankohta", "dag", "day", "milloin", "när"]
    "start" Kind::Time; ["alkoi klo", "började kl", "started at", "klo", "kello", "kellonaika", "aika", "alkoi", "alkamisaika", "alku", "tid", "klockslag", "time", "start", "start time"]
    "series" Kind::Series; ["kerho", "toiminta", "ryhmän nimi", "kerhon nimi", "toiminnan nimi", "nimi", "verksamhet", "klubb", "gruppens namn",
         "namn", "club", "activity", "name", "series"]
    "series_id" Kind::SeriesId; []
    "form" Kind::Form; ["muoto", "laji", "tyyppi", "form", "typ", "type"]
    "status" Kind::Status; ["tila", "status", "peruttu", "inställd", "cancelled"]
    "municipality" Kind::Municipality; ["paikkakunta", "kotikunta", "ort"]
    "place" Kind::Text; ["kokoontumispaikka", "missä", "lokal", "venue", "location"]
    "postal_code" Kind::PostalCode; []
    "duration" Kind::Minutes; ["kesto min", "längd min", "duration min", "kesto", "längd", "duration", "minuutit", "minuter", "minutes"]
    "participants" Kind::Number; ["osallistujat", "osallistujia", "osallistujamäärä", "kävijät", "kävijöitä", "kävijämäärä", "osanottajat", "osanottajia", "läsnä", "paikalla",
         "henkilömäärä", "väkeä", "antal deltagare", "besökare", "närvarande", "attendance", "attendees", "visitors", "heads"]
    "first_timers" Kind::Number; ["ensikertalaiset", "förstagångsdeltagare", "ensikertalaisia", "uudet", "uusia", "nya", "new"]
    "digital_participants" Kind::Number; ["etäosallistujat", "etäosallistujia", "etänä", "distansdeltagare", "digital participants", "online"]
    "residents" Kind::Number; ["asukkaita", "kuntalaiset", "kuntalaisia", "asukkaat"]
    "ages_0_6" Kind::Age(0); ["0 6"]
    "ages_7_12" Kind::Age(1); ["7 12"]
    "ages_13_17" Kind::Age(2); ["13 17"]
    "ages_18_19" Kind::Age(3); ["18 19"]
    "ages_20_28" Kind::Age(4); ["20 28"]
    "ages_29_63" Kind::Age(5); ["29 63"]
    "ages_64_74" Kind::Age(6); ["64 74"]
    "ages_75" Kind::Age(7); ["75", "yli 75", "75 v"]
    "ages_unknown" Kind::Age(8); []
    "genders_women" Kind::Gender(0); ["naiset", "naisia", "tytöt", "naiset tytöt", "female"]
    "genders_men" Kind::Gender(1); ["miehet", "miehiä", "pojat", "miehet pojat", "male"]
    "genders_other" Kind::Gender(2); ["muut", "muu"]
    "genders_unknown" Kind::Gender(3); []
    "volunteers" Kind::Number; ["vapaaehtoiset", "vapaaehtoisia", "vapaaehtoisten määrä", "ohjaajat", "ohjaajia", "vetäjät", "vetäjiä", "talkoolaiset", "antal frivilliga",
         "ledare", "helpers"]
    "volunteer_hours" Kind::Hours; ["vapaaehtoistunnit", "tunnit", "tunteja", "vapaaehtoistunteja", "vapaaehtoistyön tunnit", "vapaaehtoistyötunnit", "talkootunnit", "h",
         "timmar", "frivilligarbete timmar", "hours"]
    "staff" Kind::Number; ["työntekijät", "anställda", "työntekijöitä", "henkilökunta", "personal"]
    "staff_hours" Kind::Hours; ["työtunnit", "arbetstimmar"]
    "basis" Kind::Basis; ["laskutapa", "laskentatapa", "basis", "räknesätt"]
    "mode" Kind::Mode; ["osallistumistapa", "mode"]
    "days" Kind::Number; ["kesto päivinä", "päivät"]
    "nights" Kind::Number; ["yöt", "vrk", "vuorokausia", "yöpymiset"]
    "partner" Kind::Partner; ["yhteistyökumppani", "yhteistyö", "samarbete"]
    "target_groups" Kind::TargetGroups; ["kohderyhmä", "kenelle", "målgrupp", "target group"]
    "themes" Kind::Themes; ["teema", "tema", "theme"]
    "sensitive" Kind::YesNo; []
    "free" Kind::YesNo; ["ilmainen", "gratis", "free"]
    "open" Kind::YesNo; ["avoin", "öppen", "open"]
    "municipal_premises" Kind::YesNo; ["kunnan maksuton tila", "kunnan tila", "kunnan tilat", "kommunens lokal", "municipal premises"]
    "language" Kind::Language; []
    "funders" Kind::Funders; ["rahoittaja", "finansiär", "funder", "avustus"]
    "note" Kind::Text; ["muistiinpano", "anteckning", "huom", "huomautus", "huomioita", "muistiinpanot", "lisätiedot", "lisätieto", "sisältö", "ohjelma", "aihe", "anmärkning",
         "anteckningar", "övrigt", "notes", "comment", "comments", "remarks"]
    "changed_because" Kind::Text; []
}

impl Column {
    pub fn all() -> impl Iterator<Item = Column> {
        (0..COLUMNS.len()).map(|index| Column(index as u8))
    }

    pub fn parse(code: &str) -> Option<Column> {
        Column::all().find(|column| column.code() == code)
    }

    fn spec(self) -> &'static Spec {
        &COLUMNS[usize::from(self.0)]
    }

    pub fn code(self) -> &'static str {
        self.spec().code
    }

    pub fn kind(self) -> Kind {
        self.spec().kind
    }

    /// The column of an export that has it.
    fn exported(self) -> Option<codes::Column> {
        codes::Column::parse(self.code())
    }

    /// As it stands in an export.
    pub fn name(self, lang: Lang) -> &'static str {
        self.exported().map_or(self.code(), |column| column.name(lang))
    }

    /// The field of the record that the column is about, as a problem names it.
    pub fn field(self) -> &'static str {
        self.exported().map_or(self.code(), codes::Column::field)
    }

    /// The column that has what a column of an export has, by name or by code.
    fn of_exported(exported: codes::Column) -> Option<Column> {
        let about = |column: codes::Column| (column.field(), column.part(), column.cell() == ColumnCell::Id);
        Column::all().find(|column| column.exported().is_some_and(|own| about(own) == about(exported)))
    }

    /// The column that a heading names.
    pub fn of_heading(heading: &str) -> Option<Column> {
        let whole = key(heading);
        if whole.is_empty() {
            return None;
        }
        let shorter = without_counting_words(&whole);
        [whole.as_str(), shorter.as_str()].into_iter().find_map(|wanted| BY_KEY.get(wanted).copied())
    }
}

/// Every word by which a column is known. Of a word that two columns have, the first has it: what people call it goes before our codes.
static BY_KEY: LazyLock<HashMap<String, Column>> = LazyLock::new(|| {
    let mut words = HashMap::new();
    for column in Column::all() {
        for word in column.spec().others.iter().chain([&column.code()]) {
            words.entry((*word).to_owned()).or_insert(column);
        }
    }
    for exported in codes::Column::all() {
        let Some(column) = Column::of_exported(exported) else { continue };
        let names = Lang::ALL.iter().map(|lang| key(exported.name(*lang)));
        for word in names.chain([exported.code().to_owned()]) {
            words.entry(word).or_insert(column);
        }
    }
    words
});

impl fmt::Debug for Column {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.code())
    }
}

/// A heading as it is compared: lower case, letters and digits only, one space between words. `_` belongs to our own codes.
pub(super) fn key(heading: &str) -> String {
    let normal = text::normalise(heading).to_lowercase();
    let mut out = String::with_capacity(normal.len());
    for c in normal.chars() {
        if c.is_alphanumeric() || c == '_' {
            out.push(c);
        } else if !out.ends_with(' ') && !out.is_empty() {
            out.push(' ');
        }
    }
    out.truncate(out.trim_end().len());
    out
}

/// "Osallistujia yhteensä (kpl)" is "osallistujia".
fn without_counting_words(key: &str) -> String {
    const COUNTING: [&str; 24] = [
        "yhteensä",
        "yht",
        "lkm",
        "kpl",
        "määrä",
        "hlö",
        "henkilöä",
        "hlöä",
        "h",
        "t",
        "tuntia",
        "antal",
        "st",
        "totalt",
        "sammanlagt",
        "personer",
        "pers",
        "tim",
        "total",
        "number",
        "of",
        "count",
        "pcs",
        "klo",
    ];
    key.split(' ').filter(|word| !COUNTING.contains(word)).collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_heading_names_two_columns() {
        for lang in Lang::ALL {
            for column in Column::all() {
                assert!(column.exported().is_some(), "{} is in no export", column.code());
                assert_eq!(Column::of_heading(column.name(lang)), Some(column), "{}", column.name(lang));
                assert_eq!(Column::of_heading(column.code()), Some(column), "{}", column.code());
            }
        }
        let unread: Vec<_> = codes::Column::all()
            .filter(|column| Column::of_exported(*column).is_none())
            .map(codes::Column::field)
            .collect();
        assert_eq!(unread, ["review", "review"], "an import makes no reviews");
        for column in Column::all() {
            for other in column.spec().others {
                assert_eq!(key(other), *other, "is not as a heading is compared");
                assert_eq!(Column::of_heading(other), Some(column), "{other}");
            }
        }
    }

    #[test]
    fn headings_are_found_as_people_write_them() {
        let of = |heading: &str| Column::of_heading(heading).map(Column::code);
        assert_eq!(of("OSALLISTUJIA yhteensä (kpl)"), Some("participants"));
        assert_eq!(of(" Pvm. "), Some("date"));
        assert_eq!(of("Vapaaehtoisia\n(hlö)"), Some("volunteers"));
        assert_eq!(of("Tunnit, h"), Some("volunteer_hours"));
        assert_eq!(of("Antal deltagare"), Some("participants"));
        assert_eq!(of("75+"), Some("ages_75"));
        assert_eq!(of("Kahvia kului"), None);
        assert_eq!(of("yhteensä"), None);
    }
}
