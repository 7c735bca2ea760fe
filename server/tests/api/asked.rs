//! The answers of a year: how many different people came to a group, and to the whole association.

use domain::{RecordId, yearly_people::YearlyPeople};
use serde_json::{Value, json};

use super::world::*;

fn answer(record: RecordId, base: u32, content: Value) -> Value {
    json!({"change": new_change(), "record": record, "kind": "yearly_people", "base": base, "content": content})
}

#[tokio::test]
async fn the_whole_association_s_answer_is_taken_from_a_reviewer_and_told_to_everybody() {
    let world = World::new().await;
    let (aino, rauha) = (world.sign_in(AINO).await, world.sign_in(RAUHA).await);
    let id = YearlyPeople::id_of_whole(CHOIR, 2025);
    let whole = json!({"year": 2025, "distinct_people": 673, "basis": "estimated", "distinct_volunteers": 31});
    let refused = &world.push(&aino, &[answer(id, 0, whole.clone())]).await[0];
    assert_eq!((&refused["outcome"], &refused["code"]), (&json!("refused"), &json!("not-allowed")));
    let stored = &world.push(&rauha, &[answer(id, 0, whole.clone())]).await[0];
    assert_eq!((&stored["outcome"], &stored["rev"]), (&json!("stored"), &json!(1)));
    for person in [&aino, &rauha] {
        let pulled = world.pull(person, CHOIR).await;
        let told = pulled.iter().find(|one| one["kind"] == "yearly_people").expect("told");
        assert_eq!(told["content"], whole);
    }
    // Of a group a volunteer answers, also of its volunteers alone; with no number at all nobody does.
    let of_group = |numbers: Value| {
        let mut content = json!({"series": MONDAYS, "year": 2025});
        content.as_object_mut().expect("object").extend(numbers.as_object().cloned().expect("object"));
        answer(YearlyPeople::id(MONDAYS, 2025), 0, content)
    };
    let empty = &world.push(&aino, &[of_group(json!({"basis": "estimated"}))]).await[0];
    assert_eq!((&empty["outcome"], &empty["fields"]), (&json!("refused"), &json!(["distinct_people"])));
    let stored = &world.push(&aino, &[of_group(json!({"distinct_people": null, "distinct_volunteers": 4}))]).await[0];
    assert_eq!(stored["outcome"], "stored", "{stored}");
}
