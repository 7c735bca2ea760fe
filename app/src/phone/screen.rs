//! Which of the other screens an address names.

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Screen {
    Gatherings,
    Outgoing,
    Settings,
    Month,
    Year,
    MyYear,
    Groups,
    Group(String),
    /// A blank form of a group, to be printed.
    Paper(String),
    /// Many gatherings of a group, from paper.
    FromPaper(String),
    /// `/kirjaa/{series}`, `/kirjaa/{series}/{date}`, `/kirjaa/nyt`, `/kirjaa/muu`, `/kerta/{id}`, `/kesken/{id}`.
    Record {
        what: String,
        id: String,
        /// Empty where the address names no day.
        day: String,
    },
    NotFound,
}

impl Screen {
    /// The screen of an address below `/app`.
    pub fn at(path: &str) -> Screen {
        let record = |what: &str, id: &str, day: &str| Screen::Record {
            what: what.to_owned(),
            id: id.to_owned(),
            day: day.to_owned(),
        };
        match path.split('/').skip(1).collect::<Vec<_>>()[..] {
            ["kerrat"] => Screen::Gatherings,
            ["lahtevat"] => Screen::Outgoing,
            ["asetukset"] => Screen::Settings,
            ["yhdistys"] => Screen::Month,
            ["vuosi"] => Screen::Year,
            ["vuoteni"] => Screen::MyYear,
            ["ryhmat"] => Screen::Groups,
            ["ryhma", id] => Screen::Group(id.to_owned()),
            ["paperi", id] => Screen::Paper(id.to_owned()),
            ["paperista", id] => Screen::FromPaper(id.to_owned()),
            [what @ ("kirjaa" | "kerta" | "kesken"), id] => record(what, id, ""),
            ["kirjaa", id, day] => record("kirjaa", id, day),
            _ => Screen::NotFound,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_screen_has_its_address() {
        let record = |id: &str, day: &str| Screen::Record { what: "kirjaa".into(), id: id.into(), day: day.into() };
        assert_eq!(Screen::at("/vuosi"), Screen::Year);
        assert_eq!(Screen::at("/kirjaa/muu"), record("muu", ""));
        assert_eq!(Screen::at("/kirjaa/x/2026-11-22"), record("x", "2026-11-22"));
        assert_eq!(Screen::at("/ryhma/uusi"), Screen::Group("uusi".into()));
        for none in ["/muu", "/muu/x", "/kirjaa", "/kerta/x/2026-11-22", ""] {
            assert_eq!(Screen::at(none), Screen::NotFound, "{none}");
        }
    }
}
