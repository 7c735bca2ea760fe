//! The volunteer's room: recording, the list, groups, paper, the year, and what waits. It is in the main part.

mod below_groups;
mod gathering_list;
mod groups;
mod missing;
mod my_year;
mod outgoing;
mod paper;
mod prerender;
mod record;
mod undo;

pub use below_groups::below_groups;
use gathering_list::GatheringsPage;
use groups::{GroupPage, GroupsPage};
use leptos::prelude::*;
use my_year::MyYearPage;
use outgoing::OutgoingPage;
use paper::{FromPaperPage, PaperPage};
use record::RecordPage;
pub use undo::undo_bar;

#[derive(Clone, Debug, PartialEq, Eq)]
enum Screen<'a> {
    Gatherings,
    Outgoing,
    MyYear,
    Groups,
    Group(&'a str),
    /// A blank form of a group, to be printed.
    Paper(&'a str),
    /// Many gatherings of a group, from paper.
    FromPaper(&'a str),
    /// `/kirjaa/{series}`, `/kirjaa/{series}/{date}`, `/kirjaa/nyt`, `/kirjaa/muu`, `/kerta/{id}`, `/kesken/{id}`.
    Record {
        what: &'a str,
        id: &'a str,
        /// Empty where the address names no day.
        day: &'a str,
    },
}

impl<'a> Screen<'a> {
    /// The screen of the words of an address below `/app`; none of another room's.
    fn at(path: &[&'a str]) -> Option<Screen<'a>> {
        Some(match *path {
            ["kerrat"] => Screen::Gatherings,
            ["lahtevat"] => Screen::Outgoing,
            ["vuoteni"] => Screen::MyYear,
            ["ryhmat"] => Screen::Groups,
            ["ryhma", id] => Screen::Group(id),
            ["paperi", id] => Screen::Paper(id),
            ["paperista", id] => Screen::FromPaper(id),
            [what @ ("kirjaa" | "kerta" | "kesken"), id] => Screen::Record { what, id, day: "" },
            ["kirjaa", id, day] => Screen::Record { what: "kirjaa", id, day },
            _ => return None,
        })
    }
}

/// The screen of an address of this room.
pub fn screen(path: &[&str]) -> Option<AnyView> {
    Some(match Screen::at(path)? {
        Screen::Gatherings => view! { <GatheringsPage /> }.into_any(),
        Screen::Outgoing => view! { <OutgoingPage /> }.into_any(),
        Screen::MyYear => view! { <MyYearPage /> }.into_any(),
        Screen::Groups => view! { <GroupsPage /> }.into_any(),
        Screen::Group(id) => view! { <GroupPage id=id.to_owned() /> }.into_any(),
        Screen::Paper(id) => view! { <PaperPage id=id.to_owned() /> }.into_any(),
        Screen::FromPaper(id) => view! { <FromPaperPage id=id.to_owned() /> }.into_any(),
        Screen::Record { what, id, day } => {
            view! { <RecordPage what=what.to_owned() id=id.to_owned() day=day.to_owned() /> }.into_any()
        }
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_screen_has_its_address() {
        let at = |path: &'static str| Screen::at(&path.split('/').skip(1).collect::<Vec<_>>());
        let record = |id, day| Some(Screen::Record { what: "kirjaa", id, day });
        assert_eq!(at("/vuoteni"), Some(Screen::MyYear));
        assert_eq!(at("/kirjaa/muu"), record("muu", ""));
        assert_eq!(at("/kirjaa/x/2026-11-22"), record("x", "2026-11-22"));
        assert_eq!(at("/ryhma/uusi"), Some(Screen::Group("uusi")));
        for none in ["/muu", "/muu/x", "/kirjaa", "/kerta/x/2026-11-22", "", "/vuosi", "/asetukset"] {
            assert_eq!(at(none), None, "{none}");
        }
    }
}
