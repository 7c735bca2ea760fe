//! What every screen of the phone shares. Signals hold what is shown; [`Actions`] is what the device can do.

use std::{collections::HashMap, future::Future, pin::Pin, rc::Rc, sync::Arc};

use domain::{
    AssociationId, ChangeId, Date, Gathering, Kind, Lang, RecordId, Role, Series, UserId,
    association::Association,
    date,
    review::{Review, ReviewState, Settlement, Verdict},
};
use leptos::{prelude::*, task::spawn_local};
use sync::{
    Outbox,
    engine::Phase,
    file::FiledChange,
    outbox::Body,
    view::{self, Shown},
};

use super::draft::Draft;

pub type LocalFuture<T> = Pin<Box<dyn Future<Output = T>>>;

/// Nothing was saved; the browser's name for the reason.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Failed(pub String);

/// Who uses this device, as kept for use without a network.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Me {
    pub user: UserId,
    pub nickname: String,
    pub memberships: Vec<Membership>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Membership {
    pub association: AssociationId,
    pub name: String,
    pub role: Role,
}

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
}

impl Memory {
    /// Most of those who see it have a second phone and need to do nothing: it stands under the groups, and not above them.
    pub fn is_calm(self) -> bool {
        matches!(self, Memory::NewPhone { waiting: 0, .. })
    }
}

/// What has just been done, and how it is taken back.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Undo {
    /// Changes that can still be taken back.
    pub changes: Vec<ChangeId>,
    /// A form's state that is an unfinished one again then.
    pub draft: Option<Draft>,
    /// What is half-written again then, in its screen's place for it.
    pub half_written: Option<(RecordId, String)>,
    pub text: String,
}

/// What the device does for the screens. `client` implements it with IndexedDB and the sync loop.
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
    /// The phones of the association in view, asked of the server; none without an answer.
    fn phones(&self) -> LocalFuture<Option<Vec<PhoneOf>>>;
    /// The reviewer has seen that records of a phone are missing.
    fn phone_seen(&self, device: String) -> LocalFuture<Option<Vec<PhoneOf>>>;
}

/// A phone of the association's people, as its reviewer may know it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PhoneOf {
    /// A short code that tells phones apart.
    pub device: String,
    pub by: String,
    /// Changes that waited there at the last contact.
    pub waiting: u64,
    /// Milliseconds since 1970.
    pub last_contact: i64,
    /// Changes that were made there and will not come.
    pub missing: u64,
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
    /// Asks the browser's own question.
    fn confirm(&self, question: &str) -> bool;
}

/// The phone's state; copied freely into components.
#[derive(Clone, Copy)]
pub struct Phone {
    pub lang: RwSignal<Lang>,
    pub me: RwSignal<Option<Me>>,
    pub association: RwSignal<Option<AssociationId>>,
    pub outbox: RwSignal<Arc<Outbox>>,
    pub phase: RwSignal<Phase>,
    pub drafts: RwSignal<Vec<(RecordId, String)>>,
    /// The last word on drafts that the disk does not know yet; empty of a draft that is thrown away.
    unwritten: RwSignal<Vec<(RecordId, String)>>,
    pub today: RwSignal<Date>,
    /// Minutes since midnight, for the series in turn.
    pub minutes: RwSignal<u16>,
    pub online: RwSignal<bool>,
    pub sign_in_needed: RwSignal<bool>,
    pub update_needed: RwSignal<bool>,
    pub new_version: RwSignal<bool>,
    /// The service worker holds the app: it opens without a network.
    pub ready_without_network: RwSignal<bool>,
    pub storage_problem: RwSignal<Option<String>>,
    /// Shown until the user has said that they saw it.
    pub memory: RwSignal<Option<Memory>>,
    /// What was saved last is in the database only.
    pub one_copy: RwSignal<bool>,
    pub unreadable: RwSignal<usize>,
    /// False until the local records have been read.
    pub loaded: RwSignal<bool>,
    /// The phone's clock is more than ten minutes off the server's.
    pub clock_is_off: RwSignal<bool>,
    pub undo: RwSignal<Option<Undo>>,
    /// Said once for `role=status`.
    pub said: RwSignal<String>,
    pub actions: StoredValue<Rc<dyn Actions>, LocalStorage>,
    services: StoredValue<Rc<dyn Services>, LocalStorage>,
    /// Read once for all screens, and again when a record changes.
    series: Memo<Arc<Vec<(RecordId, Series)>>>,
    rows: Memo<Arc<Vec<Row>>>,
}

impl Phone {
    /// A phone that has not read its records yet. To be made under an owner that lives as long as the page.
    pub fn new(
        lang: Lang,
        me: Option<Me>,
        online: bool,
        services: Rc<dyn Services>,
        actions: Rc<dyn Actions>,
    ) -> Phone {
        let first = me.as_ref().and_then(|me| me.memberships.first()).map(|membership| membership.association);
        // The memos read the phone that they are part of; by then it is there.
        let whole = StoredValue::new_local(None::<Phone>);
        let phone = Phone {
            lang: RwSignal::new(lang),
            me: RwSignal::new(me),
            association: RwSignal::new(first),
            outbox: RwSignal::new(Arc::new(Outbox::default())),
            phase: RwSignal::new(Phase::Idle),
            drafts: RwSignal::new(Vec::new()),
            unwritten: RwSignal::new(Vec::new()),
            today: RwSignal::new(Date::constant(2026, 1, 1)),
            minutes: RwSignal::new(0),
            online: RwSignal::new(online),
            sign_in_needed: RwSignal::new(false),
            update_needed: RwSignal::new(false),
            new_version: RwSignal::new(false),
            ready_without_network: RwSignal::new(false),
            storage_problem: RwSignal::new(None),
            memory: RwSignal::new(None),
            one_copy: RwSignal::new(false),
            unreadable: RwSignal::new(0),
            loaded: RwSignal::new(false),
            clock_is_off: RwSignal::new(false),
            undo: RwSignal::new(None),
            said: RwSignal::new(String::new()),
            actions: StoredValue::new_local(actions),
            services: StoredValue::new_local(services),
            series: Memo::new(move |_| Arc::new(whole.get_value().map(Phone::read_series).unwrap_or_default())),
            rows: Memo::new(move |_| Arc::new(whole.get_value().map(Phone::read_rows).unwrap_or_default())),
        };
        whole.set_value(Some(phone));
        phone
    }

    pub fn user(self) -> Option<UserId> {
        self.me.with_untracked(|me| me.as_ref().map(|me| me.user))
    }

    pub fn role(self) -> Option<Role> {
        let association = self.association.get()?;
        self.me.get()?.memberships.iter().find(|m| m.association == association).map(|m| m.role)
    }

    pub fn is_reviewer(self) -> bool {
        self.role() == Some(Role::Reviewer)
    }

    /// The association's groups have arrived on this device once.
    pub fn has_received(self) -> bool {
        let association = self.association.get();
        association.is_some_and(|association| self.outbox.with(|outbox| outbox.cursors.contains_key(&association)))
    }

    pub fn act<T>(self, work: impl FnOnce(&Rc<dyn Actions>) -> T) -> T {
        self.actions.with_value(work)
    }

    pub fn ask<T>(self, work: impl FnOnce(&Rc<dyn Services>) -> T) -> T {
        self.services.with_value(work)
    }

    /// Sets what the screens take for now, in milliseconds since 1970.
    pub fn look_at_the_clock(self, now: i64) {
        let (today, minutes) = date::in_helsinki(now);
        self.today.set(today);
        self.minutes.set(minutes);
    }

    /// Says a draft's state to all screens at once, before it is on the disk; an empty one throws it away.
    pub fn say_draft(self, id: RecordId, state: String) {
        self.unwritten.update(|unwritten| put(unwritten, (id, state)));
        self.take_drafts(self.drafts.get_untracked());
    }

    /// The disk knows this of a draft.
    pub fn draft_is_written(self, id: RecordId, state: String) {
        let word = (id, state);
        self.unwritten.update(|unwritten| unwritten.retain(|other| *other != word));
    }

    /// Takes the drafts as they were read from the disk: what it does not know yet stays as it was said.
    pub fn take_drafts(self, mut drafts: Vec<(RecordId, String)>) {
        put_over(&mut drafts, self.unwritten.get_untracked());
        self.drafts.set(drafts);
    }

    /// Another user's drafts come.
    pub fn close_drafts(self) {
        self.unwritten.set(Vec::new());
        self.drafts.set(Vec::new());
    }

    /// Records of a kind of the association in view.
    pub fn shown(self, kind: Kind) -> Vec<Shown> {
        let association = self.association.get();
        let all = self.outbox.with(|outbox| view::shown(outbox, kind));
        all.into_iter().filter(|shown| Some(shown.association) == association).collect()
    }

    /// Series, also ended ones, by name.
    pub fn series(self) -> Arc<Vec<(RecordId, Series)>> {
        self.series.get()
    }

    /// Series to choose from.
    pub fn series_in_use(self) -> Vec<(RecordId, Series)> {
        self.series.with(|all| all.iter().filter(|(_, series)| !series.archived).cloned().collect())
    }

    pub fn one_series(self, id: RecordId) -> Option<Series> {
        self.series.with(|all| all.iter().find(|(other, _)| *other == id).map(|(_, series)| series.clone()))
    }

    /// Gatherings, newest first, each with its review.
    pub fn gatherings(self) -> Arc<Vec<Row>> {
        self.rows.get()
    }

    fn read_series(self) -> Vec<(RecordId, Series)> {
        let all = self.shown(Kind::Series).into_iter();
        let mut series: Vec<_> =
            all.filter_map(|shown| Some((shown.id, Series::parse(&shown.content).ok()?))).collect();
        series.sort_unstable_by(|(a_id, a), (b_id, b)| a.name.cmp(&b.name).then(a_id.cmp(b_id)));
        series
    }

    fn read_rows(self) -> Vec<Row> {
        let mut reviews: HashMap<RecordId, (u64, Review)> = HashMap::new();
        for shown in self.shown(Kind::Review) {
            let Ok(review) = Review::parse(&shown.content) else { continue };
            let latest = reviews.entry(review.gathering).or_insert((shown.seq, review.clone()));
            if latest.0 <= shown.seq {
                *latest = (shown.seq, review);
            }
        }
        let mut rows: Vec<Row> = self
            .shown(Kind::Gathering)
            .into_iter()
            .filter_map(|shown| {
                let gathering = Gathering::parse(&shown.content, Date::MAX).ok()?;
                let latest = reviews.get(&shown.id).map(|(_, review)| review);
                let state = ReviewState::of(shown.rev, latest.map(|review| (review.revision, review.verdict)));
                let comment =
                    latest.filter(|_| state == ReviewState::Returned).and_then(|review| review.comment.clone());
                Some(Row { shown, gathering, state, comment })
            })
            .collect();
        rows.sort_unstable_by(|a, b| b.gathering.date.cmp(&a.gathering.date).then(b.shown.id.cmp(&a.shown.id)));
        rows
    }

    pub fn own_association(self) -> Option<Association> {
        self.shown(Kind::Association).iter().find_map(|shown| Association::parse(&shown.content).ok())
    }

    /// Pairs that have been settled, in either order.
    pub fn settlements(self) -> Vec<Settlement> {
        self.shown(Kind::Settlement).iter().filter_map(|shown| Settlement::parse(&shown.content).ok()).collect()
    }

    /// The name of a gathering: its series', or its form's.
    pub fn name_of(self, gathering: &Gathering) -> String {
        let own = gathering.series.and_then(|id| self.one_series(id));
        own.map_or_else(|| gathering.form.name(self.lang.get_untracked()).to_owned(), |series| series.name)
    }

    /// Saves edits and offers to take them back; says so in `role=status`.
    pub async fn save(self, edits: Vec<(RecordId, Kind, Body)>, said: String) -> Result<(), Failed> {
        self.save_form(edits, Undo { text: said, ..Undo::default() }).await
    }

    /// As [`Phone::save`], of a form that nobody has to fill in again when it is taken back.
    pub async fn save_form(self, edits: Vec<(RecordId, Kind, Body)>, undo: Undo) -> Result<(), Failed> {
        let saving = self.act(|actions| actions.save(edits));
        let changes = saving.await?;
        self.undo.set(Some(Undo { changes, ..undo }));
        Ok(())
    }

    /// Does what the device was asked for; where nothing came of it the status line says so.
    pub fn run(self, work: impl Future<Output = Result<(), Failed>> + 'static) {
        spawn_local(async move {
            if let Err(reason) = work.await {
                self.storage_problem.set(Some(reason.0));
            }
        });
    }

    /// A review of what is on the screen.
    pub fn review(
        self,
        gathering: RecordId,
        revision: u32,
        verdict: Verdict,
        comment: Option<String>,
    ) -> (RecordId, Kind, Body) {
        let review = Review { gathering, revision, verdict, comment };
        (self.ask(|services| services.new_id()), Kind::Review, Body::Content(review.to_content()))
    }
}

/// One gathering as a screen shows it.
#[derive(Clone, Debug, PartialEq)]
pub struct Row {
    pub shown: Shown,
    pub gathering: Gathering,
    pub state: ReviewState,
    /// The question of a returned gathering.
    pub comment: Option<String>,
}

/// The phone of this component tree.
pub fn phone() -> Phone {
    expect_context::<Phone>()
}

// Once, and not in each of its places: it is in the first file.
#[inline(never)]
fn put(drafts: &mut Vec<(RecordId, String)>, draft: (RecordId, String)) {
    drafts.retain(|(other, _)| *other != draft.0);
    drafts.push(draft);
}

/// Puts what the disk does not know yet over the drafts that were read from it.
fn put_over(drafts: &mut Vec<(RecordId, String)>, unwritten: Vec<(RecordId, String)>) {
    for word in unwritten {
        put(drafts, word);
    }
    drafts.retain(|(_, state)| !state.is_empty());
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_not_on_the_disk_yet_stands_over_what_was_read_from_it() {
        let draft = |id: u8, state: &str| (RecordId::from_bytes([id; 16]), state.to_owned());
        let mut drafts = vec![draft(1, "Oliko"), draft(2, "thrown away"), draft(3, "of another form")];
        let mut unwritten = vec![draft(1, "Oliko koulu")];
        put(&mut unwritten, draft(2, ""));
        put(&mut unwritten, draft(4, "new"));
        // The last word counts.
        put(&mut unwritten, draft(1, "Oliko koululuokka mukana?"));
        let expected = vec![draft(3, "of another form"), draft(4, "new"), draft(1, "Oliko koululuokka mukana?")];
        put_over(&mut drafts, unwritten);
        assert_eq!(drafts, expected);
    }
}
