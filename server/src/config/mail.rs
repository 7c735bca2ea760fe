//! How reviewers are sent codes by e-mail: the mail server on the command line.

use std::{fs, path::PathBuf};

use clap::Args;
use lettre::message::Mailbox;

use crate::mail::{Settings, SmtpServer};

/// Longest file of a password, in bytes.
const PASSWORD_BYTES_MAX: usize = 4096;

#[derive(Clone, Debug, Default, Args)]
#[command(next_help_heading = "Codes by e-mail, for associations' reviewers")]
pub struct MailOptions {
    /// The mail server to send by: `smtps://mail.example.fi` (encrypted from the start, port 465) or `smtp://mail.example.fi` (STARTTLS,
    /// port 587). Without encryption on this machine only: `smtp://127.0.0.1:25`.
    #[arg(long, value_name = "URL", env = "HYTEVIHKO_SMTP_URL", requires = "smtp_from", value_parser = SmtpServer::parse)]
    pub smtp_url: Option<SmtpServer>,
    /// The address that the letters come from, such as `Hytevihko <hytevihko@example.fi>`.
    #[arg(long, value_name = "ADDRESS", env = "HYTEVIHKO_SMTP_FROM", value_parser = from)]
    pub smtp_from: Option<Mailbox>,
    /// What this service is called at the mail server, where it asks.
    #[arg(long, value_name = "NAME", env = "HYTEVIHKO_SMTP_USER", requires = "smtp_password_file")]
    pub smtp_user: Option<String>,
    /// File with the password that belongs to it. A password itself is neither on a command line nor in the environment.
    #[arg(long, value_name = "FILE", env = "HYTEVIHKO_SMTP_PASSWORD_FILE", requires = "smtp_user")]
    pub smtp_password_file: Option<PathBuf>,
}

impl MailOptions {
    /// What is set; none where no mail server is.
    pub fn settings(self) -> Result<Option<Settings>, String> {
        let (Some(server), Some(from)) = (self.smtp_url, self.smtp_from) else { return Ok(None) };
        let login = match (self.smtp_user, self.smtp_password_file) {
            (Some(user), Some(file)) => {
                let text = fs::read_to_string(&file).map_err(|error| format!("{}: {error}", file.display()))?;
                let password = text.trim_end_matches(['\r', '\n']);
                if password.is_empty() || password.len() > PASSWORD_BYTES_MAX {
                    return Err(format!("{} is empty or too long to be a password", file.display()));
                }
                Some((user, password.to_owned()))
            }
            _ => None,
        };
        Ok(Some(Settings { server, login, from }))
    }
}

fn from(text: &str) -> Result<Mailbox, String> {
    let mailbox: Mailbox =
        text.parse().map_err(|_| "write hytevihko@example.fi or \"Hytevihko <hytevihko@example.fi>\"")?;
    match mailbox.email.to_string().is_ascii() && mailbox.email.domain().contains('.') {
        true => Ok(mailbox),
        false => Err("the address has to be of a domain, in plain letters".to_owned()),
    }
}

#[cfg(test)]
mod tests {
    use clap::Parser;

    use super::*;
    use crate::config::{Cli, Command};

    fn read(more: &[&str]) -> Result<MailOptions, clap::Error> {
        let all = ["hytevihko", "serve"].iter().chain(more);
        Cli::try_parse_from(all).map(|cli| match cli.command {
            Command::Serve(serve) => serve.mail,
            other => panic!("{other:?}"),
        })
    }

    #[test]
    fn a_mail_server_is_set_wholly_or_not_at_all() {
        assert!(read(&[]).expect("none").settings().expect("none").is_none());
        let url = ["--smtp-url", "smtps://mail.example.fi"];
        assert!(read(&url).is_err(), "without an address of ours nobody could answer for it");
        let whole = [&url[..], &["--smtp-from", "Hytevihko <hytevihko@example.fi>"]].concat();
        let settings = read(&whole).expect("read").settings().expect("set").expect("one");
        assert_eq!((settings.from.email.to_string().as_str(), &settings.login), ("hytevihko@example.fi", &None));
        assert!(read(&[&whole[..], &["--smtp-user", "hytevihko"]].concat()).is_err(), "a user without a password");
        for bad in ["hytevihko", "hytevihko@localhost", "a@b.fi\r\nBcc: c@d.fi"] {
            assert!(read(&[&url[..], &["--smtp-from", bad]].concat()).is_err(), "{bad:?}");
        }
    }

    #[test]
    fn a_password_comes_from_a_file_with_something_in_it() {
        let file = std::env::temp_dir().join(format!("hytevihko-password-{}", uuid::Uuid::new_v4()));
        let name = file.display().to_string();
        let url =
            ["--smtp-url", "smtps://a.fi", "--smtp-from", "a@a.fi", "--smtp-user", "x", "--smtp-password-file", &name];
        let settings = || read(&url).expect("read").settings();
        assert!(settings().expect_err("no file").contains(&name));
        for (text, password) in [("hunter 2 \n", Some("hunter 2 ")), ("\n", None)] {
            fs::write(&file, text).expect("written");
            let login = settings().ok().and_then(|settings| settings.expect("one").login);
            assert_eq!(login.map(|(_, password)| password).as_deref(), password);
        }
        fs::remove_file(&file).expect("removed");
    }
}
