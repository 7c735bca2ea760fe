//! What is kept no longer than it is needed, looked for once a day. How long what is kept is said here, and in docs/PRIVACY.md.
//!
//! `change_result` is kept for ever: a phone that lay in a drawer for a winter repeats its change, and has to be told the same again (S5).
//! It says what became of a change, and not who made it.

use domain::UserId;
use sync::limits;

use crate::{
    Server, deletions,
    store::{Account, Act, AuditEntry, Cutoffs, Deletion, Fact, Forgotten, Result, StoreError},
};

const DAY_MS: i64 = 24 * 60 * 60 * 1000;
/// An account that nobody used for so many days of a running server is deleted.
pub const IDLE_DAYS_MAX: u32 = 365;
/// What has ended, milliseconds: nicknames of those who left, invitations, and what those who left handed in. What a member's lost
/// phone handed in stays until the association decides.
pub const ENDED_MS: i64 = limits::HAND_IN_MS;
/// The mark of a sign-in that was ended from elsewhere, milliseconds: a phone that lay switched off for so long is still told to forget,
/// long after it may hand in.
pub const ENDED_SIGN_INS_MS: i64 = 365 * DAY_MS;
/// The sync log, milliseconds.
pub const DEVICES_MS: i64 = 90 * DAY_MS;
/// The audit period, milliseconds: afterwards nobody asks any more who changed what.
pub const AUTHORS_MS: i64 = 730 * DAY_MS;
/// After a longer gap the clock may be wrong: that time only the clock is noted, milliseconds.
const GAP_MS: i64 = 30 * DAY_MS;
/// Between two looks, milliseconds: a little less than a day, so that an hourly look does not wander through the day.
const EVERY_MS: i64 = DAY_MS - 60 * 60 * 1000;

/// Whether it is time to look.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Turn {
    Wait,
    /// The first time, or the clock has jumped: the moment is noted, and nothing goes.
    Note,
    /// Since the last look, milliseconds since 1970.
    Look(i64),
}

pub fn turn(last_ms: Option<i64>, now_ms: i64) -> Turn {
    match last_ms {
        Some(last) if now_ms >= last && now_ms - last < EVERY_MS => Turn::Wait,
        Some(last) if now_ms >= last && now_ms - last <= GAP_MS => Turn::Look(last),
        _ => Turn::Note,
    }
}

pub fn cutoffs(now_ms: i64) -> Cutoffs {
    Cutoffs {
        now_ms,
        ended_ms: now_ms - ENDED_MS,
        ended_sign_ins_ms: now_ms - ENDED_SIGN_INS_MS,
        devices_ms: now_ms - DEVICES_MS,
        authors_ms: now_ms - AUTHORS_MS,
    }
}

/// Whose accounts go.
pub fn unused(accounts: &[Account]) -> Vec<UserId> {
    let is_unused =
        |account: &&Account| account.idle_days >= IDLE_DAYS_MAX && !account.is_signed_in && !account.is_needed;
    accounts.iter().filter(is_unused).map(|account| account.user).collect()
}

/// What a look did.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Looked {
    pub accounts: u64,
    pub forgotten: Forgotten,
}

/// Looks for what is no longer needed, if it is time, and forgets it. None: it was not time. A demo forgets nothing: its people are invented
/// and come back.
pub async fn look(server: &Server) -> Result<Option<Looked>> {
    if server.demo || !server.clock.is_plausible() {
        return Ok(None);
    }
    let store = &server.store;
    let now_ms = server.clock.now_ms();
    const LAST: StoreError = StoreError::Damaged("retained_at in meta");
    let last = store.fact(Fact::RetainedAt).await?.map(|text| text.parse().map_err(|_| LAST)).transpose()?;
    let turn = turn(last, now_ms);
    if turn != Turn::Wait {
        store.set_fact(Fact::RetainedAt, &now_ms.to_string()).await?;
    }
    let Turn::Look(since_ms) = turn else { return Ok(None) };
    store.count_idle_day(since_ms, now_ms).await?;
    let mut looked = Looked { forgotten: store.forget(cutoffs(now_ms)).await?, accounts: 0 };
    for user in unused(&store.accounts(now_ms).await?) {
        if delete(server, user, None).await? == Deletion::Deleted {
            looked.accounts += 1;
        }
    }
    Ok(Some(looked))
}

/// Deletes a person, and remembers it for a restore. `actor` is who wished it; none: nobody did.
pub async fn delete(server: &Server, user: UserId, actor: Option<UserId>) -> Result<Deletion> {
    let entry = AuditEntry {
        at_ms: server.clock.now_ms(),
        actor,
        association: None,
        act: Act::PersonDeleted,
        subject: Some(user.uuid()),
    };
    let data = server.data.clone();
    let note = || if data.as_os_str().is_empty() { Ok(()) } else { deletions::note(&data, user) };
    server.store.delete_person(user, entry, &note).await
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_is_looked_once_a_day_and_not_by_a_clock_that_jumped() {
        let now = 1_795_255_200_000;
        assert_eq!(turn(None, now), Turn::Note);
        assert_eq!(turn(Some(now), now), Turn::Wait);
        assert_eq!(turn(Some(now - DAY_MS / 2), now), Turn::Wait);
        assert_eq!(turn(Some(now - DAY_MS), now), Turn::Look(now - DAY_MS));
        assert_eq!(turn(Some(now - 31 * DAY_MS), now), Turn::Note, "it stood still, or the clock is ahead");
        assert_eq!(turn(Some(now + DAY_MS), now), Turn::Note, "the clock was ahead");
    }

    #[test]
    fn an_account_goes_when_nobody_used_it_for_a_year_and_nobody_needs_it() {
        let account = |idle_days, is_signed_in, is_needed| Account {
            user: UserId::from_bytes([1; 16]),
            idle_days,
            is_signed_in,
            is_needed,
        };
        assert_eq!(unused(&[account(365, false, false)]).len(), 1);
        for kept in [account(364, false, false), account(365, true, false), account(999, false, true)] {
            assert_eq!(unused(&[kept]), [], "{kept:?}");
        }
    }
}
