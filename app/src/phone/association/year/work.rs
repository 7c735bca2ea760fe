//! Sums the records in slices, so that a cheap phone answers to taps while ten years are counted.

use std::{collections::BTreeMap, sync::Arc, time::Duration};

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
use js_sys::Promise;
use leptos::{prelude::*, task::spawn_local};
use wasm_bindgen::JsValue;
use wasm_bindgen_futures::JsFuture;

use crate::phone::base::phone::Phone;

/// Gatherings that are summed before the browser may draw again: a cheap phone takes some 20 ms for them.
const SLICE: usize = 250;

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
    let latest = StoredValue::new(0_u32);
    Effect::new(move |_| {
        let (range, pack, today) = (range.get(), pack.get(), phone.clock.today.get());
        let rows = phone.records.gatherings();
        let series: BTreeMap<RecordId, Series> = phone.records.series().iter().cloned().collect();
        let people = phone.records.shown(Kind::YearlyPeople);
        let people: Vec<YearlyPeople> =
            people.iter().filter_map(|shown| YearlyPeople::parse(&shown.content).ok()).collect();
        let this = latest.get_value().wrapping_add(1);
        latest.set_value(this);
        spawn_local(async move {
            let (tables, compared) = (pack.tables().iter().copied(), pack.compared().iter().copied());
            let mut report = Report::new(range, today, tables, compared);
            for (at, slice) in rows.chunks(SLICE).enumerate() {
                if at > 0 {
                    breathe().await;
                }
                // Something else was chosen, or the screen has been left.
                if latest.try_get_value() != Some(this) {
                    return;
                }
                for row in slice {
                    report.add(ReportRow { gathering: &row.gathering, state: row.state });
                }
            }
            let has_any = rows.iter().any(|row| range.days().contains(row.gathering.date));
            let summed = report.finish(&series, &people);
            let (figures, comparison) = (pack.figures(&summed), summed.comparison());
            let sentences = match pack {
                Pack::AnnualReport => annual_report::sentences(range, &figures),
                _ => Vec::new(),
            };
            let _ = done.try_set(Some(Arc::new(Done { range, pack, comparison, figures, sentences, series, has_any })));
        });
    });
}

/// Lets the browser draw, and answer to what was tapped meanwhile.
async fn breathe() {
    let soon = Promise::new(&mut |resolve, _| {
        set_timeout(
            move || {
                let _ = resolve.call0(&JsValue::NULL);
            },
            Duration::ZERO,
        );
    });
    let _ = JsFuture::from(soon).await;
}
