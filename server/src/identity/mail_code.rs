//! One-time codes by e-mail: how a reviewer without a passkey at hand signs in, where the operator has set a mail server.
//!
//! Whoever asks for a code is answered before anybody has looked whether the address is known: the request counts, hands the address to
//! a task that only looks, and answers. So a known address and an unknown one have the same answer in the same time, and no request waits
//! for a mail server. What that task finds goes to another one, which sends one letter after the other. That more letters wait than
//! may is said to nobody: only known addresses have letters, and an answer that depends on how many wait would tell which are. Letters
//! by which somebody who is signed in confirms an address have a task of their own, and do not wait behind strangers'.
//!
//! A code is in this process's memory only, as an HMAC, together with the browser that asked: read to a stranger over the phone it is
//! worth nothing in their browser. It is good for one use, [`codes::LASTS_MS`] and `WRONG_MAX` wrong guesses. A letter has the code
//! and this service's name and no link, so that a mail filter that opens links signs nobody in.
//!
//! **Arithmetic.** A code has 40 random bits. An attacker may ask for codes to somebody's address in their own browser, and guess: 20 letters a
//! day to an address (`asked.rs`), and 3 more on a browser on which its person has been, with 5 guesses each are 41,975 a year. With 1,000
//! reviewers' addresses, all of them attacked all year long, `41,975 × 1,000 / 2^40 = 3.9 × 10^-5` is the chance that anybody is guessed: below the 10^-4 that is promised. They are slowed
//! down like all guesses ([`super::guessing`]) beside that. Whoever floods an address uses up its letters, and nothing else: passkeys and
//! recovery codes go on. A letter that was not sent counts for nothing, unless somebody has guessed at its code.

mod asked;
mod codes;

use std::{
    sync::{
        Arc, Mutex, MutexGuard, PoisonError,
        atomic::{AtomicI64, Ordering},
    },
    time::{Duration, Instant},
};

use app::texts::mail as t;
use axum::http::HeaderMap;
use domain::{DeviceId, Lang, UserId};
use lettre::Address;
use sha2::{Digest, Sha256};
use tokio::{
    sync::{mpsc, oneshot},
    task::JoinHandle,
};
use uuid::Uuid;

pub use self::codes::LASTS_MS;
use self::{
    asked::{Asked, Budget},
    codes::{Code, Place, Waiting},
};
pub use super::typed_code::BadCode;
use super::{
    guessing::guess,
    secret,
    sign_in::{Session, known_device},
};
use crate::{
    Server,
    http::{client_address::ClientAddress, cookies::cookie, problem::Problem},
    mail::{self, Letter, Mailer, NotSent},
    store::{Act, Person},
};

/// Which browser asked. `__Host-`: only this host may set and read it. Strict: only pages of ours need it.
const COOKIE: &str = "__Host-hytevihko-koodi";
/// Addresses that wait to be looked up, known ones and unknown ones alike: a second's work.
const LOOKS: usize = 1_024;
/// Letters of each kind that wait. At the very worst, with a mail server that hangs, the last one has its turn after ten minutes.
const LETTERS: usize = 64;
/// A letter that has waited longer is not sent: its code would be of little use.
const STALE: Duration = Duration::from_secs(5 * 60);
/// What `Retry-After` says where too many addresses wait to be looked up, in seconds.
const BUSY_RETRY_S: u64 = 30;
/// How long the page on which somebody gives their own address waits to hear whether the letter went.
const TOLD_WITHIN: Duration = Duration::from_secs(4);

/// What a letter is wanted for.
enum Wanted {
    /// To sign in. `only`: this person proves again who they are.
    SignIn { browser: [u8; 32], device: Option<DeviceId>, only: Option<UserId> },
    /// To show that one reads what is sent to an address.
    Confirm { sign_in: Uuid, outcome: oneshot::Sender<bool> },
}

/// A letter that somebody asked for.
struct Job {
    wanted: Wanted,
    address: Address,
    lang: Lang,
    asked_ms: i64,
    since: Instant,
}

/// A letter to write, and whose code it has.
#[derive(Debug)]
struct Known {
    user: UserId,
    budget: Budget,
    job: Job,
}

/// What the tasks read from.
#[derive(Debug)]
struct Ends {
    looks: mpsc::Receiver<Job>,
    letters: mpsc::Receiver<Known>,
    confirming: mpsc::Receiver<Known>,
}

/// What became of a letter to one's own address.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Sent {
    /// It went, or is about to.
    Yes,
    No,
    /// What was typed is no address.
    BadAddress,
}

/// What became of a code that was to confirm an address.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Confirmed {
    Yes,
    Bad(BadCode),
    /// It is another person's.
    Taken,
}

/// Codes that wait, and the letters that carry them.
#[derive(Debug)]
pub struct MailCodes {
    mailer: Mailer,
    looks: mpsc::Sender<Job>,
    /// To known addresses, to sign in.
    letters: mpsc::Sender<Known>,
    /// To confirm an address.
    confirming: mpsc::Sender<Known>,
    /// Until the tasks take them.
    ends: Mutex<Option<Ends>>,
    waiting: Mutex<Waiting>,
    asked: Mutex<Asked>,
    /// When the mail server last failed, milliseconds since 1970; 0 where the last letter went.
    failed_ms: AtomicI64,
}

impl std::fmt::Debug for Job {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Job(…)")
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

impl MailCodes {
    pub fn new(mailer: Mailer) -> MailCodes {
        let (looks, looks_end) = mpsc::channel(LOOKS);
        let (letters, letters_end) = mpsc::channel(LETTERS);
        let (confirming, confirming_end) = mpsc::channel(LETTERS);
        let ends = Ends { looks: looks_end, letters: letters_end, confirming: confirming_end };
        MailCodes {
            mailer,
            looks,
            letters,
            confirming,
            ends: Mutex::new(Some(ends)),
            waiting: Mutex::default(),
            asked: Mutex::default(),
            failed_ms: AtomicI64::new(0),
        }
    }

    /// What sends the letters, for others than codes.
    pub fn mailer(&self) -> &Mailer {
        &self.mailer
    }

    /// Where letters go, and from which address.
    pub fn described(&self) -> String {
        self.mailer.described()
    }

    /// When the mail server last failed, where the last letter did not go.
    pub fn failed_ms(&self) -> Option<i64> {
        Some(self.failed_ms.load(Ordering::Relaxed)).filter(|ms| *ms > 0)
    }

    /// The address that a sign-in's person is about to confirm.
    pub fn to_confirm(&self, sign_in: Uuid, now_ms: i64) -> Option<String> {
        lock(&self.waiting).address(&Place::SignIn(sign_in), now_ms)
    }

    /// No code that was sent to a person is good any more.
    pub fn forget(&self, user: UserId) {
        lock(&self.waiting).forget(user);
    }

    /// Counts a stranger's request and hands it to the task that looks.
    fn hand_over(&self, client: ClientAddress, job: Job) -> Result<(), Problem> {
        if !client.is_this_machine() && !lock(&self.asked).neighbourhood(client.neighbourhood(), job.asked_ms) {
            return Err(Problem::TooMany(asked::RETRY_S));
        }
        self.looks.try_send(job).map_err(|_| Problem::Busy(BUSY_RETRY_S))
    }

    /// Looks whose address it is, and has a letter written to a reviewer's. It waits for no mail server.
    async fn look(&self, server: &Server, job: Job) -> Result<(), Problem> {
        let Wanted::SignIn { only, device, .. } = &job.wanted else { return Ok(()) };
        let Some(user) = reviewer_at(server, &job.address, *only).await? else { return Ok(()) };
        // Here and not where it is written: one address takes a few of the places.
        let may = |budget| lock(&self.asked).address(budget, job.address.as_ref(), job.asked_ms);
        let budget = if may(Budget::SignIn) {
            Budget::SignIn
        } else if has_been_on(server, user, *device, job.asked_ms).await? && may(Budget::Reserve) {
            Budget::Reserve
        } else {
            return Ok(());
        };
        if let Err(full) = self.letters.try_send(Known { user, budget, job }) {
            tracing::warn!("a code was not sent: too many letters wait");
            let Known { job, .. } = full.into_inner();
            lock(&self.asked).give_back(budget, job.address.as_ref(), job.asked_ms);
        }
        Ok(())
    }

    async fn write(&self, server: &Server, Known { user, budget, job }: Known) {
        let Job { wanted, address, lang, asked_ms, since } = job;
        let give_back = |address: &str| lock(&self.asked).give_back(budget, address, asked_ms);
        if since.elapsed() > STALE {
            tracing::warn!("a code was not sent: it waited too long");
            give_back(address.as_ref());
            return;
        }
        let place = match &wanted {
            Wanted::SignIn { browser, .. } => Place::Browser(*browser),
            Wanted::Confirm { sign_in, .. } => Place::SignIn(*sign_in),
        };
        let (code, service) = (Code::random(), server.origin.host().to_owned());
        let use_of_it = match wanted {
            Wanted::SignIn { .. } => t::to_sign_in(lang, &service),
            Wanted::Confirm { .. } => t::to_confirm(lang, &service),
        };
        let hash = place.hash(&server.secret, &code);
        if !lock(&self.waiting).add(place, hash.clone(), user, address.to_string(), asked_ms) {
            give_back(address.as_ref());
            return;
        }
        let lines = [&t::code(lang, &code), &use_of_it, t::lasts(lang), t::tell_nobody(lang), t::not_asked(lang)];
        let text = lines.map(|line| format!("{line}\r\n")).join("\r\n");
        let sent = self.mailer.send(Letter { to: address.clone(), subject: t::subject(lang).to_owned(), text }).await;
        // The code is worth nothing any more. Where somebody has guessed at it, its letter counts: else a mail server that is down would be as
        // many guesses as one likes.
        if sent.is_err() && lock(&self.waiting).remove_untouched(&place, &hash) {
            give_back(address.as_ref());
        }
        match sent {
            Ok(()) => self.failed_ms.store(0, Ordering::Relaxed),
            // A mailbox that is gone says nothing of the mail server. Neither says whose it was.
            Err(NotSent::Refused(code)) => tracing::warn!(code, "a code was not sent: the mail server refused it"),
            Err(why) => {
                tracing::error!(%why, "a code was not sent");
                self.failed_ms.store(server.clock.now_ms(), Ordering::Relaxed);
            }
        }
        if let Wanted::Confirm { outcome, .. } = wanted {
            // Whoever asked may have gone.
            let _ = outcome.send(sent.is_ok());
        }
    }
}

/// Starts the tasks that look and send, once. They are one task for whoever stops it.
pub fn start(server: &Server) -> Option<JoinHandle<()>> {
    let codes = server.mail.clone()?;
    let Ends { mut looks, mut letters, mut confirming } = lock(&codes.ends).take()?;
    let server = server.clone();
    Some(tokio::spawn(async move {
        let looking = async {
            while let Some(job) = looks.recv().await {
                if let Err(problem) = codes.look(&server, job).await {
                    tracing::error!(?problem, "a code was not sent");
                }
            }
        };
        let sending = async {
            while let Some(known) = letters.recv().await {
                codes.write(&server, known).await;
            }
        };
        let confirming = async {
            while let Some(known) = confirming.recv().await {
                codes.write(&server, known).await;
            }
        };
        tokio::join!(looking, sending, confirming);
    }))
}

/// Whom a code to this address signs in: a reviewer, and nobody else.
async fn reviewer_at(server: &Server, address: &Address, only: Option<UserId>) -> Result<Option<UserId>, Problem> {
    let Some(user) = server.store.person_at(address.as_ref()).await? else { return Ok(None) };
    let person = server.store.person(user).await?;
    let Some(person) = person.filter(|_| only.is_none_or(|only| only == user)) else { return Ok(None) };
    Ok(may_come(server, &person, only.is_some()).await?.then_some(user))
}

/// Whether a person is signed in on a device now, or has sent something from it.
async fn has_been_on(server: &Server, user: UserId, device: Option<DeviceId>, now_ms: i64) -> Result<bool, Problem> {
    let Some(device) = device else { return Ok(false) };
    // One that has run out stays for long, and may be that of a phone that somebody else has found.
    let sign_ins = server.store.sign_ins(user).await?;
    let is_signed_in = sign_ins.iter().any(|one| one.device == Some(device) && one.is_alive(now_ms));
    Ok(is_signed_in || server.store.last_contacts(user).await?.iter().any(|one| one.device == device))
}

/// Whether a code by e-mail says who a person is. Only a reviewer's: a mailbox is read by more people and programs than a passkey, and what
/// a coordinator or an operator sees is not an association's own. Who is both comes in as a reviewer only (`sign_in::as_seen`), and
/// proves nothing again by it: that would open the sensitive acts of all that they are.
pub fn may_have_code(person: &Person, is_again: bool) -> bool {
    person.is_reviewer() && !(is_again && person.is_official())
}

/// Whether a code by e-mail is a further proof of somebody who is signed in: where they have no other way, or only such as were made by e-mail.
pub async fn may_prove_again(server: &Server, person: &Person) -> Result<bool, Problem> {
    Ok(may_have_code(person, true) && !server.store.has_way_beside_mail(person.user).await?)
}

async fn may_come(server: &Server, person: &Person, is_again: bool) -> Result<bool, Problem> {
    match is_again {
        true => may_prove_again(server, person).await,
        false => Ok(may_have_code(person, false)),
    }
}

/// Asks for a code to sign in with. The answer is the `Set-Cookie` header that ties it to this browser, whether the address is known or
/// not; none where what was typed is no address.
///
/// # Errors
/// [`Problem::TooMany`] for a neighbourhood that asks too often, [`Problem::Busy`] where too many addresses wait to be looked up, known
/// ones or not.
pub fn ask(
    server: &Server,
    client: ClientAddress,
    headers: &HeaderMap,
    typed: &str,
    lang: Lang,
    only: Option<UserId>,
) -> Result<Option<String>, Problem> {
    let codes = server.mail.as_ref().ok_or(Problem::NotFound)?;
    let Some(address) = mail::address(typed) else { return Ok(None) };
    let token = secret::token();
    let job = Job {
        wanted: Wanted::SignIn { browser: hash(&token), device: known_device(headers), only },
        address,
        lang,
        asked_ms: server.clock.now_ms(),
        since: Instant::now(),
    };
    codes.hand_over(client, job)?;
    // The browser has one code at a time.
    if let Some(before) = browser(headers) {
        lock(&codes.waiting).remove(&Place::Browser(before));
    }
    Ok(Some(format!("{COOKIE}={token}; Path=/; Secure; HttpOnly; SameSite=Strict; Max-Age={}", LASTS_MS / 1000)))
}

/// The `Set-Cookie` header after the code was used.
pub fn removed() -> String {
    format!("{COOKIE}=; Path=/; Secure; HttpOnly; SameSite=Strict; Max-Age=0")
}

/// Uses a code up and says whom it signs in. A right code, a wrong one and a browser that asked for none go the same way.
///
/// # Errors
/// [`Problem::TooMany`] for a network with too many wrong ones, of which too many wait.
pub async fn use_up(
    server: &Server,
    client: ClientAddress,
    headers: &HeaderMap,
    typed: &str,
    only: Option<UserId>,
) -> Result<Result<UserId, BadCode>, Problem> {
    let codes = server.mail.as_ref().ok_or(Problem::NotFound)?;
    let code = match Code::parse(typed) {
        Ok(code) => code,
        Err(bad) => return Ok(Err(bad)),
    };
    let place = Place::Browser(browser(headers).unwrap_or_default());
    let found = guess_at(server, codes, client, &place, &code).await?;
    let Some(waited) = found.filter(|waited| only.is_none_or(|only| only == waited.user)) else {
        return Ok(Err(BadCode::Wrong));
    };
    // In these minutes somebody may have taken the role from them, or they the address from the list.
    let person = server.store.person(waited.user).await?;
    let Some(person) = person else { return Ok(Err(BadCode::Wrong)) };
    let is_still = may_come(server, &person, only.is_some()).await?
        && server.store.person_at(&waited.address).await? == Some(waited.user);
    Ok(if is_still { Ok(waited.user) } else { Err(BadCode::Wrong) })
}

/// Sends a code to an address that somebody says is theirs.
pub async fn ask_to_confirm(server: &Server, session: &Session, typed: &str, lang: Lang) -> Result<Sent, Problem> {
    let codes = server.mail.as_ref().ok_or(Problem::NotFound)?;
    let Some(address) = mail::address(typed) else { return Ok(Sent::BadAddress) };
    let (user, asked_ms) = (session.person.user, server.clock.now_ms());
    if !lock(&codes.asked).person(user, asked_ms) {
        return Err(Problem::TooMany(asked::RETRY_S));
    }
    if !lock(&codes.asked).address(Budget::Confirm, address.as_ref(), asked_ms) {
        return Ok(Sent::No);
    }
    let (outcome, told) = oneshot::channel();
    let wanted = Wanted::Confirm { sign_in: session.sign_in.id, outcome };
    let job = Job { wanted, address, lang, asked_ms, since: Instant::now() };
    if let Err(full) = codes.confirming.try_send(Known { user, budget: Budget::Confirm, job }) {
        let Known { job, .. } = full.into_inner();
        lock(&codes.asked).give_back(Budget::Confirm, job.address.as_ref(), asked_ms);
        return Err(Problem::Busy(BUSY_RETRY_S));
    }
    Ok(match tokio::time::timeout(TOLD_WITHIN, told).await {
        Ok(Ok(true)) | Err(_) => Sent::Yes,
        Ok(Ok(false) | Err(_)) => Sent::No,
    })
}

/// Takes the code that was sent to an address, and keeps the address.
pub async fn confirm(
    server: &Server,
    client: ClientAddress,
    session: &Session,
    typed: &str,
) -> Result<Confirmed, Problem> {
    let codes = server.mail.as_ref().ok_or(Problem::NotFound)?;
    let code = match Code::parse(typed) {
        Ok(code) => code,
        Err(bad) => return Ok(Confirmed::Bad(bad)),
    };
    let (user, place) = (session.person.user, Place::SignIn(session.sign_in.id));
    let found = guess_at(server, codes, client, &place, &code).await?;
    let Some(waited) = found.filter(|waited| waited.user == user) else { return Ok(Confirmed::Bad(BadCode::Wrong)) };
    let entry = server.entry(Some(user), Act::EmailSet, Some(user.uuid()));
    let is_set = server.store.set_mail_address(user, &waited.address, entry).await?;
    // A code that is on its way to the address before signs nobody in.
    codes.forget(user);
    Ok(if is_set { Confirmed::Yes } else { Confirmed::Taken })
}

async fn guess_at(
    server: &Server,
    codes: &Arc<MailCodes>,
    client: ClientAddress,
    place: &Place,
    code: &Code,
) -> Result<Option<codes::Waited>, Problem> {
    let hash = place.hash(&server.secret, code);
    let now_ms = server.clock.now_ms();
    guess(server, client, async { Ok(lock(&codes.waiting).take(place, &hash, now_ms)) }).await
}

fn browser(headers: &HeaderMap) -> Option<[u8; 32]> {
    cookie(headers, COOKIE).filter(|token| token.len() == 64).map(|token| hash(&token))
}

fn hash(token: &str) -> [u8; 32] {
    Sha256::digest(token.as_bytes()).into()
}
