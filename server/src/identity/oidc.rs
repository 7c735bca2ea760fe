//! Sign-in with the accounts of a coordinator's own organisation: OpenID Connect, by a code with PKCE.
//!
//! The provider says who somebody is and, in one claim, what for. Of that we keep the areas and a keyed hash of the account; neither a
//! name nor an e-mail address. The areas follow the claim at every sign-in.

mod areas;
pub mod ticket;
pub mod wire;

use std::{
    fmt,
    sync::Arc,
    time::{Duration, Instant, SystemTime},
};

use axum::http::HeaderMap;
use base64::{Engine, prelude::BASE64_URL_SAFE_NO_PAD};
use domain::{Area, Lang, UserId};
use openidconnect::{
    AdditionalProviderMetadata, AuthorizationCode, ClaimsVerificationError, ClientId, ClientSecret, CsrfToken,
    IssuerUrl, Nonce, PkceCodeChallenge, PkceCodeVerifier, ProviderMetadata, RedirectUrl, RequestTokenError, Scope,
    SignatureVerificationError, TokenResponse,
    core::{
        CoreAuthDisplay, CoreAuthPrompt, CoreAuthenticationFlow, CoreClaimName, CoreClaimType, CoreClient,
        CoreClientAuthMethod, CoreErrorResponseType, CoreGrantType, CoreIdToken, CoreJsonWebKey,
        CoreJweContentEncryptionAlgorithm, CoreJweKeyManagementAlgorithm, CoreJwsSigningAlgorithm, CoreResponseMode,
        CoreResponseType, CoreSubjectIdentifierType,
    },
    url::Url,
};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use tokio::sync::Mutex;

use self::{
    ticket::{Ticket, Tickets},
    wire::{Wire, is_local, with_causes},
};
use super::sign_in;
use crate::{
    Server,
    http::{cookies::cookie, problem::Problem},
};

/// Where the provider leads back to; the operator registers it there.
pub const RETURN: &str = "/kirjaudu/oidc/paluu";
/// What is known of the provider is asked for again after this time.
const FRESH: Duration = Duration::from_secs(60 * 60);
/// For so long it does as well when the provider does not answer.
const STALE: Duration = Duration::from_secs(24 * 60 * 60);
/// A provider that did not answer, or whose keys did not fit, is asked again after this time.
const AGAIN: Duration = Duration::from_secs(15);
/// By so much the provider's clock may differ from ours, milliseconds.
const SKEW_MS: i64 = 2 * 60 * 1000;
/// Signatures of a provider's own key. Not those with our secret, and not "none".
const ALGORITHMS: [CoreJwsSigningAlgorithm; 9] = [
    CoreJwsSigningAlgorithm::RsaSsaPkcs1V15Sha256,
    CoreJwsSigningAlgorithm::RsaSsaPkcs1V15Sha384,
    CoreJwsSigningAlgorithm::RsaSsaPkcs1V15Sha512,
    CoreJwsSigningAlgorithm::RsaSsaPssSha256,
    CoreJwsSigningAlgorithm::RsaSsaPssSha384,
    CoreJwsSigningAlgorithm::RsaSsaPssSha512,
    CoreJwsSigningAlgorithm::EcdsaP256Sha256,
    CoreJwsSigningAlgorithm::EcdsaP384Sha384,
    CoreJwsSigningAlgorithm::EdDsa,
];

/// What the operator has set.
#[derive(Clone)]
pub struct Settings {
    /// As the provider writes it itself.
    pub issuer: String,
    pub client_id: String,
    pub client_secret: Option<String>,
    /// The claim of the ID token that says who coordinates.
    pub claim: String,
    /// What its values stand for.
    pub map: Vec<(String, Area)>,
    /// Scopes to ask for, beside `openid`.
    pub scopes: Vec<String>,
    /// What the accounts are called.
    pub name: String,
}

/// Nobody reads a secret in a log.
impl fmt::Debug for Settings {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Settings({}, {})", self.issuer, self.client_id)
    }
}

/// What became of a sign-in, where nobody is signed in.
#[derive(Debug)]
pub enum Failure {
    /// The provider does not answer, or answers what cannot be understood or trusted.
    Provider,
    /// The return belongs to no sign-in that this browser began in the last minutes, or to one that came back already.
    Again,
    /// The provider says that nobody was signed in there, or did not let them prove it anew when it was asked to.
    NotThere,
    /// The clocks of the provider and of this server differ.
    Clock,
    /// The account may sign in at the provider, and coordinates nothing here.
    NoArea,
    /// Somebody else's account than of whoever is signed in and was to prove it.
    OtherPerson,
    Problem(Problem),
}

impl From<Problem> for Failure {
    fn from(problem: Problem) -> Self {
        Failure::Problem(problem)
    }
}

/// What the provider adds to the address that it leads back to.
#[derive(Default, Deserialize)]
pub struct Returned {
    #[serde(default)]
    code: String,
    #[serde(default)]
    state: String,
    /// Who answers (RFC 9207).
    iss: Option<String>,
    error: Option<String>,
}

/// Somebody who proved who they are.
#[derive(Clone, Debug)]
pub struct Proved {
    pub user: UserId,
    /// When they did so at the provider, milliseconds since 1970; 0 where it does not say.
    pub proved_ms: i64,
    /// A path of ours to go on to; empty: where the person's role begins.
    pub to: String,
}

/// What is known of the provider beside the usual.
#[derive(Clone, Debug, Deserialize, Serialize)]
struct More {
    end_session_endpoint: Option<String>,
    authorization_response_iss_parameter_supported: Option<bool>,
}

impl AdditionalProviderMetadata for More {}

type Metadata = ProviderMetadata<
    More,
    CoreAuthDisplay,
    CoreClientAuthMethod,
    CoreClaimName,
    CoreClaimType,
    CoreGrantType,
    CoreJweContentEncryptionAlgorithm,
    CoreJweKeyManagementAlgorithm,
    CoreJsonWebKey,
    CoreResponseMode,
    CoreResponseType,
    CoreSubjectIdentifierType,
>;

#[derive(Debug, Default)]
struct Known {
    metadata: Option<(Instant, Arc<Metadata>)>,
    /// When it was last asked for.
    asked: Option<Instant>,
}

/// The provider, and who is on the way to it.
#[derive(Debug)]
pub struct OpenId {
    settings: Settings,
    issuer: IssuerUrl,
    wire: Wire,
    known: Mutex<Known>,
    tickets: Tickets,
}

impl OpenId {
    /// # Errors
    /// For the operator: an issuer that is no address, or one without encryption on another machine. The provider is not asked yet: it
    /// may start later than this server.
    pub fn new(settings: Settings) -> Result<OpenId, String> {
        let issuer = IssuerUrl::new(settings.issuer.clone())
            .map_err(|error| format!("the issuer {:?} is no address: {error}", settings.issuer))?;
        let is_on_this_machine = issuer.url().scheme() == "http" && issuer.url().host_str().is_some_and(is_local);
        if issuer.url().scheme() != "https" && !is_on_this_machine {
            return Err(format!("the issuer {:?} has to begin with https://", settings.issuer));
        }
        let wire = Wire::new(is_on_this_machine);
        Ok(OpenId { settings, issuer, wire, known: Mutex::default(), tickets: Tickets::default() })
    }

    /// What the accounts are called.
    pub fn name(&self) -> &str {
        &self.settings.name
    }

    /// The address to send a browser to, and the `Set-Cookie` header of its ticket.
    pub async fn begin(&self, server: &Server, to: &str, again: bool) -> Result<(Url, String), Failure> {
        let metadata = self.metadata(false).await?;
        let ticket = Ticket::new(to, again, server.clock.now_ms());
        let client = CoreClient::from_provider_metadata(
            (*metadata).clone(),
            ClientId::new(self.settings.client_id.clone()),
            None,
        )
        .set_redirect_uri(redirect(server)?);
        let (state, nonce) = (ticket.state.clone(), ticket.nonce.clone());
        let challenge = PkceCodeChallenge::from_code_verifier_sha256(&PkceCodeVerifier::new(ticket.verifier.clone()));
        let mut request = client
            .authorize_url(
                CoreAuthenticationFlow::AuthorizationCode,
                move || CsrfToken::new(state),
                move || Nonce::new(nonce),
            )
            .add_scopes(self.settings.scopes.iter().cloned().map(Scope::new))
            .set_pkce_challenge(challenge)
            // A form that comes from another site brings no Lax cookie along.
            .add_extra_param("response_mode", "query");
        if again {
            request = request.set_max_age(Duration::ZERO).add_prompt(CoreAuthPrompt::Login);
        }
        let (url, ..) = request.url();
        if !self.wire.may_ask(&url.as_str().parse().map_err(|_| Failure::Provider)?) {
            return Err(self.distrusted("its page to sign in is not https"));
        }
        Ok((url, self.tickets.cookie(&server.secret, &ticket)))
    }

    /// Whoever comes back, where everything holds.
    pub async fn finish(
        &self,
        server: &Server,
        headers: &HeaderMap,
        returned: &Returned,
        lang: Lang,
    ) -> Result<Proved, Failure> {
        let now = server.clock.now_ms();
        let brought = cookie(headers, ticket::COOKIE).unwrap_or_default();
        let ticket = self.tickets.take(&server.secret, &brought, &returned.state, now).ok_or(Failure::Again)?;
        let mut metadata = self.metadata(false).await?;
        let says_who = metadata.additional_metadata().authorization_response_iss_parameter_supported == Some(true);
        match &returned.iss {
            Some(iss) if *iss != *self.issuer.as_str() => return Err(self.distrusted("another provider answers")),
            None if says_who => return Err(self.distrusted("it does not say that it is it who answers")),
            _ => {}
        }
        if let Some(error) = &returned.error {
            // A code of the protocol; anybody can write anything there.
            let code: String = error.chars().filter(|one| one.is_ascii_lowercase() || *one == '_').take(40).collect();
            tracing::info!(code, "the provider has signed nobody in");
            return Err(Failure::NotThere);
        }
        let token = self.exchange(server, &metadata, &ticket, &returned.code).await?;
        let checked = match self.check(&metadata, &token, &ticket, now) {
            Err(ClaimsVerificationError::SignatureVerification(
                SignatureVerificationError::NoMatchingKey | SignatureVerificationError::CryptoError(_),
            )) => {
                // It may have changed its keys.
                metadata = self.metadata(true).await?;
                self.check(&metadata, &token, &ticket, now)
            }
            checked => checked,
        };
        let account = checked.map_err(|error| match error {
            ClaimsVerificationError::Expired(_) => {
                tracing::warn!(%error, "the provider's clock and this server's differ");
                Failure::Clock
            }
            error => self.distrusted(&with_causes(&error)),
        })?;
        if ticket.again && account.proved_ms < ticket.begun_ms - SKEW_MS {
            return Err(Failure::NotThere);
        }
        let areas = areas::areas(claims(&token).get(&self.settings.claim), &self.settings.map);
        let nickname = app::texts::open_id::nickname(lang);
        // Areas that were taken away are so from now on, whatever comes of this sign-in.
        let user = server.store.account_signs_in(&self.hash(server, &account.subject), &areas, nickname, now).await;
        let user = user.map_err(Problem::from)?.filter(|_| !areas.is_empty()).ok_or(Failure::NoArea)?;
        if ticket.again
            && let Some(person) = sign_in::signed_in(server, headers).await?
            && person.user != user
        {
            return Err(Failure::OtherPerson);
        }
        Ok(Proved { user, proved_ms: account.proved_ms, to: ticket.to })
    }

    /// Where a person signs out at the provider, where it has such a page.
    pub async fn sign_out_there(&self) -> Option<String> {
        let metadata = self.metadata(false).await.ok()?;
        let mut url: Url = metadata.additional_metadata().end_session_endpoint.as_deref()?.parse().ok()?;
        url.query_pairs_mut().append_pair("client_id", &self.settings.client_id);
        self.wire.may_ask(&url.as_str().parse().ok()?).then(|| url.to_string())
    }

    /// Trades the code for an ID token.
    async fn exchange(
        &self,
        server: &Server,
        metadata: &Metadata,
        ticket: &Ticket,
        code: &str,
    ) -> Result<CoreIdToken, Failure> {
        let client = CoreClient::from_provider_metadata(
            metadata.clone(),
            ClientId::new(self.settings.client_id.clone()),
            self.settings.client_secret.clone().map(ClientSecret::new),
        )
        .set_redirect_uri(redirect(server)?);
        let client = match auth_type(metadata) {
            Some(how) => client.set_auth_type(how),
            None => client,
        };
        let answer = client
            .exchange_code(AuthorizationCode::new(code.to_owned()))
            .map_err(|error| self.distrusted(&with_causes(&error)))?
            .set_pkce_verifier(PkceCodeVerifier::new(ticket.verifier.clone()))
            .request_async(&self.wire)
            .await;
        match answer {
            Ok(answer) => answer.id_token().cloned().ok_or_else(|| self.distrusted("no ID token in its answer")),
            // The code has expired, or is none of the provider's.
            Err(RequestTokenError::ServerResponse(said)) if *said.error() == CoreErrorResponseType::InvalidGrant => {
                Err(Failure::Again)
            }
            Err(RequestTokenError::ServerResponse(said)) => {
                Err(self.distrusted(&format!("it does not trade the code: {}", said.error())))
            }
            Err(error) => Err(self.distrusted(&with_causes(&error))),
        }
    }

    /// Holds issuer, audience, signature, times and nonce against what they should be.
    fn check(
        &self,
        metadata: &Metadata,
        token: &CoreIdToken,
        ticket: &Ticket,
        now_ms: i64,
    ) -> Result<Account, ClaimsVerificationError> {
        let client = CoreClient::new(
            ClientId::new(self.settings.client_id.clone()),
            self.issuer.clone(),
            metadata.jwks().clone(),
        );
        let latest = now_ms + SKEW_MS;
        let verifier = client
            .id_token_verifier()
            .set_allowed_algs(ALGORITHMS)
            .set_time_fn(move || moment(now_ms - SKEW_MS).into())
            .set_issue_time_verifier_fn(move |issued| match issued.timestamp_millis() <= latest {
                true => Ok(()),
                false => Err("issued in the future".to_owned()),
            });
        let claims = token.claims(&verifier, &Nonce::new(ticket.nonce.clone()))?;
        let proved_ms = claims.auth_time().map_or(0, |time| time.timestamp_millis());
        Ok(Account { subject: claims.subject().to_string(), proved_ms: proved_ms.min(now_ms) })
    }

    /// What is known of an account: nobody can tell from it whose it is.
    fn hash(&self, server: &Server, subject: &str) -> Vec<u8> {
        let issuer = self.issuer.as_str();
        let length = (issuer.len() as u64).to_be_bytes();
        server.secret.hash("oidc account", &[&length[..], issuer.as_bytes(), subject.as_bytes()].concat())
    }

    /// What the provider says of itself, with its keys. `anew`: what is known does not fit any more.
    async fn metadata(&self, anew: bool) -> Result<Arc<Metadata>, Failure> {
        // Whoever comes meanwhile waits for the same answer.
        let mut known = self.known.lock().await;
        let usable = |within: Duration| {
            known.metadata.as_ref().filter(|(at, _)| at.elapsed() < within).map(|(_, metadata)| metadata.clone())
        };
        if let Some(metadata) = usable(FRESH).filter(|_| !anew) {
            return Ok(metadata);
        }
        let stale = usable(STALE);
        if known.asked.is_some_and(|asked| asked.elapsed() < AGAIN) {
            return stale.ok_or(Failure::Provider);
        }
        let answer = Metadata::discover_async(self.issuer.clone(), &self.wire).await;
        known.asked = Some(Instant::now());
        match answer {
            Ok(metadata) => {
                let metadata = Arc::new(metadata);
                known.metadata = Some((Instant::now(), metadata.clone()));
                Ok(metadata)
            }
            Err(error) => {
                let failure = self.distrusted(&with_causes(&error));
                stale.ok_or(failure)
            }
        }
    }

    fn distrusted(&self, why: &str) -> Failure {
        tracing::warn!(provider = self.issuer.as_str(), why, "nobody can sign in with the provider's accounts");
        Failure::Provider
    }
}

/// An account at the provider.
struct Account {
    subject: String,
    proved_ms: i64,
}

/// Whether the secret goes into the body, for a provider that does not take it as a header.
fn auth_type(metadata: &Metadata) -> Option<openidconnect::AuthType> {
    let taken = metadata.token_endpoint_auth_methods_supported()?;
    let takes = |method| taken.contains(&method);
    (!takes(CoreClientAuthMethod::ClientSecretBasic) && takes(CoreClientAuthMethod::ClientSecretPost))
        .then_some(openidconnect::AuthType::RequestBody)
}

fn redirect(server: &Server) -> Result<RedirectUrl, Failure> {
    RedirectUrl::new(server.origin.url(RETURN)).map_err(|_| Failure::Provider)
}

fn moment(ms: i64) -> SystemTime {
    SystemTime::UNIX_EPOCH + Duration::from_millis(u64::try_from(ms).unwrap_or(0))
}

/// All claims of a token that was checked; openidconnect gives the usual ones only.
fn claims(token: &CoreIdToken) -> Value {
    let token = token.to_string();
    let payload = token.split('.').nth(1).and_then(|payload| BASE64_URL_SAFE_NO_PAD.decode(payload).ok());
    payload.and_then(|payload| serde_json::from_slice(&payload).ok()).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn settings(issuer: &str) -> Settings {
        Settings {
            issuer: issuer.to_owned(),
            client_id: "hytevihko".to_owned(),
            client_secret: Some("very-secret".to_owned()),
            claim: "groups".to_owned(),
            map: Vec::new(),
            scopes: Vec::new(),
            name: "Kunnan tunnukset".to_owned(),
        }
    }

    #[test]
    fn a_provider_on_another_machine_is_reached_over_https_only() {
        for issuer in ["https://login.example.fi", "https://login.example.fi/v2.0/", "http://127.0.0.1:4000"] {
            assert!(OpenId::new(settings(issuer)).is_ok(), "{issuer}");
        }
        for issuer in ["http://login.example.fi", "ftp://login.example.fi", "login.example.fi", ""] {
            assert!(OpenId::new(settings(issuer)).is_err(), "{issuer}");
        }
    }

    #[test]
    fn the_secret_is_not_in_a_log() {
        let provider = OpenId::new(settings("https://login.example.fi")).expect("a provider");
        assert!(!format!("{provider:?}").contains("very-secret"));
    }
}
