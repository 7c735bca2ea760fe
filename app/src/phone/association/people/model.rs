//! What the server tells of the association's people, and what can be asked of it. All of it is the server's: nothing here works without a
//! network.

use std::cell::RefCell;

use domain::{AssociationId, ChangeId, Role, UserId};
use leptos::{prelude::*, task::spawn_local};
use serde_json::Value;
use sync::protocol::{
    audit::{AuditReply, EntryShown},
    invitations::{InviteReply, InviteRequest, OpenInvitation, OpenReply, RevokeRequest, codes},
    members::{Member, MembersReply},
    quarantine::{DecideRequest, QuarantineReply, QuarantinedRecord},
    sign_ins::{EndRequest, SignInShown, SignInsReply},
};

use crate::{
    phone::{
        association::press::{Press, Said},
        base::{actions::Refused, phone::Phone},
    },
    texts::members as t,
};

/// A new invitation, and its role. It is said once by the server, so it outlives a change of screen and of language.
#[derive(Clone, PartialEq)]
pub struct Made {
    /// For whom it is shown.
    pub by: (UserId, AssociationId),
    pub role: Role,
    pub reply: InviteReply,
}

thread_local! {
    static MADE: RefCell<Option<Made>> = const { RefCell::new(None) };
}

/// What the server told last; none before it has, and `Err` where it could not.
pub type Told<T> = Option<Result<Vec<T>, ()>>;

/// Copied freely, like the phone.
#[derive(Clone, Copy)]
pub struct People {
    pub phone: Phone,
    pub members: RwSignal<Told<Member>>,
    pub open: RwSignal<Told<OpenInvitation>>,
    pub sign_ins: RwSignal<Told<SignInShown>>,
    /// The newest entries.
    pub log: RwSignal<Told<EntryShown>>,
    /// What people who have left handed in; nothing where the server does not tell.
    pub handed_in: RwSignal<Vec<QuarantinedRecord>>,
    pub made: RwSignal<Option<Made>>,
    pub press: Press,
}

impl People {
    /// Asks anew whenever the screen opens, or another association comes into view.
    pub fn new(phone: Phone) -> People {
        let people = People {
            phone,
            members: RwSignal::new(None),
            open: RwSignal::new(None),
            sign_ins: RwSignal::new(None),
            log: RwSignal::new(None),
            handed_in: RwSignal::new(Vec::new()),
            made: RwSignal::new(None),
            press: Press::new(phone, |lang, code| (code == codes::LAST_REVIEWER).then(|| t::last_reviewer(lang))),
        };
        Effect::new(move |_| {
            people.made.set(MADE.with_borrow(Clone::clone).filter(|made| Some(made.by) == people.by()));
            if phone.identity.association.get().is_some() {
                people.ask_all();
            }
        });
        people
    }

    fn by(self) -> Option<(UserId, AssociationId)> {
        Some((self.phone.identity.user()?, self.phone.identity.association.get_untracked()?))
    }

    pub fn home(self) -> Option<AssociationId> {
        self.phone.identity.association.get_untracked()
    }

    /// Asks for all that is shown.
    pub fn ask_all(self) {
        let Some(association) = self.home() else { return };
        self.members.set(None);
        self.open.set(None);
        self.sign_ins.set(None);
        self.log.set(None);
        self.ask_into(self.members, association, "members", |answer| Some(MembersReply::read(answer)?.members));
        self.ask_into(self.sign_ins, association, "sign-ins", |answer| Some(SignInsReply::read(answer)?.sign_ins));
        // With the log.
        self.ask_open(association);
        self.handed_in.set(Vec::new());
        spawn_local(async move {
            let address = format!("/api/v1/quarantine?association={association}");
            let told = self.ask(address, None).await.ok().and_then(|answer| QuarantineReply::read(&answer));
            self.put_handed_in(association, told.unwrap_or_default());
        });
    }

    /// Asks for one of the lists. What was told before stands until the answer comes.
    fn ask_into<T: Send + Sync + 'static>(
        self,
        to: RwSignal<Told<T>>,
        association: AssociationId,
        what: &'static str,
        read: fn(&Value) -> Option<Vec<T>>,
    ) {
        spawn_local(async move {
            let address = format!("/api/v1/{what}?association={association}");
            let told = self.ask(address, None).await.ok().and_then(|answer| read(&answer));
            self.put(to, association, told);
        });
    }

    /// What was done here stands in the log.
    fn ask_log(self, association: AssociationId) {
        self.ask_into(self.log, association, "audit", |answer| Some(AuditReply::read(answer)?.entries));
    }

    fn put_handed_in(self, of: AssociationId, told: QuarantineReply) {
        if self.home() == Some(of) {
            let _ = self.handed_in.try_set(told.records);
        }
    }

    /// Takes in or throws away what was handed in; the answer is what still waits.
    pub fn decide(self, changes: Vec<ChangeId>, is_taken: bool) {
        let Some(association) = self.home() else { return };
        let lang = self.phone.lang.get_untracked();
        if !is_taken && !self.phone.ask(|services| services.confirm(&t::discard_sure(lang, changes.len()))) {
            return;
        }
        let count = changes.len();
        let address = if is_taken { "/api/v1/quarantine/take" } else { "/api/v1/quarantine/discard" };
        let request = DecideRequest { association, changes };
        self.press.tell(address, serde_json::to_string(&request).ok(), move |answer| {
            let reply = QuarantineReply::read(&answer)?;
            let left = reply.not_taken as usize;
            self.put_handed_in(association, reply);
            self.ask_log(association);
            // What was taken in is among the association's records: it is asked for.
            spawn_local(async move { self.phone.actions().await.send_now() });
            Some(Said::Done(match (is_taken, left) {
                (true, 0) => t::taken_in(lang, count),
                (true, left) => {
                    format!("{} {}", t::taken_in(lang, count.saturating_sub(left)), t::not_taken_in(lang, left))
                }
                (false, _) => t::discarded(lang, count),
            }))
        });
    }

    fn ask_open(self, association: AssociationId) {
        self.ask_into(self.open, association, "invitations", |answer| Some(OpenReply::read(answer)?.open));
        self.ask_log(association);
    }

    /// Shows what was told of an association, if that is still in view.
    fn put<T: Send + Sync + 'static>(self, to: RwSignal<Told<T>>, of: AssociationId, told: Option<Vec<T>>) {
        if self.home() == Some(of) {
            let _ = to.try_set(Some(told.ok_or(())));
        }
    }

    async fn ask(self, address: String, body: Option<String>) -> Result<Value, Refused> {
        self.phone.actions().await.ask(address, body).await
    }

    pub fn invite(self, role: Role, member: Option<String>) {
        let Some(by) = self.by() else { return };
        let request = InviteRequest { association: by.1, role: role.name().to_owned(), member };
        self.press.tell("/api/v1/invitations", serde_json::to_string(&request).ok(), move |answer| {
            let made = Made { by, role, reply: InviteReply::read(&answer)? };
            self.show_made(Some(made));
            self.ask_open(by.1);
            Some(Said::Seen)
        });
    }

    pub fn show_made(self, made: Option<Made>) {
        MADE.with_borrow_mut(|kept| kept.clone_from(&made));
        self.made.set(made);
    }

    pub fn revoke(self, id: String) {
        let Some(association) = self.home() else { return };
        let request = RevokeRequest { association, id: id.clone() };
        self.press.tell("/api/v1/invitations/revoke", serde_json::to_string(&request).ok(), move |_| {
            if self.made.with_untracked(|made| made.as_ref().is_some_and(|made| made.reply.id == id)) {
                self.show_made(None);
            }
            self.ask_open(association);
            Some(Said::Done(t::revoked(self.phone.lang.get_untracked()).to_owned()))
        });
    }

    /// Asks for something to be done with a member; the answer is the list as it is then.
    pub fn change(self, address: &'static str, body: Option<String>, member: &Member, done: String) {
        let Some(association) = self.home() else { return };
        // What one may do oneself is another thing then: all begins anew.
        let is_me = member.is_me && address != RENAME;
        self.press.tell(address, body, move |answer| {
            let reply = MembersReply::read(&answer)?;
            if is_me {
                let _ = window().location().assign("/app");
            }
            self.put(self.members, association, Some(reply.members));
            self.ask_log(association);
            Some(Said::Done(done))
        });
    }

    /// Ends a sign-in; the answer is the list as it is then.
    pub fn end_sign_in(self, sign_in: String, done: String) {
        let Some(association) = self.home() else { return };
        let request = EndRequest { association, sign_in };
        self.press.tell("/api/v1/sign-ins/end", serde_json::to_string(&request).ok(), move |answer| {
            let reply = SignInsReply::read(&answer)?;
            self.put(self.sign_ins, association, Some(reply.sign_ins));
            self.ask_log(association);
            Some(Said::Done(done))
        });
    }
}

pub const RENAME: &str = "/api/v1/members/rename";
pub const ROLE: &str = "/api/v1/members/role";
pub const REMOVE: &str = "/api/v1/members/remove";
