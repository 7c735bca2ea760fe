//! What an invitation is for, who accepts it, and each thing that can go wrong with it.

use domain::{Lang, bounds, invitation_code::Invitation};
use leptos::{ev, prelude::*, task::spawn_local};
use sync::protocol::invitations::{AcceptReply, AcceptRequest, InvitationKind, JoinAs, LookReply, LookRequest, codes};

use super::{
    code::CodeForm,
    kept::{Kept, forget, from_address, kept},
};
use crate::{
    phone::base::{
        actions::Refused,
        address::Link,
        phone::{Phone, phone},
        save_file::SaveFile,
        widgets::{Show, SkeletonBars, focus},
    },
    texts::{join as t, volunteer},
};

#[derive(Clone, PartialEq)]
enum Step {
    /// The field for a code.
    Code,
    Looking,
    /// There was no answer that says anything about it: it is kept, and can be tried again.
    NotLooked,
    Found(LookReply),
}

/// Copied freely, like the phone.
#[derive(Clone, Copy)]
struct Joining {
    phone: Phone,
    step: RwSignal<Step>,
    /// What went wrong last.
    trouble: RwSignal<Option<String>>,
    kept: RwSignal<Option<Kept>>,
    /// What is in the field for a code.
    typed: RwSignal<String>,
    /// An answer to joining may have been lost on its way.
    has_tried: RwSignal<bool>,
    /// The button has been pressed.
    busy: RwSignal<bool>,
}

#[component]
pub fn JoinPage() -> impl IntoView {
    let phone = phone();
    let lang = phone.lang.get_untracked();
    let joining = Joining {
        phone,
        step: RwSignal::new(Step::Code),
        trouble: RwSignal::new(None),
        kept: RwSignal::new(None),
        typed: RwSignal::new(String::new()),
        has_tried: RwSignal::new(false),
        busy: RwSignal::new(false),
    };
    // What has not changed is not drawn anew: the focus and what is open stay.
    let step = Memo::new(move |_| joining.step.get());
    if !joining.by_link()
        && let Some(kept) = kept()
    {
        joining.kept.set(Some(kept));
        joining.look();
    }
    // Another link may be opened in the same tab.
    let opened = window_event_listener_untyped("hashchange", move |_| {
        joining.by_link();
    });
    on_cleanup(move || opened.remove());
    view! {
        <h1 tabindex="-1">{t::title(lang)}</h1>
        <div role="alert">{move || joining.trouble.get().map(|text| view! { <p class="notice ask">{text}</p> })}</div>
        {move || match step.get() {
            Step::Code => view! {
                <CodeForm text=joining.typed found=Callback::new(move |invitation| joining.take(invitation)) />
            }.into_any(),
            Step::Looking => view! { <SkeletonBars /><p role="status">{t::looking(lang)}</p> }.into_any(),
            Step::NotLooked => view! {
                <p class="row">
                    <button class="button big" on:click=move |_| joining.look()>{t::try_again(lang)}</button>
                    <OtherCode joining />
                </p>
            }.into_any(),
            Step::Found(look) => view! { <Found joining look /> }.into_any(),
        }}
    }
}

impl Joining {
    /// Takes the invitation of the address, if it has one.
    fn by_link(self) -> bool {
        let Some(invitation) = from_address() else { return false };
        match invitation {
            Ok(invitation) => self.take(invitation),
            // A link that lost its end on its way.
            Err(_) => self.ends(t::unknown(self.lang()).to_owned()),
        }
        true
    }

    fn lang(self) -> Lang {
        self.phone.lang.get_untracked()
    }

    fn take(self, invitation: Invitation) {
        let attempt = self.phone.ask(|services| services.new_id());
        let nickname = self.kept.get_untracked().map(|kept| kept.nickname).unwrap_or_default();
        let kept = Kept { invitation, attempt, nickname };
        kept.keep();
        self.kept.set(Some(kept));
        self.has_tried.set(false);
        self.look();
    }

    /// Asks what the invitation is for.
    fn look(self) {
        let Some(kept) = self.kept.get_untracked() else { return self.step.set(Step::Code) };
        self.trouble.set(None);
        self.step.set(Step::Looking);
        focus("main h1");
        spawn_local(async move {
            let body = serde_json::to_string(&LookRequest::of(&kept.invitation)).ok();
            let asking = self.phone.actions().await.ask("/api/v1/invitations/look".to_owned(), body);
            let answer = asking.await.and_then(|answer| LookReply::read(&answer).ok_or(Refused::Odd));
            // Another invitation may have been opened by then, or the screen left.
            if self.kept.try_get_untracked().flatten().as_ref() != Some(&kept) {
                return;
            }
            match answer {
                Ok(look) => self.step.set(Step::Found(look)),
                Err(refused) => self.refused(refused, Step::NotLooked),
            }
            focus("main h1");
        });
    }

    fn accept(self, look: LookReply, join_as: JoinAs) {
        // Two taps are one.
        if self.busy.get_untracked() {
            return;
        }
        let Some(kept) = self.kept.get_untracked() else { return self.step.set(Step::Code) };
        self.trouble.set(None);
        self.busy.set(true);
        spawn_local(async move {
            let request = AcceptRequest {
                invitation: LookRequest::of(&kept.invitation),
                nickname: kept.nickname.trim().to_owned(),
                join_as,
                attempt: Some(kept.attempt),
            };
            let actions = self.phone.actions().await;
            let asking = actions.ask("/api/v1/invitations/accept".to_owned(), serde_json::to_string(&request).ok());
            let answer = asking.await.and_then(|answer| AcceptReply::read(&answer).ok_or(Refused::Odd));
            match answer {
                // From here on the browser is somebody's who is known: all begins anew, by the way that every visit takes.
                Ok(reply) => {
                    forget();
                    actions.joined(reply.association, &reply.next);
                }
                Err(refused) => {
                    if self.busy.try_set(false).is_none() {
                        self.refused(refused.clone(), Step::Found(look));
                        self.has_tried.update(|tried| *tried |= !matches!(refused, Refused::Code { .. }));
                        focus("main h1");
                    }
                }
            }
        });
    }

    /// Says why nothing came of it. `again` is where it can be tried again, if it can.
    fn refused(self, refused: Refused, again: Step) {
        let lang = self.lang();
        let (code, wait) = match &refused {
            Refused::Code { code, wait } => (code.as_str(), *wait),
            _ => ("", 0),
        };
        // Who had found it a moment ago was not the only one.
        let is_joining = matches!(again, Step::Found(_));
        let text = match code {
            codes::UNKNOWN => t::unknown(lang),
            codes::USED if is_joining && !self.has_tried.get_untracked() => t::taken(lang),
            codes::USED => t::used(lang),
            codes::EXPIRED => t::expired(lang),
            codes::REVOKED => t::revoked(lang),
            codes::PROVE_AGAIN => {
                self.trouble.set(Some(t::prove_first(lang).to_owned()));
                return self.step.set(again);
            }
            codes::TOO_MANY => {
                self.trouble.set(Some(t::too_many(lang, wait.div_ceil(60).max(1))));
                return self.step.set(again);
            }
            _ => {
                let text = if refused == Refused::NoAnswer { t::no_answer(lang) } else { t::odd_answer(lang) };
                self.trouble.set(Some(text.to_owned()));
                return self.step.set(again);
            }
        };
        self.ends(text.to_owned());
    }

    /// Nothing can come of this invitation any more.
    fn ends(self, text: String) {
        forget();
        self.kept.set(None);
        self.trouble.set(Some(text));
        self.step.set(Step::Code);
    }

    fn other(self) {
        forget();
        self.kept.set(None);
        self.trouble.set(None);
        self.typed.set(String::new());
        self.step.set(Step::Code);
        focus("#code");
    }

    fn call(self, nickname: String) {
        self.kept.update(|kept| {
            if let Some(kept) = kept {
                kept.nickname = nickname;
                kept.keep();
            }
        });
    }
}

#[component]
fn OtherCode(joining: Joining) -> impl IntoView {
    view! { <button class="button quiet" on:click=move |_| joining.other()>{t::other_code(joining.lang())}</button> }
}

/// What one becomes, in a sentence.
fn becomes(lang: Lang, look: &LookReply) -> String {
    let of = |name: &Option<String>| name.clone().unwrap_or_default();
    match (look.kind, &look.member) {
        (InvitationKind::Volunteer | InvitationKind::Reviewer, Some(name)) => {
            t::to_member(lang, of(&look.association), name)
        }
        (InvitationKind::Volunteer, None) => t::to_volunteer(lang, of(&look.association)),
        (InvitationKind::Reviewer, None) => t::to_reviewer(lang, of(&look.association)),
        (InvitationKind::Association, _) => t::to_association(lang).to_owned(),
        (InvitationKind::Coordinator, _) => t::to_coordinator(lang, of(&look.area)),
        (InvitationKind::Operator, _) => t::to_operator(lang).to_owned(),
    }
}

/// The invitation, and the button.
#[component]
fn Found(joining: Joining, look: LookReply) -> impl IntoView {
    let Joining { phone, kept, busy, .. } = joining;
    let lang = phone.lang.get_untracked();
    let is_of_association = matches!(look.kind, InvitationKind::Volunteer | InvitationKind::Reviewer);
    let nickname = kept.with_untracked(|kept| kept.as_ref().map(|kept| kept.nickname.clone()).unwrap_or_default());
    let asks_name = is_of_association && look.member.is_none();
    let waits = RwSignal::new(false);
    let lead = becomes(lang, &look);
    let look = StoredValue::new(look);
    let go = move |join_as| joining.accept(look.get_value(), join_as);
    // What the one before has not sent is asked about before they are signed out.
    let as_new = move || match phone.records.outbox.with_untracked(|outbox| outbox.waiting()) {
        0 => go(JoinAs::New),
        _ => {
            waits.set(true);
            focus("#waits");
        }
    };
    let submit = move |event: ev::SubmitEvent| {
        event.prevent_default();
        as_new();
    };
    let (signed_in, is_member) = look.with_value(|look| (look.signed_in.clone(), look.is_member));
    let is_here = signed_in.is_some();
    let choice = move |name: String| {
        let (as_me, leaves) = (t::as_me(lang, &name), t::as_new_help(lang, &name));
        view! {
            <div class="field" role="group" aria-labelledby="who">
                <h2 id="who">{t::who(lang, &name)}</h2>
                {if is_member {
                    view! { <p class="notice">{t::is_member(lang, &name)}</p><p><Link href="/app" class="button big">{as_me}</Link></p> }.into_any()
                } else {
                    view! { <p><button type="button" class="button big" disabled=busy on:click=move |_| go(JoinAs::Me)>{as_me}</button></p> }.into_any()
                }}
                <p><button class="button quiet" disabled=busy>{t::as_new(lang)}</button></p>
                <p class="hint">{leaves}</p>
            </div>
        }
    };
    view! {
        <p class="lead">{lead}</p>
        <form class="edit-form" on:submit=submit novalidate>
            {asks_name.then(|| view! {
                <div class="field">
                    <label for="nickname">{t::nickname(lang)}</label>
                    <p class="hint" id="nickname-hint">{t::nickname_hint(lang)}</p>
                    <input id="nickname" autocomplete="off" autocapitalize="words" maxlength=bounds::NICKNAME_MAX_CHARS
                        aria-describedby="nickname-hint" prop:value=nickname
                        on:input=move |event| joining.call(event_target_value(&event)) />
                </div>
            })}
            {match signed_in {
                Some(name) => choice(name).into_any(),
                None => view! { <p><button class="button big" disabled=busy>{t::join(lang)}</button></p> }.into_any(),
            }}
        </form>
        <p role="status">{move || busy.get().then(|| t::joining(lang))}</p>
        <Show when=move || waits.get()><Waits can_send=is_here go=Callback::new(move |()| go(JoinAs::New)) /></Show>
        <p><OtherCode joining /></p>
    }
}

/// Something of whoever was here before has not been sent (S10).
#[component]
fn Waits(
    /// They are still signed in.
    can_send: bool,
    go: Callback<()>,
) -> impl IntoView {
    let phone = phone();
    let lang = phone.lang.get_untracked();
    let waiting = Memo::new(move |_| phone.records.outbox.with(|outbox| outbox.waiting()));
    let sending = RwSignal::new(false);
    Effect::new(move |_| {
        if sending.get() && waiting.get() == 0 {
            go.run(());
        }
    });
    let send = move |_| {
        sending.set(true);
        phone.act(|actions| actions.send_now());
    };
    view! {
        <div class="notice ask" role="group" aria-labelledby="waits">
            <h2 id="waits" tabindex="-1">{move || volunteer::leaving(lang, waiting.get())}</h2>
            {can_send.then(|| view! {
                <p><button class="button big" on:click=send>{volunteer::leaving_send(lang)}</button></p>
                <p role="status">{move || sending.get().then(|| volunteer::leaving_sending(lang))}</p>
            })}
            <p><button class="button quiet" on:click=move |_| go.run(())>{volunteer::leaving_keep(lang)}</button></p>
            <p class="small">{volunteer::leaving_keep_help(lang)}</p>
            <SaveFile />
        </div>
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_invitation_says_what_one_becomes() {
        let look = |kind, member: Option<&str>| LookReply {
            kind,
            association: Some("Kuoro".to_owned()),
            area: Some("Pilvijoki".to_owned()),
            expires: 0,
            signed_in: None,
            is_member: false,
            member: member.map(str::to_owned),
        };
        let says = |kind, member| becomes(Lang::Fi, &look(kind, member));
        assert!(says(InvitationKind::Volunteer, None).starts_with("Kuoro kutsuu sinut kirjaamaan"));
        assert!(says(InvitationKind::Reviewer, None).contains("sihteeriksi"));
        assert_eq!(says(InvitationKind::Volunteer, Some("Aino")), "Kuoro: Aino jatkaa tässä puhelimessa.");
        assert!(says(InvitationKind::Coordinator, None).contains("Pilvijoki"));
        assert!(!says(InvitationKind::Operator, None).contains("Kuoro"));
    }
}
