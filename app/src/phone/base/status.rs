//! The status of the whole phone: network, storage, versions, and announcements.

use leptos::prelude::*;

/// In local storage: the user's id, a space, and the name of the association from which they were removed. Until they have seen it.
pub const REMOVED: &str = "hytevihko-removed";

/// In local storage: the user's id, a space, and how many of their gatherings were handed in after they had left. Until they have seen it.
pub const HANDED_IN: &str = "hytevihko-handed-in";

/// The same, of how many could not be handed in when their sign-in was ended from elsewhere.
pub const SIGN_IN_ENDED_LEFT: &str = "hytevihko-sign-in-ended";

/// What was found when the two copies of the unsent changes were compared (S3), or when the server knew more than this phone.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Memory {
    /// The database had lost so many, and has them back from the mirror.
    Healed(usize),
    /// So many can be read from neither copy.
    Unreadable(usize),
    /// So many are in neither copy.
    Lost(usize),
    /// The storage was cleared: the server knows this phone, which knows nothing.
    Cleared {
        /// The server's time of the last contact, milliseconds since 1970.
        last_contact: i64,
        /// How many changes waited here then.
        waiting: u32,
    },
    /// Neither the server nor this phone knows of it, and the user has another phone: or it is this one, and was cleared with its
    /// cookies. Times and counts as above.
    NewPhone { last_contact: i64, waiting: u32 },
    /// The user has been removed from an association; [`REMOVED`] has its name.
    Removed,
    /// So many gatherings were given to an association that the user has left: it decides about them.
    HandedIn(usize),
    /// The sign-in was ended from elsewhere, and so many changes could not be handed in.
    SignInEnded(usize),
}

impl Memory {
    /// Most of those who see it have a second phone and need to do nothing: it stands under the groups, and not above them.
    pub fn is_calm(self) -> bool {
        matches!(self, Memory::NewPhone { waiting: 0, .. })
    }
}

/// Copied freely, like the phone.
#[derive(Clone, Copy)]
pub struct Status {
    pub online: RwSignal<bool>,
    /// The server does not understand this version any more.
    pub update_needed: RwSignal<bool>,
    /// A newer version waits.
    pub new_version: RwSignal<bool>,
    /// The service worker holds the app: it opens without a network.
    pub ready_without_network: RwSignal<bool>,
    /// The browser's name for why the database could not be opened or written.
    pub storage_problem: RwSignal<Option<String>>,
    /// Shown until the user has said that they saw it.
    pub memory: RwSignal<Option<Memory>>,
    /// What was saved last is in the database only.
    pub one_copy: RwSignal<bool>,
    /// Local records that could not be read.
    pub unreadable: RwSignal<usize>,
    /// The phone's clock is more than ten minutes off the server's (S7).
    pub clock_is_off: RwSignal<bool>,
    /// Said once for `role=status`.
    pub said: RwSignal<String>,
}

impl Status {
    pub fn new(online: bool) -> Status {
        Status {
            online: RwSignal::new(online),
            update_needed: RwSignal::new(false),
            new_version: RwSignal::new(false),
            ready_without_network: RwSignal::new(false),
            storage_problem: RwSignal::new(None),
            memory: RwSignal::new(None),
            one_copy: RwSignal::new(false),
            unreadable: RwSignal::new(0),
            clock_is_off: RwSignal::new(false),
            said: RwSignal::new(String::new()),
        }
    }
}
