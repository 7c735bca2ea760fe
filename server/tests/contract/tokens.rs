//! Tokens with which programs read an association.

use domain::{AssociationId, Role, UserId, permission::scope::Scope};
use server::{
    retention::{AUTHORS_MS, cutoffs},
    store::{Act, Deletion, Forgotten, ReadToken},
};
use uuid::Uuid;

use super::{bench::*, people::done};
use crate::support::NOW_MS;

const YEAR_MS: i64 = 365 * 24 * 60 * 60 * 1000;

fn token(association: AssociationId, user: UserId) -> ReadToken {
    ReadToken {
        id: Uuid::new_v4(),
        association,
        user,
        name: "Vuositilasto".to_owned(),
        scope: Scope::Both,
        made_ms: NOW_MS,
        expires_ms: NOW_MS + YEAR_MS,
        last_used_ms: None,
        ended_ms: None,
    }
}

/// Its id is its hash.
async fn add(db: &impl Database, token: &ReadToken) -> bool {
    db.store().add_read_token(token, token.id.as_bytes(), 3, done(Act::TokenMade)).await.expect("an answer")
}

async fn of(db: &impl Database, token: &ReadToken) -> Option<ReadToken> {
    db.store().read_token(token.id.as_bytes()).await.expect("a look-up")
}

async fn end(db: &impl Database, association: AssociationId, id: Uuid) -> bool {
    db.store().end_read_token(association, id, done(Act::TokenEnded)).await.expect("an answer")
}

/// Two reviewers here, one of them there, too.
async fn reviewed<D: Database>(db: &D) {
    for (association, user) in [(HERE, REVIEWER), (HERE, AINO), (THERE, REVIEWER)] {
        let own = domain::RecordId::new(association.uuid());
        let content = serde_json::json!({"name": "Kuoro ry", "home": "755"});
        let scribe = crate::support::Scribe::new(association, REVIEWER, Role::Reviewer);
        scribe.take(&**db.store(), &[crate::support::change(domain::Kind::Association, own, 0, content)]).await;
        db.join(association, user, "Jäsen").await;
        db.store().add_member(association, user, Role::Reviewer).await.expect("a member");
    }
}

pub async fn a_token_is_found_by_its_hash_and_listed_until_it_is_ended<D: Database>(db: &D) {
    reviewed(db).await;
    let (first, second) = (token(HERE, REVIEWER), ReadToken { made_ms: NOW_MS + 1, ..token(HERE, AINO) });
    let there = token(THERE, REVIEWER);
    for one in [&first, &second, &there] {
        assert!(add(db, one).await);
        assert_eq!(of(db, one).await.as_ref(), Some(one));
    }
    assert_eq!(db.store().read_token(b"another").await.expect("a look-up"), None);
    let listed = async || db.store().read_tokens(HERE).await.expect("a list");
    assert_eq!(listed().await, [second.clone(), first.clone()]);
    for (at, seen) in [(NOW_MS + 5, NOW_MS + 5), (NOW_MS + 3, NOW_MS + 5)] {
        db.store().read_token_used(first.id, at).await.expect("used");
        assert_eq!(of(db, &first).await.and_then(|one| one.last_used_ms), Some(seen), "and never earlier");
    }
    assert!(!end(db, THERE, first.id).await, "another association's");
    assert!(end(db, HERE, first.id).await && !end(db, HERE, first.id).await);
    assert_eq!(listed().await, [second]);
    let ended = of(db, &first).await.expect("known");
    assert_eq!(ended.ended_ms, Some(NOW_MS));
    assert!(!ended.is_alive(NOW_MS) && first.is_alive(NOW_MS) && !first.is_alive(first.expires_ms));
    let log = db.store().audit_of(HERE, 99).await.expect("the log");
    let acts: Vec<Act> = log.iter().map(|row| row.act).collect();
    assert_eq!(
        acts,
        [Act::TokenEnded, Act::TokenMade, Act::TokenMade, Act::TokenMade],
        "what did nothing is not in it"
    );
}

pub async fn an_association_has_so_many_tokens_and_only_of_its_reviewers<D: Database>(db: &D) {
    reviewed(db).await;
    db.join(HERE, BERIT, "Berit").await;
    assert!(!add(db, &token(HERE, BERIT)).await, "a volunteer's");
    assert!(!add(db, &token(THERE, AINO)).await, "a reviewer's of another association");
    let old = ReadToken { made_ms: NOW_MS - YEAR_MS, expires_ms: NOW_MS, ..token(HERE, AINO) };
    assert!(add(db, &old).await);
    let all = [token(HERE, REVIEWER), token(HERE, REVIEWER), token(HERE, AINO), token(HERE, AINO)];
    let mut added = Vec::new();
    for one in &all {
        added.push(add(db, one).await);
    }
    assert_eq!(added, [true, true, true, false], "one that has expired takes no room");
    assert!(add(db, &token(THERE, REVIEWER)).await, "each association has its own");
    assert!(end(db, HERE, all[0].id).await && add(db, &all[3]).await);
}

pub async fn a_token_goes_with_its_makers_role_and_does_not_come_back_with_it<D: Database>(db: &D) {
    for is_removed in [true, false] {
        reviewed(db).await;
        let (ainos, reviewers) = (token(HERE, AINO), token(HERE, REVIEWER));
        assert!(add(db, &ainos).await && add(db, &reviewers).await);
        let store = db.store();
        let gone = match is_removed {
            true => store.end_membership(HERE, AINO, done(Act::MemberRemoved)).await,
            false => store.make_volunteer(HERE, AINO, done(Act::RoleChanged)).await,
        };
        assert!(gone.expect("an answer"));
        assert!(!of(db, &ainos).await.expect("known").is_alive(NOW_MS));
        db.store().add_member(HERE, AINO, Role::Reviewer).await.expect("a member");
        assert!(!of(db, &ainos).await.expect("known").is_alive(NOW_MS), "who comes back makes another");
        assert!(of(db, &reviewers).await.expect("known").is_alive(NOW_MS), "another's stays");
        assert!(end(db, HERE, reviewers.id).await);
    }
}

pub async fn a_token_goes_with_the_person_who_made_it<D: Database>(db: &D) {
    reviewed(db).await;
    let (ainos, reviewers) = (token(HERE, AINO), token(HERE, REVIEWER));
    assert!(add(db, &ainos).await && add(db, &reviewers).await);
    let own = db.store().own_rows(AINO).await.expect("rows");
    assert_eq!(own.tokens, std::slice::from_ref(&ainos), "she sees her own, and no other");
    let deleted = db.store().delete_person(AINO, done(Act::PersonDeleted), &|| Ok(())).await.expect("an answer");
    assert_eq!((deleted, of(db, &ainos).await), (Deletion::Deleted, None));
    assert_eq!(of(db, &reviewers).await, Some(reviewers));
}

pub async fn an_ended_token_is_forgotten_after_the_audit_period<D: Database>(db: &D) {
    reviewed(db).await;
    let (ended, expiring) = (token(HERE, AINO), token(HERE, AINO));
    assert!(add(db, &ended).await && add(db, &expiring).await && end(db, HERE, ended.id).await);
    let forget = async |after: i64| {
        let gone = db.store().forget(cutoffs(NOW_MS + after)).await.expect("forgotten");
        Forgotten { authors: 0, ..gone }
    };
    assert_eq!(forget(AUTHORS_MS).await, Forgotten::default());
    assert_eq!(forget(AUTHORS_MS + 1).await, Forgotten { tokens: 1, ..Forgotten::default() });
    assert_eq!((of(db, &ended).await, of(db, &expiring).await), (None, Some(expiring.clone())));
    assert_eq!(forget(AUTHORS_MS + YEAR_MS + 1).await, Forgotten { tokens: 1, ..Forgotten::default() });
    assert_eq!(of(db, &expiring).await, None);
}
