//! Which phones lost records: what a phone says of itself at each contact, held against what the server received from it.
//!
//! Of every change that a phone ever made, one thing is true: the server has given it a final answer, the user has thrown it away,
//! it waits on the phone, or it is missing. The first three are known.

/// What a device tells of itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Told {
    /// Changes ever made in this storage.
    pub counter: u64,
    /// Changes that wait, those of the push in hand among them.
    pub waiting: u64,
    /// Changes ever thrown away, undone or joined before they were sent.
    pub thrown: u64,
}

/// What the server makes of it. Signed: a phone can say anything.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Account {
    pub told: Told,
    /// Distinct changes that got a final answer.
    pub received: i64,
    /// Changes from before the account began.
    pub unexplained: i64,
    /// Missing from storage that has been cleared since.
    pub missing_before: i64,
    /// Missing in all.
    pub missing: i64,
    /// The database was restored: what came since the backup is not known to have come, and is not to be taken for lost.
    pub begins_anew: bool,
}

/// What a push brings beside what it tells.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Brought {
    /// Changes that got a final answer now.
    pub new: u64,
    /// Changes that had one already: their answer was lost, and the phone still counts them as waiting.
    pub repeats: u64,
}

impl Account {
    /// The account after a contact; `brought` where it was a push. With the first contact the counting begins.
    pub fn after(before: Option<Account>, told: Told, brought: Option<Brought>) -> Account {
        let new = signed(brought.unwrap_or_default().new);
        let mut account = match before {
            None => Account::begun(told, 0),
            Some(before) if before.begins_anew => Account::begun(told, before.missing),
            // The storage was cleared: whatever waited, and what was missing, is gone with it.
            Some(before) if told.counter < before.told.counter => {
                let lost = before.open().max(0);
                let missing_before = before.missing_before.saturating_add(lost);
                Account { unexplained: 0, ..Account::begun(told, missing_before) }
            }
            Some(before) => Account { told, ..before },
        };
        let repeats = signed(brought.unwrap_or_default().repeats);
        let balance = account.open().saturating_sub(signed(told.waiting).saturating_sub(repeats));
        // More than there can be: a refused change was mended and counts twice. Forgotten at a push, which names what it repeats;
        // kept, it would hide as many losses. After a lost answer a pull only looks like this.
        if balance < 0 && brought.is_some() {
            account.unexplained = account.unexplained.saturating_add(balance);
        }
        account.missing = account.missing_before.saturating_add(balance.max(0));
        account.received = account.received.saturating_add(new);
        account
    }

    /// Whatever the phone made before is taken to be where it belongs.
    fn begun(told: Told, missing: i64) -> Account {
        let unexplained = told.open().saturating_sub(signed(told.waiting));
        Account { told, received: 0, unexplained, missing_before: missing, missing, begins_anew: false }
    }

    /// Changes that the server has not seen the end of.
    fn open(&self) -> i64 {
        self.told.open().saturating_sub(self.received).saturating_sub(self.unexplained)
    }
}

impl Told {
    fn open(&self) -> i64 {
        signed(self.counter).saturating_sub(signed(self.thrown))
    }
}

fn signed(count: u64) -> i64 {
    i64::try_from(count).unwrap_or(i64::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    const fn told(counter: u64, waiting: u64, thrown: u64) -> Told {
        Told { counter, waiting, thrown }
    }

    const fn brought(new: u64, repeats: u64) -> Option<Brought> {
        Some(Brought { new, repeats })
    }

    /// What is missing after each contact.
    fn missing(contacts: &[(Told, Option<Brought>)]) -> Vec<i64> {
        let mut account = None;
        let mut step = |(told, brought): &(Told, Option<Brought>)| {
            let after = Account::after(account, *told, *brought);
            account = Some(after);
            after.missing
        };
        contacts.iter().map(&mut step).collect()
    }

    #[test]
    fn a_phone_that_sends_all_it_made_misses_nothing() {
        let contacts = [
            (told(0, 0, 0), None),
            (told(3, 3, 0), brought(3, 0)),
            (told(3, 0, 0), None),
            // Two made, one of them thrown away.
            (told(5, 1, 1), brought(1, 0)),
            (told(5, 0, 1), None),
        ];
        assert_eq!(missing(&contacts), [0; 5]);
    }

    #[test]
    fn a_change_that_was_neither_sent_nor_thrown_away_is_missing() {
        let contacts = [(told(3, 3, 0), brought(3, 0)), (told(7, 2, 0), brought(2, 0)), (told(7, 0, 0), None)];
        assert_eq!(missing(&contacts), [0, 2, 2]);
    }

    #[test]
    fn what_turns_up_again_is_not_missing_any_more() {
        let contacts = [
            (told(0, 0, 0), None),
            (told(4, 1, 0), brought(1, 0)),
            (told(4, 3, 0), brought(3, 0)),
            (told(4, 0, 0), None),
        ];
        assert_eq!(missing(&contacts), [0, 3, 0, 0]);
    }

    #[test]
    fn what_waited_in_cleared_storage_is_missing() {
        let contacts = [
            (told(9, 0, 2), None),
            (told(12, 3, 2), None),
            // Cleared, and two new ones made.
            (told(2, 2, 0), brought(2, 0)),
            (told(2, 0, 0), None),
        ];
        assert_eq!(missing(&contacts), [0, 0, 3, 3]);
        let nothing_waited = [(told(9, 9, 0), brought(9, 0)), (told(0, 0, 0), None)];
        assert_eq!(missing(&nothing_waited), [0, 0]);
    }

    #[test]
    fn a_lost_answer_is_not_a_loss() {
        let contacts = [
            (told(3, 3, 0), brought(3, 0)),
            // The answer was lost, and one more was made.
            (told(4, 4, 0), None),
            (told(4, 4, 0), brought(1, 3)),
            (told(4, 0, 0), None),
        ];
        assert_eq!(missing(&contacts), [0; 4]);
    }

    #[test]
    fn a_mended_change_hides_no_later_loss() {
        let contacts = [
            (told(1, 1, 0), brought(1, 0)),
            // It was refused, and is sent again mended, under a new id and without a new place in the count.
            (told(1, 1, 0), brought(1, 0)),
            (told(1, 0, 0), None),
            (told(3, 1, 0), brought(1, 0)),
        ];
        assert_eq!(missing(&contacts), [0, 0, 0, 1]);
    }

    #[test]
    fn any_number_may_be_told() {
        let most = told(u64::MAX, u64::MAX, u64::MAX);
        let contacts =
            [(most, None), (told(0, u64::MAX, 0), None), (most, brought(50, 0)), (told(u64::MAX, 0, 0), None)];
        assert!(missing(&contacts).iter().all(|missing| *missing >= 0));
    }
}
