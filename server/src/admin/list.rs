//! `hytevihko admin list`.

use domain::{AssociationId, Lang};

use super::{Result, area_and_name, moment, table::columns};
use crate::{
    Server,
    config::admin::{List, Listed},
    store::{Grant, Invitation},
};

pub async fn list(server: &Server, options: List) -> Result<()> {
    match (options.what, options.association) {
        (Some(Listed::Members), Some(association)) => print!("{}", members(server, association).await?),
        (Some(what), _) => print!("{}", listed(server, what).await?),
        (None, _) => {
            for (what, title) in [
                (Listed::Operators, "Operators"),
                (Listed::Coordinators, "Coordinators"),
                (Listed::Associations, "Associations"),
                (Listed::Invitations, "Invitations that can be accepted"),
                (Listed::SignIns, "Sign-ins"),
            ] {
                println!("{title}");
                print!("{}", listed(server, what).await?);
            }
        }
    }
    Ok(())
}

async fn listed(server: &Server, what: Listed) -> Result<String> {
    let store = &server.store;
    let now = server.clock.now_ms();
    Ok(match what {
        Listed::Operators => {
            let officials = store.officials().await?.into_iter().filter(|person| person.is_operator);
            columns(["person", "name"], officials.map(|person| [person.user.to_string(), person.nickname]).collect())
        }
        Listed::Coordinators => {
            let mut rows = Vec::new();
            for person in store.officials().await? {
                let row = |area| [person.user.to_string(), person.nickname.clone(), area_and_name(area)];
                rows.extend(person.areas.iter().copied().map(row));
            }
            columns(["person", "name", "area"], rows)
        }
        Listed::Associations => {
            let row = |one: crate::store::AssociationListed| {
                let home = one.home.map(|home| home.name(Lang::En).to_owned()).unwrap_or_default();
                [one.id.to_string(), one.name, home, one.reviewers.to_string(), one.members.to_string()]
            };
            let rows = store.associations_listed().await?.into_iter().map(row).collect();
            columns(["association", "name", "home", "reviewers", "members"], rows)
        }
        Listed::Invitations => {
            let row = |one: Invitation| {
                let times = one.uses_max.map_or("many times".to_owned(), |max| format!("{} of {max}", one.uses));
                let by = one.made_by.map(|by| by.to_string()).unwrap_or_default();
                [one.id.to_string(), what_it_grants(one.grant), moment(one.expires_ms), times, by]
            };
            let rows = store.all_open_invitations(now).await?.into_iter().map(row).collect();
            columns(["invitation", "for", "until", "used", "made by"], rows)
        }
        Listed::SignIns => {
            let all = store.all_sign_ins().await?.into_iter();
            let alive = all.filter(|(one, _)| one.is_alive(now));
            let row = |(one, nickname): (crate::store::SignIn, String)| {
                [
                    one.id.to_string(),
                    nickname,
                    one.user.to_string(),
                    one.way.name().to_owned(),
                    moment(one.last_used_ms),
                ]
            };
            columns(["sign-in", "name", "person", "by", "last used"], alive.map(row).collect())
        }
        Listed::Members => return Err("whose members? --association ID".into()),
    })
}

async fn members(server: &Server, association: AssociationId) -> Result<String> {
    let row = |one: crate::store::Member| {
        let used = one.last_used_ms.map(moment).unwrap_or_default();
        [one.user.to_string(), one.nickname, one.role.name().to_owned(), used]
    };
    let rows = server.store.members(association).await?.into_iter().map(row).collect();
    Ok(columns(["person", "name", "role", "last used"], rows))
}

fn what_it_grants(grant: Grant) -> String {
    let of = match grant {
        Grant::Member(association, _) => association.to_string(),
        Grant::Coordinator(area) | Grant::NewAssociation(Some(area)) => area_and_name(area),
        Grant::NewAssociation(None) | Grant::Operator => String::new(),
    };
    format!("{} {of}", grant.kind()).trim_end().to_owned()
}
