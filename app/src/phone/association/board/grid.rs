//! The board on a wide screen: a grid that is walked through with the arrows (the ARIA pattern "grid", with one stop for Tab).

use domain::{
    Month, RecordId,
    board::{Cell, Standing},
    report::range::Days,
    review::{BulkApproval, ReviewState},
};
use leptos::{ev::KeyboardEvent, prelude::*};

use super::{
    cell,
    keys::moved,
    model::{Model, RowShown},
    opened::{HEADING, Opened},
};
use crate::{
    phone::{
        association::slices::one_by_one,
        base::{phone::phone, widgets::focus},
    },
    texts::{association as t, board as b, common},
};

/// A cell by its group and its column. The column after the last is the group's button.
pub type At = (Option<RecordId>, usize);

/// The cell that the focus is in, or comes back to.
const CURRENT: &str = ".board-cell[tabindex='0']";

/// What the components of the grid share.
#[derive(Clone, Copy)]
struct Shared {
    model: Model,
    /// Where the focus is, or was last; none until it has been in the grid.
    at: RwSignal<Option<At>>,
    /// The same, of the cells that there are.
    current: Memo<At>,
    opened: RwSignal<Option<At>>,
}

#[component]
pub fn Grid(model: Model) -> impl IntoView {
    let lang = phone().lang.get_untracked();
    let (columns, groups) = (model.columns(), model.groups());
    let at = RwSignal::new(None::<At>);
    let opened = RwSignal::new(None::<At>);
    let size = move || {
        let buttons = usize::from(!model.is_year.get());
        (groups.with(Vec::len), columns.with(Vec::len) + buttons)
    };
    let current = Memo::new(move |_| {
        let today = model.today.get();
        let is_now = |span: &Days| span.contains(today);
        let now = columns.with(|columns| columns.iter().position(is_now)).unwrap_or_default();
        groups.with(|groups| match at.get() {
            Some((group, column)) if groups.contains(&group) => (group, column.min(size().1.saturating_sub(1))),
            // The first row, in the week of today.
            _ => (groups.first().copied().flatten(), now),
        })
    });
    let shared = Shared { model, at, current, opened };
    // What was open is of another month.
    Effect::new(move |before: Option<Vec<Days>>| {
        let now = columns.get();
        if before.is_some_and(|before| before != now) {
            opened.set(None);
        }
        now
    });
    let row_of = move |group| groups.with_untracked(|groups| groups.iter().position(|one| *one == group)).unwrap_or(0);
    // What somebody sees when they press, although another month may be on its way.
    let cell_at = move |(group, column): At| -> Option<Cell> { model.row_shown(group)?.cells.get(column).cloned() };
    let pressed = move |event: KeyboardEvent| {
        if event.alt_key() || event.meta_key() {
            return;
        }
        let (group, column) = current.get_untracked();
        let (key, ctrl) = (event.key(), event.ctrl_key());
        let is_letter = !ctrl && !model.is_year.get_untracked();
        if let Some((row, column)) = moved(&key, ctrl, (row_of(group), column), untrack(size)) {
            if let Some(group) = groups.with_untracked(|groups| groups.get(row).copied()) {
                at.set(Some((group, column)));
                focus(CURRENT);
            }
        } else {
            match key.as_str() {
                "PageUp" | "PageDown" if !ctrl => {
                    model.step(if key == "PageUp" { -1 } else { 1 });
                    focus(CURRENT);
                }
                "a" | "A" if is_letter => match cell_at((group, column)) {
                    Some(cell) => model.approve_or_say(cell.bulk()),
                    None => {
                        model.approve_or_say(model.row_shown(group).map_or(BulkApproval::Nothing, |row| row.bulk()))
                    }
                },
                "k" | "K" if is_letter => {
                    let can_be_asked = |cell: &Cell| {
                        let of = cell
                            .entries
                            .iter()
                            .find(|entry| entry.listed.is_received && entry.listed.state != ReviewState::Returned);
                        of.map(|entry| entry.listed.gathering)
                    };
                    match cell_at((group, column)).as_ref().and_then(can_be_asked) {
                        Some(gathering) => {
                            opened.set(Some((group, column)));
                            model.ask.set(Some(gathering));
                            focus("#board-open textarea");
                        }
                        None => model.say(b::nothing_to_ask),
                    }
                }
                "Escape" if opened.get_untracked().is_some() => opened.set(None),
                _ => return,
            }
        }
        event.prevent_default();
    };
    let title = move || match model.is_year.get() {
        true => b::view_year(lang),
        false => b::view_month(lang),
    };
    // Another month has the same rows and cells, with something else in them.
    let is_year = Memo::new(move |_| model.is_year.get());
    let count = Memo::new(move |_| columns.with(Vec::len));
    let listed = one_by_one(groups, |group| *group);
    let table = move || {
        let is_year = is_year.get();
        let head = move |column: usize| {
            let span = columns.with(|columns| columns.get(column).copied())?;
            Some(match is_year {
                true => common::month_short(lang, Month::of(span.first)).into_any(),
                false => cell::week_head(lang, span).into_any(),
            })
        };
        view! {
            <table role="grid" class={if is_year { "board board-year" } else { "board" }} aria-label=title aria-describedby="board-keys" on:keydown=pressed>
                <thead>
                    <tr>
                        <th scope="col">{b::group(lang)}</th>
                        <For each=move || 0..count.get() key=|column| *column let:column>
                            <th scope="col">{move || head(column)}</th>
                        </For>
                        {(!is_year).then(|| view! { <th scope="col">{b::approve(lang)}</th> })}
                    </tr>
                </thead>
                <tbody>
                    <For each=move || listed.get() key=|group| *group let:group><GroupRow group shared columns count /></For>
                </tbody>
            </table>
        }
    };
    view! {
        <section>
            <p class="hint" id="board-keys">{move || if model.is_year.get() { b::keys_year(lang) } else { b::keys_month(lang) }}</p>
            <div class="scroll">{table}</div>
            {move || model.is_year.get().then(|| view! { <Legend /> })}
        </section>
        {move || opened.get().map(|(group, column)| view! {
            <Opened model group column close=Callback::new(move |()| {
                opened.set(None);
                focus(CURRENT);
            }) />
        })}
    }
}

#[component]
fn GroupRow(group: Option<RecordId>, shared: Shared, columns: Memo<Vec<Days>>, count: Memo<usize>) -> impl IntoView {
    let model = shared.model;
    let row = model.row(group);
    let is_year = model.is_year.get_untracked();
    let cell_of = move |column: usize| {
        let cell = Memo::new(move |_| {
            row.with(|row| row.as_ref().and_then(|row| row.cells.get(column).cloned())).unwrap_or_default()
        });
        view! { <GridCell at=(group, column) columns cell shared /> }
    };
    view! {
        <tr>
            <th scope="row">{move || model.name(group)}</th>
            <For each=move || 0..count.get() key=|column| *column let:column>{cell_of(column)}</For>
            {(!is_year).then(|| view! { <ApproveCell group row count shared /> })}
        </tr>
    }
}

#[component]
fn GridCell(at: At, columns: Memo<Vec<Days>>, cell: Memo<Cell>, shared: Shared) -> impl IntoView {
    let lang = phone().lang.get_untracked();
    let Shared { model, opened, .. } = shared;
    let is_year = model.is_year.get_untracked();
    let open = move |_| {
        if is_year {
            if let Some(span) = columns.with_untracked(|columns| columns.get(at.1).copied()) {
                model.open_month(Month::of(span.first));
            }
            return focus("main h1");
        }
        opened.set(Some(at));
        focus(HEADING);
    };
    let expanded = move || (!is_year).then(|| (opened.get() == Some(at)).to_string());
    let is_quiet = move || cell.with(|cell| cell.standing() >= Standing::Approved);
    let content =
        move || cell.with(|cell| if is_year { cell::of_month(lang, cell) } else { cell::of_week(lang, cell) });
    view! {
        <td>
            <button class="board-cell" class:board-quiet=is_quiet tabindex=tabindex(move || at, shared) aria-expanded=expanded
                on:focus=move |_| shared.at.set(Some(at)) on:click=open>{content}</button>
        </td>
    }
}

/// One press for the month of a group.
#[component]
fn ApproveCell(group: Option<RecordId>, row: RowShown, count: Memo<usize>, shared: Shared) -> impl IntoView {
    let lang = phone().lang.get_untracked();
    let model = shared.model;
    let at = move || (group, count.get());
    let bulk = Memo::new(move |_| row.with(|row| row.as_ref().map_or(BulkApproval::Nothing, |row| row.bulk())));
    let text = move || match bulk.get() {
        BulkApproval::Approve(all) => t::approve_month(lang, all.len()),
        BulkApproval::Done => t::approved_all(lang).to_owned(),
        BulkApproval::Nothing => "–".to_owned(),
    };
    let has_nothing = move || !bulk.with(|bulk| matches!(bulk, BulkApproval::Approve(_)));
    // It can have the focus even so: the arrows do not stop before it.
    let disabled = move || has_nothing().then_some("true");
    view! {
        <td>
            <button class="board-cell board-approve" class:board-quiet=has_nothing tabindex=tabindex(at, shared) aria-disabled=disabled
                on:focus=move |_| shared.at.set(Some(untrack(at))) on:click=move |_| model.approve_or_say(bulk.get_untracked())>
                <span>{text}<span class="visually-hidden">" "{move || model.name(group)}</span></span>
            </button>
        </td>
    }
}

/// One cell is reached with Tab, the others with the arrows.
fn tabindex(at: impl Fn() -> At + Copy, shared: Shared) -> impl Fn() -> &'static str + Copy {
    move || if shared.current.get() == at() { "0" } else { "-1" }
}

/// What the marks of the year mean.
#[component]
fn Legend() -> impl IntoView {
    let lang = phone().lang.get_untracked();
    // A pair and a clash have one mark.
    let all = [
        Standing::Clash,
        Standing::Missing,
        Standing::Asked,
        Standing::Recorded,
        Standing::WaitsHere,
        Standing::Approved,
    ];
    let mark = |standing: Standing| {
        let text = match standing {
            Standing::Clash => {
                format!("{}, {}", cell::standing_text(lang, standing), t::same_gathering(lang).to_lowercase())
            }
            standing => cell::standing_text(lang, standing).to_owned(),
        };
        view! { <li class=cell::standing_class(lang, standing)><span>{text}</span></li> }
    };
    view! { <ul class="row board-legend">{all.map(mark).collect_view()}</ul> }
}
