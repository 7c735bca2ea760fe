//! What all forms share: the draft, the fields that have to be mended, and a Save button that saves once.

use std::time::Duration;

use domain::{Content, FieldError, Kind, Lang, Problem, RecordId, UserId};
use leptos::{prelude::*, task::spawn_local};
use sync::local::Body;

use crate::{
    phone::base::{
        actions::Undo,
        address::{Address, address},
        draft::Draft,
        half_written::{Field, HalfWritten},
        keep::{keep, keep_state, let_go, throw_away},
        phone::{Phone, phone},
        widgets::focus,
    },
    texts::{problems, volunteer as t},
};

/// A draft is on the disk at most 300 ms after a change (S1).
const DRAFT_AFTER: Duration = Duration::from_millis(250);

/// Keeps what is on a form: known to all screens at once (another language draws the form anew), on the disk soon, and at once when
/// the app is hidden or the form left.
#[derive(Clone, Copy)]
struct Keeper {
    phone: Phone,
    /// Whose it is: nothing of it goes to the phone of another user (S10).
    user: Option<UserId>,
    id: RecordId,
    unwritten: StoredValue<Option<String>>,
    timer: StoredValue<Option<TimeoutHandle>>,
    rests: StoredValue<bool>,
}

impl Keeper {
    fn new(phone: Phone, id: RecordId) -> Keeper {
        let (unwritten, timer) = (StoredValue::new(None), StoredValue::new(None));
        let keeper =
            Keeper { phone, user: phone.identity.user(), id, unwritten, timer, rests: StoredValue::new(false) };
        let hidden = window_event_listener_untyped("visibilitychange", move |_| keeper.write());
        on_cleanup(move || {
            hidden.remove();
            keeper.write();
        });
        keeper
    }

    fn keep(self, state: String) {
        if self.rests.get_value() {
            return;
        }
        self.stop();
        self.phone.drafts.update(self.id, state.clone());
        self.unwritten.set_value(Some(state));
        self.timer.set_value(set_timeout_with_handle(move || self.write(), DRAFT_AFTER).ok());
    }

    fn write(self) {
        if let Some(state) = self.unwritten.try_update_value(Option::take).flatten()
            && self.is_ours()
        {
            keep_state(self.phone, self.id, state);
        }
    }

    fn stop(self) {
        self.unwritten.set_value(None);
        if let Some(timer) = self.timer.try_update_value(Option::take).flatten() {
            timer.clear();
        }
    }

    /// The phone is still that of whoever has opened the form.
    fn is_ours(self) -> bool {
        self.phone.identity.user() == self.user
    }

    /// Nothing is kept of what is being saved.
    fn rest(self) {
        self.rests.set_value(true);
        self.stop();
    }
}

/// A form of one or two fields: what was typed there and not saved is there again when its screen is.
#[derive(Clone, Copy)]
pub struct SmallForm {
    keeper: Keeper,
    field: Field,
    about: RecordId,
}

/// What was typed in `field` about a record and not saved.
pub fn half_written(phone: Phone, field: Field, about: RecordId) -> Option<String> {
    phone.drafts.all.with_untracked(|drafts| field.read(about, drafts)).map(|kept| kept.text)
}

impl SmallForm {
    /// Keeps `text` whenever it changes; nothing of an empty one.
    pub fn follow(field: Field, about: RecordId, text: impl Fn() -> String + Send + Sync + 'static) -> SmallForm {
        let keeper = Keeper::new(phone(), field.id(about));
        Effect::new(move |before: Option<String>| {
            let text = text();
            if before.is_some_and(|before| before != text) {
                if text.is_empty() {
                    keeper.stop();
                    throw_away(keeper.phone, keeper.id);
                } else {
                    keeper.keep(HalfWritten { field, about, text: text.clone() }.state());
                }
            }
            text
        });
        SmallForm { keeper, field, about }
    }

    /// Saves what was written; where that fails it is half-written still, and is said so in the status line.
    pub fn save(self, edits: Vec<(RecordId, Kind, Body)>, said: String) {
        let SmallForm { keeper, field, about } = self;
        let Keeper { phone, id, .. } = keeper;
        // Once, however often it is asked for.
        if keeper.rests.get_value() {
            return;
        }
        keeper.rest();
        // What is saved is drawn anew at once, and is not half-written then.
        let half_written = phone.drafts.all.with_untracked(|drafts| field.read(about, drafts));
        phone.drafts.update(id, String::new());
        phone.run(async move {
            let undo = Undo { text: said, half_written: half_written.clone(), ..Undo::default() };
            let done = phone.save_form(edits, undo).await;
            keeper.rests.try_update_value(|rests| *rests = false);
            match &done {
                Ok(()) => throw_away(phone, id),
                Err(_) if !keeper.is_ours() => {}
                Err(_) => half_written.into_iter().for_each(|text| keep_state(phone, id, text.state())),
            }
            done
        });
    }
}

/// Where whoever has recorded a gathering finds it.
pub const GATHERINGS: &str = "/app/kerrat";
const BOARD: &str = "/app/yhdistys";

/// A form that is being filled in. Copied freely, like the phone.
#[derive(Clone, Copy)]
pub struct Editing {
    phone: Phone,
    address: Address,
    keeper: Keeper,
    draft: Callback<(), Draft>,
    errors: RwSignal<Vec<FieldError>>,
    /// Ids of the fields that hold something else than a number.
    wrong: RwSignal<Vec<&'static str>>,
    failed: RwSignal<Option<String>>,
    saving: RwSignal<bool>,
    check: Callback<(), Vec<FieldError>>,
}

impl Editing {
    /// `draft` reads the form, and is asked again when what it has read changes; `check` says what would have to be mended.
    pub fn new(
        id: RecordId,
        wrong: RwSignal<Vec<&'static str>>,
        draft: impl Fn() -> Draft + Send + Sync + 'static,
        check: impl Fn() -> Vec<FieldError> + Send + Sync + 'static,
    ) -> Editing {
        let phone = phone();
        let editing = Editing {
            phone,
            address: address(),
            keeper: Keeper::new(phone, id),
            draft: Callback::new(move |()| draft()),
            errors: RwSignal::new(Vec::new()),
            wrong,
            failed: RwSignal::new(None),
            saving: RwSignal::new(false),
            check: Callback::new(move |()| check()),
        };
        Effect::new(move |before: Option<Content>| {
            let draft = editing.draft.run(());
            let content = draft.content.clone();
            editing.wrong.track();
            // The first time nothing has been touched yet.
            if before.as_ref().is_some_and(|before| *before != content) {
                editing.keeper.keep(draft.write());
            }
            if before.is_some() {
                editing.look_again();
            }
            content
        });
        provide_context(editing);
        editing
    }

    /// What has been mended is no longer complained of, and nothing new before the next try.
    fn look_again(self) {
        if self.errors.with_untracked(Vec::is_empty) {
            return;
        }
        let mut left = untrack(|| self.check.run(()));
        self.errors.update(|errors| {
            left.retain(|error| errors.iter().any(|known| known.field == error.field));
            *errors = left;
        });
    }

    /// Says what has to be mended.
    pub fn mend(self, errors: Vec<FieldError>) {
        self.errors.set(errors);
        focus("#errors");
    }

    /// Saves, once however often it is asked for, and goes to `then`. Where nothing was saved nothing false is said: the form keeps
    /// its content and its draft.
    pub fn save(self, edits: Vec<(RecordId, Kind, Body)>, said: String, then: &'static str) {
        if self.saving.get_untracked() {
            return;
        }
        self.errors.set(Vec::new());
        self.failed.set(None);
        self.saving.set(true);
        self.keeper.rest();
        let draft = untrack(|| self.draft.run(()));
        let if_undone = Some(draft.clone()).filter(Draft::is_new);
        // With a record its draft goes in the same transaction.
        let draft_goes = edits.iter().any(|(id, ..)| *id == self.keeper.id);
        spawn_local(async move {
            let undo = Undo { draft: if_undone, text: said, ..Undo::default() };
            let done = self.phone.save_form(edits, undo).await;
            // A slow disk leaves time to go to another screen, where the form's own signals are no more.
            let is_left = self.saving.try_get_untracked().is_none();
            match done {
                Ok(()) => {
                    if !draft_goes {
                        throw_away(self.phone, self.keeper.id);
                    }
                    // Until the next screen is there the form is being saved: a second tap saves nothing.
                    if !is_left {
                        self.go_back_or(then);
                    }
                }
                Err(reason) => {
                    if self.keeper.is_ours() {
                        keep(self.phone, &draft);
                    }
                    if is_left {
                        return self.phone.status.storage_problem.set(Some(reason.0));
                    }
                    self.saving.set(false);
                    self.keeper.rests.set_value(false);
                    self.failed.set(Some(reason.0));
                    focus("#errors");
                }
            }
        });
    }

    pub fn is_saving(self) -> bool {
        self.saving.get()
    }

    /// Leaves the form as if it had not been opened.
    pub fn leave(self, to: &'static str) {
        let lang = self.phone.lang.get_untracked();
        let is_new = untrack(|| self.draft.run(())).is_new();
        let text = if is_new { t::draft_thrown(lang) } else { t::changes_not_saved(lang) };
        self.keeper.rest();
        let_go(self.phone, self.keeper.id, text);
        self.go_back_or(to);
    }

    /// A reviewer who mends a month goes on with it.
    fn go_back_or(self, to: &'static str) {
        let is_board = to == GATHERINGS && Address::came_from().as_deref() == Some(BOARD);
        self.address.go(if is_board { BOARD } else { to });
    }

    fn problem(self, field: &'static str) -> Option<String> {
        let lang = self.phone.lang.get_untracked();
        if self.wrong.with(|wrong| wrong.iter().any(|id| field_of(id) == field)) {
            return Some(problems::what(lang, FieldError { field, problem: Problem::NotANumber }));
        }
        let of_field = |errors: &Vec<FieldError>| errors.iter().find(|error| error.field == field).copied();
        self.errors.with(of_field).map(|error| problems::what(lang, error))
    }
}

/// The form of this component tree.
fn editing() -> Editing {
    expect_context::<Editing>()
}

/// For `aria-invalid` of the control of a field.
pub fn invalid(field: &'static str) -> impl Fn() -> Option<&'static str> + Clone {
    let editing = use_context::<Editing>();
    move || editing.and_then(|editing| editing.problem(field)).map(|_| "true")
}

/// For `aria-describedby` of the control of a field: what is wrong with it, while something is.
pub fn described(field: &'static str) -> impl Fn() -> Option<String> + Clone {
    let editing = use_context::<Editing>();
    move || editing.and_then(|editing| editing.problem(field_of(field))).map(|_| problem_id(field_of(field)))
}

/// The field of a control: the name before `-` and a part of it.
pub fn field_of(id: &'static str) -> &'static str {
    id.split('-').next().unwrap_or(id)
}

fn problem_id(field: &str) -> String {
    format!("{field}-problem")
}

/// A page that is drawn once the records are here, and anew only when its form asks for it: what changes later, or the same value
/// said again, must not rebuild a form under the thumb.
pub fn once_loaded(draw: impl Fn(RwSignal<()>) -> AnyView + Send + Sync + 'static) -> impl IntoView {
    let phone = phone();
    let loaded = Memo::new(move |_| phone.records.loaded.get());
    let anew = RwSignal::new(());
    move || {
        anew.track();
        loaded.get().then(|| untrack(|| draw(anew)))
    }
}

/// What has to be mended, at the top of a form; `line` names a field and what is wrong with it.
#[component]
pub fn ToMend(line: fn(Lang, FieldError) -> String, #[prop(optional)] children: Option<Children>) -> impl IntoView {
    let editing = editing();
    let lang = editing.phone.lang.get_untracked();
    let item = move |error: &FieldError| {
        let (error, field) = (*error, error.field);
        view! { <li><button type="button" class="edit-problem" on:click=move |_| focus(&format!("#{field}"))>{line(lang, error)}</button></li> }
    };
    view! {
        <div id="errors" tabindex="-1">
            {move || editing.errors.with(|errors| (!errors.is_empty()).then(|| view! {
                <div class="notice ask" role="alert">
                    <p>{t::mend_these(lang)}</p>
                    <ul>{errors.iter().map(item).collect_view()}</ul>
                </div>
            }))}
            {children.map(|children| children())}
            {move || editing.failed.get().map(|reason| view! { <div class="notice ask" role="alert"><p>{t::not_saved(lang, reason)}</p></div> })}
        </div>
    }
}

/// Something was left unfinished here, and nobody has asked for it by name.
#[component]
pub fn GoesOn(text: &'static str, is_new: bool, anew: RwSignal<()>) -> impl IntoView {
    let editing = editing();
    let phone = editing.phone;
    let lang = phone.lang.get_untracked();
    // Asked, and not offered to be undone: the bar with "Kumoa" would lie over "Tallenna".
    let throw = move |_| {
        if phone.ask(|services| services.confirm(t::throw_draft_sure(lang))) {
            editing.keeper.rest();
            throw_away(phone, editing.keeper.id);
            anew.set(());
        }
    };
    view! {
        <div class="notice">
            <p>{text}</p>
            <button type="button" class="button quiet" on:click=throw>
                {if is_new { t::begin_anew(lang) } else { t::as_it_was(lang) }}
            </button>
        </div>
    }
}

/// What is wrong with one field, under it.
#[component]
pub fn FieldProblem(of: &'static str) -> impl IntoView {
    let editing = editing();
    move || editing.problem(of).map(|text| view! { <p class="error" id=problem_id(of)>{text}</p> })
}

/// The button at the bottom of a form.
#[component]
pub fn SaveBar(
    #[prop(into)] label: Signal<String>,
    #[prop(optional, into)] disabled: Signal<bool>,
    /// What is good to see before it is pressed.
    #[prop(optional)]
    children: Option<Children>,
) -> impl IntoView {
    let editing = editing();
    let lang = editing.phone.lang.get_untracked();
    view! {
        <div class="save-bar">
            {children.map(|children| children())}
            <button class="button big" type="submit" disabled=move || editing.is_saving() || disabled.get()>
                {move || if editing.is_saving() { t::saving(lang).to_owned() } else { label.get() }}
            </button>
        </div>
    }
}
