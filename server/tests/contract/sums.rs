//! The sums that the coordinator's page reads always equal a fresh count of all gatherings.

use std::collections::BTreeMap;

use domain::{
    AssociationId, Date, Gathering, Kind, Month, RecordId,
    codes::Municipality,
    report::{Amounts, Contribution, contribution},
    review::{Review, ReviewState, Verdict},
};
use serde_json::json;
use server::store::PullQuery;

use super::{bench::*, history::History};
use crate::support::{change, club, new_record, with};

/// Municipality, month, association and form.
type Key = (String, i32, AssociationId, String);

const FIRST: Month = Month::from_index(2000 * 12);
const LAST: Month = Month::from_index(2100 * 12);

fn place(code: &str) -> Municipality {
    Municipality::parse(code).expect("a code")
}

/// All sums of the database that are not zero.
async fn sums<D: Database>(db: &D) -> BTreeMap<Key, Amounts> {
    let mut all = BTreeMap::new();
    for municipality in Municipality::all() {
        for row in db.store().tallies(municipality, FIRST, LAST).await.expect("sums") {
            let key = (municipality.code().to_owned(), row.month.index(), row.association, row.form.code().to_owned());
            if row.amounts != Amounts::default() {
                assert!(all.insert(key, row.amounts).is_none(), "two rows of one key");
            }
        }
    }
    all
}

/// What every gathering adds, by a count of all records of both associations.
pub async fn counted<D: Database>(db: &D) -> Vec<(AssociationId, RecordId, Date, Contribution)> {
    let mut all = Vec::new();
    for association in [HERE, THERE] {
        let records = pull_all(db, PullQuery { association, ..EVERYTHING }).await;
        // In sequence order: the last one of a gathering is its latest.
        let reviews: BTreeMap<RecordId, (u32, Verdict)> = records
            .iter()
            .filter(|record| record.kind == Kind::Review)
            .filter_map(|record| Review::parse(record.content.as_ref()?).ok())
            .map(|review| (review.gathering, (review.revision, review.verdict)))
            .collect();
        for record in records.iter().filter(|record| record.kind == Kind::Gathering) {
            let Some(content) = &record.content else { continue };
            let gathering = Gathering::parse(content, Date::MAX).expect("a stored gathering is valid");
            let state = ReviewState::of(record.rev, reviews.get(&record.id).copied());
            if let Some(part) = contribution(&gathering, state) {
                all.push((association, record.id, gathering.date, part));
            }
        }
    }
    all
}

async fn rebuilt<D: Database>(db: &D) -> BTreeMap<Key, Amounts> {
    let mut all: BTreeMap<Key, Amounts> = BTreeMap::new();
    for (association, _, _, part) in counted(db).await {
        if !part.sensitive {
            let key =
                (part.municipality.code().to_owned(), part.month.index(), association, part.form.code().to_owned());
            all.entry(key).or_default().add(&part.amounts);
        }
    }
    all
}

async fn november<D: Database>(db: &D) -> Amounts {
    let key = ("755".to_owned(), 2026 * 12 + 10, HERE, "kerho".to_owned());
    sums(db).await.get(&key).copied().unwrap_or_default()
}

pub async fn a_gathering_is_counted_in_its_municipality_month_and_form<D: Database>(db: &D) {
    let id = new_record();
    let whole = with(
        club(14),
        json!({"free": true, "open": true, "municipal_premises": true, "first_timers": 3,
        "ages": {"75": 10, "unknown": 4}, "genders": {"women": 9, "men": 5}, "residents": 12, "basis": "estimated"}),
    );
    volunteer(AINO).take(&**db.store(), &[change(Kind::Gathering, id, 0, whole.clone())]).await;
    let of = november(db).await;
    let named: BTreeMap<_, _> = Amounts::NAMES.into_iter().zip(of.0).filter(|(_, amount)| *amount != 0).collect();
    let expected = BTreeMap::from([
        ("gatherings", 1),
        ("visits", 14),
        ("volunteers", 2),
        ("quarter_hours", 16),
        ("provisional", 1),
        ("free", 1),
        ("open", 1),
        ("municipal_premises", 1),
        ("first_timers", 3),
        ("age_75", 10),
        ("age_unknown", 4),
        ("women", 9),
        ("men", 5),
        ("residents", 12),
        ("residence_known", 14),
    ]);
    assert_eq!(named, expected);
    // Moved to another municipality, month and form it is counted there and no longer here.
    let moved = with(whole, json!({"municipality": "149", "date": "2025-12-31", "form": "retki"}));
    volunteer(AINO).take(&**db.store(), &[change(Kind::Gathering, id, 1, moved)]).await;
    let all = sums(db).await;
    assert_eq!(all.keys().cloned().collect::<Vec<_>>(), [("149".into(), 2025 * 12 + 11, HERE, "retki".into())]);
    // Both ends of the asked months belong to them.
    let december = Month::of(Date::constant(2025, 12, 1));
    let rows = |from, to| db.store().tallies(place("149"), from, to);
    assert_eq!(rows(december, december).await.expect("sums").len(), 1);
    assert!(rows(december.plus(1), december.plus(9)).await.expect("sums").is_empty());
    volunteer(AINO).take(&**db.store(), &[deletion(Kind::Gathering, id, 2)]).await;
    assert!(sums(db).await.is_empty());
}

pub async fn a_returned_gathering_counts_again_when_it_is_mended<D: Database>(db: &D) {
    let id = new_record();
    volunteer(AINO).take(&**db.store(), &[change(Kind::Gathering, id, 0, club(14))]).await;
    let state = |of: Amounts| (of.0[Amounts::GATHERINGS], of.0[Amounts::VISITS], of.0[Amounts::PROVISIONAL]);
    assert_eq!(state(november(db).await), (1, 14, 1));
    review(db, id, 1, "returned").await;
    assert_eq!(state(november(db).await), (0, 0, 0));
    volunteer(AINO).take(&**db.store(), &[change(Kind::Gathering, id, 1, club(15))]).await;
    assert_eq!(state(november(db).await), (1, 15, 1));
    review(db, id, 2, "approved").await;
    assert_eq!(state(november(db).await), (1, 15, 0));
    volunteer(BERIT).take(&**db.store(), &[change(Kind::Gathering, id, 2, club(16))]).await;
    assert_eq!(state(november(db).await), (1, 16, 1), "nobody approved what nobody saw");
}

/// However a review is changed, deleted or pointed elsewhere, the sums are those of what the records say.
pub async fn a_review_that_is_taken_back_counts_as_if_it_never_was<D: Database>(db: &D) {
    let (id, other) = (new_record(), new_record());
    let clubs = [id, other].map(|id| change(Kind::Gathering, id, 0, club(14)));
    volunteer(AINO).take(&**db.store(), &clubs).await;
    let returned = review(db, id, 1, "returned").await;
    let pointed = json!({"gathering": other, "revision": 1, "verdict": "returned", "comment": "Onko näin?"});
    let partly = json!({"verdict": "approved"});
    for take_back in [
        change(Kind::Review, returned, 1, partly),
        change(Kind::Review, returned, 1, pointed),
        deletion(Kind::Review, returned, 1),
        deletion(Kind::Review, returned, 2),
    ] {
        reviewer().take(&**db.store(), std::slice::from_ref(&take_back)).await;
        assert_eq!(sums(db).await, rebuilt(db).await, "after {take_back:?}");
    }
    let edits = [id, other].map(|id| change(Kind::Gathering, id, 1, club(15)));
    volunteer(AINO).take(&**db.store(), &edits).await;
    assert_eq!(sums(db).await, rebuilt(db).await);
    assert_eq!(november(db).await.0[Amounts::GATHERINGS], 2);
}

pub async fn a_sensitive_gathering_is_in_no_sum<D: Database>(db: &D) {
    let id = new_record();
    let marks = [
        json!({"form": "vertaistuki"}),
        json!({"form": "omaishoito"}),
        json!({"target_groups": ["ikaihmiset", "paihde"]}),
        json!({"sensitive": true}),
    ];
    for (rev, mark) in marks.into_iter().enumerate() {
        let sensitive = with(club(14), mark.clone());
        let cleared = ["target_groups", "sensitive"].map(|field| (field.to_owned(), serde_json::Value::Null));
        let mut sensitive = crate::support::content(sensitive);
        for (field, none) in cleared {
            sensitive.entry(field).or_insert(none);
        }
        let edit = change(Kind::Gathering, id, rev as u32, sensitive.into());
        assert_eq!(only(&volunteer(AINO).take(&**db.store(), &[edit]).await.results).rev, rev as u32 + 1);
        assert!(sums(db).await.is_empty(), "{mark}");
    }
}

pub async fn sums_are_those_of_a_rebuild_after_any_history<D: Database>(db: &D) {
    for seed in [20_261_121, 4, 5] {
        let mut history = History::new(seed);
        for round in 0..150 {
            history.step(db).await;
            if round % 10 == 9 {
                assert_eq!(sums(db).await, rebuilt(db).await, "round {round} of {seed}");
            }
        }
        history.assert_was_eventful();
    }
}

pub async fn completeness_knows_homes_guests_and_months_without_activity<D: Database>(db: &D) {
    let own = |home: &str, months: &[&str]| {
        let record = RecordId::new(HERE.uuid());
        change(Kind::Association, record, 0, json!({"name": "Väki ry", "home": home, "no_activity": months}))
    };
    reviewer().take(&**db.store(), &[own("755", &["2026-07", "2025-12"])]).await;
    let there = crate::support::Scribe::new(THERE, AINO, domain::Role::Volunteer);
    there.take(&**db.store(), &[change(Kind::Gathering, new_record(), 0, club(14))]).await;

    let homes = db.store().associations(place("755"), &[]).await.expect("associations");
    assert_eq!((homes.len(), homes[0].id, homes[0].home), (1, HERE, Some(place("755"))));
    let months: Vec<String> = homes[0].no_activity.iter().map(ToString::to_string).collect();
    assert_eq!(months, ["2026-07", "2025-12"]);
    let mut with_guest = db.store().associations(place("755"), &[THERE]).await.expect("associations");
    with_guest.sort_by_key(|row| row.id);
    assert_eq!(with_guest.iter().map(|row| row.id).collect::<Vec<_>>(), [HERE, THERE]);
    assert_eq!(with_guest[1].home, None);
    assert!(db.store().associations(place("149"), &[]).await.expect("associations").is_empty());
}

pub async fn the_sums_of_all_municipalities_are_those_of_each<D: Database>(db: &D) {
    let mut history = History::new(17);
    for _ in 0..40 {
        history.step(db).await;
    }
    let mut all = BTreeMap::new();
    for (municipality, row) in db.store().all_tallies(FIRST, LAST).await.expect("sums") {
        let key = (municipality.code().to_owned(), row.month.index(), row.association, row.form.code().to_owned());
        if row.amounts != Amounts::default() {
            all.insert(key, row.amounts);
        }
    }
    assert!(all.len() > 3);
    assert_eq!(all, sums(db).await);
    let after = Month::of(Date::constant(2026, 12, 1));
    assert!(db.store().all_tallies(after, LAST).await.expect("sums").is_empty());
}

pub async fn the_oldest_gathering_is_known_sensitive_or_not<D: Database>(db: &D) {
    let first = async || db.store().first_day().await.expect("a look-up");
    assert_eq!(first().await, None);
    let on = |day: &str, form: &str| {
        change(Kind::Gathering, new_record(), 0, with(club(14), json!({"date": day, "form": form})))
    };
    volunteer(AINO).take(&**db.store(), &[on("2026-03-17", "kerho")]).await;
    assert_eq!(first().await, Some(Date::constant(2026, 3, 1)), "sums know the month only");
    volunteer(AINO).take(&**db.store(), &[on("2026-02-17", "vertaistuki")]).await;
    assert_eq!(first().await, Some(Date::constant(2026, 2, 17)));
}
