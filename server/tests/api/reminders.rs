//! Reminders of deadlines: who gets which, when, and what is in them; by a real mail server and a push service on this machine.

use domain::{AssociationId, RecordId, UserId};
use serde_json::{Value, json};
use server::{
    reminders::{self, Looked},
    retention,
    store::{Act, Way},
};

use super::{
    post_office::{Manner, PostOffice},
    push_service::{Browser, PushService, Seen},
    world::*,
};
use crate::support::{club, with};

const ADDRESS: &str = "rauha@kuoro.example";
/// What no reminder says: names of the association, its groups and people, and what was written of a gathering.
const CANARIES: [&str; 8] =
    ["Kuoro", "Partio", "Maanantaikerho", "Rauha", "Aino", "kanarialintu-muistiinpano", "kanarialintu-paikka", "16.11"];
const SAID: &str = "STEA la 5.12. – Odottaa hyväksyntää: 1";
const LETTER: Looked = Looked { letters: 1, pushes: 0, later: 0, failed: 0, gone: 0 };
const PUSH: Looked = Looked { letters: 0, pushes: 1, later: 0, failed: 0, gone: 0 };
const NOTHING: Looked = Looked { letters: 0, pushes: 0, later: 0, failed: 0, gone: 0 };
/// Ten o'clock in Helsinki, seven days before the choir's deadline.
const TEN: &str = "2026-11-28T08:00:00Z";

/// The choir, whose STEA wants its figures on 5 December, and in which a gathering waits.
async fn choir() -> World {
    let world = World::new().await;
    set_deadlines(&world, CHOIR, 1, json!([{"funder": "STEA", "day": "12-05"}])).await;
    record(&world).await;
    world
}

async fn set_deadlines(world: &World, association: AssociationId, base: u32, deadlines: Value) {
    let rauha = world.sign_in(RAUHA).await;
    let own = json!({"change": new_change(), "record": RecordId::new(association.uuid()), "kind": "association",
                     "base": base, "content": {"deadlines": deadlines}});
    assert_eq!(world.push_to(association, &rauha, &[own]).await[0]["outcome"], "stored");
}

async fn record(world: &World) -> RecordId {
    let aino = world.sign_in(AINO).await;
    let evening =
        with(club(14), json!({"note": CANARIES[5], "place": CANARIES[6], "series": MONDAYS, "participants": 14}));
    let record = crate::support::new_record();
    assert_eq!(world.push(&aino, &[edit_of(record, 0, evening)]).await[0]["outcome"], "stored");
    record
}

async fn review(world: &World, gathering: RecordId, verdict: &str) {
    let rauha = world.sign_in(RAUHA).await;
    let review = json!({"change": new_change(), "record": crate::support::new_record(), "kind": "review", "base": 0,
        "content": {"gathering": gathering, "revision": 1, "verdict": verdict, "comment": "Oliko näin?"}});
    assert_eq!(world.push(&rauha, &[review]).await[0]["outcome"], "stored");
}

async fn post(world: &World, person: &Person, path: &str, more: Value) -> Answer {
    let body = with(json!({"association": CHOIR, "lang": "fi"}), more);
    world.post(Some(person), &format!("/api/v1/reminders{path}"), bytes(&body)).await
}

async fn by_mail(world: &World, person: &Person, on: bool) -> Value {
    let answer = post(world, person, "/mail", json!({"on": on})).await;
    assert_eq!(answer.status, 200, "{}", answer.body);
    answer.json()
}

async fn here(world: &World, person: &Person, browser: &Browser) -> Value {
    let answer = post(world, person, "/here", json!({"browser": browser.told()})).await;
    assert_eq!(answer.status, 200, "{}", answer.body);
    answer.json()
}

async fn has_address(world: &World, user: UserId, address: &str) {
    let entry = world.server.entry(None, Act::EmailSet, None);
    assert!(world.server.store.set_mail_address(user, address, entry).await.expect("set"));
}

/// Rauha has asked for letters of the choir.
async fn with_letters() -> (World, PostOffice, Person) {
    let office = PostOffice::open().await;
    let world = choir().await.with_mail_by(office.address);
    has_address(&world, RAUHA, ADDRESS).await;
    let rauha = world.sign_in_by(RAUHA, Way::Passkey).await;
    assert_eq!(by_mail(&world, &rauha, true).await["by_mail"], true);
    (world, office, rauha)
}

/// Rauha has asked for messages in her browser.
async fn with_browser() -> (World, PushService, Person, Browser) {
    let service = PushService::open().await;
    let world = choir().await.with_push_by(service.address);
    let rauha = world.sign_in_by(RAUHA, Way::Passkey).await;
    let browser = Browser::new(&service, "rauhan");
    assert_eq!(here(&world, &rauha, &browser).await["here"], true);
    (world, service, rauha, browser)
}

async fn look(world: &World, moment: &str) -> Looked {
    reminders::look(&world.later(moment).server).await.expect("a look")
}

async fn wishes(world: &World) -> i64 {
    world.one_number("select (select count(*) from mail_reminder) + (select count(*) from push_reminder)").await
}

#[tokio::test]
async fn a_reviewer_who_asks_has_a_letter_at_ten_and_no_second_one() {
    let (world, mut office, _) = with_letters().await;
    assert_eq!(look(&world, "2026-11-21T12:00:00Z").await, NOTHING, "on the day on which they asked");
    assert_eq!(look(&world, "2026-11-27T08:00:00Z").await, NOTHING, "eight days before");
    assert_eq!(look(&world, "2026-11-28T07:59:59Z").await, NOTHING, "before ten");
    assert_eq!(look(&world, TEN).await, LETTER);
    let letter = office.letter().await;
    assert_eq!(letter.to, ADDRESS);
    assert!(letter.text.contains(SAID), "{}", letter.text);
    assert!(letter.text.contains("http://127.0.0.1:3000/app/yhdistys\r\n"), "{}", letter.text);
    assert!(letter.text.contains("http://127.0.0.1:3000/app/yhdistys/jaksot"), "where it is stopped: {}", letter.text);
    for canary in CANARIES {
        assert!(!letter.text.contains(canary), "{canary} in {}", letter.text);
    }
    for again in [TEN, "2026-11-28T08:15:00Z", "2026-11-28T17:59:00Z", "2026-11-29T08:00:00Z", "2026-12-03T08:00:00Z"] {
        assert_eq!(look(&world, again).await, NOTHING, "{again}");
    }
    assert_eq!(look(&world, "2026-12-04T08:00:00Z").await, LETTER, "the day before");
    for over in ["2026-12-05T08:00:00Z", "2026-12-06T08:00:00Z", "2026-12-20T08:00:00Z"] {
        assert_eq!(look(&world, over).await, NOTHING, "{over}");
    }
    office.letter().await;
    assert!(office.has_none().await);
}

#[tokio::test]
async fn two_servers_that_look_at_once_send_one_letter() {
    let (world, mut office, _) = with_letters().await;
    let looks: Vec<World> = (0..8).map(|_| world.later(TEN)).collect();
    let looked = all(looks.iter().map(|one| reminders::look(&one.server))).await;
    let letters: u32 = looked.into_iter().map(|one| one.expect("a look").letters).sum();
    assert_eq!(letters, 1);
    office.letter().await;
    assert!(office.has_none().await);
}

#[tokio::test]
async fn a_server_that_was_down_is_late_by_day_and_one_whose_clock_goes_back_is_silent() {
    let (world, mut office, _) = with_letters().await;
    assert_eq!(look(&world, "2026-12-01T01:00:00Z").await, NOTHING, "it comes up at night");
    assert_eq!(look(&world, "2026-12-01T18:30:00Z").await, NOTHING, "late in the evening");
    assert_eq!(look(&world, "2026-12-02T08:00:00Z").await, LETTER);
    assert_eq!(look(&world, TEN).await, NOTHING, "the clock goes back");
    assert_eq!(look(&world, "2026-11-30T08:00:00Z").await, NOTHING);
    assert_eq!(look(&world, "1970-01-01T09:00:00Z").await, NOTHING, "and far back");
    assert_eq!(look(&world, "2026-12-04T08:00:00Z").await, LETTER);
    for _ in 0..2 {
        office.letter().await;
    }
    assert!(office.has_none().await);
}

#[tokio::test]
async fn nobody_is_reminded_when_nothing_is_open() {
    let office = PostOffice::open().await;
    let world = World::new().await.with_mail_by(office.address);
    set_deadlines(&world, CHOIR, 1, json!([{"funder": "STEA", "day": "12-05"}])).await;
    has_address(&world, RAUHA, ADDRESS).await;
    let rauha = world.sign_in_by(RAUHA, Way::Passkey).await;
    by_mail(&world, &rauha, true).await;
    assert_eq!(look(&world, TEN).await, NOTHING);
    let gathering = record(&world).await;
    assert_eq!(look(&world, "2026-11-29T08:00:00Z").await, NOTHING, "it is no day for it");
    review(&world, gathering, "approved").await;
    assert_eq!(look(&world, "2026-12-04T08:00:00Z").await, NOTHING);
}

#[tokio::test]
async fn a_question_and_weeks_without_a_record_are_counted_as_on_the_board() {
    let (world, mut office, _) = with_letters().await;
    let second = record(&world).await;
    review(&world, second, "returned").await;
    let rauha = world.sign_in(RAUHA).await;
    let mondays =
        json!({"change": new_change(), "record": MONDAYS, "kind": "series", "base": 1, "content": {"weekday": 0}});
    assert_eq!(world.push(&rauha, &[mondays]).await[0]["outcome"], "stored");
    assert_eq!(look(&world, TEN).await, LETTER);
    let text = office.letter().await.text;
    assert!(text.contains("Odottaa hyväksyntää: 1 · Kysytty kirjaajalta: 1 · Viikkoja kirjaamatta: 1"), "{text}");
}

#[tokio::test]
async fn a_letter_is_in_the_language_in_which_it_was_asked_for_and_one_for_all_associations() {
    let (world, mut office, rauha) = with_letters().await;
    set_deadlines(&world, SCOUTS, 1, json!([{"funder": "Kommun", "day": "12-05"}])).await;
    let cecilia = world.sign_in(CECILIA).await;
    world.push_to(SCOUTS, &cecilia, &[new_gathering(club(9))]).await;
    for association in [CHOIR, SCOUTS] {
        let body = json!({"association": association, "on": true, "lang": "sv"});
        assert_eq!(world.post(Some(&rauha), "/api/v1/reminders/mail", bytes(&body)).await.status, 200);
    }
    assert_eq!(look(&world, TEN).await, LETTER);
    let text = office.letter().await.text;
    assert!(text.contains("STEA lö 5.12 – Väntar på godkännande: 1"), "{text}");
    assert!(text.contains("Kommun lö 5.12 – Väntar på godkännande: 1"), "{text}");
    assert!(office.has_none().await);
}

#[tokio::test]
async fn nobody_is_reminded_who_said_no_or_has_no_address_or_is_no_reviewer_any_more() {
    let (world, mut office, rauha) = with_letters().await;
    assert_eq!(by_mail(&world, &rauha, false).await["by_mail"], false);
    assert_eq!((wishes(&world).await, look(&world, TEN).await), (0, NOTHING));

    by_mail(&world, &rauha, true).await;
    let entry = |act| world.server.entry(None, act, None);
    assert!(world.server.store.remove_mail_address(RAUHA, entry(Act::EmailRemoved)).await.expect("removed"));
    assert_eq!((wishes(&world).await, look(&world, TEN).await), (0, NOTHING));
    let told = by_mail(&world, &rauha, true).await;
    assert_eq!(
        (&told["by_mail"], &told["has_address"], &told["has_mail"]),
        (&false.into(), &false.into(), &true.into())
    );

    // Another reviewer, so that each of the two may go.
    for (n, end) in [Act::RoleChanged, Act::MemberRemoved, Act::PersonDeleted].into_iter().enumerate() {
        let other = world.a_reviewer_of(CHOIR).await;
        has_address(&world, other.user, &format!("toinen{n}@kuoro.example")).await;
        assert_eq!(by_mail(&world, &other, true).await["by_mail"], true);
        let store = &world.server.store;
        match end {
            Act::RoleChanged => assert!(store.make_volunteer(CHOIR, other.user, entry(end)).await.expect("changed")),
            Act::MemberRemoved => assert!(store.end_membership(CHOIR, other.user, entry(end)).await.expect("removed")),
            _ => drop(store.delete_person(other.user, entry(end), &|| Ok(())).await.expect("deleted")),
        }
        assert_eq!((wishes(&world).await, look(&world, TEN).await), (0, NOTHING), "{end:?}");
    }
    assert!(office.has_none().await);
}

#[tokio::test]
async fn a_mail_server_that_is_down_or_says_later_has_the_letter_at_a_later_quarter_and_once() {
    let (world, mut office, _) = with_letters().await;
    for manner in [Manner::Babbles, Manner::Later] {
        office.set(manner);
        assert_eq!(look(&world, TEN).await, Looked { later: 1, ..NOTHING }, "{manner:?}");
        assert_eq!(look(&world, "2026-11-28T08:15:00Z").await, Looked { later: 1, ..NOTHING }, "{manner:?}");
    }
    office.set(Manner::Takes);
    assert_eq!(look(&world, "2026-11-28T08:30:00Z").await, LETTER);
    assert_eq!(look(&world, "2026-11-28T08:45:00Z").await, NOTHING);
    office.letter().await;
    // Whether that one went nobody knows: it does not come twice.
    office.set(Manner::Dies);
    assert_eq!(look(&world, "2026-12-04T08:00:00Z").await, Looked { failed: 1, ..NOTHING });
    office.set(Manner::Takes);
    assert_eq!(look(&world, "2026-12-04T08:15:00Z").await, NOTHING);
    assert!(office.has_none().await);
}

#[tokio::test]
async fn a_mail_server_that_goes_down_in_the_middle_loses_one_letter_and_not_the_rest() {
    let (world, mut office, _) = with_letters().await;
    for n in 0..2 {
        let other = world.a_reviewer_of(CHOIR).await;
        has_address(&world, other.user, &format!("toinen{n}@kuoro.example")).await;
        by_mail(&world, &other, true).await;
    }
    office.set(Manner::Falls);
    assert_eq!(look(&world, TEN).await, Looked { failed: 1, later: 2, ..NOTHING });
    office.set(Manner::Takes);
    assert_eq!(look(&world, "2026-11-28T08:15:00Z").await, Looked { letters: 2, ..NOTHING });
    for _ in 0..2 {
        office.letter().await;
    }
    assert!(office.has_none().await);
}

#[tokio::test]
async fn nothing_is_counted_or_written_for_a_way_that_the_server_does_not_have() {
    let (world, _office, rauha) = with_letters().await;
    let service = PushService::open().await;
    here(&world.with_push_by(service.address), &rauha, &Browser::new(&service, "rauhan")).await;
    set_deadlines(&world, CHOIR, 2, json!([])).await;
    let looked = "select (select sum(looked_on) from mail_reminder) + (select sum(looked_on) from push_reminder)";
    let before = world.one_number(looked).await;
    let mut server = world.later(TEN).server.clone();
    let push = server.push.take();
    let mail = server.mail.take();
    assert_eq!(reminders::look(&server).await.expect("a look"), NOTHING);
    assert_eq!(world.one_number(looked).await, before);
    (server.push, server.mail) = (push, mail);
    assert_eq!(reminders::look(&server).await.expect("a look"), NOTHING);
    assert!(world.one_number(looked).await > before, "with it, the day counts as looked at");
}

#[tokio::test]
async fn a_browser_reads_what_its_push_service_cannot() {
    let (world, mut service, _, browser) = with_browser().await;
    assert_eq!(look(&world, "2026-11-28T07:59:00Z").await, NOTHING);
    assert_eq!(look(&world, TEN).await, PUSH);
    let seen = service.message().await;
    let said = browser.read(&seen);
    assert_eq!(said, json!({"title": "Muistutus määräajasta", "body": SAID}));
    assert_eq!(seen.path, "/rauhan");
    let header = |name: &str| seen.headers.get(name).map(String::as_str);
    assert_eq!((header("content-encoding"), header("ttl")), (Some("aes128gcm"), Some("86400")));
    assert!(header("authorization").is_some_and(|value| value.starts_with("vapid t=")));
    let Seen { headers, body, .. } = &seen;
    let open = format!("{headers:?} {}", String::from_utf8_lossy(body));
    for word in CANARIES.iter().chain(&["STEA", "hyväksyntää", "määräajasta"]) {
        assert!(!open.contains(word), "{word}");
        assert!(!said.to_string().contains(word) || !CANARIES.contains(word), "{word}");
    }
    for again in ["2026-11-28T08:15:00Z", "2026-11-29T08:00:00Z"] {
        assert_eq!(look(&world, again).await, NOTHING, "{again}");
    }
    assert!(service.has_none());
}

#[tokio::test]
async fn a_browser_that_is_no_more_is_forgotten_and_a_push_service_that_says_later_is_left_alone() {
    let (world, mut service, _, _) = with_browser().await;
    service.answers(429);
    assert_eq!(look(&world, TEN).await, Looked { later: 1, ..NOTHING });
    service.message().await;
    service.answers(201);
    assert_eq!(look(&world, "2026-11-28T08:15:00Z").await, Looked { later: 1, ..NOTHING }, "it said an hour");
    assert!(service.has_none(), "it was not even asked");
    assert_eq!(look(&world, "2026-11-28T09:15:00Z").await, PUSH);
    service.message().await;
    service.answers(410);
    assert_eq!(look(&world, "2026-12-04T08:00:00Z").await, Looked { gone: 1, ..NOTHING });
    assert_eq!(wishes(&world).await, 0);
}

#[tokio::test]
async fn a_push_service_that_leads_elsewhere_or_refuses_is_not_followed_and_not_asked_again() {
    for status in [307, 400, 403, 500] {
        let (world, mut service, _, _) = with_browser().await;
        service.answers(status);
        assert_eq!(look(&world, TEN).await, Looked { failed: 1, ..NOTHING }, "{status}");
        service.message().await;
        service.answers(201);
        assert_eq!(look(&world, "2026-11-28T08:30:00Z").await, NOTHING, "{status}");
        assert!(service.has_none());
    }
}

#[tokio::test]
async fn a_browser_is_forgotten_with_its_sign_in_however_that_ends() {
    let (world, mut service, rauha, browser) = with_browser().await;
    let sign_ins = async |user| world.server.store.sign_ins(user).await.expect("sign-ins");
    let entry = |act| world.server.entry(Some(RAUHA), act, None);
    let store = &world.server.store;
    // By themselves, from elsewhere, all others, and by the clock.
    assert_eq!(world.form(Some(&rauha), "/kirjaudu/ulos", "").await.status, 303);
    assert_eq!(wishes(&world).await, 0);
    for n in 0..3 {
        let rauha = world.sign_in_by(RAUHA, Way::Passkey).await;
        here(&world, &rauha, &browser).await;
        let newest = sign_ins(RAUHA).await.into_iter().max_by_key(|one| one.created_ms).expect("one");
        assert!(wishes(&world).await > 0);
        match n {
            0 => {
                for one in sign_ins(RAUHA).await {
                    assert!(store.end_sign_in(RAUHA, one.id, entry(Act::SignInEnded)).await.expect("ended"));
                }
            }
            1 => store.end_sign_ins(RAUHA, None, entry(Act::SignInEnded)).await.expect("ended"),
            _ => {
                // Nobody has been there for thirty days: the day's reminder does not go, also before the row does.
                set_deadlines(&world, CHOIR, 2, json!([{"funder": "STEA", "day": "01-20"}])).await;
                assert_eq!(look(&world, "2027-01-06T08:00:00Z").await, NOTHING);
                let cutoffs = retention::cutoffs(newest.last_used_ms + 31 * 24 * 60 * 60 * 1000);
                store.forget(cutoffs).await.expect("forgotten");
            }
        }
        assert_eq!(wishes(&world).await, 0, "{n}");
    }
    assert!(service.has_none());
}

#[tokio::test]
async fn only_a_reviewer_asks_and_only_for_a_browser_of_a_push_service_that_is_known() {
    let (world, service, rauha, browser) = with_browser().await;
    for (person, association) in [
        (world.sign_in(AINO).await, CHOIR),
        (world.sign_in_as_volunteer(RAUHA).await, CHOIR),
        (world.a_reviewer_of(SCOUTS).await, CHOIR),
        (world.sign_in(COORDINATOR).await, CHOIR),
    ] {
        for (path, more) in [("/mail", json!({"on": true})), ("/here", json!({"browser": browser.told()}))] {
            let body = with(json!({"association": association, "lang": "fi"}), more);
            let answer = world.post(Some(&person), &format!("/api/v1/reminders{path}"), bytes(&body)).await;
            assert_eq!(answer.code_of(403), "not-allowed", "{path}");
        }
        let read = world.get(&format!("/api/v1/reminders?association={association}"), Some(&person)).await;
        assert_eq!(read.code_of(403), "not-allowed");
    }
    for endpoint in [
        "http://127.0.0.1:1/x".to_owned(),
        "http://169.254.169.254/latest/meta-data".to_owned(),
        "https://localhost/x".to_owned(),
        "https://evil.example/x".to_owned(),
        format!("http://{}@evil.example/x", service.address),
        format!("http://evil.example/{}", service.address),
        String::new(),
    ] {
        let told = with(browser.told(), json!({"endpoint": endpoint}));
        let answer = post(&world, &rauha, "/here", json!({"browser": told})).await;
        assert_eq!(answer.code_of(400), "unreadable", "{endpoint}");
    }
    assert_eq!(wishes(&world).await, 1, "Rauha's own");
    // A server that sends nothing to browsers says so, and forgets all the same.
    let without = world.later(NOON);
    let mut server = without.server.clone();
    server.push = None;
    let told = world.get(&format!("/api/v1/reminders?association={CHOIR}"), Some(&rauha)).await.json();
    assert!(told["key"].as_str().is_some_and(|key| key.len() == 87), "{told}");
    assert_eq!(reminders::look(&server).await.expect("a look"), NOTHING);
    assert_eq!(post(&world, &rauha, "/here", json!({})).await.json()["here"], false);
    assert_eq!(wishes(&world).await, 0);
}

#[tokio::test]
async fn a_computer_that_others_use_too_is_offered_no_messages_and_takes_no_wish() {
    let (world, service, rauha, browser) = with_browser().await;
    here(&world, &rauha, &browser).await;
    let shared = world.sign_in_on_a_shared_computer(RAUHA).await;
    let told = world.get(&format!("/api/v1/reminders?association={CHOIR}"), Some(&shared)).await.json();
    assert_eq!(told["key"], Value::Null);
    let told = here(&world, &shared, &Browser::new(&service, "kirjaston")).await;
    assert_eq!((&told["here"], wishes(&world).await), (&json!(false), 1));
}

#[tokio::test]
async fn a_browser_is_reminded_once_whichever_of_its_sign_ins_asked_and_ten_devices_are_enough() {
    let (world, mut service, _, browser) = with_browser().await;
    let again = world.sign_in_by(RAUHA, Way::Passkey).await;
    here(&world, &again, &browser).await;
    assert_eq!(wishes(&world).await, 1);
    assert_eq!(look(&world, TEN).await, PUSH);
    service.message().await;
    for n in 0..12 {
        let person = world.sign_in_by(RAUHA, Way::Passkey).await;
        let told = here(&world, &person, &Browser::new(&service, &format!("laite{n}"))).await;
        assert_eq!(told["here"], true, "the newest is always there");
    }
    assert_eq!(wishes(&world).await, 10);
}

#[tokio::test]
async fn whoever_asks_sees_among_their_own_data_how_they_are_reminded() {
    let (world, _, rauha, browser) = with_browser().await;
    has_address(&world, RAUHA, ADDRESS).await;
    let office = PostOffice::open().await;
    by_mail(&world.with_mail_by(office.address), &rauha, true).await;
    let page = world.get_in("fi", "/oma/tiedot", Some(&rauha)).await;
    for said in ["Muistutukset määräajoista", "Kuoro ry: sähköpostiin", "Kuoro ry: selaimeen"] {
        assert!(page.body.contains(said), "{said}");
    }
    let file = world.form(Some(&rauha), "/oma/tiedot.json", "").await.json();
    assert_eq!(file["reminders"][0]["browser"], Value::Null);
    assert_eq!(file["reminders"][1]["browser"]["endpoint"], browser.endpoint);
}
