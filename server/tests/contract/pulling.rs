//! Pulls: in order, in pages, and only what the user may see.

use domain::{Kind, Role, UserId, date};
use serde_json::json;
use server::store::PullQuery;
use sync::rules::pull::Reader;

use super::bench::*;
use crate::support::{Scribe, change, club, content, new_record, with};

const FIRST_DAY: domain::Date = domain::Date::constant(2025, 11, 1);

fn as_volunteer(user: UserId) -> PullQuery {
    PullQuery {
        reader: Reader { user, role: Role::Volunteer, first_day: Some(date::day_number(FIRST_DAY)) },
        ..EVERYTHING
    }
}

fn on(day: &str) -> serde_json::Value {
    with(club(14), json!({"date": day}))
}

pub async fn pages_come_in_sequence_order_until_there_is_no_more<D: Database>(db: &D) {
    for batch in [9, 1, 13] {
        let changes: Vec<_> = (0..batch).map(|n| change(Kind::Gathering, new_record(), 0, club(n))).collect();
        volunteer(AINO).take(&**db.store(), &changes).await;
    }
    for limit in [1, 5, 23, 24, 500] {
        let mut query = PullQuery { limit, ..EVERYTHING };
        let mut seqs = Vec::new();
        loop {
            let page = db.store().pull(query).await.expect("a page");
            assert!(page.records.len() <= limit as usize);
            seqs.extend(page.records.iter().map(|record| record.seq));
            assert_eq!(page.next, seqs.last().copied().unwrap_or(0), "limit {limit}");
            query.after = page.next;
            if !page.more {
                break;
            }
        }
        assert_eq!(seqs, (1..=23).collect::<Vec<_>>(), "limit {limit}");
    }
}

pub async fn a_changed_record_moves_to_the_end<D: Database>(db: &D) {
    let ids = [new_record(), new_record(), new_record()];
    volunteer(AINO).take(&**db.store(), &ids.map(|id| change(Kind::Gathering, id, 0, club(14)))).await;
    volunteer(AINO).take(&**db.store(), &[change(Kind::Gathering, ids[0], 1, club(15))]).await;
    let order = |records: Vec<sync::protocol::PullRecord>| records.iter().map(|r| r.id).collect::<Vec<_>>();
    assert_eq!(order(pull_all(db, EVERYTHING).await), [ids[1], ids[2], ids[0]]);
    assert_eq!(order(pull_all(db, PullQuery { after: 3, ..EVERYTHING }).await), [ids[0]]);
}

pub async fn a_cursor_beyond_everything_gets_nothing<D: Database>(db: &D) {
    volunteer(AINO).take(&**db.store(), &[change(Kind::Gathering, new_record(), 0, club(14))]).await;
    for after in [1, 2, 1 << 40, u64::MAX] {
        let page = db.store().pull(PullQuery { after, ..EVERYTHING }).await.expect("a page");
        assert_eq!((page.records.len(), page.next, page.more), (0, after, false));
    }
}

pub async fn what_an_associations_records_of_a_kind_say_is_told_without_deleted_ones<D: Database>(db: &D) {
    let mut ids = [new_record(), new_record(), new_record()];
    ids.sort_unstable();
    let group = |name: &str| json!({"name": name, "form": "kerho", "municipality": "755"});
    reviewer().take(&**db.store(), &ids.map(|id| change(Kind::Series, id, 0, group("Kerho")))).await;
    let later = [change(Kind::Series, ids[0], 1, group("Uusi")), deletion(Kind::Series, ids[1], 1)];
    reviewer().take(&**db.store(), &later).await;
    volunteer(AINO).take(&**db.store(), &[change(Kind::Gathering, new_record(), 0, club(14))]).await;
    let store = db.store();
    let told = async |association, limit| store.contents(association, Kind::Series, limit).await.expect("contents");
    assert_eq!(told(HERE, 10).await, [(ids[0], content(group("Uusi"))), (ids[2], content(group("Kerho")))]);
    assert_eq!(told(HERE, 1).await.len(), 1);
    assert_eq!(told(THERE, 10).await, []);
}

pub async fn a_volunteer_gets_gatherings_from_a_day_on<D: Database>(db: &D) {
    let series = new_record();
    let set_up = json!({"name": "Kerho", "form": "kerho", "municipality": "755"});
    reviewer().take(&**db.store(), &[change(Kind::Series, series, 0, set_up)]).await;
    let days = ["2025-10-31", "2025-11-01", "2024-02-29", "2026-11-20"];
    let ids = days.map(|day| (day, new_record()));
    let changes = ids.map(|(day, id)| change(Kind::Gathering, id, 0, on(day)));
    volunteer(AINO).take(&**db.store(), &changes).await;
    let got: Vec<_> = pull_all(db, as_volunteer(AINO)).await.iter().map(|record| record.id).collect();
    assert_eq!(got, [series, ids[1].1, ids[3].1]);
}

pub async fn a_page_that_is_left_empty_still_moves_the_cursor<D: Database>(db: &D) {
    let mut changes: Vec<_> = (0..7).map(|_| change(Kind::Gathering, new_record(), 0, on("2024-01-08"))).collect();
    changes.push(change(Kind::Gathering, new_record(), 0, on("2026-01-08")));
    volunteer(AINO).take(&**db.store(), &changes).await;
    let first = db.store().pull(PullQuery { limit: 3, ..as_volunteer(AINO) }).await.expect("a page");
    assert_eq!((first.records.len(), first.next, first.more), (0, 3, true));
    let all = pull_all(db, PullQuery { limit: 3, ..as_volunteer(AINO) }).await;
    assert_eq!(all.iter().map(|record| record.seq).collect::<Vec<_>>(), [8]);
}

pub async fn a_volunteer_gets_no_notes_of_others_and_no_recorders<D: Database>(db: &D) {
    db.name(AINO, "Aino-täti").await;
    let noted = with(club(14), json!({"note": "Kahvinkeitin reistaili."}));
    let id = new_record();
    volunteer(AINO).take(&**db.store(), &[change(Kind::Gathering, id, 0, noted.clone())]).await;
    let of_author = pull_all(db, as_volunteer(AINO)).await;
    assert_eq!((of_author[0].content.clone(), of_author[0].mine), (Some(content(noted.clone())), true));
    assert_eq!(of_author[0].by, None);
    let of_other = pull_all(db, as_volunteer(BERIT)).await;
    assert_eq!((of_other[0].content.clone(), of_other[0].mine), (Some(content(club(14))), false));
    assert_eq!(of_other[0].by, None);
    // The other one edits without the note that was not given: it stays (the note is not theirs to lose).
    volunteer(BERIT).take(&**db.store(), &[change(Kind::Gathering, id, 1, club(15))]).await;
    let kept = pull_all(db, as_volunteer(AINO)).await;
    assert_eq!(kept[0].content, Some(content(with(noted, json!({"participants": 15})))));
    assert!(kept[0].mine, "who recorded it has recorded it, whoever edits it");
}

pub async fn a_volunteer_gets_no_alternatives_and_no_settlements<D: Database>(db: &D) {
    clash_and_settle(db).await;
    let kinds: Vec<_> = pull_all(db, as_volunteer(AINO)).await.iter().map(|record| record.kind).collect();
    assert_eq!(kinds, [Kind::Gathering]);
}

pub async fn a_volunteer_gets_which_periods_are_closed_and_none_of_their_figures<D: Database>(db: &D) {
    let closing = json!({"period": "2025", "closed": true, "gatherings": 41, "cancelled": 2, "visits": 512,
                         "volunteer_visits": 80, "quarter_hours": 352, "mark": "1-00000000000000aa"});
    let id = new_record();
    let by_a_volunteer = volunteer(AINO).take(&**db.store(), &[change(Kind::Settlement, id, 0, closing.clone())]).await;
    assert_eq!(only(&by_a_volunteer.results).code.as_deref(), Some("not-allowed"));
    reviewer().take(&**db.store(), &[change(Kind::Settlement, id, 0, closing.clone())]).await;
    let got =
        |records: Vec<sync::protocol::PullRecord>| records.into_iter().map(|record| record.content).collect::<Vec<_>>();
    let told = content(json!({"period": "2025", "closed": true}));
    assert_eq!(got(pull_all(db, as_volunteer(AINO)).await), [Some(told)]);
    assert_eq!(got(pull_all(db, EVERYTHING).await), [Some(content(closing))]);
}

pub async fn a_volunteer_gets_the_reviews_of_their_own_gatherings<D: Database>(db: &D) {
    let days = [(AINO, "2026-11-16"), (BERIT, "2026-11-16"), (AINO, "2025-10-06")];
    let mut reviews = Vec::new();
    for (user, day) in days {
        let id = new_record();
        volunteer(user).take(&**db.store(), &[change(Kind::Gathering, id, 0, on(day))]).await;
        reviews.push(review(db, id, 1, "returned").await);
    }
    for (limit, user, own) in [(500, AINO, 0), (1, AINO, 0), (500, BERIT, 1), (1, BERIT, 1)] {
        let mut all = pull_all(db, PullQuery { limit, ..as_volunteer(user) }).await;
        all.retain(|record| record.kind == Kind::Review);
        assert_eq!(all.iter().map(|record| record.id).collect::<Vec<_>>(), [reviews[own]], "limit {limit}");
    }
}

pub async fn a_reviewer_gets_everything<D: Database>(db: &D) {
    db.name(AINO, "Aino-täti").await;
    clash_and_settle(db).await;
    let old = with(on("2019-05-06"), json!({"note": "Vanha kirjaus."}));
    volunteer(AINO).take(&**db.store(), &[change(Kind::Gathering, new_record(), 0, old.clone())]).await;
    let all = pull_all(db, EVERYTHING).await;
    let kinds: Vec<_> = all.iter().map(|record| record.kind).collect();
    assert_eq!(kinds, [Kind::Gathering, Kind::Alternative, Kind::Settlement, Kind::Gathering]);
    assert_eq!((all[3].content.clone(), all[3].by.as_deref()), (Some(content(old)), Some("Aino-täti")));
}

pub async fn a_deletion_travels_without_content<D: Database>(db: &D) {
    let id = new_record();
    volunteer(AINO).take(&**db.store(), &[change(Kind::Gathering, id, 0, club(14))]).await;
    volunteer(AINO).take(&**db.store(), &[deletion(Kind::Gathering, id, 1)]).await;
    for query in [EVERYTHING, as_volunteer(AINO), as_volunteer(BERIT)] {
        let all = pull_all(db, query).await;
        assert_eq!((all.len(), all[0].deleted, &all[0].content, all[0].rev), (1, true, &None, 2));
    }
}

/// One gathering on which two disagreed, and what the association said of it.
async fn clash_and_settle<D: Database>(db: &D) {
    let id = new_record();
    volunteer(AINO).take(&**db.store(), &[change(Kind::Gathering, id, 0, club(14))]).await;
    reviewer().take(&**db.store(), &[change(Kind::Gathering, id, 1, club(12))]).await;
    let late = change(Kind::Gathering, id, 1, club(15));
    let alternative = late.change;
    Scribe::take(&volunteer(BERIT), &**db.store(), &[late]).await;
    let settled = json!({"alternative": alternative, "taken": false});
    let taken = reviewer().take(&**db.store(), &[change(Kind::Settlement, new_record(), 0, settled)]).await;
    assert_eq!(only(&taken.results).rev, 1);
}
