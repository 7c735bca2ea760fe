//! `GET /api/v1/audit`: what was done in an association, and by whom, for its reviewers.

use std::collections::HashMap;

use axum::{
    Json,
    extract::{Query, State, rejection::QueryRejection},
};
use domain::{AssociationId, UserId};
use serde::Deserialize;
use sync::protocol::audit::{AuditReply, ENTRIES_MAX, EntryShown, Somebody, is};

use crate::{
    Server,
    http::problem::{Problem, ProblemBody},
    identity::{scope::reviewer, sign_in::SignedIn},
    store::AuditNumbered,
};

#[derive(Debug, Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
pub struct AuditParams {
    #[param(value_type = String, format = Uuid)]
    pub association: AssociationId,
    /// Only entries before the one of this number.
    pub before: Option<u64>,
}

/// Tells a part of an association's log, the newest entry first, at most 50 of them. It has codes and nicknames, and no ids.
#[utoipa::path(get, path = "/api/v1/audit", params(AuditParams), responses(
    (status = 200, body = AuditReply),
    (status = 400, body = ProblemBody), (status = 401, body = ProblemBody), (status = 403, body = ProblemBody),
    (status = 503, body = ProblemBody),
))]
pub async fn audit(
    State(server): State<Server>,
    SignedIn(person): SignedIn,
    params: Result<Query<AuditParams>, QueryRejection>,
) -> Result<Json<AuditReply>, Problem> {
    let Query(params) = params?;
    let me = reviewer(&person, params.association)?;
    let association = me.membership.association;
    let rows = server.store.audit_before(association, params.before, ENTRIES_MAX).await?;
    let mut people = People { server: &server, association, me: me.user, known: HashMap::new() };
    for member in server.store.members(association).await? {
        let is = if member.user == me.user { is::ME } else { is::MEMBER };
        people.known.insert(member.user, Some(somebody(is, Some(member.nickname))));
    }
    let mut entries = Vec::with_capacity(rows.len());
    for AuditNumbered { number, row } in rows {
        let by = match row.actor {
            // Who is known to nobody any more did something here once.
            Some(actor) => people.find(actor).await?.unwrap_or_else(|| somebody(is::FORMER, None)),
            None => somebody(is::SERVICE, None),
        };
        let whom = match row.subject {
            // Of other subjects, such as an invitation, nothing is known by this id.
            Some(subject) => people.find(UserId::new(subject)).await?.filter(|whom| whom.is != is::SERVICE),
            None => None,
        };
        entries.push(EntryShown { number, at: row.at_ms, act: row.act.code().to_owned(), by, whom });
    }
    Ok(Json(AuditReply { entries }))
}

struct People<'a> {
    server: &'a Server,
    association: AssociationId,
    me: UserId,
    known: HashMap<UserId, Option<Somebody>>,
}

impl People<'_> {
    /// Who somebody is to the association; none where the server does not know them, or not any more. Who never belonged to it acts for the
    /// service.
    async fn find(&mut self, user: UserId) -> Result<Option<Somebody>, Problem> {
        if let Some(known) = self.known.get(&user) {
            return Ok(known.clone());
        }
        let store = &self.server.store;
        let found = match store.member_name(self.association, user).await? {
            Some(nickname) if user == self.me => Some(somebody(is::ME, Some(nickname))),
            Some(nickname) => Some(somebody(is::FORMER, Some(nickname))),
            None => store.person(user).await?.map(|_| somebody(is::SERVICE, None)),
        };
        self.known.insert(user, found.clone());
        Ok(found)
    }
}

fn somebody(is: &str, nickname: Option<String>) -> Somebody {
    Somebody { is: is.to_owned(), nickname: nickname.filter(|nickname| !nickname.is_empty()) }
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use domain::Lang;

    use super::*;
    use crate::store::Act;

    #[test]
    fn each_act_has_a_sentence_in_each_language() {
        let (by, whom) =
            (somebody(is::MEMBER, Some("Rauha".to_owned())), somebody(is::MEMBER, Some("Aino".to_owned())));
        for act in Act::ALL {
            let sentence = |lang| {
                let said = app::acts::known(lang, act.code(), &by, Some(&whom));
                said.unwrap_or_else(|| panic!("{act:?} needs a sentence in app/src/acts.rs"))
            };
            let said: Vec<String> = Lang::offered().map(sentence).collect();
            assert_eq!(said.iter().collect::<HashSet<_>>().len(), said.len(), "{said:?}");
            assert!(said.iter().all(|said| said.ends_with('.')), "{said:?}");
        }
    }
}
