//! `POST /kirjaudu/ulos` as the app asks it, with [`super::HEADER`]: whether the sign-in has ended. A page's form is led to the front
//! page instead.

use serde::{Deserialize, Serialize};
use serde_json::Value;

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct SignOutReply {
    pub signed_out: bool,
}

impl SignOutReply {
    /// Whether a status and a text are our own server's word that nobody is signed in any more. A broken proxy, a captive portal and a
    /// redirect have answered, too: whoever took that for done would leave the phone signed in.
    pub fn is_done(status: u16, text: &str) -> bool {
        let said = serde_json::from_str::<Value>(text).ok();
        status == 200 && said.and_then(|said| said.get("signed_out")?.as_bool()) == Some(true)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_our_own_word_ends_a_sign_in() {
        let own = serde_json::to_string(&SignOutReply { signed_out: true }).expect("json");
        assert!(SignOutReply::is_done(200, &own));
        // A redirect that is not followed has the status 0 and no text.
        for (status, text) in [
            (502, "<html>Bad Gateway</html>"),
            (502, own.as_str()),
            (200, "<html>Welcome to the hotel</html>"),
            (200, r#"{"signed_out":false}"#),
            (200, "{}"),
            (200, ""),
            (204, ""),
            (303, ""),
            (0, ""),
        ] {
            assert!(!SignOutReply::is_done(status, text), "{status} {text}");
        }
    }
}
