//! For the annual meeting: a few sentences, and the table from which they are. Every number in a sentence is a figure of the table, which a
//! sentence therefore holds whole, and does not compute.

use crate::report::{
    key::{Group, Key, Table},
    measure::Measure,
    packs::year::COMPARED,
    range::Range,
    summing::Summed,
    tidy::{Figure, Span, Value},
};

pub const TABLES: &[Table] = &[Table::Whole, Table::BySeries, Table::ByForm];

pub const TABLES_COMPARED: &[Table] = &[Table::Whole];

pub const WHOLE: &[Measure] = &[
    Measure::Gatherings,
    Measure::Groups,
    Measure::Visits,
    Measure::Average,
    Measure::DistinctPeople,
    Measure::FirstTimers,
    Measure::Volunteers,
    Measure::VolunteerHours,
    Measure::DistinctVolunteers,
    Measure::Outings,
    Measure::OutingPeople,
    Measure::Free,
    Measure::Open,
    Measure::Counted,
    Measure::Sample,
    Measure::Estimated,
    Measure::Waiting,
];

pub const OF_FORM: &[Measure] = &[Measure::Gatherings, Measure::Visits];

/// Forms that a sentence names.
const FORMS_NAMED: usize = 3;

pub fn figures(summed: &Summed) -> Vec<Figure> {
    let mut figures = summed.table(Table::Whole, WHOLE);
    figures.extend(summed.table(Table::ByForm, OF_FORM));
    figures.extend(summed.year_on_year(Table::Whole, COMPARED));
    figures
}

/// What a sentence says. Its text is in the languages' files; the figures stand in the order of the doc comment.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Said {
    /// Nothing was held.
    Nothing,
    /// Gatherings, groups, visits, average.
    Held,
    /// Visits of the compared months, of the year before, and the change.
    Compared,
    /// Different people: one figure, exact or from – to.
    People,
    /// First-timers.
    FirstTimers,
    /// Visits of a form, and its gatherings; the sentence's group is the form.
    Form,
    /// Volunteers at gatherings, and their hours.
    Volunteers,
    /// Different volunteers.
    DistinctVolunteers,
    /// Outings, and their people.
    Outings,
    /// Gatherings free of charge, of those that said it.
    Free,
    /// Gatherings open to all.
    Open,
    /// Gatherings counted, of which a sample was counted, and estimated.
    Basis,
    /// Gatherings not yet approved.
    Waiting,
}

impl Said {
    pub const ALL: [Said; 13] = [
        Said::Nothing,
        Said::Held,
        Said::Compared,
        Said::People,
        Said::FirstTimers,
        Said::Form,
        Said::Volunteers,
        Said::DistinctVolunteers,
        Said::Outings,
        Said::Free,
        Said::Open,
        Said::Basis,
        Said::Waiting,
    ];

    pub const fn code(self) -> &'static str {
        match self {
            Said::Nothing => "nothing",
            Said::Held => "held",
            Said::Compared => "compared",
            Said::People => "people",
            Said::FirstTimers => "first_timers",
            Said::Form => "form",
            Said::Volunteers => "volunteers",
            Said::DistinctVolunteers => "distinct_volunteers",
            Said::Outings => "outings",
            Said::Free => "free",
            Said::Open => "open",
            Said::Basis => "basis",
            Said::Waiting => "waiting",
        }
    }

    /// Figures of a sentence.
    pub const fn figures(self) -> usize {
        match self {
            Said::Nothing => 0,
            Said::Held => 4,
            Said::Compared | Said::Basis => 3,
            Said::Form | Said::Volunteers | Said::Outings => 2,
            _ => 1,
        }
    }
}

/// A sentence with the figures that fill it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sentence {
    pub said: Said,
    pub range: Range,
    pub group: Group<'static>,
    pub figures: Vec<Figure>,
}

/// The paragraph of these figures, which are the pack's own of that range. A sentence about what nobody said, or of what there was none, is
/// left out; one about a part of the gatherings has figures whose cover says so.
pub fn sentences(range: Range, figures: &[Figure]) -> Vec<Sentence> {
    let find = |table, span, group: &Key<'static>, measure| {
        let is_it = |figure: &&Figure| {
            figure.table == table && figure.span == span && figure.group == *group && figure.measure == measure
        };
        figures.iter().find(is_it).cloned()
    };
    let mut out = Vec::new();
    let mut say = |said, group: Group<'static>, found: Vec<Option<Figure>>| {
        // All figures, or no sentence.
        if let Some(figures) = found.into_iter().collect::<Option<Vec<Figure>>>() {
            out.push(Sentence { said, range, group, figures });
        }
    };
    let whole = |measure| find(Table::Whole, Span::Whole, &Key::all(), measure);
    let some = |measure| whole(measure).filter(|figure| says_something(figure.value));
    if some(Measure::Gatherings).is_none() {
        say(Said::Nothing, Group::All, Vec::new());
        return out;
    }
    let held = [Measure::Gatherings, Measure::Groups, Measure::Visits, Measure::Average];
    say(Said::Held, Group::All, held.map(whole).into());
    let visits = |span| find(Table::Whole, span, &Key::all(), Measure::Visits);
    // Beside a year in which nothing was recorded, a change says nothing.
    let before = visits(Span::YearBefore).filter(|figure| says_something(figure.value));
    say(Said::Compared, Group::All, vec![visits(Span::Compared), before, visits(Span::Change)]);
    say(Said::People, Group::All, vec![some(Measure::DistinctPeople)]);
    say(Said::FirstTimers, Group::All, vec![some(Measure::FirstTimers)]);
    for key in largest_forms(figures) {
        let of_form = |measure| find(Table::ByForm, Span::Whole, &key, measure);
        say(Said::Form, key.0.clone(), vec![of_form(Measure::Visits), of_form(Measure::Gatherings)]);
    }
    say(Said::Volunteers, Group::All, vec![some(Measure::Volunteers), whole(Measure::VolunteerHours)]);
    say(Said::DistinctVolunteers, Group::All, vec![some(Measure::DistinctVolunteers)]);
    say(Said::Outings, Group::All, vec![some(Measure::Outings), whole(Measure::OutingPeople)]);
    say(Said::Free, Group::All, vec![some(Measure::Free)]);
    say(Said::Open, Group::All, vec![some(Measure::Open)]);
    say(Said::Basis, Group::All, [Measure::Counted, Measure::Sample, Measure::Estimated].map(whole).into());
    say(Said::Waiting, Group::All, vec![some(Measure::Waiting)]);
    out
}

/// Neither missing nor nought.
fn says_something(value: Value) -> bool {
    !matches!(value, Value::Missing(_) | Value::Count(0) | Value::QuarterHours(0) | Value::Share { part: 0, .. })
}

/// The forms with most visits, of which there were some; the order of equal ones is that of their codes.
fn largest_forms(figures: &[Figure]) -> Vec<Key<'static>> {
    let visits = figures.iter().filter(|figure| figure.table == Table::ByForm && figure.measure == Measure::Visits);
    let mut forms: Vec<(u64, &Key<'static>)> = visits
        .filter_map(|figure| match figure.value {
            Value::Count(visits) if visits > 0 => Some((visits, &figure.group)),
            _ => None,
        })
        .collect();
    forms.sort_by(|(a, a_key), (b, b_key)| b.cmp(a).then(a_key.cmp(b_key)));
    forms.into_iter().take(FORMS_NAMED).map(|(_, key)| key.clone()).collect()
}
