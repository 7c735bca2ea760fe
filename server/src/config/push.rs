//! Whether reminders go to browsers: on unless the operator says no.

use clap::Args;

use crate::{
    identity::secret::Secret,
    push::{Push, service::Services},
};

#[derive(Clone, Debug, Default, Args)]
#[command(next_help_heading = "Reminders in browsers, for associations' reviewers")]
pub struct PushOptions {
    /// Send no reminders to browsers: nothing is asked of their push services (Google, Mozilla, Apple, Microsoft).
    #[arg(long, env = "HYTEVIHKO_NO_PUSH")]
    pub no_push: bool,
    /// A further push service that is trusted, by its host as in a browser's address for it: `push.example.fi`. Several: again, or with
    /// commas. The server sends requests there; name none that a stranger could choose.
    #[arg(
        long,
        value_name = "HOST",
        env = "HYTEVIHKO_PUSH_HOST",
        value_delimiter = ',',
        conflicts_with = "no_push",
        value_parser = host
    )]
    pub push_host: Vec<String>,
}

impl PushOptions {
    /// What sends; none where nothing may.
    pub fn push(self, secret: &Secret) -> Option<Push> {
        if self.no_push { None } else { Push::new(secret, Services::with(self.push_host)) }
    }
}

fn host(text: &str) -> Result<String, String> {
    let is_host = !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || b".-:[]".contains(&byte));
    if is_host { Ok(text.to_ascii_lowercase()) } else { Err("write a host such as push.example.fi".to_owned()) }
}

#[cfg(test)]
mod tests {
    use clap::Parser;

    use super::*;
    use crate::config::{Cli, Command};

    fn read(more: &[&str]) -> Result<PushOptions, clap::Error> {
        let all = ["hytevihko", "serve"].iter().chain(more);
        Cli::try_parse_from(all).map(|cli| match cli.command {
            Command::Serve(serve) => serve.push,
            other => panic!("{other:?}"),
        })
    }

    #[test]
    fn browsers_are_reminded_unless_the_operator_says_no() {
        let secret = Secret::new([7; 32]);
        assert!(read(&[]).expect("none").push(&secret).is_some());
        assert!(read(&["--no-push"]).expect("no").push(&secret).is_none());
        let two = read(&["--push-host", "Push.example.fi,127.0.0.1:4000"]).expect("two");
        assert_eq!(two.push_host, ["push.example.fi", "127.0.0.1:4000"]);
        for bad in [
            &["--push-host", "https://push.example.fi"][..],
            &["--push-host", ""],
            &["--no-push", "--push-host", "a.fi"],
        ] {
            assert!(read(bad).is_err(), "{bad:?}");
        }
    }
}
