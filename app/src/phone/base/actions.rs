//! What the device can do for the screens, as traits. `client` implements them with IndexedDB, the network and the
//! browser.

use std::{future::Future, pin::Pin};

use domain::{AssociationId, ChangeId, Kind, Lang, RecordId};
use serde_json::Value;
use sync::{file::FiledChange, local::Body};

use super::{draft::Draft, half_written::HalfWritten};

pub type LocalFuture<T> = Pin<Box<dyn Future<Output = T>>>;

/// Nothing was saved; the browser's name for the reason.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Failed(pub String);

/// Why the server did not do what it was asked for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Refused {
    /// There is no network, or nobody of ours answered.
    NoAnswer,
    /// The answer was in no words that this version knows.
    Odd,
    Code {
        /// Stable; the screens have words for it.
        code: String,
        /// For how long it is of no use to ask again, in seconds.
        wait: u32,
    },
}

/// What has just been done, and how it is taken back.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Undo {
    /// Changes that can still be taken back.
    pub changes: Vec<ChangeId>,
    /// A form's state that is an unfinished one again then.
    pub draft: Option<Draft>,
    /// What is half-written again then.
    pub half_written: Option<HalfWritten>,
    pub text: String,
}

/// What the device does for the screens, in the main part with them. `client` implements it with IndexedDB and the sync loop. Asked for
/// by [`super::phone::Phone::act`] and [`super::phone::Phone::actions`], before that file is here too.
pub trait Actions {
    /// Commits edits of records; resolves when each transaction has committed (S2).
    fn save(&self, edits: Vec<(RecordId, Kind, Body)>) -> LocalFuture<Result<Vec<ChangeId>, Failed>>;
    /// Takes changes back: what they replaced stands again.
    fn undo(&self, changes: Vec<ChangeId>) -> LocalFuture<Result<(), Failed>>;
    /// Throws a refused change away for good.
    fn throw_away(&self, change: ChangeId) -> LocalFuture<Result<(), Failed>>;
    fn put_draft(&self, id: RecordId, state: String);
    fn drop_draft(&self, id: RecordId);
    fn send_now(&self);
    /// The user has seen that the association changed a count.
    fn seen(&self, record: RecordId);
    fn sign_out(&self);
    fn download(&self, name: &str, text: &str);
    /// Throws away all that waits or was refused here, for good.
    fn throw_all(&self) -> LocalFuture<Result<(), Failed>>;
    /// Saves all that waits here as a file.
    fn save_file(&self) -> LocalFuture<Result<(), Failed>>;
    /// Takes up the changes of another phone's file; resolves with how many were new when they have committed.
    fn take_in(&self, changes: Vec<FiledChange>) -> LocalFuture<Result<usize, Failed>>;
    /// The text of a file that the user has chosen; none when it cannot be read.
    fn read_file(&self, input: web_sys::HtmlInputElement) -> LocalFuture<Option<String>>;
    /// Asks the server for what only one screen needs: the text of its answer to an address, and to a body where there is one. None
    /// without an answer.
    fn ask_server(&self, address: String, body: Option<String>) -> LocalFuture<Option<String>>;
    /// As [`Actions::ask_server`], of what may be refused for a reason that the user is told.
    fn ask(&self, address: String, body: Option<String>) -> LocalFuture<Result<Value, Refused>>;
    /// An invitation was accepted in this browser: whoever is signed in now is asked for anew, on the page that comes next, with the
    /// association in view.
    fn joined(&self, association: Option<AssociationId>, next: &str);
}

/// What Home and every screen may ask for at once, also before there is something to save to.
pub trait Services {
    fn new_id(&self) -> RecordId;
    fn set_language(&self, lang: Lang);
    /// Puts one of the user's associations in view, now and when the app is opened again.
    fn choose_association(&self, association: AssociationId);
    fn take_new_version(&self);
    /// The user has seen what was said of the phone's memory.
    fn memory_seen(&self);
    /// Resolves when the main part is here and the two copies of what has not been sent have been compared (S3): from then on the
    /// phone has its [`Actions`].
    fn taken_up(&self) -> LocalFuture<()>;
    /// Asks the browser's own question.
    fn confirm(&self, question: &str) -> bool;
}
