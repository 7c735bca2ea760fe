//! The columns of a table of gatherings: their codes, their headings in three languages, and what else people call them.

use std::fmt;

use crate::{Lang, text};

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
    /// Stable. A field of the record, or `ages.…`, `genders.…`, `id`.
    pub code: &'static str,
    pub kind: Kind,
    names: [&'static str; 3],
    /// What else it is called, as [`key`] writes it.
    others: &'static [&'static str],
}

macro_rules! columns {
    ($($code:literal $kind:expr, $fi:literal, $sv:literal, $en:literal; [$($other:literal),*])+) => {
        /// Every column, in the order of an export.
        pub static COLUMNS: &[Spec] = &[$(
            Spec { code: $code, kind: $kind, names: [$fi, $sv, $en], others: &[$($other),*] }
        ),+];
    };
}

columns! {
    "id" Kind::Id, "Tunniste", "Id", "Id"; ["uuid", "kerran tunniste"]
    "date" Kind::Day, "Päivä", "Datum", "Date"; ["pvm", "päivämäärä", "päiväys", "ajankohta", "dag", "day", "milloin", "när"]
    "start" Kind::Time, "Alkoi klo", "Började kl.", "Started at";
        ["klo", "kello", "kellonaika", "aika", "alkoi", "alkamisaika", "alku", "tid", "klockslag", "time", "start", "start time"]
    "series" Kind::Series, "Ryhmä", "Grupp", "Group";
        ["kerho", "toiminta", "ryhmän nimi", "kerhon nimi", "toiminnan nimi", "nimi", "verksamhet", "klubb", "gruppens namn",
         "namn", "club", "activity", "name", "series"]
    "form" Kind::Form, "Toimintamuoto", "Verksamhetsform", "Activity form"; ["muoto", "laji", "tyyppi", "form", "typ", "type"]
    "status" Kind::Status, "Pidettiinkö", "Hölls", "Held"; ["tila", "status", "peruttu", "inställd", "cancelled"]
    "municipality" Kind::Municipality, "Kunta", "Kommun", "Municipality"; ["paikkakunta", "kotikunta", "ort"]
    "place" Kind::Text, "Paikka", "Plats", "Place"; ["kokoontumispaikka", "tila paikka", "missä", "lokal", "venue", "location"]
    "postal_code" Kind::PostalCode, "Postinumero", "Postnummer", "Postal code"; []
    "duration" Kind::Minutes, "Kesto, min", "Längd, min", "Duration, min"; ["kesto", "längd", "duration", "minuutit", "minuter", "minutes"]
    "participants" Kind::Number, "Osallistujat", "Deltagare", "Participants";
        ["osallistujia", "osallistujamäärä", "kävijät", "kävijöitä", "kävijämäärä", "osanottajat", "osanottajia", "läsnä", "paikalla",
         "henkilömäärä", "väkeä", "antal deltagare", "besökare", "närvarande", "attendance", "attendees", "visitors", "heads"]
    "first_timers" Kind::Number, "Ensikertalaiset", "Förstagångsdeltagare", "First-timers";
        ["ensikertalaisia", "uudet", "uusia", "nya", "new"]
    "digital_participants" Kind::Number, "Etänä mukana", "På distans", "Remote participants";
        ["etäosallistujat", "etäosallistujia", "etänä", "distansdeltagare", "digital participants", "online"]
    "residents" Kind::Number, "Oman kunnan asukkaat", "Kommuninvånare", "Residents"; ["kuntalaiset", "kuntalaisia", "asukkaat"]
    "ages.0_6" Kind::Age(0), "Ikä 0–6", "Ålder 0–6", "Age 0–6"; ["0 6"]
    "ages.7_12" Kind::Age(1), "Ikä 7–12", "Ålder 7–12", "Age 7–12"; ["7 12"]
    "ages.13_17" Kind::Age(2), "Ikä 13–17", "Ålder 13–17", "Age 13–17"; ["13 17"]
    "ages.18_19" Kind::Age(3), "Ikä 18–19", "Ålder 18–19", "Age 18–19"; ["18 19"]
    "ages.20_28" Kind::Age(4), "Ikä 20–28", "Ålder 20–28", "Age 20–28"; ["20 28"]
    "ages.29_63" Kind::Age(5), "Ikä 29–63", "Ålder 29–63", "Age 29–63"; ["29 63"]
    "ages.64_74" Kind::Age(6), "Ikä 64–74", "Ålder 64–74", "Age 64–74"; ["64 74"]
    "ages.75" Kind::Age(7), "Ikä 75 tai yli", "Ålder 75 eller över", "Age 75 or over"; ["75", "yli 75", "75 v"]
    "ages.unknown" Kind::Age(8), "Ikä ei tiedossa", "Ålder okänd", "Age not known"; []
    "genders.women" Kind::Gender(0), "Naiset", "Kvinnor", "Women"; ["naisia", "tytöt", "naiset tytöt", "female"]
    "genders.men" Kind::Gender(1), "Miehet", "Män", "Men"; ["miehiä", "pojat", "miehet pojat", "male"]
    "genders.other" Kind::Gender(2), "Muu sukupuoli", "Annat kön", "Other gender"; ["muut", "muu"]
    "genders.unknown" Kind::Gender(3), "Sukupuoli ei tiedossa", "Kön okänt", "Gender not known"; []
    "volunteers" Kind::Number, "Vapaaehtoiset", "Frivilliga", "Volunteers";
        ["vapaaehtoisia", "vapaaehtoisten määrä", "ohjaajat", "ohjaajia", "vetäjät", "vetäjiä", "talkoolaiset", "antal frivilliga",
         "ledare", "helpers"]
    "volunteer_quarter_hours" Kind::Hours, "Vapaaehtoistunnit", "Frivilligtimmar", "Volunteer hours";
        ["tunnit", "tunteja", "vapaaehtoistunteja", "vapaaehtoistyön tunnit", "vapaaehtoistyötunnit", "talkootunnit", "h",
         "timmar", "frivilligarbete timmar", "hours"]
    "staff" Kind::Number, "Työntekijät", "Anställda", "Staff"; ["työntekijöitä", "henkilökunta", "personal"]
    "staff_quarter_hours" Kind::Hours, "Työntekijöiden tunnit", "De anställdas timmar", "Staff hours"; ["työtunnit", "arbetstimmar"]
    "basis" Kind::Basis, "Miten laskettiin", "Hur det räknades", "How counted"; ["laskutapa", "laskentatapa", "basis", "räknesätt"]
    "mode" Kind::Mode, "Paikan päällä vai etänä", "På plats eller distans", "On site or remote"; ["osallistumistapa", "mode"]
    "days" Kind::Number, "Päiviä", "Dagar", "Days"; ["kesto päivinä", "päivät"]
    "nights" Kind::Number, "Öitä", "Nätter", "Nights"; ["yöt", "vrk", "vuorokausia", "yöpymiset"]
    "partner" Kind::Partner, "Kumppani", "Samarbetspart", "Partner"; ["yhteistyökumppani", "yhteistyö", "samarbete"]
    "target_groups" Kind::TargetGroups, "Kohderyhmät", "Målgrupper", "Target groups"; ["kohderyhmä", "kenelle", "målgrupp", "target group"]
    "themes" Kind::Themes, "Teemat", "Teman", "Themes"; ["teema", "tema", "theme"]
    "sensitive" Kind::YesNo, "Arkaluonteinen", "Känslig", "Sensitive"; []
    "free" Kind::YesNo, "Maksuton", "Avgiftsfri", "Free of charge"; ["ilmainen", "gratis", "free"]
    "open" Kind::YesNo, "Avoin kaikille", "Öppen för alla", "Open to all"; ["avoin", "öppen", "open"]
    "municipal_premises" Kind::YesNo, "Kunnan maksuton tila", "Kommunens avgiftsfria lokal", "Municipality's free premises";
        ["kunnan tila", "kunnan tilat", "kommunens lokal", "municipal premises"]
    "language" Kind::Language, "Kieli", "Språk", "Language"; []
    "funders" Kind::Funders, "Rahoittajat", "Finansiärer", "Funders"; ["rahoittaja", "finansiär", "funder", "avustus"]
    "note" Kind::Text, "Muistiinpano", "Anteckning", "Note";
        ["huom", "huomautus", "huomioita", "muistiinpanot", "lisätiedot", "lisätieto", "sisältö", "ohjelma", "aihe", "anmärkning",
         "anteckningar", "övrigt", "notes", "comment", "comments", "remarks"]
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

    pub fn name(self, lang: Lang) -> &'static str {
        let names = &self.spec().names;
        names.get(lang as usize).unwrap_or(&names[0])
    }

    /// The field of the record that the column is about, as a problem names it.
    pub fn field(self) -> &'static str {
        match self.kind() {
            Kind::Age(_) => "ages",
            Kind::Gender(_) => "genders",
            _ => self.code(),
        }
    }

    /// The column that a heading names.
    pub fn of_heading(heading: &str) -> Option<Column> {
        let whole = key(heading);
        if whole.is_empty() {
            return None;
        }
        let shorter = without_counting_words(&whole);
        [whole.as_str(), shorter.as_str()].into_iter().find_map(|wanted| {
            Column::all().find(|column| {
                let spec = column.spec();
                spec.names.iter().any(|name| key(name) == wanted)
                    || spec.others.contains(&wanted)
                    || spec.code == wanted
            })
        })
    }
}

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
        if c.is_alphanumeric() || c == '_' || (c == '.' && is_code(&normal)) {
            out.push(c);
        } else if !out.ends_with(' ') && !out.is_empty() {
            out.push(' ');
        }
    }
    out.truncate(out.trim_end().len());
    out
}

/// `ages.0_6`: the point of our own codes.
fn is_code(text: &str) -> bool {
    text.starts_with("ages.") || text.starts_with("genders.")
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
                assert_eq!(Column::of_heading(column.name(lang)), Some(column), "{}", column.name(lang));
                assert_eq!(Column::of_heading(column.code()), Some(column), "{}", column.code());
            }
        }
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
        assert_eq!(of("Tunnit, h"), Some("volunteer_quarter_hours"));
        assert_eq!(of("Antal deltagare"), Some("participants"));
        assert_eq!(of("75+"), Some("ages.75"));
        assert_eq!(of("Kahvia kului"), None);
        assert_eq!(of("yhteensä"), None);
    }
}
