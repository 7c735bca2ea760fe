//! Every limit of the protocol, with its arithmetic.

/// Changes in one push. Fifty gatherings are a club's year; a phone rarely has more than three.
pub const CHANGES_PER_PUSH_MAX: usize = 50;
/// Bytes of a push's body: [`CHANGES_PER_PUSH_MAX`] changes of 5 kB, far over the usual 400 bytes.
pub const PUSH_BYTES_MAX: usize = 256 * 1024;
/// Bytes of one change's canonical content: a note of 500 four-byte characters, and room for fields of later versions.
pub const RECORD_BYTES_MAX: usize = 8 * 1024;
/// Bytes of the fields of one content that this version does not know: a newer app's, a few numbers and codes. They are kept in every
/// revision, and nobody can see or mend them here.
pub const UNKNOWN_BYTES_MAX: usize = 2 * 1024;
/// Depth of JSON in a change. Our own contents nest to three.
pub const JSON_DEPTH_MAX: usize = 16;
/// Highest revision that an edit can name as its base: no record is edited a thousand million times, and far from the end of
/// its type a revision can always be counted on.
pub const REVISION_MAX: u32 = 1_000_000_000;
/// Records in one page of a pull.
pub const PULL_PAGE_MAX: u32 = 500;
/// Bytes of contents in one page of a pull: 500 usual records are 200 kB, and 500 of the largest would be 4 MB, which a phone with a
/// weak network never gets whole.
pub const PULL_PAGE_BYTES_MAX: usize = 1024 * 1024;
/// New records that one volunteer makes in an association in a day. A club's whole year from paper is fifty to two hundred; at the
/// usual 400 bytes these are 200 kB a day, at the largest size 4 MB.
pub const NEW_RECORDS_A_DAY_MAX: u32 = 500;
/// The same of a reviewer, who brings the paper and the files of everybody, and of several years.
pub const REVIEWERS_NEW_RECORDS_A_DAY_MAX: u32 = 10_000;
/// Devices that are remembered of one user. Nobody has so many; each cleared browser is a new one.
pub const DEVICES_MAX: u32 = 20;
/// Records named in one page of an offer (S9): about 180 bytes each, a third of [`PUSH_BYTES_MAX`]. Contents asked for are
/// bounded like a push.
pub const OFFER_HOLDS_MAX: usize = 500;
/// How long after a restore offers are taken, milliseconds: fourteen days. A club meets weekly, so that every phone that is in use
/// makes contact once or twice in it. Later, an offer brings nothing that anybody misses, and is a second way to write.
pub const OFFER_WINDOW_MS: i64 = 14 * 24 * 60 * 60 * 1_000;
/// How many revisions further than the server's an offered one may be: what is lost is a day at most, and nobody corrects a record
/// fifty times in a day. One that is further stands beside the server's, and the association is asked (S11).
pub const OFFERED_STEPS_MAX: u32 = 50;
/// Highest revision that a device can bring where the server has none, in an offer or as the base of an edit. It is a hundred thousand
/// times below [`REVISION_MAX`], so that whatever is brought, the edits after it are never refused.
pub const BROUGHT_REVISION_MAX: u32 = 10_000;
/// Gatherings that one device may hand in to an association after its user has left: a club's whole year from a phone that lay in a drawer.
/// A stranger with a lost phone gets no further.
pub const HANDED_IN_MAX: u64 = 200;
/// Bytes of their contents: six times what [`HANDED_IN_MAX`] gatherings of the usual 400 bytes take.
pub const HANDED_IN_BYTES_MAX: u64 = 512 * 1024;
/// How long after somebody has left their devices may hand in, and how long the association has to decide, milliseconds: thirty days.
pub const HAND_IN_MS: i64 = 30 * 24 * 60 * 60 * 1_000;

/// Revisions in a gathering's history: nobody reads two hundred. At the usual 400 bytes these are 80 kB, at the largest size 1.6 MB.
pub const HISTORY_MAX: u32 = 200;
/// Months of gatherings that a volunteer's phone holds: this year's month and the same one last year.
pub const VOLUNTEER_MONTHS: i32 = 13;
/// First wait after a failed contact, milliseconds.
pub const RETRY_DELAY_MS_MIN: u64 = 2_000;
/// Longest wait between contacts, milliseconds.
pub const RETRY_DELAY_MS_MAX: u64 = 15 * 60 * 1_000;
/// How long "Kumoa" is offered, milliseconds; a change waits this long before it is first sent.
pub const UNDO_MS: u64 = 10_000;
/// A contact that has not answered in this time is given up; "sending" is a lease, not a state that can stick.
pub const LEASE_MS: u64 = 45_000;
/// A phone clock further than this from the server's is shown as a hint (S7: it decides nothing).
pub const CLOCK_HINT_MS: i64 = 10 * 60 * 1_000;
/// The version of contents that this build writes.
pub const SCHEMA: u32 = 1;
/// The oldest schema that the server understands; older clients get 426 and keep their outbox (S13).
pub const SCHEMA_MIN: u32 = 1;
