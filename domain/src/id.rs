//! Ids: a newtype over UUID for each sort, made on the device (version 7, so that ids made in sequence are stored side
//! by side). No order between two devices is ever read from an id (S7).

use std::fmt;

use serde::{Deserialize, Serialize};
use uuid::Uuid;

macro_rules! ids {
    ($($(#[$doc:meta])* $name:ident),+ $(,)?) => {$(
        $(#[$doc])*
        #[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(transparent)]
        pub struct $name(Uuid);

        impl $name {
            pub const fn new(uuid: Uuid) -> Self {
                Self(uuid)
            }

            /// The id made of these sixteen bytes, as the simulator and the database keep it.
            pub const fn from_bytes(bytes: [u8; 16]) -> Self {
                Self(Uuid::from_bytes(bytes))
            }

            pub const fn uuid(self) -> Uuid {
                self.0
            }

            /// Reads the hyphenated form, in lower or upper case.
            pub fn parse(text: &str) -> Option<Self> {
                Uuid::try_parse(text).ok().map(Self)
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                self.0.fmt(f)
            }
        }

        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                write!(f, "{}({})", stringify!($name), self.0)
            }
        }
    )+};
}

ids! {
    /// The body that does the activity and owns its records.
    AssociationId,
    /// One synced record of any kind: a gathering, a series, a review …
    RecordId,
    /// One edit made on a device (invariant S5: it has its effect once, however often it arrives).
    ChangeId,
    /// One browser profile on one phone or computer.
    DeviceId,
    /// Who is using the device.
    UserId,
}

impl UserId {
    /// Stands for everybody whose account was deleted: their records stay as counts. Nobody is made with it, and it signs nobody in.
    pub const DELETED: UserId = UserId::from_bytes([0xde; 16]);
}
