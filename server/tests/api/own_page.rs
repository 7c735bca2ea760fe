//! The page that everybody may read of an association: what the association says yes to, and not a word more.

use domain::{AssociationId, RecordId};
use serde_json::{Value, json};

use super::world::*;
use crate::support::{club, new_record, with};

/// What the choir has, and its page must not tell.
const HIDDEN: [&str; 9] = [
    "Aino-7X",
    "Rauha-9Z",
    "kanarialintu-muistiinpano",
    "kanarialintu-paikka",
    "kanarialintu-sisainen",
    "kanarialintu-rahoittaja",
    "kanarialintu-piilossa",
    "kanarialintu-vertaiset",
    "4871",
];

fn page_of(association: AssociationId) -> String {
    format!("/yhdistykset/{association}")
}

fn own(base: u32, content: Value) -> Value {
    json!({"change": new_change(), "record": RecordId::new(CHOIR.uuid()), "kind": "association", "base": base,
        "content": content, "made_at": 1})
}

fn series(record: RecordId, base: u32, content: Value) -> Value {
    json!({"change": new_change(), "record": record, "kind": "series", "base": base, "content": content, "made_at": 1})
}

fn club_series(more: Value) -> Value {
    with(
        json!({"name": "Maanantaikerho", "form": "kerho", "municipality": "755", "weekday": 0, "start": "13:00",
            "duration": 120, "place": "Kylätalo"}),
        more,
    )
}

/// What the association says of itself, its contact among it.
fn said() -> Value {
    json!({"public_page": true, "about_support_fi": "Tukea arkeen.", "about_support_sv": "Stöd i vardagen.",
        "public_contact": {"text": "Toimisto 019 123 4567", "confirmed": "2026-05-03"}})
}

/// The choir with everything that its page must not tell, and nothing said yes to.
async fn filled(world: &World) -> Person {
    let (aino, rauha) = (world.sign_in(AINO).await, world.sign_in(RAUHA).await);
    let note = json!({"note": HIDDEN[2], "place": HIDDEN[3], "series": MONDAYS, "participants": 4871});
    world.push(&aino, &[new_gathering(with(club(14), note))]).await;
    let inner = json!({"contact": HIDDEN[4], "deadlines": [{"funder": HIDDEN[5], "day": "02-28"}]});
    let groups = [
        series(MONDAYS, 1, club_series(json!({}))),
        series(new_record(), 0, club_series(json!({"name": HIDDEN[6]}))),
        // Shown by the first yes only.
        series(new_record(), 0, club_series(json!({"name": HIDDEN[7], "form": "vertaistuki", "shown": true}))),
    ];
    let changes = [vec![own(1, inner)], groups.to_vec()].concat();
    assert!(world.push(&rauha, &changes).await.iter().all(|result| result["outcome"] == "stored"));
    rauha
}

async fn revision(world: &World, kind: &str, id: RecordId) -> (u32, Value) {
    let all = world.records(kind).await;
    let one = all.iter().find(|record| record["id"] == json!(id)).expect("a record");
    (u32::try_from(one["rev"].as_u64().expect("a number")).expect("small"), one["content"].clone())
}

fn without_nonce(answer: &Answer) -> String {
    let mut text = answer.body.clone();
    while let Some((before, rest)) = text.split_once("nonce=\"") {
        text = format!("{before}{}", rest.split_once('"').expect("an end").1);
    }
    text
}

#[tokio::test]
async fn what_is_not_public_is_answered_word_for_word_as_what_is_not_there() {
    let world = World::new().await;
    let rauha = filled(&world).await;
    let nowhere = AssociationId::from_bytes([0xcf; 16]);
    let missing = world.get(&page_of(nowhere), None).await;
    assert_eq!(missing.status, 404);
    let other_page = world.get("/ei-mitaan", None).await;
    for path in [page_of(CHOIR), page_of(SCOUTS), "/yhdistykset/x".to_owned(), format!("/yhdistykset/{MONDAYS}")] {
        // Its own reviewer, too, is answered as everybody is.
        for person in [None, Some(&rauha)] {
            let answer = world.get(&path, person).await;
            assert_eq!((answer.status, without_nonce(&answer)), (missing.status, without_nonce(&missing)), "{path}");
            let headers = |answer: &Answer| {
                let mut all: Vec<_> =
                    answer.headers.iter().map(|(name, value)| (name.clone(), value.clone())).collect();
                all.retain(|(name, _)| name != "content-security-policy");
                all.sort_by(|a, b| a.0.as_str().cmp(b.0.as_str()));
                all
            };
            assert_eq!(headers(&answer), headers(&missing), "{path}");
        }
    }
    assert_eq!(without_nonce(&missing), without_nonce(&other_page));
}

#[tokio::test]
async fn a_public_page_tells_what_was_said_yes_to_and_nothing_else() {
    let world = World::new().await;
    let rauha = filled(&world).await;
    let shown = series(MONDAYS, 2, json!({"shown": true, "free": true}));
    assert!(world.push(&rauha, &[own(2, said()), shown]).await.iter().all(|result| result["outcome"] == "stored"));
    let answer = world.get(&page_of(CHOIR), None).await;
    assert_eq!(answer.status, 200);
    for told in [
        "<h1>Kuoro ry</h1>",
        "Siuntio",
        "Tukea arkeen.",
        "Maanantaikerho",
        "Kylätalo",
        "13.00–15.00",
        "Maksuton",
        "tel:0191234567",
        "3.5.2026",
    ] {
        assert!(answer.body.contains(told), "{told}: {}", answer.body);
    }
    for hidden in HIDDEN {
        assert!(!answer.body.contains(hidden), "{hidden}: {}", answer.body);
    }
    assert!(answer.body.contains("name=\"robots\" content=\"noindex\"") && answer.headers["x-robots-tag"] == "noindex");
    assert_eq!(answer.headers["cache-control"], "private, no-cache");
    assert!(!answer.headers.contains_key("set-cookie"));
    assert!(!answer.body.contains("<script src") && !answer.body.contains("/pkg/client"), "no script is needed");
    // In each language, by a link or by what the browser asks for.
    let swedish = world.get(&format!("{}?kieli=sv", page_of(CHOIR)), None).await;
    assert!(
        swedish.body.contains("<html lang=\"sv\"") && swedish.body.contains("Stöd i vardagen."),
        "{}",
        swedish.body
    );
    let english = world.get_in("en", &page_of(CHOIR), None).await;
    assert!(english.body.contains("<p lang=\"fi\">Tukea arkeen.</p>"), "{}", english.body);
    // And back again.
    let (rev, _) = revision(&world, "association", RecordId::new(CHOIR.uuid())).await;
    world.push(&rauha, &[own(rev, json!({"public_page": null}))]).await;
    assert_eq!(world.get(&page_of(CHOIR), None).await.status, 404);
}

#[tokio::test]
async fn a_group_that_becomes_sensitive_leaves_the_page_until_the_second_yes() {
    let world = World::new().await;
    let rauha = filled(&world).await;
    world.push(&rauha, &[own(2, said()), series(MONDAYS, 2, json!({"shown": true}))]).await;
    let tells = async || world.get(&page_of(CHOIR), None).await.body.contains("Maanantaikerho");
    assert!(tells().await);
    world.push(&rauha, &[series(MONDAYS, 3, json!({"sensitive": true}))]).await;
    assert!(!tells().await);
    world.push(&rauha, &[series(MONDAYS, 4, json!({"shown_sensitive": true}))]).await;
    assert!(tells().await);
    world.push(&rauha, &[series(MONDAYS, 5, json!({"archived": true}))]).await;
    assert!(!tells().await, "nor one that has ended");
}

#[tokio::test]
async fn a_volunteer_says_nothing_of_what_everybody_sees() {
    let world = World::new().await;
    let rauha = filled(&world).await;
    let (aino, cecilia) = (world.sign_in(AINO).await, world.sign_in(CECILIA).await);
    let result = &world.push(&aino, &[own(2, said())]).await[0];
    assert_eq!((&result["outcome"], &result["code"]), (&json!("refused"), &json!("not-allowed")));
    // They may set up groups: what they type stands, the yes does not.
    let new = new_record();
    let yes = json!({"shown": true, "shown_sensitive": true});
    let results = world
        .push(
            &aino,
            &[series(new, 0, club_series(yes.clone())), series(MONDAYS, 2, with(json!({"name": "Uusi"}), yes))],
        )
        .await;
    assert!(results.iter().all(|result| result["outcome"] == "stored"), "{results:?}");
    for id in [new, MONDAYS] {
        let (_, content) = revision(&world, "series", id).await;
        assert!(content.get("shown").is_none() && content.get("shown_sensitive").is_none(), "{content}");
    }
    assert_eq!(revision(&world, "series", MONDAYS).await.1["name"], "Uusi");
    // Nor do they take a group off the page: by a null, by a no, or by an old base.
    let (rev, _) = revision(&world, "series", MONDAYS).await;
    world.push(&rauha, &[series(MONDAYS, rev, json!({"shown": true}))]).await;
    for (base, sent) in
        [(rev + 1, json!({"shown": null})), (rev + 1, json!({"shown": false})), (rev, json!({"place": "Talo"}))]
    {
        world.push(&aino, &[series(MONDAYS, base, sent)]).await;
        let (_, content) = revision(&world, "series", MONDAYS).await;
        assert_eq!(content["shown"], true);
    }
    // Somebody of another association is not even let in.
    let body = push_body(&cecilia, CHOIR, &[own(2, said())]);
    assert_eq!(world.post_push(Some(&cecilia), &[], bytes(&body)).await.status, 403);
    assert_eq!(world.get(&page_of(CHOIR), None).await.status, 404);
}

/// Its mark or its form is a volunteer's to change, and the second yes nobody has said.
#[tokio::test]
async fn a_volunteer_makes_no_hidden_group_public_by_making_it_ordinary() {
    let world = World::new().await;
    let rauha = filled(&world).await;
    let aino = world.sign_in(AINO).await;
    let hidden = json!({"shown": true, "sensitive": true, "form": "vertaistuki"});
    let results = world.push(&rauha, &[own(2, said()), series(MONDAYS, 2, hidden)]).await;
    assert!(results.iter().all(|result| result["outcome"] == "stored"), "{results:?}");
    // Neither alone, and the second is written over the same base as the first.
    for sent in [json!({"sensitive": null}), json!({"form": "kerho"})] {
        let result = &world.push(&aino, &[series(MONDAYS, 3, sent)]).await[0];
        assert!(result["outcome"] == "stored" || result["outcome"] == "merged", "{result}");
        assert!(!world.get(&page_of(CHOIR), None).await.body.contains("Maanantaikerho"));
    }
    let (rev, content) = revision(&world, "series", MONDAYS).await;
    assert_eq!((content.get("sensitive"), &content["form"], content.get("shown")), (None, &json!("kerho"), None));
    world.push(&rauha, &[series(MONDAYS, rev, json!({"shown": true}))]).await;
    assert!(world.get(&page_of(CHOIR), None).await.body.contains("Maanantaikerho"), "a reviewer says it anew");
}

/// What was taken off the page does not come back by an older base or by a deletion that is undone.
#[tokio::test]
async fn a_volunteer_brings_no_yes_back_that_was_taken_back() {
    let world = World::new().await;
    let rauha = filled(&world).await;
    let aino = world.sign_in(AINO).await;
    world.push(&rauha, &[series(MONDAYS, 2, json!({"shown": true}))]).await;
    world.push(&rauha, &[series(MONDAYS, 3, json!({"shown": null}))]).await;
    // As revision 3 was.
    world.push(&aino, &[series(MONDAYS, 3, club_series(json!({"shown": true, "place": "Talo"})))]).await;
    let (rev, content) = revision(&world, "series", MONDAYS).await;
    assert_eq!((content.get("shown"), &content["place"]), (None, &json!("Talo")));
    world.push(&rauha, &[series(MONDAYS, rev, json!({"shown": true}))]).await;
    let deletion =
        json!({"change": new_change(), "record": MONDAYS, "kind": "series", "base": rev + 1, "deleted": true});
    world.push(&aino, &[deletion]).await;
    for base in [rev + 1, rev + 2] {
        world.push(&aino, &[series(MONDAYS, base, club_series(json!({"shown": true})))]).await;
        let (_, content) = revision(&world, "series", MONDAYS).await;
        assert_eq!(content.get("shown"), None, "from {base}");
    }
}

/// S13: an app of an earlier release sends what it knows of a record, with and without what it does not know.
#[tokio::test]
async fn s13_an_earlier_app_loses_nothing_of_the_page() {
    let world = World::new().await;
    let rauha = filled(&world).await;
    world.push(&rauha, &[own(2, said()), series(MONDAYS, 2, json!({"shown": true, "shown_sensitive": true}))]).await;
    let id = RecordId::new(CHOIR.uuid());
    let (rev, whole) = revision(&world, "association", id).await;
    let edits = [json!({"contact": "Sihteeri"}), with(whole, json!({"contact": "Toimisto"}))];
    for (nth, edit) in edits.into_iter().enumerate() {
        world.push(&rauha, &[own(rev + nth as u32, edit)]).await;
        let (_, content) = revision(&world, "association", id).await;
        for (field, value) in said().as_object().expect("an object") {
            assert_eq!(&content[field], value, "{field}");
        }
    }
    let (rev, whole) = revision(&world, "series", MONDAYS).await;
    for (nth, edit) in [json!({"place": "Talo"}), with(whole, json!({"place": "Sali"}))].into_iter().enumerate() {
        world.push(&rauha, &[series(MONDAYS, rev + nth as u32, edit)]).await;
        let (_, content) = revision(&world, "series", MONDAYS).await;
        assert_eq!((&content["shown"], &content["shown_sensitive"]), (&json!(true), &json!(true)));
    }
}

#[tokio::test]
async fn two_reviewers_write_different_texts_at_the_same_time() {
    let world = World::new().await;
    let rauha = filled(&world).await;
    let other = world.a_reviewer_of(CHOIR).await;
    world.push(&rauha, &[own(2, json!({"about_support_fi": "Tukea."}))]).await;
    let result =
        &world.push(&other, &[own(2, json!({"about_support_sv": "Stöd.", "about_inclusion_fi": "Iloa."}))]).await[0];
    assert_eq!(result["outcome"], "merged");
    let (_, content) = revision(&world, "association", RecordId::new(CHOIR.uuid())).await;
    let texts = ["about_support_fi", "about_support_sv", "about_inclusion_fi"].map(|field| content[field].clone());
    assert_eq!(texts, [json!("Tukea."), json!("Stöd."), json!("Iloa.")]);
}

#[tokio::test]
async fn personal_data_in_the_words_is_refused_by_its_field() {
    let world = World::new().await;
    let rauha = filled(&world).await;
    for (content, code, field) in [
        (json!({"about_support_fi": "Soita 040 123 4567"}), "phone-number", "about_support_fi"),
        (json!({"about_expertise_sv": "aila@esimerkki.fi"}), "email-address", "about_expertise_sv"),
        (
            json!({"public_contact": {"text": "131052-308T", "confirmed": "2026-11-20"}}),
            "identity-code",
            "public_contact",
        ),
        (json!({"about_support_fi": "a".repeat(401)}), "too-long", "about_support_fi"),
    ] {
        let result = &world.push(&rauha, &[own(2, content)]).await[0];
        assert_eq!((&result["outcome"], &result["code"]), (&json!("refused"), &json!(code)));
        assert_eq!(result["fields"], json!([field]));
    }
}
