//! Accounts of an OpenID Connect provider.

use domain::Area;
use server::store::{Act, Grant, Invitation, InvitationState};

use super::{
    bench::*,
    invitations::{add, invitation},
};
use crate::support::NOW_MS;

fn area(kind: &str, code: &str) -> Area {
    Area::parse(kind, code).expect("an area")
}

pub async fn an_account_has_exactly_the_areas_that_its_provider_gives<D: Database>(db: &D) {
    let (siuntio, nation) = (area("municipality", "755"), Area::Nation);
    let signs_in = async |hash: &[u8], areas: &[Area]| {
        db.store().account_signs_in(hash, areas, "Koordinaattori", NOW_MS).await.expect("an answer")
    };
    let user = signs_in(b"one", &[siuntio]).await.expect("a person");
    let person = db.store().person(user).await.expect("a look-up").expect("known");
    assert_eq!((person.nickname.as_str(), person.areas), ("Koordinaattori", vec![siuntio]));
    assert!(person.memberships.is_empty() && !person.is_operator && person.has_account);
    assert_ne!(signs_in(b"another", &[siuntio]).await, Some(user), "another account is somebody else");
    for areas in [&[nation][..], &[siuntio, nation], &[]] {
        assert_eq!(signs_in(b"one", areas).await, Some(user));
        let mut now = db.store().person(user).await.expect("a look-up").expect("known").areas;
        now.sort_by_key(|area| area.kind() == "nation");
        assert_eq!(now, areas);
    }
    let log = db.store().audit_rows(0, 20).await.expect("the log");
    let acts: Vec<_> = log.iter().filter(|row| row.actor == Some(user)).map(|row| row.act).collect();
    let [gains, ends] = [Act::RoleChanged, Act::CoordinatorEnded];
    assert_eq!(acts, [Act::Joined, ends, gains, gains, ends, ends]);
}

pub async fn an_account_without_an_area_makes_nobody<D: Database>(db: &D) {
    let made = db.store().account_signs_in(b"one", &[], "Koordinaattori", NOW_MS).await.expect("an answer");
    assert_eq!(made, None);
    assert!(db.store().is_empty().await.expect("an answer"));
}

pub async fn what_was_invited_to_in_an_area_that_is_taken_away_is_revoked<D: Database>(db: &D) {
    let (siuntio, nation) = (area("municipality", "755"), Area::Nation);
    let signs_in = async |areas: &[Area]| {
        db.store().account_signs_in(b"one", areas, "Koordinaattori", NOW_MS).await.expect("an answer").expect("known")
    };
    let user = signs_in(&[siuntio, nation]).await;
    let of = |area| Invitation { made_by: Some(user), ..invitation(Grant::NewAssociation(Some(area)), None) };
    let (gone, stays) = (of(siuntio), of(nation));
    let hashes = [add(db, &gone).await, add(db, &stays).await];
    signs_in(&[nation]).await;
    let mut states = Vec::new();
    for [token, _] in &hashes {
        states.push(db.store().invitation(token).await.expect("a look-up").expect("known").state(NOW_MS));
    }
    assert_eq!(states, [InvitationState::Revoked, InvitationState::Open]);
}
