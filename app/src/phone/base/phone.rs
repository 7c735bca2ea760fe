//! The phone as its screens see it: signals hold what is shown, and the trait [`Actions`] has what the device can do.

use std::{future::Future, rc::Rc};

use domain::{
    Gathering, Kind, Lang, RecordId,
    review::{Review, Verdict},
};
use leptos::{prelude::*, task::spawn_local};
use sync::local::Body;

use super::{
    actions::{Actions, Failed, LocalFuture, Services, Undo},
    clock::Clock,
    drafts::Drafts,
    identity::{Identity, Me},
    records::Records,
    status::Status,
};

/// Something for the device to do.
type Work = Box<dyn FnOnce(&dyn Actions)>;

/// The phone's state, by what it is about; copied freely into components.
#[derive(Clone, Copy)]
pub struct Phone {
    pub lang: RwSignal<Lang>,
    pub identity: Identity,
    pub records: Records,
    pub drafts: Drafts,
    pub status: Status,
    pub clock: Clock,
    /// What has just been done and can be taken back.
    pub undo: RwSignal<Option<Undo>>,
    /// None until [`Services::taken_up`].
    actions: StoredValue<Option<Rc<dyn Actions>>, LocalStorage>,
    services: StoredValue<Rc<dyn Services>, LocalStorage>,
}

impl Phone {
    /// A phone that has not read its records yet. To be made under an owner that lives as long as the page.
    pub fn new(lang: Lang, me: Option<Me>, online: bool, services: Rc<dyn Services>) -> Phone {
        let identity = Identity::new(me);
        Phone {
            lang: RwSignal::new(lang),
            identity,
            records: Records::new(identity.association),
            drafts: Drafts::new(),
            status: Status::new(online),
            clock: Clock::new(),
            undo: RwSignal::new(None),
            actions: StoredValue::new_local(None),
            services: StoredValue::new_local(services),
        }
    }

    /// From now on there is something to save to.
    pub fn set_actions(self, actions: Rc<dyn Actions>) {
        self.actions.set_value(Some(actions));
    }

    /// Does something that has no answer: now, or when it can be done.
    pub fn act(self, work: impl FnOnce(&dyn Actions) + 'static) {
        self.act_boxed(Box::new(work));
    }

    // Once, and not in each of its places: it is in the first file.
    fn act_boxed(self, work: Work) {
        match self.actions.get_value() {
            Some(actions) => work(&*actions),
            None => spawn_local(async move { work(&*self.actions().await) }),
        }
    }

    /// What the device can do, for whoever waits for its answer: at once, or when it can be done.
    pub fn actions(self) -> LocalFuture<Rc<dyn Actions>> {
        Box::pin(async move {
            loop {
                if let Some(actions) = self.actions.get_value() {
                    return actions;
                }
                self.ask(|services| services.taken_up()).await;
            }
        })
    }

    pub fn ask<T>(self, work: impl FnOnce(&Rc<dyn Services>) -> T) -> T {
        self.services.with_value(work)
    }

    /// The name of a gathering: its series', or its form's.
    pub fn name_of(self, gathering: &Gathering) -> String {
        let own = gathering.series.and_then(|id| self.records.one_series(id));
        own.map_or_else(|| gathering.form.name(self.lang.get_untracked()).to_owned(), |series| series.name)
    }

    /// Saves edits and offers to take them back; says so in `role=status`.
    pub async fn save(self, edits: Vec<(RecordId, Kind, Body)>, said: String) -> Result<(), Failed> {
        self.save_form(edits, Undo { text: said, ..Undo::default() }).await
    }

    /// As [`Phone::save`], of a form that nobody has to fill in again when it is taken back.
    pub async fn save_form(self, edits: Vec<(RecordId, Kind, Body)>, undo: Undo) -> Result<(), Failed> {
        let changes = self.actions().await.save(edits).await?;
        self.undo.set(Some(Undo { changes, ..undo }));
        Ok(())
    }

    /// Does what the device was asked for; where nothing came of it the status line says so.
    pub fn run(self, work: impl Future<Output = Result<(), Failed>> + 'static) {
        spawn_local(async move {
            if let Err(reason) = work.await {
                self.status.storage_problem.set(Some(reason.0));
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

/// The phone of this component tree.
pub fn phone() -> Phone {
    expect_context::<Phone>()
}
