//! What whoever operates the server sees of everybody, and can take back.

use domain::{Area, Kind, RecordId, Role, UserId};
use serde_json::json;
use server::store::{Act, Grant, Invitation, InvitationState};

use super::{
    bench::*,
    invitations::{accept, add, invitation},
    people::done,
};
use crate::support::{NOW_MS, change};

/// Somebody's open invitations, by their ids.
async fn open(db: &impl Database) -> Vec<uuid::Uuid> {
    let all = db.store().all_open_invitations(NOW_MS).await.expect("open ones");
    all.into_iter().map(|one| one.id).collect()
}

pub async fn associations_are_listed_with_how_many_they_are<D: Database>(db: &D) {
    let own = change(Kind::Association, RecordId::new(HERE.uuid()), 0, json!({"name": "Kuoro ry", "home": "755"}));
    reviewer().take(&**db.store(), &[own]).await;
    for (user, role) in [(REVIEWER, Role::Reviewer), (AINO, Role::Volunteer), (BERIT, Role::Volunteer)] {
        db.join(HERE, user, "Jäsen").await;
        db.store().add_member(HERE, user, role).await.expect("a member");
    }
    assert!(db.store().end_membership(HERE, BERIT, done(Act::MemberRemoved)).await.expect("removed"));
    let listed = db.store().associations_listed().await.expect("a list");
    let said: Vec<_> = listed.iter().map(|one| (one.id, one.name.as_str(), one.members, one.reviewers)).collect();
    assert_eq!(said, [(HERE, "Kuoro ry", 2, 1)], "whoever was removed does not count");
    assert_eq!(listed[0].home.map(|home| home.code()), Some("755"));
}

pub async fn all_invitations_and_sign_ins_are_seen_whoever_made_them<D: Database>(db: &D) {
    let of_an_association = invitation(Grant::Member(HERE, Role::Volunteer), Some(1));
    let commands = Invitation { made_by: None, ..invitation(Grant::Operator, Some(1)) };
    for one in [&of_an_association, &commands] {
        add(db, one).await;
    }
    let mut ids = vec![of_an_association.id, commands.id];
    ids.sort();
    assert_eq!(open(db).await, ids);
    assert!(accept(db, &of_an_association, AINO, "Aino", NOW_MS).await);
    assert_eq!(open(db).await, [commands.id], "one that was used up is not open");
    let sign_ins = db.store().all_sign_ins().await.expect("sign-ins");
    let said: Vec<_> = sign_ins.iter().map(|(sign_in, nickname)| (sign_in.user, nickname.as_str())).collect();
    assert_eq!(said, [(AINO, "Aino")]);
}

pub async fn any_invitation_is_revoked_once<D: Database>(db: &D) {
    let theirs = invitation(Grant::Member(HERE, Role::Volunteer), Some(1));
    let [hash, _] = add(db, &theirs).await;
    let revoke =
        async |id| db.store().revoke_any_invitation(id, done(Act::InvitationRevoked)).await.expect("an answer");
    assert!(!revoke(uuid::Uuid::nil()).await);
    assert!(revoke(theirs.id).await && !revoke(theirs.id).await);
    let now = db.store().invitation(&hash).await.expect("a look-up").expect("known");
    assert_eq!(now.state(NOW_MS), InvitationState::Revoked);
    assert_eq!(db.store().audit_of(HERE, 9).await.expect("the log").len(), 2, "invited and revoked, once each");
}

pub async fn what_an_official_who_was_ended_invited_to_is_revoked<D: Database>(db: &D) {
    let siuntio = Area::parse("municipality", "755").expect("an area");
    for user in [AINO, BERIT] {
        db.name(user, "Virkailija").await;
        db.store().add_operator(user).await.expect("an operator");
    }
    for area in [siuntio, Area::Nation] {
        db.store().add_coordinator(AINO, area).await.expect("a coordinator");
    }
    let by = |user: UserId, grant| Invitation { made_by: Some(user), ..invitation(grant, None) };
    let evening = by(AINO, Grant::NewAssociation(Some(siuntio)));
    let second = by(AINO, Grant::Coordinator(Area::Nation));
    let operator = by(AINO, Grant::Operator);
    let another = by(BERIT, Grant::NewAssociation(Some(siuntio)));
    for one in [&evening, &second, &operator, &another] {
        add(db, one).await;
    }
    let left = async |of: &[&Invitation]| {
        let mut ids: Vec<_> = of.iter().map(|one| one.id).collect();
        ids.sort();
        assert_eq!(open(db).await, ids);
    };
    left(&[&evening, &second, &operator, &another]).await;
    assert!(db.store().end_coordinator(AINO, siuntio, done(Act::CoordinatorEnded)).await.expect("ended"));
    left(&[&second, &operator, &another]).await;
    assert!(db.store().end_operator(AINO, done(Act::OperatorEnded)).await.expect("ended"));
    left(&[&second, &another]).await;
}
