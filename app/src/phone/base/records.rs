//! The local records of the association in view, as every screen reads them.

use std::{collections::HashMap, sync::Arc};

use domain::{
    AssociationId, Date, Gathering, Kind, RecordId, Series,
    association::Association,
    review::{Review, ReviewState, Settlement},
};
use leptos::prelude::*;
use sync::{
    Outbox,
    engine::Phase,
    view::{self, Shown},
};

/// One gathering as a screen shows it.
#[derive(Clone, Debug, PartialEq)]
pub struct Row {
    pub shown: Shown,
    pub gathering: Gathering,
    pub state: ReviewState,
    /// The question of a returned gathering.
    pub comment: Option<String>,
}

/// Copied freely, like the phone.
#[derive(Clone, Copy)]
pub struct Records {
    /// The association in view, by which everything here is chosen.
    association: RwSignal<Option<AssociationId>>,
    pub outbox: RwSignal<Arc<Outbox>>,
    /// What the engine is doing: nothing, sending, receiving.
    pub phase: RwSignal<Phase>,
    /// False until the local records have been read.
    pub loaded: RwSignal<bool>,
    /// Read once for all screens, and again when a record changes.
    series: Memo<Arc<Vec<(RecordId, Series)>>>,
    rows: Memo<Arc<Vec<Row>>>,
}

impl Records {
    /// No records yet. To be made under an owner that lives as long as the page.
    pub fn new(association: RwSignal<Option<AssociationId>>) -> Records {
        // The memos read the records that they are part of; by then they are there.
        let whole = StoredValue::new(None::<Records>);
        let records = Records {
            association,
            outbox: RwSignal::new(Arc::new(Outbox::default())),
            phase: RwSignal::new(Phase::Idle),
            loaded: RwSignal::new(false),
            series: Memo::new(move |_| Arc::new(whole.get_value().map(Records::read_series).unwrap_or_default())),
            rows: Memo::new(move |_| Arc::new(whole.get_value().map(Records::read_rows).unwrap_or_default())),
        };
        whole.set_value(Some(records));
        records
    }

    /// The association's groups have arrived on this device once.
    pub fn has_received(self) -> bool {
        let association = self.association.get();
        association.is_some_and(|association| self.outbox.with(|outbox| outbox.cursors.contains_key(&association)))
    }

    /// Records of a kind of the association in view.
    pub fn shown(self, kind: Kind) -> Vec<Shown> {
        let association = self.association.get();
        let all = self.outbox.with(|outbox| view::shown(outbox, kind));
        all.into_iter().filter(|shown| Some(shown.association) == association).collect()
    }

    /// Series, also ended ones, by name.
    pub fn series(self) -> Arc<Vec<(RecordId, Series)>> {
        self.series.get()
    }

    /// Series to choose from.
    pub fn series_in_use(self) -> Vec<(RecordId, Series)> {
        self.series.with(|all| all.iter().filter(|(_, series)| !series.archived).cloned().collect())
    }

    pub fn one_series(self, id: RecordId) -> Option<Series> {
        self.series.with(|all| all.iter().find(|(other, _)| *other == id).map(|(_, series)| series.clone()))
    }

    /// Gatherings, newest first, each with its review.
    pub fn gatherings(self) -> Arc<Vec<Row>> {
        self.rows.get()
    }

    fn read_series(self) -> Vec<(RecordId, Series)> {
        let all = self.shown(Kind::Series).into_iter();
        let mut series: Vec<_> =
            all.filter_map(|shown| Some((shown.id, Series::parse(&shown.content).ok()?))).collect();
        series.sort_unstable_by(|(a_id, a), (b_id, b)| a.name.cmp(&b.name).then(a_id.cmp(b_id)));
        series
    }

    fn read_rows(self) -> Vec<Row> {
        let mut reviews: HashMap<RecordId, (u64, Review)> = HashMap::new();
        for shown in self.shown(Kind::Review) {
            let Ok(review) = Review::parse(&shown.content) else { continue };
            let latest = reviews.entry(review.gathering).or_insert((shown.seq, review.clone()));
            if latest.0 <= shown.seq {
                *latest = (shown.seq, review);
            }
        }
        let mut rows: Vec<Row> = self
            .shown(Kind::Gathering)
            .into_iter()
            .filter_map(|shown| {
                let gathering = Gathering::parse(&shown.content, Date::MAX).ok()?;
                let latest = reviews.get(&shown.id).map(|(_, review)| review);
                let state = ReviewState::of(shown.rev, latest.map(|review| (review.revision, review.verdict)));
                let comment =
                    latest.filter(|_| state == ReviewState::Returned).and_then(|review| review.comment.clone());
                Some(Row { shown, gathering, state, comment })
            })
            .collect();
        rows.sort_unstable_by(|a, b| b.gathering.date.cmp(&a.gathering.date).then(b.shown.id.cmp(&a.shown.id)));
        rows
    }

    pub fn own_association(self) -> Option<Association> {
        self.shown(Kind::Association).iter().find_map(|shown| Association::parse(&shown.content).ok())
    }

    /// Pairs that have been settled, in either order.
    pub fn settlements(self) -> Vec<Settlement> {
        self.shown(Kind::Settlement).iter().filter_map(|shown| Settlement::parse(&shown.content).ok()).collect()
    }
}
