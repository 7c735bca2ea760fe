//! The invitation that somebody is in the middle of: in the tab's own storage, so that a reload or a network that goes loses nothing,
//! and in no address.

use domain::{
    RecordId,
    invitation_code::{CodeProblem, Invitation},
};
use leptos::prelude::*;
use wasm_bindgen::JsValue;

/// Where an invitation's link leads; the token is behind a `#`.
pub const ADDRESS: &str = "/app/kutsu";

const KEPT: &str = "hytevihko-kutsu";

#[derive(Clone, PartialEq)]
pub struct Kept {
    pub invitation: Invitation,
    /// The same as long as this invitation is tried.
    pub attempt: RecordId,
    pub nickname: String,
}

impl Kept {
    /// A line each: the token or the code, the attempt, the nickname.
    fn write(&self) -> String {
        let invitation = match &self.invitation {
            Invitation::Token(token) => token.clone(),
            Invitation::Code(code) => code.to_string(),
        };
        format!("{invitation}\n{}\n{}", self.attempt, self.nickname)
    }

    fn read(text: &str) -> Option<Kept> {
        let mut lines = text.splitn(3, '\n');
        let invitation = Invitation::parse(lines.next()?).ok()?;
        let attempt = RecordId::parse(lines.next()?)?;
        Some(Kept { invitation, attempt, nickname: lines.next()?.to_owned() })
    }

    pub fn keep(&self) {
        if let Some(storage) = storage() {
            let _ = storage.set_item(KEPT, &self.write());
        }
    }
}

pub fn kept() -> Option<Kept> {
    Kept::read(&storage()?.get_item(KEPT).ok()??)
}

pub fn forget() {
    if let Some(storage) = storage() {
        let _ = storage.remove_item(KEPT);
    }
}

fn storage() -> Option<web_sys::Storage> {
    window().session_storage().ok().flatten()
}

/// The invitation behind the address's `#`. It is taken out of the address bar and of the browser's history: whoever comes later to
/// this phone finds none there.
pub fn from_address() -> Option<Result<Invitation, CodeProblem>> {
    let hash = window().location().hash().ok()?;
    let behind = hash.strip_prefix('#').filter(|behind| !behind.is_empty())?;
    // The step to the content is another one.
    if behind == "content" {
        return None;
    }
    let history = window().history();
    let _ = history.and_then(|history| history.replace_state_with_url(&JsValue::NULL, "", Some(ADDRESS)));
    Some(Invitation::parse(behind))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_kept_is_read_back_after_a_reload() {
        let attempt = RecordId::parse("0190f3a0-0000-7000-8000-000000000001").expect("id");
        for typed in ["AbCdEfGhIjKlMnOpQr_-0w", "7k3fq9 m0n1pt"] {
            let invitation = Invitation::parse(typed).unwrap_or_else(|problem| panic!("{problem:?}"));
            for nickname in ["", "Aino", "Aino\nM"] {
                let kept = Kept { invitation: invitation.clone(), attempt, nickname: nickname.to_owned() };
                assert!(Kept::read(&kept.write()) == Some(kept));
            }
        }
        for damaged in ["", "7K3FQ9-M0N1PT", "7K3FQ9-M0N1PT\nx\n", "x\n0190f3a0-0000-7000-8000-000000000001\n"] {
            assert!(Kept::read(damaged).is_none(), "{damaged}");
        }
    }
}
