//! An invalid change in a batch of valid ones: the valid ones are stored, and the invalid one is answered with its
//! field and reason (S6).

use domain::RecordId;
use serde_json::{Value, json};
use sync::canonical::body_hash;

use super::world::*;
use crate::support::{club, content, new_record, with};

/// Pushes `bad` between two good gatherings and returns what became of it.
async fn between_good_ones(world: &World, person: &Person, bad: Value) -> Value {
    let good = [new_gathering(club(1)), new_gathering(club(2))];
    let before = world.records("gathering").await.len();
    let results = world.push(person, &[good[0].clone(), bad.clone(), good[1].clone()]).await;
    assert_eq!([&results[0]["outcome"], &results[2]["outcome"]], ["stored", "stored"], "beside {bad}");
    let after = world.records("gathering").await;
    assert_eq!(after.len(), before + 2, "beside {bad}");
    assert!(after.iter().all(|record| record["id"] != bad["record"]), "{bad} was stored");
    let result = &results[1];
    assert_eq!([&result["change"], &result["record"]], [&bad["change"], &bad["record"]]);
    result.clone()
}

fn named(result: &Value) -> (String, String, Vec<String>) {
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    let fields = result["fields"].as_array().into_iter().flatten().map(text).collect();
    (text(&result["outcome"]), text(&result["code"]), fields)
}

#[tokio::test]
async fn a_bad_field_is_named_and_holds_up_nobody() {
    let world = World::new().await;
    let aino = world.sign_in(AINO).await;
    for (bad, code, field) in [
        (json!({"participants": 100_001}), "too-large", "participants"),
        (json!({"participants": -1}), "too-small", "participants"),
        (json!({"participants": 1.5}), "not-a-number", "participants"),
        (json!({"participants": "14"}), "not-a-number", "participants"),
        (json!({"participants": null}), "missing", "participants"),
        (json!({"participants": 1e300}), "not-a-number", "participants"),
        (json!({"volunteers": 10_001, "volunteer_quarter_hours": null}), "too-large", "volunteers"),
        (json!({"volunteer_quarter_hours": 193}), "too-large", "volunteer_quarter_hours"),
        (json!({"first_timers": 15}), "more-than-participants", "first_timers"),
        (json!({"ages": {"75": 13}}), "does-not-sum", "ages"),
        (json!({"date": "1890-03-01"}), "too-early", "date"),
        (json!({"date": "2026-11-23"}), "in-the-future", "date"),
        (json!({"date": "9999-12-31"}), "in-the-future", "date"),
        (json!({"date": "2026-02-30"}), "not-a-date", "date"),
        (json!({"date": 20_261_116}), "not-a-date", "date"),
        (json!({"form": "bingo"}), "unknown-code", "form"),
        (json!({"form": null}), "missing", "form"),
        (json!({"municipality": "999"}), "unknown-code", "municipality"),
        (json!({"status": "cancelled"}), "numbers-of-cancelled", "participants"),
        (json!({"note": "a".repeat(7_000)}), "too-long", "note"),
        (json!({"note": "ä".repeat(501)}), "too-long", "note"),
        (json!({"note": ["a"]}), "not-text", "note"),
        (json!({"place": "a".repeat(81)}), "too-long", "place"),
        (json!({"target_groups": vec!["kaikki"; 14]}), "too-many", "target_groups"),
        (json!({"series": "the Monday one"}), "not-an-id", "series"),
    ] {
        let result = between_good_ones(&world, &aino, new_gathering(with(club(14), bad.clone()))).await;
        assert_eq!(named(&result), ("refused".into(), code.into(), vec![field.into()]), "{bad}");
    }
}

#[tokio::test]
async fn every_bad_field_of_a_change_is_named() {
    let world = World::new().await;
    let aino = world.sign_in(AINO).await;
    let bad = with(club(14), json!({"date": "1890-03-01", "form": "bingo", "note": "a".repeat(501)}));
    let result = between_good_ones(&world, &aino, new_gathering(bad)).await;
    assert_eq!(result["fields"], json!(["form", "date", "note"]));
}

#[tokio::test]
async fn tomorrow_is_still_accepted_because_a_phones_midnight_may_be_early() {
    let world = World::new().await;
    let aino = world.sign_in(AINO).await;
    let results = world.push(&aino, &[new_gathering(with(club(14), json!({"date": "2026-11-22"})))]).await;
    assert_eq!(results[0]["outcome"], "stored");
}

/// Helsinki's day, not UTC's: at 22:30 UTC of the 21st it is the 22nd there.
#[tokio::test]
async fn the_servers_day_is_helsinkis() {
    let world = World::new().await.at("2026-11-21T22:30:00Z").await;
    let aino = world.sign_in(AINO).await;
    let days = ["2026-11-23", "2026-11-24"].map(|day| new_gathering(with(club(14), json!({"date": day}))));
    let outcomes: Vec<_> = world.push(&aino, &days).await.into_iter().map(|result| result["outcome"].clone()).collect();
    assert_eq!(outcomes, ["stored", "refused"]);
}

#[tokio::test]
async fn a_change_that_is_too_large_or_deep_or_strange_is_refused_alone() {
    let world = World::new().await;
    let aino = world.sign_in(AINO).await;
    let mut deep = json!(1);
    for _ in 0..20 {
        deep = json!([deep]);
    }
    let sent = |content: Value| new_gathering(with(club(14), content));
    let stranger = |field: &str, value: Value| with(sent(json!({})), json!({field: value}));
    for (bad, code) in [
        (sent(json!({"note": "a".repeat(9_000)})), "record-too-large"),
        (sent(json!({"from-the-future": "a".repeat(9_000)})), "record-too-large"),
        (sent(json!({"deep": deep})), "too-deep"),
        (stranger("kind", json!("bingo")), "unreadable"),
        (stranger("kind", Value::Null), "unreadable"),
        (stranger("base", json!(-1)), "unreadable"),
        (stranger("base", json!(u32::MAX)), "unreadable"),
        (stranger("base", json!(1_u64 << 40)), "unreadable"),
        (stranger("content", json!([])), "unreadable"),
        (stranger("content", Value::Null), "unreadable"),
        (stranger("deleted", json!(true)), "unreadable"),
        (stranger("deleted", json!("yes")), "unreadable"),
        (stranger("made_at", json!("yesterday")), "unreadable"),
        (stranger("kind", json!("alternative")), "not-allowed"),
        (stranger("kind", json!("association")), "not-allowed"),
        (stranger("kind", json!("review")), "not-allowed"),
        (stranger("kind", json!("settlement")), "not-allowed"),
    ] {
        let result = between_good_ones(&world, &aino, bad.clone()).await;
        let (outcome, said, _) = named(&result);
        assert_eq!((outcome.as_str(), said.as_str()), ("refused", code), "{bad}");
        // The refusal is a receipt too: it names the content as sent (S4), or the phone would send it for ever.
        let hash = body_hash(bad["content"].as_object());
        assert_eq!(result["sent_hash"], hash, "{bad}");
    }
}

#[tokio::test]
async fn json_of_any_depth_stops_no_server() {
    let world = World::new().await;
    let aino = world.sign_in(AINO).await;
    let whole = push_body(&aino, CHOIR, &[new_gathering(with(club(14), json!({"deep": "HERE"})))]).to_string();
    let bottomless = whole.replace("\"HERE\"", &"[".repeat(100_000));
    assert_eq!(world.post_push(Some(&aino), &[], bottomless.into_bytes()).await.code_of(400), "unreadable");
    let deep = format!("{}1{}", "[".repeat(50_000), "]".repeat(50_000));
    let answer = world.post_push(Some(&aino), &[], whole.replace("\"HERE\"", &deep).into_bytes()).await;
    assert_eq!(answer.code_of(400), "unreadable");
}

/// The highest revision that a phone can name is refused or stored, and what follows it is answered.
#[tokio::test]
async fn an_impossible_revision_stops_no_server() {
    let world = World::new().await;
    let aino = world.sign_in(AINO).await;
    for base in [u32::MAX, u32::MAX - 1, 1_000_000_001, 1_000_000_000, 7] {
        let id = new_record();
        let first = world.push(&aino, &[edit_of(id, base, club(14))]).await;
        let second = world
            .push(&aino, &[edit_of(id, base, club(15)), edit_of(id, base + u32::from(base < u32::MAX), club(16))])
            .await;
        assert_eq!(first[0]["outcome"] == "refused", base > 1_000_000_000);
        assert_eq!(second.len(), 2);
    }
}

#[tokio::test]
async fn a_gathering_of_an_unknown_series_waits_and_is_not_refused() {
    let world = World::new().await;
    let aino = world.sign_in(AINO).await;
    let series = new_record();
    let early = new_gathering(with(club(14), json!({"series": series})));
    let result = between_good_ones(&world, &aino, early.clone()).await;
    assert_eq!(named(&result), ("again-later".into(), "unknown-series".into(), vec![]));
    // Not stored as a result: when the series is known, the very same change is taken.
    let set_up = json!({"change": new_change(), "record": series, "kind": "series", "base": 0,
                        "content": {"name": "Tiistaikerho", "form": "kerho", "municipality": "755"}});
    let results = world.push(&aino, &[early.clone(), set_up, early]).await;
    let outcomes: Vec<_> = results.iter().map(|result| result["outcome"].clone()).collect();
    assert_eq!(outcomes, ["again-later", "stored", "stored"]);
}

#[tokio::test]
async fn a_volunteer_sets_up_series_only_where_the_association_lets_them() {
    let world = World::new().await;
    let (rauha, aino) = (world.sign_in(RAUHA).await, world.sign_in(AINO).await);
    let own = json!({"change": new_change(), "record": RecordId::new(CHOIR.uuid()), "kind": "association",
                     "base": 1, "content": {"name": "Kuoro ry", "home": "755", "volunteers_set_up_series": false}});
    assert_eq!(world.push(&rauha, &[own]).await[0]["outcome"], "stored");
    let set_up = json!({"change": new_change(), "record": new_record(), "kind": "series", "base": 0,
                        "content": {"name": "Tiistaikerho", "form": "kerho", "municipality": "755"}});
    assert_eq!(named(&world.push(&aino, std::slice::from_ref(&set_up)).await[0]).1, "not-allowed");
    let again = with(set_up, json!({"change": new_change()}));
    assert_eq!(world.push(&rauha, &[again]).await[0]["outcome"], "stored");
}

#[tokio::test]
async fn one_id_for_two_kinds_holds_up_nobody() {
    let world = World::new().await;
    let aino = world.sign_in(AINO).await;
    let twin = edit_of(MONDAYS, 0, club(14));
    let results = world.push(&aino, &[new_gathering(club(1)), twin, new_gathering(club(2))]).await;
    assert!(results.iter().all(|result| result["outcome"] == "stored"), "{results:?}");
}

#[tokio::test]
async fn fields_that_nobody_knows_take_little_room() {
    let world = World::new().await;
    let aino = world.sign_in(AINO).await;
    let with_weather = |length: usize| new_gathering(with(club(14), json!({"weather": "x".repeat(length)})));
    let result = between_good_ones(&world, &aino, with_weather(sync::limits::UNKNOWN_BYTES_MAX)).await;
    assert_eq!(named(&result), ("refused".into(), "too-much-unknown".into(), vec![]));
    let room = sync::limits::UNKNOWN_BYTES_MAX - "weather".len() - 2;
    assert_eq!(world.push(&aino, &[with_weather(room)]).await[0]["outcome"], "stored");
}

#[tokio::test]
async fn a_field_from_the_future_is_kept() {
    let world = World::new().await;
    let (aino, berit) = (world.sign_in(AINO).await, world.sign_in(BERIT).await);
    let id = new_record();
    let future = with(club(14), json!({"weather": {"sky": "grey"}}));
    world.push(&aino, &[edit_of(id, 0, future.clone())]).await;
    // An old client edits without it.
    world.push(&berit, &[edit_of(id, 1, club(15))]).await;
    let kept = world.records("gathering").await;
    assert_eq!(kept[0]["content"], with(future, json!({"participants": 15})));
    assert_eq!(content(kept[0]["content"].clone())["weather"], json!({"sky": "grey"}));
}

#[tokio::test]
async fn a_new_text_that_names_somebody_is_refused_by_its_field() {
    let world = World::new().await;
    let aino = world.sign_in(AINO).await;
    for (bad, code, fields) in [
        (json!({"note": "Uusi jäsen 131052-308t."}), "identity-code", &["note"][..]),
        (json!({"note": "Soita 040 1234567"}), "phone-number", &["note"]),
        (json!({"place": "Kysy aila@esimerkki.fi"}), "email-address", &["place"]),
        (json!({"note": "+358 9 1234567", "place": "a@esimerkki.fi"}), "phone-number", &["note", "place"]),
        (json!({"funders": [{"funder": "aila@esimerkki.fi", "year": 2026}]}), "email-address", &["funders"]),
    ] {
        let result = between_good_ones(&world, &aino, new_gathering(with(club(14), bad.clone()))).await;
        let fields = fields.iter().map(|field| (*field).to_owned()).collect();
        assert_eq!(named(&result), ("refused".into(), code.into(), fields), "{bad}");
    }
    let rauha = world.sign_in(RAUHA).await;
    let id = new_record();
    world.push(&aino, &[edit_of(id, 0, club(14))]).await;
    let review = json!({"gathering": id, "revision": 1, "verdict": "returned", "comment": "Soita 040 1234567"});
    let mut change = edit_of(new_record(), 0, review);
    change["kind"] = "review".into();
    let result = &world.push(&rauha, &[change]).await[0];
    assert_eq!(named(result), ("refused".into(), "phone-number".into(), vec!["comment".into()]));
    // The contact is there to be asked: an office's number belongs in it.
    let contact = json!({"name": "Kuoro ry", "home": "755", "contact": "Toimisto 09 123 4567, toimisto@esimerkki.fi"});
    let mut change = edit_of(RecordId::new(CHOIR.uuid()), 1, contact);
    change["kind"] = "association".into();
    assert_eq!(world.push(&rauha, &[change]).await[0]["outcome"], "stored");
}

/// A saved record is sacred: what earlier versions took is read, counted and edited on.
#[tokio::test]
async fn what_was_stored_with_a_phone_number_is_kept_and_can_be_edited() {
    let world = World::new().await;
    let (aino, rauha) = (world.sign_in(AINO).await, world.sign_in(RAUHA).await);
    let id = new_record();
    let plain = with(club(14), json!({"series": MONDAYS, "note": "Soita numeroon", "place": "Seurala"}));
    world.push(&aino, &[edit_of(id, 0, plain.clone())]).await;
    world.damage("update record set content = replace(content, 'Soita numeroon', 'Soita 040 1234567')").await;
    world.damage("update revision set content = replace(content, 'Soita numeroon', 'Soita 040 1234567')").await;
    let old = with(plain, json!({"note": "Soita 040 1234567"}));
    assert_eq!(world.records("gathering").await[0]["content"], old, "it is pulled");
    // An edit of something else, a clash with it, and a choice between both go through.
    let edited = with(old.clone(), json!({"participants": 15}));
    assert_eq!(world.push(&aino, &[edit_of(id, 1, edited.clone())]).await[0]["outcome"], "stored");
    let late = with(old.clone(), json!({"participants": 16}));
    assert_eq!(world.push(&rauha, &[edit_of(id, 1, late)]).await[0]["outcome"], "clash");
    let cleaned = with(edited.clone(), json!({"note": "Kahvit"}));
    assert_eq!(world.push(&aino, &[edit_of(id, 2, cleaned)]).await[0]["outcome"], "stored");
    let taken = with(edited.clone(), json!({"participants": 16}));
    let result = &world.push(&rauha, &[edit_of(id, 3, taken)]).await[0];
    assert_eq!(result["outcome"], "stored", "the alternative says so still: {result}");
    // Another number is new.
    let result = &world.push(&aino, &[edit_of(id, 4, with(edited, json!({"note": "Soita 040 7654321"})))]).await[0];
    assert_eq!(named(result), ("refused".into(), "phone-number".into(), vec!["note".into()]));
}

/// What the group gives was written by whoever set it up, perhaps before such texts were refused; the volunteer does not see all of it.
#[tokio::test]
async fn a_gathering_may_have_what_its_group_gives() {
    let world = World::new().await;
    let aino = world.sign_in(AINO).await;
    let place = json!({"place": "Kysy: 09 123 4567"});
    let mut change =
        edit_of(MONDAYS, 1, with(json!({"name": "K", "form": "kerho", "municipality": "755"}), place.clone()));
    change["kind"] = "series".into();
    let result = &world.push(&aino, &[change.clone()]).await[0];
    assert_eq!(named(result), ("refused".into(), "phone-number".into(), vec!["place".into()]));
    change["content"]["place"] = "Kysy: toimistosta".into();
    change["change"] = json!(new_change());
    assert_eq!(world.push(&aino, &[change]).await[0]["outcome"], "stored");
    world.damage("update record set content = replace(content, 'Kysy: toimistosta', 'Kysy: 09 123 4567')").await;
    let of_group = with(club(14), with(place, json!({"series": MONDAYS})));
    assert_eq!(world.push(&aino, &[new_gathering(of_group.clone())]).await[0]["outcome"], "stored");
    let of_none = with(of_group, json!({"series": null}));
    assert_eq!(named(&world.push(&aino, &[new_gathering(of_none)]).await[0]).1, "phone-number");
}
