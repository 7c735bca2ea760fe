//! The texts at bars, before anything has its place.

use crate::{
    Month,
    report::{
        chart::model::{Slot, amount},
        key::Group,
        tidy::{Figure, Missing, Words as _},
        words::InWords,
    },
};

/// What a chart is written with: the words of the report, and numbers and months as a language writes them.
#[derive(Clone, Copy)]
pub struct Texts<'a> {
    pub words: &'a InWords<'a>,
    /// A figure as its table has it, with what it covers where that is not all.
    pub value: &'a dyn Fn(&Figure) -> String,
    /// A month's short name.
    pub month: &'a dyn Fn(Month) -> String,
}

/// A bar to be drawn.
#[derive(Clone, Debug)]
pub struct Mark {
    /// None where there is no figure.
    pub amount: Option<u64>,
    pub label: String,
    pub is_part: bool,
}

/// A group or a month, with its bars.
#[derive(Clone, Debug)]
pub struct Labelled {
    pub name: String,
    pub month: Option<Month>,
    pub now: Mark,
    pub before: Option<Mark>,
}

impl Labelled {
    pub fn marks(&self) -> impl Iterator<Item = &Mark> {
        std::iter::once(&self.now).chain(&self.before)
    }

    pub fn amounts(all: &[Labelled]) -> impl Iterator<Item = u64> {
        all.iter().flat_map(|one| one.marks().filter_map(|mark| mark.amount))
    }
}

impl Texts<'_> {
    pub fn labelled(&self, slots: &[Slot]) -> Vec<Labelled> {
        let months = || slots.iter().filter_map(month);
        let is_one_year = months().map(Month::year).min() == months().map(Month::year).max();
        let label = |slot: &Slot| {
            let month = month(slot);
            let name = match month {
                Some(month) if is_one_year => (self.month)(month),
                Some(month) => format!("{} {}", (self.month)(month), month.year()),
                None => self.words.key(&slot.group),
            };
            Labelled {
                name,
                month,
                now: self.mark(slot.now.as_ref()),
                before: slot.before.as_ref().map(|one| self.mark(Some(one))),
            }
        };
        slots.iter().map(label).collect()
    }

    fn mark(&self, figure: Option<&Figure>) -> Mark {
        match figure {
            Some(figure) => {
                let amount = amount(figure.value);
                Mark { amount, label: (self.value)(figure), is_part: amount.is_some() && !figure.covers.is_whole() }
            }
            None => Mark { amount: None, label: self.words.missing(Missing::NothingHeld), is_part: false },
        }
    }
}

fn month(slot: &Slot) -> Option<Month> {
    match (&slot.group.0, &slot.group.1) {
        (_, Group::Month(month)) | (Group::Month(month), _) => Some(*month),
        _ => None,
    }
}
