//! Reminds reviewers of deadlines, by e-mail or in a browser: whoever asked for it, when something is open, at ten in the morning. The days
//! and the counts are `domain::reminder`'s.
//!
//! That a day was looked at is written before anything is sent, and taken back only where it is certain that nothing was: what is on its way
//! when the server falls is lost, and nothing comes twice. A message has the funder's name, the day and counts: no group, no gathering, no
//! person, not even the association's name, because it is read on a locked phone.

use std::{
    collections::{BTreeMap, btree_map::Entry},
    time::Duration,
};

use app::{
    format::short_day,
    texts::{periods, reminders as t},
};
use domain::{
    AssociationId, Date, Lang,
    association::Association,
    deadline::Deadline,
    reminder::{self, Turn, Waiting},
};
use serde_json::json;

use crate::{
    Server,
    mail::{self, Letter, NotSent},
    push::{Push, Pushed, message::TEXT_BYTES_MAX},
    store::{RemindTo, Reminder, Result},
};

/// Reminders go at the quarters of an hour: the first one of the day is ten o'clock.
const EVERY_MS: i64 = 15 * 60 * 1000;
/// Wishes for which there is nothing to send that are written in one transaction, so that no push waits for long.
const AT_ONCE: usize = 500;
/// Lines of a message in a browser, which shows no more.
const PUSH_LINES: usize = 3;
/// Where the letters lead, and the browser's messages (`public/sw.js`).
const BOARD: &str = "/app/yhdistys";
/// Where one says that one wants none.
const SETTINGS: &str = "/app/yhdistys/jaksot";

/// What a look did.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Looked {
    pub letters: u32,
    pub pushes: u32,
    /// What was certainly not sent; it is tried again at the next quarter.
    pub later: u32,
    /// What was refused, or may have gone or not.
    pub failed: u32,
    /// Browsers that are no more.
    pub gone: u32,
}

/// Until the next quarter of an hour.
pub fn until_next(now_ms: i64) -> Duration {
    let rest = EVERY_MS - now_ms.rem_euclid(EVERY_MS);
    Duration::from_millis(rest.unsigned_abs())
}

/// Sends the reminders of today that were not sent. Nothing at night, and nothing by a clock that cannot be right.
pub async fn look(server: &Server) -> Result<Looked> {
    let (mut done, now_ms) = (Looked::default(), server.clock.now_ms());
    if !server.clock.is_plausible() || !reminder::is_time(server.clock.minute_of(now_ms)) {
        return Ok(done);
    }
    let today = server.clock.day_of(now_ms);
    let mut wishes = server.store.not_looked(today, now_ms).await?;
    // Where nothing can be sent nothing is counted. A wish waits until the operator has set the way again.
    wishes.retain(|wish| match wish.to {
        RemindTo::Mail(_) => server.mail.is_some(),
        RemindTo::Push(..) => server.push.is_some(),
    });
    let mut known = Known { server, today, associations: BTreeMap::new() };
    let mut silent = Vec::new();
    let mut letters = Vec::new();
    for of_one in wishes.chunk_by(is_of_one) {
        let mut told = Vec::new();
        for wish in of_one {
            match reminder::turn(wish.looked, today) {
                Turn::Wait => {}
                Turn::Note => silent.push(wish.clone()),
                Turn::Look => match known.lines(wish).await {
                    Ok(lines) if lines.is_empty() => silent.push(wish.clone()),
                    Ok(lines) => told.push((wish.clone(), lines)),
                    // One association whose rows are damaged stops nobody else's reminders.
                    Err(error) => tracing::error!(%error, "what is open in an association is not known"),
                },
            }
        }
        match told.first().map(|(wish, _)| &wish.to) {
            Some(RemindTo::Mail(_)) => letters.push(told),
            Some(RemindTo::Push(..)) => browser(server, told, today, &mut done).await?,
            None => {}
        }
    }
    for some in silent.chunks(AT_ONCE) {
        server.store.look_at(some, today).await?;
    }
    send_letters(server, letters, today, &mut done).await?;
    Ok(done)
}

/// A wish, and what is to be said.
type Told = Vec<(Reminder, Vec<String>)>;

/// Whether two wishes are told in one message: of one person by e-mail, or of one sign-in.
fn is_of_one(one: &Reminder, other: &Reminder) -> bool {
    match (&one.to, &other.to) {
        (RemindTo::Mail(_), RemindTo::Mail(_)) => one.user == other.user,
        (RemindTo::Push(sign_in, _), RemindTo::Push(other, _)) => sign_in == other,
        _ => false,
    }
}

/// Writes down that today was looked at, and keeps what is still wished as it was: whose wish is gone meanwhile is told nothing.
async fn claim(server: &Server, told: &mut Told, today: Date) -> Result<()> {
    let wishes: Vec<Reminder> = told.iter().map(|(wish, _)| wish.clone()).collect();
    let mut claimed = server.store.look_at(&wishes, today).await?.into_iter();
    told.retain(|_| claimed.next() == Some(true));
    Ok(())
}

async fn give_back(server: &Server, told: Told, today: Date) -> Result<()> {
    let wishes: Vec<Reminder> = told.into_iter().map(|(wish, _)| wish).collect();
    server.store.give_back(&wishes, today).await
}

async fn send_letters(server: &Server, letters: Vec<Told>, today: Date, done: &mut Looked) -> Result<()> {
    if letters.is_empty() {
        return Ok(());
    }
    // A mail server that is down is asked once, and not for each letter. Nothing is written down, so all of them wait for the next quarter.
    let Some(codes) = &server.mail else { return Ok(()) };
    if !codes.mailer().answers().await {
        return wait(letters.len(), done);
    }
    let mut rest = letters.into_iter();
    while let Some(mut told) = rest.next() {
        claim(server, &mut told, today).await?;
        let Some((Reminder { to: RemindTo::Mail(address), lang, .. }, _)) = told.first() else { continue };
        let Some(to) = mail::address(address) else { continue };
        match codes.mailer().send(letter(server, to, *lang, &told)).await {
            Ok(()) => done.letters += 1,
            Err(why @ (NotSent::Later(_) | NotSent::NotEncrypted)) => {
                tracing::warn!(%why, "a reminder waits");
                done.later += 1;
                give_back(server, told, today).await?;
            }
            // Perhaps it has gone, perhaps there is no such mailbox. Neither says whose it is.
            Err(why) => {
                tracing::warn!(%why, "a reminder was not sent");
                done.failed += 1;
                // One that went down in the middle, perhaps with half an answer, takes no further letter with it.
                let may_be_down = matches!(why, NotSent::NoAnswer | NotSent::Failed) && rest.len() > 0;
                if may_be_down && !codes.mailer().answers().await {
                    return wait(rest.len(), done);
                }
            }
        }
    }
    Ok(())
}

/// Letters of which nothing is written down wait for the next quarter.
fn wait(letters: usize, done: &mut Looked) -> Result<()> {
    tracing::warn!(letters, "reminders wait: the mail server does not answer");
    done.later += u32::try_from(letters).unwrap_or(u32::MAX);
    Ok(())
}

fn letter(server: &Server, to: lettre::Address, lang: Lang, told: &Told) -> Letter {
    let lines = told.iter().flat_map(|(_, lines)| lines.iter().cloned());
    let [board, settings] = [BOARD, SETTINGS].map(|path| server.origin.url(path));
    let text = lines.chain([t::open_it(lang, board), t::why(lang, settings)]);
    let text = text.map(|line| format!("{line}\r\n")).collect::<Vec<_>>().join("\r\n");
    Letter { to, subject: t::subject(lang).to_owned(), text }
}

async fn browser(server: &Server, mut told: Told, today: Date, done: &mut Looked) -> Result<()> {
    let Some(push) = &server.push else { return Ok(()) };
    claim(server, &mut told, today).await?;
    let Some((Reminder { to: RemindTo::Push(_, to), lang, .. }, _)) = told.first() else { return Ok(()) };
    let text = message(*lang, &told);
    match Push::send(push, to, &text, &server.origin, server.clock.now_ms()).await {
        Pushed::Taken => done.pushes += 1,
        Pushed::Gone => {
            done.gone += 1;
            server.store.forget_browser(&to.endpoint).await?;
        }
        Pushed::NotYet => {
            done.later += 1;
            give_back(server, told, today).await?;
        }
        Pushed::Failed => done.failed += 1,
    }
    Ok(())
}

/// What the browser's worker reads.
fn message(lang: Lang, told: &Told) -> String {
    let mut lines: Vec<&str> = told.iter().flat_map(|(_, lines)| lines).map(String::as_str).collect();
    lines.truncate(PUSH_LINES);
    loop {
        let text = json!({"title": t::subject(lang), "body": lines.join("\n")}).to_string();
        if text.len() <= TEXT_BYTES_MAX || lines.is_empty() {
            return text;
        }
        lines.pop();
    }
}

/// What was found out of associations for one look: several reviewers ask for one.
struct Known<'a> {
    server: &'a Server,
    today: Date,
    associations: BTreeMap<AssociationId, OfAssociation>,
}

#[derive(Default)]
struct OfAssociation {
    deadlines: Vec<Deadline>,
    /// What is open before a day, once somebody has to be told of it.
    waiting: BTreeMap<Date, Waiting>,
}

impl Known<'_> {
    /// What is to be said of an association, a line for each deadline before which something is open.
    async fn lines(&mut self, wish: &Reminder) -> Result<Vec<String>> {
        let store = &self.server.store;
        let of = match self.associations.entry(wish.association) {
            Entry::Occupied(known) => known.into_mut(),
            Entry::Vacant(place) => place.insert(OfAssociation {
                deadlines: deadlines(self.server, wish.association).await?,
                waiting: BTreeMap::new(),
            }),
        };
        let due = reminder::due(&of.deadlines, wish.looked, self.today);
        if due.iter().any(|(_, day)| !of.waiting.contains_key(day)) {
            // Four times a year for a deadline, and of one association: no sum has what is counted here.
            let (gatherings, series) = store.in_brief(wish.association).await?;
            let open = |day: Date| (day, Waiting::of(day, &gatherings, &series, self.today));
            of.waiting.extend(due.iter().map(|(_, day)| open(*day)));
        }
        let open = |day: &Date| of.waiting.get(day).filter(|waiting| !waiting.is_nothing());
        Ok(due.iter().filter_map(|(deadline, day)| Some(line(wish.lang, deadline, *day, open(day)?))).collect())
    }
}

async fn deadlines(server: &Server, association: AssociationId) -> Result<Vec<Deadline>> {
    let own = server.store.own_record(association).await?;
    // A record of a later version has deadlines that this one does not know.
    Ok(own.and_then(|content| Association::parse(&content).ok()).map(|own| own.deadlines).unwrap_or_default())
}

fn line(lang: Lang, deadline: &Deadline, day: Date, waiting: &Waiting) -> String {
    let parts = [
        (waiting.to_approve, periods::to_approve(lang, waiting.to_approve)),
        (waiting.asked, periods::asked(lang, waiting.asked)),
        (waiting.missing, periods::missing(lang, waiting.missing)),
    ];
    let open: Vec<String> = parts.into_iter().filter(|(count, _)| *count > 0).map(|(_, text)| text).collect();
    t::line(lang, format_args!("{} {}", deadline.funder, short_day(lang, day)), open.join(" · "))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_next_quarter_is_on_the_quarter_by_the_clock() {
        let ten = 1_795_255_200_000;
        assert_eq!(ten % (60 * 60 * 1000), 0);
        assert_eq!(until_next(ten - 1), Duration::from_millis(1));
        assert_eq!(until_next(ten), Duration::from_secs(15 * 60));
        assert_eq!(until_next(ten + 1), Duration::from_millis(15 * 60 * 1000 - 1));
    }

    #[test]
    fn a_line_has_the_funder_the_day_and_counts_that_are_not_nought() {
        let stea = Deadline { funder: "STEA".to_owned(), month: 2, day: 28 };
        let day = Date::constant(2026, 2, 28);
        let of = |waiting| line(Lang::Fi, &stea, day, &waiting);
        assert_eq!(of(Waiting { to_approve: 3, ..Waiting::default() }), "STEA la 28.2. – Odottaa hyväksyntää: 3");
        assert_eq!(
            of(Waiting { to_approve: 0, asked: 1, missing: 2 }),
            "STEA la 28.2. – Kysytty kirjaajalta: 1 · Viikkoja kirjaamatta: 2"
        );
    }

    #[test]
    fn a_message_fits_whatever_the_association_calls_its_funders() {
        let wish = Reminder {
            association: AssociationId::from_bytes([1; 16]),
            user: domain::UserId::from_bytes([2; 16]),
            lang: Lang::Fi,
            looked: Date::constant(2026, 2, 1),
            to: RemindTo::Mail(String::new()),
        };
        let told = vec![(wish.clone(), vec!["\u{1}".repeat(600); 2]), (wish, vec!["kolmas".to_owned(); 4])];
        let text = message(Lang::Fi, &told);
        assert!(text.len() <= TEXT_BYTES_MAX && text.contains("Muistutus"), "{}", text.len());
    }
}
