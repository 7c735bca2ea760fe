//! `hytevihko admin invite` and `move-role`.

use domain::{Area, Role, UserId};

use super::{Result, area_and_name, area_as_typed, moment, person, plain, settings::origin_of_links, table::harmless};
use crate::{
    Server,
    config::admin::{Invite, Invited, LinkOrigin},
    identity::invitation::{self, ASSOCIATION_MS, Made, PERSON_MS},
    store::Grant,
};

pub async fn invite(server: &Server, options: Invite) -> Result<()> {
    let server = reached_at(server, options.link).await?;
    let (grant, what) = match options.who {
        Invited::Operator => (Grant::Operator, operator()),
        Invited::Coordinator { area } => (Grant::Coordinator(area), coordinator(area)),
        Invited::Association { area } => {
            let whose = area.map(|area| format!(" in the name of {}", area_and_name(area))).unwrap_or_default();
            let what =
                format!("An association is invited{whose}. Whoever accepts names it, and is its first reviewer.");
            (Grant::NewAssociation(area), what)
        }
        Invited::Reviewer { association } => {
            let all = server.store.associations_listed().await?;
            let found = all.iter().find(|one| one.id == association);
            let Some(found) = found else {
                let how = "`hytevihko admin list associations` says the ids";
                return Err(format!("there is no association {association}: {how}").into());
            };
            let what = format!(
                "A reviewer of {} is invited. Whoever accepts sees and settles all of its records.",
                harmless(&found.name)
            );
            (Grant::Member(association, Role::Reviewer), what)
        }
    };
    print!("{}", made(&server, grant, &what).await?);
    Ok(())
}

/// One invitation for each role of an official, and the commands that end the roles.
pub async fn move_role(server: &Server, user: UserId, link: LinkOrigin) -> Result<()> {
    let server = reached_at(server, link).await?;
    let person = person(&server, user).await?;
    if !person.is_operator && person.areas.is_empty() {
        let why = "roles in an association are moved by its reviewers";
        return Err(format!("{user} is neither an operator nor a coordinator: {why}").into());
    }
    let mut ends = Vec::new();
    if person.is_operator {
        print!("{}", made(&server, Grant::Operator, &operator()).await?);
        ends.push(format!("hytevihko admin end operator {user}"));
    }
    for area in person.areas {
        print!("{}", made(&server, Grant::Coordinator(area), &coordinator(area)).await?);
        ends.push(format!("hytevihko admin end coordinator {user} --area {}", area_as_typed(area)));
    }
    println!("When the other has come in (`hytevihko admin list`):\n  {}", ends.join("\n  "));
    Ok(())
}

fn operator() -> String {
    "An operator is invited. Whoever accepts sees what is set, and invites coordinators.".to_owned()
}

fn coordinator(area: Area) -> String {
    let area = area_and_name(area);
    format!(
        "A coordinator of {area} is invited. Whoever accepts sees the protected counts there, and invites associations."
    )
}

/// The server as whoever follows a link reaches it.
async fn reached_at(server: &Server, link: LinkOrigin) -> Result<Server> {
    let origin = origin_of_links(server, link.origin).await?.into();
    Ok(Server { origin, ..server.clone() })
}

async fn made(server: &Server, grant: Grant, what: &str) -> Result<String> {
    let lasts_ms = if matches!(grant, Grant::NewAssociation(_)) { ASSOCIATION_MS } else { PERSON_MS };
    let made = invitation::make(server, None, grant, Some(1), lasts_ms).await.map_err(plain)?;
    Ok(format!("{what}\n{}", told(server, &made)))
}

/// What whoever invites passes on.
pub fn told(server: &Server, made: &Made) -> String {
    let Made { invitation, url, code } = made;
    let mut text = format!(
        "  link:  {url}\n  code:  {code}  (for {})\n  until: {}, in Finnish time; once\n  id:    {}\n",
        server.origin.url("/app/kutsu"),
        moment(invitation.expires_ms),
        invitation.id
    );
    if !server.origin.is_https() {
        text.push_str(
            "  The link works on this machine only: `hytevihko admin set origin https://…`, and restart the server.\n",
        );
    }
    text
}
