//! Where a tap on an association's contact leads.

/// Where a tap on a contact leads: its e-mail address, or else its telephone number. What is not surely one is only text.
pub fn address_of(contact: &str) -> Option<String> {
    let is_mail = |word: &&str| {
        word.split_once('@').is_some_and(|(who, host)| !who.is_empty() && host.trim_matches('.').contains('.'))
    };
    let words =
        contact.split([' ', '\u{a0}', ',', ';', ':', '<', '>', '(', ')']).map(|word| word.trim_end_matches('.'));
    let mail = words.into_iter().find(is_mail).map(|mail| format!("mailto:{mail}"));
    mail.or_else(|| telephone(contact).map(|number| format!("tel:{number}")))
}

/// Digits of a telephone number, with its area code. Fewer are a room or a postal code; more, the hours that are written behind it.
const DIGITS: std::ops::RangeInclusive<usize> = 7..=13;
const DIGITS_MAX_AT_HOME: usize = 10;

fn telephone(contact: &str) -> Option<String> {
    let begins = |(at, c): &(usize, char)| {
        let before = contact[..*at].chars().next_back();
        matches!(c, '0' | '+') && !before.is_some_and(|before| before.is_alphanumeric() || before == '-')
    };
    contact.char_indices().filter(begins).find_map(|(at, first)| {
        let max = if first == '+' { *DIGITS.end() } else { DIGITS_MAX_AT_HOME };
        let is_of_number = |c: &char| c.is_ascii_digit() || matches!(c, '+' | '-' | ' ' | '\u{a0}');
        let text: String = contact[at..].chars().take_while(is_of_number).collect();
        let mut number = String::new();
        for group in text.split(['-', ' ', '\u{a0}']) {
            if (number.clone() + group).trim_start_matches('+').len() > max {
                break;
            }
            number += group;
        }
        DIGITS.contains(&number.trim_start_matches('+').len()).then_some(number)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_tap_on_a_contact_writes_or_calls() {
        for (contact, leads_to) in [
            ("Sihteeri, sihteeri@yhdistys.example", "mailto:sihteeri@yhdistys.example"),
            ("Toimisto, sähköposti:toimisto@yhdistys.example.", "mailto:toimisto@yhdistys.example"),
            ("Toimisto 044 000 0000, ma 10-14", "tel:0440000000"),
            ("Toimisto ma 10-14 044 000 0000 13-15", "tel:0440000000"),
            ("+358 44-000 0000 (toimisto)", "tel:+358440000000"),
        ] {
            assert_eq!(address_of(contact).as_deref(), Some(leads_to), "{contact}");
        }
        for text in
            ["Järjestötalo, huone 12, ma 10–14", "Keskuskatu 12, 00100 Helsinki", "1234567-8", "kysy @kerho", ""]
        {
            assert_eq!(address_of(text), None, "{text}");
        }
    }
}
