//! Numbers as a language writes them, which it shows by three examples: an example is a text, and a translator knows what to write.

/// A language's examples.
#[derive(Clone, Copy, Debug)]
pub struct Numbers<'a> {
    /// 1000: whether a number of four digits is written together.
    pub thousand: &'a str,
    /// 10000: what stands between groups of three digits.
    pub ten_thousand: &'a str,
    /// A half: the decimal sign.
    pub half: &'a str,
}

impl Numbers<'_> {
    /// `14 230` with a no-break space, `14,230` in English.
    pub fn whole(&self, value: u64) -> String {
        let digits = value.to_string();
        let separator = self.ten_thousand.chars().nth(2).filter(|sign| !sign.is_ascii_digit());
        // A number of four digits is written together in Finnish and Swedish.
        let is_grouped = digits.len() > 4 || self.thousand.len() > 4;
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
    pub fn tenths(&self, value: u64) -> String {
        const RESTS: [&str; 10] = ["", "1", "2", "3", "4", "5", "6", "7", "8", "9"];
        self.with_rest(value / 10, RESTS[(value % 10) as usize])
    }

    /// Quarter hours as hours: `4`, `4,5`, `4,25`.
    pub fn hours(&self, quarter_hours: u64) -> String {
        self.with_rest(quarter_hours / 4, ["", "25", "5", "75"][(quarter_hours % 4) as usize])
    }

    fn with_rest(&self, whole: u64, rest: &str) -> String {
        let mut out = self.whole(whole);
        if !rest.is_empty() {
            out.push(self.half.chars().nth(1).unwrap_or(','));
            out.push_str(rest);
        }
        out
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const FINNISH: Numbers<'static> = Numbers { thousand: "1000", ten_thousand: "10\u{a0}000", half: "0,5" };
    const ENGLISH: Numbers<'static> = Numbers { thousand: "1,000", ten_thousand: "10,000", half: "0.5" };

    #[test]
    fn numbers_are_written_as_the_examples_are() {
        let whole = |numbers: Numbers<'_>| [999, 1_234, 12_345, 1_234_567].map(|value| numbers.whole(value));
        assert_eq!(whole(FINNISH), ["999", "1234", "12\u{a0}345", "1\u{a0}234\u{a0}567"]);
        assert_eq!(whole(ENGLISH), ["999", "1,234", "12,345", "1,234,567"]);
        assert_eq!([170, 176, 5].map(|value| FINNISH.tenths(value)), ["17", "17,6", "0,5"]);
        assert_eq!([16, 17, 18, 19].map(|value| ENGLISH.hours(value)), ["4", "4.25", "4.5", "4.75"]);
    }
}
