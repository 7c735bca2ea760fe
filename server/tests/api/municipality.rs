//! An ordinary gathering changes the municipality's page by exactly its counts; a sensitive one does not change it
//! until its release (protection rules 1 and 5).

use std::collections::BTreeMap;

use serde_json::{Value, json};

use super::world::*;
use crate::support::{club, new_record, with};

/// Lines of the CSV: table, period, class and measure; then value, precision and release.
type Lines = BTreeMap<String, String>;

async fn csv(world: &World, year: i16) -> String {
    let coordinator = world.sign_in(COORDINATOR).await;
    let answer = world.get(&format!("/kunta/csv?vuosi={year}"), Some(&coordinator)).await;
    assert_eq!(answer.status, 200);
    answer.body
}

/// The page as it is shown, without the one-time words that let its scripts run.
async fn page(world: &World, year: i16) -> String {
    let coordinator = world.sign_in(COORDINATOR).await;
    let answer = world.get(&format!("/kunta?vuosi={year}"), Some(&coordinator)).await;
    assert_eq!(answer.status, 200);
    let mut parts = answer.body.split(" nonce=\"");
    let mut text = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        text.push_str(part.split_once('"').map_or(part, |(_, rest)| rest));
    }
    text
}

fn lines(csv: &str) -> Lines {
    let lines = csv.trim_start_matches('\u{feff}').lines().skip(1);
    lines
        .map(|line| {
            let cells: Vec<&str> = line.split(';').collect();
            assert_eq!((cells.len(), cells[0]), (8, "755"), "{line}");
            (cells[1..5].join(";"), cells[5..].join(";"))
        })
        .collect()
}

/// What changed between two CSV files: the line, its value before and after.
fn moved(before: &str, after: &str) -> Vec<(String, String, String)> {
    let (before, after) = (lines(before), lines(after));
    let value = |of: &Lines, key: &String| of.get(key).cloned().unwrap_or_else(|| "none".to_owned());
    let keys: std::collections::BTreeSet<_> = before.keys().chain(after.keys()).collect();
    keys.into_iter()
        .map(|key| (key.clone(), value(&before, key), value(&after, key)))
        .filter(|(_, before, after)| before != after)
        .collect()
}

/// One ordinary gathering of each association in November, so that both have reported.
async fn with_two_clubs() -> (World, Person, Person) {
    let world = World::new().await;
    let (aino, cecilia) = (world.sign_in(AINO).await, world.sign_in(CECILIA).await);
    world.push(&aino, &[new_gathering(club(14))]).await;
    world.push_to(SCOUTS, &cecilia, &[new_gathering(club(14))]).await;
    (world, aino, cecilia)
}

fn peers(day: &str, participants: u32) -> Value {
    with(club(participants), json!({"form": "vertaistuki", "date": day}))
}

fn approval_of(gathering: &Value, verdict: &str) -> Value {
    json!({"change": new_change(), "record": new_record(), "kind": "review", "base": 0,
           "content": {"gathering": gathering["record"], "revision": 1, "verdict": verdict, "comment": "Onko näin?"}})
}

#[tokio::test]
async fn an_ordinary_gathering_moves_the_counts_by_itself_and_nothing_else() {
    let (world, aino, _) = with_two_clubs().await;
    let before = csv(&world, 2026).await;
    assert!(page(&world, 2026).await.contains("<td>2 (28)</td>"));
    let push = [new_gathering(club(17))];
    world.push(&aino, &push).await;
    let after = csv(&world, 2026).await;
    let expected = [
        ("ordinary;2026-11;kerho;gatherings", "2;exact;", "3;exact;"),
        ("ordinary;2026-11;kerho;visits", "28;exact;", "45;exact;"),
        ("ordinary_total;2026-11;;gatherings", "2;exact;", "3;exact;"),
        ("ordinary_total;2026-11;;provisional_gatherings", "2;exact;", "3;exact;"),
        ("ordinary_total;2026-11;;visits", "28;exact;", "45;exact;"),
        ("ordinary_total;2026-11;;volunteer_hours", "8,00;exact;", "12,00;exact;"),
        ("ordinary_total;2026-11;;volunteers", "4;exact;", "6;exact;"),
    ];
    let moved: Vec<_> = moved(&before, &after);
    let as_text: Vec<_> = moved.iter().map(|(key, was, is)| (key.as_str(), was.as_str(), is.as_str())).collect();
    assert_eq!(as_text, expected);
    assert!(page(&world, 2026).await.contains("<td>3 (45)</td>"));
    // Sent again it does not count again (S5).
    world.push(&aino, &push).await;
    assert_eq!(csv(&world, 2026).await, after);
}

#[tokio::test]
async fn a_first_gathering_reports_for_its_association() {
    let world = World::new().await;
    let cecilia = world.sign_in(CECILIA).await;
    let before = csv(&world, 2026).await;
    world.push_to(SCOUTS, &cecilia, &[new_gathering(club(14))]).await;
    let after = csv(&world, 2026).await;
    let completeness: Vec<_> =
        moved(&before, &after).into_iter().filter(|(key, ..)| key.starts_with("completeness")).collect();
    assert_eq!(completeness, [("completeness;2026-11;;reported".into(), "0;exact;".into(), "1;exact;".into())]);
}

#[tokio::test]
async fn a_sensitive_gathering_moves_nothing_before_its_release() {
    let (world, aino, _) = with_two_clubs().await;
    let (first_csv, first_page) = (csv(&world, 2026).await, page(&world, 2026).await);
    assert_eq!(page(&world, 2026).await, first_page, "the same page twice is the same text");
    let id = new_record();
    for (what, change) in [
        ("a peer group", edit_of(id, 0, peers("2026-11-16", 9))),
        ("its numbers", edit_of(id, 1, peers("2026-11-16", 90))),
        ("a target group", new_gathering(with(club(9), json!({"target_groups": ["paihde"]})))),
        ("a mark", new_gathering(with(club(9), json!({"sensitive": true})))),
        ("the quarter before, late", new_gathering(peers("2026-08-16", 9))),
        ("a deletion", deletion_of(id, 2)),
    ] {
        let result = &world.push(&aino, &[change]).await[0];
        assert_eq!(result["outcome"], "stored", "{what}");
        assert_eq!(csv(&world, 2026).await, first_csv, "{what}");
        assert_eq!(page(&world, 2026).await, first_page, "{what}");
    }
}

#[tokio::test]
async fn sensitive_gatherings_appear_on_their_release_day_and_then_stand_still() {
    let (world, aino, cecilia) = with_two_clubs().await;
    let mut peer_groups = Vec::new();
    for day in ["2026-11-02", "2026-11-09", "2026-11-16"] {
        let own = new_gathering(peers(day, 11));
        world.push(&aino, std::slice::from_ref(&own)).await;
        world.push_to(SCOUTS, &cecilia, &[new_gathering(peers(day, 12))]).await;
        peer_groups.push(own);
    }
    // The last second of the fourteenth, in Helsinki.
    let before = csv(&world.at("2027-01-14T21:59:00Z").await, 2026).await;
    assert!(!before.contains(";sensitive;"), "{before}");
    let released = world.at("2027-01-14T22:00:01Z").await;
    let after = csv(&released, 2026).await;
    let shown = lines(&after);
    for (measure, value) in [("gatherings", 5), ("visits", 70), ("volunteers", 10), ("hours", 25)] {
        assert_eq!(shown[&format!("sensitive;2026-Q4;;{measure}")], format!("{value};rounded to 5;1"));
    }
    // What is ordinary did not move.
    let ordinary = moved(&before, &after).into_iter().find(|(key, ..)| key.starts_with("ordinary"));
    assert_eq!(ordinary, None);

    // Late records, edits and deletions of what was released change nothing of it.
    let shown_page = page(&released, 2026).await;
    let record =
        |change: &Value| domain::RecordId::parse(change["record"].as_str().unwrap_or_default()).expect("an id");
    let late: Vec<Value> = ["2026-12-21", "2026-12-28"].iter().map(|day| new_gathering(peers(day, 10))).collect();
    released.push(&aino, &late).await;
    released
        .push_to(SCOUTS, &cecilia, &[new_gathering(peers("2026-12-28", 10)), new_gathering(peers("2026-12-29", 10))])
        .await;
    released.push(&aino, &[edit_of(record(&peer_groups[0]), 1, peers("2026-11-02", 99))]).await;
    released.push(&aino, &[deletion_of(record(&peer_groups[1]), 1)]).await;
    assert_eq!(csv(&released, 2026).await, after);
    assert_eq!(page(&released, 2026).await, shown_page);

    // They are counted once, in the next release: the four late ones and nothing else.
    let next = world.at("2027-04-14T21:00:01Z").await;
    let of_2027 = lines(&csv(&next, 2027).await);
    assert_eq!(of_2027["sensitive;2027-Q1;;gatherings"], "5;rounded to 5;2");
    assert_eq!(of_2027["sensitive;2027-Q1;;visits"], "40;rounded to 5;2");
    assert_eq!(csv(&next, 2026).await, after);
}

/// A quarter that ended before the server first ran is not released when its first record arrives: that release would be this
/// one gathering.
#[tokio::test]
async fn a_quarter_of_the_past_is_not_released_by_a_late_record() {
    let (world, aino, cecilia) = with_two_clubs().await;
    let before = csv(&world, 2026).await;
    for day in ["2026-08-17", "2026-08-24"] {
        world.push(&aino, &[new_gathering(peers(day, 10))]).await;
        world.push_to(SCOUTS, &cecilia, &[new_gathering(peers(day, 10))]).await;
        assert_eq!(csv(&world, 2026).await, before);
    }
    let released = lines(&csv(&world.at("2027-01-15T10:00:00Z").await, 2026).await);
    assert_eq!(released.get("sensitive;2026-Q3;;visits"), None);
    assert_eq!(released["sensitive;2026-Q4;;visits"], "40;rounded to 5;1");
}

#[tokio::test]
async fn a_sensitive_cell_of_one_association_is_hidden_and_says_so() {
    let (world, aino, _) = with_two_clubs().await;
    let groups: Vec<Value> = (1..=9).map(|day| new_gathering(peers(&format!("2026-11-0{day}"), 20))).collect();
    world.push(&aino, &groups).await;
    let released = world.at("2027-01-15T10:00:00Z").await;
    let shown = lines(&csv(&released, 2026).await);
    for measure in ["gatherings", "visits", "volunteers", "hours"] {
        assert_eq!(shown[&format!("sensitive;2026-Q4;;{measure}")], "suojattu;suppressed;1");
    }
    let page = page(&released, 2026).await;
    assert!(page.contains("suojattu") && !page.contains("180"));
}

#[tokio::test]
async fn what_awaits_approval_is_said_and_what_is_returned_is_not_counted() {
    let world = World::new().await;
    let (aino, rauha) = (world.sign_in(AINO).await, world.sign_in(RAUHA).await);
    let clubs: Vec<Value> = (0..4).map(|_| new_gathering(club(10))).collect();
    world.push(&aino, &clubs).await;
    let figures = async || {
        let shown = lines(&csv(&world, 2026).await);
        let of = |measure: &str| shown[&format!("ordinary_total;2026-11;;{measure}")].clone();
        (of("gatherings"), of("provisional_gatherings"))
    };
    let exact = |gatherings: u32, provisional: u32| (format!("{gatherings};exact;"), format!("{provisional};exact;"));
    let said = |percent: u32| format!("{percent}\u{a0}% vuoden kerroista odottaa");
    assert_eq!(figures().await, exact(4, 4));
    assert!(page(&world, 2026).await.contains(&said(100)));
    world.push(&rauha, &[approval_of(&clubs[0], "approved")]).await;
    assert_eq!(figures().await, exact(4, 3));
    assert!(page(&world, 2026).await.contains(&said(75)));
    // Sensitive ones are not in the share: it is over ordinary activity only.
    let peer_group = new_gathering(peers("2026-11-16", 9));
    world.push(&aino, std::slice::from_ref(&peer_group)).await;
    world.push(&rauha, &[approval_of(&peer_group, "approved")]).await;
    assert!(page(&world, 2026).await.contains(&said(75)));
    world.push(&rauha, &[approval_of(&clubs[1], "returned")]).await;
    assert_eq!(figures().await, exact(3, 2));
    assert!(page(&world, 2026).await.contains(&said(67)));
    // Mended, it counts again, and somebody has to look again.
    let id = domain::RecordId::parse(clubs[1]["record"].as_str().unwrap_or_default()).expect("an id");
    world.push(&aino, &[edit_of(id, 1, club(11))]).await;
    assert_eq!(figures().await, exact(4, 3));
}
