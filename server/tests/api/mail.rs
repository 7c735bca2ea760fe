//! Codes by e-mail, by a real mail server on this machine.

use std::time::{Duration, Instant};

use axum::http::{HeaderMap, Method};
use domain::{Area, Lang, Role, UserId};
use server::{
    admin::{check, settings},
    identity::sign_in::{self, NewSignIn},
    store::{Act, AuditEntry, Way},
};

use super::{
    authenticator::Authenticator,
    post_office::{Manner, PostOffice},
    world::*,
};

const ADDRESS: &str = "rauha@kuoro.example";

/// A browser without a sign-in, which asked for a code.
struct Browser {
    cookie: String,
}

async fn post(world: &World, cookies: &str, path: &str, body: &str) -> Answer {
    let headers =
        [("content-type", "application/x-www-form-urlencoded"), ("cookie", cookies), ("accept-language", "fi")];
    world.send(Method::POST, path, &headers, body.as_bytes().to_vec()).await
}

async fn ask_with(world: &World, cookies: &str, address: &str, more: &str) -> (Answer, Browser) {
    let answer = post(world, cookies, "/kirjaudu/sahkoposti", &format!("osoite={address}{more}")).await;
    let cookie = answer.headers.get("set-cookie").and_then(|set| set.to_str().ok()).unwrap_or_default();
    let cookie = cookie.split(';').next().unwrap_or_default().to_owned();
    (answer, Browser { cookie })
}

async fn ask(world: &World, address: &str) -> Browser {
    let (answer, browser) = ask_with(world, "", address, "").await;
    assert_eq!(answer.status, 303, "{}", answer.body);
    browser
}

async fn type_code(world: &World, browser: &Browser, code: &str, more: &str) -> Answer {
    post(world, &browser.cookie, "/kirjaudu/koodi", &format!("koodi={code}{more}")).await
}

/// Another code than this one.
fn another(code: &str) -> String {
    code.chars()
        .map(|c| {
            if c == '7' {
                '8'
            } else if c == '-' {
                '-'
            } else {
                '7'
            }
        })
        .collect()
}

async fn give(world: &World, person: &Person, address: &str) -> Answer {
    post(world, person.cookie(), "/oma/sahkoposti", &format!("osoite={address}")).await
}

async fn confirm(world: &World, person: &Person, code: &str) -> Answer {
    post(world, person.cookie(), "/oma/sahkoposti/koodi", &format!("koodi={code}")).await
}

/// A page without what is random in each answer.
fn same(body: &str) -> String {
    let mut parts = body.split(" nonce=\"");
    let first = parts.next().unwrap_or_default().to_owned();
    parts.fold(first, |page, part| page + part.split_once('"').map_or("", |(_, rest)| rest))
}

fn leads_to(answer: &Answer) -> &str {
    answer.headers.get("location").and_then(|to| to.to_str().ok()).unwrap_or_default()
}

/// The municipality with a mail server, and Rauha, a reviewer of it who has given her address.
async fn world() -> (World, PostOffice, Person) {
    let mut office = PostOffice::open().await;
    let world = World::new().await.with_mail_by(office.address);
    let rauha = world.sign_in_by(RAUHA, Way::Passkey).await;
    has_given(&world, &mut office, &rauha, ADDRESS).await;
    (world, office, rauha)
}

async fn has_given(world: &World, office: &mut PostOffice, person: &Person, address: &str) {
    assert_eq!(leads_to(&give(world, person, address).await), "/oma?tehty=posti-lahti");
    let code = office.letter().await.code();
    assert_eq!(leads_to(&confirm(world, person, &code).await), "/oma?tehty=posti");
}

async fn address_of(world: &World, user: UserId) -> Option<String> {
    world.server.store.mail_address(user).await.expect("a look").map(|kept| kept.address)
}

#[tokio::test]
async fn a_reviewer_confirms_an_address_and_signs_in_with_a_code_that_is_sent_there() {
    let (world, mut office, rauha) = world().await;
    assert_eq!(address_of(&world, RAUHA).await.as_deref(), Some(ADDRESS));
    let page = world.get_in("fi", "/oma", Some(&rauha)).await;
    assert!(page.body.contains("Osoitteesi: rauha@kuoro.example"), "{}", page.body);

    // However it is typed.
    let browser = ask(&world, "%20Rauha%40Kuoro.EXAMPLE").await;
    let letter = office.letter().await;
    assert_eq!(letter.to, ADDRESS);
    let spoilt = letter.code().to_lowercase().replace('-', "+").replace('0', "o");
    let answer = type_code(&world, &browser, &spoilt, "&to=/app/vuosi&oma=1").await;
    assert_eq!((answer.status.as_u16(), leads_to(&answer)), (303, "/app/vuosi"), "{}", answer.body);
    let there = Person::of(RAUHA, &answer);
    let me = world.get("/api/v1/me", Some(&there)).await.json();
    assert!(me.to_string().contains("reviewer"), "{me}");
    let sign_ins = world.server.store.sign_ins(RAUHA).await.expect("sign-ins");
    let by_mail = sign_ins.iter().find(|one| one.way == Way::Email).expect("one by e-mail");
    assert_eq!(by_mail.class.name(), "own");

    // A second time, and from a browser that asked for nothing.
    assert_eq!(type_code(&world, &browser, &letter.code(), "").await.status, 422);
    let other = ask(&world, ADDRESS).await;
    let code = office.letter().await.code();
    for elsewhere in
        ["", "__Host-hytevihko-koodi=", &format!("__Host-hytevihko-koodi={}", "0".repeat(64)), &browser.cookie]
    {
        let stranger = Browser { cookie: elsewhere.to_owned() };
        let answer = type_code(&world, &stranger, &code, "").await;
        assert_eq!(answer.status, 422, "{elsewhere}");
        assert!(answer.body.contains("Koodi ei kelpaa") && !answer.headers.contains_key("set-cookie"));
    }
    assert_eq!(leads_to(&type_code(&world, &other, &code, "").await), "/app/yhdistys");
    let acts: Vec<Act> =
        world.server.store.audit_rows(0, 100).await.expect("the log").into_iter().map(|row| row.act).collect();
    assert!(acts.contains(&Act::EmailSet) && acts.contains(&Act::SignedIn));
}

#[tokio::test]
async fn a_letter_has_the_code_and_no_link_and_says_that_nobody_asks_for_it() {
    let (world, mut office, _) = world().await;
    for (language, words) in [
        ("fi", "Älä kerro koodia kenellekään"),
        ("sv", "Berätta inte koden för någon"),
        ("en", "Tell the code to nobody"),
    ] {
        let headers = [("content-type", "application/x-www-form-urlencoded"), ("accept-language", language)];
        let body = format!("osoite={ADDRESS}").into_bytes();
        assert_eq!(world.send(Method::POST, "/kirjaudu/sahkoposti", &headers, body).await.status, 303);
        let text = office.letter().await.text;
        assert!(text.contains(words) && text.contains(" 127.0.0.1."), "{text}");
        assert!(!text.contains("://") && !text.contains("kirjaudu") && !text.contains("Rauha"), "{text}");
        let (header, letter) = text.split_once("\r\n\r\n").expect("a header");
        assert!(header.contains("text/plain") && !header.contains("multipart"), "{header}");
        let code =
            letter.lines().find_map(|line| line.split(": ").nth(1).filter(|code| code.len() == 9)).map(str::to_owned);
        assert!(!header.contains(&code.expect("a code")), "not where a locked phone shows it");
    }
}

#[tokio::test]
async fn a_known_address_and_an_unknown_one_are_answered_alike_and_only_a_reviewer_gets_a_code() {
    let (world, mut office, _) = world().await;
    // A volunteer and a coordinator, whose addresses are there by an older role.
    let entry = || world.server.entry(None, Act::EmailSet, None);
    for (user, address) in [(AINO, "aino@kuoro.example"), (COORDINATOR, "hyte@kunta.example")] {
        assert!(world.server.store.set_mail_address(user, address, entry()).await.expect("set"));
    }
    let (known, browser) = ask_with(&world, "", ADDRESS, "&to=/oma").await;
    let code = office.letter().await.code();
    for unknown in ["nobody@kuoro.example", "aino@kuoro.example", "hyte@kunta.example"] {
        let (answer, stranger) = ask_with(&world, "", unknown, "&to=/oma").await;
        assert_eq!((answer.status, &answer.body, leads_to(&answer)), (known.status, &known.body, leads_to(&known)));
        let names = |answer: &Answer| answer.headers.keys().map(ToString::to_string).collect::<Vec<_>>();
        assert_eq!(names(&answer), names(&known));
        assert_eq!(stranger.cookie.len(), browser.cookie.len());
        let pages = [&browser, &stranger].map(|one| one.cookie.clone());
        let mut bodies = Vec::new();
        for cookie in &pages {
            bodies.push(world.send(Method::GET, leads_to(&answer), &[("cookie", cookie)], Vec::new()).await.body);
        }
        assert_eq!(same(&bodies[0]), same(&bodies[1]));
        let wrong =
            [type_code(&world, &stranger, &code, "").await, type_code(&world, &browser, &another(&code), "").await];
        assert_eq!(wrong[0].status, wrong[1].status);
        assert_eq!(same(&wrong[0].body).replace(&code, ""), same(&wrong[1].body).replace(&another(&code), ""));
    }
    assert!(office.has_none().await);
    assert_eq!(type_code(&world, &browser, &code, "").await.status, 303);
}

/// Reviewers who have given an address.
async fn reviewers_with_addresses(world: &World, count: usize) -> Vec<String> {
    let mut addresses = Vec::new();
    for n in 0..count {
        let (person, address) = (world.a_reviewer_of(CHOIR).await, format!("reviewer{n}@kuoro.example"));
        let entry = world.server.entry(None, Act::EmailSet, None);
        assert!(world.server.store.set_mail_address(person.user, &address, entry).await.expect("set"));
        addresses.push(address);
    }
    addresses
}

/// Also while the mail server hangs, and when more letters to known addresses are asked for than may wait.
#[tokio::test]
async fn a_known_address_and_an_unknown_one_take_the_same_time() {
    let (world, office, _) = world().await;
    // Five letters each: 100, of which 64 wait and one is under way.
    let addresses = reviewers_with_addresses(&world, 20).await;
    office.set(Manner::Hangs);
    let mut times = [Vec::new(), Vec::new()];
    for round in 0..100 {
        for (which, address) in [addresses[round % 20].as_str(), "nobody@kuoro.example"].into_iter().enumerate() {
            let begun = Instant::now();
            ask(&world, address).await;
            if round >= 2 {
                times[which].push(begun.elapsed());
            }
        }
    }
    let [known, unknown] = times.map(|mut times| {
        times.sort_unstable();
        times[times.len() / 2].as_secs_f64()
    });
    assert!(known < 1.0 && unknown < 1.0, "nobody waits for a mail server: {known} {unknown}");
    assert!((0.5..2.0).contains(&(known / unknown)), "{known} {unknown}");
}

#[tokio::test]
async fn a_code_is_too_old_after_ten_minutes_and_worth_nothing_after_five_wrong_guesses() {
    let (world, mut office, _) = world().await;
    let browser = ask(&world, ADDRESS).await;
    let code = office.letter().await.code();
    let too_late = world.later("2026-11-21T10:11:00Z");
    assert_eq!(type_code(&too_late, &browser, &code, "").await.status, 422);
    assert_eq!(type_code(&world, &browser, &code, "").await.status, 422, "it is gone by then");

    let browser = ask(&world, ADDRESS).await;
    let code = office.letter().await.code();
    let short = type_code(&world, &browser, "7K3F", "").await;
    assert!(
        short.body.contains("Nyt merkkejä on: 4.") && short.body.contains("aria-invalid=\"true\""),
        "{}",
        short.body
    );
    for _ in 0..5 {
        assert_eq!(type_code(&world, &browser, &another(&code), "").await.status, 422);
    }
    assert_eq!(type_code(&world, &browser, &code, "").await.status, 422);
    // A new one ends the one before, and is as good as any.
    let first = ask(&world, ADDRESS).await;
    let before = office.letter().await.code();
    let (_, second) = ask_with(&world, &first.cookie, ADDRESS, "").await;
    let code = office.letter().await.code();
    assert_eq!(type_code(&world, &first, &before, "").await.status, 422);
    assert_eq!(type_code(&world, &second, &code, "").await.status, 303);
}

#[tokio::test]
async fn a_flood_for_an_address_ends_its_letters_and_none_of_its_persons_other_ways_in() {
    let (world, mut office, rauha) = world().await;
    let codes = world.form(Some(&rauha), "/oma/varakoodit", "").await.body;
    let recovery =
        codes.split("<code>").nth(1).and_then(|rest| rest.split("</code>").next()).expect("a code").to_owned();
    for _ in 0..30 {
        ask(&world, ADDRESS).await;
    }
    // The letter that confirmed the address is none of the hour's five.
    for _ in 0..5 {
        office.letter().await;
    }
    assert!(office.has_none().await);
    // Nor is one that confirms a new one, or the same anew.
    has_given(&world, &mut office, &rauha, ADDRESS).await;
    // On a browser of hers there are three more, and on another's there are none.
    for (user, letters) in [(AINO, 0), (RAUHA, 3)] {
        let new = NewSignIn { user, way: Way::Passkey, is_own_device: true };
        let cookies = sign_in::sign_in(&world.server, &HeaderMap::new(), new).await.expect("a sign-in");
        let device = cookies.iter().find(|cookie| cookie.starts_with("hytevihko-device=")).expect("a device");
        let device = device.split(';').next().unwrap_or_default();
        for _ in 0..5 {
            assert_eq!(ask_with(&world, device, ADDRESS, "").await.0.status, 303);
        }
        for _ in 0..letters {
            office.letter().await;
        }
        assert!(office.has_none().await, "{user}");
    }
    assert_eq!(world.form(None, "/kirjaudu/varakoodi", &format!("koodi={recovery}")).await.status, 303);
    let later = world.later("2026-11-21T11:00:01Z");
    let browser = ask(&later, ADDRESS).await;
    let code = office.letter().await.code();
    assert_eq!(type_code(&later, &browser, &code, "").await.status, 303);
}

#[tokio::test]
async fn a_browser_on_which_somebody_was_signed_in_has_no_further_letters_when_that_has_run_out() {
    let (world, mut office, _) = world().await;
    let new = NewSignIn { user: RAUHA, way: Way::Passkey, is_own_device: true };
    let cookies = sign_in::sign_in(&world.server, &HeaderMap::new(), new).await.expect("a sign-in");
    let device = cookies.iter().find(|cookie| cookie.starts_with("hytevihko-device=")).expect("a device");
    let device = device.split(';').next().unwrap_or_default();
    // A sign-in on one's own device lasts thirty days unused.
    for (moment, letters) in [("2026-12-21T09:00:00Z", 5 + 3), ("2026-12-22T10:00:00Z", 5)] {
        let later = world.later(moment);
        for _ in 0..10 {
            assert_eq!(ask_with(&later, device, ADDRESS, "").await.0.status, 303);
        }
        for _ in 0..letters {
            office.letter().await;
        }
        assert!(office.has_none().await, "{moment}");
    }
}

#[tokio::test]
async fn a_neighbourhood_that_asks_without_end_is_asked_to_wait_whatever_the_address() {
    let (world, _, _) = world().await;
    let world = world.behind_a_proxy();
    let ask = async |from: &'static str, n: usize| {
        let headers = [
            ("content-type", "application/x-www-form-urlencoded"),
            ("x-forwarded-for", from),
            ("accept-language", "fi"),
        ];
        let body = format!("osoite=nobody{n}@kuoro.example").into_bytes();
        world.send(Method::POST, "/kirjaudu/sahkoposti", &headers, body).await
    };
    for n in 0..20 {
        assert_eq!(ask(["198.51.100.7", "198.51.100.9"][n % 2], n).await.status, 303);
    }
    let refused = ask("198.51.100.8", 20).await;
    assert_eq!(refused.status, 429);
    assert!(refused.headers.contains_key("retry-after") && refused.body.starts_with("<!DOCTYPE html>"));
    assert_eq!(ask("198.51.101.8", 0).await.status, 303);
}

#[tokio::test]
async fn that_more_letters_wait_than_may_is_said_to_nobody_and_a_mail_server_that_hangs_holds_up_nobody() {
    let (world, office, _) = world().await;
    let addresses = reviewers_with_addresses(&world, 20).await;
    office.set(Manner::Hangs);
    let begun = Instant::now();
    for address in addresses.iter().cycle().take(100) {
        ask(&world, address).await;
    }
    // An unknown address among them, and one that was known from the first: nobody learns how many letters wait.
    for address in ["nobody@kuoro.example", ADDRESS] {
        ask(&world, address).await;
    }
    assert!(begun.elapsed() < Duration::from_secs(8), "{:?}", begun.elapsed());
}

#[tokio::test]
async fn whoever_confirms_an_address_does_not_wait_behind_letters_that_strangers_ask_for() {
    let (world, mut office, rauha) = world().await;
    let addresses = reviewers_with_addresses(&world, 20).await;
    office.set(Manner::Hangs);
    for address in addresses.iter().cycle().take(100) {
        ask(&world, address).await;
    }
    // The one that is under way hangs for ten seconds.
    tokio::time::sleep(Duration::from_millis(200)).await;
    office.set(Manner::Takes);
    let begun = Instant::now();
    has_given(&world, &mut office, &rauha, "new@kuoro.example").await;
    assert!(begun.elapsed() < Duration::from_secs(4), "{:?}", begun.elapsed());
}

#[tokio::test]
async fn whatever_a_mail_server_does_it_is_said_to_whoever_gives_an_address_and_to_the_operator() {
    let (world, mut office, rauha) = world().await;
    settings::mail_at_start(&world.server).await.expect("remembered");
    let line = async || {
        let findings = check::of_server(&world.server, Lang::En).await.expect("findings");
        findings
            .iter()
            .map(check::Finding::line)
            .find(|line| line.contains("e-mail") || line.contains("E-mail"))
            .expect("a line")
    };
    assert!(line().await.starts_with("ok"), "{}", line().await);
    for (manner, is_the_servers_fault) in
        [(Manner::Refuses, false), (Manner::Later, true), (Manner::Dies, true), (Manner::Babbles, true)]
    {
        office.set(manner);
        let answer = give(&world, &rauha, &format!("{manner:?}@kuoro.example")).await;
        assert_eq!(leads_to(&answer), "/oma?tehty=posti-ei-lahtenyt", "{manner:?}");
        assert_eq!(line().await.starts_with("missing"), is_the_servers_fault, "{manner:?} {}", line().await);
        assert!(!line().await.contains("kuoro.example"));
    }
    let page = world.get_in("fi", "/oma?tehty=posti-ei-lahtenyt", Some(&rauha)).await;
    assert!(page.body.contains("Koodia ei saatu lähetettyä"), "{}", page.body);
    assert_eq!(address_of(&world, RAUHA).await.as_deref(), Some(ADDRESS), "nothing has changed");
    office.set(Manner::Takes);
    ask(&world, ADDRESS).await;
    office.letter().await;
    tokio::time::sleep(Duration::from_millis(200)).await;
    assert!(line().await.starts_with("ok"), "{}", line().await);
}

#[tokio::test]
async fn a_letter_that_the_mail_server_does_not_take_is_none_of_the_hours_unless_its_code_was_guessed_at() {
    let (world, mut office, _) = world().await;
    office.set(Manner::Later);
    for _ in 0..8 {
        ask(&world, ADDRESS).await;
    }
    tokio::time::sleep(Duration::from_millis(500)).await;
    office.set(Manner::Takes);
    for _ in 0..4 {
        ask(&world, ADDRESS).await;
        office.letter().await;
    }
    // A letter of which nobody knows yet that it goes astray, and a guess at its code.
    office.set(Manner::Hangs);
    let browser = ask(&world, ADDRESS).await;
    tokio::time::sleep(Duration::from_millis(300)).await;
    assert_eq!(type_code(&world, &browser, "7K3F-Q0M1", "").await.status, 422);
    tokio::time::sleep(Duration::from_secs(11)).await;
    office.set(Manner::Takes);
    ask(&world, ADDRESS).await;
    assert!(office.has_none().await, "it was the fifth");
}

#[tokio::test]
async fn a_mail_server_that_is_not_there_changes_no_answer() {
    let gone = PostOffice::open().await.address;
    // Nobody listens there any more.
    let port = std::net::TcpListener::bind("127.0.0.1:0").expect("a port").local_addr().expect("an address");
    let world = World::new().await.with_mail_by(port);
    assert_ne!(gone, port);
    let entry = world.server.entry(None, Act::EmailSet, None);
    assert!(world.server.store.set_mail_address(RAUHA, ADDRESS, entry).await.expect("set"));
    let (answer, _) = ask_with(&world, "", ADDRESS, "").await;
    assert_eq!(leads_to(&answer), "/kirjaudu/koodi?to=");
    let rauha = world.sign_in_by(RAUHA, Way::Passkey).await;
    assert_eq!(leads_to(&give(&world, &rauha, "new@kuoro.example").await), "/oma?tehty=posti-ei-lahtenyt");
}

#[tokio::test]
async fn an_address_is_given_by_a_reviewer_with_a_fresh_proof_and_confirmed_where_it_was_given() {
    let (world, mut office, rauha) = world().await;
    for bad in ["", "rauha", "rauha@localhost", "a@b.fi%0d%0aBcc:%20c@d.fi", "a@b.fi,c@d.fi", "%22a%20b%22@c.fi"] {
        assert_eq!(leads_to(&give(&world, &rauha, bad).await), "/oma?tehty=posti-ei-osoite", "{bad}");
    }
    // Who is a volunteer, or comes as one, has none.
    let aino = world.sign_in(AINO).await;
    let as_volunteer = world.sign_in_as_volunteer(RAUHA).await;
    let coordinator = world.sign_in(COORDINATOR).await;
    for (person, leads) in
        [(&aino, "/oma?tehty="), (&coordinator, "/oma?tehty="), (&as_volunteer, "/kirjaudu?to=/oma&varmista=1")]
    {
        assert_eq!(leads_to(&give(&world, person, "new@kuoro.example").await), leads);
        assert_eq!(leads_to(&confirm(&world, person, "7K3F-Q0M1").await), leads);
        let page = world.get_in("fi", "/oma", Some(person)).await.body;
        assert!(!page.contains("/oma/sahkoposti") && !page.contains(ADDRESS), "{page}");
    }
    post(&world, as_volunteer.cookie(), "/oma/sahkoposti/poista", "").await;
    assert_eq!(
        address_of(&world, RAUHA).await.as_deref(),
        Some(ADDRESS),
        "a phone on the hall's table takes nothing away"
    );
    assert!(office.has_none().await);
    // A quarter of an hour later.
    let later = world.later("2026-11-21T10:16:00Z");
    assert_eq!(leads_to(&give(&later, &rauha, "new@kuoro.example").await), "/kirjaudu?to=/oma&varmista=1");
    // With another sign-in than the one that asked, the code is worth nothing; with that one it is, and the address before is gone.
    let there = world.sign_in_by(RAUHA, Way::Passkey).await;
    give(&world, &rauha, "new@kuoro.example").await;
    let code = office.letter().await.code();
    let page = world.get_in("fi", "/oma", Some(&rauha)).await.body;
    assert!(page.contains("Koodi lähetettiin osoitteeseen new@kuoro.example"), "{page}");
    assert_eq!(leads_to(&confirm(&world, &there, &code).await), "/oma?tehty=posti-koodi");
    assert_eq!(leads_to(&confirm(&world, &rauha, "7K3F").await), "/oma?tehty=posti-pituus");
    assert_eq!(leads_to(&confirm(&world, &rauha, &another(&code)).await), "/oma?tehty=posti-koodi");
    assert_eq!(address_of(&world, RAUHA).await.as_deref(), Some(ADDRESS));
    assert_eq!(leads_to(&confirm(&world, &rauha, &code).await), "/oma?tehty=posti");
    assert_eq!(address_of(&world, RAUHA).await.as_deref(), Some("new@kuoro.example"));
    // It signs nobody in: a code to confirm is no code to sign in.
    ask(&world, ADDRESS).await;
    assert!(office.has_none().await);
}

#[tokio::test]
async fn an_address_is_one_persons_and_whoever_has_not_its_mailbox_does_not_learn_that() {
    let (world, mut office, _) = world().await;
    let liisa = world.a_reviewer_of(CHOIR).await;
    assert_eq!(leads_to(&give(&world, &liisa, ADDRESS).await), "/oma?tehty=posti-lahti");
    let code = office.letter().await.code();
    assert_eq!(leads_to(&confirm(&world, &liisa, &another(&code)).await), "/oma?tehty=posti-koodi");
    assert_eq!(leads_to(&confirm(&world, &liisa, &code).await), "/oma?tehty=posti-toisen");
    assert_eq!(
        (address_of(&world, liisa.user).await, address_of(&world, RAUHA).await.as_deref()),
        (None, Some(ADDRESS))
    );
    // Nor is she a way to fill a stranger's mailbox.
    let mut asked = 1;
    while give(&world, &liisa, "stranger@kuoro.example").await.status == 303 {
        asked += 1;
        assert!(asked < 20);
    }
    assert_eq!(asked, 5);
}

#[tokio::test]
async fn whoever_loses_the_role_or_removes_the_address_in_these_minutes_is_not_signed_in() {
    let (world, mut office, rauha) = world().await;
    let browser = ask(&world, ADDRESS).await;
    let code = office.letter().await.code();
    let removed = post(&world, rauha.cookie(), "/oma/sahkoposti/poista", "").await;
    assert_eq!(leads_to(&removed), "/oma?tehty=posti-poistettu");
    assert_eq!(type_code(&world, &browser, &code, "").await.status, 422);
    ask(&world, ADDRESS).await;
    assert!(office.has_none().await);

    let liisa = world.a_reviewer_of(CHOIR).await;
    has_given(&world, &mut office, &liisa, "liisa@kuoro.example").await;
    let browser = ask(&world, "liisa@kuoro.example").await;
    let code = office.letter().await.code();
    let (at_ms, subject) = (world.server.clock.now_ms(), Some(liisa.user.uuid()));
    let entry = AuditEntry { at_ms, actor: None, association: Some(CHOIR), act: Act::MemberRemoved, subject };
    assert!(world.server.store.end_membership(CHOIR, liisa.user, entry).await.expect("removed"));
    assert_eq!(type_code(&world, &browser, &code, "").await.status, 422);
}

/// A mailbox is no key to what a coordinator or an operator sees, nor to making such a key.
#[tokio::test]
async fn whoever_is_an_official_too_comes_in_as_a_reviewer_only_and_proves_nothing_again() {
    let (world, mut office, _) = world().await;
    let area = Area::parse("municipality", "755").expect("an area");
    world.server.store.add_coordinator(RAUHA, area).await.expect("a coordinator");
    world.server.store.add_operator(RAUHA).await.expect("an operator");
    let by_passkey = world.sign_in_by(RAUHA, Way::Passkey).await;
    assert_eq!(world.get("/kunta", Some(&by_passkey)).await.status, 200);

    let browser = ask(&world, ADDRESS).await;
    let code = office.letter().await.code();
    let answer = type_code(&world, &browser, &code, "&oma=1").await;
    let by_mail = Person::of(RAUHA, &answer);
    assert_eq!(leads_to(&answer), "/app/yhdistys", "a page that she may see");
    assert_eq!(world.get("/kunta", Some(&by_mail)).await.status, 403);
    assert_eq!(world.get("/yllapito", Some(&by_mail)).await.status, 403);
    assert_eq!(world.get(&format!("/api/v1/members?association={CHOIR}"), Some(&by_mail)).await.status, 200);
    for path in ["/oma/varakoodit", "/oma/sahkoposti"] {
        let answer = post(&world, by_mail.cookie(), path, "osoite=thief@evil.example").await;
        assert_eq!(leads_to(&answer), "/kirjaudu?to=/oma&varmista=1", "{path}");
    }
    let page = world.get_in("fi", "/kirjaudu?to=/oma&varmista=1", Some(&by_mail)).await.body;
    assert!(!page.contains("/kirjaudu/sahkoposti"), "{page}");

    // Nor does a code freshen the sign-in by a passkey: neither one that was asked for that, nor another.
    let later = world.later("2026-11-21T10:16:00Z");
    for more in ["&varmista=1", ""] {
        let (_, browser) = ask_with(&later, by_passkey.cookie(), ADDRESS, more).await;
        if more.is_empty() {
            let code = office.letter().await.code();
            let both = Browser { cookie: format!("{}; {}", browser.cookie, by_passkey.cookie()) };
            assert_eq!(type_code(&later, &both, &code, "&varmista=1").await.status, 422);
        } else {
            assert!(office.has_none().await);
        }
        let codes = later.form(Some(&by_passkey), "/oma/varakoodit", "").await;
        assert_eq!(leads_to(&codes), "/kirjaudu?to=/oma&varmista=1");
    }
    let (_, browser) = ask_with(&later, by_passkey.cookie(), ADDRESS, "").await;
    let code = office.letter().await.code();
    let both = Browser { cookie: format!("{}; {}", browser.cookie, by_passkey.cookie()) };
    let answer = type_code(&later, &both, &code, "").await;
    let instead = Person::of(RAUHA, &answer);
    assert_eq!(leads_to(&answer), "/app/yhdistys");
    assert_eq!(later.get("/kunta", Some(&instead)).await.status, 403, "the sign-in by e-mail is in its place");
}

#[tokio::test]
async fn a_reviewer_proves_again_by_a_code_who_they_are_and_only_by_their_own() {
    let (world, mut office, rauha) = world().await;
    let liisa = world.a_reviewer_of(CHOIR).await;
    has_given(&world, &mut office, &liisa, "liisa@kuoro.example").await;
    let later = world.later("2026-11-21T10:16:00Z");
    assert_eq!(later.form(Some(&rauha), "/oma/varakoodit", "").await.status, 303);
    let page = later.get_in("fi", "/kirjaudu?to=/oma&varmista=1", Some(&rauha)).await.body;
    assert!(page.contains("/kirjaudu/sahkoposti"), "{page}");
    ask_with(&later, rauha.cookie(), "liisa@kuoro.example", "&varmista=1").await;
    assert!(office.has_none().await, "another's address");
    let (answer, browser) = ask_with(&later, rauha.cookie(), ADDRESS, "&varmista=1&to=/oma").await;
    assert_eq!(leads_to(&answer), "/kirjaudu/koodi?to=/oma&varmista=1");
    let code = office.letter().await.code();
    let both = Browser { cookie: format!("{}; {}", browser.cookie, rauha.cookie()) };
    let answer = type_code(&later, &both, &code, "&varmista=1&to=/oma").await;
    assert_eq!(leads_to(&answer), "/oma", "{}", answer.body);
    assert!(
        later.form(Some(&rauha), "/oma/varakoodit", "").await.status != 200,
        "the sign-in by another way is not fresh"
    );
    let by_mail = Person::of(RAUHA, &answer);
    assert_eq!(later.form(Some(&by_mail), "/oma/varakoodit", "").await.status, 200, "she has no other way");
}

/// The recovery codes that a page shows.
fn recovery_codes(page: &str) -> Vec<String> {
    page.split("<code>")
        .skip(1)
        .filter_map(|rest| rest.split_once("</code>"))
        .map(|(code, _)| code.to_owned())
        .collect()
}

/// Whoever reads a letter once does not have the person's ways in for good.
#[tokio::test]
async fn whoever_has_another_way_changes_keys_codes_and_address_by_that_one_only() {
    let (world, mut office, rauha) = world().await;
    let mut key = Authenticator::new(RAUHA, "phone");
    assert_eq!(key.register(&world, &rauha, "Puhelin").await.status, 200);
    let kept = world.server.store.passkeys(RAUHA).await.expect("keys");
    let browser = ask(&world, ADDRESS).await;
    let code = office.letter().await.code();
    let thief = Person::of(RAUHA, &type_code(&world, &browser, &code, "").await);
    let again = "/kirjaudu?to=/oma&varmista=1";
    for (path, body) in [
        ("/oma/varakoodit", String::new()),
        ("/oma/sahkoposti", "osoite=thief@evil.example".to_owned()),
        ("/oma/avain/poista", format!("id={}", kept[0].id)),
    ] {
        assert_eq!(leads_to(&post(&world, thief.cookie(), path, &body).await), again, "{path}");
    }
    let begun = world.post(Some(&thief), "/api/v1/passkey/register/begin", b"{}".to_vec()).await;
    assert_eq!(begun.code_of(403), "prove-again");
    // A further code is no further proof: none is sent for one, and one of another browser's freshens nothing.
    assert!(!world.get_in("fi", again, Some(&thief)).await.body.contains("/kirjaudu/sahkoposti"));
    ask_with(&world, thief.cookie(), ADDRESS, "&varmista=1").await;
    assert!(office.has_none().await);
    let later = world.later("2026-11-21T10:16:00Z");
    let browser = ask(&later, ADDRESS).await;
    let code = office.letter().await.code();
    let both = Browser { cookie: format!("{}; {}", browser.cookie, rauha.cookie()) };
    let instead = Person::of(RAUHA, &type_code(&later, &both, &code, "").await);
    assert_eq!(leads_to(&post(&later, instead.cookie(), "/oma/varakoodit", "").await), again);
    // The passkey opens them.
    let by_key = Person::of(RAUHA, &key.sign_in(&later, None, serde_json::json!({})).await);
    assert_eq!(later.form(Some(&by_key), "/oma/varakoodit", "").await.status, 200);
}

/// A thief's keys, from before their victim was made a coordinator.
#[tokio::test]
async fn keys_that_were_made_by_a_code_by_mail_open_nothing_that_a_person_becomes_later() {
    let (world, mut office, _) = world().await;
    let browser = ask(&world, ADDRESS).await;
    let code = office.letter().await.code();
    let by_mail = Person::of(RAUHA, &type_code(&world, &browser, &code, "").await);
    let mut key = Authenticator::new(RAUHA, "phone");
    assert_eq!(key.register(&world, &by_mail, "Puhelin").await.status, 200, "she has no other way");
    let codes = recovery_codes(&world.form(Some(&by_mail), "/oma/varakoodit", "").await.body);
    let area = Area::parse("municipality", "755").expect("an area");
    world.server.store.add_coordinator(RAUHA, area).await.expect("a coordinator");
    let with_key = key.sign_in(&world, None, serde_json::json!({})).await;
    let with_code = world.form(None, "/kirjaudu/varakoodi", &format!("koodi={}", codes[0])).await;
    assert_eq!(with_key.json()["to"], "/app/yhdistys", "a page that she may see");
    assert_eq!(leads_to(&with_code), "/oma?tehty=varakoodi&to=/app/yhdistys");
    let (by_key, by_code) = (Person::of(RAUHA, &with_key), Person::of(RAUHA, &with_code));
    for person in [&by_key, &by_code] {
        assert_eq!(world.get("/kunta", Some(person)).await.status, 403);
        let reviewers = world.get(&format!("/api/v1/members?association={CHOIR}"), Some(person)).await;
        assert_eq!(reviewers.status, 200);
        let begun = world.post(Some(person), "/api/v1/passkey/register/begin", b"{}".to_vec()).await;
        assert_eq!(begun.code_of(403), "prove-again", "nor do they make a key that would");
    }
    // What she makes by the way that gave her the role does.
    let invited = world.sign_in_by(RAUHA, Way::Invitation).await;
    let mut other = Authenticator::new(RAUHA, "stick");
    assert_eq!(other.register(&world, &invited, "Tikku").await.status, 200);
    let with_other = other.sign_in(&world, None, serde_json::json!({})).await;
    assert_eq!(with_other.json()["to"], "/kunta");
    let by_other = Person::of(RAUHA, &with_other);
    assert_eq!(world.get("/kunta", Some(&by_other)).await.status, 200);
}

#[tokio::test]
async fn an_address_is_among_ones_own_data_and_goes_with_the_person() {
    let (world, _, _) = world().await;
    let liisa = world.a_reviewer_of(CHOIR).await;
    let rauha = world.sign_in_by(RAUHA, Way::Passkey).await;
    let page = world.get_in("fi", "/oma/tiedot", Some(&rauha)).await.body;
    assert!(page.contains("rauha@kuoro.example: kirjautumiskoodeja varten"), "{page}");
    let file = world.form(Some(&rauha), "/oma/tiedot.json", "").await.json();
    assert_eq!(file["mail_address"]["address"], ADDRESS);
    let others = world.get_in("fi", "/oma/tiedot", Some(&liisa)).await.body;
    assert!(!others.contains(ADDRESS) && !others.contains("@"), "{others}");
    world.server.store.add_member(SCOUTS, liisa.user, Role::Reviewer).await.expect("another reviewer");
    assert_eq!(world.form(Some(&rauha), "/oma/poista", "sana=POISTA").await.status, 200);
    assert_eq!(world.one_number("select count(*) from mail_address").await, 0);
}

#[tokio::test]
async fn where_no_mail_server_is_set_there_is_nothing_of_it_but_an_address_that_can_be_removed() {
    let world = World::new().await;
    let rauha = world.sign_in_by(RAUHA, Way::Passkey).await;
    for page in ["/kirjaudu", "/oma"] {
        let body = world.get_in("fi", page, Some(&rauha)).await.body;
        assert!(!body.contains("sahkoposti"), "{body}");
    }
    assert_eq!(world.get("/kirjaudu/koodi", None).await.status, 404);
    for (path, body) in [("/kirjaudu/sahkoposti", "osoite=a@b.fi"), ("/kirjaudu/koodi", "koodi=7K3F-Q0M1")] {
        assert_eq!(world.form(None, path, body).await.status, 404);
    }
    let entry = world.server.entry(None, Act::EmailSet, None);
    assert!(world.server.store.set_mail_address(RAUHA, ADDRESS, entry).await.expect("set"));
    let body = world.get_in("fi", "/oma", Some(&rauha)).await.body;
    assert!(body.contains(ADDRESS) && body.contains("/oma/sahkoposti/poista"), "{body}");
    assert_eq!(leads_to(&give(&world, &rauha, "new@kuoro.example").await), "/oma?tehty=");
    post(&world, rauha.cookie(), "/oma/sahkoposti/poista", "").await;
    assert_eq!(address_of(&world, RAUHA).await, None);
}
