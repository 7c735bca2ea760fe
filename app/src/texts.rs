//! Every text of the product in Finnish, Swedish and English. A text without one of the three does not compile.

/// `name => "suomi" | "svenska" | "English";`, with named arguments where the text has any.
macro_rules! texts {
    ($($name:ident $(($($arg:ident),+))? => $fi:literal | $sv:literal | $en:literal;)+) => {
        $($crate::texts::texts!(@one $name $(($($arg),+))? $fi, $sv, $en);)+

        /// Every text of this file, for the test that looks at them all.
        #[cfg(test)]
        pub(crate) const ALL: &[(&str, [&str; 3])] = &[$((stringify!($name), [$fi, $sv, $en])),+];
    };
    (@one $name:ident $fi:literal, $sv:literal, $en:literal) => {
        pub const fn $name(lang: domain::Lang) -> &'static str {
            match lang {
                domain::Lang::Fi => $fi,
                domain::Lang::Sv => $sv,
                domain::Lang::En => $en,
            }
        }
    };
    (@one $name:ident ($($arg:ident),+) $fi:literal, $sv:literal, $en:literal) => {
        pub fn $name(lang: domain::Lang, $($arg: impl std::fmt::Display),+) -> String {
            match lang {
                domain::Lang::Fi => format!($fi),
                domain::Lang::Sv => format!($sv),
                domain::Lang::En => format!($en),
            }
        }
    };
}
pub(crate) use texts;

pub mod association;
pub mod common;
pub mod coordinator;
pub mod details;
pub mod groups;
pub mod install;
pub mod my_year;
pub mod paper;
pub mod problems;
pub mod volunteer;

#[cfg(test)]
mod tests {
    #[test]
    fn no_text_is_empty_and_each_language_names_the_same_arguments() {
        let all = [
            super::association::ALL,
            super::common::ALL,
            super::coordinator::ALL,
            super::details::ALL,
            super::groups::ALL,
            super::install::ALL,
            super::my_year::ALL,
            super::paper::ALL,
            super::problems::ALL,
            super::volunteer::ALL,
        ];
        for (name, texts) in all.concat() {
            let arguments = |text: &str| {
                let mut names: Vec<String> = text
                    .split('{')
                    .skip(1)
                    .filter_map(|rest| rest.split_once('}'))
                    .map(|(a, _)| a.to_owned())
                    .collect();
                names.sort();
                names.dedup();
                names
            };
            for text in texts {
                assert!(!text.trim().is_empty(), "{name}");
                assert_eq!(arguments(text), arguments(texts[0]), "{name}");
            }
        }
    }

    #[test]
    fn the_words_that_volunteers_do_not_use_are_avoided() {
        for (name, [fi, ..]) in super::volunteer::ALL.iter().chain(super::common::ALL) {
            for word in ["synkron", "offline", "jono", "palvelin"] {
                assert!(!fi.to_lowercase().contains(word), "{name}: {fi}");
            }
        }
    }
}
