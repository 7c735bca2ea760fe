//! What a chart shows, chosen from the figures of a report. How it looks is not known here.

use std::cmp::Reverse;

use crate::{
    Month,
    report::{
        key::{Dimension, Group, Key, Table},
        measure::{Measure, Sums},
        packs::Pack,
        range::{Comparison, Days},
        tidy::{Basis, Cover, Figure, Span, Value},
    },
};

/// Groups of a picture. The others are in the table, and the picture says how many they are.
pub const GROUPS_MAX: usize = 12;
/// Of fewer groups a table says it as fast.
pub const GROUPS_MIN: usize = 3;
/// Thirty years: a column of a month is then as wide as a hair.
pub const MONTHS_MAX: usize = 360;

/// One group or month.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Slot {
    pub group: Key<'static>,
    /// None where the table has no row: nothing was recorded.
    pub now: Option<Figure>,
    /// None where nothing is compared.
    pub before: Option<Figure>,
}

/// The months of one group.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Panel {
    pub group: Group<'static>,
    pub slots: Vec<Slot>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Picture {
    /// Groups from the largest on, or in an order of their own.
    Groups(Vec<Slot>),
    /// One after the other, without a hole.
    Months(Vec<Slot>),
    /// Small charts of months, one for each group, on one scale.
    Panels(Vec<Panel>),
}

impl Picture {
    /// All groups or months; of panels, those of one after the other.
    pub fn slots(&self) -> impl Iterator<Item = &Slot> {
        let (slots, panels): (&[Slot], &[Panel]) = match self {
            Picture::Groups(slots) | Picture::Months(slots) => (slots, &[]),
            Picture::Panels(panels) => (&[], panels),
        };
        slots.iter().chain(panels.iter().flat_map(|panel| &panel.slots))
    }
}

/// A chart of one measure of one table.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Chart {
    pub table: Table,
    pub measure: Measure,
    /// Of the table's comparison with the year before.
    pub is_compared: bool,
    pub picture: Picture,
    /// Groups that only the table has.
    pub left_out: usize,
    /// What is compared: the years of now, and those before.
    pub years: Option<[String; 2]>,
    /// The largest now, with those that are as large.
    pub largest: Vec<Figure>,
    /// Of all groups, those left out included; none where a sum would say nothing.
    pub sum: Option<Figure>,
    /// The sums of the months that are compared, and of the same a year before.
    pub compared: Option<[Figure; 2]>,
}

/// The measures of which a pack has charts, where a table has them.
pub const fn measures(pack: Pack) -> &'static [Measure] {
    match pack {
        Pack::YouthAndSport => &[Measure::Visits, Measure::Under29],
        _ => &[Measure::Visits],
    }
}

/// What a bar is as long as; none of what has no size, or a range of sizes.
pub fn amount(value: Value) -> Option<u64> {
    match value {
        Value::Count(amount) | Value::QuarterHours(amount) | Value::Minutes(amount) | Value::Tenths(amount) => {
            Some(amount)
        }
        Value::Share { part, .. } => Some(part),
        _ => None,
    }
}

/// What a reader takes for one, in amounts.
pub fn one(value: Value) -> u64 {
    match value {
        Value::QuarterHours(_) => 4,
        Value::Minutes(_) => 60,
        Value::Tenths(_) => 10,
        _ => 1,
    }
}

impl Chart {
    /// The chart of a measure in a table of these figures, or in its comparison with the year before. None where a picture says no more than
    /// the table: of few groups, of nothing but noughts, of verdicts; and of compared months, which stand beside the months themselves.
    pub fn of(
        figures: &[Figure],
        table: Table,
        is_compared: bool,
        measure: Measure,
        comparison: Option<Comparison>,
    ) -> Option<Chart> {
        let of_span = |span: Span| figures.iter().filter(move |one| one.table == table && one.span == span);
        let is_judged = of_span(Span::Whole).any(|one| matches!(one.value, Value::Verdict(_)));
        if table == Table::Whole || is_judged || (is_compared && table == Table::ByMonth) {
            return None;
        }
        let of = |span: Span| -> Vec<&Figure> { of_span(span).filter(|one| one.measure == measure).collect() };
        let now = of(if is_compared { Span::Compared } else { Span::Whole });
        let before = if is_compared || table == Table::ByMonth { of(Span::YearBefore) } else { Vec::new() };
        let (picture, left_out) = match table.dimensions() {
            (Dimension::Month, Dimension::All) => (months(&now, &before)?, 0),
            (_, Dimension::Month) => panels(&now)?,
            _ => groups(table, &now, &before)?,
        };
        let is_something = now.iter().chain(&before).any(|one| amount(one.value).is_some_and(|amount| amount > 0));
        if !is_something {
            return None;
        }
        let most = now.iter().filter_map(|one| amount(one.value)).max().filter(|most| *most > 0);
        let largest = now.iter().filter(|one| most.is_some() && amount(one.value) == most);
        let years = |days: Days| match (days.first.year(), days.last.year()) {
            (first, last) if first == last => first.to_string(),
            (first, last) => format!("{first}–{last}"),
        };
        let years = comparison.filter(|_| !before.is_empty()).map(|of| [years(of.now), years(of.before)]);
        let is_summed = measure.sums() == Sums::Adds && !table.overlaps();
        let compared = [of(Span::Compared), before.clone()];
        let compared = compared.map(|figures| sum(&figures).filter(|_| is_summed && years.is_some()));
        Some(Chart {
            table,
            measure,
            is_compared,
            picture,
            left_out,
            years,
            largest: largest.map(|one| (*one).clone()).collect(),
            sum: sum(&now).filter(|_| is_summed && !is_compared),
            compared: match compared {
                [Some(now), Some(before)] => Some([now, before]),
                _ => None,
            },
        })
    }

    /// All bars' figures, those before included.
    pub fn figures(&self) -> impl Iterator<Item = &Figure> {
        self.picture.slots().flat_map(|slot| slot.now.iter().chain(&slot.before))
    }
}

/// Of figures that add up; known over as many gatherings as they are together.
fn sum(figures: &[&Figure]) -> Option<Figure> {
    let first = figures.iter().find(|one| amount(one.value).is_some())?;
    let total = figures.iter().filter_map(|one| amount(one.value)).fold(0, u64::saturating_add);
    let value = match first.value {
        Value::Count(_) => Value::Count(total),
        Value::QuarterHours(_) => Value::QuarterHours(total),
        Value::Minutes(_) => Value::Minutes(total),
        _ => return None,
    };
    let mut covers = Cover { is_of_groups: first.covers.is_of_groups, ..Cover::default() };
    for one in figures {
        covers.known = covers.known.saturating_add(one.covers.known);
        covers.of = covers.of.saturating_add(one.covers.of);
    }
    Some(Figure { group: Key::all(), value, covers, basis: Basis::default(), ..(*first).clone() })
}

/// Now and before of each group, in the order of the table.
fn slots(now: &[&Figure], before: &[&Figure]) -> Vec<Slot> {
    let mut slots: Vec<Slot> = Vec::new();
    for one in now {
        slots.push(Slot { group: one.group.clone(), now: Some((*one).clone()), before: None });
    }
    for one in before {
        match slots.iter_mut().find(|slot| slot.group == one.group) {
            Some(slot) => slot.before = Some((*one).clone()),
            None => slots.push(Slot { group: one.group.clone(), now: None, before: Some((*one).clone()) }),
        }
    }
    slots
}

fn groups(table: Table, now: &[&Figure], before: &[&Figure]) -> Option<(Picture, usize)> {
    let mut slots = slots(now, before);
    if slots.len() < GROUPS_MIN {
        return None;
    }
    // A week has its order. Otherwise the largest comes first, and what has no figure last; equals stand as in the table.
    if table != Table::ByWeekday {
        let of = |figure: &Option<Figure>| figure.as_ref().and_then(|figure| amount(figure.value));
        slots.sort_by_key(|slot| Reverse((of(&slot.now), of(&slot.before))));
    }
    let left_out = slots.len().saturating_sub(GROUPS_MAX);
    slots.truncate(GROUPS_MAX);
    Some((Picture::Groups(slots), left_out))
}

/// Fills in the months of which nothing was recorded, from the first to the last.
fn each_month(
    slots: Vec<Slot>,
    month: impl Fn(&Key<'static>) -> Option<Month>,
    key: impl Fn(Month) -> Key<'static>,
) -> Vec<Slot> {
    let all: Vec<(i32, Slot)> =
        slots.into_iter().filter_map(|slot| Some((month(&slot.group)?.index(), slot))).collect();
    let (first, last) = (all.iter().map(|one| one.0).min(), all.iter().map(|one| one.0).max());
    let (Some(first), Some(last)) = (first, last) else { return Vec::new() };
    if last - first >= MONTHS_MAX as i32 {
        return Vec::new();
    }
    let empty = |index| Slot { group: key(Month::from_index(index)), now: None, before: None };
    let mut filled: Vec<Slot> = (first..=last).map(empty).collect();
    for (index, slot) in all {
        if let Some(place) = filled.get_mut((index - first) as usize) {
            *place = slot;
        }
    }
    filled
}

fn month_of(group: &Group<'_>) -> Option<Month> {
    match group {
        Group::Month(month) => Some(*month),
        _ => None,
    }
}

fn months(now: &[&Figure], before: &[&Figure]) -> Option<Picture> {
    let slots = each_month(slots(now, before), |key| month_of(&key.0), |month| Group::Month(month).into());
    (slots.len() >= GROUPS_MIN).then_some(Picture::Months(slots))
}

/// Of the groups with most; every one has the same months.
fn panels(now: &[&Figure]) -> Option<(Picture, usize)> {
    let mut groups: Vec<(&Group<'static>, Vec<&Figure>)> = Vec::new();
    for one in now {
        match groups.iter_mut().find(|(group, _)| **group == one.group.0) {
            Some((_, figures)) => figures.push(one),
            None => groups.push((&one.group.0, vec![one])),
        }
    }
    let all: Vec<Month> = now.iter().filter_map(|one| month_of(&one.group.1)).collect();
    let (first, last) = (*all.iter().min()?, *all.iter().max()?);
    if groups.len() < 2 || last.index() - first.index() + 1 < GROUPS_MIN as i32 {
        return None;
    }
    groups.sort_by_key(|(_, figures)| {
        Reverse(figures.iter().filter_map(|one| amount(one.value)).fold(0, u64::saturating_add))
    });
    let left_out = groups.len().saturating_sub(GROUPS_MAX);
    let panel = |(group, figures): (&Group<'static>, Vec<&Figure>)| {
        let key = |month| Key(group.clone(), Group::Month(month));
        let mut slots = slots(&figures, &[]);
        // Both ends, so that all have the same months.
        for month in [first, last] {
            if !slots.iter().any(|slot| slot.group == key(month)) {
                slots.push(Slot { group: key(month), now: None, before: None });
            }
        }
        Panel { group: group.clone(), slots: each_month(slots, |key| month_of(&key.1), key) }
    };
    let panels: Vec<Panel> = groups.into_iter().take(GROUPS_MAX).map(panel).collect();
    panels.iter().all(|panel| !panel.slots.is_empty()).then_some((Picture::Panels(panels), left_out))
}
