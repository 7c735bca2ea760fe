//! The pseudo-language: Finnish with accented letters, 40 % longer. A screen shown in it reveals texts that are not in
//! the files, and texts that do not fit when a language needs more room than Finnish.

use crate::parse::{Piece, pieces};

/// Letters are added in the words, where a long word has to fit, and not after them.
const LONGER_BY_PERCENT: usize = 40;

pub fn pseudo(text: &str) -> String {
    let mut out = String::new();
    let mut owed = 0;
    for piece in pieces(text).unwrap_or_default() {
        match piece {
            Piece::Argument(name) => out.push_str(&format!("{{{name}}}")),
            Piece::Words(words) => {
                for letter in words.chars() {
                    out.push(accented(letter));
                    owed += LONGER_BY_PERCENT;
                    while letter.is_alphabetic() && owed >= 100 {
                        out.push(accented(letter.to_lowercase().next().unwrap_or(letter)));
                        owed -= 100;
                    }
                }
            }
        }
    }
    out
}

fn accented(letter: char) -> char {
    const PLAIN: &str = "aeiouyäöåcdghklnrstzAEIOUYÄÖÅCDGHKLNRSTZ";
    const ACCENTED: &str = "áéíóúýǟȫǻčđǧȟǩļñřšŧžÁÉÍÓÚÝǞȪǺČĐǦȞǨĻÑŘŠŦŽ";
    PLAIN.chars().position(|plain| plain == letter).and_then(|at| ACCENTED.chars().nth(at)).unwrap_or(letter)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_is_accented_and_longer_and_leaves_the_arguments_alone() {
        let text = "Tästä ryhmästä on jo kirjattu {date}: {count}. Jos tämä on eri kerta, tallenna vain.";
        let other = pseudo(text);
        assert!(other.contains("{date}") && other.contains("{count}"), "{other}");
        let length = |text: &str| text.replace("{date}", "").replace("{count}", "").chars().count();
        let percent = length(&other) * 100 / length(text);
        assert!((138..=142).contains(&percent), "{percent}: {other}");
        assert!(other.starts_with("Ŧǟ"), "{other}");
    }
}
