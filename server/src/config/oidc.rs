//! How coordinators sign in with the accounts of their own organisation: OpenID Connect on the command line.

use std::{fs, path::PathBuf};

use clap::Args;
use domain::Area;

use super::admin::area;
use crate::identity::oidc::Settings;

/// Longest file of a secret, in bytes.
const SECRET_BYTES_MAX: usize = 4096;

#[derive(Clone, Debug, Default, Args)]
#[command(next_help_heading = "Accounts of an organisation (OpenID Connect)")]
pub struct OidcOptions {
    /// The provider's issuer, exactly as it says itself, such as `https://login.example.fi`: coordinators sign in with its accounts.
    #[arg(long, value_name = "URL", env = "HYTEVIHKO_OIDC_ISSUER", requires_all = ["oidc_client_id", "oidc_claim", "oidc_map"])]
    pub oidc_issuer: Option<String>,
    /// What this service is called at the provider.
    #[arg(long, value_name = "ID", env = "HYTEVIHKO_OIDC_CLIENT_ID")]
    pub oidc_client_id: Option<String>,
    /// File with the secret that the provider gave for it; none where the provider asks for none.
    #[arg(long, value_name = "FILE", env = "HYTEVIHKO_OIDC_CLIENT_SECRET_FILE")]
    pub oidc_client_secret_file: Option<PathBuf>,
    /// The claim of the provider's ID token that says who coordinates: a text, or a list of texts.
    #[arg(long, value_name = "NAME", env = "HYTEVIHKO_OIDC_CLAIM")]
    pub oidc_claim: Option<String>,
    /// What a value of the claim stands for: VALUE=municipality:755, VALUE=county:06 or VALUE=nation. Several: again; in the
    /// environment, with semicolons.
    #[arg(long, value_name = "VALUE=AREA", env = "HYTEVIHKO_OIDC_MAP", value_delimiter = ';', value_parser = mapped)]
    pub oidc_map: Vec<(String, Area)>,
    /// A further scope to ask the provider for, beside openid. Several: again.
    #[arg(long, value_name = "SCOPE", env = "HYTEVIHKO_OIDC_SCOPE", value_delimiter = ';')]
    pub oidc_scope: Vec<String>,
    /// What the accounts are called, for whoever signs in with them.
    #[arg(long, value_name = "TEXT", env = "HYTEVIHKO_OIDC_NAME", default_value = "Kunnan tunnukset")]
    pub oidc_name: String,
}

impl OidcOptions {
    /// What is set; none where no provider is.
    pub fn settings(self) -> Result<Option<Settings>, String> {
        let Some(issuer) = self.oidc_issuer else { return Ok(None) };
        let (Some(client_id), Some(claim)) = (self.oidc_client_id, self.oidc_claim) else { return Ok(None) };
        let client_secret = match self.oidc_client_secret_file {
            Some(file) => {
                let text = fs::read_to_string(&file).map_err(|error| format!("{}: {error}", file.display()))?;
                let secret = text.trim();
                if secret.is_empty() || secret.len() > SECRET_BYTES_MAX {
                    return Err(format!("{} is empty or too long to be a secret", file.display()));
                }
                Some(secret.to_owned())
            }
            None => None,
        };
        Ok(Some(Settings {
            issuer,
            client_id,
            client_secret,
            claim,
            map: self.oidc_map,
            scopes: self.oidc_scope,
            name: self.oidc_name,
        }))
    }
}

/// `VALUE=AREA`; the value may have an equals sign itself, as names in a directory do.
fn mapped(text: &str) -> Result<(String, Area), String> {
    let (value, named) = text.rsplit_once('=').ok_or("write VALUE=municipality:755")?;
    if value.is_empty() {
        return Err("write VALUE=municipality:755".to_owned());
    }
    Ok((value.to_owned(), area(named)?))
}

#[cfg(test)]
mod tests {
    use clap::Parser;

    use super::*;
    use crate::config::{Cli, Command};

    fn read(more: &[&str]) -> Result<OidcOptions, clap::Error> {
        let all = ["hytevihko", "serve"].iter().chain(more);
        Cli::try_parse_from(all).map(|cli| match cli.command {
            Command::Serve(serve) => serve.oidc,
            other => panic!("{other:?}"),
        })
    }

    #[test]
    fn a_provider_is_set_wholly_or_not_at_all() {
        assert!(read(&[]).expect("none").settings().expect("none").is_none());
        assert!(read(&["--oidc-issuer", "https://a.fi"]).is_err());
        let whole = ["--oidc-issuer", "https://a.fi", "--oidc-client-id", "x", "--oidc-claim", "groups"];
        assert!(read(&whole).is_err(), "without an area nobody could sign in");
        let mapped = ["--oidc-map", "cn=hyte,dc=fi=municipality:755", "--oidc-map", "STM=nation"];
        let settings = read(&[&whole[..], &mapped[..]].concat()).expect("read").settings().expect("set").expect("one");
        let siuntio = Area::parse("municipality", "755").expect("an area");
        assert_eq!(settings.map, [("cn=hyte,dc=fi".to_owned(), siuntio), ("STM".to_owned(), Area::Nation)]);
        assert_eq!((settings.name.as_str(), settings.client_secret), ("Kunnan tunnukset", None));
        assert!(read(&["--oidc-map", "x=municipality:000"]).is_err() && read(&["--oidc-map", "=nation"]).is_err());
    }
}
