//! What was done in an association, in words. A phone is told codes and nicknames, and makes the sentence in its user's language; the server
//! holds the codes that it knows against this list in a test.

use domain::Lang;
use sync::protocol::audit::{Somebody, is};

use crate::texts::log as t;

/// The sentence of an act; none where this version does not know its code.
pub fn known(lang: Lang, act: &str, by: &Somebody, whom: Option<&Somebody>) -> Option<String> {
    let by = name(lang, by);
    let whom = || whom.map_or_else(|| t::former(lang).to_owned(), |whom| name(lang, whom));
    let text = match act {
        "signed-in" | "recovery-code-used" => t::signed_in(lang, by),
        "signed-out" => t::signed_out(lang, by),
        "proved-again" => t::proved_again(lang, by),
        "sign-in-ended" => t::sign_in_ended(lang, whom(), by),
        "invited" => t::invited(lang, by),
        "invitation-revoked" => t::invitation_revoked(lang, by),
        "joined" => t::joined(lang, by),
        "renamed" => t::renamed(lang, whom(), by),
        "role-changed" => t::role_changed(lang, whom(), by),
        "member-removed" => t::member_removed(lang, whom(), by),
        "coordinator-ended" | "operator-ended" => t::official_ended(lang, by),
        "handed-in" => t::handed_in(lang, by),
        "handed-in-taken" => t::handed_in_taken(lang, by),
        "handed-in-discarded" => t::handed_in_discarded(lang, by),
        "handed-in-expired" => t::handed_in_expired(lang).to_owned(),
        "association-made" => t::association_made(lang, by),
        "association-asked" => t::association_asked(lang, by),
        "association-refused" => t::association_refused(lang, by),
        "passkey-added" | "passkey-removed" | "recovery-codes-made" | "email-set" | "email-removed" => {
            t::keys(lang, by)
        }
        "passkey-copied" => t::key_copied(lang, by),
        "token-made" => t::token_made(lang, by),
        "token-ended" => t::token_ended(lang, by),
        "data-downloaded" => t::downloaded(lang, by),
        "person-deleted" => t::person_deleted(lang, by),
        "exported" => t::exported(lang, by),
        "threshold-changed" | "setting-changed" => t::setting(lang, by),
        "release-confirmed" => t::release(lang, by),
        "restored" => t::restored(lang).to_owned(),
        _ => return None,
    };
    Some(capital(&text))
}

/// The sentence of any act: also a later version's has one.
pub fn sentence(lang: Lang, act: &str, by: &Somebody, whom: Option<&Somebody>) -> String {
    known(lang, act, by, whom).unwrap_or_else(|| capital(&t::other(lang, name(lang, by))))
}

fn name(lang: Lang, somebody: &Somebody) -> String {
    match (somebody.is.as_str(), &somebody.nickname) {
        (is::SERVICE, _) => t::service(lang).to_owned(),
        (is::ME, Some(nickname)) => t::me(lang, nickname),
        (is::MEMBER, Some(nickname)) => nickname.clone(),
        (is::ME | is::MEMBER, None) => t::nameless(lang).to_owned(),
        (_, Some(nickname)) => t::former_named(lang, nickname),
        (_, None) => t::former(lang).to_owned(),
    }
}

/// A sentence may begin with "entinen jäsen"; a nickname keeps its own first letter otherwise.
fn capital(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map(|first| first.to_uppercase().chain(letters).collect()).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn somebody(is: &str, nickname: Option<&str>) -> Somebody {
        Somebody { is: is.to_owned(), nickname: nickname.map(str::to_owned) }
    }

    #[test]
    fn a_removal_says_who_was_removed_and_by_whom() {
        let (by, whom) = (somebody(is::ME, Some("Rauha")), somebody(is::FORMER, Some("Aino")));
        let said = |lang| sentence(lang, "member-removed", &by, Some(&whom));
        assert_eq!(said(Lang::Fi), "Jäsen poistettiin: Aino (entinen jäsen), tekijä Rauha (sinä).");
        assert_eq!(said(Lang::Sv), "En medlem togs bort: Aino (tidigare medlem), av Rauha (du).");
        assert_eq!(said(Lang::En), "A member was removed: Aino (former member), by Rauha (you).");
    }

    #[test]
    fn whoever_is_forgotten_is_a_former_member_and_the_service_is_itself() {
        let said = |by: &Somebody, act: &str| sentence(Lang::Fi, act, by, None);
        assert_eq!(said(&somebody(is::FORMER, None), "joined"), "Entinen jäsen liittyi kutsulla.");
        assert_eq!(
            said(&somebody(is::SERVICE, None), "member-removed"),
            "Jäsen poistettiin: entinen jäsen, tekijä palvelun ylläpito."
        );
        // Somebody of a later version is not taken for a member.
        assert_eq!(said(&somebody("treasurer", Some("Aino")), "joined"), "Aino (entinen jäsen) liittyi kutsulla.");
        assert_eq!(said(&somebody(is::MEMBER, None), "joined"), "Nimetön jäsen liittyi kutsulla.");
    }

    #[test]
    fn an_act_of_a_later_version_has_a_sentence_too() {
        let by = somebody(is::MEMBER, Some("Rauha"));
        assert_eq!(known(Lang::Fi, "painted-green", &by, None), None);
        assert_eq!(sentence(Lang::Fi, "painted-green", &by, None), "Muu muutos, tekijä Rauha.");
    }
}
