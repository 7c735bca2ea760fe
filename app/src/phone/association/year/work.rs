//! Sums the records in slices, so that a cheap phone answers to taps while ten years are counted.

use std::{collections::BTreeMap, sync::Arc};

use domain::{
    Kind, RecordId, Series,
    report::{
        Row as ReportRow,
        packs::{Pack, annual_report},
        range::{Comparison, Range},
        summing::Report,
        tidy::Figure,
    },
    yearly_people::YearlyPeople,
};
use leptos::{prelude::*, task::spawn_local};

use crate::phone::{
    association::slices::{Latest, Slices},
    base::phone::Phone,
};

/// Gatherings that are summed before the clock is looked at.
const AT_ONCE: usize = 32;

/// A report that has been computed.
#[derive(Clone, Debug)]
pub struct Done {
    pub range: Range,
    pub pack: Pack,
    pub comparison: Option<Comparison>,
    pub figures: Vec<Figure>,
    /// Of the annual report.
    pub sentences: Vec<annual_report::Sentence>,
    pub series: BTreeMap<RecordId, Series>,
    /// Something was held, or recorded as not held.
    pub has_any: bool,
}

/// Computes the report again whenever its records, its range or its pack change. The one before stays until the new one is there.
pub fn follow(phone: Phone, range: RwSignal<Range>, pack: RwSignal<Pack>, done: RwSignal<Option<Arc<Done>>>) {
    let latest = Latest::new();
    Effect::new(move |_| {
        let (range, pack, today) = (range.get(), pack.get(), phone.clock.today.get());
        let rows = phone.records.gatherings();
        let series = phone.records.series();
        let people = phone.records.shown(Kind::YearlyPeople);
        let goes_on = latest.begin();
        spawn_local(async move {
            let mut slices = Slices::begin().await;
            let series: BTreeMap<RecordId, Series> = series.iter().cloned().collect();
            let people: Vec<YearlyPeople> =
                people.iter().filter_map(|shown| YearlyPeople::parse(&shown.content).ok()).collect();
            let (tables, compared) = (pack.tables().iter().copied(), pack.compared().iter().copied());
            let mut report = Report::new(range, today, tables, compared);
            for slice in rows.chunks(AT_ONCE) {
                slices.next_if_long().await;
                if !goes_on() {
                    return;
                }
                for row in slice {
                    report.add(ReportRow { gathering: &row.gathering, state: row.state });
                }
            }
            slices.next().await;
            let has_any = rows.iter().any(|row| range.days().contains(row.gathering.date));
            let summed = report.finish(&series, &people);
            slices.next().await;
            let (figures, comparison) = (pack.figures(&summed), summed.comparison());
            let sentences = match pack {
                Pack::AnnualReport => annual_report::sentences(range, &figures),
                _ => Vec::new(),
            };
            if !goes_on() {
                return;
            }
            let _ = done.try_set(Some(Arc::new(Done { range, pack, comparison, figures, sentences, series, has_any })));
        });
    });
}
