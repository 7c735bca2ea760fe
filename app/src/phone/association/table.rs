//! Many gatherings of one group as a table that is filled with the keyboard, or from a spreadsheet's clipboard. Nothing that was typed or pasted
//! is lost: what has no place in the table stands beside it until somebody says that it may go. It needs no network.

mod keys;

use domain::{
    Date, FieldError, Kind, RecordId, Series,
    paste::{self, COLUMNS, Fitted, Left, Why},
};
use leptos::prelude::*;
use serde_json::{Value, json};
use sync::local::Body;
use wasm_bindgen::JsCast;
use web_sys::HtmlElement;

use self::keys::{Step, step};
use crate::{
    phone::{
        base::{
            address::Link,
            draft::{About, Draft, TABLE_OF as GROUP},
            keep::drafts,
            phone::phone,
            widgets::{Show, focus},
        },
        forms::{
            counter::read_hours,
            editing::{Editing, GoesOn, SaveBar, ToMend, once_loaded},
            line::{FIELDS, ROWS_MAX, count_days, filled, line_id, problem_id, same_day},
        },
    },
    texts::{importing, paper as p, problems, table as t, volunteer as v},
};

/// Lines of an empty table, and as many again at a press.
const ROWS: usize = 20;

/// `/app/yhdistys/taulukko`: of which group.
#[component]
pub fn TableGroups() -> impl IntoView {
    let phone = phone();
    let lang = phone.lang.get_untracked();
    let link = move |(id, series): (RecordId, Series)| {
        view! { <li><Link href=format!("/app/yhdistys/taulukko/{id}") class="button quiet">{series.name}</Link></li> }
    };
    view! {
        <h1 tabindex="-1">{t::title(lang)}</h1>
        <p>{t::which_group(lang)}</p>
        <ul class="list">{move || phone.records.series_in_use().into_iter().map(link).collect_view()}</ul>
        <p class="row"><Link href="/app/yhdistys/tuonti" class="button quiet">{importing::title(lang)}</Link></p>
    }
}

/// `/app/yhdistys/taulukko/{series}`
#[component]
pub fn TablePage(id: String) -> impl IntoView {
    let phone = phone();
    once_loaded(move |anew| match RecordId::parse(&id).and_then(|id| Some((id, phone.records.one_series(id)?))) {
        Some((id, series)) => view! { <Table id series anew /> }.into_any(),
        None => view! { <TableGroups /> }.into_any(),
    })
}

/// One line of the table, as it was typed.
#[derive(Clone, Copy)]
struct Line {
    key: usize,
    /// The gathering that it becomes: saved again after a failure, or when only some lines were saved, it is the same one.
    id: RecordId,
    cells: [RwSignal<String>; COLUMNS],
    error: RwSignal<Option<FieldError>>,
}

impl Line {
    fn new(table: RecordId, key: usize) -> Line {
        Line {
            key,
            id: line_id(table, key),
            cells: std::array::from_fn(|_| RwSignal::new(String::new())),
            error: RwSignal::new(None),
        }
    }

    fn texts(self) -> paste::Line {
        self.cells.map(|cell| cell.get())
    }

    fn is_blank(self) -> bool {
        self.cells.iter().all(|cell| cell.with(|text| text.trim().is_empty()))
    }

    /// As a gathering; what is missing or wrong is named.
    fn read(self, id: RecordId, series: &Series, today: Date) -> Result<(RecordId, Kind, Body), FieldError> {
        let [day, participants, volunteers, hours, note] = self.texts();
        let form = filled(self.id, [day, participants, volunteers, hours], (id, series), today)?;
        form.note.set(note);
        let content = form.parse(today, &[&series.to_content()]).map_err(|errors| errors[0])?;
        Ok((self.id, Kind::Gathering, Body::Content(content)))
    }
}

#[component]
fn Table(id: RecordId, series: Series, anew: RwSignal<()>) -> impl IntoView {
    let phone = phone();
    let lang = phone.lang.get_untracked();
    let is_own = |draft: &Draft| draft.content.get(GROUP).and_then(Value::as_str) == Some(id.to_string().as_str());
    let begun = untrack(|| drafts(phone)).into_iter().find(is_own);
    let goes_on = begun.is_some();
    let draft_id = begun.as_ref().map_or_else(|| phone.ask(|services| services.new_id()), |draft| draft.id);
    let empty = || (0..ROWS).map(|key| Line::new(draft_id, key)).collect();
    let lines = RwSignal::new(begun.as_ref().map_or_else(empty, lines_of));
    let left = RwSignal::new(begun.as_ref().map(left_of).unwrap_or_default());
    let title = t::title_of(lang, series.name.clone());
    let series = StoredValue::new(series);
    let association = phone.identity.association.get_untracked();
    let editing = Editing::new(
        draft_id,
        RwSignal::new(Vec::new()),
        move || {
            let texts = lines.with(|lines| lines.iter().map(|line| json!(line.texts())).collect::<Vec<_>>());
            let left = left.with(|left| left.iter().map(kept).collect::<Vec<_>>());
            let content = json!({GROUP: id.to_string(), "lines": texts, "left": left});
            Draft {
                id: draft_id,
                content: content.as_object().cloned().unwrap_or_default(),
                about: About::Paper,
                association,
            }
        },
        Vec::new,
    );
    let today = move || phone.clock.today.get_untracked();
    let read = move |line: Line| series.with_value(|series| untrack(|| line.read(id, series, today())));
    let count = Memo::new(move |_| lines.with(|lines| lines.iter().filter(|line| !line.is_blank()).count()));
    let add = move |count: usize| {
        lines.update(|lines| {
            let next = lines.len();
            lines.extend((next..(next + count).min(ROWS_MAX)).map(|key| Line::new(draft_id, key)));
        });
    };
    // What became of the last paste, in words.
    let said = RwSignal::new(None::<String>);
    let paste = move |event: leptos::ev::ClipboardEvent, at: (usize, usize)| {
        let text = event.clipboard_data().and_then(|data| data.get_data("text/plain").ok()).unwrap_or_default();
        let rows = paste::rows(&text);
        if rows.len() < 2 && !text.contains('\t') {
            return;
        }
        event.prevent_default();
        let before: Vec<paste::Line> = untrack(|| lines.get().into_iter().map(Line::texts).collect());
        let is_hours = |text: &str| read_hours(text.to_owned()).is_some();
        let Fitted { lines: written, heading, left: over } = paste::fit(rows, at, &before, ROWS_MAX, is_hours);
        add((at.0 + written.len()).saturating_sub(before.len()));
        let mut wrong = 0;
        for (line, texts) in lines.get_untracked().into_iter().skip(at.0).zip(&written) {
            for (cell, text) in line.cells.iter().zip(texts) {
                if let Some(text) = text {
                    cell.set(text.clone());
                }
            }
            line.error.set(None);
            if !untrack(|| line.is_blank()) {
                line.error.set(read(line).err());
            }
            wrong += usize::from(line.error.with_untracked(Option::is_some));
        }
        left.update(|left| left.extend(over));
        let heading = if heading { t::heading_left_out(lang) } else { "" };
        said.set(Some(format!("{} {heading}", t::pasted(lang, written.len(), wrong))));
    };
    let go = move |key: usize, column: usize, step: Step| {
        let (row, column) = match step {
            Step::Up => (key.saturating_sub(1), column),
            Step::Down => (key + 1, column),
            Step::Left => (key, column.saturating_sub(1)),
            Step::Right => (key, (column + 1).min(COLUMNS - 1)),
        };
        let id = cell_id(row, column);
        if row == lines.with_untracked(Vec::len) {
            add(1);
            return focus(&format!("#{id}"));
        }
        // At once: the next key of a quick hand goes on from there.
        if let Some(cell) = document().get_element_by_id(&id).and_then(|cell| cell.dyn_into::<HtmlElement>().ok()) {
            let _ = cell.focus();
        }
    };
    let save = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        // What has no place would go with the draft.
        if !left.with_untracked(Vec::is_empty) {
            return focus("#left");
        }
        let mut edits = Vec::new();
        let mut is_right = true;
        for line in lines.get_untracked().into_iter().filter(|line| untrack(|| !line.is_blank())) {
            let read = read(line);
            line.error.set(read.as_ref().err().copied());
            match read {
                Ok(edit) => edits.push(edit),
                Err(_) => is_right = false,
            }
        }
        if !is_right {
            return focus("#errors");
        }
        if !edits.is_empty() {
            let said = p::saved_many(lang, edits.len());
            editing.save(edits, said, "/app/yhdistys");
        }
    };
    let days = count_days(phone, move || lines.with(|lines| lines.iter().map(|line| line.cells[0]).collect()));
    let names = [v::date(lang), p::participants(lang), v::volunteers(lang), p::hours(lang), v::note(lang)];
    let row = move |line: Line| {
        let number = line.key + 1;
        let cell = move |column: usize| {
            let cell = line.cells[column];
            let field = FIELDS.get(column).copied().unwrap_or("note");
            let is_wrong = move || line.error.get().is_some_and(|error| error.field == field);
            let label = names[column].trim_end_matches('?');
            view! {
                <td><input
                    id=cell_id(line.key, column)
                    aria-label=format!("{label} {number}")
                    autocomplete="off"
                    inputmode=if matches!(column, 1..=3) { "decimal" } else { "text" }
                    aria-invalid=move || is_wrong().then_some("true")
                    aria-describedby=move || is_wrong().then(|| problem_id(line.key))
                    prop:value=move || cell.get()
                    on:input=move |event| {
                        cell.set(event_target_value(&event));
                        line.error.set(None);
                    }
                    on:focus=choose_all
                    on:keydown=move |event| {
                        if let Some(step) = step(&event) {
                            event.prevent_default();
                            go(line.key, column, step);
                        }
                    }
                    on:paste=move |event| paste(event, (line.key, column))
                /></td>
            }
        };
        let twice = same_day(phone, id, (line.id, line.cells[0]), days);
        view! {
            <tr><th scope="row">{number}</th>{(0..COLUMNS).map(cell).collect_view()}</tr>
            {move || line.error.get().map(|error| view! {
                <tr><td colspan=COLUMNS + 1><p class="error" id=problem_id(line.key)>{problems::line(lang, error)}</p></td></tr>
            })}
            {move || twice.get().map(|text| view! { <tr><td colspan=COLUMNS + 1><p class="notice">{text}</p></td></tr> })}
        }
    };
    let one_left = move |Left { line, why, cells }: Left| {
        let why = match why {
            Why::NoLine => t::no_line(lang, line + 1),
            Why::NoColumn => t::no_column(lang, line + 1),
            Why::Replaced => t::replaced(lang, line + 1),
        };
        view! { <li>{why}": "{cells.join(" · ")}</li> }
    };
    view! {
        <form class="edit-form" novalidate on:submit=save>
            <h1 tabindex="-1">{title}</h1>
            <p>{t::help(lang)}</p>
            <p class="row"><Link href="/app/yhdistys/tuonti" class="button quiet">{importing::title(lang)}</Link></p>
            <ToMend line=problems::line>
                {move || lines.with(|lines| lines.iter().any(|line| line.error.with(Option::is_some))).then(|| view! {
                    <p class="notice ask" role="alert">{p::mend_lines(lang)}</p>
                })}
            </ToMend>
            {goes_on.then(|| view! { <GoesOn text=v::goes_on(lang) is_new=true anew /> })}
            <div role="status">{move || said.get().map(|text| view! { <p class="notice">{text}</p> })}</div>
            <Show when=move || !left.with(Vec::is_empty)>
                <section class="notice ask" id="left" tabindex="-1" aria-labelledby="left-title">
                    <h2 id="left-title">{t::left(lang)}</h2>
                    <p>{t::left_help(lang)}</p>
                    <ul>{move || left.get().into_iter().map(one_left).collect_view()}</ul>
                    <button type="button" class="button quiet" on:click=move |_| left.set(Vec::new())>{t::left_done(lang)}</button>
                </section>
            </Show>
            <div class="scroll">
                <table class="paper-lines table-lines">
                    <thead><tr>
                        <th scope="col">"#"</th>
                        {names.map(|name| view! { <th scope="col">{name.trim_end_matches('?')}</th> }).into_iter().collect_view()}
                    </tr></thead>
                    <tbody><For each=move || lines.get() key=|line| line.key let:line>{row(line)}</For></tbody>
                </table>
            </div>
            <button type="button" class="button quiet" on:click=move |_| add(ROWS)>{p::more_lines(lang)}</button>
            <SaveBar label=Signal::derive(move || p::save_many(lang, count.get())) disabled=Signal::derive(move || count.get() == 0) />
        </form>
    }
}

/// What somebody comes to, they write anew; the arrows go on from both ends of it.
fn choose_all(event: leptos::ev::FocusEvent) {
    event_target::<web_sys::HtmlInputElement>(&event).select();
}

fn cell_id(line: usize, column: usize) -> String {
    format!("cell-{line}-{column}")
}

fn kept(Left { line, why, cells }: &Left) -> Value {
    json!({"line": line, "why": why.code(), "cells": cells})
}

fn texts(value: Option<&Value>) -> impl Iterator<Item = String> {
    let all = value.and_then(Value::as_array).into_iter().flatten();
    all.map(|text| text.as_str().unwrap_or_default().to_owned())
}

/// What was typed and not saved.
fn lines_of(draft: &Draft) -> Vec<Line> {
    let lines = draft.content.get("lines").and_then(Value::as_array).into_iter().flatten();
    let typed = lines.enumerate().map(|(key, cells)| {
        let line = Line::new(draft.id, key);
        for (cell, text) in line.cells.iter().zip(texts(Some(cells))) {
            cell.set(text);
        }
        line
    });
    typed.collect()
}

/// What had no place, and nobody has said that it may go.
fn left_of(draft: &Draft) -> Vec<Left> {
    let read = |one: &Value| {
        let line = usize::try_from(one.get("line")?.as_u64()?).ok()?;
        Some(Left { line, why: Why::parse(one.get("why")?.as_str()?)?, cells: texts(one.get("cells")).collect() })
    };
    draft.content.get("left").and_then(Value::as_array).into_iter().flatten().filter_map(read).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_table_that_is_opened_again_has_the_same_gatherings() {
        let all = |table| (0..ROWS_MAX).map(|key| line_id(table, key)).collect::<Vec<_>>();
        let (table, taken_back) = (RecordId::from_bytes([1; 16]), RecordId::from_bytes([2; 16]));
        let content = json!({GROUP: table.to_string(), "lines": [["1.9."], ["8.9."]]});
        let content = content.as_object().cloned().expect("object");
        let draft = Draft { id: table, content, about: About::Paper, association: None };
        let read = || Owner::new().with(|| lines_of(&draft).iter().map(|line| line.id).collect::<Vec<_>>());
        assert_eq!(read(), all(table)[..2]);
        assert_eq!(read(), read());
        let mut ids = [all(table), all(taken_back), vec![table, taken_back]].concat();
        let count = ids.len();
        ids.sort_unstable();
        ids.dedup();
        assert_eq!(ids.len(), count);
    }

    #[test]
    fn what_had_no_place_is_kept_with_the_draft() {
        let left: Vec<Left> = Why::ALL
            .into_iter()
            .map(|why| Left { line: 3, why, cells: vec!["15.9.".to_owned(), "x y".to_owned()] })
            .collect();
        let content = json!({"left": left.iter().map(kept).collect::<Vec<_>>()});
        let content = content.as_object().cloned().expect("object");
        let draft = Draft { id: RecordId::from_bytes([1; 16]), content, about: About::Paper, association: None };
        let read = Draft::read(&(draft.id, draft.write())).expect("a draft");
        assert_eq!(left_of(&read), left);
    }
}
