//! For the study centre OK Sivis: a study group has at least five people aged 15 or more, and at least ten hours in the calendar year. Each
//! group passes, fails, or cannot be known: the age band 13–17 straddles 15, and what nobody said is not guessed. Never names.

use crate::{
    RecordId,
    report::{
        key::{Group, Key, Table},
        measure::Measure,
        summing::Summed,
        tidy::{Figure, Missing, Span, Value, Verdict},
        totals::Totals,
    },
};

pub const TABLES: &[Table] = &[Table::BySeries];

/// People aged 15 or more.
pub const PEOPLE_MIN: u64 = 5;
/// Minutes in a calendar year: ten hours.
pub const MINUTES_MIN: u64 = 600;

pub fn figures(summed: &Summed) -> Vec<Figure> {
    let mut figures = Vec::new();
    for (key, totals) in summed.rows(Table::BySeries) {
        let Key(Group::Series(Some(series)), _) = key else { continue };
        if totals.gatherings() == 0 {
            continue;
        }
        figures
            .extend([Measure::Gatherings, Measure::Visits].map(|measure| summed.figure(Table::BySeries, key, measure)));
        figures.push(summed.figure(Table::BySeries, key, Measure::DistinctPeople));
        figures.push(summed.figure(Table::BySeries, key, Measure::InstructedHours));
        let ages = summed.figure(Table::BySeries, key, Measure::Under20);
        let hours = summed.figure(Table::BySeries, key, Measure::InstructedHours);
        let (of_people, of_hours) = (people(summed, *series, totals), self::hours(summed, totals));
        for (measure, verdict, covers) in [
            (Measure::SivisPeople, of_people, ages.covers),
            (Measure::SivisHours, of_hours, hours.covers),
            (Measure::Sivis, both(of_people, of_hours), hours.covers),
        ] {
            let value = match summed.range().whole_year() {
                Some(_) => Value::Verdict(verdict),
                None => Value::Missing(Missing::YearsOnly),
            };
            let group = key.clone();
            let basis = ages.basis;
            figures.push(Figure { table: Table::BySeries, group, span: Span::Whole, measure, value, covers, basis });
        }
    }
    figures
}

/// So many aged 15 or more that it passes, or so few that it cannot.
///
/// At least as many came as were surely 15 or more at one gathering; where everybody was at every gathering, as many as different people.
/// At most as many came as different people, or as may have been 15 over all gatherings.
fn people(summed: &Summed, series: RecordId, totals: &Totals) -> Verdict {
    let answer = summed.people(series).and_then(|people| Some(u64::from(people.distinct_people?)));
    let all_are = totals.with_unsure == 0;
    let at_one = u64::from(totals.adults_least);
    let least = if all_are { at_one.max(answer.unwrap_or(0)) } else { at_one };
    let most = totals.adults_most.min(answer.unwrap_or(u64::MAX).max(at_one));
    let [_, _, from_13_to_17, .., unknown] = totals.by_age;
    let ages_said = totals.ages.basis.sum() == totals.gatherings() && unknown == 0;
    if least >= PEOPLE_MIN {
        Verdict::Passes
    } else if most < PEOPLE_MIN {
        unless_going_on(summed, Verdict::Fails)
    } else if u64::from(totals.adults_with_13_17) >= PEOPLE_MIN || (ages_said && from_13_to_17 > 0) {
        Verdict::StraddlesFifteen
    } else if !ages_said {
        Verdict::AgesNotSaid
    } else {
        Verdict::PeopleNotAsked
    }
}

fn hours(summed: &Summed, totals: &Totals) -> Verdict {
    if totals.minutes.sum >= MINUTES_MIN {
        Verdict::Passes
    } else if totals.minutes.basis.sum() == totals.gatherings() {
        unless_going_on(summed, Verdict::Fails)
    } else {
        Verdict::DurationNotSaid
    }
}

/// What does not pass in a year that goes on may pass yet.
fn unless_going_on(summed: &Summed, verdict: Verdict) -> Verdict {
    if summed.is_over() { verdict } else { Verdict::NotYet }
}

/// A condition that fails decides; then one that cannot be known.
fn both(people: Verdict, hours: Verdict) -> Verdict {
    match (people, hours) {
        (Verdict::Fails, _) | (_, Verdict::Fails) => Verdict::Fails,
        (Verdict::Passes, other) | (other, _) => other,
    }
}
