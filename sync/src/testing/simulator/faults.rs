//! The kinds of faults, and how often each happened.

use std::ops::AddAssign;

macro_rules! faults {
    ($($(#[$doc:meta])* $name:ident = $text:literal),+ $(,)?) => {
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub enum Fault { $($(#[$doc])* $name),+ }

        impl Fault {
            pub const ALL: &[Fault] = &[$(Fault::$name),+];

            pub const fn name(self) -> &'static str {
                match self { $(Fault::$name => $text),+ }
            }
        }
    };
}

faults! {
    RequestLost = "request lost",
    ReplyLost = "reply lost",
    ReplyCut = "reply cut at a byte",
    Late = "late",
    Twice = "twice",
    AfterNewer = "after a newer one",
    CaptivePortal = "captive portal",
    Redirect = "redirect",
    NoContent = "204",
    ServerError = "5xx",
    RetryLater = "503 with Retry-After",
    HeadersStripped = "headers stripped",
    NameNotFound = "DNS failure",
    TlsFailure = "TLS failure",
    WrongJson = "wrong JSON",
    OtherOrder = "results in another order",
    TooLarge = "413 on the way",
    CrashBeforeMirror = "crash before the mirror's row",
    CrashBeforeCommit = "crash between mirror and commit",
    CrashAfterCommit = "crash between commit and mirror",
    CrashAfterMirror = "crash after the mirror's drop",
    StoreWiped = "store wiped",
    StoreTailLost = "store tail lost",
    MirrorLost = "mirror lost",
    MirrorDamaged = "row of the mirror damaged",
    DataCleared = "both copies cleared",
    QuotaAbort = "quota abort",
    TwoTabs = "two tabs",
    NewWorker = "new service worker in mid-sync",
    ClockJump = "clock jump",
    KilledBeforeCommit = "server killed before commit",
    KilledAfterCommit = "server killed after commit",
    ServerRestored = "server restored",
    SignInRevoked = "sign-in revoked",
    OtherUsersCookie = "another user's sign-in in another tab",
    UserSwitched = "user switched",
    Merged = "association merged a pair",
    Returned = "association returned",
    Deleted = "association deleted",
}

/// What happened, by kind.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Tally {
    pub events: u64,
    pub device_days: u64,
    pub saved: u64,
    pub edited: u64,
    pub deleted: u64,
    pub undone: u64,
    pub thrown_away: u64,
    pub reviewed: u64,
    pub refused: u64,
    pub clashes: u64,
    pub offered: u64,
    pub healed: u64,
    pub losses_told: u64,
    /// Values that were in the lost hours of a restored server, and on no device any more.
    pub gone_with_the_server: u64,
    pub faults: Vec<u64>,
}

impl Tally {
    pub fn count(&mut self, fault: Fault) {
        if self.faults.is_empty() {
            self.faults = vec![0; Fault::ALL.len()];
        }
        self.faults[fault as usize] += 1;
    }

    pub fn of(&self, fault: Fault) -> u64 {
        self.faults.get(fault as usize).copied().unwrap_or(0)
    }

    pub fn fault_count(&self) -> u64 {
        self.faults.iter().sum()
    }

    pub fn device_years(&self) -> f64 {
        self.device_days as f64 / 365.25
    }

    /// The figures beside the faults, by name, for printing and keeping.
    pub fn figures(&mut self) -> [(&'static str, &mut u64); 14] {
        [
            ("events", &mut self.events),
            ("device days", &mut self.device_days),
            ("saved", &mut self.saved),
            ("edited", &mut self.edited),
            ("deleted", &mut self.deleted),
            ("undone", &mut self.undone),
            ("thrown away", &mut self.thrown_away),
            ("reviewed", &mut self.reviewed),
            ("refused", &mut self.refused),
            ("clashes", &mut self.clashes),
            ("offered", &mut self.offered),
            ("healed", &mut self.healed),
            ("losses told", &mut self.losses_told),
            ("gone with the server", &mut self.gone_with_the_server),
        ]
    }
}

impl AddAssign<&Tally> for Tally {
    fn add_assign(&mut self, other: &Tally) {
        let mut other = other.clone();
        for ((_, sum), (_, more)) in self.figures().into_iter().zip(other.figures()) {
            *sum += *more;
        }
        self.faults.resize(Fault::ALL.len(), 0);
        for (sum, more) in self.faults.iter_mut().zip(&other.faults) {
            *sum += more;
        }
    }
}
