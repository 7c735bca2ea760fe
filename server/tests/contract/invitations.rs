//! Invitations, and the log of who did what.

use domain::{Area, Role, UserId, permission::people::Class};
use server::store::{
    Acceptance, Act, AuditEntry, Grant, Invitation, InvitationHashes, InvitationState, SignIn, Way, audit::verify,
};
use uuid::Uuid;

use super::{bench::*, people::done};
use crate::support::NOW_MS;

pub fn invitation(grant: Grant, uses_max: Option<u32>) -> Invitation {
    Invitation {
        id: Uuid::new_v4(),
        grant,
        renews: None,
        uses_max,
        uses: 0,
        made_by: Some(REVIEWER),
        made_ms: NOW_MS,
        expires_ms: NOW_MS + 1_000,
        is_revoked: false,
    }
}

pub async fn add(db: &impl Database, invitation: &Invitation) -> [Vec<u8>; 2] {
    let hashes = InvitationHashes {
        token: [b"token ".as_slice(), invitation.id.as_bytes()].concat(),
        code: [b"code ".as_slice(), invitation.id.as_bytes()].concat(),
    };
    db.store().add_invitation(invitation, &hashes, done(Act::Invited)).await.expect("added");
    [hashes.token, hashes.code]
}

pub async fn accept(db: &impl Database, invitation: &Invitation, user: UserId, nickname: &str, at_ms: i64) -> bool {
    let id = Uuid::new_v4();
    let sign_in = SignIn {
        id,
        user,
        device: None,
        class: Class::Volunteer,
        way: Way::Invitation,
        created_ms: at_ms,
        rotated_ms: at_ms,
        last_used_ms: at_ms,
        proved_ms: at_ms,
        expires_ms: i64::MAX,
    };
    let token_hash = id.as_bytes();
    let attempt = Some(Uuid::from_bytes([7; 16]));
    let acceptance = Acceptance { invitation, user, nickname, token_hash, sign_in, attempt, replaces: None };
    let entry = AuditEntry { at_ms, actor: Some(user), ..done(Act::Joined) };
    let accepted = db.store().accept(acceptance, entry).await.expect("an answer");
    assert_eq!(
        db.store().sign_in(token_hash).await.expect("a look-up").is_some(),
        accepted,
        "signed in with it, or not"
    );
    accepted
}

pub async fn an_invitation_is_found_by_its_token_and_by_its_code<D: Database>(db: &D) {
    let evening = Grant::NewAssociation(Area::parse("municipality", "755"));
    let coordinator = Grant::Coordinator(Area::Nation);
    for grant in [
        Grant::Member(HERE, Role::Volunteer),
        Grant::Member(HERE, Role::Reviewer),
        evening,
        coordinator,
        Grant::Operator,
    ] {
        let invitation = invitation(grant, Some(1));
        for hash in add(db, &invitation).await {
            assert_eq!(db.store().invitation(&hash).await.expect("a look-up").as_ref(), Some(&invitation));
        }
    }
    assert_eq!(db.store().invitation(b"guess").await.expect("a look-up"), None);
}

pub async fn an_invitation_is_accepted_as_often_as_it_says<D: Database>(db: &D) {
    let once = invitation(Grant::Member(HERE, Role::Volunteer), Some(1));
    let [hash, _] = add(db, &once).await;
    // Both have looked at it before either accepts.
    assert!(accept(db, &once, AINO, "Aino", NOW_MS).await);
    assert!(!accept(db, &once, BERIT, "Berit", NOW_MS).await);
    let names: Vec<_> = db.store().members(HERE).await.expect("members").into_iter().map(|one| one.nickname).collect();
    assert_eq!(names, ["Aino"]);
    assert_eq!(db.store().person(BERIT).await.expect("a look-up"), None, "nothing is left of who came too late");
    let now = db.store().invitation(&hash).await.expect("a look-up").expect("still known");
    assert_eq!(now.state(NOW_MS), InvitationState::Used);

    let evening = invitation(Grant::NewAssociation(None), None);
    add(db, &evening).await;
    assert!(accept(db, &evening, AINO, "", NOW_MS).await && accept(db, &evening, BERIT, "", NOW_MS).await);
    let waiting = db.store().waiting_association(BERIT, 0).await.expect("a look-up");
    assert_eq!(waiting, Some((evening.id, None)));
}

pub async fn an_invitation_ends_with_its_time_or_when_it_is_revoked<D: Database>(db: &D) {
    let late = invitation(Grant::Member(HERE, Role::Volunteer), Some(1));
    add(db, &late).await;
    assert_eq!(db.store().open_invitations(HERE, NOW_MS + 999).await.expect("open"), std::slice::from_ref(&late));
    assert!(!accept(db, &late, AINO, "Aino", NOW_MS + 1_000).await);
    assert_eq!(late.state(NOW_MS + 1_000), InvitationState::Expired);

    let [hash, _] = add(db, &invitation(Grant::Member(HERE, Role::Volunteer), Some(1))).await;
    let revoked = db.store().invitation(&hash).await.expect("a look-up").expect("known");
    let revoke = async |association| {
        db.store().revoke_invitation(revoked.id, association, done(Act::InvitationRevoked)).await.expect("an answer")
    };
    assert!(!revoke(Some(THERE)).await && !revoke(None).await, "another association's is not theirs to revoke");
    assert!(revoke(Some(HERE)).await && !revoke(Some(HERE)).await);
    assert!(!accept(db, &revoked, AINO, "Aino", NOW_MS).await);
    assert_eq!(db.store().open_invitations(HERE, NOW_MS).await.expect("open"), [late]);
}

pub async fn who_asks_again_after_a_lost_answer_is_known_by_their_attempt<D: Database>(db: &D) {
    let once = invitation(Grant::Member(HERE, Role::Volunteer), Some(1));
    add(db, &once).await;
    assert!(accept(db, &once, AINO, "Aino", NOW_MS).await);
    let by = async |attempt, since_ms| {
        db.store().accepted_by(once.id, Uuid::from_bytes([attempt; 16]), since_ms).await.expect("a look-up")
    };
    assert_eq!((by(7, NOW_MS).await, by(8, NOW_MS).await, by(7, NOW_MS + 1).await), (Some(AINO), None, None));
}

pub async fn what_a_removed_member_invited_to_is_revoked<D: Database>(db: &D) {
    db.join(HERE, REVIEWER, "Rauha").await;
    let made = invitation(Grant::Member(HERE, Role::Volunteer), Some(1));
    add(db, &made).await;
    assert!(db.store().end_membership(HERE, REVIEWER, done(Act::MemberRemoved)).await.expect("removed"));
    assert!(!accept(db, &made, AINO, "Aino", NOW_MS).await);
}

pub async fn who_comes_back_is_a_new_member_and_who_is_more_stays_more<D: Database>(db: &D) {
    db.join(HERE, AINO, "Aino").await;
    db.store().add_member(HERE, AINO, Role::Reviewer).await.expect("a member");
    let role =
        async || db.store().members(HERE).await.expect("members").first().map(|one| (one.role, one.nickname.clone()));
    let volunteer = invitation(Grant::Member(HERE, Role::Volunteer), None);
    add(db, &volunteer).await;
    assert!(accept(db, &volunteer, AINO, "", NOW_MS).await);
    assert_eq!(role().await, Some((Role::Reviewer, "Aino".to_owned())), "an invitation takes nothing away");
    db.join(HERE, BERIT, "Berit").await;
    db.store().add_member(HERE, BERIT, Role::Reviewer).await.expect("a member");
    assert!(db.store().end_membership(HERE, AINO, done(Act::MemberRemoved)).await.expect("removed"));
    assert!(!db.store().end_membership(HERE, BERIT, done(Act::MemberRemoved)).await.expect("the last one stays"));
    assert!(accept(db, &volunteer, AINO, "Aino taas", NOW_MS).await);
    let aino =
        db.store().members(HERE).await.expect("members").into_iter().find(|one| one.user == AINO).expect("a member");
    assert_eq!((aino.role, aino.nickname.as_str()), (Role::Volunteer, "Aino taas"));
}

pub async fn the_log_is_a_chain<D: Database>(db: &D) {
    for act in [Act::Invited, Act::Joined, Act::MemberRemoved] {
        db.store().audit(done(act)).await.expect("logged");
    }
    db.store().audit(AuditEntry { association: Some(THERE), ..done(Act::Joined) }).await.expect("logged");
    let whole = verify(&**db.store()).await.expect("verified");
    assert_eq!((whole.rows, whole.broken_at), (4, None));
    let acts: Vec<_> =
        db.store().audit_of(HERE, 2).await.expect("the log").iter().map(|row| (row.seq, row.act)).collect();
    assert_eq!(acts, [(3, Act::MemberRemoved), (2, Act::Joined)], "its own, the newest first");
}
