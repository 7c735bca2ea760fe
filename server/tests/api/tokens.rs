//! Tokens of programs: who makes them, what they open, and everything that they do not.

use std::collections::BTreeSet;

use axum::http::Method;
use domain::{AssociationId, Lang, RecordId, codes::Column, report::tidy::COLUMNS};
use serde_json::{Value, json};
use server::http::{
    route::{Access, Sort},
    routes::ROUTES,
};

use super::world::*;
use crate::support::{club, new_record, with};

/// An association that does not exist.
const NOWHERE: AssociationId = AssociationId::from_bytes([0xcf; 16]);
const REPORT: &str = "report?pack=year&from=2026-01-01&to=2026-12-31";

fn at(association: impl std::fmt::Display, what: &str) -> String {
    format!("/api/v1/associations/{association}/{what}")
}

async fn made_by(world: &World, person: &Person, more: Value) -> Answer {
    let body = with(json!({"association": CHOIR, "name": "Vuositilasto", "scope": "gatherings figures"}), more);
    world.post(Some(person), "/api/v1/tokens", bytes(&body)).await
}

/// A token of the choir, and its id.
async fn token_of(world: &World, person: &Person, more: Value) -> (String, String) {
    let answer = made_by(world, person, more).await;
    assert_eq!(answer.status, 200, "{}", answer.body);
    let told = answer.json();
    let text = |name: &str| told[name].as_str().expect("text").to_owned();
    (text("token"), text("id"))
}

async fn read_as(world: &World, authorization: &str, path: &str, more: &[(&str, &str)]) -> Answer {
    let headers = [&[("authorization", authorization)], more].concat();
    world.send_as_it_is(Method::GET, path, &headers, Vec::new()).await
}

async fn read(world: &World, token: &str, path: &str) -> Answer {
    read_as(world, &format!("Bearer {token}"), path, &[]).await
}

/// What says something about an answer: all but the time.
fn whole(answer: &Answer) -> (u16, String, Vec<(String, String)>) {
    let headers = answer.headers.iter().map(|(name, value)| (name.to_string(), format!("{value:?}")));
    (answer.status.as_u16(), answer.body.clone(), headers.collect())
}

async fn end(world: &World, person: &Person, id: &str) -> Answer {
    world.post(Some(person), "/api/v1/tokens/end", bytes(&json!({"association": CHOIR, "id": id}))).await
}

#[tokio::test]
async fn a_reviewer_makes_a_token_which_is_told_once_and_ended_by_any_of_them() {
    let world = World::new().await;
    let (rauha, other) = (world.sign_in(RAUHA).await, world.a_reviewer_of(CHOIR).await);
    let answer = made_by(&world, &rauha, json!({"scope": "figures", "days": 30})).await;
    let made = answer.json();
    let token = made["token"].as_str().expect("a token");
    assert!(token.starts_with("hyte_") && token.len() == 37, "{token}");
    assert_eq!(made["address"], format!("{}/api/v1/associations/{CHOIR}", world.server.origin));
    let list = async |person: &Person| world.get(&format!("/api/v1/tokens?association={CHOIR}"), Some(person)).await;
    let listed = list(&other).await;
    assert!(!listed.body.contains(&token[5..]), "it is told once");
    let one = &listed.json()["tokens"][0];
    let expires = world.server.clock.now_ms() + 30 * 24 * 60 * 60 * 1000;
    assert!((one["expires"].as_i64().expect("a time") - expires).abs() < 60_000);
    assert_eq!(
        (&one["name"], &one["scope"], &one["by"]),
        (&json!("Vuositilasto"), &json!("figures"), &json!("Rauha-9Z"))
    );
    assert_eq!(one["last_used"], Value::Null);
    assert_eq!(read(&world, token, &at(CHOIR, REPORT)).await.status, 200);
    assert!(list(&rauha).await.json()["tokens"][0]["last_used"].is_i64());

    assert_eq!(end(&world, &other, made["id"].as_str().expect("an id")).await.json()["tokens"], json!([]));
    assert_eq!(read(&world, token, &at(CHOIR, REPORT)).await.code_of(401), "token-unknown");
    assert_eq!(end(&world, &other, made["id"].as_str().expect("an id")).await.code_of(404), "not-found");
    let acts = "select count(*) from audit where act in ('token-made', 'token-ended') and association_id is not null";
    assert_eq!(world.one_number(acts).await, 2);
    let kept = "select count(*) from read_token where instr(hex(token_hash), hex('hyte_')) or length(token_hash) <> 32";
    assert_eq!(world.one_number(kept).await, 0, "its HMAC, and nothing else");
}

#[tokio::test]
async fn a_token_takes_what_inviting_a_reviewer_takes() {
    let world = World::new().await;
    let (rauha, aino) = (world.sign_in(RAUHA).await, world.sign_in(AINO).await);
    assert_eq!(made_by(&world, &aino, json!({})).await.code_of(403), "not-allowed");
    assert_eq!(made_by(&world, &rauha, json!({"association": NOWHERE})).await.code_of(403), "not-allowed");
    let in_the_hall = world.sign_in_as_volunteer(RAUHA).await;
    assert_eq!(made_by(&world, &in_the_hall, json!({})).await.code_of(403), "not-allowed");
    let later = world.later("2026-11-21T10:20:00Z");
    assert_eq!(made_by(&later, &rauha, json!({})).await.code_of(403), "prove-again");
    for wrong in [
        json!({"name": " "}),
        json!({"name": "a".repeat(61)}),
        json!({"name": "soita 040 123 4567"}),
        json!({"scope": ""}),
        json!({"scope": "members"}),
        json!({"days": 0}),
        json!({"days": 731}),
    ] {
        assert_eq!(made_by(&world, &rauha, wrong.clone()).await.code_of(400), "unreadable", "{wrong}");
    }
    for _ in 0..20 {
        token_of(&world, &rauha, json!({"days": 730})).await;
    }
    assert_eq!(made_by(&world, &rauha, json!({})).await.code_of(409), "tokens-full");
}

/// Everything that is wrong with a token has one answer, whatever association is named.
#[tokio::test]
async fn a_wrong_token_and_anothers_association_and_none_at_all_are_answered_with_the_same_bytes() {
    let world = World::new().await;
    let rauha = world.sign_in(RAUHA).await;
    let (good, _) = token_of(&world, &rauha, json!({})).await;
    let (ended, id) = token_of(&world, &rauha, json!({})).await;
    assert_eq!(end(&world, &rauha, &id).await.status, 200);
    let other = good.replace(&good[30..], "0000000");
    for what in ["gatherings", "groups", REPORT, "gatherings?cursor=x&limit=0", "report"] {
        let expected = whole(&read(&world, "hyte_00000000000000000000000000000000", &at(CHOIR, what)).await);
        assert_eq!(expected.0, 401);
        assert!(expected.1.contains("token-unknown"), "{}", expected.1);
        assert!(expected.2.contains(&("www-authenticate".to_owned(), "\"Bearer\"".to_owned())), "{:?}", expected.2);
        let bearer = |token: &str| format!("Bearer {token}");
        let lower = good.to_lowercase();
        for (authorization, association) in [
            (bearer(&good), SCOUTS.to_string()),
            (bearer(&good), NOWHERE.to_string()),
            (bearer(&good), "x".to_owned()),
            (bearer(&good), "%00".to_owned()),
            (bearer(&ended), CHOIR.to_string()),
            (bearer(&ended), SCOUTS.to_string()),
            (bearer(&other), CHOIR.to_string()),
            (bearer(&lower), CHOIR.to_string()),
            (bearer(&format!("{good}A")), CHOIR.to_string()),
            (bearer(""), CHOIR.to_string()),
            (format!("Basic {good}"), CHOIR.to_string()),
            (good.clone(), CHOIR.to_string()),
        ] {
            let answer = read_as(&world, &authorization, &at(&association, what), &[]).await;
            assert_eq!(whole(&answer), expected, "{what} of {association}");
        }
        // A good cookie beside it makes it no better.
        let both = read_as(&world, &bearer(&other), &at(CHOIR, what), &[("cookie", rauha.cookie())]).await;
        assert_eq!(whole(&both), expected);
        // And it is taken from nowhere else.
        let address = format!("{}{}access_token={good}", at(CHOIR, what), if what.contains('?') { "&" } else { "?" });
        assert_eq!(world.get(&address, None).await.code_of(401), "not-signed-in");
    }
    assert_eq!(read(&world, &good, &at(CHOIR, "groups")).await.status, 200, "the good one is alive");
}

#[tokio::test]
async fn a_token_ends_by_its_time_and_with_its_makers_role_and_membership() {
    let world = World::new().await;
    let rauha = world.sign_in(RAUHA).await;
    let (kept, _) = token_of(&world, &rauha, json!({"days": 1})).await;
    let here = at(CHOIR, REPORT);
    assert_eq!(read(&world.later("2026-11-22T09:59:00Z"), &kept, &here).await.status, 200);
    assert_eq!(read(&world.later("2026-11-22T10:01:00Z"), &kept, &here).await.code_of(401), "token-unknown");
    let change = async |address: &str, nickname: &str, more: Value| {
        let members = world.get(&format!("/api/v1/members?association={CHOIR}"), Some(&rauha)).await.json();
        let found = members["members"].as_array().expect("members").iter().find(|one| one["nickname"] == nickname);
        let body = with(json!({"association": CHOIR, "member": found.expect("a member")["member"]}), more);
        assert_eq!(world.post(Some(&rauha), address, bytes(&body)).await.status, 200);
    };
    for (address, more) in
        [("/api/v1/members/role", json!({"role": "volunteer"})), ("/api/v1/members/remove", json!({}))]
    {
        let other = world.a_reviewer_of(CHOIR).await;
        let (token, _) = token_of(&world, &other, json!({})).await;
        assert_eq!(read(&world, &token, &here).await.status, 200);
        change(address, "Toinen hyväksyjä", more).await;
        assert_eq!(read(&world, &token, &here).await.code_of(401), "token-unknown", "{address}");
        // Whoever comes back as a reviewer does not bring it back.
        world.server.store.add_member(CHOIR, other.user, domain::Role::Reviewer).await.expect("a member");
        assert_eq!(read(&world, &token, &here).await.code_of(401), "token-unknown", "{address}");
        change("/api/v1/members/remove", "Toinen hyväksyjä", json!({})).await;
    }
    // Should a way out of a role ever forget the tokens, the role is asked for all the same.
    let other = world.a_reviewer_of(CHOIR).await;
    let (token, _) = token_of(&world, &other, json!({})).await;
    world.damage("update membership set role = 'volunteer' where nickname = 'Toinen hyväksyjä'").await;
    assert_eq!(read(&world, &token, &here).await.code_of(401), "token-unknown");
    world.damage("update membership set role = 'reviewer', ended_at = 1 where nickname = 'Toinen hyväksyjä'").await;
    assert_eq!(read(&world, &token, &here).await.code_of(401), "token-unknown");
    assert_eq!(read(&world, &kept, &here).await.status, 200, "another's is as good as before");
}

#[tokio::test]
async fn a_scope_is_what_it_says() {
    let world = World::new().await;
    let rauha = world.sign_in(RAUHA).await;
    for (scope, opens) in [("figures", [false, true, true]), ("gatherings", [true, true, false])] {
        let (token, _) = token_of(&world, &rauha, json!({"scope": scope})).await;
        for (what, opens) in ["gatherings", "groups", REPORT].into_iter().zip(opens) {
            let answer = read(&world, &token, &at(CHOIR, what)).await;
            match opens {
                true => assert_eq!(answer.status, 200, "{scope} {what}"),
                false => assert_eq!(answer.code_of(403), "not-allowed", "{scope} {what}"),
            }
        }
    }
}

/// A token opens what programs read, and is nothing anywhere else: each route answers as it does to nobody.
#[tokio::test]
async fn a_token_is_taken_by_no_other_route_and_signs_nobody_in() {
    let world = World::new().await;
    let rauha = world.sign_in(RAUHA).await;
    let (token, _) = token_of(&world, &rauha, json!({})).await;
    let bearer = format!("Bearer {token}");
    let mut others = 0;
    for route in ROUTES.iter().filter(|route| route.access != Access::Program) {
        let path = format!("{}?association={CHOIR}", path_of(route));
        let mut answers = Vec::new();
        for authorization in [None, Some(("authorization", bearer.as_str()))] {
            let mut headers: Vec<_> = authorization.into_iter().collect();
            let mut body = Vec::new();
            if route.method == Method::POST {
                let is_form = route.sort == Sort::Form;
                let kind = if is_form { "application/x-www-form-urlencoded" } else { "application/json" };
                headers.push(("content-type", kind));
                if !is_form {
                    body = bytes(&json!({"association": CHOIR}));
                }
            }
            answers.push(world.send(route.method.clone(), &path, &headers, body).await);
        }
        assert_eq!(answers[0].status, answers[1].status, "{}", route.path);
        let is_open = route.access == Access::Anyone;
        assert!(is_open || [401, 303].contains(&answers[1].status.as_u16()), "{} {}", route.path, answers[1].status);
        assert_eq!(
            answers[0].headers.get("set-cookie").is_some(),
            answers[1].headers.get("set-cookie").is_some(),
            "{}",
            route.path
        );
        others += 1;
    }
    assert!(others + 3 == ROUTES.len());
    for what in ["gatherings", "groups", REPORT] {
        for more in [&[][..], &[("cookie", rauha.cookie())]] {
            let answer = read_as(&world, &bearer, &at(CHOIR, what), more).await;
            assert_eq!(answer.status, 200, "{what}");
            assert!(!answer.headers.contains_key("set-cookie"), "{what}");
            assert_eq!(answer.headers["cache-control"], "no-store");
        }
    }
    let by_cookie = world.get(&at(CHOIR, "groups"), Some(&rauha)).await;
    assert!(by_cookie.status == 200 && !by_cookie.headers.contains_key("set-cookie"));
}

async fn evenings(world: &World, person: &Person, count: u32) -> Vec<RecordId> {
    let mut ids = Vec::new();
    for n in 0..count {
        let id = new_record();
        let evening = with(club(n + 1), json!({"series": MONDAYS, "note": "Satoi", "target_groups": ["ikaihmiset"]}));
        assert_eq!(world.push(person, &[edit_of(id, 0, evening)]).await[0]["outcome"], "stored");
        ids.push(id);
    }
    ids
}

/// The pages of a run, from `cursor` on, until there is none.
async fn next_page(world: &World, token: &str, cursor: &mut Option<String>, limit: u32) -> Vec<Value> {
    let more = cursor.as_ref().map(|cursor| format!("&cursor={cursor}")).unwrap_or_default();
    let answer = read(world, token, &at(CHOIR, &format!("gatherings?limit={limit}{more}"))).await;
    assert_eq!(answer.status, 200, "{}", answer.body);
    let page = answer.json();
    *cursor = page["next"].as_str().map(str::to_owned);
    page["gatherings"].as_array().cloned().expect("rows")
}

#[tokio::test]
async fn a_row_is_that_of_the_file_and_names_nobody() {
    let world = World::new().await;
    let (aino, rauha) = (world.sign_in(AINO).await, world.sign_in(RAUHA).await);
    let ids = evenings(&world, &aino, 1).await;
    let (token, _) = token_of(&world, &rauha, json!({"scope": "gatherings"})).await;
    let answer = read(&world, &token, &at(CHOIR, "gatherings")).await;
    let page = answer.json();
    let row = page["gatherings"][0].as_object().expect("a row");
    let codes: BTreeSet<&str> = Column::all().map(Column::code).collect();
    assert_eq!(row.keys().map(String::as_str).collect::<BTreeSet<_>>(), codes);
    assert_eq!((&row["id"], &page["next"]), (&json!(ids[0]), &Value::Null));
    assert_eq!(
        (&row["participants"], &row["volunteer_hours"], &row["date"]),
        (&json!(1), &json!(4.0), &json!("2026-11-16"))
    );
    assert_eq!(
        (&row["note"], &row["series"], &row["review_code"]),
        (&json!("Satoi"), &json!("Maanantaikerho"), &json!("recorded"))
    );
    assert_eq!(
        (&row["target_group_codes"], &row["theme_codes"], &row["start"]),
        (&json!(["ikaihmiset"]), &json!([]), &Value::Null)
    );
    let swedish = read(&world, &token, &at(CHOIR, "gatherings?lang=sv")).await.json();
    let form = domain::codes::ActivityForm::parse("kerho").expect("a form").name(Lang::Sv);
    assert_eq!(swedish["gatherings"][0]["form"], form);
    assert_eq!(read(&world, &token, &at(CHOIR, "gatherings?lang=xx")).await.code_of(400), "unreadable");
    for (user, nickname) in NICKNAMES {
        assert!(!answer.body.contains(nickname) && !answer.body.contains(&user.to_string()), "{nickname}");
    }
    for wrong in
        ["gatherings?limit=0", "gatherings?limit=501", "gatherings?cursor=x", "report?pack=year", "groups?limit=x"]
    {
        let (both, _) = token_of(&world, &rauha, json!({})).await;
        assert_eq!(read(&world, &both, &at(CHOIR, wrong)).await.code_of(400), "unreadable", "{wrong}");
    }
}

#[tokio::test]
async fn pages_lose_and_double_nothing_while_somebody_records_changes_and_deletes() {
    let world = World::new().await;
    let (aino, rauha) = (world.sign_in(AINO).await, world.sign_in(RAUHA).await);
    let (token, _) = token_of(&world, &rauha, json!({})).await;
    let rev_of = async |id: RecordId| {
        let all = world.records("gathering").await;
        let rev = all.iter().find(|one| one["id"] == json!(id)).expect("there")["rev"].as_u64().expect("a number");
        u32::try_from(rev).expect("small")
    };
    for limit in [1, 3, 5] {
        let ids = evenings(&world, &aino, 12).await;
        let (mut told, mut cursor) = (Vec::new(), None);
        let mut deleted: Vec<RecordId> = Vec::new();
        let mut turn = 0;
        loop {
            told.extend(next_page(&world, &token, &mut cursor, limit).await.iter().map(|row| row["id"].clone()));
            if cursor.is_none() {
                break;
            }
            // Another day puts it at the other end of any order but that of ids; a new sequence number does, too.
            let left: Vec<RecordId> = ids.iter().filter(|id| !deleted.contains(id)).copied().collect();
            if !left.is_empty() {
                let id = left[turn % left.len()];
                let day = format!("2026-10-{:02}", 1 + turn % 28);
                let edit = edit_of(id, rev_of(id).await, with(club(9), json!({"date": day})));
                assert_eq!(world.push(&aino, &[edit]).await[0]["outcome"], "stored");
            }
            world.push(&aino, &[new_gathering(club(50))]).await;
            // The record that the cursor names is gone when it comes back.
            let last = told.last().and_then(Value::as_str).and_then(RecordId::parse);
            let last = last.expect("an id");
            assert_eq!(world.push(&aino, &[deletion_of(last, rev_of(last).await)]).await[0]["outcome"], "stored");
            deleted.push(last);
            turn += 1;
        }
        let once: BTreeSet<String> = told.iter().map(ToString::to_string).collect();
        assert_eq!(once.len(), told.len(), "{limit}: nothing twice");
        assert!(ids.iter().all(|id| once.contains(&json!(id).to_string())), "{limit}: nothing is lost");
        assert!(!deleted.is_empty());
    }
}

#[tokio::test]
async fn what_has_not_changed_is_not_sent_again() {
    let world = World::new().await;
    let (aino, rauha) = (world.sign_in(AINO).await, world.sign_in(RAUHA).await);
    evenings(&world, &aino, 2).await;
    let (token, _) = token_of(&world, &rauha, json!({})).await;
    let (other, _) = token_of(&world, &rauha, json!({"scope": "figures"})).await;
    let bearer = format!("Bearer {token}");
    let mut tags = BTreeSet::new();
    for what in [
        "gatherings",
        "gatherings?limit=1",
        "gatherings?lang=sv",
        "groups",
        REPORT,
        "report?pack=stea&from=2026-01-01&to=2026-12-31",
    ] {
        let path = at(CHOIR, what);
        let tag_of = async |world: &World| {
            let answer = read(world, &token, &path).await;
            answer.headers["etag"].to_str().expect("text").to_owned()
        };
        let tag = tag_of(&world).await;
        assert!(tag.starts_with('"') && tag.ends_with('"') && tag.len() > 20, "a strong one: {tag}");
        assert!(tags.insert(tag.clone()), "{what} has a tag of its own");
        let again = read_as(&world, &bearer, &path, &[("if-none-match", &tag), ("accept-encoding", "gzip")]).await;
        assert_eq!((again.status.as_u16(), again.body.as_str()), (304, ""), "{what}");
        let packed = read_as(&world, &bearer, &path, &[("accept-encoding", "gzip")]).await;
        assert_eq!(
            (packed.headers.get("content-encoding"), &packed.headers["etag"]),
            (None, &tag.parse().expect("a value"))
        );
        // Whoever may not read is not told that nothing has changed.
        let refused = read_as(&world, "Bearer x", &path, &[("if-none-match", &tag)]).await;
        assert_eq!(refused.code_of(401), "token-unknown");
        if what.starts_with("gatherings") {
            let refused = read_as(&world, &format!("Bearer {other}"), &path, &[("if-none-match", "*")]).await;
            assert_eq!(refused.code_of(403), "not-allowed");
        }
        let tomorrow = tag_of(&world.later("2026-11-22T10:00:00Z")).await;
        assert_ne!(tomorrow, tag, "figures are of a day");
        world.push(&aino, &[new_gathering(club(14))]).await;
        let changed = read_as(&world, &bearer, &path, &[("if-none-match", &tag)]).await;
        assert_eq!(changed.status, 200, "{what}");
        assert_ne!(changed.headers["etag"], tag.as_str());
    }
}

#[tokio::test]
async fn a_report_is_the_tidy_table_of_its_pack() {
    let world = World::new().await;
    let (aino, rauha) = (world.sign_in(AINO).await, world.sign_in(RAUHA).await);
    world.push(&aino, &[new_gathering(club(14)), new_gathering(club(15))]).await;
    let (token, _) = token_of(&world, &rauha, json!({"scope": "figures"})).await;
    for pack in domain::report::packs::Pack::ALL {
        let path = at(CHOIR, &format!("report?pack={}&from=2026-01-01&to=2026-12-31", pack.code()));
        let told = read(&world, &token, &path).await.json();
        assert_eq!((&told["pack"], &told["today"]), (&json!(pack.code()), &json!("2026-11-21")));
        for row in told["rows"].as_array().expect("rows") {
            let names: BTreeSet<&str> = row.as_object().expect("a row").keys().map(String::as_str).collect();
            assert_eq!(names, BTreeSet::from(COLUMNS), "{}", pack.code());
        }
    }
    let told = read(&world, &token, &at(CHOIR, REPORT)).await.json();
    let rows = told["rows"].as_array().expect("rows");
    let whole = |measure: &str| {
        let of = |row: &&Value| row["table"] == "whole" && row["span"] == "whole" && row["measure"] == measure;
        rows.iter().find(of).unwrap_or_else(|| panic!("{measure} in {told}"))
    };
    assert_eq!((&whole("gatherings")["value"], &whole("visits")["value"]), (&json!(2), &json!(29)));
    assert_eq!((&whole("visits")["waiting"], &whole("first_timers")["value"]), (&json!(2), &Value::Null));
    assert_eq!(whole("first_timers")["note"], "not-said");
    for wrong in [
        "report?pack=nothing&from=2026-01-01&to=2026-12-31",
        "report?pack=year&from=2026-12-31&to=2026-01-01",
        "report?pack=year&from=1.1.2026&to=2026-12-31",
        "report?pack=year&from=0000-01-01&to=9999-12-31",
    ] {
        assert_eq!(read(&world, &token, &at(CHOIR, wrong)).await.code_of(400), "unreadable", "{wrong}");
    }
    let groups = read(&world, &token, &at(CHOIR, "groups")).await.json();
    assert_eq!((&groups["groups"][0]["id"], &groups["groups"][0]["name"]), (&json!(MONDAYS), &json!("Maanantaikerho")));
    assert_eq!((&groups["groups"][0]["fields"]["form"], &groups["next"]), (&json!("kerho"), &Value::Null));
}

#[tokio::test]
async fn a_program_that_asks_without_end_waits_and_the_associations_phones_do_not() {
    let world = World::new().await;
    let (aino, rauha) = (world.sign_in(AINO).await, world.sign_in(RAUHA).await);
    let (one, _) = token_of(&world, &rauha, json!({})).await;
    let (two, _) = token_of(&world, &rauha, json!({})).await;
    let mut taken = 0;
    let refused = loop {
        let answer = read(&world, if taken % 2 == 0 { &one } else { &two }, &at(CHOIR, "groups")).await;
        if answer.status != 200 {
            break answer;
        }
        taken += 1;
        assert!(taken < 2_000, "never");
    };
    assert_eq!(refused.code_of(429), "too-many");
    assert!(refused.headers.contains_key("retry-after") && taken >= 120, "{taken}");
    assert_eq!(world.push(&aino, &[new_gathering(club(14))]).await[0]["outcome"], "stored");
}

#[tokio::test]
async fn that_a_token_was_used_is_written_once_an_hour_and_its_maker_sees_it_among_their_data() {
    let world = World::new().await;
    let rauha = world.sign_in(RAUHA).await;
    let (token, _) = token_of(&world, &rauha, json!({})).await;
    let used = async |moment: &str| {
        assert_eq!(read(&world.later(moment), &token, &at(CHOIR, "groups")).await.status, 200);
        world.one_number("select last_used_at / 60000 from read_token").await
    };
    let first = used("2026-11-21T11:00:00Z").await;
    assert_eq!(used("2026-11-21T11:59:00Z").await, first);
    assert_eq!(used("2026-11-21T12:00:30Z").await, first + 60);
    let page = world.get("/oma/tiedot", Some(&rauha)).await;
    assert!(page.body.contains("Vuositilasto, Kuoro ry: tehty 21.11.2026, voimassa 21.11.2027 asti"), "{}", page.body);
    let file = world.form(Some(&rauha), "/oma/tiedot.json", "").await.json();
    assert_eq!(file["tokens_made"][0]["scope"], "gatherings figures");
    assert!(!file.to_string().contains(&token[5..]));
}

/// The description says how a program shows that it may read.
#[test]
fn the_description_has_the_scheme_of_tokens_for_what_programs_read_only() {
    let description = &*super::described::DESCRIPTION;
    let scheme = &description["components"]["securitySchemes"]["token"];
    assert_eq!((&scheme["type"], &scheme["scheme"]), (&json!("http"), &json!("bearer")));
    for (path, methods) in description["paths"].as_object().expect("paths") {
        let is_for_programs = path.starts_with("/api/v1/associations/");
        for (method, operation) in methods.as_object().expect("methods") {
            assert_eq!(!operation["security"].is_null(), is_for_programs, "{method} {path}");
            assert!(!is_for_programs || operation["security"] == json!([{"token": []}, {}]), "{method} {path}");
        }
    }
}
