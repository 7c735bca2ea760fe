//! Personal data in free texts: Finnish identity codes, phone numbers and e-mail addresses, which nobody may write into a note, a place
//! or a comment.
//!
//! Only *new* texts are looked at ([`in_new_texts`]). What is stored stays readable whatever it says, and an edit of another field
//! goes through: a saved record is sacred.

use serde_json::Value;

use crate::{Content, FieldError, Kind, Problem};

/// Century signs between the date and the individual number. `+`, `-` and `A` of the first act, all others of decree 128/2010 as it was
/// changed from 2023 on (Digital and Population Data Services Agency).
const CENTURY_SIGNS: &[u8] = b"+-YXWVUABCDEF";
/// The check character is the one at the nine digits modulo 31.
const CHECK_CHARACTERS: &[u8; 31] = b"0123456789ABCDEFHJKLMNPRSTUVWXY";
/// Digits of the longest phone number, country code included (ITU-T E.164).
const PHONE_DIGITS_MAX: usize = 15;
/// Stands for a letter beyond ASCII: neither a century sign nor a check character.
const OTHER_LETTER: u8 = b'Z';

/// The fields of a kind in which people write what they like. Not the association's contact: an office's number belongs there.
const fn free_texts(kind: Kind) -> &'static [&'static str] {
    match kind {
        Kind::Association => &["name", "deadlines"],
        Kind::Series => &["name", "place", "funders"],
        Kind::Gathering => &["note", "place", "funders", "changed_because"],
        Kind::Review => &["comment"],
        Kind::YearlyPeople | Kind::Settlement | Kind::Alternative => &[],
    }
}

/// Every free text of `content` with personal data that none of `known` says already. Those are the contents from which texts may come
/// unread: the record before the edit, and the series of a gathering.
pub fn in_new_texts(kind: Kind, content: &Content, known: &[&Content]) -> Vec<FieldError> {
    let is_new = |field: &str| known.iter().all(|known| known.get(field) != content.get(field));
    let fields = free_texts(kind).iter().filter(|field| is_new(field));
    fields.filter_map(|field| Some(FieldError { field, problem: in_value(content.get(*field)?)? })).collect()
}

/// Of a text, or of the funders' names.
fn in_value(value: &Value) -> Option<Problem> {
    match value {
        Value::String(text) => find(text),
        Value::Array(tags) => tags.iter().find_map(|tag| in_value(tag.get("funder")?)),
        _ => None,
    }
}

/// The first kind of personal data that a text seems to have. An identity code is told by its check character, a phone number by its
/// shape: times, dates, sums, postal codes and business ids are none.
pub fn find(text: &str) -> Option<Problem> {
    let text: Vec<u8> = text.chars().filter_map(plain).collect();
    // By the gravest: one note may have all three.
    let found = |is_at: fn(&[u8], usize) -> bool| (0..text.len()).any(|at| is_at(&text, at));
    if found(is_identity_code) {
        Some(Problem::IdentityCode)
    } else if found(is_email_address) {
        Some(Problem::EmailAddress)
    } else if found(is_phone_number) {
        Some(Problem::PhoneNumber)
    } else {
        None
    }
}

/// One byte for each character: capital letters, and the many spaces and dashes that keyboards put in as one of each. None for what
/// nobody sees.
const fn plain(c: char) -> Option<u8> {
    match c {
        ' '..='~' => Some((c as u8).to_ascii_uppercase()),
        '\u{ad}' | '\u{200b}'..='\u{200f}' | '\u{2060}'..='\u{2064}' | '\u{feff}' => None,
        '\u{2010}'..='\u{2015}' | '\u{2212}' => Some(b'-'),
        '\u{c0}'..='\u{1fff}' => Some(OTHER_LETTER),
        _ => Some(b' '),
    }
}

/// The character at a place; none of any interest before and after the text. Nothing here indexes a slice: code that can panic is a
/// third larger on the phone.
fn at(text: &[u8], place: usize) -> u8 {
    text.get(place).copied().unwrap_or(0)
}

fn is_digit(text: &[u8], place: usize) -> bool {
    at(text, place).is_ascii_digit()
}

fn is_letter_or_digit(text: &[u8], place: usize) -> bool {
    at(text, place).is_ascii_alphanumeric()
}

/// How many digits begin at a place.
fn digits(text: &[u8], place: usize) -> usize {
    (place..).take_while(|place| is_digit(text, *place)).count()
}

/// The number of as many digits at a place.
fn number(text: &[u8], place: usize, digits: usize) -> u32 {
    (place..place + digits).fold(0, |number, place| number * 10 + u32::from(at(text, place) & 15))
}

/// The place after spaces.
fn past_spaces(text: &[u8], mut place: usize) -> usize {
    while at(text, place) == b' ' {
        place += 1;
    }
    place
}

/// `131052-308T`: day, month and year, century sign, individual number, check character. Spaces beside the sign are passed over.
fn is_identity_code(text: &[u8], place: usize) -> bool {
    if digits(text, place) != 6 || is_digit(text, place.wrapping_sub(1)) {
        return false;
    }
    let sign = past_spaces(text, place + 6);
    let individual = past_spaces(text, sign + 1);
    let date = number(text, place, 6);
    let nine = date * 1000 + number(text, individual, 3);
    let check = CHECK_CHARACTERS.get(nine as usize % CHECK_CHARACTERS.len());
    let (day, month) = (date / 10_000, date / 100 % 100);
    CENTURY_SIGNS.contains(&at(text, sign))
        && digits(text, individual) >= 3
        && (1..=31).contains(&day)
        && (1..=12).contains(&month)
        && check == Some(&at(text, individual + 3))
        && !is_digit(text, individual + 4)
}

/// Something, `@`, and a name with a dot that two letters follow. A lone `@kerho` is none.
fn is_email_address(text: &[u8], place: usize) -> bool {
    let before = place.wrapping_sub(1);
    if at(text, place) != b'@' || !(is_letter_or_digit(text, before) || b"._%+-".contains(&at(text, before))) {
        return false;
    }
    let is_of_host = |place: &usize| is_letter_or_digit(text, *place) || matches!(at(text, *place), b'.' | b'-');
    let is_letter = |place| at(text, place).is_ascii_uppercase();
    let ends = |place| at(text, place) == b'.' && is_letter(place + 1) && is_letter(place + 2);
    is_letter_or_digit(text, place + 1) && (place + 1..).take_while(is_of_host).any(ends)
}

/// A phone number that begins here, in groups with spaces, dashes and brackets between them.
fn is_phone_number(text: &[u8], start: usize) -> bool {
    let abroad = at(text, start) == b'+';
    let before = start.wrapping_sub(1);
    // In the middle of a word, a number or a code such as an ISBN.
    let is_inside =
        is_letter_or_digit(text, before) || (at(text, before) == b'-' && is_digit(text, before.wrapping_sub(1)));
    let mut place = start + usize::from(abroad);
    let first = digits(text, place);
    if is_inside || first == 0 {
        return false;
    }
    let (mut count, mut lead, mut only_times) = (0, 0, true);
    loop {
        let group = digits(text, place);
        // The first five digits say what kind of number it is.
        let missing = group.min(5_usize.saturating_sub(count));
        for digit in place..place + missing {
            lead = lead * 10 + number(text, digit, 1);
        }
        count += group;
        only_times &= is_times(text, place, group);
        if group == 0 || count > PHONE_DIGITS_MAX {
            return false;
        }
        let is_whole = match lead {
            10_000.. if abroad => count >= 9,
            // 00358 and 358.
            358 | 35_800..=35_899 => count >= 11,
            // Mobile: 04x and 050.
            4000..=5099 if first >= 3 => count >= 9,
            // Area code and number; a first group of five is a postal code.
            1000..=9999 if first == 2 || first == 3 => !only_times && count >= 7,
            1000..=9999 => first == count && first >= 9,
            _ => false,
        };
        if is_whole && count >= 7 {
            return true;
        }
        place += group;
        if group == 3 && at(text, place) == b'.' {
            // A dot after three digits: of a date it would stand after two, or after the year.
            place += 1;
        } else {
            let end = place + 4;
            while place < end && b" -()".contains(&at(text, place)) {
                place += 1;
            }
        }
    }
}

/// `9`, `09`, `0930`, `2026`: an hour, a minute, a day, both of a time, or a year of this century.
fn is_times(text: &[u8], place: usize, digits: usize) -> bool {
    match digits {
        1 | 2 => number(text, place, digits) < 60,
        4 => number(text, place, 2) <= 24 && number(text, place + 2, 2) < 60,
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    /// Numbers that are the same in every run (xorshift).
    struct Dice(u64);

    impl Dice {
        fn below(&mut self, end: u32) -> u32 {
            self.0 ^= self.0 << 13;
            self.0 ^= self.0 >> 7;
            self.0 ^= self.0 << 17;
            (self.0 % u64::from(end)) as u32
        }

        fn one_of<T: Copy>(&mut self, list: &[T]) -> T {
            list[self.below(list.len() as u32) as usize]
        }
    }

    const SIGNS: [char; 13] = ['+', '-', 'Y', 'X', 'W', 'V', 'U', 'A', 'B', 'C', 'D', 'E', 'F'];

    /// As the population register makes them; from 900 on they are invented ones.
    fn identity_code(dice: &mut Dice, sign: char) -> String {
        let (day, month, year) = (1 + dice.below(28), 1 + dice.below(12), dice.below(100));
        let individual = 2 + dice.below(998);
        let number: u32 = format!("{day:02}{month:02}{year:02}{individual:03}").parse().expect("nine digits");
        let check = "0123456789ABCDEFHJKLMNPRSTUVWXY".chars().nth(number as usize % 31).expect("31 of them");
        format!("{day:02}{month:02}{year:02}{sign}{individual:03}{check}")
    }

    #[test]
    fn ten_thousand_identity_codes_are_all_caught() {
        let mut dice = Dice(14);
        for turn in 0..10_000 {
            let code = identity_code(&mut dice, SIGNS[turn % SIGNS.len()]);
            let code = match dice.below(6) {
                0 | 1 => code.to_lowercase(),
                2 => format!("{} {}", &code[..6], &code[6..]),
                3 => format!("{} {} {}", &code[..6], &code[6..7], &code[7..]),
                4 => code.replace('-', dice.one_of(&["–", "−", "\u{2011}"])),
                _ => code,
            };
            let sentence = match dice.below(8) {
                0 => code,
                1 => format!("Mukana oli myös {code}."),
                2 => format!("Uusi jäsen ({code}), tervetuloa!"),
                3 => format!("hetu:{code},lisätty 12.3.2026"),
                4 => format!("Hetu{code} klo 18"),
                5 => format!("\"{code}\""),
                6 => format!("12 osallistujaa; {code}/Virtanen"),
                _ => format!("Henkilötunnus\u{a0}{code}\nja kahvit"),
            };
            assert_eq!(find(&sentence), Some(Problem::IdentityCode), "{sentence:?}");
        }
    }

    #[test]
    fn what_only_looks_like_an_identity_code_is_none() {
        assert_eq!(find("131052-308T"), Some(Problem::IdentityCode));
        // A wrong check character, a day and a month that there are not, a longer number.
        for text in ["131052-308U", "321052-3083", "131352-308B", "131052-308", "1131052-308T", "131052/308T"] {
            assert_eq!(find(text), None, "{text}");
        }
    }

    #[test]
    fn phone_numbers_are_caught_in_every_shape() {
        for number in [
            "0401234567",
            "040 1234567",
            "040-1234567",
            "040 123 4567",
            "040-123 4567",
            "040 12 34 567",
            "(040) 123 4567",
            "040.123.4567",
            "041 123456",
            "0400 123 456",
            "0400-123456",
            "0457 123 4567",
            "044\u{a0}123\u{a0}4567",
            "045–123–4567",
            "046  123  4567",
            "050 123 4567",
            "050 12345678",
            "0500 123 456",
            "+358401234567",
            "+358 40 1234567",
            "+358 40 123 4567",
            "+358-40-1234567",
            "+358 (0)40 123 4567",
            "+358 9 123 456",
            "00358 40 1234567",
            "358401234567",
            "+46 70 123 45 67",
            "+372 5123 4567",
            "09-1234567",
            "09 123 4567",
            "(09) 123 4567",
            "09 1234 5678",
            "09-310 1691",
            "093101691",
            "02 123 4567",
            "03-1234 567",
            "08 123 456",
            "013 123 456",
            "014-1234567",
            "019 12 34 56",
            "029 123 1234",
        ] {
            for text in [
                number.to_owned(),
                format!("Soita {number} ennen klo 18."),
                format!("Puh.{number}, Aila"),
                format!("Osallistujia 12, {number} on uusi numero"),
                format!("12 {number} 2026"),
                format!("Tiedustelut: {number}!"),
            ] {
                assert_eq!(find(&text), Some(Problem::PhoneNumber), "{text:?}");
            }
        }
    }

    #[test]
    fn addresses_are_caught_in_every_shape() {
        for address in [
            "aila@esimerkki.fi",
            "aila.virtanen@esimerkki.fi",
            "Aila.Virtanen+kerho@posti.esimerkki.com",
            "väinö@esimerkki.fi",
            "a_b-c@x-y.example",
            "kerho@esimerkki.yhdistys.fi",
        ] {
            for text in [address.to_owned(), format!("Kirjoita: {address}."), format!("({address}), kiitos")] {
                assert_eq!(find(&text), Some(Problem::EmailAddress), "{text:?}");
            }
        }
    }

    /// What people write of an evening, of a place, of a group: none of it tells who somebody is.
    const INNOCENT: &[&str] = &[
        "Retki 12.3.2026",
        "Retki 01.02.2026 ja 05.10.2026",
        "Seuraavan kerran 5.10. klo 9.00",
        "Kevätkausi 12.1.–25.5.2026",
        "2026-11-21",
        "2026-05-01 2026-06-01",
        "05 10 2026",
        "05 6 2026",
        "05.10.2026 klo 17.30-19.00",
        "klo 18-20",
        "klo 9-11 ja 13-15",
        "Avoinna 09-17",
        "Avoinna 09-12 13-16",
        "Avoinna 08-10, 12-14 ja 16-18",
        "Avoinna 09:00–17:00",
        "Avoinna 0900-1130 1230-1600",
        "ma 09-17 ti 09-17 ke 09-15",
        "Bussi lähti 08.15 ja tuli 16.40",
        "Bussi 040",
        "Bussilla 040 keskustaan, takaisin linjalla 050",
        "Linjat 415, 561 ja 600",
        "Junat R 07.06 ja Z 07.43",
        "Y-tunnus 0201256-6",
        "Y-tunnus 0116297-6",
        "Lasku: Y-tunnus 1234567-1",
        "ALV-numero FI02012566",
        "Kolehti 1 200 €",
        "Tuotto 12 345,50 €",
        "Arpajaiset 1.250,00 euroa",
        "Avustus 1 000 000 €",
        "Avustus 2 050 000 €",
        "Avustus 1 040 200 euroa",
        "Kulut yhteensä 0,50 €/hlö",
        "Omavastuu 050 €",
        "Keskuskatu 12, 00100 Helsinki",
        "Kotikatu 5 B 12, 04130 Sipoo",
        "01300 Vantaa",
        "05800 Hyvinkää 12 henkeä",
        "02100 10 km",
        "04130 12 osallistujaa",
        "00100 2026",
        "Kunnantie 040",
        "PL 400, 05801",
        "Järjestötalo, huone 012",
        "Kerhohuone 2 B, ovikoodi talonmieheltä",
        "Reitti E10 ja E6",
        "Karhunkierros 82 km",
        "Reitti 123-456 kierrettiin vastapäivään",
        "Polku 0412-22",
        "Latu 5–7,5–10 km",
        "Vaellus 12+14+9 km",
        "Koordinaatit 60.1699, 24.9384",
        "N 60 12.345 E 24 56.789",
        "Kartta 1:25 000",
        "Rasti 31, rasti 32, rasti 100",
        "Kirja ISBN 978-0-452-28423-4",
        "Kirja ISBN 951-020-123-4",
        "ISBN 951-0-12345-6",
        "Tilinumero FI21 1234 5600 0007 85",
        "Viite 1234 56789",
        "Viite 12 34561",
        "Laskun numero 20261234",
        "Jäsennumero 123456789",
        "Päätös 2026/1234",
        "Diaarinumero 123/05.02.01/2026",
        "Hanke STEA 2026-1234",
        "Osallistujia 20+10+5",
        "Osallistujia +20 viime kerrasta",
        "Kasvua +15 % ja +200 €",
        "Naisia 12, miehiä 8, lapsia 14",
        "12 34 56 78",
        "Bingo: 7 12 33 45 56 60",
        "Lotto 3, 14, 15, 22, 33, 37, 40",
        "Mölkky 50-45 ja 50-32",
        "Lentopallo 25-23 25-21 19-25 25-20",
        "Tulos 3-2",
        "Bocciassa 6–4, 5–7, 6–3",
        "Ennätys 10.05,3",
        "Kahvia 3 dl/hlö, 2 kg pullaa",
        "Ohje: 2 dl, 200 °C, 30 min",
        "Lämpötila -20",
        "Pakkasta 20-25 astetta",
        "Ikäryhmä 55–75",
        "Vuodet 1939-1945",
        "Syntyneet 1940-1950",
        "Sukupolvet 1900-1920 1920-1940 1940-1960",
        "Viikot 36-49",
        "Viikot 1-3 5-7 9-11",
        "Kerrat 1/10 ja 2/10",
        "Sivut 12–45",
        "Laulut 12, 45, 101 ja 133",
        "Virret 030, 548, 571",
        "Psalmi 23:1-4",
        "Kappale 4.1.2",
        "Versio 2.0.1",
        "A4, 100 kpl",
        "Kuvia 120 kpl, 1024x768",
        "Huoneet 1–12",
        "Tuoleja 40 + 20",
        "Soitto hätänumeroon 112",
        "Taksi 0100 100",
        "Lasku 010126-1230",
        "Varaus 120326-1800",
        "Tapahtuma @kirjasto",
        "Somessa @kylankerho ja #hyväpäivä",
        "kerho @ kirjasto klo 12",
        "Hinta 3 @ 5.00 €",
        "Yhdistyksen 40-vuotisjuhla",
        "70-vuotispäivät 17.5. klo 14",
        "Kaikki 14 paikalla, ensi kerralla 15",
        "Vetäjinä Kaksi+Yksi",
        "Hyvä ilta!",
        "Tarkistettu 16.11.",
        "Tarkistettu ma 16.11. Tarkistettu ti 17.11.2026",
        "Kyytejä 4, km 120 ja 80",
        "Bussikortti 12345-6",
        "Peli 0-0",
        "Rek. ABC-123",
        "Mukana II, III ja IV luokat",
        "¡Fiesta! 20€",
        "Deltagare 12 st, kl. 18–20",
        "Vi träffas 5.10 kl. 18.30",
        "Next time on 5 October at 18:30",
    ];

    #[test]
    fn innocent_texts_pass() {
        assert!(INNOCENT.len() >= 100);
        let wrong: Vec<_> = INNOCENT.iter().filter_map(|text| Some((*text, find(text)?))).collect();
        assert_eq!(wrong, []);
    }

    fn content(value: Value) -> Content {
        value.as_object().cloned().expect("object")
    }

    #[test]
    fn only_what_is_new_is_looked_at() {
        let old = content(json!({"note": "Soita 040 1234567", "place": "Talo"}));
        let series = content(json!({"name": "Kerho", "place": "Kysy: 09 123 4567"}));
        let errors = |new: Value, known: &[&Content]| in_new_texts(Kind::Gathering, &content(new), known);
        let phone = |field| FieldError { field, problem: Problem::PhoneNumber };
        assert_eq!(errors(json!({"note": "Soita 040 1234567"}), &[]), [phone("note")]);
        assert_eq!(errors(json!({"note": "Soita 040 1234567", "participants": 13}), &[&old]), []);
        assert_eq!(errors(json!({"note": "Soita 040 7654321"}), &[&old]), [phone("note")]);
        assert_eq!(errors(json!({"place": "Kysy: 09 123 4567"}), &[&old, &series]), []);
        assert_eq!(errors(json!({"place": null, "series": "040 1234567"}), &[]), []);
    }

    #[test]
    fn every_free_text_is_looked_at_and_the_contact_is_not() {
        let all = content(json!({
            "name": "aila@esimerkki.fi", "place": "aila@esimerkki.fi", "note": "aila@esimerkki.fi",
            "comment": "aila@esimerkki.fi", "contact": "aila@esimerkki.fi",
            "funders": [{"funder": "STEA", "year": 2026}, {"funder": "aila@esimerkki.fi", "year": 2026}],
        }));
        let fields = |kind| in_new_texts(kind, &all, &[]).into_iter().map(|error| error.field).collect::<Vec<_>>();
        assert_eq!(fields(Kind::Gathering), ["note", "place", "funders"]);
        assert_eq!(fields(Kind::Series), ["name", "place", "funders"]);
        assert_eq!(fields(Kind::Review), ["comment"]);
        assert_eq!(fields(Kind::Association), ["name"]);
    }

    #[test]
    fn the_gravest_is_named() {
        assert_eq!(find("131052-308T, 040 1234567, aila@esimerkki.fi"), Some(Problem::IdentityCode));
        assert_eq!(find(""), None);
        assert_eq!(find("+"), None);
        assert_eq!(find("@"), None);
        assert_eq!(find("131052"), None);
        assert_eq!(find("131052-"), None);
    }

    proptest::proptest! {
        #[test]
        fn any_text_is_read_to_its_end(text in "[-+0-9A-Fa-f@. ()]{0,40}|\\PC{0,40}") {
            let _ = find(&text);
        }
    }
}
