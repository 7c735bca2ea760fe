//! Seeded bugs, one at a time, by which the simulator proves that it finds bugs (docs/TESTING.md). Each is a mistake
//! that somebody could make. They are chosen at run time, in tests and in the simulator's build only: elsewhere [`is`]
//! is a constant, and the compiler removes them.

macro_rules! mutants {
    ($($(#[$doc:meta])* $name:ident),+ $(,)?) => {
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        #[cfg_attr(
            not(any(test, feature = "testing")),
            expect(dead_code, reason = "some are wrong turns of the driver, which is the simulator's here")
        )]
        pub enum Mutant { $($(#[$doc])* $name),+ }

        #[cfg(any(test, feature = "testing"))]
        impl Mutant {
            pub const ALL: &[Mutant] = &[$(Mutant::$name),+];
        }
    };
}

mutants! {
    /// A receipt is not compared with the hash of what was sent.
    ReceiptHashIgnored,
    /// A batch without an answer is taken as delivered.
    PrunedBeforeReceipt,
    /// Results are matched with changes by their place in the reply.
    ResultByPosition,
    /// `again-later` is taken as a receipt.
    AgainLaterIsStored,
    /// Any JSON is taken as our server's.
    PortalAccepted,
    /// A later edit is not rebased on the receipt of the one before it.
    RebaseForgotten,
    /// An edit that joins an unsent one keeps the older content.
    JoinedEditLost,
    /// While a change is refused, nothing is sent.
    RefusedBlocksQueue,
    /// An entry is not marked when it goes on the wire.
    SentForgotten,
    /// What a pull tells is applied also when it is older than what is held.
    LowerRevisionApplied,
    /// The cursor moves, and a record of the page is not stored.
    CursorWithoutPage,
    /// An answer to a contact that was given up is taken for the one under way.
    LateAnswerTaken,
    /// A place in the queue is counted from what waits.
    OrderReused,
    /// Another epoch is not noticed.
    EpochIgnored,
    /// The new epoch is taken up without an offer.
    OfferSkipped,
    /// A restored server empties the outbox.
    ResetDropsOutbox,
    /// The contents that the server asks for are not sent.
    WantedForgotten,
    /// The server takes pushes before the offer.
    PushBeforeOffer,
    /// An offered record of the same revision replaces the server's.
    OfferOverwrites,
    /// An offered deletion deletes what is there.
    OfferedTombstoneWins,
    /// The server forgets what it answered.
    ResultsNotStored,
    /// The server does not look for an earlier answer.
    StoredResultIgnored,
    /// In a clash the later writer wins.
    ClashOverwrites,
    /// What lost a clash is not kept.
    AlternativeForgotten,
    /// A deletion wins over an edit that it did not see.
    DeletionWins,
    /// The server takes a push of another user than the one signed in.
    UserNotChecked,
    /// A damaged row of the mirror is taken as whole.
    MirrorHashIgnored,
    /// An undone change leaves no tombstone.
    TombstoneForgotten,
    /// An entry's row is dropped when it is sent.
    MirrorDroppedBeforeReceipt,
    /// What was taken back or thrown away is not counted as such.
    ThrownForgotten,
    /// The counter is taken from the database alone.
    CounterForgotten,
    /// Of two copies the database's is always taken as newer.
    VersionIgnored,
    /// A loss of both copies is not told.
    LossNotTold,
    /// The driver writes the mirror after it has said *saved*.
    MirrorAfterDatabase,
    /// The driver says *saved* after a transaction that was aborted.
    AbortIgnored,
    /// The driver keeps the mirror's row of a save that was aborted.
    AbortedRowKept,
}

#[cfg(any(test, feature = "testing"))]
mod chosen {
    use std::cell::Cell;

    use super::Mutant;

    thread_local! {
        static CHOSEN: Cell<Option<Mutant>> = const { Cell::new(None) };
    }

    /// Lives in this thread from now on; none for the real code.
    pub fn choose(mutant: Option<Mutant>) {
        CHOSEN.set(mutant);
    }

    pub(crate) fn is(mutant: Mutant) -> bool {
        CHOSEN.get() == Some(mutant)
    }
}

#[cfg(any(test, feature = "testing"))]
pub use chosen::choose;
#[cfg(any(test, feature = "testing"))]
pub(crate) use chosen::is;

#[cfg(not(any(test, feature = "testing")))]
pub(crate) const fn is(_: Mutant) -> bool {
    false
}
